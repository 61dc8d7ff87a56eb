// The floor: the least that a client must do. It reads, finds the frames, and writes each payload and a newline, in large
// reads and writes. Nothing is checked: neither UTF-8 nor JSON, and no fragment is expected.
//
//     floor (ws|wss)://127.0.0.1:PORT > pipe
#include "stream.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <stdint.h>

enum { SPACE = 256 << 10 };

static struct stream server;
static unsigned char received[SPACE], lines[SPACE + 1];
static size_t held, filled;

static void connect_to(const char *url) {
    bool is_encrypted = strncmp(url, "wss:", 4) == 0;
    const char *port = strrchr(url, ':');
    if (port == NULL) fail("usage: floor (ws|wss)://127.0.0.1:PORT");
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port + 1)), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    server.socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(server.socket, (struct sockaddr *)&address, sizeof address) < 0) fail("%s: %s", url, strerror(errno));
    if (!is_encrypted) return;
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_default_read_buffer_len(context, 64 << 10);
    server.tls = SSL_new(context);
    SSL_set_fd(server.tls, server.socket);
    if (SSL_connect(server.tls) != 1) fail("TLS handshake");
}

static void upgrade(void) {
    static const char request[] = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    stream_write(&server, request, sizeof request - 1);
    char *end = NULL;
    while (end == NULL) {
        ssize_t got = stream_read(&server, received + held, SPACE - held);
        if (got <= 0) fail("no upgrade");
        held += (size_t)got;
        end = memmem(received, held, "\r\n\r\n", 4);
    }
    if (memcmp(received, "HTTP/1.1 101", 12) != 0) fail("no upgrade");
    held -= (size_t)(end + 4 - (char *)received);
    memmove(received, end + 4, held);
}

// A client's frame, masked with zeros.
static void send_frame(unsigned char opcode, const void *payload, size_t count) {
    unsigned char frame[6 + 125] = {(unsigned char)(0x80 | opcode), (unsigned char)(0x80 | count)};
    if (count > 125) fail("too long");
    memcpy(frame + 6, payload, count);
    stream_write(&server, frame, 6 + count);
}

static void flush_lines(void) {
    for (size_t written = 0; written < filled;) {
        ssize_t count = write(STDOUT_FILENO, lines + written, filled - written);
        if (count < 0) fail("write: %s", strerror(errno));
        written += (size_t)count;
    }
    filled = 0;
}

// Whether more is to come.
static bool take_frames(void) {
    size_t place = 0;
    while (held - place >= 4) {
        const unsigned char *frame = received + place;
        size_t count = frame[1] & 0x7F, header = 2;
        if (count == 126) {
            count = (size_t)frame[2] << 8 | frame[3];
            header = 4;
        }
        if (held - place < header + count) break;
        switch (frame[0]) {
        case 0x81:
            memcpy(lines + filled, frame + header, count);
            lines[filled + count] = '\n';
            filled += count + 1;
            break;
        case 0x88: send_frame(8, frame + header, count); return false;
        case 0x89: send_frame(10, frame + header, count); break;
        default: fail("an unexpected frame");
        }
        place += header + count;
    }
    held -= place;
    memmove(received, received + place, held);
    return true;
}

int main(int count, char **arguments) {
    if (count != 2) return 64;
    connect_to(arguments[1]);
    upgrade();
    static const char subscribe[] = "{\"action\":\"subscribe\"}";
    send_frame(1, subscribe, sizeof subscribe - 1);
    // A TLS read gives one record at most, so what is there is collected before it is written.
    if (server.tls != NULL) fcntl(server.socket, F_SETFL, O_NONBLOCK);
    for (bool goes_on = take_frames(); goes_on;) {
        ssize_t got = stream_read(&server, received + held, SPACE - held);
        if (got == 0) break;
        if (got < 0) {
            flush_lines();
            struct pollfd entry = {.fd = server.socket, .events = POLLIN};
            poll(&entry, 1, -1);
            continue;
        }
        held += (size_t)got;
        if (filled + held > SPACE) flush_lines();
        goes_on = take_frames();
        if (server.tls == NULL || filled > SPACE / 2) flush_lines();
    }
    flush_lines();
    return 0;
}
