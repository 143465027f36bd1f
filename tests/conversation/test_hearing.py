"""What was said just before is heard with a message; what was heard already is not heard again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.safeguarding.hearing import JOINED_WITHIN, MOST_PEOPLE, Hearing, Known, Said
from bot.safeguarding.screening import BROKEN, Screener
from nlu.base import Screening, Signal, Urgency
from nlu.machine_lines import without_machine_lines

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


class _Pieces:
    """Hears "he hit me" only when the words stand together, as any view of one message does."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.speakers: list[str | None] = []

    def screen(self, text: str, *, speaker: str | None = None) -> Screening:
        self.heard.append(text)
        self.speakers.append(speaker)
        at = " ".join(text.split()).find("he hit me")
        if at < 0:
            return Screening()
        return Screening(
            Urgency.IMMEDIATE, (Signal("physical_abuse", Urgency.IMMEDIATE, "phrase", "hit", at, at + 9),)
        )


def _hearing() -> tuple[Hearing, _Pieces]:
    view = _Pieces()
    return Hearing(Screener((view,))), view


async def test_danger_typed_in_pieces_is_heard() -> None:
    """Frightened people send a word at a time."""
    hearing, _ = _hearing()
    assert (await hearing.hear("a", "he", NOW)).urgency is Urgency.NONE
    assert (await hearing.hear("a", "hit me", NOW + timedelta(seconds=4))).urgency is Urgency.IMMEDIATE


async def test_the_place_is_within_the_last_message() -> None:
    """A worker is shown the words where they stand: offsets of two messages joined would mark the wrong ones."""
    hearing, _ = _hearing()
    await hearing.hear("a", "he", NOW)
    heard = await hearing.hear("a", "hit me", NOW)
    assert [(s.start, s.end) for s in heard.signals] == [(0, 6)]
    assert "the message before" in heard.signals[0].what


async def test_what_was_heard_is_not_heard_through_the_next_message() -> None:
    """After danger was heard, "thank you" is thanks: else every later word would ring the duty worker."""
    hearing, _ = _hearing()
    assert (await hearing.hear("a", "he hit me", NOW)).urgency is Urgency.IMMEDIATE
    assert (await hearing.hear("a", "thank you", NOW)).urgency is Urgency.NONE


async def test_nobody_is_heard_with_another_persons_words() -> None:
    """Two people who write at once are two people."""
    hearing, _ = _hearing()
    await hearing.hear("a", "he", NOW)
    assert (await hearing.hear("b", "hit me", NOW)).urgency is Urgency.NONE


async def test_old_words_are_forgotten() -> None:
    """Words of an hour ago are another story."""
    hearing, _ = _hearing()
    await hearing.hear("a", "he", NOW)
    assert (await hearing.hear("a", "hit me", NOW + JOINED_WITHIN * 2)).urgency is Urgency.NONE


async def test_memory_does_not_grow_with_people() -> None:
    """Words are held for few and for minutes."""
    hearing, _ = _hearing()
    for n in range(MOST_PEOPLE + 50):
        await hearing.hear(n, "hello", NOW)
    assert len(hearing._said) == MOST_PEOPLE


async def test_a_long_message_is_screened_as_well() -> None:
    """It goes to a thread, and what is heard there comes back."""
    hearing, _ = _hearing()
    heard = await hearing.hear("a", "so " * 2000 + "he hit me", NOW)
    assert heard.urgency is Urgency.IMMEDIATE


async def _an_answer() -> Known:
    return Known(Said.ANSWER)


async def _a_report() -> Known:
    return Known(Said.REPORT)


class _HearsEverything:
    """A trained view for which every message is an alert, as a label typed by hand may be for the real one."""

    def screen(self, text: str, phrases: Screening, speaker: str | None = None) -> Screening:
        signal = Signal("worry_unnamed", Urgency.IMMEDIATE, "model", "reads like", 0, len(text))
        return Screening(Urgency.IMMEDIATE, (*phrases.signals, signal), 0.9, 0.9)


class _HearsNothing:
    """A trained view for which the whole is calm, whatever a phrase saw."""

    def screen(self, text: str, phrases: Screening, speaker: str | None = None) -> Screening:
        calm = tuple(Signal(s.indicator, Urgency.NONE, s.by, s.what, s.start, s.end) for s in phrases.signals)
        return Screening(Urgency.NONE, calm, 0.0, 0.1)


async def test_a_plain_answer_is_heard_by_rules_alone() -> None:
    """ "The child told me" answers how they know; alone it reads like a disclosure."""
    hearing = Hearing(Screener((_Pieces(),), _HearsEverything()))  # type: ignore[arg-type]
    assert (await hearing.hear("a", "the child told me", NOW, _an_answer)).urgency is Urgency.NONE
    assert (await hearing.hear("a", "the child told me", NOW)).urgency is Urgency.IMMEDIATE


async def test_a_phrase_is_heard_in_a_plain_answer_too() -> None:
    """Rules are read whatever was asked."""
    hearing = Hearing(Screener((_Pieces(),), _HearsEverything()))  # type: ignore[arg-type]
    heard = await hearing.hear("a", "he hit me", NOW, _an_answer)
    assert heard.urgency is Urgency.IMMEDIATE
    assert heard.indicators == ("physical_abuse",)


async def test_a_broken_view_in_a_plain_answer_still_brings_a_person() -> None:
    """What could not be read may have been anything."""
    hearing = Hearing(Screener((_Pieces(),), _Broken()))  # type: ignore[arg-type]
    assert BROKEN in (await hearing.hear("a", "food", NOW, _an_answer)).indicators


async def test_answers_to_several_questions_are_not_read_as_one() -> None:
    """ "Mum", then "hit": answers to two questions tell nothing that neither of them told."""
    hearing, view = _hearing()
    await hearing.hear("a", "he", NOW, _an_answer)
    assert (await hearing.hear("a", "hit me", NOW)).urgency is Urgency.NONE
    assert "he\nhit me" not in view.heard


@pytest.mark.parametrize("between", ["DH1 5UL", "2", "07700 900123", "/start"])
async def test_a_bare_fact_or_a_command_is_no_piece_of_what_is_said(between: str) -> None:
    """Numbers chosen from a list and a postcode, heaped upon a few calm words, read like something."""
    hearing, view = _hearing()
    await hearing.hear("a", "he", NOW)
    await hearing.hear("a", between, NOW)
    assert view.heard == ["he", between]
    assert (await hearing.hear("a", "hit me", NOW)).urgency is Urgency.IMMEDIATE


async def test_words_after_a_command_are_a_piece_of_what_is_said() -> None:
    hearing, _ = _hearing()
    await hearing.hear("a", "/help he", NOW)
    assert (await hearing.hear("a", "hit me", NOW)).urgency is Urgency.IMMEDIATE


async def test_a_tap_is_not_heard_with_the_words_before_it() -> None:
    """A press has no words: hearing the last words again through it would ring for what was calm."""
    hearing, view = _hearing()
    await hearing.hear("a", "he", NOW)
    await hearing.hear("a", "", NOW)
    assert view.heard == ["he"]
    assert (await hearing.hear("a", "hit me", NOW)).urgency is Urgency.IMMEDIATE


async def test_what_a_rule_hears_in_a_professionals_report_is_read_today() -> None:
    """They were asked what has happened: where the views disagree about it, a person reads it."""
    hearing = Hearing(Screener((_Pieces(),), _HearsNothing()))  # type: ignore[arg-type]
    heard = await hearing.hear("a", "he hit me", NOW, _a_report)
    assert heard.urgency is Urgency.SAME_DAY
    assert heard.indicators == ("physical_abuse",)
    assert (await hearing.hear("b", "he hit me", NOW)).urgency is Urgency.NONE
    assert (await hearing.hear("c", "all is well", NOW, _a_report)).urgency is Urgency.NONE


class _Broken:
    def screen(self, text: str, phrases: Screening, speaker: str | None = None) -> Screening:
        raise RuntimeError("the model broke")


def test_a_broken_model_leaves_the_phrases_and_brings_a_person() -> None:
    """Promise one: whatever else is broken."""
    heard = Screener((_Pieces(),), _Broken()).screen("he hit me")  # type: ignore[arg-type]
    assert heard.urgency is Urgency.IMMEDIATE
    assert BROKEN in heard.indicators
    assert Screener((_Pieces(),), _Broken()).screen("hello").urgency is Urgency.SAME_DAY  # type: ignore[arg-type]


async def test_who_says_it_is_heard_with_the_words() -> None:
    """Every view is told, of the message alone and of those joined."""
    hearing, view = _hearing()

    async def a_teacher() -> Known:
        return Known(speaker="professional")

    await hearing.hear("a", "he", NOW, a_teacher)
    await hearing.hear("a", "hit me", NOW, a_teacher)
    assert view.heard == ["he", "hit me", "he\nhit me"]
    assert view.speakers == ["professional"] * 3


async def test_a_pasted_log_does_not_swallow_what_is_said_after_it() -> None:
    """What was said before is held on one line: a program's line in it would take all the others along."""
    hearing, view = _hearing()
    line = "2026-03-02T10:15:00Z INFO job done\n"
    await hearing.hear("a", f"{line}{line}he", NOW)
    await hearing.hear("a", "hit me", NOW)
    assert view.heard[-1] == "he\nhit me"


@pytest.mark.parametrize(
    "pieces",
    [
        ["{line}", "he will", "{line}", "hit me"],
        ["{line}", "he will", "{line}\nhit me"],
        ["{line}\nhe will", "{line}", "hit me"],
        ["he will", "{line}", "{line}\nhit me"],
    ],
)
async def test_program_lines_in_several_messages_do_not_swallow_what_is_said_between(pieces: list[str]) -> None:
    """Somebody who pastes an error a line at a time tells beside it what they fear."""
    hearing, view = _hearing()
    for piece in pieces:
        await hearing.hear("a", piece.format(line="2026-03-02T10:15:00Z INFO job done"), NOW)
    left = without_machine_lines(view.heard[-1])
    assert "he will" in left
    assert "hit me" in left
