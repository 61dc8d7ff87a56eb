// The other end of the client's pipe: counts lines and bytes, makes a checksum of them, and says how late each line is.
//
//     client | reader PROGRESS [--latency]
//
// With --latency each event must have the sender's time, in nanoseconds, as twelve hexadecimal digits in its "msg_id".
#include "checksum.h"
#include "progress.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { SPACE = 1 << 20, DIGITS = 12 };

static const char MARK[] = "\"msg_id\":\"";
static struct {
    uint64_t *values;
    size_t count, capacity;
} latencies;

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void note(const char *line, size_t count, uint64_t arrival) {
    const char *mark = memmem(line, count, MARK, sizeof MARK - 1);
    if (mark == NULL) return;
    char digits[DIGITS + 1] = {0};
    memcpy(digits, mark + sizeof MARK - 1, DIGITS);
    uint64_t sent = strtoull(digits, NULL, 16);
    if (latencies.count == latencies.capacity) {
        latencies.capacity = latencies.capacity ? 2 * latencies.capacity : 1 << 16;
        latencies.values = realloc(latencies.values, latencies.capacity * sizeof *latencies.values);
        if (latencies.values == NULL) abort();
    }
    latencies.values[latencies.count++] = (arrival - sent) & ((1ull << 4 * DIGITS) - 1);
}

static int ascending(const void *left, const void *right) {
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

static double microseconds(double quantile) {
    size_t place = (size_t)(quantile * (double)(latencies.count - 1) + 0.5);
    return (double)latencies.values[place] / 1000;
}

int main(int count, char **arguments) {
    if (count < 2) return 64;
    struct progress *progress = progress_open(arguments[1]);
    bool measures = count > 2 && strcmp(arguments[2], "--latency") == 0;
    struct checksum sum = {0};
    uint64_t bytes = 0, lines = 0;
    char *space = malloc(SPACE);
    if (space == NULL) abort();
    size_t held = 0;  // the beginning of a line that has not come whole, with --latency only
    ssize_t got;
    while ((got = read(STDIN_FILENO, space + held, SPACE - held)) > 0) {
        uint64_t arrival = measures ? now() : 0;
        checksum_add(&sum, space + held, (size_t)got);
        bytes += (size_t)got;
        char *line = space, *end = space + held + got;
        if (measures) {
            for (char *feed; (feed = memchr(line, '\n', (size_t)(end - line))) != NULL; line = feed + 1) {
                lines++;
                note(line, (size_t)(feed - line), arrival);
            }
            held = (size_t)(end - line);
            memmove(space, line, held);
        } else {
            for (; line < end; line++) lines += *line == '\n';
        }
        atomic_store_explicit(&progress->lines, lines, memory_order_relaxed);
        atomic_store_explicit(&progress->bytes, bytes, memory_order_relaxed);
    }
    printf("{\"lines\":%llu,\"bytes\":%llu,\"checksum\":\"%016llx\"", (unsigned long long)lines,
        (unsigned long long)bytes, (unsigned long long)checksum_value(&sum));
    if (latencies.count > 0) {
        qsort(latencies.values, latencies.count, sizeof *latencies.values, ascending);
        printf(",\"latency\":{\"p50\":%.1f,\"p90\":%.1f,\"p99\":%.1f,\"p999\":%.1f,\"max\":%.1f}", microseconds(0.5),
            microseconds(0.9), microseconds(0.99), microseconds(0.999), microseconds(1));
    }
    puts("}");
    return got < 0;
}
