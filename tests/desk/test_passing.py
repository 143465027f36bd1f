"""Up, down, to who has the family, to another area: passed on is not done until the other side has said so."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from typing import Any

import httpx
import pytest
from pypdf import PdfReader

from bot.desk.access import ALLOWED, Act
from bot.desk.passing import late_step
from bot.desk.queue import Placing
from storage.duty_workers import Role
from storage.enquiries import EnquiryStatus, StoredUrgency
from storage.incidents import IncidentKind
from storage.pass_ons import PassOnEnd, PassOnKind
from tests.desk.conftest import Worker
from tests.desk.talking import DANGER, Talker, begin_talk
from tests.desk.test_enquiry_desk import decision, hidden, hold
from tests.web.conftest import FrontDoorServer

SignIn = Callable[..., Worker]
TO_AREA = {
    "kind": "other_area",
    "to_whom": "Otherborough front door, 01632 960 555",
    "told_by": "phone",
    "reason": "The family lives in Otherborough.",
}
NAMED = {"name": "Kim Example, Otherborough", "when": "10.30 today"}
WORDS = "we moved to Otherborough last week and need help with school for the children"


@pytest.fixture
def talker(front_door: FrontDoorServer) -> Talker:
    talker = begin_talk(front_door, "hello")
    now = front_door.app.clock.now()
    talker.kept(lambda uow, e: uow.enquiries.submit(e.id, summary={"words": WORDS}, now=now))
    return talker


def pass_on(worker: Worker, talker: Talker, **more: str) -> httpx.Response:
    form = hidden(worker, f"{talker.path}/pass-on") | TO_AREA | more
    return worker.post(f"{talker.path}/pass-on", **form)


def standing(talker: Talker) -> Any:
    return talker.kept(lambda uow, e: uow.pass_ons.standing_for(e.id))


def confirm(worker: Worker, talker: Talker, **more: str) -> httpx.Response:
    passed = standing(talker)
    return worker.post(f"{talker.path}/pass-on/{passed.id}/confirm", **(NAMED | more))


def test_passed_on_stays_open_until_the_other_side_has_it_and_only_then_closes(
    sign_in: SignIn, talker: Talker
) -> None:
    """Handed to nobody is lost."""
    alex, sam = sign_in(Role.DUTY_WORKER), sign_in(Role.MANAGER)
    assert sam.post(f"{talker.path}/decide", **decision(sam, talker, outcome="OLA")).status_code == 409
    assert pass_on(alex, talker).status_code == 303
    page = alex.get(talker.path).text
    assert "Nobody has confirmed yet." in page
    assert "Otherborough front door" in page
    assert talker.reference in alex.references("passed_on")
    for outcome in ("OLA", "NFA", "IA"):
        refused = sam.post(f"{talker.path}/decide", **decision(sam, talker, outcome=outcome))
        assert refused.status_code == 409, outcome
        assert "Nobody has confirmed that they have it" in refused.text
        assert "Advice was given." in refused.text  # the form is as it was
    assert talker.enquiry.status is not EnquiryStatus.CLOSED

    assert confirm(alex, talker).status_code == 303
    assert talker.reference not in alex.references("passed_on")
    assert "They have it:" in alex.get(talker.path).text
    assert sam.post(f"{talker.path}/decide", **decision(sam, talker, outcome="EXIST")).status_code == 409
    assert "Kim Example" in sam.get(f"{talker.path}/decide").text
    assert sam.post(f"{talker.path}/decide", **decision(sam, talker, outcome="OLA")).status_code == 303
    details = talker.kept(lambda uow, e: uow.decisions.of(e.id))[0].details
    assert details["taken_by"].startswith("Kim Example, Otherborough, 10.30 today")
    acts = [e.act for e in talker.kept(lambda uow, e: uow.audit.of(e.id))]
    assert acts.index("enquiry.passed_on") < acts.index("pass_on.confirmed") < acts.index("enquiry.decided")


def test_an_old_confirmation_does_not_close_what_came_back(sign_in: SignIn, talker: Talker) -> None:
    """They write again a month later: who had it then need not have it now."""
    sam = sign_in(Role.MANAGER)
    pass_on(sam, talker)
    confirm(sam, talker)
    assert sam.post(f"{talker.path}/decide", **decision(sam, talker, outcome="OLA")).status_code == 303
    now = talker.front_door.app.clock.now()
    talker.kept(lambda uow, e: uow.enquiries.set_status(e.id, EnquiryStatus.OPEN, now))
    assert sam.post(f"{talker.path}/decide", **decision(sam, talker, outcome="OLA")).status_code == 409


def test_it_can_be_taken_back_with_a_reason(sign_in: SignIn, talker: Talker) -> None:
    """The other area says that it is ours."""
    alex, sam = sign_in(Role.DUTY_WORKER), sign_in(Role.MANAGER)
    pass_on(alex, talker)
    passed = standing(talker)
    path = f"{talker.path}/pass-on/{passed.id}/take-back"
    assert alex.post(path, why="").status_code == 422
    assert alex.post(path, why="They say the family lives here.").status_code == 303
    assert "It stayed with us:" in alex.get(talker.path).text
    assert sam.post(f"{talker.path}/decide", **decision(sam, talker, outcome="OLA")).status_code == 409
    assert sam.post(f"{talker.path}/decide", **decision(sam, talker, outcome="NFA")).status_code == 303


def test_two_workers_at_once(sign_in: SignIn, talker: Talker) -> None:
    """Two ring two councils: one pass-on stands, and the other worker is told with their words before them."""
    alex, sam = sign_in(Role.DUTY_WORKER), sign_in(Role.MANAGER)
    path = f"{talker.path}/pass-on"
    forms = [
        (
            worker,
            hidden(worker, path) | TO_AREA | {"mark": worker.mark(), "reason": f"Said by {worker.record.name}"},
        )
        for worker in (alex, sam)
    ]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda each: each[0].client.post(path, data=each[1]), forms))
    assert sorted(a.status_code for a in answers) == [303, 409]
    late = next(a for a in answers if a.status_code == 409)
    assert "Said by" in late.text
    assert len(talker.kept(lambda uow, e: uow.pass_ons.of(e.id))) == 1

    passed = standing(talker)
    ends = [
        (worker, f"{path}/{passed.id}/confirm", {"mark": worker.mark()} | NAMED | {"when": worker.record.name})
        for worker in (alex, sam)
    ]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda each: each[0].client.post(each[1], data=each[2]), ends))
    assert sorted(a.status_code for a in answers) == [303, 409]
    acts = [e.act for e in talker.kept(lambda uow, e: uow.audit.of(e.id))]
    assert acts.count("pass_on.confirmed") == 1
    assert alex.post(f"{path}/{passed.id}/take-back", why="too late").status_code == 409


def test_a_stale_page_does_not_pass_on(sign_in: SignIn, talker: Talker) -> None:
    """Somebody closed it, or held it, while the form was being filled in."""
    alex, sam = sign_in(Role.DUTY_WORKER), sign_in(Role.MANAGER)
    form = hidden(alex, f"{talker.path}/pass-on") | TO_AREA
    del form["mark"]
    assert hold(sam, talker, sam.record.id) == 303
    assert alex.post(f"{talker.path}/pass-on", **form).status_code == 403  # held: a manager's to pass on
    stale = sam.post(f"{talker.path}/pass-on", **form)
    assert stale.status_code == 409
    assert "changed since you opened the page" in stale.text
    assert sam.post(f"{talker.path}/decide", **decision(sam, talker, outcome="NFA")).status_code == 303
    assert "is closed" in sam.get(f"{talker.path}/pass-on").text
    assert sam.post(f"{talker.path}/pass-on", **form).status_code == 409


def test_only_a_manager_steps_up(sign_in: SignIn, talker: Talker) -> None:
    """To step up makes a Referral, which is a decision under the Children Act."""
    alex, sam = sign_in(Role.DUTY_WORKER), sign_in(Role.MANAGER)
    assert 'value="step_up"' not in alex.get(f"{talker.path}/pass-on").text
    assert pass_on(alex, talker, kind="step_up").status_code == 403
    assert standing(talker) is None
    assert "This makes a Referral" in sam.get(f"{talker.path}/pass-on").text
    assert pass_on(sam, talker, kind="step_up").status_code == 303
    passed = standing(talker)
    assert alex.post(f"{talker.path}/pass-on/{passed.id}/take-back", why="mine").status_code == 403
    assert confirm(alex, talker).status_code == 303
    form = decision(sam, talker, outcome="REF", referral_outcome="assessment_required")
    assert alex.post(f"{talker.path}/decide", **form).status_code == 403
    assert sam.post(f"{talker.path}/decide", **form).status_code == 303


def test_stepping_down_needs_the_familys_agreement(sign_in: SignIn, talker: Talker) -> None:
    """Early help is by consent, and the decision says whose."""
    sam = sign_in(Role.MANAGER)
    refused = pass_on(sam, talker, kind="step_down", to_whom="Lee, family worker")
    assert refused.status_code == 422
    assert "Who of the family agreed" in refused.text
    assert pass_on(sam, talker, kind="step_down", to_whom="Lee", agreed="Mother, today at 10").status_code == 303
    confirm(sam, talker)
    assert sam.post(f"{talker.path}/decide", **decision(sam, talker, outcome="EH")).status_code == 303
    assert talker.kept(lambda uow, e: uow.decisions.of(e.id))[0].details["agreed_by"] == "Mother, today at 10"


@pytest.mark.parametrize("missing", ["kind", "to_whom", "told_by", "reason"])
def test_a_form_without_its_parts_is_answered_with_what_is_missing(
    sign_in: SignIn, talker: Talker, missing: str
) -> None:
    """Who, why and how they were told are what the record is for."""
    alex = sign_in(Role.DUTY_WORKER)
    assert pass_on(alex, talker, **{missing: ""}).status_code == 422
    assert pass_on(alex, talker, **{missing: "x" * 100_000}).status_code == 422
    assert standing(talker) is None


def test_a_confirmation_needs_a_name_and_a_time(sign_in: SignIn, talker: Talker) -> None:
    """Somebody there is nobody."""
    alex = sign_in(Role.DUTY_WORKER)
    pass_on(alex, talker)
    assert confirm(alex, talker, name=" ").status_code == 422
    kept = confirm(alex, talker, when="")
    assert kept.status_code == 422
    assert "Kim Example" in kept.text
    assert standing(talker) is not None


@pytest.mark.parametrize("role", Role)
def test_who_may_pass_on(role: Role, sign_in: SignIn, talker: Talker) -> None:
    """What they may not see is answered as what is not there; an auditor reads."""
    sam, worker = sign_in(Role.MANAGER), sign_in(role)
    may = role in ALLOWED[Act.PASS_ON] - {Role.LADO}
    assert (worker.get(f"{talker.path}/pass-on").status_code == 200) is may
    if not may:
        form = hidden(sam, f"{talker.path}/pass-on") | TO_AREA
        assert worker.post(f"{talker.path}/pass-on", **form).status_code in (403, 404)
        pass_on(sam, talker)
        passed = standing(talker)
        for end, form in (("confirm", NAMED), ("take-back", {"why": "x"})):
            answer = worker.post(f"{talker.path}/pass-on/{passed.id}/{end}", **form)
            assert answer.status_code in (403, 404)
            assert "Otherborough" not in answer.text
        assert standing(talker) is not None


def test_a_forged_form_is_refused(sign_in: SignIn, talker: Talker) -> None:
    """Nor may one enquiry's form end another's."""
    alex = sign_in(Role.DUTY_WORKER)
    pass_on(alex, talker)
    passed = standing(talker)
    ends = {"confirm": NAMED, "take-back": {"why": "x"}}
    for end, form in ends.items():
        forged = alex.client.post(f"{talker.path}/pass-on/{passed.id}/{end}", data={"mark": "0" * 64} | form)
        assert forged.status_code == 403
    assert alex.client.post(f"{talker.path}/pass-on", data={"mark": "0" * 64} | TO_AREA).status_code == 403
    other = begin_talk(talker.front_door, "hello, is anybody there")
    for end, form in ends.items():
        assert alex.post(f"{other.path}/pass-on/{passed.id}/{end}", **form).status_code == 404
    assert standing(talker) is not None


# -- when it is due ----------------------------------------------------------------------------------------------


def test_due_as_the_area_says(sign_in: SignIn, talker: Talker, front_door: FrontDoorServer) -> None:
    """FD19: the allocated worker the same working day. FD20: another area in one. In danger at once."""
    alex = sign_in(Role.DUTY_WORKER)
    now = front_door.app.clock.now()
    pass_on(alex, talker, kind="allocated", to_whom="Jo, social worker")
    assert standing(talker).due_at == now.replace(hour=17, minute=0, second=0, microsecond=0)
    place = talker.kept(lambda uow, e: front_door.app.desk.place_of(uow, e))
    assert (place.due, place.why, place.passed_on) == ("confirm", "passed_on", True)
    assert place.due_at == standing(talker).due_at

    other = begin_talk(front_door, "hello")
    pass_on(alex, other)
    due = standing(other).due_at - now
    assert timedelta(hours=24) <= due < timedelta(hours=24, minutes=5)

    child = begin_talk(front_door, DANGER)
    pass_on(alex, child)
    assert standing(child).due_at - front_door.app.clock.now() <= timedelta(minutes=5)
    assert child.kept(lambda uow, e: front_door.app.desk.place_of(uow, e)).urgency is StoredUrgency.EMERGENCY


def test_late_ones_climb_with_an_incident_and_never_fall_silent(
    sign_in: SignIn, talker: Talker, front_door: FrontDoorServer
) -> None:
    """Nobody's silence ends it: a manager hears, then the head of service, again and again."""
    alex, sam = sign_in(Role.DUTY_WORKER), sign_in(Role.MANAGER)
    pass_on(alex, talker)
    passed, house = standing(talker), front_door.app.house
    late = passed.due_at + timedelta(seconds=1)
    assert talker.kept(lambda uow, _: late_step(uow, house, passed.id, passed.due_at - timedelta(seconds=1))) == []
    told = talker.kept(lambda uow, _: late_step(uow, house, passed.id, late))
    assert told
    assert all("Otherborough" not in str(row.payload) for row in told)
    kinds = [i.kind for i in talker.kept(lambda uow, e: uow.incidents.of(e.id))]
    assert kinds == [IncidentKind.PASS_ON_LATE]
    assert talker.reference in sam.get("/desk/incidents").text
    assert "nobody has confirmed that they have it" in sam.get("/desk/incidents").text
    steps = []
    for _ in range(4):
        upcoming = standing(talker).next_step_at
        assert upcoming > late
        talker.kept(lambda uow, _, at=upcoming: late_step(uow, house, passed.id, at))
        steps.append(standing(talker).steps)
    assert steps == [2, 3, 4, 5]
    assert talker.kept(lambda uow, _: late_step(uow, house, passed.id, late)) == []  # taken once
    confirm(sam, talker)
    assert passed.id not in talker.kept(lambda uow, _: uow.pass_ons.due(late + timedelta(days=400)))
    ended = talker.kept(lambda uow, e: uow.pass_ons.of(e.id))[-1]
    assert (ended.ended_as, ended.ended_by, ended.next_step_at) == (PassOnEnd.CONFIRMED, sam.record.id, None)


def test_an_overdue_one_stands_in_the_overdue_view(
    talker: Talker, sign_in: SignIn, front_door: FrontDoorServer
) -> None:
    """A manager looks there first."""
    sam = sign_in(Role.MANAGER)
    now = front_door.app.clock.now()
    talker.kept(
        lambda uow, e: uow.pass_ons.begin(
            enquiry_id=e.id,
            worker_id=sam.record.id,
            kind=PassOnKind.ALLOCATED,
            to_whom="Jo",
            told_by="phone",
            reason="known",
            agreed=None,
            due_at=now - timedelta(minutes=5),
            due_because=[],
            now=now - timedelta(hours=1),
        )
    )
    assert talker.reference in sam.references("overdue")
    row = sam.get("/desk/?view=overdue").text.split(f">{talker.reference}</a>")[1].split("</li>")[0]
    assert "Passed on. Nobody has confirmed that they have it." in row
    assert "overdue" in row
    front_door.served.do(front_door.app.holds.tick())
    assert [i.kind for i in talker.kept(lambda uow, e: uow.incidents.of(e.id))] == [IncidentKind.PASS_ON_LATE]


def test_the_settings_of_the_area_decide(front_door: FrontDoorServer) -> None:
    """Areas differ: a place is worked out anew when the clocks change."""
    area = front_door.app.house.area
    other = area.model_copy(update={"due": area.due.model_copy(update={"other_area_days": 3})})
    assert Placing(area).rules != Placing(other).rules


def test_taken_out_with_the_rest(sign_in: SignIn, talker: Talker) -> None:
    """An export without the pass-on would say that nobody was asked."""
    sam = sign_in(Role.MANAGER)
    pass_on(sam, talker)
    exported = sam.get(f"{talker.path}/export.json").json()
    assert exported["pass_ons"][0]["to_whom"].startswith("Otherborough")
    assert exported["recording"] is None
    pdf = PdfReader(BytesIO(sam.get(f"{talker.path}/export.pdf").content))
    text = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    assert "Otherborough" in text
    assert "Nobody has confirmed" in text
