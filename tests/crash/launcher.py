"""Starts the front door again and again without waiting for Python to read its files: forks from a warm process.

Run as `python -m tests.crash.launcher`. Each line read is a command line of `frontdoor`; the answer is the number
of the process that runs it. The processes are the real thing from their first line on; only imports are shared.
"""

from __future__ import annotations

import os
import signal
import sys

from bot.__main__ import main


def _run(arguments: list[str]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(os.environ["CRASH_LOG"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.argv = ["frontdoor", *arguments]
    main()


if __name__ == "__main__":
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who are killed
    print("ready", flush=True)
    for line in sys.stdin:
        number = os.fork()
        if number == 0:
            _run(line.split())
            os._exit(0)
        print(number, flush=True)
