"""Typed replies where a name was asked, that are no name, and names that look like something else."""

from __future__ import annotations

import pytest

from flows.answers import Given, Unread
from flows.reading import Expected, read
from tests.flows.playing import CHECK, SUBMIT, TODAY, Play, ask, flow_of


@pytest.mark.parametrize(
    "reply",
    [
        "me or the doctor?",
        "is this the right place?",
        "dont want my boss knowing",
        "no sorry he is 7 not 6",
        "send",
        "Done",
        "yes",
    ],
)
def test_what_names_nobody_is_no_name(reply: str) -> None:
    """The next question asked which school "does yes go to"."""
    assert read(reply, Expected("name"), today=TODAY) == Unread("name_unread")


@pytest.mark.parametrize(
    "reply",
    [
        *("Will", "Grace", "Hope", "Noor", "An", "Mae Yes", "O'Neill-Smith", "Nguyễn Thị Minh Khai"),
        *("Олена Шевченко", "No-one important, call me Jo", "just Jo", "im not sure how to spell it, Siobhan"),
        *("Jane Nurse", "Sam2"),
    ],
)
def test_real_names_stay_names(reply: str) -> None:
    """Nobody's name is wrong."""
    assert read(reply, Expected("name"), today=TODAY) == Given(reply, reply)


@pytest.mark.parametrize(
    "reply",
    [
        "Im Jo Smith, born 12/3/2016",
        "its Sam, 7",
        "She is Mia, 4",
        "dont want to say but Jo",
        "I dont want you to ring. Jo",
        "dont want it passed on - Jo Smith",
        "Sam?",
    ],
)
def test_a_name_beside_other_words_is_kept(reply: str) -> None:
    """What is written as a name is one, whatever stands before it."""
    assert isinstance(read(reply, Expected("name"), today=TODAY), Given)


@pytest.mark.parametrize(
    ("reply", "name"),
    [
        ("Sarah Whitmore, direct line 07700 900123, Y3 teacher", "Sarah Whitmore"),
        ("Ann Roe, DSL, 01632 960 445", "Ann Roe"),
        ("Jane Nurse 01632 960 445", "Jane Nurse"),
        ("my name is Jo not Joanne", "Jo not Joanne"),
    ],
)
def test_a_job_beside_a_number_is_no_part_of_a_name(reply: str, name: str) -> None:
    """A worker who rings asks for Ann Roe."""
    assert read(reply, Expected("name"), today=TODAY) == Given(name, reply)


def test_nobody_is_told_they_can_skip_the_check() -> None:
    """It cannot be skipped: it is sent, or an answer is changed."""
    play = Play.of(flow_of(ask("q"), CHECK, SUBMIT)).say("words")
    for said in ("purple", "skip", "purple"):
        play.say(said)
        assert "skip" not in play.words
    play = Play.of(flow_of(ask("q"), CHECK, SUBMIT)).says("words", "purple")
    assert '"send"' in play.words
    assert '"change"' in play.words
