// A checksum of 64 bits over a stream of bytes, in whatever pieces it comes: what the sender sends against what the reader
// gets. Four lanes of eight bytes each, so that it costs less than the copy out of the pipe. Not for use against malice.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct checksum {
    uint64_t lanes[4];
    uint64_t count;
    unsigned char rest[32];
};

static inline uint64_t checksum_mix(uint64_t lane, uint64_t word) {
    lane = (lane ^ word) * 0x9E3779B97F4A7C15u;
    return lane << 29 | lane >> 35;
}

static inline void checksum_block(struct checksum *sum, const unsigned char *block) {
    for (int lane = 0; lane < 4; lane++) {
        uint64_t word;
        memcpy(&word, block + 8 * lane, 8);
        sum->lanes[lane] = checksum_mix(sum->lanes[lane], word);
    }
}

static inline void checksum_add(struct checksum *sum, const void *bytes, size_t count) {
    const unsigned char *next = bytes;
    size_t held = sum->count % 32;
    sum->count += count;
    if (held > 0) {
        size_t missing = 32 - held;
        if (count < missing) {
            memcpy(sum->rest + held, next, count);
            return;
        }
        memcpy(sum->rest + held, next, missing);
        checksum_block(sum, sum->rest);
        next += missing;
        count -= missing;
    }
    for (; count >= 32; next += 32, count -= 32) checksum_block(sum, next);
    memcpy(sum->rest, next, count);
}

static inline uint64_t checksum_value(const struct checksum *sum) {
    struct checksum last = *sum;
    size_t held = last.count % 32;
    memset(last.rest + held, 0, 32 - held);
    checksum_block(&last, last.rest);
    uint64_t value = last.count;
    for (int lane = 0; lane < 4; lane++) value = checksum_mix(value, last.lanes[lane]);
    return value;
}
