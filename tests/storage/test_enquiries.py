"""Enquiries and the people in them are found by what somebody says of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage.database import Database
from storage.enquiries import Audience, EnquiryRecord, StoredUrgency
from storage.identifiers import EnquiryId, PersonId, new_id
from storage.reference import parse_reference
from storage.repository import NotFound, UniqueRace
from storage.unit_of_work import UnitOfWork
from tests.storage.builders import NOW, begin, concern_about

LATER = NOW + timedelta(days=1)


def test_enquiry_is_found_by_its_reference_read_out_loud(database: Database) -> None:
    """A parent phones and reads it from a screen."""
    enquiry = database.run_now(_open)
    said = enquiry.reference.replace("-", " ").lower()
    assert database.run_now(lambda uow: uow.enquiries.by_reference(said)) == enquiry
    assert database.run_now(lambda uow: uow.enquiries.by_reference("not one")) is None
    assert parse_reference(enquiry.reference) == enquiry.reference


def test_enquiry_sent_twice_keeps_when_it_was_first_sent(database: Database) -> None:
    """The clock a family is promised starts once."""
    enquiry = database.run_now(_open)
    database.run_now(lambda uow: uow.enquiries.submit(enquiry.id, summary={"n": 1}, now=NOW))
    database.run_now(lambda uow: uow.enquiries.submit(enquiry.id, summary={"n": 2}, now=LATER))
    sent = database.run_now(lambda uow: uow.enquiries.get(enquiry.id))
    assert (sent.summary, sent.submitted_at) == ({"n": 2}, NOW)


def test_urgency_rises_and_never_falls(database: Database) -> None:
    """A calm message after a frightening one does not calm the enquiry."""
    enquiry = database.run_now(_open)
    raised = [
        database.run_now(lambda uow, u=urgency: uow.enquiries.raise_urgency(enquiry.id, u))
        for urgency in ("advice", "emergency", "same_day", "emergency", "none")
    ]
    assert raised == [True, True, False, False, False]
    assert database.run_now(lambda uow: uow.enquiries.get(enquiry.id)).urgency is StoredUrgency.EMERGENCY


def test_urgencies_are_in_order() -> None:
    """Their order is what never-lowers rests on."""
    assert list(StoredUrgency) == ["none", "advice", "same_day", "immediate", "emergency"]
    assert StoredUrgency.SAME_DAY.below == ["none", "advice"]


def test_audience_may_become_known_later(database: Database) -> None:
    """The first message does not say who is writing."""
    enquiry = database.run_now(_open)
    database.run_now(lambda uow: uow.enquiries.set_audience(enquiry.id, "professional", "full"))
    found = database.run_now(lambda uow: uow.enquiries.get(enquiry.id))
    assert (found.audience, found.depth) == (Audience.PROFESSIONAL, "full")


def test_export_lists_what_was_opened_or_sent_since(database: Database) -> None:
    """A partner that asks each morning must miss nothing, and see again what was sent since."""
    early, sent_late, late = (database.run_now(_open) for _ in range(3))
    database.run_now(lambda uow: uow.enquiries.submit(sent_late.id, summary={}, now=LATER))
    newest = database.run_now(
        lambda uow: uow.enquiries.open(audience="public", area="exampleshire", reporter_id=None, now=LATER)
    )
    everything = database.run_now(lambda uow: uow.enquiries.list_for_export())
    assert [e.id for e in everything] == [early.id, sent_late.id, late.id, newest.id]
    since = database.run_now(lambda uow: uow.enquiries.list_for_export(LATER))
    assert [e.id for e in since] == [sent_late.id, newest.id]


def test_unknown_enquiry_is_not_found(database: Database) -> None:
    """Nothing is changed by a wrong id in silence."""
    nobody = EnquiryId(new_id())
    for ask in (
        lambda uow: uow.enquiries.get(nobody),
        lambda uow: uow.enquiries.set_audience(nobody, "parent"),
        lambda uow: uow.enquiries.set_status(nobody, "closed", NOW),
    ):
        with pytest.raises(NotFound):
            database.run_now(ask)


def test_person_is_found_by_phone_email_and_surname_with_birthday(database: Database) -> None:
    """A second enquiry about the same child must be seen beside the first."""
    child = database.run_now(
        lambda uow: uow.people.new(
            "child",
            NOW,
            name="Robin Núñez",
            phone="07700 900123",
            email="Robin@example.org",
            date_of_birth="2015-03-14",
        )
    )
    assert database.run_now(lambda uow: uow.people.find_by_phone("+44 7700 900 123")) == [child]
    assert database.run_now(lambda uow: uow.people.find_by_email(" robin@EXAMPLE.org")) == [child]
    assert database.run_now(lambda uow: uow.people.find_by_surname_and_dob("nunez", "2015-03-14")) == [child]
    assert database.run_now(lambda uow: uow.people.find_by_surname_and_dob("nunez", "2015-03-15")) == []
    assert database.run_now(lambda uow: uow.people.find_by_phone("")) == []


def test_person_described_later_is_found_by_the_new_facts_only(database: Database) -> None:
    """A number put right must not keep leading to the wrong person."""
    person = database.run_now(lambda uow: uow.people.new("reporter", NOW, phone="07700 900123"))
    described = database.run_now(
        lambda uow: uow.people.describe(person.id, now=LATER, phone="07700 900124", details={"a": 1})
    )
    assert (described.phone, described.details, described.updated_at) == ("07700 900124", {"a": 1}, LATER)
    assert database.run_now(lambda uow: uow.people.find_by_phone("07700 900123")) == []
    more = database.run_now(lambda uow: uow.people.describe(person.id, now=LATER, phone="", details={"b": 2}))
    assert (more.phone, more.details) == (None, {"a": 1, "b": 2})
    assert database.run_now(lambda uow: uow.people.find_by_phone("07700 900124")) == []


def test_unknown_person_cannot_be_described(database: Database) -> None:
    """A wrong id makes no new person."""
    with pytest.raises(NotFound):
        database.run_now(lambda uow: uow.people.describe(PersonId(new_id()), now=NOW, name="Robin"))


def test_household_lists_its_members(database: Database) -> None:
    """Who lives with the child, and who they are to each other."""
    conversation = database.run_now(begin)

    def build(uow: UnitOfWork) -> None:
        household = uow.households.new(conversation.enquiry_id, NOW)
        uow.enquiries.set_household(conversation.enquiry_id, household)
        uow.households.add(household, uow.people.new("child", NOW, name="Robin").id, "child")
        uow.households.add(household, uow.people.new("adult", NOW, name="Alex").id, "mother")

    database.run_now(build)
    members = database.run_now(lambda uow: uow.households.of_enquiry(conversation.enquiry_id))
    assert [member.relationship for member in members] == ["child", "mother"]


def test_concern_stays_open_until_resolved(database: Database) -> None:
    """The same indicator heard again belongs to the concern already open."""
    conversation = database.run_now(begin)
    enquiry_id = conversation.enquiry_id
    concern = database.run_now(
        lambda uow: concern_about(uow, enquiry_id, conversation_id=conversation.id, source="silence")
    )
    assert database.run_now(lambda uow: uow.concerns.of(enquiry_id)) == [concern]
    database.run_now(lambda uow: uow.concerns.set_status(concern.id, "in_hand"))
    assert database.run_now(lambda uow: uow.concerns.open_for(enquiry_id, "neglect")) is not None
    assert database.run_now(lambda uow: uow.concerns.open_for(enquiry_id, "self_harm")) is None
    database.run_now(lambda uow: uow.concerns.set_status(concern.id, "resolved"))
    assert database.run_now(lambda uow: uow.concerns.open_for(enquiry_id, "neglect")) is None


def test_refusal_is_kept_beside_a_later_agreement(database: Database) -> None:
    """Agreement and refusal are separate facts, each with the words that were shown."""
    conversation = database.run_now(begin)

    def record(uow: UnitOfWork, given: str) -> str:
        consent = uow.consents.record(
            enquiry_id=conversation.enquiry_id,
            person_id=None,
            purpose="talk_to_school",
            given=given,
            wording_id="agree_school",
            wording_version=2,
            wording="Can we talk to the school?",
            at=NOW,
        )
        return consent.id

    refused, agreed = (database.run_now(lambda uow, g=given: record(uow, g)) for given in ("no", "yes"))
    database.run_now(lambda uow: uow.consents.withdraw(agreed, LATER))
    kept = database.run_now(lambda uow: uow.consents.of(conversation.enquiry_id))
    assert [(c.id, c.given, c.withdrawn_at) for c in kept] == [(refused, "no", None), (agreed, "yes", LATER)]
    with pytest.raises(NotFound):
        database.run_now(lambda uow: uow.consents.withdraw(agreed, LATER))


def test_follow_up_is_claimed_once_and_done_once(database: Database) -> None:
    """A check on a worried young person is neither forgotten nor asked by two workers."""
    conversation = database.run_now(begin)
    follow_up = database.run_now(
        lambda uow: uow.follow_ups.add(
            enquiry_id=conversation.enquiry_id,
            conversation_id=conversation.id,
            kind="check_in",
            due_at=LATER,
            now=NOW,
        )
    )

    def claim(uow: UnitOfWork) -> list[str]:
        lease = timedelta(minutes=1)
        return [f.id for f in uow.follow_ups.claim_due(now=LATER, owner="me", lease=lease, limit=5)]

    assert (
        database.run_now(lambda uow: uow.follow_ups.claim_due(now=NOW, owner="me", lease=LATER - NOW, limit=5))
        == []
    )
    assert database.run_now(claim) == [follow_up.id]
    assert database.run_now(claim) == []
    database.run_now(lambda uow: uow.follow_ups.put_off(follow_up.id, due_at=LATER))
    assert database.run_now(claim) == [follow_up.id]
    database.run_now(lambda uow: uow.follow_ups.done(follow_up.id, "asked", LATER))
    assert database.run_now(claim) == []
    with pytest.raises(NotFound):
        database.run_now(lambda uow: uow.follow_ups.done(follow_up.id, "asked", LATER))


def test_two_duty_workers_cannot_share_an_address(database: Database) -> None:
    """One sign-in is one person, however the address is typed."""

    def add(uow: UnitOfWork, email: str) -> None:
        uow.duty_workers.add(name="Alex", email=email, role="duty_worker", now=NOW, telegram="960500")

    database.run_now(lambda uow: add(uow, "alex@example.org"))
    with pytest.raises(UniqueRace) as caught:
        database.run_now(lambda uow: add(uow, "Alex@Example.org"))
    assert "alex" not in str(caught.value).lower()


def test_disabled_duty_worker_is_known_but_not_heard(database: Database) -> None:
    """A leaver is off the same day: no alert can be acknowledged from their phone."""
    worker = database.run_now(
        lambda uow: uow.duty_workers.add(
            name="Alex", email="alex@example.org", role="duty_worker", now=NOW, telegram="960500"
        )
    )
    assert database.run_now(lambda uow: uow.duty_workers.by_telegram("960500")) == worker
    database.run_now(lambda uow: uow.duty_workers.disable(worker.id, LATER))
    assert database.run_now(lambda uow: uow.duty_workers.by_telegram("960500")) is None
    known = database.run_now(lambda uow: uow.duty_workers.by_email("ALEX@example.org"))
    assert known is not None
    assert known.disabled_at == LATER


def _open(uow: UnitOfWork) -> EnquiryRecord:
    return uow.enquiries.open(audience="unknown", area="exampleshire", reporter_id=None, now=NOW)
