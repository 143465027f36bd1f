"""The queue: where each open enquiry stands, kept beside the enquiries and put right whenever one is marked.

Whatever changes an enquiry, its concerns, its alert or who wrote to it leaves a mark in the same transaction (a
trigger does). Marks are taken one process at a time: a place is worked out from what is kept, never from what it
was before, and `change` numbers rise in the order in which they can be read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    tuple_,
    update,
)

from storage.alerts import Alert
from storage.audit import PERSON_WANTED, AuditEntry
from storage.columns import columns_of, table_of, values_of
from storage.concerns import Concern, ConcernStatus
from storage.conversations import Conversation
from storage.duty_workers import DutyWorker
from storage.enquiries import Enquiry
from storage.holds import Hold
from storage.identifiers import DutyWorkerId, EnquiryId
from storage.outbox import OutboxKind, OutboxMessage
from storage.pass_ons import PassOn
from storage.prepared import Prepared
from storage.queue_places import (
    AlertFacts,
    ConcernFacts,
    Cursor,
    Place,
    QueueFacts,
    QueueMark,
    QueuePlace,
    QueueRow,
)
from storage.queue_views import QueueView, in_view, is_in_view
from storage.recordings import Recording
from storage.repository import NotFound, Repository
from storage.sight import Sight

__all__ = [
    "AlertFacts",
    "ConcernFacts",
    "Cursor",
    "Place",
    "Queue",
    "QueueFacts",
    "QueueMark",
    "QueuePlace",
    "QueueRow",
    "QueueView",
    "is_in_view",
]

_marks, _places = table_of(QueueMark), table_of(QueuePlace)
_m, _p = _marks.c, _places.c
_enquiry, _concern, _alert = table_of(Enquiry), table_of(Concern), table_of(Alert)
_worker, _audit, _outbox = table_of(DutyWorker), table_of(AuditEntry), table_of(OutboxMessage)
_conversation, _recording, _pass_on = table_of(Conversation), table_of(Recording), table_of(PassOn)
_hold = table_of(Hold)
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
_still_here = case((_worker.c.disabled_at.is_(None), _alert.c.acknowledged_by))
"""Who answered an alert; nobody, once that worker is disabled."""
_alert_facts = (
    select(
        _alert.c.enquiry_id,
        *(_still_here if c.name == "acknowledged_by" else c for c in columns_of(_alert, AlertFacts)),
    )
    .outerjoin(_worker, _worker.c.id == _alert.c.acknowledged_by)
    .where(_alert.c.enquiry_id.in_(_ids))
    .order_by(_alert.c.id)
)
_wanted = (
    select(_audit.c.chain, func.max(_audit.c.at), func.min(_audit.c.at))
    .where(_audit.c.chain.in_(_ids), _audit.c.act == PERSON_WANTED)
    .group_by(_audit.c.chain)
)
_contacted = (
    select(_conversation.c.enquiry_id, func.max(_outbox.c.created_at), func.min(_outbox.c.created_at))
    .join(_outbox, _outbox.c.conversation_id == _conversation.c.id)
    .where(_conversation.c.enquiry_id.in_(_ids), _outbox.c.kind == OutboxKind.WORKER)
    .group_by(_conversation.c.enquiry_id)
)
_recorded = select(_recording.c.enquiry_id, _recording.c.began_at, _recording.c.confirmed_at).where(
    _recording.c.enquiry_id.in_(_ids)
)
_passed = select(_pass_on.c.enquiry_id, _pass_on.c.due_at).where(
    _pass_on.c.enquiry_id.in_(_ids), _pass_on.c.ended_at.is_(None)
)
_decide_by = select(_hold.c.enquiry_id, _hold.c.due_at).where(
    _hold.c.enquiry_id.in_(_ids), _hold.c.ended_at.is_(None)
)
_channels = (
    select(_conversation.c.enquiry_id, _conversation.c.channel)
    .where(_conversation.c.enquiry_id.in_(_ids))
    .order_by(_conversation.c.id.desc())
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
        wanted = {row[0]: row[1:] for row in self._all(_wanted, of)}
        contacted = {row[0]: row[1:] for row in self._all(_contacted, of)}
        decide_by = {row[0]: row[1] for row in self._all(_decide_by, of)}
        channels = {row[0]: row[1] for row in self._all(_channels, of)}
        never = (None, None)
        recorded = {row[0]: row[1:] for row in self._all(_recorded, of)}
        passed = {row[0]: row[1] for row in self._all(_passed, of)}
        return [
            QueueFacts(
                **dict(zip(_OWN_FACTS, row, strict=True)),
                concerns=tuple(ConcernFacts(*c) for c in concerns[row[0]]),
                alerts=tuple(AlertFacts(*a) for a in alerts[row[0]]),
                wanted_at=wanted.get(row[0], never)[0],
                contacted_at=contacted.get(row[0], never)[0],
                first_wanted_at=wanted.get(row[0], never)[1],
                first_contacted_at=contacted.get(row[0], never)[1],
                decide_by=decide_by.get(row[0]),
                channel=channels.get(row[0], ""),
                recorded_at=recorded.get(row[0], never)[0],
                confirmed_at=recorded.get(row[0], never)[1],
                passed_due_at=passed.get(row[0]),
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
        values = values_of(place)
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
        shown = or_(_p.unanswered, in_view(view, worker_id, now))
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
        sums = [_how_many(in_view(view, worker_id, now)) for view in QueueView]
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


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
