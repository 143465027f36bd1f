"""What a person told us of reaching them safely."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.followups.reasons import Held
from bot.followups.safe_contact import (
    _TICKED,
    CALLS,
    NOT_KNOWN,
    SafeContact,
    Voicemail,
    Way,
    safe_contact_of,
    why_not_by,
)
from bot.followups.windows import DAY, WEEKDAYS, Window
from flows.answers import Given, NotKnown, PreferNotToSay, Skipped, to_json
from flows.loader import load_files
from flows.model import Ask, every_wording
from flows.reading import Expected, read
from flows.reading.expected import Option
from storage.answers import AnswerRecord, AnswerSource
from storage.identifiers import AnswerId, ConversationId, EnquiryId
from tests.app.rota_builders import at
from tests.followups.contacts import calendar, said, typed

OPTIONS = tuple(Option(id_, label.capitalize()) for label, id_ in _TICKED.items() if label != "school hours")
NOON = at("2026-03-02 12:00")


def by_typing(words: str) -> SafeContact:
    """Return what comes of words typed to the question itself, through the reader of the flows."""
    answer = read(words, Expected("choices", OPTIONS, or_text=True), today=NOON.date())
    assert isinstance(answer, Given)
    return said(safe_times=answer)


def test_somebody_who_was_never_asked_is_not_contacted() -> None:
    """Silence about safety is not safety."""
    assert not said(safe_contact_methods=None).is_known
    assert said(safe_contact_methods=None).held == (Held.NOT_ASKED,)
    for answer in (NotKnown(), PreferNotToSay(), Skipped()):
        assert said(safe_contact_methods=answer).held == (Held.NOT_ASKED,)
        assert said(safe_times=answer).hours_held is Held.TIMES_NOT_KNOWN
        assert not said(safe_times=answer).is_known
    assert not NOT_KNOWN.is_known


def test_the_ways_they_ticked_are_theirs_and_no_others() -> None:
    """A mobile that may be rung is not a mobile that may be sent a text."""
    contact = said()
    assert contact.is_known
    assert contact.ways == {Way.CHAT, Way.MOBILE}
    assert why_not_by(contact, Way.MOBILE) is None
    assert why_not_by(contact, Way.TEXT) is Held.WAY_NOT_SAFE
    assert said(text_ok=Given("yes", "Yes")).ways == {Way.CHAT, Way.MOBILE, Way.TEXT}
    assert Way.TEXT not in said(text_ok=Given("not_sure", "Not sure")).ways
    assert Way.TEXT not in said(text_ok=Given("yes", "yes but not when he is in")).ways


def test_none_is_safe_is_the_last_word() -> None:
    """Whatever else was ticked with it."""
    for chosen in (["none_is_safe"], ["text", "none_is_safe"]):
        contact = said(safe_contact_methods=Given(chosen))
        assert contact.ways == frozenset()
        assert contact.held == (Held.NONE_SAFE,)
    unsure = said(safe_contact_methods=Given(["none_is_safe"], "None of these is safe, it depends"))
    assert unsure.held == (Held.WAYS_NOT_READ,)
    assert said(safe_contact_methods=Given(["i_will_contact_you"])).held == (Held.THEY_CONTACT_US,)
    assert said(safe_contact_methods=Given(["i_will_contact_you", "text"])).ways == {Way.TEXT}


def test_a_way_with_a_condition_is_for_a_worker_to_read() -> None:
    """ "Text me, but only in the morning" is read as a text by the reader of choices, and is more than that."""
    contact = said(safe_contact_methods=Given(["text"], "text me but only in the morning"))
    assert contact.held == (Held.WAYS_NOT_READ,)


def test_who_says_it_is_not_safe_to_chat_is_not_written_to_there() -> None:
    """The last thing we know of the phone is that somebody may be watching it."""
    assert said(can_talk_safely="no").ways == {Way.MOBILE}
    in_chat_only = said(can_talk_safely="not_sure", safe_contact_methods=["reply_in_this_chat"])
    assert in_chat_only.held == (Held.NOT_SAFE_IN_CHAT,)
    assert said(can_talk_safely="yes").ways == {Way.CHAT, Way.MOBILE}


def test_who_cannot_use_a_call_is_not_offered_one() -> None:
    """A signer, or "text only, no calls"."""
    for needs in ({"communication_needs": ["text_only_no_calls"]}, {"interpreter_needed": "bsl"}):
        contact = said(**needs)
        assert not contact.calls
        assert why_not_by(contact, Way.MOBILE) is Held.NO_CALLS
    assert said(interpreter_needed="spoken_language").needs_interpreter
    assert said(interpreter_needed="not_sure").needs_interpreter
    assert not said(interpreter_needed="no").needs_interpreter


def test_in_doubt_nothing_is_left_on_a_voicemail_and_wording_is_neutral() -> None:
    """The person who hears it may be the one they fear."""
    assert said().voicemail is Voicemail.NO
    assert said(voicemail_ok="yes_but_only_a_first_name").voicemail is Voicemail.FIRST_NAME
    label = "Yes, a first name only"
    assert said(voicemail_ok=Given("yes_but_only_a_first_name", label)).voicemail is Voicemail.FIRST_NAME
    in_doubt = Given("yes_say_who_is_calling", "yes unless he picks up")
    assert said(voicemail_ok=in_doubt).voicemail is Voicemail.NO
    assert said().is_neutral
    assert said(who_may_see="partner").is_neutral
    assert said(who_may_see=typed("my ex has my passcode")).is_neutral
    assert said(who_may_see=Given("no_one", "no one, but my mum sometimes")).is_neutral
    assert not said(who_may_see=Given("no_one", "No one")).is_neutral


def test_a_code_word_is_read_and_never_printed() -> None:
    """What is in a log is read by more people than the one it is for."""
    contact = said(safe_word="bluebell")
    assert contact.code_word == "bluebell"
    assert "bluebell" not in repr(contact)


@pytest.mark.parametrize(
    ("words", "held"),
    [
        ("not when he's home, he works nights", Held.TIMES_NOT_READ),
        ("mid morning", Held.TIMES_NOT_READ),
        ("ring whenever but dont text", Held.TIMES_NOT_READ),
        ("after 9", Held.TIMES_NOT_READ),
        ("Only when I say", Held.ONLY_WHEN_THEY_SAY),
        ("only when i say, or mornings", Held.ONLY_WHEN_THEY_SAY),
    ],
)
def test_times_in_words_of_their_own_that_are_not_sure_are_for_a_worker(words: str, held: Held) -> None:
    """The reader of choices makes a choice of "mid morning"; the words were more than the choice."""
    contact = by_typing(words)
    assert contact.hours is None
    assert contact.hours_held is held
    assert not contact.is_known


def test_words_of_their_own_count_before_the_choice_they_were_taken_for() -> None:
    """ "Only 3 to 3.05" has a five in it, and the fifth choice is weekends."""
    assert by_typing("only 3 to 3.05").hours == (Window(WEEKDAYS, 15 * 60, 15 * 60 + 5),)
    assert by_typing("evenings after 7").hours == (Window(WEEKDAYS, 19 * 60, 20 * 60),)
    assert by_typing("1, 3").hours == by_typing("Mornings, Evenings").hours
    assert by_typing("any time").hours == (Window(frozenset(range(7)), 0, DAY),)


def test_the_labels_of_the_choices_are_known_as_taps() -> None:
    """A label that was changed would be read as somebody's own words, and nothing would ever be sent."""
    [ask] = [s for s in load_files()["safe_contact"].steps if isinstance(s, Ask) and s.ask == "safe_times"]
    assert {option.label.casefold(): option.id for option in ask.options}.items() <= _TICKED.items()


def test_no_label_is_taken_for_a_condition() -> None:
    """A tap on "Yes, a first name only" says no more than that."""
    files = load_files()
    asks = [s for name in ("reach", "safe_contact") for s in files[name].steps if isinstance(s, Ask)]
    for ask in asks:
        for option, label in ((o, label) for o in ask.options for label in every_wording(o.label)):
            answer = Given([option.id] if ask.kind == "choices" else option.id, label)
            contact = said(**{ask.ask: answer})
            assert Held.WAYS_NOT_READ not in contact.held, label
            assert contact.hours_held is not Held.TIMES_NOT_READ, label
            if ask.ask == "voicemail_ok":
                assert contact.voicemail.value == option.id


def test_something_to_avoid_that_we_cannot_read_stops_everything() -> None:
    """ "When his van is outside" is not a time a program can tell."""
    assert said(unsafe_times_or_people="when his van is outside").held == (Held.TO_AVOID_NOT_READ,)
    assert said(unsafe_times_or_people="no").is_known
    assert said(unsafe_times_or_people=Skipped()).is_known
    evenings = said(unsafe_times_or_people="evenings")
    assert evenings.is_known
    assert evenings.avoid == (Window(frozenset(range(7)), 16 * 60, DAY),)


def test_a_professional_is_reached_at_work() -> None:
    """They are asked for their work's numbers, and what they say to avoid is of the family."""
    contact = said(
        audience="professional",
        safe_contact_methods=None,
        safe_times=None,
        professional_phone=Given({"e164": "+441632960123"}, "01632 960 123"),
        unsafe_times_or_people="Father must not be told",
    )
    assert contact.is_known
    assert contact.ways == {Way.CHAT, Way.WORK_PHONE}
    assert contact.calls <= CALLS
    assert contact.hours == (Window(WEEKDAYS, 0, DAY),)
    assert not contact.is_neutral


def test_only_the_young_are_kept_out_of_school_hours() -> None:
    """Somebody of 20 writes as a young person too."""
    assert said(audience="young_person", role="young_person_under_18").is_young
    assert said(audience="young_person").is_young
    assert not said(audience="young_person", role="young_person_18_to_25").is_young
    assert not said().is_young
    assert said(audience="young_person", safe_times=["school_hours"]).may_ring_in_school
    assert not said(audience="young_person", safe_times=["mornings"]).may_ring_in_school
    assert not said(audience="young_person", safe_times=typed("after school")).may_ring_in_school


def test_the_newest_answer_counts() -> None:
    """They came back after a month and said that a text is no longer safe."""

    def record(number: int, way: str, days: int) -> AnswerRecord:
        return AnswerRecord(
            id=AnswerId(f"{number:032}"),
            enquiry_id=EnquiryId("1" * 32),
            conversation_id=ConversationId(f"{number:032}"),
            turn_id=None,
            key="safe_contact_methods",
            field="safe_contact_methods",
            label="Safe ways to reach you",
            value=to_json(Given([way])),
            words="",
            source=AnswerSource.PERSON,
            given_at=NOON + timedelta(days=days),
            superseded_at=None,
            replaces_id=None,
        )

    records = [record(1, "none_is_safe", 30), record(2, "text", 0)]
    for order in (records, records[::-1]):
        contact = safe_contact_of(order, audience="parent", contacting=calendar().contacting)
        assert contact.held == (Held.NONE_SAFE,)
