"""The page "How we are doing": who sees it, what it shows, and how it looks on a phone and at a desk."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, expect

from bot.desk.access import ALLOWED, Act
from storage.duty_workers import DutyWorkerRecord, Role
from storage.enquiry_keys import FoundKey, KeyKind
from storage.outbox import OutboxKind
from storage.unit_of_work import UnitOfWork
from tests.desk.conftest import Worker, sign_in_on
from tests.storage.builders import close_queue, concern_about, outgoing
from tests.web.conftest import FrontDoorServer
from tests.web.fitting import assert_fits

SignIn = Callable[..., Worker]
PAGE = "/desk/how-we-are-doing"
PICTURES = os.environ.get("FRONTDOOR_PICTURES", "")
STANDARD = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
NAMES = ("first-answer", "alerts", "by-hour", "by-channel", "outcomes", "needs", "areas", "repeats")
HIDDEN = "NOWHERE9"


@pytest.fixture(scope="module")
def busy(front_door: FrontDoorServer, staff: dict[Role, DutyWorkerRecord]) -> None:
    """A month with something in each figure, and one enquiry of the closed queue."""
    now = front_door.app.clock.now()

    def fill(uow: UnitOfWork) -> None:
        for number in range(48):
            came = now - timedelta(hours=1 + 13 * number)
            channel = "telegram" if number % 3 else "webchat"
            _fill_one(uow, number, came, channel, staff[Role.MANAGER])

    front_door.app.database.run_now(fill)


def _fill_one(uow: UnitOfWork, number: int, came: Any, channel: str, manager: DutyWorkerRecord) -> None:
    enquiry = uow.enquiries.open(audience="parent", area="exampleshire", reporter_id=None, now=came)
    person = uow.people.new("reporter", came)
    conversation = uow.conversations.begin(
        channel=channel, address=f"98{number:04}", enquiry_id=enquiry.id, person_id=person.id, flow="family",
        flow_version=1, language="en", state={}, now=came,
    )  # fmt: skip
    uow.enquiries.submit(enquiry.id, summary={}, now=came)
    is_closed = number == 20
    district = HIDDEN if is_closed else f"DH{1 + number % 4}"
    needs = ("PARENTING", "DA", "HOUSING")[: 1 + number % 3]
    keys = [FoundKey(KeyKind.DISTRICT, district), FoundKey(KeyKind.CHILD, f"Robin|2015-03-{1 + number % 28:02}")]
    uow.enquiry_keys.note(enquiry.id, "test", [*keys, *(FoundKey(KeyKind.NEED, need) for need in needs)])
    if number % 8:
        waited = timedelta(minutes=7 * (1 + number % 20))
        uow.outbox.put([outgoing(conversation, kind=OutboxKind.WORKER, created_at=came + waited)])
        outcome = "LADO" if is_closed else ("IA", "EH", "REF")[number % 3]
        uow.decisions.record(
            enquiry_id=enquiry.id, hold_id=None, worker_id=manager.id, outcome=outcome, referral_outcome=None,
            reason="x", details={}, now=came + waited,
        )  # fmt: skip
    if number % 6 == 0 or is_closed:
        raises = close_queue if is_closed else concern_about
        raises(uow, enquiry.id, came, urgency="immediate")
        alert = uow.alerts.raise_(enquiry_id=enquiry.id, conversation_id=None, urgency="immediate", now=came)
        for rung, role in ((1, "duty_worker"), (3, "manager"))[: 1 + number % 4 // 2]:
            uow.alerts.note_step(
                uow.alerts.get(alert.id), rung=rung, role=role, due_at=came, messages=[], outcome="told",
                next_step_at=came + timedelta(days=900), now=came,
            )  # fmt: skip
        uow.alerts.acknowledge(alert.id, manager.id, came + timedelta(minutes=3 + number))


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/needs.csv"])
def test_managers_and_the_auditor_see_how_we_are_doing(sign_in: SignIn, busy: None, role: Role, path: str) -> None:
    """Nobody is measured by a colleague, and a link that is not shown is not open either."""
    worker = sign_in(role)
    may = role in ALLOWED[Act.SEE_FIGURES]
    assert worker.get(path).status_code == (200 if may else 403)
    assert (PAGE in worker.get("/desk/rota").text) is may
    assert ALLOWED[Act.SEE_FIGURES] == {Role.MANAGER, Role.HEAD_OF_SERVICE, Role.AUDITOR}


def test_nobody_who_is_not_signed_in_gets_a_table(front_door: FrontDoorServer, busy: None) -> None:
    import httpx

    answer = httpx.get(f"{front_door.url}{PAGE}/needs.csv")
    assert answer.status_code in (303, 401)
    assert "PARENTING" not in answer.text


def test_each_figure_has_its_chart_its_table_and_its_csv(sign_in: SignIn, busy: None) -> None:
    """A chart nobody can check is a picture."""
    worker = sign_in(Role.MANAGER)
    page = worker.get(f"{PAGE}?period=month").text
    assert page.count("<svg") == len(NAMES)
    assert page.count("<table>") == len(NAMES)
    for name in NAMES:
        assert f'aria-labelledby="{name}-title {name}-about"' in page
        answer = worker.get(f"{PAGE}/{name}.csv?period=month")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/csv")
        assert f"{name}-" in answer.headers["content-disposition"]
        rows = list(csv.reader(io.StringIO(answer.text)))
        assert len(rows) > 1
        assert len({len(row) for row in rows}) == 1
    assert worker.get(f"{PAGE}/names.csv").status_code == 404


def test_the_figures_name_nobody_and_nothing_of_the_closed_queue(sign_in: SignIn, busy: None) -> None:
    """What is shown here is printed, and left lying about."""
    worker = sign_in(Role.HEAD_OF_SERVICE)
    shown = [worker.get(f"{PAGE}?period=year").text]
    shown += [worker.get(f"{PAGE}/{name}.csv?period=year").text for name in NAMES]
    for text in shown:
        main = text.partition("<main")[2] or text
        assert HIDDEN not in main
        assert "Robin" not in main
        assert not any(name in main for name in ("Alex Morgan", "Sam Okafor"))
    came = list(csv.reader(io.StringIO(shown[1 + NAMES.index("by-channel")])))[1:]
    assert sum(int(row[1]) for row in came) == 47


def test_a_wrong_period_is_said_and_the_usual_one_shown(sign_in: SignIn, busy: None) -> None:
    """Nobody reads the last month for the one they asked for."""
    worker = sign_in(Role.MANAGER)
    page = worker.get(f"{PAGE}?from=2026-02-30&until=2026-03-01")
    assert page.status_code == 200
    assert "Choose a day in each box. These are the last 4 weeks." in page.text
    empty = worker.get(f"{PAGE}?from=2020-01-01&until=2020-01-31").text
    assert "<svg" not in empty
    assert "Nobody came." in empty


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_a_phone_and_a_desk_and_is_accessible(
    open_context: Callable[..., BrowserContext],
    front_door: FrontDoorServer,
    staff: dict[Role, DutyWorkerRecord],
    busy: None,
    scheme: str,
) -> None:
    """A manager looks at it in a meeting, on whatever is at hand; its tables open by keyboard."""
    page = open_context(viewport={"width": 1280, "height": 800}, color_scheme=scheme).new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    sign_in_on(page, Role.MANAGER)
    page.get_by_role("link", name="How we are doing").click()
    expect(page.get_by_role("img", name="Time to the first human answer")).to_be_visible()
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("table").first).to_be_visible()
    for name, (width, height) in {"phone": (360, 740), "desk": (1280, 800)}.items():
        page.set_viewport_size({"width": width, "height": height})
        assert_fits(page, width, name)
        if PICTURES:
            page.screenshot(path=str(Path(PICTURES) / f"figures-{scheme}-{name}.png"), full_page=True)
        found = Axe().run(page, options=STANDARD)
        assert found.violations_count == 0, (name, found.generate_report())
    page.get_by_label("From", exact=True).fill("2026-02-01")
    page.get_by_label("Until").fill("2026-02-14")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_label("Until")).to_have_value("2026-02-14")
    assert [text for text in said if "Content Security Policy" in text] == []
