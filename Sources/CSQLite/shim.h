#ifndef KAZOO_SUBSCRIBE_CSQLITE_H
#define KAZOO_SUBSCRIBE_CSQLITE_H

#include <sqlite3.h>

// Swift does not see macros that are computed.
static const int kazoo_sqlite3_ioerr_shmsize = SQLITE_IOERR_SHMSIZE;
static const int kazoo_sqlite3_ioerr_corruptfs = SQLITE_IOERR_CORRUPTFS;

// SQLITE_STATIC and SQLITE_TRANSIENT are casts that Swift does not see.

/// Binds text that stays where it is until the statement is reset.
static inline int kazoo_sqlite3_bind_static(sqlite3_stmt *statement, int index, const char *text, sqlite3_uint64 count) {
    return sqlite3_bind_text64(statement, index, text, count, SQLITE_STATIC, SQLITE_UTF8);
}

/// Binds a copy of a text.
static inline int kazoo_sqlite3_bind_copy(sqlite3_stmt *statement, int index, const char *text, sqlite3_uint64 count) {
    return sqlite3_bind_text64(statement, index, text, count, SQLITE_TRANSIENT, SQLITE_UTF8);
}

/// Makes what stands in the write-ahead log reach the disk, whatever `PRAGMA synchronous` says.
static inline int kazoo_sqlite3_synchronize_log(sqlite3 *database) {
    sqlite3_file *log = 0;
    int status = sqlite3_file_control(database, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
    if (status != SQLITE_OK || log == 0 || log->pMethods == 0) return status;
    return log->pMethods->xSync(log, SQLITE_SYNC_NORMAL);
}

#endif
