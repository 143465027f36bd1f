"""`python -m bench [turns|stages|memory|end_to_end|alerts|all]`: measures, and prints small tables."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from bench import alerts, end_to_end, machine, memory, stages, turns

WHAT = ("turns", "stages", "memory", "end_to_end", "alerts")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("what", nargs="?", default="all", choices=[*WHAT, "all"])
    parser.add_argument("--conversations", type=int, default=160, help="whole conversations in each round")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of end_to_end, taken in turn")
    parser.add_argument("--people", type=int, default=16, help="people at once, in end_to_end and memory")
    parser.add_argument("--turns", type=int, default=20_000, help="turns of memory")
    parser.add_argument("--alarms", type=int, default=alerts.ALARMS, help="people in danger, in alerts")
    given = parser.parse_args()
    benches: dict[str, Callable[[], None]] = {
        "turns": lambda: turns.main(conversations=given.conversations),
        "stages": lambda: stages.main(conversations=given.conversations),
        "memory": lambda: memory.main(turns=given.turns, people=given.people),
        "end_to_end": lambda: end_to_end.main(
            conversations=given.conversations, rounds=given.rounds, people=given.people
        ),
        "alerts": lambda: alerts.main(alarms=given.alarms),
    }
    for name, bench in benches.items():
        if given.what in (name, "all"):
            print(machine.line())
            bench()
            print(flush=True)


if __name__ == "__main__":
    main()
