"""A few thousand people, and a million promises to them that wait for their time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.followups.kinds import KINDS, FollowUpKind
from storage.columns import table_of
from storage.conversations import ConversationRecord
from storage.database import Database
from storage.follow_ups import FollowUp, FollowUpRecord
from storage.follow_ups import _new as new_follow_up
from storage.identifiers import FollowUpId, new_id
from storage.unit_of_work import UnitOfWork

AT_ONCE = 5_000
PEOPLE = 2_000
INDEXES = sorted(table_of(FollowUp).indexes, key=lambda index: str(index.name))


def fill_or_begin(database: Database, rows: int) -> None:
    if rows:
        fill(database, rows)
    elif not database.run_now(people_of):
        database.run_now(begin_people)


def fill(database: Database, rows: int) -> None:
    """Promise so many things for the coming year, of every kind, to a few thousand people.

    The indexes are made afterwards: a million rows in no order into six of them takes a long while.
    """
    people = database.run_now(begin_people)
    database.run_now(lambda uow: [index.drop(uow.connection) for index in INDEXES])
    now = datetime.now(UTC)
    kinds = list(FollowUpKind)
    for first in range(0, rows, AT_ONCE):
        records = [
            _waiting(n, rows, people[n % PEOPLE], kinds[n % len(kinds)], now)
            for n in range(first, min(first + AT_ONCE, rows))
        ]
        database.run_now(lambda uow, r=records: new_follow_up.change_each(uow.connection, r))  # type: ignore[misc]
    database.run_now(lambda uow: [index.create(uow.connection) for index in INDEXES])


def _waiting(number: int, rows: int, who: ConversationRecord, kind: FollowUpKind, now: datetime) -> dict[str, Any]:
    # In no order, as promises are made; none within the hour.
    due_at = now + timedelta(hours=1) + timedelta(days=365) * ((number * 7919 % rows) / rows)
    blank: dict[str, Any] = dict.fromkeys(FollowUpRecord.__dataclass_fields__)
    return blank | {
        "id": FollowUpId(new_id()),
        "enquiry_id": who.enquiry_id,
        "conversation_id": who.id,
        "kind": kind.value,
        "weight": int(KINDS[kind].weight),
        "due_at": due_at,
        "actor": KINDS[kind].actor,
        "key": f"bench:{number}",
        "steps": 0,
        "attempts": 0,
        "details": {"n": number},
        "created_at": now,
    }


def begin_people(uow: UnitOfWork) -> list[ConversationRecord]:
    found, now = [], datetime.now(UTC)
    for number in range(PEOPLE):
        person = uow.people.new("reporter", now)
        enquiry = uow.enquiries.open(audience="parent", area="exampleshire", reporter_id=person.id, now=now)
        found.append(
            uow.conversations.begin(
                channel="telegram",
                address=f"96{number:06}",
                enquiry_id=enquiry.id,
                person_id=person.id,
                flow="front_door",
                flow_version=1,
                language="en",
                state={},
                now=now,
            )
        )
    return found


def people_of(uow: UnitOfWork) -> list[ConversationRecord]:
    return [found for n in range(PEOPLE) if (found := uow.conversations.find("telegram", f"96{n:06}"))]
