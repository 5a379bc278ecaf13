// Processor time in seconds, ours and the server's.
#pragma once

double server_seconds(int pid); // of the server with all its threads
double core_seconds(int core);  // of its core, used by anyone, or not given to this machine at all
double own_seconds(void);
