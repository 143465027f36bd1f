"""Finds mistakes in flows before a person does, and says how to mend each."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pydantic import ValidationError

from flows.area import Area, Phones
from flows.catalog import Catalog
from flows.catalog import Field as CatalogField
from flows.conditions import AudienceIs, Not
from flows.exploring import (
    AUDIENCES,
    DEPTHS,
    Look,
    Seen,
    Sightings,
    Where,
    explore,
    more_of,
    parts_of,
    steps_of,
)
from flows.loader import assemble, flow_from_json, flow_to_json
from flows.model import Ask, Each, Finish, FlowFile, Say, Step, Use, Words, in_words
from flows.path import AGAIN
from flows.plain_words import PEOPLE, Labels, describe
from flows.reading.expected import ERRORS
from flows.wording import Wording

MOST_QUICK = 10
LONGEST_OPTION = 40
MOST_TIMES = 20
OWN_INDICATORS = frozenset({"danger_answer", "cannot_talk"})
CONTROLS = frozenset({"keep", "not_known", "skip", "back", "person", "done", "send", "change"})
"""Buttons of the engine's own. An option with such an id would be taken for one."""

SPOKEN_BY_ENGINE = frozenset(
    {
        "after_sent", "back_at_start", "back_now", "change_no_such", "change_nothing", "change_now",
        "change_which", "check_change", "check_intro", "check_not_checked", "check_not_known",
        "check_not_provided", "check_outro", "check_rather_not", "check_send", "control_back",
        "control_not_known", "control_person", "control_skip", "facts_dropped",
        "help_general", "keep", "line_open", "miss_help", "miss_moved_on", "offer_facts", "offer_facts_no",
        "offer_facts_yes", "person_open", "resume_paused", "sent", "told_early",
    }
)  # fmt: skip
"""Ids in words.yaml that the engine says by itself, whatever the flow."""

_HOLDER = re.compile(r"\{([a-z0-9_.]+)(\|[^{}]*)?\}")
_NO_AREA = Area(
    id="none",
    name="",
    service_name="",
    team_name="",
    council_name="",
    phones=Phones(duty="", out_of_hours=""),
    hours={},
    reply_same_day="",
)
AREA_VALUES = frozenset(_NO_AREA.values()) | {"area.opens", "area.reply", "reference"}
"""What every voice can fill in: the area's own values, when it opens, what it promises, the reference."""

Severity = Literal["error", "warning"]
Version = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake: where, what, and how to put it right. An error can harm a person; a warning is untidy."""

    flow: str
    place: str
    kind: str
    message: str
    how_to_mend: str
    severity: Severity = "error"

    def __str__(self) -> str:
        place = f"{self.flow}: {self.place}" if self.place else self.flow
        return f"{self.severity} ({self.kind}) {place}: {self.message} {self.how_to_mend}"


@dataclass(frozen=True, slots=True)
class _Checked:
    """What the checks look at together."""

    files: Mapping[str, FlowFile]
    catalog: Catalog
    wording: Wording
    seen: Sightings
    filled: frozenset[str]
    names: frozenset[str]
    labels: Labels


@dataclass(slots=True)
class _Written:
    """One step as it is written."""

    where: Where
    step: Step
    inside: tuple[Each, ...] = field(default=())


def check_flows(
    files: Mapping[str, FlowFile],
    entry_names: Iterable[str],
    *,
    catalog: Catalog,
    wording: Wording,
    versions_in_use: Mapping[Version, int] | None = None,
    stored_versions: Mapping[Version, str] | None = None,
    filled: Iterable[str] = (),
) -> list[Finding]:
    """Return every mistake found, errors first.

    `entry_names` are the flows a conversation can begin with. `versions_in_use` counts the conversations that
    are not finished, by flow and number of its content; `stored_versions` holds each as `flow_to_json` wrote
    it. `filled` names the place-holders that are filled by whoever sends the words, besides the area's own.
    """
    entries = list(dict.fromkeys(entry_names))
    findings = [*_missing_files(entries, files), *_cycles(files)]
    sound = [name for name in entries if _stands(name, files)]
    asks = [w.step for f in files.values() for w in _written(f) if isinstance(w.step, Ask)]
    checked = _Checked(
        files, catalog, wording, explore(sound, files), frozenset(filled),
        frozenset(a.name for a in asks if a.name.endswith("name")), Labels(asks),
    )  # fmt: skip
    for file in files.values():
        for written in _written(file):
            findings.extend(_step_findings(written, checked))
    findings.extend(_explored_findings(checked, sound))
    findings.extend(_engine_words(wording))
    findings.extend(_stranded(files, versions_in_use or {}, stored_versions or {}))
    return sorted(dict.fromkeys(findings), key=lambda f: (f.severity, f.flow))


# Files and parts


def _written(file: FlowFile) -> Iterator[_Written]:
    yield from _written_in(file.steps, file.flow, (), ())


def _written_in(
    steps: Sequence[Step], file: str, path: tuple[str, ...], inside: tuple[Each, ...]
) -> Iterator[_Written]:
    for where, step in steps_of(steps, file, path):
        yield _Written(where, step, inside)
        if isinstance(step, Each):
            yield from _written_in(step.steps, file, where.path, (*inside, step))
            yield _Written(more_of(step, where), step.more, (*inside, step))


def _missing_files(entries: Iterable[str], files: Mapping[str, FlowFile]) -> Iterator[Finding]:
    known = ", ".join(sorted(files)) or "none"
    for name in entries:
        if name not in files:
            yield Finding(name, "", "unknown_flow", "There is no such flow.", f"The flows are: {known}.")
    for file in files.values():
        for written in _written(file):
            if isinstance(written.step, Use) and written.step.use not in files:
                message = f"There is no part `{written.step.use}`."
                yield _found(written.where, "unknown_flow", message, f"Use one of: {known}.")


def _uses(file: FlowFile) -> Iterator[tuple[Where, str]]:
    for written in _written(file):
        if isinstance(written.step, Use):
            yield written.where, written.step.use


def _cycles(files: Mapping[str, FlowFile]) -> Iterator[Finding]:
    for name, file in files.items():
        for where, part in _uses(file):
            way = _way_back(part, name, files, (part,))
            if way:
                told = " > ".join((name, *way))
                yield _found(where, "cycle", f"The flow holds itself: {told}.", "Take one of these parts out.")


def _way_back(at: str, target: str, files: Mapping[str, FlowFile], way: tuple[str, ...]) -> tuple[str, ...] | None:
    if at == target:
        return way
    for _, part in _uses(files[at]) if at in files else ():
        if part not in way or part == target:
            found = _way_back(part, target, files, (*way, part))
            if found:
                return found
    return None


def _stands(name: str, files: Mapping[str, FlowFile], inside: tuple[str, ...] = ()) -> bool:
    if name not in files or name in inside:
        return False
    return all(_stands(part, files, (*inside, name)) for _, part in _uses(files[name]))


# One step as it is written


def _step_findings(written: _Written, checked: _Checked) -> Iterator[Finding]:
    match written.step:
        case Ask() as ask:
            yield from _settings(written.where, ask)
            yield from _option_ids(written.where, ask)
            for check in (_fields, _worries, _words, _alike):
                yield from check(written.where, ask, checked)
        case Each() as group:
            yield from _group(written.where, group)
        case Say(say=key):
            yield from _said(written.where, key, checked)
        case Finish(say=keys):
            for key in keys:
                yield from _said(written.where, key, checked)
        case Use():
            pass


def _fields(where: Where, ask: Ask, checked: _Checked) -> Iterator[Finding]:
    known = checked.catalog.fields.get(ask.ask)
    if known is None:
        yield _found(
            where, "unknown_field", f"`{ask.ask}` is not a field of the catalogue.",
            "Correct the id, or add the field to own-fields.yaml.",
        )  # fmt: skip
        return
    yield from _values(where, ask, known, checked)
    for audience in sorted(checked.seen.reached.get(where, ())):
        if known.requirement.get(audience) == "not_asked":
            yield _found(
                where, "not_for_audience", f"`{ask.ask}` is asked of {PEOPLE[audience]}; it must not be.",
                "Guard it by the audience, or ask something else.",
            )  # fmt: skip


def _values(where: Where, ask: Ask, known: CatalogField, checked: _Checked) -> Iterator[Finding]:
    codes = _codes(known, checked.catalog)
    if codes is None:
        return
    for option in ask.options:
        if option.id not in codes:
            yield _found(
                where, "wrong_value", f"`{option.id}` is not a value of `{ask.ask}`.",
                f"Use one of: {', '.join(codes)}.",
            )  # fmt: skip


def _codes(known: CatalogField, catalog: Catalog) -> list[str] | None:
    """Return the values a field may have; None where the catalogue does not list them."""
    if isinstance(known.values, list):
        return [str(value) for value in known.values]
    name = known.values.get("list", "") if isinstance(known.values, dict) else ""
    if name == "safeguarding-indicators.yaml":
        return sorted(catalog.indicators)
    code_list = catalog.lists.get(str(name).rsplit("/", 1)[-1].removesuffix(".csv"))
    return [str(next(iter(row.values()))) for row in code_list.rows] if code_list else None


def _settings(where: Where, ask: Ask) -> Iterator[Finding]:
    """An answer that sets who they are, or how much they tell, must always give a name the flows know."""
    known = {"audience": AUDIENCES, "depth": DEPTHS}.get(ask.sets)
    if known is None:
        return
    for option in ask.options:
        value = ask.maps.get(option.id, option.id)
        if value not in known:
            yield _found(
                where, "wrong_value", f"The answer `{option.id}` would set the {ask.sets} to `{value}`.",
                f"Map it to one of: {', '.join(known)}.",
            )  # fmt: skip
    ids = {option.id for option in ask.options}
    for value in ask.maps:
        if value not in ids:
            yield _found(
                where, "wrong_value", f"`maps` names `{value}`, which is not an option.", "Take it out or add it."
            )
    if ask.or_text or not ask.options:
        yield _found(where, "wrong_value", f"Their own words cannot set the {ask.sets}.", "Give options only.")


def _worries(where: Where, ask: Ask, checked: _Checked) -> Iterator[Finding]:
    for worry in ask.raises:
        if worry.indicator not in checked.catalog.indicators and worry.indicator not in OWN_INDICATORS:
            yield _found(
                where, "unknown_indicator", f"`{worry.indicator}` is not an indicator.",
                "Use an id of safeguarding-indicators.yaml.",
            )  # fmt: skip
        if worry.say:
            yield from _said(where, worry.say, checked)


def _words(where: Where, ask: Ask, checked: _Checked) -> Iterator[Finding]:
    """Each audience that reaches the question has words for it, and nothing in them is left unfilled."""
    reached = checked.seen.reached.get(where, set())
    named = AREA_VALUES | checked.names
    for what, words, needed, fillers in _words_of(ask, named):
        for audience in sorted(_without_words(words, reached, needed)):
            yield _found(
                where, "missing_words", f"There is no {what} for {PEOPLE[audience]}.",
                "Write it, or give `other` for everyone else.",
            )  # fmt: skip
        yield from _holders(where, what, _texts(words), fillers)
    for key in ask.errors:
        if key not in ERRORS:
            known = ", ".join(sorted(ERRORS))
            yield _found(where, "missing_words", f"`{key}` is not the id of an error.", f"Use one of: {known}.")


def _words_of(ask: Ask, named: frozenset[str]) -> Iterator[tuple[str, Words, bool, frozenset[str]]]:
    """Yield each of the question's words: what it is, whether it is needed, what may be filled in."""
    yield "question", ask.words, ask.kind != "check", named
    yield "label", ask.label, False, named
    yield "hint", ask.hint, False, AREA_VALUES
    yield "help", ask.help, False, AREA_VALUES
    for option in ask.options:
        yield f"label of the option `{option.id}`", option.label, True, AREA_VALUES
    for key, text in ask.errors.items():
        yield f"error `{key}`", text, True, AREA_VALUES


def _without_words(words: Words, reached: set[str], needed: bool) -> set[str]:
    if isinstance(words, str):
        return set() if words.strip() or not needed else reached or {"unknown"}
    by_name = {str(key): text for key, text in words.items()}
    return {a for a in reached if not (by_name.get(a) or by_name.get("other", "")).strip()}


def _texts(words: Words) -> list[str]:
    return [words] if isinstance(words, str) else list(words.values())


def _holders(where: Where, what: str, texts: Iterable[str], fillers: frozenset[str]) -> Iterator[Finding]:
    for name, instead in dict.fromkeys(m for text in texts for m in _HOLDER.findall(text)):
        if name not in fillers:
            yield _found(
                where, "missing_words", f"Nothing fills {{{name}}} in the {what}.",
                "Correct the name, or write the words out.",
            )  # fmt: skip
        elif name not in AREA_VALUES and not instead:
            yield _found(
                where, "missing_words", f"{{{name}}} in the {what} is left empty when it was not answered.",
                f"Write {{{name}|words to use without it}}.", "warning",
            )  # fmt: skip


def _said(where: Where, key: str, checked: _Checked) -> Iterator[Finding]:
    if key not in checked.wording:
        yield _found(where, "missing_words", f"words.yaml has no `{key}`.", "Add the words, or correct the id.")
        return
    reached = checked.seen.reached.get(where, set())
    for each in (key, f"{key}_closed"):
        if each in checked.wording:
            text = checked.wording.entry(each).text
            for audience in sorted(_without_words(text, reached, needed=True)):
                yield _found(
                    where, "missing_words", f"`{each}` has no words for {PEOPLE[audience]}.",
                    "Write them in words.yaml, or give `other`.",
                )  # fmt: skip
            yield from _fixed_holders(where, each, _texts(text), checked.filled)


def _fixed_holders(where: Where, key: str, texts: Iterable[str], filled: frozenset[str]) -> Iterator[Finding]:
    held = [
        m for text in texts for line in text.splitlines() if not _stands_alone(line) for m in _HOLDER.findall(line)
    ]
    for name, instead in dict.fromkeys(held):
        if not instead and name not in AREA_VALUES and name not in filled:
            yield _found(
                where, "missing_words", f"Nothing fills {{{name}}} in `{key}`.",
                f"Correct the name, or write {{{name}|}} where it may be left out.",
            )  # fmt: skip


def _stands_alone(line: str) -> bool:
    """Whether a line is one place-holder and nothing else: left out, it leaves no gap in a sentence."""
    match = _HOLDER.fullmatch(line.strip())
    return bool(match) and not line.strip().startswith("{area.")


def _option_ids(where: Where, ask: Ask) -> Iterator[Finding]:
    for option in ask.options:
        if len(option.id) > LONGEST_OPTION:
            yield _found(
                where, "too_long", f"The option id `{option.id}` is too long for a button.",
                f"Use at most {LONGEST_OPTION} letters.",
            )  # fmt: skip
        if option.id in CONTROLS - ({"not_known"} if ask.kind != "check" else set()):
            yield _found(
                where, "indistinct", f"The option id `{option.id}` is that of a button of the front door's own.",
                "Give it another id.",
            )  # fmt: skip


def _alike(where: Where, ask: Ask, checked: _Checked) -> Iterator[Finding]:
    """Two options offered together may not be typed alike."""
    for audience, offered in sorted(checked.seen.offered.get(where, ()), key=lambda o: (o[0], sorted(o[1]))):
        meant: dict[str, str] = {}
        for number in sorted(offered):
            option = ask.options[number]
            for text in dict.fromkeys(_typed(t) for t in (in_words(option.label, audience), *option.also)):
                other = meant.setdefault(text, option.id)
                if text and other != option.id:
                    yield _found(
                        where, "indistinct", f"“{text}” could be `{other}` or `{option.id}`.",
                        "Give them different words.",
                    )  # fmt: skip


def _typed(text: str) -> str:
    """Return the text as people type it: without case, punctuation or doubled spaces."""
    return " ".join(re.sub(r"[^\w\s]", "", text.casefold()).split())


def _group(where: Where, group: Each) -> Iterator[Finding]:
    ways_out = [option.id for option in group.more.options if option.id != AGAIN]
    if group.most > 1 and not ways_out:
        yield _found(
            where, "cycle", f"The question `{group.more.name}` has no answer that ends the repeating.",
            "Add an option for no.",
        )  # fmt: skip
    if group.most > 1 and all(option.id != AGAIN for option in group.more.options):
        yield _found(
            where, "unreachable", f"`{group.more.name}` has no option `{AGAIN}`: nothing is repeated.",
            f"Give the option that begins the next the id `{AGAIN}`.",
        )  # fmt: skip
    if group.most > MOST_TIMES:
        yield _found(
            where, "cycle", f"The same questions may be asked {group.most} times.",
            f"Set `most` to {MOST_TIMES} or fewer.", "warning",
        )  # fmt: skip


# What was seen while every way was followed


def _explored_findings(checked: _Checked, sound: Sequence[str]) -> Iterator[Finding]:
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
    used = _used_by(sound, checked.files)
    for file in checked.files.values():
        if file.flow in used:
            yield from _unreached(file.steps, file.flow, (), seen, checked.labels)
        else:
            yield _unused(file)
    yield from _conditions(checked)


def _used_by(entries: Iterable[str], files: Mapping[str, FlowFile]) -> set[str]:
    used: set[str] = set()
    waiting = list(entries)
    while waiting:
        name = waiting.pop()
        if name not in used:
            used.add(name)
            waiting.extend(part for _, part in _uses(files[name]))
    return used


def _unused(file: FlowFile) -> Finding:
    return Finding(
        file.flow, "", "unreachable", "No flow that can be begun uses this one.",
        "Use it, begin with it, or take the file out.", "warning",
    )  # fmt: skip


def _dead_ends(seen: Sightings) -> Iterator[Finding]:
    for end in (end for ends in seen.dead_ends.values() for end in ends):
        yield Finding(
            end.flow, "", "dead_end", f"The way ends nowhere for {'; '.join(end.how)}.",
            "Add a finish, without a condition, as the last step.",
        )  # fmt: skip


def _orders(seen: Sightings) -> Iterator[Finding]:
    for where, name in sorted(seen.asked_again.items()):
        yield _found(
            where, "asked_twice", f"`{name}` may be answered by another question before, and is then passed over.",
            "Give one of the two its own `id`.",
        )  # fmt: skip
    for where, name in sorted(seen.out_of_order.items()):
        yield _found(
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
    return _found(where, "unreachable", f"It is never reached: {cause}.", mend)


def _never_on(where: Where, step: Step, labels: Labels) -> Finding:
    depth = "" if isinstance(step, Finish) or step.depth is None else f"`depth: {step.depth}`"
    said = [f"“{describe(step.when, labels)}”"] if step.when else []
    cause = " with ".join([*said, *([depth] if depth else [])])
    return _found(
        where, "unreachable", f"It is never reached: {cause} never holds here.",
        "Correct the condition, or take the step out.",
    )  # fmt: skip


def _looks(checked: _Checked) -> Iterator[Finding]:
    for (where, of, name), found in checked.seen.looked.items():
        if "before" not in found:
            worst = next(kind for kind in ("later", "inside", "nowhere") if kind in found)
            severity: Severity = "warning" if worst == "later" else "error"
            message = f"Its {of} looks at `{name}`, {_LOOKED[worst]}."
            yield _found(where, "not_asked_before", message, _MEND_LOOK, severity)
    for (where, of, name, value), fits in checked.seen.values.items():
        if True not in fits:
            yield _found(
                where, "unknown_option", f"Its {of} looks for `{value}`, which is not an option of `{name}`.",
                "Correct the value.",
            )  # fmt: skip


_LOOKED = {
    "later": "which is asked only after this",
    "inside": "which is asked only inside a repeated part: only steps of that part can look at it",
    "nowhere": "which is asked nowhere in the flow",
}
_MEND_LOOK = "Ask it before, or correct the name."


def _conditions(checked: _Checked) -> Iterator[Finding]:
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
        yield _found(
            look.where, "always_true", f"In its {look.of}, {said} always holds here.", "Take it out.", "warning"
        )
    elif result.held or (look.of == "when" and not look.path):
        return  # a worry raised by any answer is meant; a step that is never on is told as unreachable
    elif look.of.startswith("option") and not look.path:
        yield _found(
            look.where, "unreachable", f"Its {look.of} is never offered: {said} never holds here.",
            "Correct the condition, or take the option out.",
        )  # fmt: skip
    else:
        yield _found(
            look.where, "never_true", f"In its {look.of}, {said} never holds here.",
            "Correct it, or take it out.", "error" if look.of.startswith("raises") else "warning",
        )  # fmt: skip


def _absent(look: Look, condition: AudienceIs, seen: Sightings) -> Iterator[Finding]:
    for audience in condition.audience:
        if audience not in seen.audiences.get(look.where, ()):
            yield _found(
                look.where, "absent_audience", f"Its {look.of} names {PEOPLE[audience]}, who never comes here.",
                "Take it out.", "warning",
            )  # fmt: skip


# Words of the engine, versions in use


def _engine_words(wording: Wording) -> Iterator[Finding]:
    for key in sorted(SPOKEN_BY_ENGINE - wording.ids()):
        yield Finding("words.yaml", "", "missing_words", f"There is no `{key}`.", "Add it: every flow says it.")
    if "miss_again" in wording:
        return
    for key in sorted(ERRORS):
        if key not in wording and f"error_{key}" not in wording:
            message = f"There is no `error_{key}`."
            yield Finding("words.yaml", "", "missing_words", message, "Add it, or `miss_again`.")


def _stranded(
    files: Mapping[str, FlowFile], in_use: Mapping[Version, int], stored: Mapping[Version, str]
) -> Iterator[Finding]:
    for (name, number), count in sorted(in_use.items()):
        if count and not _can_be_played(stored.get((name, number))):
            message = f"{_conversations(count)} with content {number} of the flow, which is not kept."
            yield Finding(
                name, f"content {number}", "stranded", message,
                "Bring it back into storage before this goes live.",
            )  # fmt: skip
    for name in sorted(files):
        newest = max((number for flow, number in stored if flow == name), default=None)
        if newest is None or not _stands(name, files):
            continue
        flow = assemble(name, files)
        kept = stored[(name, newest)]
        if _version_of(kept) == flow.version and kept != flow_to_json(flow):
            yield Finding(
                name, f"version {flow.version}", "stranded",
                "The flow, or a part of it, has changed since it was last used, and its version number has not.",
                f"Set `version: {flow.version + 1}`, so that people can tell the two apart.", "warning",
            )  # fmt: skip


def _conversations(count: int) -> str:
    return "1 conversation goes on" if count == 1 else f"{count} conversations go on"


def _can_be_played(text: str | None) -> bool:
    if text is None:
        return False
    try:
        flow_from_json(text)
    except ValidationError:
        return False
    return True


def _version_of(text: str) -> object:
    try:
        return json.loads(text).get("version")
    except json.JSONDecodeError:
        return None


def _found(where: Where, kind: str, message: str, how_to_mend: str, severity: Severity = "error") -> Finding:
    return Finding(where.file, str(where), kind, message, how_to_mend, severity)
