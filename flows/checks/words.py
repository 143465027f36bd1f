"""The words a flow needs: none is missing for those it reaches, and nothing in them is left unfilled."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from flows.area import Area, Phones
from flows.checks.checked import Checked
from flows.checks.finding import Finding, found
from flows.exploring.flat import Where
from flows.model import Ask, Words, every_wording
from flows.plain_words import PEOPLE
from flows.reading.expected import ERRORS
from flows.wording import Wording

SPOKEN_BY_ENGINE = frozenset(
    {
        "after_sent", "back_at_start", "back_now", "change_no_such", "change_nothing", "change_now",
        "change_which", "check_change", "check_intro", "check_not_checked", "check_not_known", "check_unread",
        "check_not_provided", "check_outro", "check_rather_not", "check_send", "control_back",
        "control_not_known", "control_person", "control_skip", "facts_dropped", "ask_once_more",
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


def words_findings(where: Where, ask: Ask, checked: Checked) -> Iterator[Finding]:
    """Each audience that reaches the question has words for it, and nothing in them is left unfilled."""
    reached = checked.seen.reached.get(where, set())
    named = AREA_VALUES | checked.names
    for what, words, needed, fillers in _words_of(ask, named):
        for audience in sorted(_without_words(words, reached, needed)):
            yield found(
                where, "missing_words", f"There is no {what} for {PEOPLE[audience]}.",
                "Write it, or give `other` for everyone else.",
            )  # fmt: skip
        yield from _holders(where, what, every_wording(words), fillers)
    for key in ask.errors:
        if key not in ERRORS:
            known = ", ".join(sorted(ERRORS))
            yield found(where, "missing_words", f"`{key}` is not the id of an error.", f"Use one of: {known}.")


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


def _holders(where: Where, what: str, texts: Iterable[str], fillers: frozenset[str]) -> Iterator[Finding]:
    for name, instead in dict.fromkeys(m for text in texts for m in _HOLDER.findall(text)):
        if name not in fillers:
            yield found(
                where, "missing_words", f"Nothing fills {{{name}}} in the {what}.",
                "Correct the name, or write the words out.",
            )  # fmt: skip
        elif name not in AREA_VALUES and not instead:
            yield found(
                where, "missing_words", f"{{{name}}} in the {what} is left empty when it was not answered.",
                f"Write {{{name}|words to use without it}}.", "warning",
            )  # fmt: skip


def said_findings(where: Where, key: str, checked: Checked) -> Iterator[Finding]:
    if key not in checked.wording:
        yield found(where, "missing_words", f"words.yaml has no `{key}`.", "Add the words, or correct the id.")
        return
    reached = checked.seen.reached.get(where, set())
    for each in (key, f"{key}_closed"):
        if each in checked.wording:
            text = checked.wording.entry(each).text
            for audience in sorted(_without_words(text, reached, needed=True)):
                yield found(
                    where, "missing_words", f"`{each}` has no words for {PEOPLE[audience]}.",
                    "Write them in words.yaml, or give `other`.",
                )  # fmt: skip
            yield from _fixed_holders(where, each, every_wording(text), checked.filled)


def _fixed_holders(where: Where, key: str, texts: Iterable[str], filled: frozenset[str]) -> Iterator[Finding]:
    held = [
        m for text in texts for line in text.splitlines() if not _stands_alone(line) for m in _HOLDER.findall(line)
    ]
    for name, instead in dict.fromkeys(held):
        if not instead and name not in AREA_VALUES and name not in filled:
            yield found(
                where, "missing_words", f"Nothing fills {{{name}}} in `{key}`.",
                f"Correct the name, or write {{{name}|}} where it may be left out.",
            )  # fmt: skip


def _stands_alone(line: str) -> bool:
    """Whether a line is one place-holder and nothing else: left out, it leaves no gap in a sentence."""
    match = _HOLDER.fullmatch(line.strip())
    return bool(match) and not line.strip().startswith("{area.")


def engine_words(wording: Wording) -> Iterator[Finding]:
    for key in sorted(SPOKEN_BY_ENGINE - wording.ids()):
        yield Finding("words.yaml", "", "missing_words", f"There is no `{key}`.", "Add it: every flow says it.")
    if "miss_again" in wording:
        return
    for key in sorted(ERRORS):
        if key not in wording and f"error_{key}" not in wording:
            message = f"There is no `error_{key}`."
            yield Finding("words.yaml", "", "missing_words", message, "Add it, or `miss_again`.")
