#ifndef KAZOO_SUBSCRIBE_COPENSSL_H
#define KAZOO_SUBSCRIBE_COPENSSL_H

#include <openssl/evp.h>

#endif
