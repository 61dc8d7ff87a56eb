#include "JournalInC.h"

#include <sqlite3.h>
#include <string.h>

static const int pages_before_checkpoint = 4096;

static int checkpoint(void *context, sqlite3 *database, const char *name, int pages) {
    (void)context;
    (void)name;
    if (pages < pages_before_checkpoint) return SQLITE_OK;
    int log, moved;
    return sqlite3_wal_checkpoint_v2(database, 0, SQLITE_CHECKPOINT_PASSIVE, &log, &moved);
}

static int insert(sqlite3_stmt *statement, sqlite3_int64 sequence, const journal_in_c_event *event) {
    sqlite3_bind_int64(statement, 1, sequence);
    sqlite3_bind_int64(statement, 2, event->received_at);
    sqlite3_bind_int64(statement, 3, 0);
    sqlite3_bind_text(statement, 4, event->id, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 5, event->account, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 6, event->family, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 7, event->name, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 8, event->routing_key, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 9, event->connection, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 10, event->raw, (int)event->raw_length, SQLITE_STATIC);
    int status = sqlite3_step(statement);
    sqlite3_reset(statement);
    return status == SQLITE_DONE ? SQLITE_OK : status;
}

bool journal_in_c_append(const char *path, const char *pragmas, int64_t last, const journal_in_c_event *events,
                         size_t count, size_t group) {
    sqlite3 *database = 0;
    sqlite3_stmt *statement = 0, *counter = 0;
    bool is_done = false;
    if (sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, 0) != SQLITE_OK) goto end;
    if (sqlite3_exec(database, pragmas, 0, 0, 0) != SQLITE_OK) goto end;
    sqlite3_wal_hook(database, checkpoint, 0);
    if (sqlite3_prepare_v2(database,
                           "INSERT INTO events (sequence, received_at, kind, id, account, family, name, routing_key, "
                           "connection, raw) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
                           -1, &statement, 0) != SQLITE_OK)
        goto end;
    if (sqlite3_prepare_v2(database, "UPDATE counters SET value = ? WHERE name = 'last_sequence'", -1, &counter, 0) !=
        SQLITE_OK)
        goto end;
    for (size_t next = 0; next < count;) {
        if (sqlite3_exec(database, "BEGIN IMMEDIATE", 0, 0, 0) != SQLITE_OK) goto end;
        for (size_t end = next + group; next < end && next < count; next++) {
            if (insert(statement, last + (sqlite3_int64)next + 1, &events[next]) != SQLITE_OK) goto end;
        }
        sqlite3_bind_int64(counter, 1, last + (sqlite3_int64)next);
        if (sqlite3_step(counter) != SQLITE_DONE) goto end;
        sqlite3_reset(counter);
        if (sqlite3_exec(database, "COMMIT", 0, 0, 0) != SQLITE_OK) goto end;
    }
    is_done = true;
end:
    sqlite3_finalize(statement);
    sqlite3_finalize(counter);
    sqlite3_close(database);
    return is_done;
}
