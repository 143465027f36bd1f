"""Resident memory of the real process: at rest, with a thousand open conversations, and over many turns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import linear_regression

from bench import machine
from bench.people import PARENT
from bench.processes import Bot, front_door

EVERY = 5_000
"""Turns between two looks."""

OPEN_CONVERSATIONS = 1_000
HALF_WAY = PARENT[:5]
"""Left after telling us the worry, and never finished."""

WIDTH = 50


def over_turns(bot: Bot, *, turns: int, people: int) -> Iterator[tuple[int, float]]:
    """Play whole conversations; give the turns so far and the memory in MB, now and then."""
    done = 0
    for look in range(1, max(turns // EVERY, 1) + 1):
        conversations = -(-(look * EVERY - done) // len(PARENT))
        done += bot.play(PARENT, people=people, conversations=conversations).turns
        yield done, bot.resident()


def slope(seen: Sequence[tuple[int, float]]) -> str:
    """Say what a thousand turns add, over the second half: the first fills caches."""
    half = seen[len(seen) // 2 :]
    if len(half) < 2:
        return "too few turns to tell a slope"
    each = linear_regression([n for n, _ in half], [mb for _, mb in half]).slope * 1_000
    return f"over the second half {each:+.3f} MB a thousand turns"


def chart(seen: Sequence[tuple[int, float]]) -> str:
    most = max(mb for _, mb in seen)
    return "\n".join(f"  {n:>8,} turns  {mb:6.1f} MB  {'#' * round(mb / most * WIDTH)}" for n, mb in seen)


def main(*, turns: int, people: int) -> None:
    with machine.on_disk() as folder, front_door(folder) as bot:
        print("Memory of `frontdoor serve`, resident, SQLite, Telegram by polling through a Bot API server")
        at_rest = bot.resident()
        print(f"  at rest {at_rest:.1f} MB", flush=True)
        bot.play(PARENT, people=people, conversations=100)
        warm = bot.resident()
        bot.play(HALF_WAY, people=people, conversations=OPEN_CONVERSATIONS)
        opened = bot.resident()
        print(f"  after 100 conversations {warm:.1f} MB ({warm / at_rest:.2f} of at rest)")
        print(
            f"  with {OPEN_CONVERSATIONS:,} more left open {opened:.1f} MB "
            f"({opened / warm:.2f}; {opened - warm:+.1f} MB)"
        )
        seen = [(0, opened)]
        for look in over_turns(bot, turns=turns, people=people):
            seen.append(look)
        first, last = seen[1][1], seen[-1][1]
        print(chart(seen))
        print(
            f"  after {seen[1][0]:,} turns {first:.1f} MB, after {seen[-1][0]:,} {last:.1f} MB "
            f"({last / first:.2f}); {slope(seen)}"
        )
