#ifndef KAZOO_SUBSCRIBE_CCURL_H
#define KAZOO_SUBSCRIBE_CCURL_H

#include <curl/curl.h>
#include <stddef.h>

// curl_easy_setopt and curl_easy_getinfo are variadic, which Swift cannot call: one typed function for each kind of
// argument. The names say the kind; the option says the rest.

typedef size_t (*kz_curl_write_function)(char *bytes, size_t size, size_t count, void *context);
typedef int (*kz_curl_progress_function)(
    void *context, curl_off_t expected_down, curl_off_t down, curl_off_t expected_up, curl_off_t up);
typedef curl_socket_t (*kz_curl_open_socket_function)(
    void *context, curlsocktype purpose, struct curl_sockaddr *address);
typedef int (*kz_curl_debug_function)(CURL *handle, curl_infotype kind, char *bytes, size_t size, void *context);

static inline CURLcode kz_curl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode kz_curl_set_string(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode kz_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode kz_curl_set_size(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode kz_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode kz_curl_set_write_function(CURL *handle, CURLoption option, kz_curl_write_function value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode kz_curl_set_progress_function(CURL *handle, kz_curl_progress_function value) {
    return curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, value);
}

static inline CURLcode kz_curl_set_open_socket_function(CURL *handle, kz_curl_open_socket_function value) {
    return curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, value);
}

static inline CURLcode kz_curl_set_debug_function(CURL *handle, kz_curl_debug_function value) {
    return curl_easy_setopt(handle, CURLOPT_DEBUGFUNCTION, value);
}

static inline CURLcode kz_curl_get_long(CURL *handle, CURLINFO info, long *value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLcode kz_curl_get_socket(CURL *handle, CURLINFO info, curl_socket_t *value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLcode kz_curl_get_string(CURL *handle, CURLINFO info, const char **value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLcode kz_curl_get_size(CURL *handle, CURLINFO info, curl_off_t *value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLcode kz_curl_get_certificates(CURL *handle, struct curl_certinfo **value) {
    return curl_easy_getinfo(handle, CURLINFO_CERTINFO, value);
}

#endif
