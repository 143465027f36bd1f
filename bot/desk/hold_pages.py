"""Holding an enquiry for a manager's decision, deciding it, and disagreeing: the forms and what they do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData

from bot.desk.access import Act
from bot.desk.decisions import (
    PASSED_ON,
    REFERRALS,
    Choice,
    MayNotDecide,
    NotConfirmed,
    SaidMore,
    decide,
    feedback_words,
    may_record,
    outcomes,
    referral_outcomes,
    ways,
)
from bot.desk.enquiry_view import Asked, Found, again, back_to, opened, too_long
from bot.desk.frame import Desk, DeskPages, NotThere, allowed, checked, field
from bot.desk.handoffs import EnquiryClosed
from bot.desk.holding import AlreadyHeld, Evidence, NotADecider, Quoted, disagree, hold, name_decider
from bot.desk.signing import NotAllowed, SignedIn
from bot.followups.helped import Later, is_about_safety
from bot.followups.told import note_told
from bot.safeguarding.telling import managers, note_act
from storage.decisions import FeedbackWay
from storage.duty_workers import DutyWorkerRecord
from storage.enquiries import EnquiryChanged
from storage.identifiers import FeedbackId
from storage.outbox import OutboxRecord
from storage.turns import TurnRecord
from storage.unit_of_work import UnitOfWork

LONGEST = 20_000
EVIDENCE = {
    "analysis": "What you think is happening, and why",
    "impact": "What it does to the child",
    "history": "What is known from before",
    "tried": "What has been tried",
    "strengths": "What goes well, and who helps",
    "gaps": "What is not known yet",
    "threshold_why": "Why you think that level is met",
    "safety_plan": "How the child is kept safe until there is a decision",
}
NEEDED = ("analysis", "threshold_why", "safety_plan")
HANDS = {"first": "First hand", "second": "Second hand", "unknown": "Not known"}
WAYS = {
    FeedbackWay.CHAT: "In the chat, where they wrote",
    FeedbackWay.EMAIL: "By e-mail",
    FeedbackWay.SMS: "By text message",
    FeedbackWay.BY_HAND: "A worker tells them, by phone or in person",
    FeedbackWay.NOT_TOLD: "They are not told: say why below",
}


def hold_pages(desk: Desk, pages: DeskPages) -> APIRouter:
    router = APIRouter(prefix="/desk/enquiries/{reference}", include_in_schema=False)

    # -- holding ---------------------------------------------------------------------------------------------

    @router.get("/hold")
    async def hold_form(request: Request, reference: str) -> Response:
        signed_in = await allowed(desk, request, Act.HOLD)
        return await _hold_page(Asked(request, reference, signed_in))

    @router.post("/hold")
    async def held(request: Request, reference: str) -> Response:
        signed_in = await checked(desk, request, Act.HOLD)
        form = await request.form()
        wrong = _wrong_in(form, EVIDENCE, NEEDED)
        if not field(form, "threshold"):
            wrong = wrong or "Choose the level that you think is met."
        if not field(form, "decider"):
            wrong = wrong or "Choose the manager who is to decide."
        if wrong:
            return await _hold_page(Asked(request, reference, signed_in, form, wrong, 422))
        now = desk.clock.now()

        def work(uow: UnitOfWork) -> list[OutboxRecord]:
            enquiry, _ = opened(uow, desk, signed_in, reference, Act.HOLD)
            turns = [t for c in uow.conversations.of_enquiry(enquiry.id) for t in uow.turns.of(c.id)]
            _, rows = hold(
                uow,
                desk.house,
                enquiry,
                signed_in.worker,
                _evidence(form, turns),
                field(form, "safety_plan").strip(),
                field(form, "decider"),
                now,
                expected_version=_number(form, "version"),
            )
            return rows

        try:
            rows = await desk.run(work)
        except tuple(_HOLD_TROUBLES) as trouble:
            words = _HOLD_TROUBLES[type(trouble)]
            return await _hold_page(Asked(request, reference, signed_in, form, words, 409))
        desk.sent(rows)
        return back_to(reference, "held")

    async def _hold_page(asked: Asked) -> Response:
        def read(uow: UnitOfWork) -> tuple[Found, list[DutyWorkerRecord]]:
            return asked.gathered(uow, desk), managers(uow)

        found, deciders = await desk.run(read)
        return asked.answered(
            pages,
            desk,
            found,
            "hold.html",
            labels=EVIDENCE,
            needed=NEEDED,
            hands=HANDS,
            deciders=deciders,
            kept=_kept(asked.form, found),
            longest=LONGEST,
        )

    @router.post("/decider")
    async def decider(request: Request, reference: str) -> Response:
        signed_in = await checked(desk, request, Act.DECIDE)
        form, now = await request.form(), desk.clock.now()

        def work(uow: UnitOfWork) -> bool:
            enquiry, _ = opened(uow, desk, signed_in, reference, Act.DECIDE)
            try:
                return name_decider(uow, enquiry, signed_in.worker, field(form, "decider"), now)
            except NotADecider:
                return False

        return back_to(reference, "decider" if await desk.run(work) else "")

    # -- disagreeing -----------------------------------------------------------------------------------------

    @router.post("/disagree")
    async def disagreed(request: Request, reference: str) -> Response:
        signed_in = await checked(desk, request, Act.WRITE)
        reason = field(await request.form(), "reason").replace("\r\n", "\n").strip()
        if not reason or len(reason) > LONGEST:
            words = too_long("reason", len(reason), LONGEST) if reason else "Write why you disagree."
            asked = Asked(request, reference, signed_in, None, words, 422)
            return await again(desk, pages, asked, {"disagree": reason})
        now = desk.clock.now()

        def work(uow: UnitOfWork) -> list[OutboxRecord]:
            enquiry, _ = opened(uow, desk, signed_in, reference, Act.WRITE)
            return disagree(uow, desk.house, enquiry, signed_in.worker, reason, now)[1]

        desk.sent(await desk.run(work))
        return back_to(reference, "disagreed", "disagreements")

    @router.post("/disagreements/{disagreement_id}")
    async def answered(request: Request, reference: str, disagreement_id: str) -> Response:
        signed_in = await checked(desk, request, Act.DECIDE)
        words = field(await request.form(), "answer").replace("\r\n", "\n").strip()
        if not words or len(words) > LONGEST:
            trouble = too_long("answer", len(words), LONGEST) if words else "Write your answer first."
            asked = Asked(request, reference, signed_in, None, trouble, 422)
            return await again(desk, pages, asked, {"answer": words})
        now = desk.clock.now()

        def work(uow: UnitOfWork) -> bool:
            enquiry, _ = opened(uow, desk, signed_in, reference, Act.DECIDE)
            is_first = uow.notes.answer(disagreement_id, enquiry.id, signed_in.worker.id, words, now)
            if is_first:
                record = ("disagreement", disagreement_id)
                note_act(uow, enquiry, signed_in.worker.id, "disagreement.answered", record, now, reason=words)
            return is_first

        if not await desk.run(work):
            trouble = "Somebody has answered it, or it is your own: another manager answers that."
            asked = Asked(request, reference, signed_in, None, trouble, 409)
            return await again(desk, pages, asked, {"answer": words})
        return back_to(reference, "disagreement-answered", "disagreements")

    # -- deciding --------------------------------------------------------------------------------------------

    @router.get("/decide")
    async def decide_form(request: Request, reference: str) -> Response:
        signed_in = await allowed(desk, request, Act.WRITE)
        return await _decide_page(Asked(request, reference, signed_in))

    @router.post("/decide")
    async def decided(request: Request, reference: str) -> Response:
        signed_in = await checked(desk, request, Act.WRITE)
        form = await request.form()
        wrong = _wrong_in(form, {"reason": "The reason", "told": "Who else was told"}, ("reason",))
        wrong = wrong or _wrong_choice(form, desk)
        if wrong:
            return await _decide_page(Asked(request, reference, signed_in, form, wrong, 422))
        now = desk.clock.now()

        def work(uow: UnitOfWork) -> list[OutboxRecord]:
            enquiry, place = opened(uow, desk, signed_in, reference, Act.WRITE)
            _, rows = decide(
                uow,
                desk.house,
                enquiry,
                place,
                signed_in.worker,
                _choice(form),
                now,
                expected_version=_number(form, "version"),
                expected_turns=_number(form, "turns"),
            )
            return rows

        try:
            rows = await desk.run(work)
        except MayNotDecide:
            raise NotAllowed from None
        except NotConfirmed:
            return await _decide_page(Asked(request, reference, signed_in, form, _NOT_CONFIRMED, 409))
        except SaidMore:
            words = "They have written since you opened this page. Read it, then decide. Your form is as it was."
            return await _decide_page(Asked(request, reference, signed_in, form, words, 409))
        except EnquiryChanged:
            words = await desk.run(lambda uow: _what_changed(uow, desk, signed_in, reference))
            return await _decide_page(Asked(request, reference, signed_in, form, words, 409))
        desk.sent(rows)
        return back_to(reference, "decided", "decisions")

    async def _decide_page(asked: Asked) -> Response:
        form = asked.form

        def read(uow: UnitOfWork) -> tuple[Found, list[Any], dict[str, str], bool]:
            found = asked.gathered(uow, desk)
            now, known = desk.clock.now(), ways(uow, desk.house, found.enquiry)
            codes = may_record(uow, desk.house, asked.signed_in.worker, found.place, found.enquiry.id)
            said = {c: feedback_words(desk.house, found.enquiry, c, FeedbackWay.CHAT, now)[1] for c in codes}
            return found, known, said, is_about_safety(uow, found.enquiry)

        found, known, said, about_safety = await desk.run(read)
        kept = {name: field(form, name) for name in _DECISION_FIELDS} if form else _first_choice(known)
        if form is None and not about_safety:
            kept["ask_later"] = "yes"
        return asked.answered(
            pages,
            desk,
            found,
            "decide.html",
            kept=kept,
            known_ways=known,
            about_safety=about_safety,
            later=desk.area.afterwards,
            way_names=WAYS,
            words_of=said,
            referrals=REFERRALS,
            passed_on=PASSED_ON,
            referral_outcomes=referral_outcomes(desk.house),
            longest=LONGEST,
        )

    @router.post("/told/{feedback_id}")
    async def told(request: Request, reference: str, feedback_id: str) -> Response:
        signed_in = await checked(desk, request, Act.WRITE)
        now = desk.clock.now()

        def work(uow: UnitOfWork) -> bool:
            enquiry, _ = opened(uow, desk, signed_in, reference, Act.WRITE)
            if all(feedback.id != feedback_id for feedback in uow.decisions.feedback_of(enquiry.id)):
                raise NotThere
            is_first = note_told(uow, FeedbackId(feedback_id), signed_in.worker.id, now)
            if is_first:
                note_act(uow, enquiry, signed_in.worker.id, "feedback.told", ("feedback", feedback_id), now)
            return is_first

        await desk.run(work)
        return back_to(reference, "told", "decisions")

    return router


_HOLD_TROUBLES: Mapping[type[Exception], str] = {
    EnquiryClosed: "Somebody has closed this enquiry. What was decided is on its page.",
    AlreadyHeld: "Somebody holds this for a decision already. What you typed is below: add it as a note.",
    NotADecider: "Whoever you named may not decide. Choose a manager.",
    EnquiryChanged: "This enquiry changed since you opened the page. Look at it again. Your form is as it was.",
}

_NOT_CONFIRMED = (
    "Nobody has confirmed that they have it. Pass it on from its page, and write down who confirms. Then decide. "
    "Your form is as it was."
)

_DECISION_FIELDS = (
    "outcome", "referral_outcome", "reason", "told", "way", "not_told_because", "ask_later", "ask_anyway",
)  # fmt: skip


def _kept(form: FormData | None, found: Found) -> dict[str, Any]:
    """Return what the form held; at first what raised a concern is ticked, and the gaps are filled in."""
    if form is None:
        ticked = {said.turn.id for said in found.view.own_words if said.reasons} or {
            said.turn.id for said in found.view.own_words
        }
        gaps = "\n".join(f"Not answered: {question}" for question in found.view.missing)
        heard = found.view.recording
        hand = {said.turn.id: heard.hand.value for said in found.view.own_words} if heard else {}
        return {"turns": ticked, "hand": hand, "child": set(), "gaps": gaps}
    names = (*EVIDENCE, "threshold", "decider")
    hands = {name[5:]: str(value) for name, value in form.multi_items() if name.startswith("hand-")}
    children = {name[6:] for name, _ in form.multi_items() if name.startswith("child-")}
    turns = {str(value) for value in form.getlist("turn")}
    return {**{name: field(form, name) for name in names}, "turns": turns, "hand": hands, "child": children}


def _evidence(form: FormData, turns: list[TurnRecord]) -> Evidence:
    chosen = {str(value) for value in form.getlist("turn")}
    quoted = tuple(
        Quoted(
            turn_id=turn.id,
            at=turn.received_at.isoformat(),
            words=turn.words,
            hand=hand if (hand := field(form, f"hand-{turn.id}")) in HANDS else "unknown",
            of_child=bool(field(form, f"child-{turn.id}")),
        )
        for turn in turns
        if turn.id in chosen
    )
    names = ("analysis", "impact", "history", "tried", "strengths", "gaps", "threshold", "threshold_why")
    return Evidence(quoted=quoted, **{name: field(form, name).strip() for name in names})


def _wrong_in(form: FormData, labels: Mapping[str, str], needed: tuple[str, ...]) -> str:
    for name, label in labels.items():
        words = field(form, name).strip()
        if name in needed and not words:
            return f"Write something under “{label}”."
        if len(words) > LONGEST:
            return too_long(f"text under “{label}”", len(words), LONGEST)
    return ""


def _wrong_choice(form: FormData, desk: Desk) -> str:
    outcome = field(form, "outcome")
    if outcome not in outcomes(desk.house):
        return "Choose an outcome."
    if outcome in REFERRALS and field(form, "referral_outcome") not in referral_outcomes(desk.house):
        return "Choose what the Referral leads to."
    way = field(form, "way")
    if way not in [known.value for known in FeedbackWay]:
        return "Choose how they are told."
    if way == FeedbackWay.NOT_TOLD and not field(form, "not_told_because").strip():
        return "Write why they are not told."
    return ""


def _choice(form: FormData) -> Choice:
    return Choice(
        outcome=field(form, "outcome"),
        referral_outcome=field(form, "referral_outcome") or None,
        reason=field(form, "reason").strip(),
        told=field(form, "told").strip(),
        way=FeedbackWay(field(form, "way")),
        not_told_because=field(form, "not_told_because").strip()[:LONGEST],
        later=Later(field(form, "ask_later") == "yes", field(form, "ask_anyway") == "yes"),
    )


def _first_choice(known: list[Any]) -> dict[str, str]:
    """Choose the first way that is safe and can go; a worker tells them where there is none."""
    best = next((way.way.value for way in known if way.said_safe and way.can_go), FeedbackWay.BY_HAND.value)
    return {**dict.fromkeys(_DECISION_FIELDS, ""), "way": best}


def _what_changed(uow: UnitOfWork, desk: Desk, signed_in: SignedIn, reference: str) -> str:
    """Say what somebody did meanwhile, so that nobody wonders whether their own decision counted."""
    enquiry, _ = opened(uow, desk, signed_in, reference, Act.WRITE)
    decisions = uow.decisions.of(enquiry.id)
    if enquiry.closed_at is not None and decisions:
        last = decisions[-1]
        who = uow.duty_workers.get(last.worker_id).name
        outcome = outcomes(desk.house)[last.outcome]["description"]
        return f"{who} closed this enquiry while you were deciding: {outcome}. Your decision was not recorded."
    return "This enquiry changed while you were deciding. Your decision was not recorded. Look again, then decide."


def _number(form: FormData, name: str) -> int:
    text = field(form, name)
    return int(text) if text.isdecimal() and len(text) < 10 else -1
