"""One unit of work: every noun's queries, in one transaction that whoever runs it commits."""

from __future__ import annotations

from sqlalchemy import Connection

from storage.alerts import Alerts
from storage.answers import Answers
from storage.audit import Audit
from storage.broken_glass import BrokenGlass
from storage.call_backs import CallBacks
from storage.campaigns import Campaigns
from storage.concerns import Concerns
from storage.consents import Consents
from storage.conversations import Conversations
from storage.decisions import Decisions
from storage.desk_sessions import DeskSessions
from storage.due import Due
from storage.duty_workers import DutyWorkers
from storage.enquiries import Enquiries
from storage.enquiry_keys import EnquiryKeys
from storage.figures import Figures
from storage.flow_versions import FlowVersions
from storage.follow_ups import FollowUps
from storage.handoffs import Handoffs
from storage.holds import Holds
from storage.households import Households
from storage.incidents import Incidents
from storage.legal_holds import LegalHolds
from storage.notes import Notes
from storage.opinions import Opinions
from storage.outbox import Outbox
from storage.pass_ons import PassOns
from storage.people import People
from storage.presence import Presences
from storage.queue import Queue
from storage.recordings import Recordings
from storage.sealed import Keyring
from storage.shifts import Shifts
from storage.turns import Turns
from storage.typing import TypingSigns


class UnitOfWork:
    """Handed to a unit by `Database.run`. Of no use once the unit has returned: return values, not this."""

    __slots__ = (
        "alerts",
        "answers",
        "audit",
        "broken_glass",
        "call_backs",
        "campaigns",
        "concerns",
        "connection",
        "consents",
        "conversations",
        "decisions",
        "desk_sessions",
        "due",
        "duty_workers",
        "enquiries",
        "enquiry_keys",
        "figures",
        "flow_versions",
        "follow_ups",
        "handoffs",
        "holds",
        "households",
        "incidents",
        "legal_holds",
        "notes",
        "opinions",
        "outbox",
        "pass_ons",
        "people",
        "presences",
        "queue",
        "recordings",
        "shifts",
        "turns",
        "typing",
    )

    def __init__(self, connection: Connection, keyring: Keyring) -> None:
        self.connection = connection
        self.people = People(connection, keyring)
        self.households = Households(connection, keyring)
        self.enquiries = Enquiries(connection, keyring)
        self.conversations = Conversations(connection, keyring)
        self.turns = Turns(connection, keyring)
        self.answers = Answers(connection, keyring)
        self.concerns = Concerns(connection, keyring)
        self.alerts = Alerts(connection, keyring)
        self.incidents = Incidents(connection, keyring)
        self.consents = Consents(connection, keyring)
        self.flow_versions = FlowVersions(connection, keyring)
        self.follow_ups = FollowUps(connection, keyring)
        self.due = Due(connection, keyring)
        self.outbox = Outbox(connection, keyring)
        self.duty_workers = DutyWorkers(connection, keyring)
        self.shifts = Shifts(connection, keyring)
        self.desk_sessions = DeskSessions(connection, keyring)
        self.broken_glass = BrokenGlass(connection, keyring)
        self.call_backs = CallBacks(connection, keyring)
        self.campaigns = Campaigns(connection, keyring)
        self.opinions = Opinions(connection, keyring)
        self.queue = Queue(connection, keyring)
        self.notes = Notes(connection, keyring)
        self.handoffs = Handoffs(connection, keyring)
        self.holds = Holds(connection, keyring)
        self.legal_holds = LegalHolds(connection, keyring)
        self.decisions = Decisions(connection, keyring)
        self.pass_ons = PassOns(connection, keyring)
        self.recordings = Recordings(connection, keyring)
        self.figures = Figures(connection, keyring)
        self.typing = TypingSigns(connection, keyring)
        self.presences = Presences(connection, keyring)
        self.enquiry_keys = EnquiryKeys(connection, keyring)
        self.audit = Audit(connection, keyring)
