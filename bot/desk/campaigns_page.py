"""Writing to a group: what it says and how many it is for, before it begins; how far it is; and stopping it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from bot.desk.access import Act
from bot.desk.follow_ups import CHANNELS
from bot.desk.frame import SEE_OTHER, Desk, DeskPages, NotThere, checked, field, standing_of
from bot.desk.signing import NotAllowed, SignedIn
from bot.followups.campaigns import (
    APPROVED,
    LONGEST,
    MOST,
    OWN,
    Reach,
    begin_campaign,
    reach_of,
    stop_campaign,
    waiting_of,
    words_of,
)
from storage.audit import SYSTEM_CHAIN
from storage.campaigns import Chosen, Stage
from storage.enquiries import Audience
from storage.identifiers import CampaignId
from storage.unit_of_work import UnitOfWork

HERE = "/desk/groups"
SHOWN = 20
STAGES = {Stage.DRAFT: "Not sent yet", Stage.SENT: "Sent, and not closed", Stage.CLOSED: "Closed"}
NAMED = {"group_shut": "The office is closed", "group_number": "A new number", "group_slow": "We are slower"}
_NEEDS_WHEN = frozenset({"group_shut", "group_slow"})
_LONGEST_WHEN = 80
_MOST_DAYS = 365


def campaign_pages(desk: Desk, pages: DeskPages) -> APIRouter:
    router = APIRouter(prefix=HERE, include_in_schema=False, default_response_class=Response)

    @router.get("")
    async def listed(request: Request) -> Response:
        signed_in = await desk.signing.who(request)
        if not signed_in.allows(Act.WRITE_TO_GROUP):
            raise NotAllowed
        return await _page(request, signed_in, {})

    async def _page(
        request: Request,
        signed_in: SignedIn,
        kept: dict[str, Any],
        *,
        trouble: str = "",
        words: str = "",
        reach: Reach | None = None,
        status: int = 200,
    ) -> Response:
        def read(uow: UnitOfWork) -> dict[str, Any]:
            campaigns = uow.campaigns.newest(SHOWN)
            names = {w.id: w.name for w in uow.duty_workers.list_all()}
            return {
                "standing": standing_of(uow, desk, signed_in),
                "campaigns": campaigns,
                "waiting": waiting_of(uow, campaigns),
                "names": names,
            }

        found = await desk.run(read)
        return pages.rendered(
            request,
            signed_in,
            "groups.html",
            found.pop("standing"),
            status,
            **found,
            kept={**_FIRST, "pace": str(desk.area.afterwards.per_minute), **kept},
            audiences=[audience.value for audience in Audience],
            names_of={a.value: desk.house.wording.text(f"kind_{a.value}") for a in Audience},
            channels={"telegram": "Telegram", "webchat": "Web chat"},
            channel_names=CHANNELS,
            stages={stage.value: name for stage, name in STAGES.items()},
            approved={key: (NAMED[key], _sample(desk, key)) for key in APPROVED},
            trouble=trouble,
            text=words,
            reach=reach,
            longest=LONGEST,
            most=MOST,
        )

    @router.post("/look")
    async def looked(request: Request) -> Response:
        signed_in = await checked(desk, request, Act.WRITE_TO_GROUP)
        form = await request.form()
        kept, trouble = _kept(form), _wrong_in(form)
        if trouble:
            return await _page(request, signed_in, kept, trouble=trouble, status=422)
        now = desk.clock.now()
        reach = await desk.run(lambda uow: reach_of(uow, _chosen(form), now))
        return await _page(request, signed_in, kept, words=_words(desk, form), reach=reach)

    @router.post("/begin")
    async def begun(request: Request) -> Response:
        signed_in = await checked(desk, request, Act.WRITE_TO_GROUP)
        form, now = await request.form(), desk.clock.now()
        kept, trouble = _kept(form), _wrong_in(form)
        words = _words(desk, form)
        if not trouble and words != field(form, "looked_at"):
            trouble = "The words have changed since you looked at them. Look at them again, then send."
        if trouble:
            return await _page(request, signed_in, kept, trouble=trouble, status=422)
        counted = _number(form, "counted")

        def work(uow: UnitOfWork) -> Reach | None:
            chosen = _chosen(form)
            reach = reach_of(uow, chosen, now)
            if reach.is_too_many or not reach.count or abs(reach.count - counted) > max(2, counted // 20):
                return reach
            pace = _number(form, "pace")
            campaign = begin_campaign(
                uow, desk.house, signed_in.worker, field(form, "words_id"), words, chosen, pace, now
            )
            _note(uow, campaign.id, signed_in, "campaign.begun", now, planned=campaign.planned, pace=pace)
            return None

        changed = await desk.run(work)
        if changed is not None:
            trouble = "How many it is for has changed since you looked. Look again, then send."
            return await _page(request, signed_in, kept, trouble=trouble, words=words, reach=changed, status=409)
        return RedirectResponse(f"{HERE}?said=group-begun", SEE_OTHER)

    @router.post("/{campaign_id}/stop")
    async def stopped(request: Request, campaign_id: str) -> Response:
        signed_in = await checked(desk, request, Act.WRITE_TO_GROUP)
        now = desk.clock.now()

        def work(uow: UnitOfWork) -> bool:
            if all(campaign.id != campaign_id for campaign in uow.campaigns.newest(SHOWN)):
                raise NotThere
            left = stop_campaign(uow, CampaignId(campaign_id), signed_in.worker, now)
            if left is not None:
                _note(uow, campaign_id, signed_in, "campaign.stopped", now, left=left)
            return left is not None

        said = "group-stopped" if await desk.run(work) else "group-over"
        return RedirectResponse(f"{HERE}?said={said}", SEE_OTHER)

    return router


_FIRST = {
    "words_id": APPROVED[0], "own": "", "when": "", "heard_days": "90", "audience": (), "channel": (), "stage": (),
}  # fmt: skip


def _kept(form: FormData) -> dict[str, Any]:
    texts = {name: field(form, name) for name in ("words_id", "own", "when", "heard_days", "pace")}
    lists = {name: tuple(str(v) for v in form.getlist(name)) for name in ("audience", "channel", "stage")}
    return {**texts, **lists}


def _chosen(form: FormData) -> Chosen:
    def of(name: str, known: list[str]) -> tuple[str, ...]:
        return tuple(value for value in known if value in form.getlist(name))

    return Chosen(
        audiences=of("audience", [audience.value for audience in Audience]),
        channels=of("channel", ["telegram", "webchat"]),
        stages=of("stage", [stage.value for stage in Stage]),
        heard_days=_number(form, "heard_days"),
    )


def _words(desk: Desk, form: FormData) -> str:
    return words_of(
        desk.house, field(form, "words_id"), own=field(form, "own"), when=field(form, "when"), now=desk.clock.now()
    )


def _sample(desk: Desk, words_id: str) -> str:
    return words_of(desk.house, words_id, own="", when="on …", now=desk.clock.now())


def _wrong_in(form: FormData) -> str:
    words_id, own, when = field(form, "words_id"), field(form, "own").strip(), field(form, "when").strip()
    if words_id not in (*APPROVED, OWN):
        return "Choose what it says."
    if words_id == OWN and not own:
        return "Write what it says."
    if len(own) > LONGEST:
        return f"Your words have {len(own):,} characters. The most is {LONGEST}."
    if words_id in _NEEDS_WHEN and not when:
        return "Write when, such as: on Monday 31 August."
    if len(when) > _LONGEST_WHEN:
        return f"What you wrote under “When” has {len(when)} characters. The most is {_LONGEST_WHEN}."
    if not 1 <= _number(form, "heard_days") <= _MOST_DAYS:
        return f"Write a number of days from 1 to {_MOST_DAYS}."
    if not 1 <= _number(form, "pace") <= 600:
        return "Write how many in a minute, from 1 to 600."
    return ""


def _number(form: FormData, name: str) -> int:
    text = field(form, name).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else -1


def _note(uow: UnitOfWork, campaign_id: str, signed_in: SignedIn, act: str, now: Any, **details: int) -> None:
    uow.audit.write(
        chain=SYSTEM_CHAIN,
        at=now,
        actor=signed_in.worker.id,
        act=act,
        record_type="campaign",
        record_id=campaign_id,
        details=dict(details),
    )
