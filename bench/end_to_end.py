"""Front Door beside a bare python-telegram-bot echo bot, both whole processes, by long polling and by webhook."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from bench import machine
from bench.people import PARENT, Line
from bench.processes import Bot, Played, Way, echo_bot, front_door

AIM = 0.8
"""Of the bare echo bot's turns per core-second."""

WORDS: tuple[Line, ...] = tuple(line if isinstance(line, str) else line["tap"] for line in PARENT)
"""As many turns, all typed: all that the bare echo bot knows."""

WITH_BUTTONS: tuple[Line, ...] = tuple(line if isinstance(line, str) else {"tap": "go"} for line in PARENT)


def measure(folder: Path, way: Way, *, people: int, conversations: int, rounds: int) -> dict[str, list[Played]]:
    """Play to each in turn, round after round, after one round that does not count."""
    with ExitStack() as stack:
        bots: list[tuple[Bot, Sequence[Line]]] = [
            (stack.enter_context(front_door(folder / way, way=way)), PARENT),
            (stack.enter_context(echo_bot(folder / way, way=way)), WORDS),
            (stack.enter_context(echo_bot(folder / way, way=way, keyboard=True)), WITH_BUTTONS),
        ]
        seen: dict[str, list[Played]] = {bot.name: [] for bot, _ in bots}
        for bot, script in bots:
            bot.play(script, people=people, conversations=max(people, conversations // 4))
        for _ in range(rounds):
            for bot, script in bots:
                seen[bot.name].append(bot.play(script, people=people, conversations=conversations))
    return seen


def main(*, conversations: int, rounds: int, people: int) -> None:
    with machine.on_disk() as folder:
        print(
            f"End to end through a Bot API server: {people} people at once, {conversations} conversations of "
            f"{len(PARENT)} turns a round, {rounds} rounds in turn, the middle one; {machine.disk_line(folder)}"
        )
        ways: tuple[Way, ...] = ("polling", "webhook")
        found = {
            way: measure(folder, way, people=people, conversations=conversations, rounds=rounds) for way in ways
        }
    rows, ratios = [], []
    for way, seen in found.items():
        echo = seen["bare echo"]
        ratio = [ours.per_core_second / bare.per_core_second for ours, bare in zip(*_pair(seen), strict=True)]
        ratios.append(
            f"  by {way}: Front Door at {median(ratio):.2f} of the bare echo (each round: "
            f"{', '.join(f'{r:.2f}' for r in ratio)}; the aim is {AIM})"
        )
        for name, rounds_of in seen.items():
            rows.append(_row(f"{name}, {way}", rounds_of, echo))
    heads = ["", "turns/core-s", "ratio", "CPU ms", "calls a turn", "turns/s", "ms median", "ms 95th"]
    print(machine.table(heads, rows))
    print("\n".join(ratios))
    print("  CPU ms: of the bot's process for one turn. Calls a turn: to Telegram, polling aside.")
    print("  Front Door keeps every turn on disk and two turns in three are taps; the bare echo keeps nothing.")


def _pair(seen: dict[str, list[Played]]) -> tuple[list[Played], list[Played]]:
    return seen["Front Door"], seen["bare echo"]


def _row(name: str, rounds: Sequence[Played], echo: Sequence[Played]) -> list[str]:
    rate = median(p.per_core_second for p in rounds)
    bare = median(p.per_core_second for p in echo)
    return [
        name,
        f"{rate:.0f}",
        f"{rate / bare:.2f}",
        f"{1e3 / rate:.2f}",
        f"{median(p.calls / p.turns for p in rounds):.1f}",
        f"{median(p.turns / p.seconds for p in rounds):.0f}",
        f"{median(p.wait_median for p in rounds) * 1e3:.0f}",
        f"{median(p.wait_95th for p in rounds) * 1e3:.0f}",
    ]
