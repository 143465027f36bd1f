"""One unit of work: every noun's queries, in one transaction that whoever runs it commits."""

from __future__ import annotations

from sqlalchemy import Connection

from storage.answers import Answers
from storage.audit import Audit
from storage.concerns import Concerns
from storage.consents import Consents
from storage.conversations import Conversations
from storage.duty_workers import DutyWorkers
from storage.enquiries import Enquiries
from storage.flow_versions import FlowVersions
from storage.follow_ups import FollowUps
from storage.households import Households
from storage.outbox import Outbox
from storage.people import People
from storage.sealed import Keyring
from storage.turns import Turns


class UnitOfWork:
    """Handed to a unit by `Database.run`. Of no use once the unit has returned: return values, not this."""

    __slots__ = (
        "answers",
        "audit",
        "concerns",
        "connection",
        "consents",
        "conversations",
        "duty_workers",
        "enquiries",
        "flow_versions",
        "follow_ups",
        "households",
        "outbox",
        "people",
        "turns",
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
        self.consents = Consents(connection, keyring)
        self.flow_versions = FlowVersions(connection, keyring)
        self.follow_ups = FollowUps(connection, keyring)
        self.outbox = Outbox(connection, keyring)
        self.duty_workers = DutyWorkers(connection, keyring)
        self.audit = Audit(connection, keyring)
