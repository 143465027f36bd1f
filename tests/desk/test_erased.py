"""The page of a record whose words were deleted by rule, and of one that may not be."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from storage.duty_workers import Role
from storage.enquiries import EnquiryRecord
from storage.erasure import erase_record
from storage.pass_ons import PassOnEnd, PassOnKind, ToldBy
from storage.unit_of_work import UnitOfWork
from tests.desk.conftest import Worker
from tests.desk.talking import DANGER, Talker, begin_talk
from tests.desk.test_enquiry_desk import EVIDENCE
from tests.web.conftest import FrontDoorServer

SignIn = Callable[..., Worker]


@pytest.fixture
def child(front_door: FrontDoorServer) -> Talker:
    return begin_talk(front_door, DANGER)


def test_every_page_of_an_erased_record_opens(sign_in: SignIn, child: Talker, front_door: FrontDoorServer) -> None:
    """Somebody rings with the reference years later: a worker sees that there was something, and no words."""
    manager = sign_in(Role.MANAGER)
    now, worker_id = front_door.app.clock.now(), manager.record.id

    def finish(uow: UnitOfWork, enquiry: EnquiryRecord) -> None:
        uow.notes.add(enquiry.id, worker_id, "The made-up gran rang.", now)
        raised = uow.notes.disagree(enquiry.id, worker_id, "Gran disagrees", now)
        uow.notes.answer(raised.id, enquiry.id, worker_id, "Gran was heard", now)
        passed = uow.pass_ons.begin(
            enquiry_id=enquiry.id, worker_id=worker_id, kind=PassOnKind.STEP_DOWN, to_whom="Gran", reason="Gran",
            told_by=ToldBy.PHONE, agreed="Gran", due_at=now, due_because=["Gran"], now=now,
        )  # fmt: skip
        said = {"name": "Gran", "when": "today"}
        uow.pass_ons.end(passed.id, enquiry.id, PassOnEnd.CONFIRMED, worker_id, said, now)
        held = uow.holds.begin(
            enquiry_id=enquiry.id, worker_id=worker_id, decider_id=worker_id, safety_plan="Gran",
            evidence={**EVIDENCE, "quoted": [], "threshold_why": "Gran"}, due_at=now, due_because=[], now=now,
        )  # fmt: skip
        uow.holds.end(held.id, now)
        uow.decisions.enter(enquiry.id, worker_id, "Gran-7", now)
        uow.enquiries.set_status(enquiry.id, "closed", now)
        erase_record(uow, enquiry, now, {"rule": "test"})

    reference = child.enquiry.reference
    child.kept(finish)
    for path in ("", "/export.json", "/export.pdf", "/case"):
        answer = manager.get(f"/desk/enquiries/{reference}{path}")
        assert answer.status_code == 200, path
        if "pdf" not in path:
            assert "hitting me" not in answer.text, path
            assert "Gran" not in answer.text, path
    page = manager.get(f"/desk/enquiries/{reference}").text
    assert "by the rule for how long records are kept" in page
    assert reference in page


def test_a_legal_hold_is_on_the_page(sign_in: SignIn, child: Talker, front_door: FrontDoorServer) -> None:
    """Whoever works with it knows that it is held, why, and whom to ask."""
    manager = sign_in(Role.MANAGER)
    now = front_door.app.clock.now()
    assert "Legal hold" not in manager.get(child.path).text

    def hold(uow: UnitOfWork, enquiry: EnquiryRecord) -> None:
        uow.legal_holds.begin(enquiry.id, owner_id=manager.record.id, reason="The inquiry asked", now=now)

    child.kept(hold)
    page = manager.get(child.path).text.split('id="legal-hold"')[1].split("</p>")[0]
    assert "The inquiry asked" in page
    assert manager.record.name in page
