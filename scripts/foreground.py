"""Run a command as the terminal's foreground job: Ctrl-C reaches it alone, not the `make` that waits for it.

Without this, make dies of the same Ctrl-C and its status (130) hides that of the command.
"""

import os
import signal
import sys
from typing import NoReturn


def main(command: list[str]) -> int:
    """Run the command and return its exit status, as a shell counts it."""
    if not os.isatty(0) or os.tcgetpgrp(0) != os.getpgrp():
        os.execvp(command[0], command)  # no terminal to hand over, as under a service or in the background
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)  # else taking the terminal back would stop this process
    child = os.fork() or _become(command)
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


def _become(command: list[str]) -> NoReturn:
    """Take the terminal, then be the command: a Ctrl-C at its first word is for it already."""
    os.setpgid(0, 0)
    os.tcsetpgrp(0, os.getpid())
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    try:
        os.execvp(command[0], command)
    except OSError as error:
        print(f"{command[0]} cannot be run: {error.strerror}.", file=sys.stderr, flush=True)
        os._exit(127)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
