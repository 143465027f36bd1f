"""Follow-ups as the desk lists them: what each will say to whom and when, why then, and what may be done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.desk.feed import places_of
from bot.desk.frame import Desk
from bot.desk.signing import SignedIn
from bot.followups.acts import acts_for, mark_of
from bot.followups.kinds import FollowUpKind, name_of, speaks
from bot.followups.preview import says_of
from bot.followups.registry import handlings
from flows.wording import Wording
from storage.duty_workers import DutyWorkerRecord, Role
from storage.follow_ups import Actor, FollowUpRecord
from storage.identifiers import DutyWorkerId, EnquiryId
from storage.queue import Place
from storage.unit_of_work import UnitOfWork

MOST = 200
CHANNELS = {"telegram": "Telegram", "webchat": "the web chat", "console": "the terminal", "sms": "a text message"}
_FAR = timedelta(days=366)


class View(StrEnum):
    TODAY = "today"
    MINE = "mine"
    OVERDUE = "overdue"
    TOMORROW = "tomorrow"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Shown:
    """One follow-up. `at` is when it goes, or by when a worker is to have done it. `whys` are sentences."""

    id: str
    mark: str
    kind: str
    name: str
    reference: str
    is_closed: bool
    is_closed_queue: bool
    at: datetime
    is_late: bool
    is_a_workers: bool
    owner: str
    is_mine: bool
    audience: str
    way: str
    says: str
    what: str
    whys: tuple[str, ...]
    acts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    rows: tuple[Shown, ...]
    is_more: bool


def list_follow_ups(
    uow: UnitOfWork, desk: Desk, signed_in: SignedIn, view: View, kind: str, now: datetime
) -> Listed:
    """Return the follow-ups of a view that somebody sees, the soonest first."""
    kinds = [kind] if kind else []
    seen, is_more = _up_to(
        MOST, uow, desk, signed_in, lambda most: _found(uow, desk, signed_in.worker.id, view, kinds, now, most)
    )
    rows = sorted(seen, key=lambda pair: (at_of(pair[0]), pair[0].id))
    return Listed(tuple(shown(uow, desk, signed_in, f, place, now) for f, place in rows[:MOST]), is_more)


def of_enquiry(
    uow: UnitOfWork, desk: Desk, signed_in: SignedIn, enquiry_id: EnquiryId, now: datetime
) -> list[Shown]:
    """Return what stands of one enquiry."""
    standing = [f for f in uow.follow_ups.of(enquiry_id) if f.done_at is None]
    seen = seen_by(uow, desk, signed_in, standing)
    return [shown(uow, desk, signed_in, f, place, now) for f, place in sorted(seen, key=lambda p: at_of(p[0]))]


def how_many_mine(uow: UnitOfWork, desk: Desk, signed_in: SignedIn, now: datetime) -> int:
    """Return how many of a worker's own are to be done today, or were before; none of a queue closed to them."""
    tasks = _tasks(uow, _end_of(desk, now, 0), signed_in.worker.id, (), MOST)
    return len(seen_by(uow, desk, signed_in, tasks))


def seen_by(
    uow: UnitOfWork, desk: Desk, signed_in: SignedIn, found: Iterable[FollowUpRecord]
) -> list[tuple[FollowUpRecord, Place]]:
    """Return those of enquiries that somebody sees, each with where its enquiry stands."""
    records = list(found)
    places = places_of(uow, desk.placing, list({f.enquiry_id for f in records}))
    return [
        (f, places[f.enquiry_id])
        for f in records
        if f.enquiry_id in places and signed_in.sight.sees(places[f.enquiry_id])
    ]


def _up_to(
    most: int,
    uow: UnitOfWork,
    desk: Desk,
    signed_in: SignedIn,
    find: Callable[[int], list[FollowUpRecord]],
) -> tuple[list[tuple[FollowUpRecord, Place]], bool]:
    """Return those that somebody sees, and whether they see more than `most`. What they do not see is neither
    counted nor takes the place of what they do: then more is looked for.
    """
    limit, before = most + 1, -1
    while True:
        found = find(limit)
        seen = seen_by(uow, desk, signed_in, found)
        if len(seen) > most or len(found) < limit or len(found) == before:
            return seen, len(seen) > most
        limit, before = 4 * limit, len(found)


def at_of(follow_up: FollowUpRecord) -> datetime:
    """Return when it is looked for: a worker's task by when it is to be done, anything else when it goes."""
    if follow_up.actor is Actor.WORKER and follow_up.promised_at is not None:
        return follow_up.promised_at
    return follow_up.due_at


def days_of(
    uow: UnitOfWork, desk: Desk, signed_in: SignedIn, first: date, last: date
) -> tuple[dict[date, list[tuple[FollowUpRecord, Place]]], bool]:
    """Return what stands for each day from the first to the last, and whether there is more than is shown."""
    since, until = _midnight(desk, first), _midnight(desk, last + timedelta(days=1))
    standing = uow.follow_ups.standing

    def find(most: int) -> list[FollowUpRecord]:
        ours = standing(actor=Actor.FRONT_DOOR, since=since, until=until, limit=most)
        return [
            *ours,
            *standing(actor=Actor.WORKER, promised_since=since, promised_until=until, limit=most),
        ]

    seen, is_more = _up_to(_MOST_OF_CALENDAR, uow, desk, signed_in, find)
    days: dict[date, list[tuple[FollowUpRecord, Place]]] = {}
    for follow_up, place in seen:
        local = at_of(follow_up).astimezone(desk.house.working_time.zone)
        days.setdefault(local.date(), []).append((follow_up, place))
    return days, is_more


def workers_to(uow: UnitOfWork) -> list[DutyWorkerRecord]:
    """Return who may be given a follow-up."""
    able = {Role.DUTY_WORKER, Role.OUT_OF_HOURS, Role.MANAGER, Role.HEAD_OF_SERVICE, Role.LADO}
    return [w for w in uow.duty_workers.list_all() if w.disabled_at is None and w.role in able]


def shown(
    uow: UnitOfWork, desk: Desk, signed_in: SignedIn, follow_up: FollowUpRecord, place: Place, now: datetime
) -> Shown:
    enquiry = uow.enquiries.get(follow_up.enquiry_id)
    is_a_workers = follow_up.actor is Actor.WORKER
    at = at_of(follow_up)
    owner = uow.duty_workers.get(follow_up.worker_id).name if follow_up.worker_id else ""
    return Shown(
        id=follow_up.id,
        mark=mark_of(follow_up),
        kind=follow_up.kind,
        name=name_of(desk.house.wording, follow_up),
        reference=enquiry.reference,
        is_closed=enquiry.closed_at is not None,
        is_closed_queue=place.closed_queue,
        at=at,
        is_late=at <= now,
        is_a_workers=is_a_workers,
        owner=owner or ("whoever is on duty" if is_a_workers else "the front door"),
        is_mine=follow_up.worker_id == signed_in.worker.id,
        audience=enquiry.audience.value,
        way="" if is_a_workers else _way(uow, follow_up),
        says=says_of(uow, desk.house, handlings(), follow_up, now),
        what=str(follow_up.details.get("what", "")),
        whys=tuple(whys_of(desk.house.wording, follow_up)),
        acts=acts_for(follow_up),
    )


def whys_of(wording: Wording, follow_up: FollowUpRecord) -> list[str]:
    """Return why it stands as it does: why with a worker or put off, else why planned at that time."""
    if follow_up.why is not None:
        keys = [f"{first}_{follow_up.why}" for first in ("why", "held", "planned")]
        known = [key for key in keys if key in wording]
        return [wording.text(known[0])] if known else []
    reasons = [str(key) for key in follow_up.details.get("reasons", ()) if str(key) in wording]
    is_held = any(key.startswith("held_") for key in reasons)
    given = [wording.text("why_to_be_given")] if is_held and follow_up.actor is Actor.FRONT_DOOR else []
    return [*given, *(wording.text(key) for key in reasons)]


def _way(uow: UnitOfWork, follow_up: FollowUpRecord) -> str:
    """Return by which way it reaches them; "" for what says nothing to them."""
    if follow_up.conversation_id is None or not speaks(follow_up.kind):
        return ""
    channel = uow.conversations.get(follow_up.conversation_id).channel
    return CHANNELS.get(channel, channel)


_MOST_OF_CALENDAR = 2_000


def _found(
    uow: UnitOfWork,
    desk: Desk,
    worker_id: DutyWorkerId,
    view: View,
    kinds: Sequence[str],
    now: datetime,
    most: int,
) -> list[FollowUpRecord]:
    today, tomorrow = _end_of(desk, now, 0), _end_of(desk, now, 1)
    match view:
        case View.MINE:
            return _tasks(uow, now + _FAR, worker_id, kinds, most)
        case View.TODAY:
            return [*_tasks(uow, today, None, kinds, most), *_ours(uow, None, today, kinds, most)]
        case View.OVERDUE:
            late = _tasks(uow, now, None, kinds, most, is_promised=True)
            return [*late, *_ours(uow, None, now, kinds, most)]
        case View.TOMORROW:
            tasks = uow.follow_ups.standing(
                actor=Actor.WORKER, kinds=kinds, promised_since=today, promised_until=tomorrow, limit=most
            )
            return [*tasks, *_ours(uow, today, tomorrow, kinds, most)]
        case View.ALL:
            return [*_tasks(uow, now + _FAR, None, kinds, most), *_ours(uow, None, now + _FAR, kinds, most)]


def _tasks(
    uow: UnitOfWork,
    until: datetime,
    worker_id: DutyWorkerId | None,
    kinds: Sequence[str],
    most: int,
    *,
    is_promised: bool = False,
) -> list[FollowUpRecord]:
    """Return tasks that are to be done before `until`, and those whose bell rings before it."""
    of = {"actor": Actor.WORKER, "worker_id": worker_id, "kinds": kinds, "limit": most}
    promised = uow.follow_ups.standing(promised_until=until, **of)  # type: ignore[arg-type]
    ringing = [] if is_promised else uow.follow_ups.standing(until=until, **of)  # type: ignore[arg-type]
    return list({f.id: f for f in (*promised, *ringing)}.values())


def _ours(
    uow: UnitOfWork, since: datetime | None, until: datetime, kinds: Sequence[str], most: int
) -> list[FollowUpRecord]:
    return uow.follow_ups.standing(actor=Actor.FRONT_DOOR, since=since, until=until, kinds=kinds, limit=most)


def _end_of(desk: Desk, now: datetime, days: int) -> datetime:
    """Return the midnight at the end of today, or of so many days later."""
    return _midnight(desk, desk.house.today(now) + timedelta(days=days + 1))


def _midnight(desk: Desk, day: date) -> datetime:
    return datetime.combine(day, time(0), desk.house.working_time.zone)


def kind_names(wording: Wording) -> Mapping[str, str]:
    return {kind.value: wording.text(f"follow_up_{kind.value}") for kind in FollowUpKind}
