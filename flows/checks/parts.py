"""Flow files and the parts they are made of: none is missing, none holds itself, each is used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from flows.checks.finding import Finding, found
from flows.exploring.flat import Where, more_of, steps_of
from flows.model import Each, FlowFile, Step, Use


def every_step(file: FlowFile) -> Iterator[tuple[Where, Step]]:
    """Yield each step with where it is written, those of repeated parts among them."""
    return _steps_in(file.steps, file.flow, ())


def _steps_in(steps: Sequence[Step], file: str, path: tuple[str, ...]) -> Iterator[tuple[Where, Step]]:
    for where, step in steps_of(steps, file, path):
        yield where, step
        if isinstance(step, Each):
            yield from _steps_in(step.steps, file, where.path)
            yield more_of(step, where), step.more


def missing_files(entries: Iterable[str], files: Mapping[str, FlowFile]) -> Iterator[Finding]:
    known = ", ".join(sorted(files)) or "none"
    for name in entries:
        if name not in files:
            yield Finding(name, "", "unknown_flow", "There is no such flow.", f"The flows are: {known}.")
    for file in files.values():
        for where, part in uses(file):
            if part not in files:
                yield found(where, "unknown_flow", f"There is no part `{part}`.", f"Use one of: {known}.")


def uses(file: FlowFile) -> Iterator[tuple[Where, str]]:
    for where, step in every_step(file):
        if isinstance(step, Use):
            yield where, step.use


def cycles(files: Mapping[str, FlowFile]) -> Iterator[Finding]:
    for name, file in files.items():
        for where, part in uses(file):
            way = _way_back(part, name, files, (part,))
            if way:
                told = " > ".join((name, *way))
                yield found(where, "cycle", f"The flow holds itself: {told}.", "Take one of these parts out.")


def _way_back(at: str, target: str, files: Mapping[str, FlowFile], way: tuple[str, ...]) -> tuple[str, ...] | None:
    if at == target:
        return way
    for _, part in uses(files[at]) if at in files else ():
        if part not in way or part == target:
            whole = _way_back(part, target, files, (*way, part))
            if whole:
                return whole
    return None


def stands(name: str, files: Mapping[str, FlowFile], inside: tuple[str, ...] = ()) -> bool:
    if name not in files or name in inside:
        return False
    return all(stands(part, files, (*inside, name)) for _, part in uses(files[name]))


def used_by(entries: Iterable[str], files: Mapping[str, FlowFile]) -> set[str]:
    used: set[str] = set()
    waiting = list(entries)
    while waiting:
        name = waiting.pop()
        if name not in used:
            used.add(name)
            waiting.extend(part for _, part in uses(files[name]))
    return used


def unused(file: FlowFile) -> Finding:
    return Finding(
        file.flow, "", "unreachable", "No flow that can be begun uses this one.",
        "Use it, begin with it, or take the file out.", "warning",
    )  # fmt: skip
