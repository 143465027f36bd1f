"""Goes back, and changes answers: the list of those that can be changed, and one question opened again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flows.answers import Unread
from flows.asking import ALERTING, OPEN_WORDS, Asker, ask_of
from flows.conditions import chosen
from flows.going_on import ask_again, go_on, not_asking
from flows.misread import MISSES_BEFORE_HELP
from flows.outcome import Message, Outcome, Reply
from flows.path import Place
from flows.reading import Expected, Option, read
from flows.state import Mode, State


def back(asker: Asker, state: State) -> Outcome:
    """Ask the question before this one again, with the answer it has."""
    if state.is_over or state.mode is Mode.PAUSED:
        return not_asking(asker, state)
    if state.mode in (Mode.CONFIRMING, Mode.CHOOSING):
        refused = (*state.refused, *state.offered)
        return go_on(asker, replace(state, mode=Mode.ASKING, offered={}, refused=refused))
    earlier = asker.before(state)
    if earlier is None:
        return ask_again(asker, state, asker.fixed("back_at_start", state))
    return _revisit(asker, state, earlier, "back_now")


def change(asker: Asker, state: State, number: int | None = None) -> Outcome:
    """Offer the answers that can be changed, or open one by its number on the list."""
    if state.is_over or state.mode is Mode.PAUSED:
        return not_asking(asker, state)
    changeable = asker.changeable(state)
    if not changeable:
        return ask_again(asker, state, asker.fixed("change_nothing", state))
    if number is None:
        lines = "\n".join(asker.lines(state))
        choosing = replace(state, mode=Mode.CHOOSING, misses=0)
        text = f"{lines}\n\n{asker.fixed('change_which', state)}"
        return Outcome(choosing, (asker.asking_message(choosing, text),))
    if not 1 <= number <= len(changeable):
        text = asker.fixed("change_no_such", state, {"number": str(number)[:6]})
        return Outcome(state, (asker.asking_message(state, text),))
    return _revisit(asker, replace(state, mode=Mode.ASKING), changeable[number - 1], "change_now")


def choose_change(asker: Asker, state: State, reply: Reply) -> Outcome:
    """Take a reply as which answer is to be changed, by its number or its label."""
    number = number_in(reply.text)
    if number is None:
        number = _number_by_label(asker, state, reply.text)
    if number is not None and 1 <= number <= len(asker.changeable(state)):
        return change(asker, state, number)
    if reply.heard in ALERTING or state.misses >= MISSES_BEFORE_HELP:
        return go_on(asker, replace(state, mode=Mode.ASKING, misses=0))
    missed = replace(state, misses=state.misses + 1)
    if number is not None:
        return change(asker, missed, number)
    return Outcome(missed, (asker.asking_message(missed, asker.fixed("change_which", state)),))


def number_in(text: str) -> int | None:
    """Return the number a text is: "2", "2." or "2)"."""
    cleaned = text.strip().rstrip(".)")
    return int(cleaned) if cleaned.isascii() and cleaned.isdigit() and len(cleaned) <= 3 else None


def _number_by_label(asker: Asker, state: State, text: str) -> int | None:
    options = tuple(
        Option(str(number), asker.label(place, state)) for number, place in enumerate(asker.changeable(state), 1)
    )
    if not options or not text.strip():
        return None
    found = read(text, Expected(kind="choice", options=options), today=date.min, language=state.language)
    picked = chosen(found if not isinstance(found, Unread) else None)
    return int(picked[0]) if picked and picked[0].isdigit() else None


def _revisit(asker: Asker, state: State, place: Place, lead_in: str) -> Outcome:
    ask = ask_of(place)
    # What was ticked is ticked still: `done` alone keeps it.
    picked = tuple(chosen(state.answers[place.key])) if ask.kind == "choices" else ()
    state = replace(state, at=place.key, misses=0, picked=picked, offered={})
    # Long words are not said back unasked: somebody else may be reading over their shoulder.
    answer = "" if ask.kind in OPEN_WORDS else asker.voice.answer(state.answers[place.key], ask, state.audience)
    lead = asker.fixed(lead_in if answer else f"{lead_in}_long", state, {"answer": answer})
    return Outcome(state, (Message(lead), asker.question(state, place)))
