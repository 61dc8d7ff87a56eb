// What a witness has seen so far, in a file that it shares with whoever watches.
#pragma once

#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

// Latencies are counted in steps of a sixteenth of a power of two: whoever takes two looks at the counts knows the
// quantiles in between to 6 %.
enum { STEPS = 16, STEP_BITS = 4, BUCKETS = 64 * STEPS };

struct arrivals {
    _Atomic uint64_t lines;
    _Atomic uint64_t bytes;
    _Atomic uint64_t checksum;
    // Lines whose time is not later than that of the line before: repeated, or out of order.
    _Atomic uint64_t misplaced;
    // Lines that are no event of the sender.
    _Atomic uint64_t strange;
    _Atomic uint64_t latencies[BUCKETS];
};

static inline struct arrivals *arrivals_open(const char *path) {
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0 || ftruncate(file, sizeof(struct arrivals)) < 0) {
        perror(path);
        exit(1);
    }
    struct arrivals *arrivals = mmap(NULL, sizeof *arrivals, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (arrivals == MAP_FAILED) {
        perror(path);
        exit(1);
    }
    close(file);
    return arrivals;
}

static inline size_t arrivals_bucket(uint64_t nanoseconds) {
    if (nanoseconds < STEPS) return (size_t)nanoseconds;
    int exponent = 63 - __builtin_clzll(nanoseconds);
    size_t step = (size_t)(nanoseconds >> (exponent - STEP_BITS)) & (STEPS - 1);
    return (size_t)(exponent - STEP_BITS + 1) * STEPS + step;
}
