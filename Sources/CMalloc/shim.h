#ifndef KAZOO_SUBSCRIBE_CMALLOC_H
#define KAZOO_SUBSCRIBE_CMALLOC_H

// What Swift's Glibc leaves out.
#include <malloc.h>

#endif
