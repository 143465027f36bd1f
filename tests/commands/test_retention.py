"""What an operator runs to delete by rule, and to see first what would go."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.commands.kept_until import calendars_that_end, what_is_deleted
from bot.commands.opened import open_database
from bot.followups.records import promise_deletion
from bot.settings import EXAMPLE_AREA, Settings
from bot.working_time import WorkingTime
from flows.loader import load_area
from flows.retention import Retention
from storage.conversations import ConversationRecord
from storage.erasure import erase_draft
from storage.unit_of_work import UnitOfWork
from tests.commands.conftest import Run
from tests.storage.builders import begin, keep


def _drafts(uow: UnitOfWork) -> list[ConversationRecord]:
    """One draft long untouched, and one of today."""
    now = SystemClock().now()
    made = []
    for address, at in (("960001", now - timedelta(days=40)), ("960002", now)):
        conversation = begin(uow, address, now=at)
        turn, _ = keep(uow, conversation, words="The made-up boy needs shoes", now=at)
        uow.turns.mark_handled(turn.id, "answered", at)
        made.append(uow.conversations.get(conversation.id))
    return made


def test_a_dry_run_says_what_would_go_and_deletes_nothing(run: Run, tmp_path: Path) -> None:
    """Nobody presses a button that deletes without having seen what it would delete. No words are shown."""
    assert run("db", "upgrade").exit_code == 0
    with open_database() as database:
        old, new = database.run_now(_drafts)
        references = [
            database.run_now(lambda uow, c=c: uow.enquiries.get(c.enquiry_id).reference) for c in (old, new)
        ]
    said = run("retention", "run", "--dry-run")
    assert said.exit_code == 0
    assert "would delete 1 draft, kept for 30 days" in said.output
    assert references[0] in said.output
    assert references[1] not in said.output
    assert "shoes" not in said.output
    again = run("retention", "run")
    assert "deleted 1 draft, kept for 30 days" in again.output
    last = run("retention", "run").output
    assert "deleted 0 drafts" in last
    assert "no rule for records is on" in last
    with open_database() as database:
        assert [t.words for t in database.run_now(lambda uow: uow.turns.of(old.id))] == [""]
        assert [t.words for t in database.run_now(lambda uow: uow.turns.of(new.id))] == [
            "The made-up boy needs shoes"
        ]


def _record(uow: UnitOfWork) -> str:
    """Return the reference of an enquiry that was closed two years ago, with its clock."""
    closed_at = SystemClock().now() - timedelta(days=731)
    conversation = begin(uow, "960003", now=closed_at)
    keep(uow, conversation, words="The made-up girl needs a bed", now=closed_at)
    turn = uow.turns.of(conversation.id)[0]
    uow.turns.mark_handled(turn.id, "answered", closed_at)
    uow.enquiries.submit(conversation.enquiry_id, summary={"said": "a bed"}, now=closed_at)
    uow.enquiries.set_status(conversation.enquiry_id, "closed", closed_at)
    area = load_area(Settings().area)
    assert promise_deletion(uow, area, WorkingTime(area), conversation.enquiry_id, closed_at) is not None
    return uow.enquiries.get(conversation.enquiry_id).reference


def _area(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, outcomes: str = "") -> None:
    """Let the area have confirmed one rule, for whatever was decided unless some are named."""
    text = EXAMPLE_AREA.read_text(encoding="utf-8")
    was = re.search(r"^    - \{name: no_further_action.*$", text, re.MULTILINE)
    assert was is not None
    rule = f"    - {{name: any, outcomes: [{outcomes}], years: 1, basis: schedule 4.2, confirmed_by: Dee}}"
    path = tmp_path / "area.yaml"
    path.write_text(text.replace(was[0], rule), encoding="utf-8")
    monkeypatch.setenv("FRONTDOOR_AREA", str(path))


def test_a_record_is_shown_held_and_deleted(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dry run, a legal hold that beats the rule, and in the end the rule."""
    _area(tmp_path, monkeypatch)
    assert run("db", "upgrade").exit_code == 0
    with open_database() as database:
        reference = database.run_now(_record)
    made = run("staff", "add", "--name", "Cam Diaz", "--email", "c@x.example", "--role", "manager", typed="\n")
    assert made.exit_code == 0, made.output
    seen = run("retention", "run", "--dry-run").output
    assert "would delete 1 record\n" in seen
    assert f"{reference}: closed on " in seen
    assert "rule any (1 years from closed)" in seen

    held = run("retention", "hold", reference, "--reason", "The inquiry", "--owner", "c@x.example")
    assert held.exit_code == 0, held.output
    assert "Cam Diaz" in run("retention", "holds").output
    kept = run("retention", "run").output
    assert "deleted 0 records" in kept
    assert f"{reference}: It is under a legal hold." in kept
    again = run("retention", "hold", reference, "--reason", "Twice", "--owner", "c@x.example")
    assert "under a legal hold already" in str(again.exception)

    ended = run("retention", "unhold", reference, "--because", "It is over", "--by", "c@x.example")
    assert ended.exit_code == 0, ended.output
    with open_database() as database:
        found = database.run_now(lambda uow: uow.enquiries.by_reference(reference))
        assert found is not None
        [clock] = [f for f in database.run_now(lambda uow: uow.follow_ups.of(found.id)) if f.done_at is None]
        now = SystemClock().now()
        database.run_now(lambda uow: uow.follow_ups.put_off(clock.id, due_at=now))
    assert "deleted 1 record\n" in run("retention", "run").output
    assert run("audit", "verify").exit_code == 0
    with open_database() as database:
        gone = database.run_now(lambda uow: uow.enquiries.by_reference(reference))
        assert gone is not None
        assert gone.erased_at is not None
    assert "was deleted before" in str(
        run("retention", "hold", reference, "--reason", "Late", "--owner", "c@x.example").exception
    )


def test_a_legal_hold_keeps_a_draft_from_its_rule(run: Run, tmp_path: Path) -> None:
    """A hold beats every rule, that for drafts among them."""
    del tmp_path
    assert run("db", "upgrade").exit_code == 0
    with open_database() as database:
        old, _ = database.run_now(_drafts)
        reference = database.run_now(lambda uow: uow.enquiries.get(old.enquiry_id).reference)
    run("staff", "add", "--name", "Cam Diaz", "--email", "c@x.example", "--role", "manager", typed="\n")
    run("retention", "hold", reference, "--reason", "The inquiry", "--owner", "c@x.example")
    assert "deleted 0 drafts" in run("retention", "run").output
    run("retention", "unhold", reference, "--because", "It is over", "--by", "c@x.example")
    assert "deleted 1 draft," in run("retention", "run").output


# -- what the doctor says ----------------------------------------------------------------------------------------


def test_the_doctor_says_which_rules_are_off() -> None:
    """Whoever sets up a front door sees that nothing is deleted until somebody has confirmed the schedule."""
    area = load_area(EXAMPLE_AREA)
    line = what_is_deleted(area)
    assert "sent records are never deleted, as no_further_action is not confirmed" in line
    rules = [rule.model_copy(update={"confirmed_by": "Dee"}) for rule in area.retention.records]
    on = area.model_copy(update={"retention": Retention(records=rules)})
    assert what_is_deleted(on) == "retention: drafts 30 days; sent records by no_further_action"
    none = area.model_copy(update={"retention": Retention()})
    assert "as there is no rule" in what_is_deleted(none)


def test_the_doctor_says_two_months_before_a_calendar_ends() -> None:
    """After its last day any weekday may be a school day: that is too late to find out."""
    area = load_area(EXAMPLE_AREA)
    assert calendars_that_end(area, date(2026, 11, 22)) == []
    assert calendars_that_end(area, date(2027, 7, 2)) == []
    [school] = calendars_that_end(area, date(2027, 7, 3))
    assert school.startswith("the school year: known until 31 August 2027 only")
    names = [problem.split(":")[0] for problem in calendars_that_end(area, date(2027, 12, 1))]
    assert names == ["the school year", "days the office keeps closed", "half days"]
    contacting = area.contacting.model_copy(
        update={"school": area.contacting.school.model_copy(update={"known_until": None})}
    )
    [never] = calendars_that_end(area.model_copy(update={"contacting": contacting}), date(2026, 11, 22))
    assert never.startswith("the school year: no weekday is known")
    beyond = calendars_that_end(area, date(2399, 12, 31))
    assert any(problem.startswith("bank holidays") for problem in beyond)


def test_the_doctor_is_asked_for_both(run: Run) -> None:
    """What nobody prints, nobody mends."""
    run("db", "upgrade")
    said = run("doctor").output
    assert "retention: drafts 30 days" in said
    with_end = calendars_that_end(load_area(EXAMPLE_AREA), WorkingTime(load_area(EXAMPLE_AREA)).date_of(_now()))
    assert all(problem in said for problem in with_end)


def _now() -> datetime:
    return SystemClock().now()


def test_a_rule_for_an_outcome_that_there_is_not_is_refused(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slip of the pen would leave those records to a shorter rule."""
    _area(tmp_path, monkeypatch, outcomes="NFA, S47X")
    said = run("retention", "run", "--dry-run")
    assert said.exit_code != 0
    assert "S47X is not one of" in str(said.exception)


def test_a_draft_that_is_gone_cannot_be_held(run: Run) -> None:
    """Whoever asks for a hold must not believe that something is kept."""
    assert run("db", "upgrade").exit_code == 0

    def gone(uow: UnitOfWork) -> str:
        now = SystemClock().now()
        conversation = begin(uow, "960004", now=now)
        erase_draft(uow, uow.conversations.get(conversation.id), now)
        return uow.enquiries.get(conversation.enquiry_id).reference

    with open_database() as database:
        reference = database.run_now(gone)
    run("staff", "add", "--name", "Cam Diaz", "--email", "c@x.example", "--role", "manager", typed="\n")
    said = run("retention", "hold", reference, "--reason", "The inquiry", "--owner", "c@x.example")
    assert said.exit_code != 0
    assert "deleted before" in str(said.exception)
