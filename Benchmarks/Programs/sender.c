// Kazoo, as far as a subscriber can tell: Crossbar's login and blackhole's WebSocket on one port of 127.0.0.1, for one
// client. Once the client subscribes, it is sent events as fast as it takes them, or at a rate; then the socket closes.
//
//     sender --events FILE --count N [options]        prints {"port":…}, {"subscribed_at":…}, {"sent":…,"checksum":…}
//
// FILE holds one event a line, each with a "msg_id" of twelve digits: the sender puts a number there, so that no event is
// a duplicate of another; with --rate it is the time, in nanoseconds of CLOCK_MONOTONIC. Server frames are not masked.
#include "checksum.h"
#include "progress.h"
#include "stream.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <netinet/tcp.h>
#include <openssl/sha.h>
#include <sys/prctl.h>
#include <time.h>

enum { DIGITS = 12, BURST = 256 << 10, LONGEST_FRAME = 16 << 10, INPUT = 64 << 10 };

// Ready to be sent, but for the digits.
struct event {
    unsigned char frame[LONGEST_FRAME];
    size_t count, header, digits;
};

static struct {
    struct event *events;
    size_t kinds;
    uint64_t count, rate, window;
    bool one_per_write, replies, holds, dry;
    const char *certificate, *key;
    struct progress *progress;
} settings;

static struct stream client;
static struct {
    unsigned char bytes[INPUT];
    size_t count;
} input;
static bool is_subscribed, is_over;

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

// MARK: Events

static void load(const char *path) {
    FILE *file = fopen(path, "r");
    if (file == NULL) fail("%s: %s", path, strerror(errno));
    char *line = NULL;
    size_t size = 0;
    for (ssize_t count; (count = getline(&line, &size, file)) > 0;) {
        if (line[count - 1] == '\n') count--;
        const char *mark = memmem(line, (size_t)count, "\"msg_id\":\"", 10);
        if (mark == NULL || count > LONGEST_FRAME - 4) fail("%s: a line cannot be used", path);
        settings.events = realloc(settings.events, (settings.kinds + 1) * sizeof *settings.events);
        if (settings.events == NULL) fail("no memory");
        struct event *event = &settings.events[settings.kinds++];
        unsigned char *frame = event->frame;
        frame[0] = 0x81;
        if (count < 126) {
            frame[1] = (unsigned char)count;
            event->header = 2;
        } else {
            frame[1] = 126;
            frame[2] = (unsigned char)(count >> 8);
            frame[3] = (unsigned char)count;
            event->header = 4;
        }
        memcpy(frame + event->header, line, (size_t)count);
        event->count = event->header + (size_t)count;
        event->digits = event->header + (size_t)(mark + 10 - line);
    }
    free(line);
    fclose(file);
    if (settings.kinds == 0) fail("%s holds no event", path);
}

static void number(unsigned char *digits, uint64_t value) {
    for (int place = DIGITS - 1; place >= 0; place--, value >>= 4) digits[place] = "0123456789abcdef"[value & 15];
}

// What the client's reader should get, although nothing is sent.
static void foretell(void) {
    struct checksum sum = {0};
    for (uint64_t sent = 0; sent < settings.count; sent++) {
        struct event *event = &settings.events[sent % settings.kinds];
        number(event->frame + event->digits, sent);
        checksum_add(&sum, event->frame + event->header, event->count - event->header);
        checksum_add(&sum, "\n", 1);
    }
    printf("{\"sent\":%llu,\"bytes\":%llu,\"checksum\":\"%016llx\"}\n", (unsigned long long)settings.count,
        (unsigned long long)sum.count, (unsigned long long)checksum_value(&sum));
}

// MARK: HTTP

// Reads a request's head, and leaves what follows it in the input.
static bool take_head(char *head, size_t size) {
    while (true) {
        char *end = memmem(input.bytes, input.count, "\r\n\r\n", 4);
        if (end != NULL) {
            size_t count = (size_t)(end + 4 - (char *)input.bytes);
            if (count >= size) fail("the request is too long");
            memcpy(head, input.bytes, count);
            head[count] = 0;
            memmove(input.bytes, input.bytes + count, input.count -= count);
            return true;
        }
        ssize_t got = stream_read(&client, input.bytes + input.count, INPUT - input.count);
        if (got <= 0) return false;
        input.count += (size_t)got;
    }
}

// The value of a header field, in a buffer of its own.
static const char *field(const char *head, const char *name) {
    static char value[256];
    const char *found = strcasestr(head, name);
    if (found == NULL) return NULL;
    found += strlen(name);
    found += strspn(found, ": ");
    snprintf(value, sizeof value, "%.*s", (int)strcspn(found, "\r"), found);
    return value;
}

static void answer(const char *format, ...) {
    char text[2048];
    va_list arguments;
    va_start(arguments, format);
    int count = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    stream_write(&client, text, (size_t)count);
}

// Crossbar: any user is welcome (recorded in Tests/Fixtures/kazoo/transcripts/v4).
static void log_in(const char *head) {
    const char *length = field(head, "\r\nContent-Length");
    for (size_t expected = length ? strtoul(length, NULL, 10) : 0; input.count < expected;) {
        ssize_t got = stream_read(&client, input.bytes + input.count, INPUT - input.count);
        if (got <= 0) return;
        input.count += (size_t)got;
    }
    input.count = 0;
    static const char body[] = "{\"page_size\":1,\"data\":{\"account_id\":\"009afc511c97b2ae693c6cc4920988e8\","
                               "\"owner_id\":\"2e9ba14a71b3e306caf5ecd8afeabaf9\",\"account_name\":\"Acme\"},"
                               "\"version\":\"4.3.23\",\"status\":\"success\",\"auth_token\":\"token\"}";
    answer("HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s",
        sizeof body - 1, body);
}

static void upgrade(const char *head) {
    char text[512];
    unsigned char digest[SHA_DIGEST_LENGTH], accept[64];
    const char *key = field(head, "\r\nSec-WebSocket-Key");
    if (key == NULL) fail("this is no upgrade:\n%s", head);
    int count = snprintf(text, sizeof text, "%s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key);
    SHA1((unsigned char *)text, (size_t)count, digest);
    EVP_EncodeBlock(accept, digest, sizeof digest);
    answer("HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-accept: %s\r\n\r\n",
        accept);
}

// MARK: WebSocket

static void send_frame(unsigned char opcode, const void *payload, size_t count) {
    unsigned char frame[4 + 4096] = {(unsigned char)(0x80 | opcode)};
    size_t header = 2;
    if (count > 4096) fail("an answer is too long");
    if (count < 126) {
        frame[1] = (unsigned char)count;
    } else {
        frame[1] = 126;
        frame[2] = (unsigned char)(count >> 8);
        frame[3] = (unsigned char)count;
        header = 4;
    }
    memcpy(frame + header, payload, count);
    stream_write(&client, frame, header + count);
}

static void take_command(char *text) {
    if (!is_subscribed) printf("{\"subscribed_at\":%llu}\n", (unsigned long long)now());
    fflush(stdout);
    is_subscribed = true;
    if (!settings.replies) return;
    char request[128] = "", reply[512];
    const char *found = strstr(text, "\"request_id\":\"");
    if (found != NULL) snprintf(request, sizeof request, "%.*s", (int)strcspn(found + 14, "\""), found + 14);
    // As Kazoo 4.x answers. To one that names all `subscriptions`, as Kazoo 5 does, another connection would be made now and
    // then, and there is only one here.
    int count = snprintf(reply, sizeof reply,
        "{\"action\":\"reply\",\"request_id\":\"%s\",\"status\":\"success\",\"data\":{\"subscribed\":[\"call.*.*\"]}}",
        request);
    send_frame(1, reply, (size_t)count);
}

// Does what the client asks for in the frames that are here, and forgets them.
static void take_frames(void) {
    while (!is_over && input.count >= 6) {
        unsigned char *frame = input.bytes;
        size_t payload = frame[1] & 0x7F, header = 6;
        if (payload == 126) {
            payload = (size_t)frame[2] << 8 | frame[3];
            header = 8;
        }
        if (payload > 8192 || !(frame[1] & 0x80)) fail("the client sends what this server does not know");
        if (input.count < header + payload) return;
        char text[8192 + 1];
        for (size_t place = 0; place < payload; place++) {
            text[place] = (char)(frame[header + place] ^ frame[header - 4 + place % 4]);
        }
        text[payload] = 0;
        switch (frame[0] & 0x0F) {
        case 1: take_command(text); break;
        case 8: is_over = true; break;
        case 9: send_frame(10, text, payload); break;
        default: break;
        }
        memmove(input.bytes, input.bytes + header + payload, input.count -= header + payload);
    }
}

// Listens to the client for at most so long, in milliseconds.
static void attend(int milliseconds) {
    if (is_over || !stream_readable(&client, milliseconds)) return;
    ssize_t got = stream_read(&client, input.bytes + input.count, INPUT - input.count);
    if (got <= 0) {
        is_over = true;
        return;
    }
    input.count += (size_t)got;
    take_frames();
}

// MARK: Sending

static void sleep_until(uint64_t moment) {
    struct timespec time = {.tv_sec = (time_t)(moment / 1000000000u), .tv_nsec = (long)(moment % 1000000000u)};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) == EINTR) {}
}

// kazoo-subscribe never keeps the server waiting, and would drop events for a reader that is far behind. On a machine with
// more programs than processors it may be: so nobody is sent much more than the reader has read.
static void keep_within_window(uint64_t bytes) {
    if (settings.progress == NULL) return;
    while (!is_over && bytes - atomic_load_explicit(&settings.progress->bytes, memory_order_relaxed) > settings.window) {
        sleep_until(now() + 50000);
        attend(0);
    }
}

static void send_burst(void) {
    static unsigned char space[BURST + LONGEST_FRAME];
    size_t filled = 0;
    uint64_t bytes = 0;
    for (uint64_t sent = 0; sent < settings.count && !is_over; sent++) {
        struct event *event = &settings.events[sent % settings.kinds];
        memcpy(space + filled, event->frame, event->count);
        number(space + filled + event->digits, sent);
        filled += event->count;
        bytes += event->count - event->header + 1;
        if (filled < BURST && !settings.one_per_write && sent + 1 < settings.count) continue;
        stream_write(&client, space, filled);
        filled = 0;
        attend(0);
        keep_within_window(bytes);
    }
    printf("{\"sent\":%llu}\n", (unsigned long long)settings.count);
}

// One event a packet, each with the time at which it is written.
static void send_paced(void) {
    struct checksum sum = {0};
    uint64_t start = now(), last = 0, sent = 0;
    for (; sent < settings.count && !is_over; sent++) {
        uint64_t due = start + sent * 1000000000u / settings.rate, present = now();
        if (due > present) {
            sleep_until(due);
            present = now();
        }
        struct event *event = &settings.events[sent % settings.kinds];
        last = present > last ? present : last + 1;
        number(event->frame + event->digits, last);
        stream_write(&client, event->frame, event->count);
        checksum_add(&sum, event->frame + event->header, event->count - event->header);
        checksum_add(&sum, "\n", 1);
        if (sent % 64 == 0) attend(0);
    }
    printf("{\"sent\":%llu,\"bytes\":%llu,\"checksum\":\"%016llx\"}\n", (unsigned long long)sent,
        (unsigned long long)sum.count, (unsigned long long)checksum_value(&sum));
}

static void serve_websocket(void) {
    while (!is_subscribed && !is_over) attend(-1);
    if (settings.rate > 0) send_paced(); else send_burst();
    fflush(stdout);
    while (settings.holds && !is_over) attend(-1);
    if (is_over) return;
    send_frame(8, "\x03\xe8", 2);
    uint64_t deadline = now() + 10000000000u;
    while (!is_over && now() < deadline) attend(1000);
}

// MARK: The server

static SSL_CTX *make_tls(void) {
    if (settings.certificate == NULL) return NULL;
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    if (context == NULL || SSL_CTX_use_certificate_chain_file(context, settings.certificate) != 1
        || SSL_CTX_use_PrivateKey_file(context, settings.key, SSL_FILETYPE_PEM) != 1) {
        fail("%s, %s: cannot be used", settings.certificate, settings.key);
    }
    return context;
}

static int listen_somewhere(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, size) < 0 || listen(listener, 16) < 0
        || getsockname(listener, (struct sockaddr *)&address, &size) < 0) {
        fail("cannot listen: %s", strerror(errno));
    }
    printf("{\"port\":%u}\n", ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

static void serve(void) {
    SSL_CTX *context = make_tls();
    int listener = listen_somewhere(), one = 1;
    for (bool served = false; !served;) {
        client = (struct stream){.socket = accept(listener, NULL, NULL)};
        if (client.socket < 0) fail("accept: %s", strerror(errno));
        setsockopt(client.socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        if (context != NULL) {
            client.tls = SSL_new(context);
            SSL_set_fd(client.tls, client.socket);
            if (SSL_accept(client.tls) != 1) fail("TLS handshake");
        }
        input.count = 0;
        char head[8192];
        if (take_head(head, sizeof head)) {
            if (strncmp(head, "PUT ", 4) == 0) {
                log_in(head);
            } else {
                upgrade(head);
                take_frames();
                serve_websocket();
                served = true;
            }
        }
        if (client.tls != NULL) {
            SSL_shutdown(client.tls);
            SSL_free(client.tls);
        }
        close(client.socket);
    }
}

int main(int count, char **arguments) {
    enum { EVENTS = 1, COUNT, RATE, ONE_PER_WRITE, CERTIFICATE, KEY, PROGRESS, WINDOW, REPLIES, HOLD, DRY };
    static const struct option names[] = {
        {"events", required_argument, NULL, EVENTS},
        {"count", required_argument, NULL, COUNT},
        {"rate", required_argument, NULL, RATE},                // events a second, each in a packet of its own
        {"one-per-write", no_argument, NULL, ONE_PER_WRITE},    // with TLS: a record for each event, as Kazoo does
        {"certificate", required_argument, NULL, CERTIFICATE},  // TLS
        {"key", required_argument, NULL, KEY},
        {"progress", required_argument, NULL, PROGRESS},  // what the reader has read
        {"window", required_argument, NULL, WINDOW},      // how far it may be behind, in bytes
        {"replies", no_argument, NULL, REPLIES},          // answer subscribes as Kazoo does, which others would print
        {"hold", no_argument, NULL, HOLD},                // do not close the socket
        {"dry", no_argument, NULL, DRY},                  // only tell what would be sent
        {NULL, 0, NULL, 0},
    };
    settings.window = 16 << 20;
    for (int name; (name = getopt_long(count, arguments, "", names, NULL)) != -1;) {
        switch (name) {
        case EVENTS: load(optarg); break;
        case COUNT: settings.count = strtoull(optarg, NULL, 10); break;
        case RATE: settings.rate = strtoull(optarg, NULL, 10); break;
        case ONE_PER_WRITE: settings.one_per_write = true; break;
        case CERTIFICATE: settings.certificate = optarg; break;
        case KEY: settings.key = optarg; break;
        case PROGRESS: settings.progress = progress_open(optarg); break;
        case WINDOW: settings.window = strtoull(optarg, NULL, 10); break;
        case REPLIES: settings.replies = true; break;
        case HOLD: settings.holds = true; break;
        case DRY: settings.dry = true; break;
        default: return 64;
        }
    }
    if (settings.kinds == 0) fail("--events is missing");
    prctl(PR_SET_TIMERSLACK, 1);
    if (settings.dry) foretell(); else serve();
    return 0;
}
