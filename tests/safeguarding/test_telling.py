"""Who is told by themselves, and what is never said where others read along."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.clock import SteppedClock
from bot.safeguarding.telling import managers, rows_to
from storage.database import Database
from storage.duty_workers import Role
from storage.enquiries import EnquiryRecord
from storage.outbox import NewOutbox
from storage.unit_of_work import UnitOfWork
from tests.conversation.front import DUTY, Front, build_front
from tests.storage.builders import begin, close_queue

CAM, LEE = "960101", "960105"
HOUR = timedelta(hours=1)


@pytest.fixture
def front(database: Database, clock: SteppedClock) -> Front:
    return build_front(database, clock=clock)


def enquiry_of(uow: UnitOfWork, clock: SteppedClock, *, closed: bool) -> EnquiryRecord:
    enquiry_id = begin(uow, now=clock.now()).enquiry_id
    uow.duty_workers.add(
        name="Cam Diaz", email="cam@exampleshire.example", role=Role.MANAGER, now=clock.now(), telegram=CAM
    )
    if closed:  # after whatever was booked, held or passed on
        close_queue(uow, enquiry_id, clock.now())
    return uow.enquiries.get(enquiry_id)


def officer(uow: UnitOfWork, clock: SteppedClock) -> None:
    uow.duty_workers.add(
        name="Lee Ode", email="lee@exampleshire.example", role=Role.LADO, now=clock.now(), telegram=LEE
    )


def told(rows: list[NewOutbox]) -> dict[str, str]:
    return {row.address: str(row.payload["text"]) for row in rows if row.channel == "telegram"}


@pytest.mark.parametrize("key", ["duty_call_unkept", "duty_call_missed", "duty_decide_late", "duty_disagreement"])
def test_of_the_closed_queue_managers_hear_nothing(front: Front, clock: SteppedClock, key: str) -> None:
    """One of them may be whom it is about."""

    def work(uow: UnitOfWork) -> tuple[EnquiryRecord, dict[str, str]]:
        officer(uow, clock)
        enquiry = enquiry_of(uow, clock, closed=True)
        return enquiry, told(rows_to(uow, managers(uow), key, enquiry, front.house.doorbell, clock.now()))

    enquiry, found = front.database.run_now(work)
    assert list(found) == [LEE]
    assert enquiry.reference in found[LEE]


def test_of_the_closed_queue_the_duty_chat_hears_that_something_waits_and_not_what(
    front: Front, clock: SteppedClock
) -> None:
    """With no officer to be told it must not be silence, and not the reference either."""

    def work(uow: UnitOfWork) -> tuple[EnquiryRecord, dict[str, str]]:
        enquiry = enquiry_of(uow, clock, closed=True)
        return enquiry, told(
            rows_to(uow, managers(uow), "duty_decide_late", enquiry, front.house.doorbell, clock.now())
        )

    enquiry, found = front.database.run_now(work)
    assert list(found) == [DUTY]
    assert enquiry.reference not in found[DUTY]


def test_who_broke_the_glass_is_told_like_an_officer(front: Front, clock: SteppedClock) -> None:
    """They may see it, and have a reason on the record."""

    def work(uow: UnitOfWork) -> dict[str, str]:
        officer(uow, clock)
        enquiry = enquiry_of(uow, clock, closed=True)
        [cam] = managers(uow)
        uow.broken_glass.break_(
            cam.id, enquiry.id, reason="The officer is away", now=clock.now(), ends_at=clock.now() + HOUR
        )
        return told(rows_to(uow, [cam], "duty_decide", enquiry, front.house.doorbell, clock.now()))

    assert list(front.database.run_now(work)) == [CAM]


def test_where_those_who_may_see_it_cannot_be_reached_another_officer_is_told(
    front: Front, clock: SteppedClock
) -> None:
    """The one who rings has left since: the call is still off, and somebody who may see it should know."""

    def work(uow: UnitOfWork) -> dict[str, str]:
        enquiry = enquiry_of(uow, clock, closed=True)
        gone = uow.duty_workers.add(
            name="Ash Poe", email="ash@exampleshire.example", role=Role.LADO, now=clock.now(), telegram="960009"
        )
        officer(uow, clock)
        rows = rows_to(
            uow,
            [replace(gone, disabled_at=clock.now())],
            "duty_call_off",
            enquiry,
            front.house.doorbell,
            clock.now(),
        )
        return told(rows)

    assert LEE in front.database.run_now(work)


def test_of_an_open_queue_who_was_asked_for_is_told(front: Front, clock: SteppedClock) -> None:
    """The rule is for the closed queue alone."""

    def work(uow: UnitOfWork) -> dict[str, str]:
        enquiry = enquiry_of(uow, clock, closed=False)
        return told(rows_to(uow, managers(uow), "duty_decide_late", enquiry, front.house.doorbell, clock.now()))

    assert list(front.database.run_now(work)) == [CAM]
