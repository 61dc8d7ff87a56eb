// Everything is in the header, so that Swift can inline it; a target needs a source file.
#include "CSIMD.h"
