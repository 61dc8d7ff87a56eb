// A connected socket, plain or with TLS, for programs that end when anything goes wrong.
#pragma once

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct stream {
    int socket;
    SSL *tls;  // NULL for a plain socket
};

__attribute__((noreturn, format(printf, 1, 2))) static inline void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    ERR_print_errors_fp(stderr);
    exit(1);
}

// How many bytes came: 0 at the end, -1 when there is nothing now (on a socket that does not block).
static inline ssize_t stream_read(struct stream *stream, void *space, size_t size) {
    if (stream->tls == NULL) {
        ssize_t count;
        do { count = read(stream->socket, space, size); } while (count < 0 && errno == EINTR);
        if (count >= 0) return count;
        if (errno == EAGAIN) return -1;
        if (errno == ECONNRESET) return 0;
        fail("read: %s", strerror(errno));
    }
    int count = SSL_read(stream->tls, space, (int)size);
    if (count > 0) return count;
    switch (SSL_get_error(stream->tls, count)) {
    case SSL_ERROR_WANT_READ: return -1;
    case SSL_ERROR_ZERO_RETURN: return 0;
    case SSL_ERROR_SYSCALL: return 0;
    default: fail("TLS read");
    }
}

// Writes all of it.
static inline void stream_write(struct stream *stream, const void *bytes, size_t count) {
    const char *next = bytes;
    while (count > 0) {
        ssize_t written;
        if (stream->tls == NULL) {
            written = send(stream->socket, next, count, MSG_NOSIGNAL);
            if (written < 0 && errno == EINTR) continue;
        } else {
            written = SSL_write(stream->tls, next, count > 1 << 30 ? 1 << 30 : (int)count);
        }
        if (written <= 0) fail("write: %s", strerror(errno));
        next += written;
        count -= (size_t)written;
    }
}

// Whether something can be read, after at most so many milliseconds.
static inline bool stream_readable(struct stream *stream, int milliseconds) {
    if (stream->tls != NULL && SSL_has_pending(stream->tls)) return true;
    struct pollfd entry = {.fd = stream->socket, .events = POLLIN};
    return poll(&entry, 1, milliseconds) > 0;
}
