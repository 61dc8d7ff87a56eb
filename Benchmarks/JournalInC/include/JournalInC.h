#ifndef KAZOO_SUBSCRIBE_JOURNAL_IN_C_H
#define KAZOO_SUBSCRIBE_JOURNAL_IN_C_H

#include <stdbool.h>
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
/// `last` is the number of the last event before them. Returns whether all of them are in it.
bool journal_in_c_append(const char *path, const char *pragmas, int64_t last, const journal_in_c_event *events,
                         size_t count, size_t group);

#endif
