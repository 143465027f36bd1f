"""The front door as one process has it, with a recording channel in place of the outside network only."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache, partial
from itertools import count
from pathlib import Path
from typing import Any

from bot.channels.base import Attachment, Channel, InboundMessage, MessageKind, OutboundMessage, Receipt
from bot.channels.webchat import Hub, WebChatChannel
from bot.clock import Clock, SteppedClock
from bot.conversation.house import House
from bot.conversation.routing import FlowShelf
from bot.conversation.speaking import outbound
from bot.conversation.turn import Line
from bot.followups.given_up import on_given_up
from bot.followups.registry import promises
from bot.outbox.dispatcher import Dispatcher, owner_name
from bot.safeguarding.alerts import Alerts, on_failure
from bot.safeguarding.doorbell import DutyDoorbell
from bot.safeguarding.screening import Screener
from bot.understanding import build_screener, build_understander
from flows.area import Area
from flows.catalog import Catalog
from flows.loader import DEFINITIONS, load_area, load_catalog, load_wording
from flows.model import Flow
from flows.wording import Wording
from nlu.base import Understander
from nlu.embedded import EmbeddedUnderstander
from storage.conversations import ConversationRecord
from storage.database import Database
from storage.enquiries import EnquiryRecord
from storage.outbox import OutboxRecord
from storage.turns import TurnRecord
from tests.flows.playing import front_door

DUTY = "-8000099"
CHANNEL = "telegram"
A_BUSY_MACHINE = timedelta(minutes=2)
"""Waited for where how fast the machine is is not what is tested."""


class Outside:
    """What a channel shows people, and how it fails when told to. Outlives any one process."""

    name = CHANNEL

    def __init__(self) -> None:
        self.sent: list[OutboundMessage] = []
        self.tried: list[OutboundMessage] = []
        self.cleared: list[tuple[str, tuple[str, ...]]] = []
        self.typing: list[str] = []
        self.fails: deque[Exception] = deque()
        self.fails_at: dict[str, Exception] = {}
        self.breaks_clearing: Exception | None = None
        self._refs = count(1)

    async def send(self, message: OutboundMessage) -> Receipt:
        self.tried.append(message)
        await asyncio.sleep(0)
        if message.address in self.fails_at:
            raise self.fails_at[message.address]
        if self.fails:
            raise self.fails.popleft()
        self.sent.append(message)
        return Receipt((f"r{next(self._refs)}",))

    async def show_typing(self, address: str) -> None:
        self.typing.append(address)

    async def clear(self, address: str, refs: tuple[str, ...]) -> int:
        if self.breaks_clearing is not None:
            raise self.breaks_clearing
        self.cleared.append((address, refs))
        return len(refs)

    def to(self, address: str) -> list[OutboundMessage]:
        return [m for m in self.sent if m.address == address]

    @property
    def duty(self) -> list[str]:
        return [m.text for m in self.to(DUTY)]


NO_MODELS = Path("no-models")
"""Most of these tests hear by phrases alone: what they tell must not change with what a new model hears, and
a process need not load the models. Whole conversations are played with what ships (tests/transcripts, tests/rasa).
"""


@cache
def parts() -> tuple[Area, Wording, Catalog, Screener, Understander]:
    """Read the definitions once: they do not change while the tests run."""
    catalog = load_catalog()
    area = load_area(DEFINITIONS / "areas" / "exampleshire.yaml")
    screener = build_screener(catalog, models=NO_MODELS)
    return area, load_wording(), catalog, screener, build_understander(catalog, models=NO_MODELS)


@cache
def as_it_ships() -> Screener:
    """Every view of danger, with the trained files; loaded once for the process."""
    return build_screener(load_catalog())


@cache
def without_files() -> Understander:
    """What understands where not one file of a model is there."""
    rows = load_catalog().lists["need_categories"].rows
    needs = [(row["code"], row["label"], row["plain_words"]) for row in rows]
    return EmbeddedUnderstander.load(NO_MODELS, needs=needs, encoders=[])


@dataclass
class Front:
    """One process on one database."""

    database: Database
    outside: Outside
    line: Line
    dispatcher: Dispatcher
    house: House
    hub: Hub
    alerts: Alerts

    async def settle(self) -> None:
        """Answer what was taken up, and send what it led to, what duty workers are told among it."""
        await self.line.settle()
        await self.dispatcher.settle()
        while await self.dispatcher.tick():
            await self.dispatcher.settle()

    async def accept(self, *messages: InboundMessage) -> None:
        await self.line.accept(messages)
        await self.settle()

    # What is kept

    def conversation(self, address: str, channel: str = CHANNEL) -> ConversationRecord:
        found = self.database.run_now(lambda uow: uow.conversations.find(channel, address))
        assert found is not None
        return found

    def turns(self, conversation: ConversationRecord | str) -> list[TurnRecord]:
        wanted: Any = conversation if isinstance(conversation, str) else conversation.id
        return self.database.run_now(lambda uow: uow.turns.of(wanted))

    def rows(self, conversation: ConversationRecord) -> list[OutboxRecord]:
        return self.database.run_now(lambda uow: uow.outbox.of_conversation(conversation.id, limit=1000))

    def enquiry(self, conversation: ConversationRecord) -> EnquiryRecord:
        return self.database.run_now(lambda uow: uow.enquiries.get(conversation.enquiry_id))

    def answers(self, conversation: ConversationRecord) -> dict[str, Any]:
        now = self.database.run_now(lambda uow: uow.answers.current(conversation.enquiry_id))
        return {a.key: a.value for a in now}

    def concerns(self, conversation: ConversationRecord) -> list[tuple[str, str]]:
        found = self.database.run_now(lambda uow: uow.concerns.of(conversation.enquiry_id))
        return [(c.indicator, c.urgency.value) for c in found]

    def count(self, table: str) -> int:
        return self.database.run_now(
            lambda uow: int(uow.connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())
        )


def build_front(
    database: Database,
    *,
    clock: Clock,
    outside: Outside | None = None,
    flow: Flow | None = None,
    understander: Understander | None = None,
    screener: Screener | None = None,
    owner: str = "",
    area: Area | None = None,
    others: dict[str, Channel] | None = None,
    **line: Any,
) -> Front:
    """Put one process together, as `bot.app` does."""
    outside = outside or Outside()
    usual_area, wording, catalog, usual_screener, usual_understander = parts()
    area = area or usual_area
    owner, lease, hub = owner or owner_name(), timedelta(seconds=20), Hub()
    channels: dict[str, Channel] = {outside.name: outside, WebChatChannel.name: WebChatChannel(hub)}
    channels.update(others or {})
    ways = frozenset({"telegram", "sms", "email"} & channels.keys())
    doorbell = DutyDoorbell(CHANNEL, DUTY, wording, dict(catalog.indicators), owner, lease, area, ways)
    house = House(
        area=area,
        wording=wording,
        catalog=catalog,
        shelf=FlowShelf(flow or front_door()),
        doorbell=doorbell,
        owner=owner,
        lease=lease,
    )
    dispatcher = Dispatcher(
        database=database,
        channels=channels,
        read=outbound,
        clock=clock,
        owner=owner,
        lease=lease,
        on_failure=partial(on_failure, doorbell),
        on_given_up=partial(on_given_up, house),
    )
    alerts = Alerts(database=database, doorbell=doorbell, dispatcher=dispatcher, clock=clock)
    made = Line(
        database=database,
        house=house,
        screener=screener or usual_screener,
        understander=understander or usual_understander,
        dispatcher=dispatcher,
        clock=clock,
        channels=channels,
        **{"promises": promises(), "patience": A_BUSY_MACHINE, "looked_up_within": A_BUSY_MACHINE, **line},
    )
    return Front(database, outside, made, dispatcher, house, hub, alerts)


@dataclass
class Sender:
    """One made-up person on the recording channel, and what they would see of it."""

    outside: Outside
    clock: SteppedClock
    address: str = "960001"
    _numbers: Any = field(default_factory=lambda: count(1))

    def says(self, text: str, **more: Any) -> InboundMessage:
        number = next(self._numbers)
        values: dict[str, Any] = {
            "channel": CHANNEL,
            "address": self.address,
            "external_id": f"m{self.address}-{number}",
            "received_at": self.clock.now(),
            "text": text,
            "order": number,
            "language": "en",
            "ref": f"t{number}",
        }
        return InboundMessage(**{**values, **more})

    def starts(self, payload: str = "") -> InboundMessage:
        return self.says(f"/start {payload}".strip(), kind=MessageKind.START, payload=payload)

    def taps(self, label_or_id: str, **more: Any) -> InboundMessage:
        """Press a button of the newest message that has it; a control's or an interrupt's id needs none."""
        for shown in reversed(self.seen):
            for button in (*shown.choices, *shown.controls):
                if label_or_id in (button.id, button.label):
                    prompt = more.pop("prompt", shown.prompt)
                    return self.presses(button.id, prompt=prompt, text=button.label, **more)
        return self.presses(label_or_id, **more)

    def presses(self, choice: str, **more: Any) -> InboundMessage:
        return self.says(more.pop("text", ""), kind=MessageKind.CHOICE, choice=choice, **more)

    def ticks(self, choices: tuple[str, ...], **more: Any) -> InboundMessage:
        return self.says("", kind=MessageKind.CHOICE, choices=choices, **more)

    def sends(self, kind: MessageKind, caption: str = "", **data: str) -> InboundMessage:
        return self.says(caption, kind=kind, attachment=Attachment(kind, reference="ref", data=data))

    def edits(self, message: InboundMessage, text: str) -> InboundMessage:
        return self.says(text, kind=MessageKind.EDIT, edits=message.external_id)

    @property
    def seen(self) -> Sequence[OutboundMessage]:
        return self.outside.to(self.address)

    @property
    def last(self) -> OutboundMessage:
        return self.seen[-1]

    @property
    def words(self) -> str:
        return "\n".join(m.text for m in self.seen)
