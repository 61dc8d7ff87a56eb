#ifndef KAZOO_SUBSCRIBE_CCURL_H
#define KAZOO_SUBSCRIBE_CCURL_H

#include <curl/curl.h>

#endif
