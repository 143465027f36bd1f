"""The web chat's JSON: what a client may send, and how an exchange is shown to it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from bot.channels.base import Choice, InboundMessage, MessageKind
from bot.channels.webchat import WEBCHAT
from bot.conversation.base import Exchange, Expects, Shown
from bot.pages.shown import SafetyWords

LONGEST_TEXT = 20_000
Audience = Literal["parent", "young_person", "public", "professional"]


def _mend(value: object) -> object:
    """Replace half letters (lone surrogates): no store can hold them, and the rest must not be lost."""
    if not isinstance(value, str):
        return value
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


Typed = Annotated[str, BeforeValidator(_mend)]
ChoiceId = Annotated[str, BeforeValidator(_mend), Field(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]


class NewConversation(BaseModel):
    """How a conversation begins."""

    audience: Audience | None = None
    language: str | None = Field(default=None, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$")


class NewMessage(BaseModel):
    """One message from the person."""

    id: str = Field(pattern=r"^[!-~]{1,64}$", description="the sender's own id: sent again, handled once")
    text: Typed | None = Field(default=None, description=f"up to {LONGEST_TEXT} characters")
    choice: ChoiceId | None = Field(default=None, description="the id of the choice or control they tapped")
    choices: list[ChoiceId] | None = Field(default=None, max_length=64, description="where several may be chosen")
    prompt: int | None = Field(
        default=None, ge=0, lt=2**53, description="the number of the question answered, if known"
    )

    @property
    def is_empty(self) -> bool:
        return not (self.text or "").strip() and self.choice is None and self.choices is None

    @property
    def is_too_long(self) -> bool:
        return len(self.text or "") > LONGEST_TEXT

    def to_inbound(self, conversation: str, received_at: datetime, channel: str = WEBCHAT) -> InboundMessage:
        tapped = self.choice is not None or self.choices is not None
        return InboundMessage(
            channel=channel,
            address=conversation,
            external_id=self.id,
            received_at=received_at,
            kind=MessageKind.CHOICE if tapped else MessageKind.TEXT,
            text=self.text or "",
            choice=self.choice,
            choices=None if self.choices is None else tuple(self.choices),
            prompt=self.prompt,
        )


class ChoiceOut(BaseModel):
    id: str
    label: str
    chosen: bool = False


class LinkOut(BaseModel):
    href: str
    label: str


class MessageOut(BaseModel):
    """One message, ours or (when reading back) theirs."""

    model_config = ConfigDict(populate_by_name=True)

    id: str
    sequence: int
    from_: Literal["bot", "worker", "person"] = Field(alias="from")
    text: str
    sent_at: str
    urgent: bool = False
    choices: list[ChoiceOut] = []
    controls: list[ChoiceOut] = []
    multiple: bool = False
    prompt: int | None = None
    link: LinkOut | None = None


class ExpectsOut(BaseModel):
    """What the next message is expected to be."""

    flow: str
    step: str
    field: str
    kind: str
    hint: str
    choices: list[ChoiceOut]
    controls: list[ChoiceOut]
    multiple: bool
    optional: bool
    can_go_back: bool
    finished: bool
    with_worker: bool
    prompt: int | None


class ExchangeOut(BaseModel):
    conversation: str
    messages: list[MessageOut]
    expects: ExpectsOut
    closed: bool = Field(default=False, description="the chat is over, and its token opens it no more")


class BegunOut(ExchangeOut):
    token: str


class ErrorBody(BaseModel):
    code: str
    message: str


class ErrorOut(BaseModel):
    error: ErrorBody


def choices_out(choices: Iterable[Choice]) -> list[dict[str, Any]]:
    return [{"id": c.id, "label": c.label} | ({"chosen": True} if c.chosen else {}) for c in choices]


def message_out(shown: Shown, safety: SafetyWords) -> dict[str, Any]:
    out: dict[str, Any] = {
        "id": shown.id,
        "sequence": shown.sequence,
        "from": shown.speaker,
        "text": shown.text,
        "sent_at": shown.sent_at.isoformat(),
    }
    if shown.speaker == "bot" and safety.are_in(shown.text):
        out["urgent"] = True
    if shown.choices:
        out["choices"] = choices_out(shown.choices)
    if shown.controls:
        out["controls"] = choices_out(shown.controls)
    if shown.multiple:
        out["multiple"] = True
    if shown.prompt is not None:
        out["prompt"] = shown.prompt
    if shown.link:
        out["link"] = {"href": shown.link, "label": shown.link_label}
    return out


def expects_out(expects: Expects) -> dict[str, Any]:
    return {
        "flow": expects.flow,
        "step": expects.step,
        "field": expects.field,
        "kind": expects.kind,
        "hint": expects.hint,
        "choices": choices_out(expects.choices),
        "controls": choices_out(expects.controls),
        "multiple": expects.multiple,
        "optional": expects.optional,
        "can_go_back": expects.can_go_back,
        "finished": expects.finished,
        "with_worker": expects.with_worker,
        "prompt": expects.prompt,
    }


def exchange_out(exchange: Exchange, safety: SafetyWords, *, both_sides: bool = False) -> dict[str, Any]:
    """Show an exchange; `both_sides` also gives back what the person said."""
    messages = [m for m in exchange.messages if both_sides or m.speaker != "person"]
    return {
        "conversation": exchange.conversation,
        "messages": [message_out(message, safety) for message in messages],
        "expects": expects_out(exchange.expects),
        "closed": exchange.closed,
    }
