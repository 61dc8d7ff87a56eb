// What the reader has read so far, in a file that it shares with the sender and the runner.
#pragma once

#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct progress {
    _Atomic uint64_t bytes;
    _Atomic uint64_t lines;
};

static inline struct progress *progress_open(const char *path) {
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0 || ftruncate(file, sizeof(struct progress)) < 0) {
        perror(path);
        exit(1);
    }
    struct progress *progress = mmap(NULL, sizeof *progress, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (progress == MAP_FAILED) {
        perror(path);
        exit(1);
    }
    close(file);
    return progress;
}
