"""How we are doing: counted in the database, small counts kept together, closed queues left out."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot.conversation.finding import keys_of
from bot.desk import figures
from bot.desk.charts import draw
from bot.desk.figures import TOGETHER, UNLISTED, centile, with_few_together
from bot.desk.figures_page import as_csv, chosen_of
from bot.desk.queue import Placing, refresh
from bot.rota_drawing import TITLES
from bot.settings import EXAMPLE_AREA
from flows.answers import Given
from flows.loader import load_area
from storage.alerts import StepOutcome
from storage.database import Database
from storage.duty_workers import Role
from storage.enquiries import EnquiryStatus
from storage.enquiry_keys import FoundKey, KeyKind
from storage.figures import AlertClimbed, Period, Wait
from storage.identifiers import EnquiryId
from storage.opinions import Said
from storage.outbox import OutboxKind
from storage.sight import Sight
from storage.unit_of_work import UnitOfWork
from tests.storage.builders import NOW, begin, close_queue, outgoing

AREA = load_area(EXAMPLE_AREA)
PLACING = Placing(AREA)
LONDON = ZoneInfo("Europe/London")
MANAGERS = Sight(ordinary=True)
ALL_TIME = Period(NOW - timedelta(days=400), NOW + timedelta(days=400))
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_addresses = count(970_001)


def enquiry(uow: UnitOfWork, came: timedelta = timedelta(), *, closed: bool = False, **given: Any) -> EnquiryId:
    """Keep an enquiry that came so long after NOW, with what was said of it."""
    conversation = begin(uow, str(next(_addresses)), channel=given.get("channel", "telegram"))
    uow.enquiries.submit(conversation.enquiry_id, summary={}, now=NOW + came)
    if closed:
        close_queue(uow, conversation.enquiry_id, NOW + came, urgency="immediate")
    if "answered" in given:
        row = outgoing(conversation, kind=OutboxKind.WORKER, created_at=NOW + came + given["answered"])
        uow.outbox.put([row])
    keys = [FoundKey(kind, value) for kind, value in given.get("keys", ())]
    uow.enquiry_keys.note(conversation.enquiry_id, "test", keys)
    return conversation.enquiry_id


def placed(uow: UnitOfWork) -> None:
    while uow.queue.has_marks():
        refresh(uow, PLACING)


# -- counted in the database ---------------------------------------------------------------------------------


def test_a_wait_is_from_when_it_came_to_a_workers_first_words(database: Database) -> None:
    """Later messages, and the assistant's own, do not make anybody quicker."""

    def work(uow: UnitOfWork) -> list[Wait]:
        enquiry(uow, answered=12 * MINUTE)
        twice = enquiry(uow, HOUR, answered=30 * MINUTE, channel="webchat")
        conversation = uow.conversations.of_enquiry(twice)[0]
        uow.outbox.put([outgoing(conversation, kind=OutboxKind.WORKER, created_at=NOW + 9 * HOUR)])
        enquiry(uow, 2 * HOUR)
        placed(uow)
        return uow.figures.waits(MANAGERS, ALL_TIME)

    came = int(NOW.timestamp())
    assert sorted(database.run_now(work), key=lambda w: w.came) == [
        Wait(came, "telegram", 720),
        Wait(came + 3600, "webchat", 1800),
        Wait(came + 7200, "telegram", None),
    ]


def test_asking_for_a_person_again_does_not_make_the_wait_shorter(database: Database) -> None:
    """Who asks three times has waited since the first."""

    def work(uow: UnitOfWork) -> list[Wait]:
        conversation = begin(uow)
        for at in (NOW, NOW + HOUR):
            uow.audit.write(
                chain=conversation.enquiry_id, at=at, actor="x", act="person.wanted",
                record_type="enquiry", record_id=conversation.enquiry_id,
            )  # fmt: skip
        row = outgoing(conversation, kind=OutboxKind.WORKER, created_at=NOW + 2 * HOUR)
        uow.outbox.put([row])
        placed(uow)
        return uow.figures.waits(MANAGERS, ALL_TIME)

    assert [w.seconds for w in database.run_now(work)] == [7200]


def test_closed_queues_are_in_no_figure(database: Database) -> None:
    """A count of one is as good as a name where everybody knows who was away that day."""

    def work(uow: UnitOfWork) -> None:
        home = (KeyKind.HOME, "1 DH1 5UL")
        hidden = enquiry(
            uow, -DAY, closed=True, answered=MINUTE, keys=[home, (KeyKind.DISTRICT, "DH1"), (KeyKind.NEED, "DA")]
        )
        worker = uow.duty_workers.add(name="Sam", email="sam@exampleshire.example", role=Role.MANAGER, now=NOW)
        uow.alerts.raise_(enquiry_id=hidden, conversation_id=None, urgency="immediate", now=NOW)
        uow.decisions.record(
            enquiry_id=hidden, hold_id=None, worker_id=worker.id, outcome="LADO", referral_outcome=None,
            reason="x", details={}, now=NOW,
        )  # fmt: skip
        enquiry(uow, keys=[home])
        placed(uow)
        assert len(uow.figures.waits(MANAGERS, ALL_TIME)) == 1
        assert uow.figures.alerts(MANAGERS, ALL_TIME) == []
        assert uow.figures.outcomes(MANAGERS, ALL_TIME) == {}
        assert uow.figures.kinds(MANAGERS, ALL_TIME, KeyKind.NEED) == {}
        assert uow.figures.kinds(MANAGERS, ALL_TIME, KeyKind.DISTRICT) == {}
        assert uow.figures.repeats(MANAGERS, ALL_TIME, NOW - 365 * DAY) == {0: 1}
        assert len(uow.figures.waits(Sight(closed=True), ALL_TIME)) == 1

    database.run_now(work)


def test_alerts_are_counted_by_the_highest_rung_of_their_climb(database: Database) -> None:
    """Who was rung again and again at the top was reached once, and a climb begun anew counts as it stands."""

    def work(uow: UnitOfWork) -> list[AlertClimbed]:
        worker = uow.duty_workers.add(name="Sam", email="sam@exampleshire.example", role=Role.MANAGER, now=NOW)
        for rungs in ([(0, "duty_worker")], [(0, "duty_worker"), (3, "manager"), (3, "manager")], []):
            alert = uow.alerts.raise_(enquiry_id=enquiry(uow), conversation_id=None, urgency="immediate", now=NOW)
            for rung, role in rungs:
                uow.alerts.note_step(
                    uow.alerts.get(alert.id), rung=rung, role=role, due_at=NOW, messages=[],
                    outcome=StepOutcome.TOLD, next_step_at=NOW + HOUR, now=NOW,
                )  # fmt: skip
            if len(rungs) == 3:
                uow.alerts.acknowledge(alert.id, worker.id, NOW + 40 * MINUTE)
        placed(uow)
        return uow.figures.alerts(MANAGERS, ALL_TIME)

    found = sorted(database.run_now(work), key=lambda a: a.rung)
    assert found == [
        AlertClimbed(-1, "", "immediate", None),
        AlertClimbed(0, "duty_worker", "immediate", None),
        AlertClimbed(3, "manager", "immediate", 2400),
    ]


def test_needs_and_districts_are_counted_once_for_each_enquiry(database: Database) -> None:
    """Three children at one address are one enquiry from there."""

    def work(uow: UnitOfWork) -> tuple[dict[str, int], dict[str, int]]:
        for number in range(3):
            first = enquiry(uow, number * HOUR, keys=[(KeyKind.DISTRICT, "DH1"), (KeyKind.NEED, "DA")])
        uow.enquiry_keys.note(first, "again", [FoundKey(KeyKind.DISTRICT, "DH1"), FoundKey(KeyKind.NEED, "DEBT")])
        enquiry(uow, keys=[(KeyKind.DISTRICT, "dh7")])
        placed(uow)
        kinds = uow.figures.kinds
        return kinds(MANAGERS, ALL_TIME, KeyKind.NEED), kinds(MANAGERS, ALL_TIME, KeyKind.DISTRICT)

    assert database.run_now(work) == ({"DA": 3, "DEBT": 1}, {"DH1": 3, "dh7": 1})


def test_the_same_child_or_home_again_is_seen_by_blind_index(database: Database) -> None:
    """The third time about one child matters, whoever reported it, and whatever the name's spelling."""

    def work(uow: UnitOfWork) -> dict[int, int]:
        child = [(KeyKind.CHILD, "Robin Vale|2015-03-02")]
        enquiry(uow, -500 * DAY, keys=child)  # too long ago
        enquiry(uow, -DAY, keys=child)
        enquiry(uow, keys=[(KeyKind.CHILD, "Robyn Vale|2015-03-02"), (KeyKind.HOME, "1 DH1 5UL")])
        enquiry(uow, DAY, keys=[(KeyKind.HOME, "1 dh1 5ul"), *child])
        enquiry(uow, keys=[(KeyKind.NAME, "Robin Vale")])  # a name alone says little
        placed(uow)
        return uow.figures.repeats(MANAGERS, Period(NOW - 2 * DAY, NOW + 2 * DAY), NOW - 365 * DAY)

    assert database.run_now(work) == {0: 1, 1: 1, 2: 1}


def test_what_is_only_counted_makes_nothing_the_same(database: Database) -> None:
    """Half the town lives in one district: nobody is like anybody for that."""

    def work(uow: UnitOfWork) -> None:
        same = [(KeyKind.DISTRICT, "DH1"), (KeyKind.NEED, "DA")]
        one, _ = enquiry(uow, keys=same), enquiry(uow, keys=same)
        assert uow.enquiry_keys.like(one) == []

    database.run_now(work)


def test_an_answer_gives_its_district_and_its_needs_and_never_their_own_words() -> None:
    """What is counted is a code of ours or the first half of a postcode."""
    home = keys_of("child_address", Given("12 High Street, DH1 5UL", "12 High Street, DH1 5UL"))
    assert FoundKey(KeyKind.DISTRICT, "DH1") in home
    needs = keys_of("need_categories", Given(["DA", "I am so tired of it all"], "x"))
    assert needs == [FoundKey(KeyKind.NEED, "DA")]


def test_a_held_enquiry_is_due_when_its_hold_is(database: Database) -> None:
    """The decider was given a time: the queue tells no other."""

    def work(uow: UnitOfWork) -> None:
        held = enquiry(uow)
        worker = uow.duty_workers.add(name="Sam", email="sam@exampleshire.example", role=Role.MANAGER, now=NOW)
        uow.holds.begin(
            enquiry_id=held, worker_id=worker.id, decider_id=worker.id, evidence={}, safety_plan="x",
            due_at=NOW + 90 * MINUTE, due_because=[], now=NOW,
        )  # fmt: skip
        uow.enquiries.set_status(held, EnquiryStatus.AWAITING_DECISION, NOW)
        placed(uow)
        place = uow.queue.place_of(held)
        assert (place.due_at, place.why) == (NOW + 90 * MINUTE, "held")

    database.run_now(work)


def test_who_is_disabled_has_nothing_any_more_that_they_answered(database: Database) -> None:
    """A row of the queue that names somebody who has left is read as being in hand."""

    def work(uow: UnitOfWork) -> None:
        theirs = enquiry(uow)
        worker = uow.duty_workers.add(name="Ash", email="ash@exampleshire.example", role=Role.DUTY_WORKER, now=NOW)
        alert = uow.alerts.raise_(enquiry_id=theirs, conversation_id=None, urgency="immediate", now=NOW)
        uow.alerts.acknowledge(alert.id, worker.id, NOW)
        placed(uow)
        assert uow.queue.place_of(theirs).worker_id == worker.id
        uow.duty_workers.disable(worker.id, NOW)
        placed(uow)
        assert uow.queue.place_of(theirs).worker_id is None

    database.run_now(work)


# -- few are counted together --------------------------------------------------------------------------------


@given(
    counts=st.dictionaries(st.text("abcdefg", min_size=1, max_size=3), st.integers(0, 40), max_size=8),
    fewest=st.integers(1, 12),
)
@hypothesis_settings(max_examples=200, deadline=None)
def test_no_count_shown_and_no_difference_tells_of_fewer_than_the_area_says(
    counts: dict[str, int], fewest: int
) -> None:
    """What is left when everything shown is taken from the total is never small, and never nothing hidden."""
    found = with_few_together(counts, fewest)
    shown = [n for _, n in found if isinstance(n, int)]
    total = sum(counts.values())
    assert all(n >= fewest for n in shown)
    assert sum(shown) in (total, 0)
    assert [label for label, n in found if isinstance(n, str)] == ([TOGETHER] if 0 < total < fewest else [])


def test_few_are_counted_together_with_as_many_as_it_takes() -> None:
    assert with_few_together({"a": 9, "b": 6, "c": 2}, 5) == [("a", 9), (TOGETHER, 8)]
    assert with_few_together({"a": 9, "b": 3, "c": 2}, 5) == [("a", 9), (TOGETHER, 5)]
    assert with_few_together({"a": 4}, 5) == [(TOGETHER, "fewer than 5")]


def test_places_have_the_areas_names_and_others_none() -> None:
    """A district the area has not named is elsewhere; without names the districts themselves are shown."""
    counts = {"DH1": 7, "DH7": 6, "ZE2": 5}
    named = figures.areas(counts, {"dh1": "Old Town", "DH7": "Old Town"}, 5)
    assert named.rows == (("Old Town", 13), (UNLISTED, 5))
    assert figures.areas(counts, {}, 5).rows[0] == ("DH1", 7)


def test_repeats_say_no_small_number_in_words_either() -> None:
    """A sentence that says what the table hides would undo it."""
    few = figures.repeats({0: 40, 1: 2}, 5)
    assert few.about == "Of 42 that named a child or a home, fewer than 5 were not the first."
    assert few.rows == ((TOGETHER, 42),)
    assert figures.repeats({0: 40, 1: 6, 5: 9}, 5).about.endswith("15 were not the first.")


# -- waits and alerts ----------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=60), st.sampled_from([0.5, 0.9]))
@hypothesis_settings(max_examples=100, deadline=None)
def test_a_centile_is_a_wait_that_so_many_did_not_exceed(seconds: list[int], part: float) -> None:
    """And no shorter wait would do."""
    found = centile(seconds, part)
    assert found is not None
    within = sum(s <= found.total_seconds() for s in seconds)
    assert within >= part * len(seconds)
    shorter = [s for s in seconds if s < found.total_seconds()]
    assert len(shorter) < part * len(seconds)


def test_hours_are_the_areas_own_on_both_sides_of_a_clock_change() -> None:
    """Nine in the morning is nine in the morning, in March and in April."""
    winter = int(datetime(2026, 3, 27, 9, 30, tzinfo=UTC).timestamp())
    summer = int(datetime(2026, 3, 30, 8, 30, tzinfo=UTC).timestamp())
    figure = figures.waits_by_hour([Wait(winter, "", 60), Wait(summer, "", 120)], LONDON)
    assert [row[:2] for row in figure.rows if row[1]] == [("9am to 10am", 2)]
    assert len(figure.rows) == 24


@pytest.mark.parametrize(("days", "rows"), [(7, 7), (14, 14), (28, 4), (91, 13), (365, 13)])
def test_every_enquiry_of_a_period_is_in_one_of_its_spans(days: int, rows: int) -> None:
    """By day, week or month: a chart of 365 columns shows nothing."""
    until = date(2026, 3, 2)
    since = until - timedelta(days=days - 1)
    waits = [
        Wait(int(datetime(d.year, d.month, d.day, 12, tzinfo=UTC).timestamp()), "", 60)
        for d in (since + timedelta(days=n) for n in range(days))
    ]
    figure = figures.first_answers(waits, since, until, LONDON)
    assert len(figure.rows) == rows
    assert sum(row[1] for row in figure.rows if isinstance(row[1], int)) == days


def test_rungs_are_named_as_the_ladder_names_them() -> None:
    """A manager asks how often nobody before them answered."""
    titles = {role.value: title for role, title in TITLES.items()}
    alerts = [
        AlertClimbed(1, "duty_worker", "emergency", 60),
        AlertClimbed(2, "duty_worker", "immediate", 900),
        AlertClimbed(3, "manager", "immediate", None),
        AlertClimbed(4, "head_of_service", "emergency", 1200),
        AlertClimbed(9, "lado", "immediate", 30),
        AlertClimbed(-1, "manager", "immediate", 5),
    ]
    figure = figures.alerts_by_rung(alerts, AREA, titles)
    assert [(row[0], row[1], row[2]) for row in figure.rows] == [
        ("Whoever had the conversation", 1, 0),
        ("First duty worker", 1, 0),
        ("Second duty worker", 1, 0),
        (titles["lado"], 1, 0),
        (titles["manager"], 1, 1),
        (titles["head_of_service"], 1, 0),
    ]


def test_a_figure_without_anything_is_drawn_as_nothing() -> None:
    """An empty chart looks like a broken one."""
    assert draw(figures.waits_by_channel([])) == ""
    assert draw(figures.needs({}, str, 5)) == ""


def test_no_axis_counts_parts_of_a_person() -> None:
    """Nobody is 0.4 of a person. What takes time may well be half an hour."""
    helped, *_ = figures.opinions({Said("help_check", "parent", "yes", ""): 2}, lambda code, _: code, 1)
    assert not re.search(r">\d*\.\d+<", draw(helped))


def test_a_chart_holds_no_script_no_style_and_what_it_says_is_escaped() -> None:
    """It stands inside a page whose rules allow neither."""
    drawn = draw(figures.needs({"<script>alert(1)</script>": 7}, str, 5))
    assert "<script" not in drawn
    assert "<style" not in drawn
    assert "style=" not in drawn
    assert "&lt;script&gt;" in drawn
    assert 'role="img"' in drawn


def test_a_table_opens_as_numbers_and_never_as_a_formula() -> None:
    """It is opened in a spreadsheet, whose cells can do things."""
    waits = figures.waits_by_channel([Wait(0, "telegram", 90), Wait(0, "telegram", None)])
    head, row = as_csv(waits).splitlines()
    assert head == "Channel,Came,Not answered yet,Half within (minutes),Nine in ten within (minutes)"
    assert row == "Telegram,2,1,1.5,1.5"
    assert as_csv(figures.needs({"=1+1": 9}, str, 5)).splitlines()[1] == "'=1+1,9"


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ({"from": "2026-02-30", "until": "2026-03-01"}, True),
        ({"from": "2026-03-02", "until": "2026-03-01"}, True),
        ({"from": "0001-01-01", "until": "9999-12-31"}, True),
        ({"from": "x" * 1000}, True),
        ({"until": "2026-03-01"}, True),
        ({"period": "decade"}, False),
        ({"from": "2026-02-01", "until": "2026-02-28"}, False),
        ({"from": "2026-02-01"}, False),
    ],
)
def test_a_period_nobody_can_have_meant_is_told_and_not_counted(query: dict[str, str], wrong: bool) -> None:
    chosen = chosen_of(query, date(2026, 3, 2))
    assert bool(chosen.trouble) is wrong
    assert chosen.since <= chosen.until
