// The other end of a consumer, for hours: sees to it that every event of the sender comes once and in its order, and
// says how late each is. Each event must have the sender's time in its "msg_id" (`sender --rate`).
//
//     witness STATE [--samples FILE]                  lines of standard input, until its end
//     witness STATE --follow PATH [--samples FILE]    lines of a file, through its rotations, until SIGTERM
//     witness --note FILE                             one event on standard input: adds its id and its latency to FILE
//
// STATE tells at any time what has come (arrivals.h). With --samples, FILE gets the ids that end with 000: those that a
// hook is started for with `match: {data.msg_id: "*000"}`.
#include "arrivals.h"
#include "checksum.h"
#include "follow.h"

#include <getopt.h>
#include <time.h>

enum { SPACE = 1 << 20, DIGITS = 12 };
// An id has not all digits of the clock, and begins anew every three days.
static const uint64_t PERIOD = 1ull << 4 * DIGITS;

static const char MARK[] = "\"msg_id\":\"";
static struct arrivals *arrivals;
static FILE *samples;
static struct checksum sum;
static uint64_t last;
static bool is_begun;

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

// When the event of a line was sent, and its id.
static bool read_id(const char *line, size_t count, uint64_t *sent, char id[DIGITS + 1]) {
    const char *mark = memmem(line, count, MARK, sizeof MARK - 1);
    if (mark == NULL || mark + sizeof MARK - 1 + DIGITS > line + count) return false;
    memcpy(id, mark + sizeof MARK - 1, DIGITS);
    id[DIGITS] = 0;
    *sent = strtoull(id, NULL, 16);
    return true;
}

static uint64_t between(uint64_t earlier, uint64_t later) { return (later - earlier) & (PERIOD - 1); }

static void count(_Atomic uint64_t *number) { atomic_fetch_add_explicit(number, 1, memory_order_relaxed); }

static void take_line(const char *line, size_t length, uint64_t arrival) {
    char id[DIGITS + 1];
    uint64_t sent;
    count(&arrivals->lines);
    if (!read_id(line, length, &sent, id)) return count(&arrivals->strange);
    uint64_t step = between(last, sent);
    if (step == 0 || (is_begun && step > PERIOD / 2)) count(&arrivals->misplaced);
    last = sent;
    is_begun = true;
    count(&arrivals->latencies[arrivals_bucket(between(sent, arrival))]);
    if (samples != NULL && (sent & 0xFFF) == 0) fprintf(samples, "%s\n", id);
}

static void watch(struct follower *follower) {
    char *space = malloc(SPACE);
    if (space == NULL) abort();
    size_t held = 0;  // the beginning of a line that has not come whole
    ssize_t got;
    while ((got = follower_read(follower, space + held, SPACE - held)) > 0) {
        uint64_t arrival = now();
        checksum_add(&sum, space + held, (size_t)got);
        char *line = space, *end = space + held + got;
        for (char *feed; (feed = memchr(line, '\n', (size_t)(end - line))) != NULL; line = feed + 1) {
            take_line(line, (size_t)(feed - line), arrival);
        }
        held = (size_t)(end - line);
        memmove(space, line, held);
        atomic_store_explicit(&arrivals->checksum, checksum_value(&sum), memory_order_relaxed);
        atomic_fetch_add_explicit(&arrivals->bytes, (uint64_t)got, memory_order_relaxed);
    }
    if (got < 0) perror("read");
    if (got < 0 || (samples != NULL && fclose(samples) != 0)) exit(1);
}

// Several may do it at once: a line is added with one write.
static int note(const char *path) {
    static char event[SPACE];
    size_t count = fread(event, 1, SPACE, stdin);
    char id[DIGITS + 1], text[64];
    uint64_t sent;
    if (!read_id(event, count, &sent, id)) return 65;
    int length = snprintf(text, sizeof text, "%s %llu\n", id, (unsigned long long)between(sent, now()));
    int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    return file < 0 || write(file, text, (size_t)length) != length ? 75 : 0;
}

int main(int count, char **arguments) {
    enum { FOLLOW = 1, SAMPLES, NOTE };
    static const struct option names[] = {
        {"follow", required_argument, NULL, FOLLOW},
        {"samples", required_argument, NULL, SAMPLES},
        {"note", required_argument, NULL, NOTE},
        {NULL, 0, NULL, 0},
    };
    const char *path = NULL;
    for (int name; (name = getopt_long(count, arguments, "", names, NULL)) != -1;) {
        switch (name) {
        case FOLLOW: path = optarg; break;
        case SAMPLES:
            samples = fopen(optarg, "we");
            if (samples == NULL) return perror(optarg), 1;
            break;
        case NOTE: return note(optarg);
        default: return 64;
        }
    }
    if (optind != count - 1) return 64;
    arrivals = arrivals_open(arguments[optind]);
    struct follower follower = follower_make(path);
    watch(&follower);
    return 0;
}
