#ifndef KAZOO_SUBSCRIBE_CSIMD_H
#define KAZOO_SUBSCRIBE_CSIMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

// What Swift has no operation for: the bytes of a vector compared, and the answers gathered into the bits of a word.
// SSE2 is there on every x86-64; other processors take eight bytes at a time, with the same answers.
//
// `kz_string_marks` and `kz_is_ascii` read 64 bytes, `kz_short_string_marks` 16, `kz_pair_marks` 64 behind the first and
// behind the second byte of the pair; they need not be aligned.

// Has the processor fetch what will be read soon; any address will do.
static inline void kz_prefetch(const void *place) { __builtin_prefetch(place); }

// The bits at 7, 15, 23, … of a word, side by side in the lowest eight.
static inline uint64_t kz_gather_high_bits(uint64_t word) {
    return ((word & 0x8080808080808080) >> 7) * 0x0102040810204080 >> 56;
}

// Sets the high bit of each byte that is 0, and of no other.
static inline uint64_t kz_zero_bytes(uint64_t word) {
    const uint64_t low_bits = 0x7F7F7F7F7F7F7F7F;
    return ~(((word & low_bits) + low_bits) | word | low_bits);
}

// Eight bytes, of which the first is the lowest.
static inline uint64_t kz_word(const void *bytes) {
    uint64_t word = 0;
    for (unsigned byte = 0; byte < 8; byte++) word |= (uint64_t)((const unsigned char *)bytes)[byte] << (byte * 8);
    return word;
}

// The marks of as many bytes as are asked for, eight at a time and 64 at the most.
static inline uint64_t kz_string_marks_of_words(const void *bytes, unsigned count) {
    const uint64_t ones = 0x0101010101010101;
    uint64_t marks = 0;
    for (unsigned offset = 0; offset < count; offset += 8) {
        uint64_t word = kz_word((const char *)bytes + offset);
        uint64_t found =
            kz_zero_bytes(word ^ ones * '"') | kz_zero_bytes(word ^ ones * '\\') | kz_zero_bytes(word & ones * 0xE0);
        marks |= kz_gather_high_bits(found) << offset;
    }
    return marks;
}

static inline uint64_t kz_string_marks_portably(const void *bytes) { return kz_string_marks_of_words(bytes, 64); }

static inline uint64_t kz_short_string_marks_portably(const void *bytes) { return kz_string_marks_of_words(bytes, 16); }

static inline uint64_t kz_pair_marks_portably(const void *bytes, uint8_t first, uint8_t second, size_t distance) {
    const uint64_t ones = 0x0101010101010101;
    uint64_t marks = 0;
    for (unsigned offset = 0; offset < 64; offset += 8) {
        uint64_t one = kz_word((const char *)bytes + offset) ^ ones * first;
        uint64_t other = kz_word((const char *)bytes + offset + distance) ^ ones * second;
        marks |= kz_gather_high_bits(kz_zero_bytes(one | other)) << offset;
    }
    return marks;
}

static inline bool kz_is_ascii_portably(const void *bytes) {
    uint64_t words[8];
    memcpy(words, bytes, sizeof words);
    uint64_t all = words[0] | words[1] | words[2] | words[3] | words[4] | words[5] | words[6] | words[7];
    return (all & 0x8080808080808080) == 0;
}

#if defined(__SSE2__)

// Ones in each byte that is a quotation mark, a backslash or a control character.
static inline __m128i kz_string_mark_bytes(const __m128i *vector) {
    __m128i bytes = _mm_loadu_si128(vector);
    // Of all bytes above the control characters, only the quotation mark (0x22) comes down to 0x20.
    __m128i shifted = _mm_xor_si128(bytes, _mm_set1_epi8(0x02));
    __m128i quotes_and_controls = _mm_cmpeq_epi8(_mm_min_epu8(shifted, _mm_set1_epi8(0x20)), shifted);
    return _mm_or_si128(quotes_and_controls, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
}

// Marks what a JSON string cannot hold as it is: quotation marks, backslashes and control characters, the lowest bit for
// the first byte.
static inline uint64_t kz_string_marks(const void *bytes) {
    const __m128i *vectors = (const __m128i *)bytes;
    uint64_t a = (uint32_t)_mm_movemask_epi8(kz_string_mark_bytes(vectors));
    uint64_t b = (uint32_t)_mm_movemask_epi8(kz_string_mark_bytes(vectors + 1));
    uint64_t c = (uint32_t)_mm_movemask_epi8(kz_string_mark_bytes(vectors + 2));
    uint64_t d = (uint32_t)_mm_movemask_epi8(kz_string_mark_bytes(vectors + 3));
    return a | b << 16 | c << 32 | d << 48;
}

// The same for 16 bytes.
static inline uint64_t kz_short_string_marks(const void *bytes) {
    return (uint32_t)_mm_movemask_epi8(kz_string_mark_bytes((const __m128i *)bytes));
}

// Marks the places at which one byte stands and, `distance` bytes on, another one: the lowest bit for the first of 64.
static inline uint64_t kz_pair_marks(const void *bytes, uint8_t first, uint8_t second, size_t distance) {
    const __m128i one = _mm_set1_epi8((char)first), other = _mm_set1_epi8((char)second);
    uint64_t marks = 0;
    for (unsigned offset = 0; offset < 64; offset += 16) {
        const char *place = (const char *)bytes + offset;
        __m128i is_one = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)place), one);
        __m128i is_other = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(place + distance)), other);
        marks |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_and_si128(is_one, is_other)) << offset;
    }
    return marks;
}

// Whether no byte has its high bit set.
static inline bool kz_is_ascii(const void *bytes) {
    const __m128i *vectors = (const __m128i *)bytes;
    __m128i low = _mm_or_si128(_mm_loadu_si128(vectors), _mm_loadu_si128(vectors + 1));
    __m128i high = _mm_or_si128(_mm_loadu_si128(vectors + 2), _mm_loadu_si128(vectors + 3));
    return _mm_movemask_epi8(_mm_or_si128(low, high)) == 0;
}

#else

static inline uint64_t kz_string_marks(const void *bytes) { return kz_string_marks_portably(bytes); }

static inline uint64_t kz_short_string_marks(const void *bytes) { return kz_short_string_marks_portably(bytes); }

static inline uint64_t kz_pair_marks(const void *bytes, uint8_t first, uint8_t second, size_t distance) {
    return kz_pair_marks_portably(bytes, first, second, distance);
}

static inline bool kz_is_ascii(const void *bytes) { return kz_is_ascii_portably(bytes); }

#endif

#endif
