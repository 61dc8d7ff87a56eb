#ifndef KAZOO_SUBSCRIBE_CZLIB_H
#define KAZOO_SUBSCRIBE_CZLIB_H

#include <zlib.h>

#endif
