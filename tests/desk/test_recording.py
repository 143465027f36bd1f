"""A phone call or a visit, written down at the desk through the same questions: nothing is heard less for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

import httpx
import pytest
from pypdf import PdfReader

from bot.channels.base import InboundMessage
from bot.desk.access import ALLOWED, Act
from bot.desk.recording import NothingToConfirm, confirm
from storage.duty_workers import Role
from storage.enquiries import EnquiryRecord, EnquiryStatus
from storage.outbox import OutboxRecord
from storage.recordings import Hand, RecordedWay
from storage.unit_of_work import UnitOfWork
from tests.desk.conftest import Worker
from tests.desk.talking import DANGER
from tests.storage.builders import close_queue
from tests.web.conftest import FrontDoorServer

SignIn = Callable[..., Worker]


@dataclass
class Writing:
    """One worker at one recording's page."""

    worker: Worker
    front_door: FrontDoorServer
    reference: str

    @property
    def path(self) -> str:
        return f"/desk/recordings/{self.reference}"

    def page(self) -> str:
        answer = self.worker.get(self.path)
        assert answer.status_code == 200, answer.text
        return answer.text

    def question(self) -> str:
        return re.findall(r"<h1[^>]*>(.*?)</h1>", self.page(), re.S)[0]

    def form(self) -> dict[str, str]:
        """Return the hidden fields of the form that keeps an answer."""
        part = self.page().split('id="ask-form"')[1].split("</form>")[0]
        return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', part))

    def keeps(self, text: str = "", **more: Any) -> httpx.Response:
        form = self.form() | ({"text": text} if text else {}) | more
        return self.worker.client.post(self.path, data=form, headers={"Accept": "text/html"})

    def answers(self, *answers: str | dict[str, Any]) -> None:
        for answer in answers:
            kept = self.keeps(**answer) if isinstance(answer, dict) else self.keeps(answer)
            assert kept.status_code == 303, kept.text

    def kept(self, work: Callable[[UnitOfWork, EnquiryRecord], Any]) -> Any:
        def read(uow: UnitOfWork) -> Any:
            enquiry = uow.enquiries.by_reference(self.reference)
            assert enquiry is not None
            return work(uow, enquiry)

        return self.front_door.app.database.run_now(read)

    @property
    def enquiry(self) -> EnquiryRecord:
        found: EnquiryRecord = self.kept(lambda _, enquiry: enquiry)
        return found


def begin(worker: Worker, front_door: FrontDoorServer, **given: str) -> Writing:
    page = worker.get("/desk/recordings/new").text
    nonce = page.split('name="nonce" value="')[1].split('"')[0]
    form = {"way": "phone", "audience": "parent", "hand": "first", "nonce": nonce} | given
    answer = worker.post("/desk/recordings", **form)
    assert answer.status_code == 303, answer.text
    return Writing(worker, front_door, answer.headers["location"].rsplit("/", 1)[1])


@pytest.fixture
def alex(sign_in: SignIn) -> Worker:
    return sign_in(Role.DUTY_WORKER)


@pytest.fixture
def call(alex: Worker, front_door: FrontDoorServer) -> Writing:
    return begin(alex, front_door)


NOT_IN_DANGER = {"choice": "no"}
SHORT = (
    NOT_IN_DANGER,
    {"choice": "yes"},
    "Rowan will not go to school and I am worn out",
    {"choice": "quick"},
)


def test_a_call_goes_through_the_same_questions_and_reaches_the_duty_team(
    call: Writing, front_door: FrontDoorServer
) -> None:
    """Whoever rings is asked what whoever writes is asked, and waits in the same queue."""
    assert "hurt or in danger" in call.question()
    assert "Ask each question in your own words" in call.page()
    call.answers(NOT_IN_DANGER)
    assert "safe for them to talk to you" in call.question()
    call.answers(*SHORT[1:])
    while "Read this back" not in call.question():
        call.answers({"choice": "skip"} if "Do you agree" not in call.question() else {"choice": "yes"})
    assert "worn out" in call.page()
    call.answers({"choice": "send"})
    page = call.page()
    assert "Sent to the duty team" in page
    assert call.reference in page
    enquiry = call.enquiry
    assert enquiry.submitted_at is not None
    assert enquiry.audience == "parent"
    assert enquiry.worker_id == call.worker.record.id
    recording = call.kept(lambda uow, e: uow.recordings.of(e.id))
    assert (recording.way, recording.hand) == (RecordedWay.PHONE, Hand.FIRST)
    desk = call.worker.get(f"/desk/enquiries/{call.reference}").text
    assert "A phone call" in desk
    assert "Written down by <b>Alex Morgan</b>" in desk
    assert "first hand: they saw, heard or lived it" in desk
    assert "What they said, as it was written down" in desk
    assert "them, as a worker wrote it down" in desk
    pdf = PdfReader(BytesIO(call.worker.get(f"/desk/enquiries/{call.reference}/export.pdf").content))
    assert "Written down by Alex Morgan" in " ".join(pdf.pages[0].extract_text().split())
    hold = call.worker.get(f"/desk/enquiries/{call.reference}/hold").text
    assert '<option value="first" selected>' in hold  # how they know is not asked twice


def test_nothing_for_somebody_in_a_chat_is_offered_on_a_call(call: Writing) -> None:
    """There is no chat to reply in, nobody to ask for but the worker, and no page to leave in a hurry."""
    seen = ""
    for answer in (*SHORT, {"choice": "skip"}):
        seen += call.page()
        call.answers(answer)
    for wrong in ("Reply in this chat", "Talk to a person", "Exit this page", "an automated assistant", 'Type "'):
        assert wrong not in seen, wrong


def test_danger_said_on_the_phone_raises_the_alarm_and_tells_the_worker_what_to_do(call: Writing) -> None:
    """Screening hears what is written down as it hears what is written."""
    call.answers(NOT_IN_DANGER, {"choice": "yes"}, DANGER)
    alerts = call.kept(lambda uow, e: uow.alerts.of(e.id))
    assert [a.status for a in alerts] == ["raised"]
    page = call.page()
    assert 'class="danger-box"' in page
    assert "call it yourself while they stay with you" in page
    assert 'role="alert"' in page
    assert "A duty worker is being told" not in page  # these words are for somebody who writes alone
    assert call.worker.references()[0] == call.reference
    answered = call.worker.post(f"/desk/enquiries/{call.reference}/acknowledge", **{"from": "recording"})
    assert answered.headers["location"].startswith(call.path)
    assert "Alex Morgan</b> has answered the alert" in call.page()
    said = call.kept(
        lambda uow, e: [r for c in uow.conversations.of_enquiry(e.id) for r in uow.outbox.of_conversation(c.id)]
    )
    assert not any("has seen that you wrote" in str(row.payload.get("text")) for row in said)


def test_an_answer_alone_raises_the_alarm(call: Writing) -> None:
    """One press, while the worker dials."""
    call.answers({"choice": "yes"})
    assert [a.urgency for a in call.kept(lambda uow, e: uow.alerts.of(e.id))] == ["emergency"]
    assert "danger" in call.page()


def test_words_beside_a_chosen_answer_are_kept_and_heard(call: Writing) -> None:
    """People say more than yes or no, and danger stands in the more."""
    call.answers({"choice": "no", "text": "not now, but " + DANGER})
    assert call.kept(lambda uow, e: uow.alerts.of(e.id))
    desk = call.worker.get(f"/desk/enquiries/{call.reference}").text
    words = re.sub(r"<[^>]+>", "", desk.split('id="words-title"')[1].split("</section>")[0])
    assert "not now, but my dad is hitting me" in words


def test_what_they_say_is_never_taken_as_said_to_the_program(call: Writing) -> None:
    """A caller who says "stop", or asks for a real person, is talking to one."""
    call.answers(NOT_IN_DANGER, {"choice": "yes"}, "I want to talk to a real person", {"choice": "back"})
    assert "We have gone back" in call.page()
    call.answers("stop")
    turns = call.kept(
        lambda uow, e: [t.outcome for c in uow.conversations.of_enquiry(e.id) for t in uow.turns.of(c.id)]
    )
    assert "stop" not in turns
    assert "person" not in turns
    answers = call.kept(lambda uow, e: {a.field: a.words for a in uow.answers.current(e.id)})
    assert answers["reason_in_own_words"] == "stop"


def test_back_change_and_skip_work(call: Writing) -> None:
    """A story is not told in the order of a form."""
    call.answers(*SHORT)
    call.answers({"choice": "change"})
    listed = re.search(r"(\d)\. [^\n]*: Rowan will not go", call.page())
    assert listed, call.page()
    call.answers(listed[1])
    assert "keep what you wrote" in call.page()
    call.answers("It is about bedtimes")
    assert "bedtimes" in call.page()


def test_the_same_form_twice_begins_one_and_keeps_one(alex: Worker, front_door: FrontDoorServer) -> None:
    """A worker presses again because the line is slow."""
    page = alex.get("/desk/recordings/new").text
    nonce = page.split('name="nonce" value="')[1].split('"')[0]
    form = {"way": "visit", "audience": "public", "hand": "second", "nonce": nonce}
    first, second = (alex.post("/desk/recordings", **form).headers["location"] for _ in range(2))
    assert first == second
    visit = Writing(alex, front_door, first.rsplit("/", 1)[1])
    assert visit.kept(lambda uow, e: uow.conversations.of_enquiry(e.id))[0].channel == "visit"
    answer = visit.form() | {"choice": "no"}
    for _ in range(2):
        assert alex.client.post(visit.path, data=answer).status_code == 303
    assert visit.kept(lambda uow, e: uow.conversations.of_enquiry(e.id))[0].turns_kept == 1
    stale = alex.client.post(visit.path, data=answer | {"text": "said a minute ago", "choice": ""})
    assert stale.status_code == 409
    assert "said a minute ago" in stale.text


def test_an_answer_is_kept_without_reading_the_whole_conversation(
    call: Writing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To know what is asked, nothing that was said has to be opened: an hour's call would slow each answer."""
    form, line = call.form(), call.front_door.app.line

    def read_back(*_: object, **__: object) -> None:
        raise AssertionError("the whole conversation was read")

    with monkeypatch.context() as patched:
        patched.setattr(line, "read_back", read_back)
        kept = call.worker.client.post(call.path, data=form | NOT_IN_DANGER)
    assert kept.status_code == 303
    assert call.kept(lambda uow, e: uow.conversations.of_enquiry(e.id))[0].turns_kept == 1


def test_bad_input_is_answered_and_not_lost(call: Writing) -> None:
    """Nothing typed during a call can be asked for again."""
    assert call.keeps("").status_code == 422
    assert call.keeps(choice="delete").status_code == 422
    assert call.keeps(choice="quick_exit").status_code == 422
    assert call.keeps(choice="<b>").status_code == 422
    long = call.keeps("word " * 20_000)
    assert long.status_code == 422
    assert long.text.count("word ") > 19_000
    assert call.worker.post("/desk/recordings", way="fax", audience="parent").status_code == 422
    assert call.worker.post("/desk/recordings", way="phone", audience="robot").status_code == 422


def test_an_unfinished_call_stands_in_the_queue_and_can_be_sent_as_it_is(call: Writing) -> None:
    """They hung up. What they said is not a draft: somebody rang."""
    call.answers(*SHORT[:3])
    page = call.worker.get("/desk/").text
    row = page.split(f">{call.reference}</a>")[1].split("</li>")[0]
    assert "being written down" in row
    assert "Write down and send by" in row
    assert call.worker.post(f"{call.path}/send").status_code == 303
    assert call.enquiry.submitted_at is not None
    assert "worn out" in str(call.enquiry.summary)
    before = call.enquiry.submitted_at
    call.worker.post(f"{call.path}/send")
    assert call.enquiry.submitted_at == before


def test_another_worker_goes_on_where_one_left(call: Writing, sign_in: SignIn) -> None:
    """The shift ends in the middle of a visit."""
    sam = Writing(sign_in(Role.MANAGER), call.front_door, call.reference)
    assert "Alex Morgan writes this down" in sam.page()
    form = call.form() | {"mark": sam.worker.mark(), "choice": "no"}
    assert sam.worker.client.post(call.path, data=form).status_code == 409
    assert sam.worker.post(f"{call.path}/go-on").status_code == 303
    sam.answers(NOT_IN_DANGER)
    late = call.worker.post(call.path, text="and one more thing", prompt="1", nonce="x")
    assert late.status_code == 409
    assert "and one more thing" not in str(sam.kept(lambda uow, e: uow.answers.current(e.id)))
    acts = [e.act for e in call.kept(lambda uow, e: uow.audit.of(e.id))]
    assert "recording.gone_on_with" in acts
    assert "then by <b>Sam Okafor</b>" in sam.worker.get(f"/desk/enquiries/{call.reference}").text


def test_what_closes_the_queue_midway_can_still_be_finished(
    alex: Worker, sign_in: SignIn, front_door: FrontDoorServer
) -> None:
    """It turns out to be about a teacher. The caller is still on the line, and the officer has it after."""
    call = begin(alex, front_door, audience="public")
    call.answers(NOT_IN_DANGER)
    call.kept(lambda uow, e: close_queue(uow, e.id, front_door.app.clock.now()))
    assert alex.get(f"/desk/enquiries/{call.reference}").status_code == 403
    assert sign_in(Role.MANAGER).get(call.path).status_code == 404
    call.answers({"choice": "friend_or_neighbour"})
    assert alex.post(f"{call.path}/send").status_code == 303
    gone = alex.get(call.path)
    assert gone.headers["location"] == "/desk/?said=recording-gone"
    assert "the officer for allegations has it now" in alex.get(gone.headers["location"]).text
    assert alex.post(f"{call.path}/send").status_code == 404
    assert sign_in(Role.LADO).get(f"/desk/enquiries/{call.reference}").status_code == 200


def test_a_professional_is_promised_it_in_writing_and_has_it(alex: Worker, front_door: FrontDoorServer) -> None:
    """ST05: what is said on the phone is confirmed in writing, in words that name no family."""
    call = begin(alex, front_door, audience="professional", hand="second")
    seen = call.page()
    call.answers(NOT_IN_DANGER)
    seen += call.page()
    assert "in writing within 24 hours" in seen
    call.answers("Rowan in Year 4 is often hungry, and said so again today")
    alex.post(f"{call.path}/send")
    path = f"/desk/enquiries/{call.reference}"
    page = alex.get(path).text
    words = page.split('id="confirmation">')[1].split("</blockquote>")[0]
    assert call.reference in words
    assert "Rowan" not in words
    place = call.kept(lambda uow, e: front_door.app.desk.place_of(uow, e))
    assert place.waiting_since is None  # a worker has spoken with them
    assert "by_hand" in page
    assert 'value="email"' not in page  # no work address was given, and none is made up
    assert alex.post(f"{path}/confirmation", how="email").headers["location"].endswith("confirmed-before#recorded")
    assert "Confirmed in writing" not in alex.get(path).text
    assert alex.post(f"{path}/confirmation", how="by_hand").status_code == 303
    assert "Confirmed in writing" in alex.get(path).text
    assert alex.post(f"{path}/confirmation", how="by_hand").headers["location"].endswith("before#recorded")
    acts = [e.act for e in call.kept(lambda uow, e: uow.audit.of(e.id))]
    assert acts.count("recording.confirmed") == 1


def test_it_goes_by_e_mail_to_the_work_address_they_gave(alex: Worker, front_door: FrontDoorServer) -> None:
    """Once, in approved words, where the area can send e-mail."""
    app = front_door.app
    house = replace(app.house, doorbell=replace(app.house.doorbell, ways=frozenset({"email"})))
    call = begin(alex, front_door, audience="professional")
    call.answers(NOT_IN_DANGER)
    alex.post(f"{call.path}/send")

    def send(uow: UnitOfWork, enquiry: EnquiryRecord) -> list[OutboxRecord]:
        recording = uow.recordings.of(enquiry.id)
        assert recording is not None
        return confirm(uow, house, enquiry, recording, alex.record, app.clock.now(), by_email=True)

    with pytest.raises(NothingToConfirm):
        call.kept(send)
    call.kept(
        lambda uow, e: uow.answers.record(
            enquiry_id=e.id,
            conversation_id=uow.recordings.of(e.id).conversation_id,
            turn_id=None,
            key="professional_email",
            field="professional_contact",
            label="Work email",
            answer={"is": "given", "value": "priya@hill.example", "words": "priya@hill.example"},
            words="priya@hill.example",
            source="person",
            now=app.clock.now(),
        )
    )
    rows = call.kept(send)
    assert [(row.channel, row.address) for row in rows] == [("email", "priya@hill.example")]
    assert call.reference in rows[0].payload["text"]
    with pytest.raises(NothingToConfirm):
        call.kept(send)
    assert "The e-mail is on its way." in alex.get(f"/desk/enquiries/{call.reference}").text


def test_nobody_writes_to_who_rang(call: Writing) -> None:
    """What a worker wrote in the "chat" of a phone call would reach nobody, and look as if it had."""
    alex = call.worker
    path = f"/desk/enquiries/{call.reference}"
    assert "Take the conversation" not in alex.get(path).text
    assert alex.post(f"{path}/take").status_code == 409
    assert alex.post(f"{path}/write", text="Hello").status_code == 409


def test_a_kept_answer_that_was_not_decided_is_taken_up(call: Writing, front_door: FrontDoorServer) -> None:
    """The process died between keeping and deciding: the words are there, and so is what they lead to."""
    app = front_door.app
    conversation = call.kept(lambda uow, e: uow.recordings.of(e.id)).conversation_id
    call.answers(NOT_IN_DANGER, {"choice": "yes"})
    message = InboundMessage(
        "phone", conversation, "kept-only", app.clock.now(), text="She has not eaten for days"
    )
    front_door.served.do(app.line._keep([message]))
    front_door.served.do(app.line.take_up_unhandled())
    front_door.served.do(app.line.settle())
    answers = call.kept(lambda uow, e: {a.field: a.words for a in uow.answers.current(e.id)})
    assert answers["reason_in_own_words"] == "She has not eaten for days"


@pytest.mark.parametrize("role", Role)
def test_who_may_record(role: Role, sign_in: SignIn, call: Writing) -> None:
    """Each page and each form asks; who may not is told no more than that."""
    worker = sign_in(role)
    may = role in ALLOWED[Act.RECORD]
    assert (worker.get("/desk/recordings/new").status_code == 200) is may
    assert ("Record a call" in worker.get("/desk/rota").text) is may
    begun = worker.post("/desk/recordings", way="phone", audience="parent", nonce=role.value)
    assert begun.status_code == (303 if may else 403)
    if not may or role is Role.LADO:
        for path, form in ((call.path, {"choice": "no"}), (f"{call.path}/send", {}), (f"{call.path}/go-on", {})):
            assert worker.post(path, **form).status_code in (403, 404), path
        assert worker.get(call.path).status_code in (403, 404)
        assert call.enquiry.submitted_at is None


def test_a_forged_form_is_refused(call: Writing) -> None:
    """A page elsewhere could otherwise put words into a caller's mouth."""
    forged = {"mark": "0" * 64, "text": "x", "choice": "no", "way": "phone", "audience": "parent"}
    for path in (call.path, "/desk/recordings", f"{call.path}/send", f"{call.path}/go-on", f"{call.path}/hand"):
        assert call.worker.client.post(path, data=forged).status_code == 403, path
    assert (
        call.worker.client.post(f"/desk/enquiries/{call.reference}/confirmation", data=forged).status_code == 403
    )
    assert call.enquiry.status is EnquiryStatus.WITH_WORKER


def test_first_or_second_hand_is_noted_when_it_is_known(call: Writing) -> None:
    """It is what a court asks first."""
    call.worker.post(f"{call.path}/hand", hand="second")
    assert call.kept(lambda uow, e: uow.recordings.of(e.id)).hand is Hand.SECOND
    call.worker.post(f"{call.path}/hand", hand="nonsense")
    assert call.kept(lambda uow, e: uow.recordings.of(e.id)).hand is Hand.UNKNOWN


def test_the_way_is_chosen_from_the_queue(alex: Worker) -> None:
    """The phone rings: one press."""
    assert 'value="visit" required checked' in alex.get("/desk/recordings/new?way=visit").text
    assert "/desk/recordings/new?way=phone" in alex.get("/desk/").text
