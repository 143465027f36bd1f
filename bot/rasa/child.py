"""Rasa's HTTP server as we run it. Runs on Rasa's own Python 3.10 and so imports nothing of ours.

Started as `python -I child.py MODEL HOST PORT`, with the token as the first line of standard input. Once it can
answer it writes its port as a line on standard output. It ends when standard input does, and so with its parent.
Only reading a message and asking for the state are left of Rasa's API: whoever has the token cannot load a model.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
from functools import partial
from typing import Any

ALLOWED = frozenset({("POST", "/model/parse"), ("GET", "/status")})


def main(model: str, host: str, port: int) -> None:
    token = sys.stdin.readline().strip()
    if not token:
        sys.exit("no token was given on standard input")
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print is not an answer
    threading.Thread(target=end_with_parent, daemon=True).start()
    door = socket.create_server((host, port), family=family_of(host), backlog=100)
    run(model, token, door, answers)


def end_with_parent() -> None:
    while sys.stdin.readline():
        pass
    os._exit(0)


def family_of(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def run(model: str, token: str, door: socket.socket, answers: Any) -> None:
    from rasa.core.run import close_resources, configure_app, load_agent_on_start
    from rasa.utils.common import configure_logging_and_warnings
    from sanic.response import json

    configure_logging_and_warnings(40, warn_only_once=True, filter_repeated_logs=True)  # 40 is ERROR
    app = configure_app(input_channels=None, cors=None, auth_token=token, enable_api=True)

    @app.middleware("request")  # type: ignore[untyped-decorator, unused-ignore]
    async def only_what_is_allowed(request: Any) -> Any:
        if (request.method, request.path) not in ALLOWED:
            return json({"status": "failure", "reason": "NotFound", "code": 404}, status=404)
        return None

    async def say_ready(*_: Any) -> None:
        print(door.getsockname()[1], file=answers, flush=True)
        # From here on nothing is written down: an error might quote a person's words.
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)

    app.register_listener(partial(load_agent_on_start, model, None, None), "before_server_start")
    app.register_listener(say_ready, "after_server_start")
    app.register_listener(close_resources, "after_server_stop")
    app.run(sock=door, access_log=False, workers=1)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
