#ifndef KAZOO_SUBSCRIBE_CYAML_H
#define KAZOO_SUBSCRIBE_CYAML_H

#include <yaml.h>

#endif
