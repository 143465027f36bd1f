"""Today's follow-ups, what a worker does with each, the calendar, and a run-through by other rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from bot.desk import follow_ups as read
from bot.desk.access import Act, may, sight_of
from bot.desk.enquiry_view import back_to, opened
from bot.desk.feed import places_of
from bot.desk.follow_ups import MOST, View, at_of, days_of, kind_names, list_follow_ups, seen_by, workers_to
from bot.desk.frame import SEE_OTHER, Desk, DeskPages, NotThere, allowed, checked, field, standing_of
from bot.desk.handoffs import open_conversation_of
from bot.desk.signing import SignedIn
from bot.desk.weeks import month_of
from bot.followups import acts
from bot.followups.acts import CANCEL, DONE, NOW, REASSIGN, SNOOZE, ChangedSince, NotPossible
from bot.followups.kinds import FollowUpKind
from bot.followups.pieces import in_pieces
from bot.followups.preview import RunThrough, changed_settings, window, with_rules
from bot.followups.reminders import LONGEST_WHAT, SET_BY_WORKERS, set_task
from bot.followups.renewal import promise_renewal
from flows.area import Area
from flows.loader import BadDefinition, read_area
from storage.enquiries import EnquiryRecord
from storage.follow_ups import FollowUpRecord
from storage.identifiers import DutyWorkerId, FollowUpId
from storage.queue import Place
from storage.repository import NotFound
from storage.unit_of_work import UnitOfWork

LONGEST_REASON = 1_000
LONGEST_RULES = 100_000
DAYS_AHEAD = 14
_CHANGED = (
    "Somebody did something to this while you looked. It is below as it is now. What you wrote was not kept."
)
_SETTABLE = (*SET_BY_WORKERS, FollowUpKind.CONSENT_RENEWAL)


def follow_up_pages(desk: Desk, pages: DeskPages) -> APIRouter:
    router = APIRouter(prefix="/desk", include_in_schema=False, default_response_class=Response)
    names = kind_names(desk.house.wording)

    @router.get("/follow-ups")
    async def listed(request: Request) -> Response:
        signed_in = await allowed(desk, request, Act.SEE_FOLLOW_UPS)
        return await _list(request, signed_in)

    async def _list(request: Request, signed_in: SignedIn, trouble: str = "", status: int = 200) -> Response:
        asked = request.query_params
        view = View(asked["view"]) if asked.get("view") in list(View) else View.TODAY
        kind = asked.get("kind", "") if asked.get("kind", "") in names else ""
        now = desk.clock.now()

        def work(uow: UnitOfWork) -> tuple[dict[str, Any], read.Listed, list[Any]]:
            found = list_follow_ups(uow, desk, signed_in, view, kind, now)
            return standing_of(uow, desk, signed_in), found, workers_to(uow)

        standing, found, workers = await desk.run(work)
        return pages.rendered(
            request,
            signed_in,
            "follow-ups.html",
            standing,
            status,
            rows=found.rows,
            is_more=found.is_more,
            most=MOST,
            view=view.value,
            kind=kind,
            kinds=names,
            workers=workers,
            trouble=trouble,
            local=_local(desk),
        )

    # -- what a worker does with one ---------------------------------------------------------------------------

    @router.post("/follow-ups/{follow_up_id}/{act}")
    async def acted(request: Request, follow_up_id: str, act: str) -> Response:
        signed_in = await checked(desk, request, Act.DO_FOLLOW_UPS)
        form, now = await request.form(), desk.clock.now()
        wrong = _wrong_in(form, act)
        if wrong:
            return await _list(request, signed_in, wrong, 422)

        def work(uow: UnitOfWork) -> str:
            enquiry = _its_enquiry(uow, desk, signed_in, follow_up_id)
            held = acts.take(uow, FollowUpId(follow_up_id), act, field(form, "seen"), signed_in.worker, now)
            _do(uow, desk, signed_in, act, enquiry, held, form, now)
            return enquiry.reference

        try:
            reference = await desk.run(work)
        except ChangedSince:
            return await _list(request, signed_in, _CHANGED, 409)
        except NotPossible as why:
            return await _list(request, signed_in, str(why), 409)
        desk.feed.wake()
        if field(form, "from") == "enquiry":
            return back_to(reference, f"follow-up-{act}", "planned")
        where = f"view={quote(field(form, 'view') or 'today')}&kind={quote(field(form, 'kind'))}"
        return RedirectResponse(f"/desk/follow-ups?{where}&said=follow-up-{act}", SEE_OTHER)

    @router.post("/enquiries/{reference}/follow-ups")
    async def set_one(request: Request, reference: str) -> Response:
        signed_in = await checked(desk, request, Act.WRITE)
        form, now = await request.form(), desk.clock.now()
        what, at = " ".join(field(form, "what").split()), _instant(desk, form)
        kind = next((k for k in _SETTABLE if k.value == field(form, "kind")), None)
        is_renewal = kind is FollowUpKind.CONSENT_RENEWAL
        if kind is None or at is None or at <= now or (not what and not is_renewal) or len(what) > LONGEST_WHAT:
            return back_to(reference, "follow-up-wrong", "planned")

        def work(uow: UnitOfWork) -> str:
            enquiry, _ = opened(uow, desk, signed_in, reference, Act.WRITE)
            if is_renewal:
                conversation = open_conversation_of(uow, enquiry)
                made = promise_renewal(uow, desk.house, enquiry, conversation, now, at=at)
                return "follow-up-set" if made else "follow-up-no-consent"
            worker = _worker(uow, form) or signed_in.worker.id
            if not _would_see(uow, desk, signed_in, enquiry, worker):
                return "follow-up-not-seen"
            set_task(uow, desk.house, enquiry, kind, what, at, worker, signed_in.worker.id, now)
            return "follow-up-set"

        return back_to(reference, await desk.run(work), "planned")

    # -- the calendar ------------------------------------------------------------------------------------------

    @router.get("/follow-ups/calendar")
    async def calendar(request: Request) -> Response:
        signed_in = await allowed(desk, request, Act.SEE_FOLLOW_UPS)
        now = desk.clock.now()
        month = month_of(request.query_params, desk.house.today(now))

        def work(uow: UnitOfWork) -> tuple[dict[str, Any], dict[date, list[dict[str, Any]]], bool]:
            days, is_more = days_of(uow, desk, signed_in, month.first, month.last)
            shown = {day: _of_day(uow, found, month.is_week) for day, found in days.items()}
            return standing_of(uow, desk, signed_in), shown, is_more

        standing, days, is_more = await desk.run(work)
        today = desk.house.today(now)
        return pages.rendered(
            request, signed_in, "calendar.html", standing, month=month, days=days, is_more=is_more, today=today,
            names=names,
        )  # fmt: skip

    # -- by other rules ----------------------------------------------------------------------------------------

    @router.get("/follow-ups/run-through")
    async def rules_form(request: Request) -> Response:
        signed_in = await allowed(desk, request, Act.TRY_RULES)
        return await pages.render(request, signed_in, "run-through.html", rules="", trouble="", result=None)

    @router.post("/follow-ups/run-through")
    async def rules_tried(request: Request) -> Response:
        signed_in = await checked(desk, request, Act.TRY_RULES)
        rules = field(await request.form(), "rules")
        trouble, area = _area_in(rules, desk.area)
        result = None if area is None else await tried(desk, signed_in, area, desk.clock.now())
        status = 422 if trouble else 200
        return await pages.render(
            request,
            signed_in,
            "run-through.html",
            status,
            rules=rules,
            trouble=trouble,
            result=result,
            names=names,
        )

    return router


# -- doing -------------------------------------------------------------------------------------------------


def _do(
    uow: UnitOfWork,
    desk: Desk,
    signed_in: SignedIn,
    act: str,
    enquiry: EnquiryRecord,
    held: FollowUpRecord,
    form: FormData,
    now: datetime,
) -> None:
    worker, reason = signed_in.worker, _reason(form)
    if act == DONE:
        acts.finish(uow, enquiry, held, worker, reason, now)
    elif act == SNOOZE:
        until = _instant(desk, form)
        if until is None:
            raise NotPossible("Choose a day and a time.")
        acts.snooze(uow, desk.house, enquiry, held, worker, until, reason, now)
    elif act == REASSIGN:
        to = _worker(uow, form)
        if to is None:
            raise NotPossible("Choose a worker.")
        if not _would_see(uow, desk, signed_in, enquiry, to):
            raise NotPossible("They may not see this enquiry. Choose somebody who may.")
        acts.reassign(uow, desk.house, enquiry, held, worker, to, reason, now)
    elif act == NOW:
        acts.do_now(uow, enquiry, held, worker, now)
    else:
        acts.cancel(uow, enquiry, held, worker, reason, now)


def _its_enquiry(uow: UnitOfWork, desk: Desk, signed_in: SignedIn, follow_up_id: str) -> EnquiryRecord:
    """Return the enquiry of a follow-up that somebody may act on. Raises `NotThere`."""
    try:
        enquiry = uow.enquiries.get(uow.follow_ups.get(FollowUpId(follow_up_id)).enquiry_id)
    except NotFound:
        raise NotThere from None
    if not may(signed_in.worker, Act.DO_FOLLOW_UPS, desk.place_of(uow, enquiry), signed_in.sight.opened):
        raise NotThere
    return enquiry


def _wrong_in(form: FormData, act: str) -> str:
    if act not in (DONE, SNOOZE, REASSIGN, NOW, CANCEL):
        raise NotThere
    reason = _reason(form)
    if act in (SNOOZE, CANCEL) and not reason:
        return "Write why. It goes on the record."
    if len(reason) > LONGEST_REASON:
        return f"Your reason has {len(reason):,} characters. The most is {LONGEST_REASON:,}. It was not kept."
    return ""


def _reason(form: FormData) -> str:
    return field(form, "reason").replace("\r\n", "\n").strip()


def _worker(uow: UnitOfWork, form: FormData) -> DutyWorkerId | None:
    wanted = field(form, "worker")
    return next((w.id for w in workers_to(uow) if w.id == wanted), None)


def _would_see(
    uow: UnitOfWork, desk: Desk, signed_in: SignedIn, enquiry: EnquiryRecord, worker_id: DutyWorkerId
) -> bool:
    """Say whether whoever is to do it may see what it is about: of a closed queue few may."""
    sight = sight_of(uow.duty_workers.get(worker_id))
    return worker_id == signed_in.worker.id or sight.sees(desk.place_of(uow, enquiry))


def _instant(desk: Desk, form: FormData) -> datetime | None:
    """Return the day and time of a form, as it is where the area is."""
    try:
        on = date.fromisoformat(field(form, "day"))
        at = time.fromisoformat(field(form, "time") or "09:00")
    except ValueError:
        return None
    if not 2000 < on.year < 2200:
        return None
    return datetime.combine(on, at.replace(tzinfo=None), desk.house.working_time.zone)


def _local(desk: Desk) -> Callable[[datetime], datetime]:
    return lambda at: at.astimezone(desk.house.working_time.zone)


def _of_day(uow: UnitOfWork, found: list[tuple[FollowUpRecord, Place]], is_week: bool) -> list[dict[str, Any]]:
    """Return a day's follow-ups: each in a week, counted by kind in a month."""
    if not is_week:
        counts = Counter(f.kind for f, _ in found)
        return [{"kind": kind, "count": many} for kind, many in sorted(counts.items())]
    ordered = sorted(found, key=lambda pair: at_of(pair[0]))
    return [
        {"kind": f.kind, "at": at_of(f), "reference": uow.enquiries.get(f.enquiry_id).reference}
        for f, _ in ordered
    ]


# -- by other rules ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tried:
    """What other rules would change. `rows` are of those somebody sees; the counts are of what they may count."""

    settings: list[tuple[str, str, str]]
    counted: Counter[str]
    moved: Counter[str]
    reworded: Counter[str]
    rows: tuple[RunThrough, ...]
    until: datetime
    names_rows: bool


async def tried(desk: Desk, signed_in: SignedIn, area: Area, now: datetime) -> Tried:
    """Run through the coming days by other rules. Closed queues are in it only for who sees them."""
    until = window(now, DAYS_AHEAD)
    names_rows = signed_in.allows(Act.SEE_FOLLOW_UPS)

    def choose(uow: UnitOfWork, found: Sequence[FollowUpRecord]) -> list[FollowUpRecord]:
        if names_rows:
            return [f for f, _ in seen_by(uow, desk, signed_in, found)]
        places = places_of(uow, desk.placing, list({f.enquiry_id for f in found}))
        return [f for f in found if f.enquiry_id in places and not places[f.enquiry_id].closed_queue]

    other = with_rules(desk.house, area)
    through = await in_pieces(desk.database, desk.house, other, choose, until=until, now=now, most=MOST_TRIED)
    lines = through.lines
    changed = [line for line in lines if line.is_moved or line.is_reworded]
    return Tried(
        settings=changed_settings(desk.area, area),
        counted=Counter(line.follow_up.kind for line in lines),
        moved=Counter(line.follow_up.kind for line in lines if line.is_moved),
        reworded=Counter(line.follow_up.kind for line in lines if line.is_reworded),
        rows=tuple(changed[:MOST]) if names_rows else (),
        until=until,
        names_rows=names_rows,
    )


MOST_TRIED = 1_000


def _area_in(rules: str, today: Area) -> tuple[str, Area | None]:
    if not rules.strip():
        return "Put the new area file in the box.", None
    if len(rules) > LONGEST_RULES:
        return f"The file has {len(rules):,} characters. The most is {LONGEST_RULES:,}.", None
    try:
        area = read_area(rules, "The file")
    except BadDefinition as error:
        return str(error), None
    if area.id != today.id:
        return f"This is the file of another area: {area.id}.", None
    return "", area
