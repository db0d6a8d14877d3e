"""Lives of the bot, one after the other: a warm parent that forks a child which runs the real thing.

Reads lines on standard input: `start` forks a bot (its pid is printed), `kill` ends it with SIGKILL and waits for
it. Imports are done once, in the parent, which never starts a thread or a loop: so a life begins within moments.
"""

from __future__ import annotations

import os
import signal
import sys

import uvloop

from bot import app, logs, settings


def main() -> None:
    child = 0
    for line in sys.stdin:
        if line.strip() == "start":
            child = os.fork()
            if child == 0:
                _live()
            _tell(str(child))
        elif child:
            os.kill(child, signal.SIGKILL if line.strip() == "kill" else signal.SIGTERM)
            _, status = os.waitpid(child, 0)
            child = 0
            _tell(str(os.waitstatus_to_exitcode(status)))


def _live() -> None:
    """In the child: run until killed. Never returns."""
    sys.stdin.close()
    try:
        loaded = settings.load()
        logs.start(loaded.secrets, "WARNING")
        uvloop.run(app.run(loaded, lambda port: None))
        os._exit(0)
    except BaseException as error:
        sys.stderr.write(f"{error!r}\n")
        os._exit(1)


def _tell(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
