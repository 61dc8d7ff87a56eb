#ifndef KAZOO_SUBSCRIBE_JOURNAL_IN_C_H
#define KAZOO_SUBSCRIBE_JOURNAL_IN_C_H

#include <stddef.h>
#include <stdint.h>

/// A line of the table `events`, ready to be inserted.
typedef struct {
    int64_t received_at;
    const char *id;
    const char *account;
    const char *family;
    const char *name;
    const char *routing_key;
    const char *connection;
    const char *raw;
    size_t raw_length;
} journal_in_c_event;

/// Inserts events into a journal that is there, as fast as SQLite takes them: with the least that anybody could do.
///
/// Returns the seconds that it took, or a negative number when something failed.
double journal_in_c_append(const char *path, const char *pragmas, const journal_in_c_event *events, size_t count,
                           size_t group);

#endif
