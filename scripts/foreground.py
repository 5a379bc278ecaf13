"""Run a command as the terminal's foreground job: Ctrl-C reaches it alone, not the `make` that waits for it.

Without this, make dies of the same Ctrl-C and its status (130) hides that of the command.
"""

import os
import signal
import sys


def main(command: list[str]) -> int:
    """Run the command and return its exit status, as a shell counts it."""
    if not os.isatty(0) or os.tcgetpgrp(0) != os.getpgrp():
        os.execvp(command[0], command)  # no terminal to hand over, as under a service or in the background
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)  # else taking the terminal back would stop this process
    child = os.posix_spawnp(command[0], command, os.environ, setpgroup=0, setsigdef=[signal.SIGTTOU])
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, lambda caught, _: os.kill(child, caught))
    while True:
        os.tcsetpgrp(0, child)
        _, status = os.waitpid(child, os.WUNTRACED)
        os.tcsetpgrp(0, os.getpgrp())
        if not os.WIFSTOPPED(status):
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code
        os.killpg(os.getpgrp(), signal.SIGTSTP)  # Ctrl-Z: stop with it, make as well; `fg` continues here
        os.killpg(child, signal.SIGCONT)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
