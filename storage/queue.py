"""The queue: where each open enquiry stands, kept beside the enquiries and put right whenever one is marked.

Whatever changes an enquiry, its concerns, its alert or who wrote to it leaves a mark in the same transaction (a
trigger does). Marks are taken one process at a time: a place is worked out from what is kept, never from what it
was before, and `change` numbers rise in the order in which they can be read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Index,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    true,
    tuple_,
    update,
)
from sqlmodel import Field

from storage.alerts import Alert, AlertStatus
from storage.audit import PERSON_WANTED, AuditEntry
from storage.columns import (
    Sequence64,
    StoredTable,
    code,
    columns_of,
    instant,
    long_whole,
    plain_id,
    primary_id,
    table_of,
    whole,
    yes_no,
)
from storage.concerns import Concern, ConcernStatus
from storage.conversations import Conversation
from storage.duty_workers import DutyWorker
from storage.enquiries import Audience, Enquiry, EnquiryStatus, StoredUrgency
from storage.identifiers import AlertId, DutyWorkerId, EnquiryId
from storage.outbox import OutboxKind, OutboxMessage
from storage.prepared import Prepared
from storage.repository import NotFound, Repository
from storage.sight import Sight

_LISTED = text("listed")


class QueueView(StrEnum):
    """`held`: waits for a manager's decision."""

    ALL = "all"
    MINE = "mine"
    UNOWNED = "unowned"
    HELD = "held"
    OVERDUE = "overdue"


class QueueMark(StoredTable, table=True):
    """An enquiry whose place may have changed. Written by triggers."""

    __tablename__ = "queue_mark"
    __table_args__ = ({"sqlite_autoincrement": True},)

    number: int = Field(sa_type=Sequence64(), primary_key=True, sa_column_kwargs={"autoincrement": True})
    enquiry_id: str = plain_id()


class QueuePlace(StoredTable, table=True):
    """`rules` names the clocks by which it was worked out."""

    __tablename__ = "queue_place"
    __table_args__ = (
        Index(
            "ix_queue_place_order",
            "tier",
            "due_at",
            "enquiry_id",
            sqlite_where=_LISTED,
            postgresql_where=_LISTED,
        ),
        Index(None, "change"),
    )

    enquiry_id: str = primary_id()
    tier: int = whole()
    due_at: datetime = instant()
    due: str = code(20)
    why: str = code(40)
    waiting_since: datetime | None = instant(nullable=True)
    urgency: str = code(20, StoredUrgency)
    audience: str = code(20, Audience)
    status: str = code(20, EnquiryStatus)
    closed_queue: bool = yes_no()
    unanswered: bool = yes_no()
    alert_id: str | None = plain_id(nullable=True)
    worker_id: str | None = plain_id(nullable=True, index=True)
    listed: bool = yes_no()
    rules: str = code(16)
    change: int = long_whole()


@dataclass(frozen=True, slots=True)
class Place:
    """Where an enquiry stands. `tier`, `due_at` and the id are its order; `why` and `due` are codes of words.

    `unanswered`: nobody has answered its alert, or taken up a concern. `alert_id` is the alert still climbing.
    `listed`: False once it has left the queue. `worker_id` holds it.
    """

    enquiry_id: EnquiryId
    tier: int
    due_at: datetime
    due: str
    why: str
    waiting_since: datetime | None
    urgency: StoredUrgency
    audience: Audience
    status: EnquiryStatus
    closed_queue: bool
    unanswered: bool
    alert_id: AlertId | None
    worker_id: DutyWorkerId | None
    listed: bool


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A place with the words that only rows which are shown are opened for."""

    place: Place
    reference: str
    holder: str
    indicators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConcernFacts:
    urgency: StoredUrgency
    status: ConcernStatus
    raised_at: datetime
    closed_queue: bool


@dataclass(frozen=True, slots=True)
class AlertFacts:
    id: AlertId
    urgency: StoredUrgency
    status: AlertStatus
    climbs_from: datetime
    acknowledged_at: datetime | None
    acknowledged_by: DutyWorkerId | None


@dataclass(frozen=True, slots=True)
class QueueFacts:
    """What a place is worked out from. `wanted_at` is when a worker was last asked for, `contacted_at` when one
    last wrote.
    """

    enquiry_id: EnquiryId
    audience: Audience
    status: EnquiryStatus
    urgency: StoredUrgency
    opened_at: datetime
    submitted_at: datetime | None
    worker_id: DutyWorkerId | None
    concerns: tuple[ConcernFacts, ...] = ()
    alerts: tuple[AlertFacts, ...] = ()
    wanted_at: datetime | None = None
    contacted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last place of a page."""

    tier: int
    due_at: datetime
    enquiry_id: str


_marks, _places = table_of(QueueMark), table_of(QueuePlace)
_m, _p = _marks.c, _places.c
_enquiry, _concern, _alert = table_of(Enquiry), table_of(Concern), table_of(Alert)
_worker, _audit, _outbox = table_of(DutyWorker), table_of(AuditEntry), table_of(OutboxMessage)
_conversation = table_of(Conversation)
_place_columns = columns_of(_places, Place)
_place = select(*_place_columns)
_ids: BindParameter[Any] = bindparam("ids", expanding=True)

_waiting_marks = Prepared(select(_m.number, _m.enquiry_id).order_by(_m.number).limit(bindparam("most")))
_any_mark = Prepared(select(_m.number).limit(1))
_clear_marks = delete(_marks).where(_m.number.in_(bindparam("numbers", expanding=True)))
_mark = Prepared(insert(_marks))
_mark_older = insert(_marks).from_select(
    ["enquiry_id"], select(_p.enquiry_id).where(_p.listed, _p.rules != bindparam("rules"))
)
_last_change = Prepared(select(func.coalesce(func.max(_p.change), 0)))
_changed_after = Prepared(
    _place.where(_p.change > bindparam("after")).order_by(_p.change).limit(bindparam("most"))
)
_alerting = Prepared(
    select(*_place_columns, _enquiry.c.reference)
    .join(_enquiry, _enquiry.c.id == _p.enquiry_id)
    .where(_p.listed, _p.tier <= bindparam("most_tier"), _p.alert_id.is_not(None))
    .order_by(_p.tier, _p.due_at, _p.enquiry_id)
    .limit(bindparam("most"))
)
_of = Prepared(_place.where(_p.enquiry_id == bindparam("enquiry")))
_kept = select(*_place_columns, _p.rules).where(_p.enquiry_id.in_(_ids))
_new = Prepared(insert(_places))
_replace = Prepared(update(_places).where(_p.enquiry_id == bindparam("of_enquiry")))
_gone = delete(_places).where(_p.enquiry_id.in_(_ids))

_OWN_FACTS = ("enquiry_id", "audience", "status", "urgency", "opened_at", "submitted_at", "worker_id")
_own = (_enquiry.c["id" if name == "enquiry_id" else name] for name in _OWN_FACTS)
_enquiry_facts = select(*_own).where(_enquiry.c.id.in_(_ids))
_concern_facts = select(_concern.c.enquiry_id, *columns_of(_concern, ConcernFacts)).where(
    _concern.c.enquiry_id.in_(_ids)
)
_alert_facts = (
    select(_alert.c.enquiry_id, *columns_of(_alert, AlertFacts))
    .where(_alert.c.enquiry_id.in_(_ids))
    .order_by(_alert.c.id)
)
_wanted = (
    select(_audit.c.chain, func.max(_audit.c.at))
    .where(_audit.c.chain.in_(_ids), _audit.c.act == PERSON_WANTED)
    .group_by(_audit.c.chain)
)
_contacted = (
    select(_conversation.c.enquiry_id, func.max(_outbox.c.created_at))
    .join(_outbox, _outbox.c.conversation_id == _conversation.c.id)
    .where(_conversation.c.enquiry_id.in_(_ids), _outbox.c.kind == OutboxKind.WORKER)
    .group_by(_conversation.c.enquiry_id)
)
_indicators = (
    select(_concern.c.enquiry_id, _concern.c.indicator)
    .where(_concern.c.enquiry_id.in_(_ids), _concern.c.status != ConcernStatus.RESOLVED)
    .order_by(_concern.c.id)
)
_TIERS_OF_ALERTS = 9


class Queue(Repository):
    __slots__ = ()

    # -- keeping it right ------------------------------------------------------------------------------------

    def take_marks(self, most: int) -> tuple[list[int], list[EnquiryId]]:
        """Return marks and the enquiries they name. Nobody else takes any until the unit ends."""
        self._lock_name("queue")
        rows = self._all(_waiting_marks, {"most": most})
        return [row[0] for row in rows], list(dict.fromkeys(EnquiryId(row[1]) for row in rows))

    def has_marks(self) -> bool:
        return self._one(_any_mark, {}) is not None

    def mark(self, enquiry_id: EnquiryId) -> None:
        """Have an enquiry's place worked out anew, for what no trigger sees."""
        self._change(_mark, {"enquiry_id": enquiry_id})

    def mark_older_than(self, rules: str) -> None:
        """Mark every place worked out by other clocks."""
        self._change(_mark_older, {"rules": rules})

    def facts(self, ids: Sequence[EnquiryId]) -> list[QueueFacts]:
        """Return what is known of these enquiries; nothing of those that are gone."""
        of = {"ids": list(ids)}
        concerns, alerts = self._by_enquiry(_concern_facts, of), self._by_enquiry(_alert_facts, of)
        wanted = {row[0]: row[1] for row in self._all(_wanted, of)}
        contacted = {row[0]: row[1] for row in self._all(_contacted, of)}
        return [
            QueueFacts(
                **dict(zip(_OWN_FACTS, row, strict=True)),
                concerns=tuple(ConcernFacts(*c) for c in concerns[row[0]]),
                alerts=tuple(AlertFacts(*a) for a in alerts[row[0]]),
                wanted_at=wanted.get(row[0]),
                contacted_at=contacted.get(row[0]),
            )
            for row in self._all(_enquiry_facts, of)
        ]

    def put(
        self, places: Iterable[Place], *, marks: Sequence[int], marked: Sequence[EnquiryId], rules: str
    ) -> int:
        """Keep the places of what was marked and clear the marks; return how many changed.

        Only inside a unit that has taken the marks.
        """
        of = {"ids": list(marked)}
        kept = {row[0]: (Place(*row[:-1]), row[-1]) for row in self._all(_kept, of)}
        wanted = {place.enquiry_id: place for place in places}
        gone = [enquiry_id for enquiry_id in kept if enquiry_id not in wanted]
        if gone:
            self._connection.execute(_gone, {"ids": gone})
        change = self.last_change()
        changed = 0
        for place in wanted.values():
            before = kept.get(place.enquiry_id)
            if before == (place, rules) or (before is None and not place.listed):
                continue
            changed += 1
            self._keep(place, rules, change + changed, is_new=before is None)
        if marks:
            self._connection.execute(_clear_marks, {"numbers": list(marks)})
        return changed

    def _keep(self, place: Place, rules: str, change: int, *, is_new: bool) -> None:
        values = {name: getattr(place, name) for name in Place.__dataclass_fields__}
        values |= {"rules": rules, "change": change}
        if is_new:
            self._change(_new, values)
        else:
            self._change(_replace, {"of_enquiry": place.enquiry_id, **values})

    # -- reading it ------------------------------------------------------------------------------------------

    def last_change(self) -> int:
        row = self._one(_last_change, {})
        return 0 if row is None else int(row[0])

    def changed_after(self, change: int, most: int) -> list[Place]:
        """Return places that changed after a number, those that left the queue among them."""
        return [Place(*row) for row in self._all(_changed_after, {"after": change, "most": most})]

    def place_of(self, enquiry_id: EnquiryId) -> Place:
        """Raises `NotFound`."""
        row = self._one(_of, {"enquiry": enquiry_id})
        if row is None:
            raise NotFound(f"place of enquiry {enquiry_id}")
        return Place(*row)

    def alerting(self, most: int) -> list[tuple[Place, str]]:
        """Return the places whose alert nobody has answered, with their references. Ask `Sight` who may see."""
        rows = self._all(_alerting, {"most": most, "most_tier": _TIERS_OF_ALERTS})
        return [(Place(*row[:-1]), row[-1]) for row in rows]

    def page(
        self,
        sight: Sight,
        view: QueueView,
        *,
        worker_id: DutyWorkerId,
        now: datetime,
        most: int,
        after: Cursor | None = None,
    ) -> list[QueueRow]:
        """Return the rows of a view in order, those after a place. No view hides a concern nobody has answered."""
        shown = or_(_p.unanswered, _in_view(view, worker_id, now))
        statement = (
            select(*_place_columns, _enquiry.c.reference, _worker.c.name)
            .join(_enquiry, _enquiry.c.id == _p.enquiry_id)
            .outerjoin(_worker, _worker.c.id == _p.worker_id)
            .where(_p.listed, sight.condition(_p), shown)  # type: ignore[arg-type]
            .order_by(_p.tier, _p.due_at, _p.enquiry_id)
            .limit(most)
        )
        if after is not None:
            last = (literal(after.tier), literal(after.due_at, _p.due_at.type), literal(after.enquiry_id))
            statement = statement.where(tuple_(_p.tier, _p.due_at, _p.enquiry_id) > tuple_(*last))
        rows = self._all(statement, {})
        indicators = self._indicators_of([row[0] for row in rows])
        return [
            QueueRow(Place(*row[:-2]), row[-2], row[-1] or "", tuple(dict.fromkeys(indicators[row[0]])))
            for row in rows
        ]

    def counts(self, sight: Sight, *, worker_id: DutyWorkerId, now: datetime) -> dict[QueueView, int]:
        """Return how many each view holds, of those that this sight sees."""
        sums = [_how_many(_in_view(view, worker_id, now)) for view in QueueView]
        row = self._one(select(*sums).where(_p.listed, sight.condition(_p)), {})  # type: ignore[arg-type]
        return dict(zip(QueueView, row or [0] * len(sums), strict=True))

    def unanswered(self, sight: Sight) -> int:
        """Return how many hold a concern that nobody has answered."""
        statement = select(func.count()).where(_p.listed, _p.unanswered, sight.condition(_p))  # type: ignore[arg-type]
        row = self._one(statement, {})
        return 0 if row is None else int(row[0])

    def _indicators_of(self, ids: Sequence[str]) -> Mapping[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        if ids:
            for enquiry_id, indicator in self._all(_indicators, {"ids": list(ids)}):
                found[enquiry_id].append(indicator)
        return found

    def _by_enquiry(self, statement: Any, of: Mapping[str, Any]) -> Mapping[str, list[Sequence[Any]]]:
        found: defaultdict[str, list[Sequence[Any]]] = defaultdict(list)
        for row in self._all(statement, of):
            found[row[0]].append(row[1:])
        return found


def is_in_view(place: Place, view: QueueView, *, worker_id: DutyWorkerId, now: datetime) -> bool:
    """Say of one place what the views say in SQL."""
    match view:
        case QueueView.ALL:
            return True
        case QueueView.MINE:
            return place.worker_id == worker_id
        case QueueView.UNOWNED:
            return place.worker_id is None
        case QueueView.HELD:
            return place.status is EnquiryStatus.AWAITING_DECISION
        case QueueView.OVERDUE:
            return place.due_at <= now


def _in_view(view: QueueView, worker_id: DutyWorkerId, now: datetime) -> ColumnElement[bool]:
    match view:
        case QueueView.ALL:
            return true()
        case QueueView.MINE:
            return _p.worker_id == worker_id
        case QueueView.UNOWNED:
            return _p.worker_id.is_(None)
        case QueueView.HELD:
            return _p.status == EnquiryStatus.AWAITING_DECISION
        case QueueView.OVERDUE:
            return _p.due_at <= now


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
