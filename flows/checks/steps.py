"""One step as it is written: its field, its options, what it sets and raises."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flows.catalog import OWN_INDICATORS, Catalog
from flows.catalog import Field as CatalogField
from flows.checks.checked import Checked
from flows.checks.finding import Finding, found
from flows.checks.words import said_findings, words_findings
from flows.conditions import AUDIENCES, DEPTHS
from flows.exploring.flat import Where
from flows.model import Ask, Each, Finish, Say, Step, Use, in_words
from flows.path import AGAIN
from flows.plain_words import PEOPLE

LONGEST_OPTION = 40
MOST_TIMES = 20
CONTROLS = frozenset({"keep", "not_known", "skip", "back", "person", "done", "send", "change"})
"""Buttons of the engine's own. An option with such an id would be taken for one."""


def step_findings(where: Where, step: Step, checked: Checked) -> Iterator[Finding]:
    match step:
        case Ask() as ask:
            yield from _settings(where, ask)
            yield from _option_ids(where, ask)
            for check in (_fields, _worries, words_findings, _alike):
                yield from check(where, ask, checked)
        case Each() as group:
            yield from _group(where, group)
        case Say(say=key):
            yield from said_findings(where, key, checked)
        case Finish(say=keys):
            for key in keys:
                yield from said_findings(where, key, checked)
        case Use():
            pass


def _fields(where: Where, ask: Ask, checked: Checked) -> Iterator[Finding]:
    known = checked.catalog.fields.get(ask.ask)
    if known is None:
        yield found(
            where, "unknown_field", f"`{ask.ask}` is not a field of the catalogue.",
            "Correct the id, or add the field to own-fields.yaml.",
        )  # fmt: skip
        return
    yield from _values(where, ask, known, checked)
    for audience in sorted(checked.seen.reached.get(where, ())):
        if known.requirement.get(audience) == "not_asked":
            yield found(
                where, "not_for_audience", f"`{ask.ask}` is asked of {PEOPLE[audience]}; it must not be.",
                "Guard it by the audience, or ask something else.",
            )  # fmt: skip


def _values(where: Where, ask: Ask, known: CatalogField, checked: Checked) -> Iterator[Finding]:
    codes = _codes(known, checked.catalog)
    if codes is None:
        return
    for option in ask.options:
        if option.id not in codes:
            yield found(
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
            yield found(
                where, "wrong_value", f"The answer `{option.id}` would set the {ask.sets} to `{value}`.",
                f"Map it to one of: {', '.join(known)}.",
            )  # fmt: skip
    ids = {option.id for option in ask.options}
    for value in ask.maps:
        if value not in ids:
            yield found(
                where, "wrong_value", f"`maps` names `{value}`, which is not an option.", "Take it out or add it."
            )
    if ask.or_text or not ask.options:
        yield found(where, "wrong_value", f"Their own words cannot set the {ask.sets}.", "Give options only.")


def _worries(where: Where, ask: Ask, checked: Checked) -> Iterator[Finding]:
    for worry in ask.raises:
        if worry.indicator not in checked.catalog.indicators and worry.indicator not in OWN_INDICATORS:
            yield found(
                where, "unknown_indicator", f"`{worry.indicator}` is not an indicator.",
                "Use an id of safeguarding-indicators.yaml.",
            )  # fmt: skip
        if worry.say:
            yield from said_findings(where, worry.say, checked)


def _option_ids(where: Where, ask: Ask) -> Iterator[Finding]:
    for option in ask.options:
        if len(option.id) > LONGEST_OPTION:
            yield found(
                where, "too_long", f"The option id `{option.id}` is too long for a button.",
                f"Use at most {LONGEST_OPTION} letters.",
            )  # fmt: skip
        if option.id in CONTROLS - ({"not_known"} if ask.kind != "check" else set()):
            yield found(
                where, "indistinct", f"The option id `{option.id}` is that of a button of the front door's own.",
                "Give it another id.",
            )  # fmt: skip


def _alike(where: Where, ask: Ask, checked: Checked) -> Iterator[Finding]:
    """Two options offered together may not be typed alike."""
    for audience, offered in sorted(checked.seen.offered.get(where, ()), key=lambda o: (o[0], sorted(o[1]))):
        meant: dict[str, str] = {}
        for number in sorted(offered):
            option = ask.options[number]
            for text in dict.fromkeys(
                _typed(t) for t in (in_words(option.label, audience), *option.also, *option.whole)
            ):
                other = meant.setdefault(text, option.id)
                if text and other != option.id:
                    yield found(
                        where, "indistinct", f"“{text}” could be `{other}` or `{option.id}`.",
                        "Give them different words.",
                    )  # fmt: skip


def _typed(text: str) -> str:
    """Return the text as people type it: without case, punctuation or doubled spaces."""
    return " ".join(re.sub(r"[^\w\s]", "", text.casefold()).split())


def _group(where: Where, group: Each) -> Iterator[Finding]:
    ways_out = [option.id for option in group.more.options if option.id != AGAIN]
    if group.most > 1 and not ways_out:
        yield found(
            where, "cycle", f"The question `{group.more.name}` has no answer that ends the repeating.",
            "Add an option for no.",
        )  # fmt: skip
    if group.most > 1 and all(option.id != AGAIN for option in group.more.options):
        yield found(
            where, "unreachable", f"`{group.more.name}` has no option `{AGAIN}`: nothing is repeated.",
            f"Give the option that begins the next the id `{AGAIN}`.",
        )  # fmt: skip
    if group.most > MOST_TIMES:
        yield found(
            where, "cycle", f"The same questions may be asked {group.most} times.",
            f"Set `most` to {MOST_TIMES} or fewer.", "warning",
        )  # fmt: skip
