"""What a flow file may say. The JSON Schema that editors complete from is made from these classes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import product
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from flows.conditions import Audience, ConcernLevel, Condition, Depth

Kind = Literal[
    "choice", "choices", "yes_no", "text", "long_text", "name", "date", "age", "number",
    "phone", "email", "postcode", "address", "consent", "file", "check",
]  # fmt: skip

Words: TypeAlias = str | dict[Audience | Literal["other", "desk"], str]
"""Words people read: one text, or one for each audience with `other` for the rest. `desk` is for a worker who
writes down a call or a visit, whoever rang or came.
"""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def ways_of(written: str) -> list[str]:
    """Return every way to say words of which some are written `a/b`."""
    places = [place.split("/") for place in written.split()]
    return [" ".join(" ".join(said).replace("_", " ").split()) for said in product(*places)]


class Option(_Part):
    """One answer to choose."""

    id: str = Field(pattern=r"^[A-Za-z0-9_]{1,40}$", description="what is stored; a code of the domain's lists")
    label: Words
    also: list[str] = Field(default=[], description="other words that mean this answer")
    whole: list[str] = Field(
        default=[],
        description="words that mean this answer where nothing else is said: `a/b` for either word, `/a` for one "
        "or none, `_` for a space within one",
    )
    by: list[Literal["mobile", "voice"]] = Field(
        default=[], description="what carries it: whoever holds the mobile, or is near the voice, has it too"
    )
    ages: tuple[int, int] | None = Field(default=None, description="of people of this age: first and last year")
    when: Condition | None = None

    @field_validator("whole")
    @classmethod
    def _each_way(cls, whole: list[str]) -> list[str]:
        return [way for written in whole for way in ways_of(written)]


class Raise(_Part):
    """A worry that an answer to this question raises."""

    when: Condition
    indicator: str = Field(description="an id of safeguarding-indicators.yaml, or `danger_answer`, `cannot_talk`")
    urgency: ConcernLevel
    why: str = Field(description="for the worker: what the person answered to what")
    say: str = Field(default="", description="id of the fixed words said at once; empty where the flow says them")


class Ask(_Part):
    """One question, stored under a field of the catalogue."""

    ask: str = Field(description="the field's id in enquiry-fields.yaml")
    id: str = Field(default="", pattern=r"^[a-z0-9_]*$", description="only where a field is asked twice")
    kind: Kind
    words: Words
    hint: Words = ""
    label: Words = Field(default="", description="short name for check-your-answers; the field's id if empty")
    help: Words = Field(default="", description="said when they ask for help or cannot be read twice")
    errors: dict[str, str] = Field(default={}, description="own words for an error id of flows/reading")
    options: list[Option] = []
    optional: bool = True
    not_known: bool = Field(default=True, description="offer `I do not know` as a quiet button")
    or_age: bool = False
    or_text: bool = False
    in_words: bool = Field(
        default=False, description="a bare yes or no, or what is said to us, is no answer: it is asked once more"
    )
    leave: list[str] = Field(
        default=[], description="ids of the options that let us do something: read only where plainly meant"
    )
    past: bool | None = None
    minimum: int | None = None
    maximum: int | None = None
    when: Condition | None = None
    depth: Depth | None = Field(default=None, description="`full`: asked only when they chose the fuller set")
    raises: list[Raise] = []
    unreadable_as: str = Field(
        default="", description="the answer taken when it cannot be read twice; for danger it must raise attention"
    )
    consent: str = Field(default="", description="the purpose this answer agrees to or refuses")
    sets: Literal["", "audience", "depth", "language"] = ""
    maps: dict[str, str] = Field(default={}, description="from the answer's value to what `sets` takes")
    check: bool = Field(default=True, description="shown in check-your-answers")

    @property
    def name(self) -> str:
        return self.id or self.ask

    @model_validator(mode="after")
    def _sound(self) -> Ask:
        if self.kind in ("choice", "choices", "yes_no", "consent") and not self.options:
            raise ValueError(f"{self.name}: a {self.kind} question needs options")
        ids = [o.id for o in self.options]
        if len(ids) != len(set(ids)):
            raise ValueError(f"{self.name}: the same option id twice")
        if self.unreadable_as and self.unreadable_as not in ids:
            raise ValueError(f"{self.name}: unreadable_as is not one of its options")
        if not set(self.leave) <= set(ids):
            raise ValueError(f"{self.name}: leave names an option that it does not have")
        return self


class Say(_Part):
    """Fixed words, said once."""

    say: str = Field(description="id in words.yaml")
    records: str = Field(default="", description="the purpose under which it is on the record that this was shown")
    when: Condition | None = None
    depth: Depth | None = None

    @property
    def name(self) -> str:
        return f"say_{self.say}"


class Use(_Part):
    """Another flow, played here as a part of this one."""

    use: str
    when: Condition | None = None
    depth: Depth | None = None


class Each(_Part):
    """The same questions for each of several: every child, every adult."""

    each: str = Field(description="the name of the group; answers are kept under it")
    steps: list[Step] = Field(min_length=1)
    more: Ask = Field(description="asks whether there is another; `yes` begins the next")
    most: int = Field(default=12, ge=1, le=30, description="after so many we stop asking")
    when: Condition | None = None
    depth: Depth | None = None


class Finish(_Part):
    """The end of the way: sent to the duty team, handed to a person, or paused until it is safe."""

    finish: Literal["submit", "handover", "pause"]
    say: list[str] = Field(default=[], description="ids of the words said at the end, in order")
    when: Condition | None = None

    @property
    def name(self) -> str:
        return f"finish_{self.finish}"


Step: TypeAlias = Annotated[Ask | Say | Use | Each | Finish, Field(union_mode="left_to_right")]


class FlowFile(_Part):
    """One YAML file under flows/definitions."""

    flow: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str = Field(description="for staff and the drawing")
    version: int = Field(ge=1, description="raise it with each change of meaning")
    audience: Audience = "unknown"
    part: bool = Field(default=False, description="a shared part: only used inside other flows")
    steps: list[Step] = Field(min_length=1)


Each.model_rebuild()
FlowFile.model_rebuild()


class Section(_Part):
    """A flow used inside another, with its steps in place."""

    section: str
    title: str
    steps: list[Node]
    when: Condition | None = None
    depth: Depth | None = None


class Group(_Part):
    """An `each`, with its steps in place."""

    group: str
    steps: list[Node]
    more: Ask
    most: int
    when: Condition | None = None
    depth: Depth | None = None


Node: TypeAlias = Annotated[Ask | Say | Section | Group | Finish, Field(union_mode="left_to_right")]
Section.model_rebuild()
Group.model_rebuild()


class Flow(_Part):
    """A whole flow with every part in place: what the engine plays and what a conversation is pinned to."""

    flow: str
    title: str
    version: int
    audience: Audience
    steps: list[Node]

    def asks(self) -> Iterator[Ask]:
        """Every question anywhere in the flow, `more` questions among them."""
        yield from _asks(self.steps)

    @cached_property
    def turning_points(self) -> frozenset[str]:
        """Names of questions whose answers can change the path: those that conditions look at, and what is set."""
        names = set(_ANSWER_LOOKED_AT.findall(self.model_dump_json(by_alias=True)))
        names.update(ask.name for ask in self.asks() if ask.sets or ask.raises)
        return frozenset(names | set(_mores(self.steps)))


_ANSWER_LOOKED_AT = re.compile(r'"answer":"(\w+)"')


def _mores(nodes: list[Node]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, Section | Group):
            yield from _mores(node.steps)
        if isinstance(node, Group):
            yield node.more.name


def _asks(nodes: list[Node]) -> Iterator[Ask]:
    for node in nodes:
        match node:
            case Ask():
                yield node
            case Section():
                yield from _asks(node.steps)
            case Group():
                yield from _asks(node.steps)
                yield node.more
            case _:
                pass


Section.model_rebuild()
Group.model_rebuild()
Flow.model_rebuild()


def every_wording(words: Words) -> list[str]:
    """Return the text, or that of each audience."""
    return [words] if isinstance(words, str) else list(words.values())


def in_words(words: Words, audience: str) -> str:
    """Return the text for one audience; `other` or the first where it has none of its own."""
    if isinstance(words, str):
        return words
    by_name: dict[str, str] = {str(k): v for k, v in words.items()}
    return by_name.get(audience) or by_name.get("other") or next(iter(by_name.values()), "")
