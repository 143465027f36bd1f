"""What was seen while every way was followed: dead ends, steps never reached, conditions that never change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from flows.checks.checked import Checked
from flows.checks.finding import Finding, Severity, found
from flows.checks.parts import unused, used_by
from flows.conditions import AudienceIs, Not, parts_of
from flows.exploring.flat import Where, steps_of
from flows.exploring.sightings import Look, Seen, Sightings
from flows.model import Each, Finish, FlowFile, Step
from flows.plain_words import PEOPLE, Labels, describe

MOST_QUICK = 10
_LOOKED = {
    "later": "which is asked only after this",
    "inside": "which is asked only inside a repeated part: only steps of that part can look at it",
    "nowhere": "which is asked nowhere in the flow",
}
_MEND_LOOK = "Ask it before, or correct the name."


def explored_findings(checked: Checked, sound: Sequence[str]) -> Iterator[Finding]:
    seen = checked.seen
    yield from _dead_ends(seen)
    yield from _looks(checked)
    yield from _orders(seen)
    for (name, audience), count in sorted(seen.longest.items()):
        if count > MOST_QUICK:
            yield Finding(
                name, "", "asks_too_much", f"The shorter set asks {PEOPLE[audience]} up to {count} questions.",
                f"Ask at most {MOST_QUICK}; put `depth: full` on the others.", "warning",
            )  # fmt: skip
    if seen.cut_short:
        for name in sorted(seen.cut_short):
            yield Finding(
                name, "", "too_many_ways", "There are too many ways through to look at them all.",
                "Let fewer steps depend on answers given long before.", "warning",
            )  # fmt: skip
        return
    used = used_by(sound, checked.files)
    for file in checked.files.values():
        if file.flow in used:
            yield from _unreached(file.steps, file.flow, (), seen, checked.labels)
        else:
            yield unused(file)
    yield from _conditions(checked)


def _dead_ends(seen: Sightings) -> Iterator[Finding]:
    for end in (end for ends in seen.dead_ends.values() for end in ends):
        yield Finding(
            end.flow, "", "dead_end", f"The way ends nowhere for {'; '.join(end.how)}.",
            "Add a finish, without a condition, as the last step.",
        )  # fmt: skip


def _orders(seen: Sightings) -> Iterator[Finding]:
    for where, name in sorted(seen.asked_again.items()):
        yield found(
            where, "asked_twice", f"`{name}` may be answered by another question before, and is then passed over.",
            "Give one of the two its own `id`.",
        )  # fmt: skip
    for where, name in sorted(seen.out_of_order.items()):
        yield found(
            where, "unsafe_order", f"`{name}` is asked before it is known how it is safe to reach them.",
            "Ask `safe_contact_methods` first, on every way that leads here.",
        )  # fmt: skip


def _unreached(
    steps: Sequence[Step], file: str, path: tuple[str, ...], seen: Sightings, labels: Labels
) -> Iterator[Finding]:
    listed = list(steps_of(steps, file, path))
    for number, (where, step) in enumerate(listed):
        if where not in seen.arrived:
            if number:  # else the step that leads here is told
                yield _cut_off(listed, number)
            return
        if where not in seen.reached:
            yield _never_on(where, step, labels)
        elif isinstance(step, Each):
            yield from _unreached(step.steps, file, where.path, seen, labels)


def _cut_off(listed: Sequence[tuple[Where, Step]], number: int) -> Finding:
    where, _ = listed[number]
    before, _ = listed[number - 1]
    rest = len(listed) - number
    count = "this step" if rest == 1 else f"this step and the {rest - 1} after it"
    cause = f"{before.path[-1]} always ends the way before {count}"
    mend = "Give the finish a condition, or take the steps out."
    return found(where, "unreachable", f"It is never reached: {cause}.", mend)


def _never_on(where: Where, step: Step, labels: Labels) -> Finding:
    depth = "" if isinstance(step, Finish) or step.depth is None else f"`depth: {step.depth}`"
    said = [f"“{describe(step.when, labels)}”"] if step.when else []
    cause = " with ".join([*said, *([depth] if depth else [])])
    return found(
        where, "unreachable", f"It is never reached: {cause} never holds here.",
        "Correct the condition, or take the step out.",
    )  # fmt: skip


def _looks(checked: Checked) -> Iterator[Finding]:
    for (where, of, name), asked in checked.seen.looked.items():
        if "before" not in asked:
            worst = next(kind for kind in ("later", "inside", "nowhere") if kind in asked)
            severity: Severity = "warning" if worst == "later" else "error"
            message = f"Its {of} looks at `{name}`, {_LOOKED[worst]}."
            yield found(where, "not_asked_before", message, _MEND_LOOK, severity)
    for (where, of, name, value), fits in checked.seen.values.items():
        if True not in fits:
            yield found(
                where, "unknown_option", f"Its {of} looks for `{value}`, which is not an option of `{name}`.",
                "Correct the value.",
            )  # fmt: skip


def _conditions(checked: Checked) -> Iterator[Finding]:
    seen = checked.seen.conditions
    for look, result in seen.items():
        whole = seen[Look(look.where, look.of, ())]
        if look.path and not (whole.held and whole.failed):
            continue
        if any(not _varies(seen[Look(look.where, look.of, look.path[:n])]) for n in range(len(look.path))):
            continue
        if not _varies(result):
            if not _guards_itself(look, result, checked.files):
                yield from _constant(look, result, checked.labels)
        elif isinstance(result.condition, AudienceIs):
            yield from _absent(look, result.condition, checked.seen)


def _guards_itself(look: Look, result: Seen, files: Mapping[str, FlowFile]) -> bool:
    """A shared part may say whom it is for, even where only they come today."""
    leaves = [part for _, part in parts_of(result.condition) if not isinstance(part, Not)]
    return result.held and files[look.where.file].part and all(isinstance(part, AudienceIs) for part in leaves)


def _varies(seen: Seen) -> bool:
    return seen.held and seen.failed


def _constant(look: Look, result: Seen, labels: Labels) -> Iterator[Finding]:
    said = f"“{describe(result.condition, labels)}”"
    if result.held and not look.of.startswith("raises"):
        yield found(
            look.where, "always_true", f"In its {look.of}, {said} always holds here.", "Take it out.", "warning"
        )
    elif result.held or (look.of == "when" and not look.path):
        return  # a worry raised by any answer is meant; a step that is never on is told as unreachable
    elif look.of.startswith("option") and not look.path:
        yield found(
            look.where, "unreachable", f"Its {look.of} is never offered: {said} never holds here.",
            "Correct the condition, or take the option out.",
        )  # fmt: skip
    else:
        yield found(
            look.where, "never_true", f"In its {look.of}, {said} never holds here.",
            "Correct it, or take it out.", "error" if look.of.startswith("raises") else "warning",
        )  # fmt: skip


def _absent(look: Look, condition: AudienceIs, seen: Sightings) -> Iterator[Finding]:
    for audience in condition.audience:
        if audience not in seen.audiences.get(look.where, ()):
            yield found(
                look.where, "absent_audience", f"Its {look.of} names {PEOPLE[audience]}, who never comes here.",
                "Take it out.", "warning",
            )  # fmt: skip
