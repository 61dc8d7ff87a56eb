// The shortest way from the start of a program to a subscription, with libcurl: log in, connect, upgrade, subscribe.
//
//     start http://127.0.0.1:PORT
//
// It ends with the server's close frame, which comes behind the reply.
#include <curl/curl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct text {
    char bytes[8192];
    size_t count;
};

__attribute__((noreturn)) static void fail(const char *what, CURLcode status) {
    fprintf(stderr, "%s: %s\n", what, curl_easy_strerror(status));
    exit(1);
}

static size_t collect(char *bytes, size_t one, size_t count, void *into) {
    struct text *text = into;
    if (text->count + count >= sizeof text->bytes) return 0;
    memcpy(text->bytes + text->count, bytes, one * count);
    text->count += count;
    return count;
}

static void log_in(const char *server, char *token, size_t size) {
    char url[256];
    struct text answer = {0};
    snprintf(url, sizeof url, "%s/v2/user_auth", server);
    CURL *handle = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    curl_easy_setopt(handle, CURLOPT_URL, url);
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, "PUT");
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS,
        "{\"data\":{\"credentials\":\"ee11cbb19052e40b07aac0ca060c23ee\",\"method\":\"md5\",\"account_name\":\"Acme\"}}");
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, collect);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &answer);
    CURLcode status = curl_easy_perform(handle);
    if (status != CURLE_OK) fail(url, status);
    const char *found = strstr(answer.bytes, "\"auth_token\":\"");
    if (found == NULL) fail("no token", CURLE_OK);
    snprintf(token, size, "%.*s", (int)strcspn(found + 14, "\""), found + 14);
    curl_slist_free_all(headers);
    curl_easy_cleanup(handle);
}

static void transmit(CURL *handle, const void *bytes, size_t count) {
    size_t sent = 0;
    CURLcode status = curl_easy_send(handle, bytes, count, &sent);
    if (status != CURLE_OK || sent != count) fail("send", status);
}

// Waits for bytes; 0 at the end.
static size_t receive(CURL *handle, char *space, size_t size) {
    curl_socket_t socket;
    curl_easy_getinfo(handle, CURLINFO_ACTIVESOCKET, &socket);
    while (1) {
        size_t count = 0;
        CURLcode status = curl_easy_recv(handle, space, size, &count);
        if (status == CURLE_OK) return count;
        if (status != CURLE_AGAIN) return 0;
        struct pollfd entry = {.fd = socket, .events = POLLIN};
        poll(&entry, 1, -1);
    }
}

int main(int count, char **arguments) {
    if (count != 2) return 64;
    char token[2048], answer[8192];
    curl_global_init(CURL_GLOBAL_DEFAULT);
    log_in(arguments[1], token, sizeof token);

    CURL *handle = curl_easy_init();
    curl_easy_setopt(handle, CURLOPT_URL, arguments[1]);
    curl_easy_setopt(handle, CURLOPT_CONNECT_ONLY, 1L);
    CURLcode status = curl_easy_perform(handle);
    if (status != CURLE_OK) fail(arguments[1], status);
    static const char request[] = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    transmit(handle, request, sizeof request - 1);
    for (size_t held = 0; memmem(answer, held, "\r\n\r\n", 4) == NULL;) {
        size_t got = receive(handle, answer + held, sizeof answer - held);
        if (got == 0) fail("no upgrade", CURLE_RECV_ERROR);
        held += got;
    }

    // A client's text frame, masked with zeros.
    unsigned char frame[8 + 4096] = {0x81};
    int length = snprintf((char *)frame + 8, sizeof frame - 8,
        "{\"action\":\"subscribe\",\"auth_token\":\"%s\",\"request_id\":\"1\",\"data\":{\"account_id\":"
        "\"009afc511c97b2ae693c6cc4920988e8\",\"binding\":\"call.*.*\"}}",
        token);
    frame[1] = 0x80 | 126;
    frame[2] = (unsigned char)(length >> 8);
    frame[3] = (unsigned char)length;
    transmit(handle, frame, 8 + (size_t)length);
    for (size_t held = 0; memmem(answer, held, "\x88\x02\x03\xe8", 4) == NULL;) {
        size_t got = receive(handle, answer + held, sizeof answer - held);
        if (got == 0) fail("no close frame", CURLE_RECV_ERROR);
        held += got;
    }
    curl_easy_cleanup(handle);
    return 0;
}
