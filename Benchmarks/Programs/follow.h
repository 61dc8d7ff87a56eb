// Reads a file that somebody writes and rotates, as `tail -F` does, but without skipping a byte: an old file is read to
// its end before the one that was begun after it. Old files are named PATH-TIME, and sort by their names.
#pragma once

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

struct follower {
    const char *path;  // NULL for standard input
    char directory[PATH_MAX], prefix[NAME_MAX + 1];
    char read[NAME_MAX + 1];  // the name of the last file that was read to its end
    int changes, file;        // -1 while there is no file
};

static volatile sig_atomic_t follower_ends;

static void follower_end(int signal) {
    (void)signal;
    follower_ends = true;
}

__attribute__((noreturn)) static inline void follower_fail(const char *what) {
    perror(what);
    exit(1);
}

// SIGTERM is let through only while it waits, so that none is missed.
static inline struct follower follower_make(const char *path) {
    struct follower follower = {.path = path, .file = path == NULL ? STDIN_FILENO : -1};
    if (path == NULL) return follower;
    const char *slash = strrchr(path, '/');
    if (slash == NULL || strlen(path) >= PATH_MAX) follower_fail(path);
    snprintf(follower.directory, sizeof follower.directory, "%.*s", (int)(slash - path), path);
    snprintf(follower.prefix, sizeof follower.prefix, "%s-", slash + 1);
    follower.changes = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (inotify_add_watch(follower.changes, follower.directory, IN_MODIFY | IN_CREATE | IN_MOVED_TO) < 0) {
        follower_fail(follower.directory);
    }
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGTERM);
    sigprocmask(SIG_BLOCK, &mask, NULL);
    sigaction(SIGTERM, &(struct sigaction){.sa_handler = follower_end}, NULL);
    return follower;
}

static inline bool follower_is(int file, const char *path) {
    struct stat opened, there;
    return fstat(file, &opened) == 0 && stat(path, &there) == 0 && opened.st_ino == there.st_ino;
}

// Looks through the old files, for the one that is open or for the first behind the last that was read.
static inline bool follower_find(struct follower *follower, bool wants_open, char found[PATH_MAX + NAME_MAX + 2]) {
    DIR *directory = opendir(follower->directory);
    if (directory == NULL) follower_fail(follower->directory);
    char name[NAME_MAX + 1] = "", path[PATH_MAX + NAME_MAX + 2];
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        if (strncmp(entry->d_name, follower->prefix, strlen(follower->prefix)) != 0) continue;
        snprintf(path, sizeof path, "%s/%s", follower->directory, entry->d_name);
        bool fits = wants_open ? follower_is(follower->file, path) : strcmp(entry->d_name, follower->read) > 0;
        if (fits && (name[0] == 0 || strcmp(entry->d_name, name) < 0)) strcpy(name, entry->d_name);
    }
    closedir(directory);
    snprintf(found, PATH_MAX + NAME_MAX + 2, "%s/%s", follower->directory, name);
    return name[0] != 0;
}

// Opens the file that was begun after the one that was read.
static inline void follower_open_next(struct follower *follower) {
    char path[PATH_MAX + NAME_MAX + 2];
    bool is_old = follower_find(follower, false, path);
    follower->file = open(is_old ? path : follower->path, O_RDONLY | O_CLOEXEC);
    if (is_old || follower->file < 0) return;
    // Between the look and the opening it may have become old, and another one stands at the path: then that one waits.
    if (!follower_find(follower, false, path) || follower_is(follower->file, path)) return;
    close(follower->file);
    follower->file = open(path, O_RDONLY | O_CLOEXEC);
}

static inline void follower_wait(struct follower *follower) {
    static char events[1 << 16];
    sigset_t none;
    sigemptyset(&none);
    struct pollfd entry = {.fd = follower->changes, .events = POLLIN};
    if (ppoll(&entry, 1, NULL, &none) < 0 && errno != EINTR) follower_fail("ppoll");
    while (read(follower->changes, events, sizeof events) > 0) {}
}

// How many bytes have come: 0 at the end, -1 when they cannot be read. Waits until there are some.
static inline ssize_t follower_read(struct follower *follower, void *space, size_t size) {
    if (follower->path == NULL) return read(STDIN_FILENO, space, size);
    while (true) {
        if (follower->file < 0) follower_open_next(follower);
        bool is_current = follower->file >= 0 && follower_is(follower->file, follower->path);
        // Only what was old before it was read is read to its end.
        ssize_t got = follower->file < 0 ? 0 : read(follower->file, space, size);
        if (got != 0) return got;
        if (follower->file >= 0 && !is_current) {
            char path[PATH_MAX + NAME_MAX + 2];
            if (!follower_find(follower, true, path)) return errno = ENOENT, -1;
            strcpy(follower->read, strrchr(path, '/') + 1);
            close(follower->file);
            follower->file = -1;
        } else if (follower_ends) {
            return 0;
        } else {
            follower_wait(follower);
        }
    }
}
