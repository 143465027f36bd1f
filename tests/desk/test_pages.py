"""The desk's pages over HTTP: for every role, what they see and what they may do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.desk.access import ALLOWED, Act
from storage.duty_workers import Role
from storage.incidents import IncidentKind
from tests.desk.conftest import NAMES, Worker
from tests.web.conftest import FrontDoorServer

SignIn = Callable[..., Worker]
REASON = "The child is at the school now and the officer cannot be reached"


@pytest.mark.parametrize("role", Role)
def test_lists_counts_and_pages_hide_the_same(
    role: Role, sign_in: SignIn, raise_concern: Callable[..., str], front_door: FrontDoorServer
) -> None:
    """What a detail page hides, a list does not show."""
    ordinary, closed = raise_concern(), raise_concern(indicator="allegation_professional", closed_queue=True)
    worker = sign_in(role)
    shown = worker.references()
    assert (ordinary in shown) is (role in ALLOWED[Act.SEE_QUEUE] - {Role.LADO})
    assert (closed in shown) is (role is Role.LADO)
    for reference in (ordinary, closed):
        answer = worker.get(f"/desk/enquiries/{reference}")
        assert (answer.status_code == 200) is (reference in shown)
        if answer.status_code != 200 and role not in ALLOWED[Act.BREAK_GLASS]:
            assert answer.status_code == 404
            assert reference not in answer.text
    page = worker.get("/desk/")
    if role in ALLOWED[Act.SEE_QUEUE]:
        count = int(page.text.split('class="views"')[1].split('count">')[1].split("<")[0])
        assert count == len(shown)
    else:
        assert page.headers["location"] == "/desk/rota"


@pytest.mark.parametrize("role", Role)
def test_every_page_answers_every_role(role: Role, sign_in: SignIn, raise_concern: Callable[..., str]) -> None:
    """With the page, or with a plain refusal: never with an error."""
    raise_concern()
    worker = sign_in(role)
    for path in ("/desk/", "/desk/incidents", "/desk/rota", "/desk/glass", "/desk/password", "/desk/nothing"):
        answer = worker.get(path)
        assert answer.status_code in (200, 303, 403, 404), path
    assert (worker.get("/desk/glass").status_code == 200) is (role in ALLOWED[Act.SEE_GLASS])
    assert NAMES[role] in worker.get("/desk/rota").text


def test_an_emergency_is_on_top_of_every_view_with_a_note(
    sign_in: SignIn, raise_concern: Callable[..., str], disclose: Callable[..., str]
) -> None:
    """Nothing with an unanswered concern can be filtered away."""
    raise_concern(urgency="none")
    reference = disclose()
    worker = sign_in(Role.MANAGER)
    for view in ("all", "mine", "unowned", "held", "overdue", "no-such-view"):
        assert worker.references(view)[0] == reference, view
    held = worker.get("/desk/?view=held").text
    assert "Not in this view. Shown because nobody has answered." in held
    assert "No view hides a concern that nobody has answered" in held


def test_acknowledging_is_once_and_the_second_is_told_who_has_it(
    sign_in: SignIn, disclose: Callable[..., str], front_door: FrontDoorServer
) -> None:
    """Two press at once: one has it, and both know."""
    reference = disclose()
    first, second = sign_in(Role.DUTY_WORKER), sign_in(Role.MANAGER)
    went_to = first.post(f"/desk/enquiries/{reference}/acknowledge").headers["location"]
    assert "You have this enquiry" in first.get(went_to).text
    went_to = second.post(f"/desk/enquiries/{reference}/acknowledge").headers["location"]
    assert "<b>Alex Morgan</b> has this enquiry already" in second.get(went_to).text
    assert reference in first.references("mine")
    assert reference not in second.references("mine")

    def acts(uow):  # type: ignore[no-untyped-def]
        enquiry = uow.enquiries.by_reference(reference)
        return [(e.act, e.actor) for e in uow.audit.of(enquiry.id)], uow.alerts.of(enquiry.id)

    entries, alerts = front_door.app.database.run_now(acts)
    assert [alert.acknowledged_by for alert in alerts] == [first.record.id]
    assert ("alert.acknowledged", first.record.id) in entries
    assert ("enquiry.viewed", second.record.id) in entries


def test_an_auditor_reads_and_cannot_answer(
    sign_in: SignIn, raise_concern: Callable[..., str], front_door: FrontDoorServer
) -> None:
    """Not by a button, and not without one."""
    reference = raise_concern()
    auditor = sign_in(Role.AUDITOR)
    assert "/acknowledge" not in auditor.get("/desk/").text
    assert "sound-switch" not in auditor.get("/desk/").text
    form = {"mark": auditor.get("/desk/rota").text.split('name="mark" value="')[1].split('"')[0]}
    answer = auditor.client.post(f"/desk/enquiries/{reference}/acknowledge", data=form)
    assert answer.status_code == 403


def test_breaking_the_glass_needs_a_reason_and_is_alarmed_reviewed_and_over_in_time(
    sign_in: SignIn, raise_concern: Callable[..., str], front_door: FrontDoorServer
) -> None:
    """Possible, and never quietly."""
    reference = raise_concern(indicator="allegation_professional", closed_queue=True)
    worker, manager, officer = sign_in(Role.DUTY_WORKER), sign_in(Role.MANAGER), sign_in(Role.LADO)
    url = f"/desk/enquiries/{reference}"
    assert worker.get(url).status_code == 403
    assert worker.post(f"{url}/glass", reason="let me").status_code == 422
    assert worker.get(url).status_code == 403
    assert worker.post(f"{url}/glass", reason=REASON).status_code == 303
    assert worker.get(url).status_code == 200
    assert reference in worker.references()
    assert reference not in manager.references()

    assert "The glass was broken" in manager.get("/desk/incidents").text
    assert reference not in manager.get("/desk/incidents").text
    listed = manager.get("/desk/glass").text
    assert REASON in listed
    assert reference not in listed
    assert reference in officer.get("/desk/glass").text
    glass_id = listed.split("/desk/glass/")[1].split("/")[0]
    assert worker.post(f"/desk/glass/{glass_id}/review", finding="fine").status_code == 403
    assert manager.post(f"/desk/glass/{glass_id}/review", finding="").headers["location"].endswith("no-finding")
    assert manager.post(f"/desk/glass/{glass_id}/review", finding="It was right").status_code == 303
    assert REASON not in manager.get("/desk/glass").text

    database, now = front_door.app.database, front_door.app.clock.now()
    later = now + front_door.app.desk.settings.glass + timedelta(minutes=1)
    assert database.run_now(lambda uow: uow.broken_glass.open_to(worker.record.id, later)) == frozenset()
    enquiry = database.run_now(lambda uow: uow.enquiries.by_reference(reference))
    assert enquiry is not None
    entries = database.run_now(lambda uow: uow.audit.of(enquiry.id))
    assert [(e.act, e.reason) for e in entries if e.act == "glass.broken"] == [("glass.broken", REASON)]


def test_nobody_reviews_their_own_broken_glass(
    sign_in: SignIn, raise_concern: Callable[..., str], front_door: FrontDoorServer
) -> None:
    """A manager's own is another's to look at."""
    reference = raise_concern(indicator="allegation_professional", closed_queue=True)
    manager, other = sign_in(Role.MANAGER), sign_in(Role.LADO)
    manager.post(f"/desk/enquiries/{reference}/glass", reason=REASON)
    assert "Somebody else reviews it" in manager.get("/desk/glass").text
    glass = front_door.app.database.run_now(lambda uow: uow.broken_glass.to_review())[-1]
    assert manager.post(f"/desk/glass/{glass.id}/review", finding="fine").status_code == 404
    assert other.post(f"/desk/glass/{glass.id}/review", finding="fine").status_code == 303


def test_an_incident_stands_until_somebody_has_seen_it(sign_in: SignIn, front_door: FrontDoorServer) -> None:
    """And the second to press is told that it was seen."""
    database, now = front_door.app.database, front_door.app.clock.now()
    raised = database.run_now(
        lambda uow: uow.incidents.raise_(IncidentKind.CHANNEL_FAILED, key="k", now=now, details={"channel": "sms"})
    )
    first, second, auditor = sign_in(Role.MANAGER), sign_in(Role.DUTY_WORKER), sign_in(Role.AUDITOR)
    for worker in (first, second, auditor):
        assert f"incident-{raised.id}" in worker.get("/desk/incidents").text
    assert auditor.post(f"/desk/incidents/{raised.id}/seen").status_code == 403
    assert first.post(f"/desk/incidents/{raised.id}/seen").headers["location"].endswith("=seen")
    assert second.post(f"/desk/incidents/{raised.id}/seen").headers["location"].endswith("=seen-before")
    assert f"incident-{raised.id}" not in second.get("/desk/incidents").text


def test_the_enquiry_page_shows_their_words_in_order_and_as_they_typed_them(
    sign_in: SignIn, disclose: Callable[..., str]
) -> None:
    """Words are never markup."""
    reference = disclose("my dad is hitting me <b>now</b> & i am scared")
    page = sign_in(Role.DUTY_WORKER).get(f"/desk/enquiries/{reference}").text
    assert "<b>now</b>" not in page
    assert "&lt;b&gt;" in page
    assert "&amp; i am scared" in page


def test_find_takes_a_reference_as_people_say_it(sign_in: SignIn, raise_concern: Callable[..., str]) -> None:
    """Read out over the phone, in small letters and without the dash."""
    reference = raise_concern()
    worker = sign_in(Role.MANAGER)
    found = worker.get(f"/desk/find?reference={reference.lower().replace('-', '%20')}")
    assert found.headers["location"] == f"/desk/enquiries/{reference}"
    assert worker.get("/desk/find?reference=nonsense").headers["location"].endswith("said=no-reference")
    assert sign_in(Role.ADMINISTRATOR).get(f"/desk/find?reference={reference}").status_code == 403


@pytest.mark.parametrize("after", ["x", "4~never~e", "4~2026-03-02T10:00:00~ee", "-1~2026-03-02T10:00+00:00~e'"])
def test_a_made_up_page_is_the_first_page(sign_in: SignIn, after: str) -> None:
    """Addresses are typed, cut short and made up."""
    assert sign_in(Role.MANAGER).client.get("/desk/", params={"after": after}).status_code == 200
