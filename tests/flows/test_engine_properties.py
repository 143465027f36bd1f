"""What holds for the real front door whatever anybody replies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from flows.answers import Given
from flows.effects import Submit
from flows.outcome import Reply
from flows.state import Mode
from tests.flows.playing import TODAY, Play, front_door

SAYINGS = (
    "yes", "no", "not sure", "maybe", "skip", "idk", "rather not say", "back", "change", "1", "3", "99",
    "send", "a parent", "mum", "I'm 15", "teacher", "neighbour", "im under 18", "someone else", "short",
    "more", "carry on", "Ash", "Sam Made-Up", "7", "he's 7 next month", "14/3/15", "the 3rd of march",
    "DH1 5UL", "dh15ul", "07700 900123", "+33 1 23 45 67 89", "sam@example.com", "text me", "none of these",
    "call my mobile and text", "no i dont think so", "2nd one",
    "he keeps shouting and the baby cries all night", "", " ", "\u200b", "?", "!!!", "ok", "done",
    "stop here", "🙂🙂", "مرحبا", "9" * 500, "<b>hi</b>", "'; DROP TABLE turn; --", "1066-10-14", "tomorrow",
    "SW99 9ZZ", "yes yes yes", "a b c d e f g h i j k",
)  # fmt: skip

FACTS = (
    {},
    {"child_name": "Ash"},
    {"child_name": "Robin", "child_dob_or_age": "8"},
    {"phone": "07700 900123"},
    {"contact_name": "Jo", "child_address": "DH1 5UL"},
    {"child_dob_or_age": "gdkjfg"},
    {"no_such_field": "x"},
)

Move: TypeAlias = Callable[[Play], None]


def say(text: str, facts: dict[str, str], heard: str) -> Move:
    def move(play: Play) -> None:
        note(f"say {text!r} {facts} {heard}")
        play.say(text, facts=facts, heard=heard)

    return move


def tap(number: int) -> Move:
    def move(play: Play) -> None:
        asking = play.asking
        ids = [b.id for b in (*asking.buttons, *asking.controls) if b.id not in ("back", "person")]
        ids += ["done"] if asking.multiple else []
        choice = ids[number % len(ids)] if ids else "made_up"
        note(f"tap {choice}")
        play.tap(choice)

    return move


def forge(choice: str) -> Move:
    def move(play: Play) -> None:
        note(f"forge {choice}")
        play.tap(choice)

    return move


def tick(numbers: list[int]) -> Move:
    def move(play: Play) -> None:
        ids = [b.id for b in play.asking.buttons] or ["made_up"]
        chosen = tuple(ids[n % len(ids)] for n in numbers)
        note(f"tick {chosen}")
        play.tick(*chosen)

    return move


def back() -> Move:
    def move(play: Play) -> None:
        note("back")
        play.back()

    return move


def change(number: int | None) -> Move:
    def move(play: Play) -> None:
        note(f"change {number}")
        play.change(number)

    return move


def helped() -> Move:
    def move(play: Play) -> None:
        note("help")
        play.take(play.engine.help(play.state))

    return move


texts = st.one_of(
    st.sampled_from(SAYINGS), st.sampled_from(SAYINGS), st.text(max_size=60), st.text(st.characters(), max_size=12)
)
heards = st.sampled_from(["none"] * 12 + ["same_day", "immediate", "emergency"])
saying = st.builds(say, texts, st.sampled_from(FACTS), heards)
tapping = st.builds(tap, st.integers(0, 40))
moves = st.one_of(
    saying,
    saying,
    tapping,
    tapping,
    tapping,
    tapping,
    st.builds(forge, st.sampled_from(["done", "keep", "skip", "not_known", "yes", "send", "send_now", "made_up"])),
    st.builds(tick, st.lists(st.integers(0, 9), max_size=4)),
    st.builds(back),
    st.builds(change, st.none() | st.integers(-1, 30)),
    st.builds(helped),
)
audiences = st.sampled_from(["unknown", "parent", "young_person", "public", "professional"])
whole = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def begun(audience: str, worry: str = "", *, saves: bool = True) -> Play:
    role = {"parent": "parent_or_carer", "professional": "professional"}.get(audience)
    given: dict[str, Given] = {"role": Given(role)} if role else {}
    if worry:
        given["reason_in_own_words"] = Given(worry, worry)
    return Play.of(front_door(), audience=audience, given=given, saves=saves)


@given(audiences, st.sampled_from(["", "I am worried"]), st.lists(moves, max_size=40))
@whole
def test_after_any_replies_the_person_is_asked_handed_over_paused_or_done(
    audience: str, worry: str, replies: list[Move]
) -> None:
    """Never silence: whatever somebody sends, something is said, and it is clear what comes next."""
    play = begun(audience, worry)
    for move in replies:
        move(play)
        assert play.said
        assert all(m.text.strip() for m in play.said)
        if play.state.mode in (Mode.ASKING, Mode.CONFIRMING, Mode.CHOOSING):
            assert play.said[-1].asks
            assert play.asking.kind != "none"
            assert play.asking.step
        else:
            assert not any(m.asks for m in play.said)


@given(audiences, st.sampled_from(["", "I am worried"]), st.lists(moves, max_size=40))
@whole
def test_a_state_saved_and_read_between_turns_goes_on_the_same(
    audience: str, worry: str, replies: list[Move]
) -> None:
    """Any process may take the next turn, from what the database holds."""
    saved, kept = begun(audience, worry), begun(audience, worry, saves=False)
    for move in replies:
        move(saved)
        move(kept)
        assert saved.state == kept.state
        assert saved.said == kept.said
        assert saved.last_effects == kept.last_effects


@given(audiences, st.sampled_from(["", "I am worried"]), st.lists(moves, max_size=40))
@whole
def test_what_is_recorded_is_what_stands_on_the_path(audience: str, worry: str, replies: list[Move]) -> None:
    """A worker reads the record: it holds every answer that stands and none that fell off the path."""
    play = begun(audience, worry)
    for move in replies:
        move(play)
        recorded = play.recorded
        # What paused the chat is asked again when they come back; its answer stands until there is a new one.
        waiting = {"can_talk_safely"} - set(play.state.answers)
        assert {k: a for k, a in recorded.items() if k not in waiting} == play.on_path


@given(audiences, st.lists(moves, max_size=15), st.sampled_from(["qwrtp zzxcv", "\u200b", "🙂"]))
@whole
def test_replies_that_cannot_be_read_never_loop(audience: str, replies: list[Move], junk: str) -> None:
    """The same question is not put more than a few times, and the questions come to an end."""
    play = begun(audience)
    for move in replies:
        move(play)
    row, last = 0, ""
    for _ in range(400):
        if play.at in ("check_answers", "paused") or play.state.is_over:
            break
        play.say(junk)
        row = row + 1 if play.at == last else 1
        last = play.at
        assert row <= 3, f"{last} was put again and again"
    else:
        raise AssertionError("the questions do not end")


@given(audiences, st.lists(tapping, max_size=30), st.integers(0, 40), st.sampled_from(SAYINGS))
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_back_and_the_same_answer_again_gives_the_same_state(
    audience: str, replies: list[Move], number: int, text: str
) -> None:
    """Looking back changes nothing."""
    play = begun(audience)
    for move in replies:
        if play.state.mode is Mode.ASKING:
            move(play)
    asked = play.asking
    if play.state.mode is not Mode.ASKING or asked.kind == "check":
        return
    plain = [b.id for b in asked.buttons]
    reply = Reply(text=text) if not plain or asked.multiple else Reply(choice=plain[number % len(plain)])
    question = play.state.at
    once = play.engine.reply(play.state, reply, today=TODAY).state
    if question not in once.answers or once.mode is not Mode.ASKING or once.given_up > play.state.given_up:
        return
    again = play.engine.back(once).state
    if again.at != question:
        # Only where what was answered is no longer on the path, or something answered before lies between.
        assert again.at in once.answers
        return
    for back_then in (reply, Reply(choice="keep")):
        state = play.engine.reply(again, back_then, today=TODAY).state
        assert replace(state, misses=0) == replace(once, misses=0)


@given(audiences, st.lists(moves, max_size=60))
@whole
def test_nothing_is_sent_but_by_a_clear_word(audience: str, replies: list[Move]) -> None:
    """An enquiry is submitted once the person says so, or hands over after danger; never by accident."""
    play = begun(audience)
    for move in replies:
        before = play.state
        move(play)
        if any(isinstance(e, Submit) for e in play.last_effects):
            sent = play.answer("check_answers") == Given("send", "") or play.answer("check_answers") is not None
            assert sent or play.answer("carry_on") is not None
            assert play.state.is_over
            assert before.answers
