// A frame of RFC 6455 as a client sends it, masked.
#pragma once
#include "foundation.h"

size_t write_frame(char *into, const char *payload, size_t length, int opcode);
