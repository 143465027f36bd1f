"""What workers do with one enquiry, over HTTP, each role as itself."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from io import BytesIO

import pytest
from pypdf import PdfReader

from bot.desk.handoffs import take
from storage.duty_workers import Role
from storage.enquiries import EnquiryStatus
from storage.incidents import IncidentKind
from tests.desk.conftest import Worker
from tests.desk.talking import DANGER, Talker, begin_talk
from tests.web.conftest import FrontDoorServer

SignIn = Callable[..., Worker]
EVIDENCE = {
    "analysis": "A child says that they are being hurt now.",
    "impact": "",
    "history": "",
    "tried": "",
    "strengths": "They asked for help.",
    "gaps": "Where they are.",
    "threshold": "4",
    "threshold_why": "Significant harm, said first hand.",
    "safety_plan": "The police have been rung.",
}


@pytest.fixture
def child(front_door: FrontDoorServer) -> Talker:
    return begin_talk(front_door, DANGER)


def hidden(worker: Worker, path: str) -> dict[str, str]:
    """Return the hidden fields of the long form on a page."""
    form = worker.get(path).text.split('class="long"')[1]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))


def hold(worker: Worker, talker: Talker, decider: str, **more: str) -> int:
    path = f"{talker.path}/hold"
    form = hidden(worker, path) | EVIDENCE | {"decider": decider} | more
    return worker.post(path, **form).status_code


def decision(worker: Worker, talker: Talker, **more: str) -> dict[str, str]:
    form = hidden(worker, f"{talker.path}/decide")
    return form | {"outcome": "IA", "reason": "Advice was given.", "way": "by_hand"} | more


# -- reading -----------------------------------------------------------------------------------------------------


def test_their_own_words_are_marked_and_explained(sign_in: SignIn, child: Talker) -> None:
    """A worker has to see in one look what raised the concern, and who noticed."""
    page = sign_in(Role.DUTY_WORKER).get(child.path).text
    assert "<mark>" in page
    words = re.sub(
        r"<sup>.*?</sup>|<[^>]+>", "", page.split("<blockquote")[1].split(">", 1)[1].split("</blockq")[0]
    )
    assert words == DANGER
    assert "Noticed by" in page
    assert "They have not said what is safe" in page


def test_a_worker_sees_which_language_they_seem_to_write_in(sign_in: SignIn, front_door: FrontDoorServer) -> None:
    """An interpreter is found before they are rung, and not one of their children."""
    worker = sign_in(Role.DUTY_WORKER)
    polish = begin_talk(front_door, "nie wiem co mam robić, proszę o pomoc dla mojej rodziny")
    assert "Their language seems to be Polish" in worker.get(polish.path).text
    english = begin_talk(front_door, "I do not know what to do, please help my family")
    assert "Their language" not in worker.get(english.path).text
    polish.says("I can write in English too if that helps")
    assert "Their language seems to be Polish" in worker.get(polish.path).text


@pytest.mark.parametrize(
    "role", [Role.DUTY_WORKER, Role.MANAGER, Role.HEAD_OF_SERVICE, Role.OUT_OF_HOURS, Role.AUDITOR]
)
def test_an_ordinary_enquiry_is_read_by_workers_and_the_auditor(
    sign_in: SignIn, child: Talker, role: Role
) -> None:
    """Each view is on the record, the auditor's too."""
    worker = sign_in(role)
    assert worker.get(child.path).status_code == 200
    viewed = [e for e in _audit(child) if e[0] == "enquiry.viewed" and e[1] == worker.record.id]
    assert viewed


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.LADO])
def test_others_do_not_learn_that_an_enquiry_exists(sign_in: SignIn, child: Talker, role: Role) -> None:
    """What they may not see is answered as what is not there, on every path."""
    worker = sign_in(role)
    for path in ("", "/live", "/hold", "/decide", "/case", "/export.json", "/export.pdf"):
        assert worker.get(child.path + path).status_code in (403, 404), path
    for path in ("/take", "/write", "/note", "/hand-back", "/hold", "/decide", "/disagree", "/typing", "/case"):
        answer = worker.post(child.path + path, text="x", note="x", summary="x", reason="x")
        assert answer.status_code in (403, 404, 422), path
        assert "hitting me" not in answer.text


def test_an_auditor_reads_and_changes_nothing(sign_in: SignIn, child: Talker) -> None:
    """Whoever checks the record must not be able to write it."""
    auditor = sign_in(Role.AUDITOR)
    for path in ("/take", "/write", "/note", "/hand-back", "/hold", "/decide", "/disagree", "/case"):
        assert auditor.post(child.path + path, note="x", text="x").status_code == 403, path
    assert child.enquiry.status is EnquiryStatus.OPEN


def test_a_second_worker_is_shown_who_is_there(sign_in: SignIn, child: Talker) -> None:
    """Two workers ringing one family is one too many."""
    sign_in(Role.DUTY_WORKER).get(child.path)
    page = sign_in(Role.MANAGER).get(child.path).text
    assert "Alex Morgan" in page.split('id="here-names"')[1].split("</span>")[0]


# -- the conversation --------------------------------------------------------------------------------------------


def test_a_worker_takes_writes_and_hands_back(sign_in: SignIn, child: Talker) -> None:
    """The person sees the worker's words where they are, and the assistant stays quiet meanwhile."""
    worker = sign_in(Role.DUTY_WORKER)
    assert worker.post(f"{child.path}/take").status_code == 303
    assert "Alex, a duty worker, has joined" in child.last["text"]
    assert worker.post(f"{child.path}/write", text="Where are you now?").status_code == 303
    assert (child.last["from"], child.last["text"]) == ("worker", "Where are you now?")

    answer = child.says("in my room")
    assert answer["messages"] == []
    assert answer["expects"]["with_worker"]
    live = worker.get(f"{child.path}/live?after=").json()
    assert live["lines"][-1]["text"] == "in my room"

    assert worker.post(f"{child.path}/hand-back", summary="We agreed that I ring your nan.").status_code == 303
    said = [m for m in child.sees() if m["from"] != "person"]
    assert any(m["from"] == "worker" and "ring your nan" in m["text"] for m in said)
    assert child.says("thank you")["messages"] != []


def test_danger_is_heard_while_a_worker_has_it(sign_in: SignIn, front_door: FrontDoorServer) -> None:
    """The worker may have gone to the phone: what is said meanwhile still raises the alarm."""
    talker = begin_talk(front_door, "hello, I would like some help with bedtimes please")
    sign_in(Role.DUTY_WORKER).post(f"{talker.path}/take")
    talker.says(DANGER)
    alerts = talker.kept(lambda uow, e: uow.alerts.of(e.id))
    assert len(alerts) == 1


def test_a_second_worker_is_told_who_has_it_and_may_take_it_over(sign_in: SignIn, child: Talker) -> None:
    """Two people writing as one is worse than waiting; a worker who went home must not block it."""
    alex, sam = sign_in(Role.DUTY_WORKER), sign_in(Role.MANAGER)
    alex.post(f"{child.path}/take")
    refused = sam.post(f"{child.path}/take")
    assert refused.status_code == 409
    assert "Alex Morgan has this conversation" in refused.text
    assert sam.post(f"{child.path}/write", text="Hello").status_code == 409
    assert sam.post(f"{child.path}/take", over="yes").status_code == 303
    kept = alex.post(f"{child.path}/write", text="Are you still there?")
    assert kept.status_code == 409
    assert "Sam Okafor has this conversation" in kept.text
    assert "Are you still there?" not in [m["text"] for m in child.sees()]


def test_leaving_in_a_hurry_works_with_a_worker_and_stops_them(sign_in: SignIn, child: Talker) -> None:
    """Somebody came into the room: what appears on the screen now could be read by them."""
    worker = sign_in(Role.DUTY_WORKER)
    worker.post(f"{child.path}/take")
    child.says(choice="quick_exit")
    refused = worker.post(f"{child.path}/write", text="Are you there?")
    assert refused.status_code == 409
    assert "may not be safe" in refused.text
    assert "Are you there?" in refused.text
    child.says("he has gone")
    assert worker.post(f"{child.path}/write", text="Are you there?").status_code == 303


def test_a_note_is_for_workers_only(sign_in: SignIn, child: Talker) -> None:
    """A note in the person's chat would be a breach, and could be a danger."""
    worker = sign_in(Role.DUTY_WORKER)
    worker.post(f"{child.path}/note", note="Known to me <b>from</b> 2024.")
    assert "Known to me &lt;b&gt;from&lt;/b&gt; 2024." in worker.get(child.path).text
    assert all("2024" not in m["text"] for m in child.sees())


def test_a_note_of_a_hundred_thousand_characters_is_refused_and_not_lost(sign_in: SignIn, child: Talker) -> None:
    """Somebody pasted a whole report: they are told the limit, with their words still before them."""
    note = "word " * 20_000
    answer = sign_in(Role.DUTY_WORKER).post(f"{child.path}/note", note=note)
    assert answer.status_code == 422
    assert "Your note has 99,999 characters. The most is 20,000." in answer.text
    assert answer.text.count("word ") > 19_000


def test_a_forged_form_is_refused(sign_in: SignIn, child: Talker) -> None:
    """A page elsewhere could otherwise write to a child in a worker's name."""
    worker = sign_in(Role.DUTY_WORKER)
    worker.post(f"{child.path}/take")
    for path in ("/write", "/note", "/hold", "/decide", "/hand-back", "/take", "/disagree", "/typing"):
        forged = worker.client.post(child.path + path, data={"text": "x", "note": "x", "mark": "0" * 64})
        assert forged.status_code == 403, path
    assert all(m["text"] != "x" for m in child.sees())


def test_what_a_disabled_worker_held_falls_back_with_an_incident(
    sign_in: SignIn, child: Talker, front_door: FrontDoorServer
) -> None:
    """Nobody may be left waiting for a worker who cannot come back, and danger is alerted again."""
    app = front_door.app
    email, now = "gone@exampleshire.example", app.clock.now()
    gone = child.kept(
        lambda uow, _: uow.duty_workers.add(name="Gone Soon", email=email, role=Role.DUTY_WORKER, now=now)
    )
    child.kept(lambda uow, e: take(uow, app.house, e, gone, app.clock.now()))
    app.database.run_now(lambda uow: uow.duty_workers.disable(gone.id, app.clock.now()))
    front_door.served.do(app.holds.tick())
    enquiry = child.enquiry
    assert (enquiry.status, enquiry.worker_id) == (EnquiryStatus.OPEN, None)
    kinds = [i.kind for i in child.kept(lambda uow, e: uow.incidents.of(e.id))]
    assert IncidentKind.WORKER_GONE in kinds
    assert any("had to leave" in m["text"] for m in child.sees())
    assert [a.status for a in child.kept(lambda uow, e: uow.alerts.of(e.id))][-1] == "raised"
    assert child.says("hello?")["expects"]["with_worker"] is False


# -- holding and deciding ----------------------------------------------------------------------------------------


def test_held_until_a_manager_decides_and_the_person_is_told(
    sign_in: SignIn, child: Talker, front_door: FrontDoorServer
) -> None:
    """The duty to hold: evidence, a plan, a named decider, a time; only a decision ends it."""
    alex, sam = sign_in(Role.DUTY_WORKER), sign_in(Role.MANAGER)
    alex.post(f"{child.path}/take")
    turn = front_door.app.database.run_now(lambda uow: uow.turns.of(child.conversation))[0]
    more = {"turn": turn.id, f"hand-{turn.id}": "first", f"child-{turn.id}": "yes"}
    assert hold(alex, child, sam.record.id, **more) == 303
    held = child.kept(lambda uow, e: uow.holds.standing_for(e.id))
    assert held.evidence["quoted"][0]["words"] == DANGER
    assert held.evidence["quoted"][0]["of_child"]
    assert child.enquiry.status is EnquiryStatus.AWAITING_DECISION
    assert alex.post(f"{child.path}/decide", **decision(sam, child)).status_code == 403
    assert hold(alex, child, sam.record.id) == 409

    form = decision(sam, child, outcome="REF", referral_outcome="assessment_required", way="chat")
    assert "Told" not in sam.get(child.path).text
    assert sam.post(f"{child.path}/decide", **form).status_code == 303
    enquiry = child.enquiry
    assert enquiry.status is EnquiryStatus.CLOSED
    assert all(c.status == "resolved" for c in child.kept(lambda uow, e: uow.concerns.of(e.id)))
    page = sam.get(child.path).text
    assert "Child in need referral" in page
    assert "tell them another way" in page  # the chat was not said to be safe, so a worker tells them


def test_told_in_the_chat_where_they_said_that_is_safe(sign_in: SignIn, front_door: FrontDoorServer) -> None:
    """In approved words, by their safe route, and the desk shows that it went."""
    talker = _sent_by_a_parent(front_door)
    sam = sign_in(Role.MANAGER)
    assert sam.post(f"{talker.path}/decide", **decision(sam, talker, way="chat")).status_code == 303
    assert "We think that advice is the best help for now." in talker.last["text"]
    assert re.search(r"Sent \d", sam.get(talker.path).text)
    talker.says("thank you")
    assert talker.enquiry.status is EnquiryStatus.CLOSED
    talker.says("it has got worse, he hit me again last night")
    assert talker.enquiry.status is EnquiryStatus.OPEN


def test_only_a_manager_makes_a_referral(sign_in: SignIn, front_door: FrontDoorServer) -> None:
    """A Referral is a decision under the Children Act."""
    talker = _sent_by_a_parent(front_door)
    alex = sign_in(Role.DUTY_WORKER)
    page = alex.get(f"{talker.path}/decide").text
    assert 'value="IA"' in page
    assert 'value="REF"' not in page
    form = decision(alex, talker, outcome="REF", referral_outcome="assessment_required")
    assert alex.post(f"{talker.path}/decide", **form).status_code == 403
    assert talker.enquiry.status is EnquiryStatus.OPEN


def test_a_decision_on_what_somebody_has_just_closed_gets_a_clear_answer(
    sign_in: SignIn, front_door: FrontDoorServer
) -> None:
    """Two managers, one enquiry: the second must know that theirs did not count."""
    talker = _sent_by_a_parent(front_door)
    sam, robin = sign_in(Role.MANAGER), sign_in(Role.HEAD_OF_SERVICE)
    first, second = decision(sam, talker), decision(robin, talker, outcome="NFA")
    assert sam.post(f"{talker.path}/decide", **first).status_code == 303
    answer = robin.post(f"{talker.path}/decide", **second)
    assert answer.status_code == 409
    assert "Sam Okafor closed this enquiry while you were deciding: Information and advice." in answer.text
    assert len(talker.kept(lambda uow, e: uow.decisions.of(e.id))) == 1


def test_words_that_came_while_a_manager_was_deciding_are_read_first(
    sign_in: SignIn, front_door: FrontDoorServer
) -> None:
    """A decision on half of what they said is a decision on something else."""
    talker = _sent_by_a_parent(front_door)
    sam = sign_in(Role.MANAGER)
    form = decision(sam, talker, reason="Nothing new here.")
    talker.says("one more thing, we lost our home today")
    answer = sam.post(f"{talker.path}/decide", **form)
    assert answer.status_code == 409
    assert "Nothing new here." in answer.text
    assert talker.enquiry.status is not EnquiryStatus.CLOSED


def test_a_disagreement_is_answered_by_another_manager(sign_in: SignIn, child: Talker) -> None:
    """The route that inquiries say was missing: on the record, and not answered by whoever raised it."""
    alex, sam, robin = sign_in(Role.DUTY_WORKER), sign_in(Role.MANAGER), sign_in(Role.HEAD_OF_SERVICE)
    assert sam.post(f"{child.path}/disagree", reason="This is level 4.").status_code == 303
    action = re.search(r"/disagreements/\w+", robin.get(child.path).text)
    assert action
    assert "/disagreements/" not in re.sub(r'id="disagreements"', "", alex.get(child.path).text)
    assert sam.post(child.path + action[0], answer="It is.").status_code == 409
    assert robin.post(child.path + action[0], answer="Agreed: it is level 4.").status_code == 303
    assert "Agreed: it is level 4." in alex.get(child.path).text


# -- finding and taking out --------------------------------------------------------------------------------------


def test_found_by_name_phone_postcode_and_reference(sign_in: SignIn, front_door: FrontDoorServer) -> None:
    """A grandmother on the phone knows a name, and not how it is spelt."""
    talker = _sent_by_a_neighbour(front_door)
    worker = sign_in(Role.DUTY_WORKER)
    for text in ("dh1 5ul", "DH15UL"):
        assert talker.reference in worker.post("/desk/search", text=text).text, text
    assert worker.post("/desk/search", text=talker.reference.lower()).headers["location"] == talker.path
    parent = _sent_by_a_parent(front_door)
    for text in ("07700 900123", "+44 7700 900123", "Alex Example", "aleks exampel"):
        assert parent.reference in worker.post("/desk/search", text=text).text, text
    assert parent.reference not in worker.post("/desk/search", text="Nobody Here").text
    assert sign_in(Role.ADMINISTRATOR).post("/desk/search", text="dh1 5ul").status_code == 403


def test_the_same_postcode_is_shown_and_the_other_reporter_is_not(
    sign_in: SignIn, front_door: FrontDoorServer
) -> None:
    """Low worries add up; and nobody learns from it who else has been in touch."""
    first, second = _sent_by_a_neighbour(front_door), _sent_by_a_neighbour(front_door)
    page = sign_in(Role.DUTY_WORKER).get(second.path).text
    same = page.split('id="same-title"')[1].split("</section>")[0]
    assert first.reference in same
    assert "the same postcode" in same
    assert "playgroup" not in same


def test_exported_whole_as_json_and_pdf(sign_in: SignIn, child: Talker) -> None:
    """A subject's request, a court, another council: everything, as it was said."""
    worker = sign_in(Role.DUTY_WORKER)
    child.says("Zażółć gęślą, мама, آپ")
    worker.post(f"{child.path}/note", note="Rang the school.")
    exported = json.loads(worker.get(f"{child.path}/export.json").content)
    assert exported["conversations"][0]["turns"][0]["words"] == DANGER
    assert exported["notes"][0]["words"] == "Rang the school."
    pdf = worker.get(f"{child.path}/export.pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf.content)).pages)
    assert DANGER in text.replace("\n", " ")
    assert "Zażółć gęślą, мама" in text
    acts = [act for act, _ in _audit(child)]
    assert acts.count("enquiry.exported") == 2


def test_entered_in_the_case_system_with_its_reference(sign_in: SignIn, child: Talker) -> None:
    """Whoever comes next must see that it is there, and what it is called."""
    worker = sign_in(Role.DUTY_WORKER)
    assert child.reference in worker.get(f"{child.path}/case").text
    assert worker.post(f"{child.path}/case", system_reference="CS-1").status_code == 422
    assert worker.post(f"{child.path}/case", system_reference="CS-100200", entered="yes").status_code == 303
    assert "CS-100200" in worker.get(child.path).text


def _audit(talker: Talker) -> list[tuple[str, str]]:
    entries = talker.kept(lambda uow, e: uow.audit.of(e.id))
    return [(e.act, e.actor) for e in entries]


def _sent_by_a_parent(front_door: FrontDoorServer) -> Talker:
    talker = begin_talk(front_door)
    for said in ("no", "a parent", "yes", "Rowan will not go to school and I am worn out", "short version"):
        talker.says(said)
    talker.says(choices=["reply_in_this_chat", "text"])
    for said in ("07700 900123", "Alex Example", "yes", "send"):
        talker.says(said)
    assert talker.enquiry.submitted_at is not None, [m["text"] for m in talker.sees()][-3:]
    return talker


def _sent_by_a_neighbour(front_door: FrontDoorServer) -> Talker:
    talker = begin_talk(front_door, "no", "a friend or neighbour")
    talker.says("My neighbour could do with some help getting her boy to playgroup")
    talker.says("DH1 5UL")
    talker.says(choice="keep_my_name_from_family")
    talker.says(choices=["i_will_contact_you"])
    talker.says("send it now")
    talker.says("send")
    assert talker.enquiry.submitted_at is not None, [m["text"] for m in talker.sees()][-3:]
    return talker
