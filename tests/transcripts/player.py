"""Plays a conversation from a file: every turn in a new process, on the database the last one left.

What was said just before is in a process's memory only: `OneMemory` plays as one process that goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.channels.base import InboundMessage, MessageKind
from bot.clock import SteppedClock
from bot.conversation.base import Expects
from bot.followups.due import FollowUps
from bot.followups.registry import handlings
from bot.safeguarding.hearing import Hearing
from bot.safeguarding.screening import Screener
from flows.loader import read_yaml
from nlu.base import Understander
from storage.conversations import ConversationStatus
from storage.database import Database
from storage.repository import NotFound
from tests.conversation.front import DUTY, Front, Outside, Sender, build_front

HERE = Path(__file__).parent
MONDAY_MORNING = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
MOST_STEPS = 150
A_MOMENT = timedelta(seconds=30)
MOST_BELLS = 300

ACTS = frozenset({"start", "say", "tap", "press", "edit", "send", "again", "press_again", "until", "wait", "pass"})
EXPECTED = frozenset({"hears", "never", "asks", "duty", "silent", "clears", "with", "caption", "data"})
AT_THE_END = frozenset(
    {"submitted", "status", "answers", "not_answered", "concerns", "audience", "urgency", "kept", "changed"}
)


@dataclass(frozen=True, slots=True)
class Ears:
    """What hears and understands in a played conversation."""

    screener: Screener
    understander: Understander


def stories() -> list[Path]:
    return sorted(HERE.glob("*.yaml"))


def is_of_hints(story: Path) -> bool:
    """Some conversations tell of danger in words that give no phrase away: only trained ears hear those."""
    return read_yaml(story).get("ears") == "trained"


class Player:
    """One person, one file."""

    def __init__(
        self,
        open_database: Callable[[], Database],
        close_database: Callable[[Database], None],
        address: str,
        ears: Ears | None = None,
        **line: Any,
    ) -> None:
        self._open, self._close, self._line = open_database, close_database, line
        if ears is not None:
            self._line |= {"screener": ears.screener, "understander": ears.understander}
        self._outside = Outside()
        self._clock = SteppedClock(MONDAY_MORNING)
        self._person = Sender(self._outside, self._clock, address)
        self._sent: list[InboundMessage] = []
        self._pressed: InboundMessage | None = None

    async def play(self, path: Path) -> None:
        story: Mapping[str, Any] = read_yaml(path)
        assert set(story) <= {"title", "ears", "at", "turns", "then"}, f"{path.name}: {set(story)}"
        self._clock.tick(datetime.fromisoformat(story.get("at", MONDAY_MORNING.isoformat())) - MONDAY_MORNING)
        for number, turn in enumerate(story["turns"], 1):
            where = f"{path.name}, turn {number} {dict(turn)}"
            assert len(set(turn) & ACTS) == 1, where
            assert set(turn) <= ACTS | EXPECTED, where
            if "wait" in turn:
                self._clock.tick(timedelta(minutes=turn["wait"]))
            elif "pass" in turn:
                await self._pass(turn, where)
            elif "until" in turn:
                await self._until(turn["until"], turn.get("with", {}), where)
            else:
                await self._turn(turn, where)
        await self._check_the_end(story.get("then", {}), path.name)

    async def _turn(self, turn: Mapping[str, Any], where: str) -> None:
        front = self._front()
        try:
            await self._hear(self._message(turn), turn, where, front)
        finally:
            self._close(front.database)

    async def _hear(self, message: InboundMessage, turn: Mapping[str, Any], where: str, front: Front) -> None:
        self._clock.tick(20)
        before, cleared = len(self._outside.sent), len(self._outside.cleared)
        self._sent.append(message)
        await front.accept(message)
        expects = await self._expects(front)
        new = self._outside.sent[before:]
        mine = [m.text for m in new if m.address == self._person.address]
        duty = [m.text for m in new if m.address == DUTY]
        assert bool(mine) is not bool(turn.get("silent")), f"{where}: said {mine}"
        _check(mine, turn, where)
        if "asks" in turn:
            assert expects.step.rsplit(".", 1)[-1] == str(turn["asks"]), f"{where}: asks {expects.step}; {mine}"
        if "duty" in turn:
            assert len(duty) == len(turn["duty"]), f"{where}: duty workers were told {duty}"
            for wanted, told in zip(turn["duty"], duty, strict=True):
                assert wanted in told, f"{where}: duty workers were told {told}"
        if "clears" in turn:
            assert (len(self._outside.cleared) > cleared) is turn["clears"], where

    async def _pass(self, turn: Mapping[str, Any], where: str) -> None:
        """Let so many minutes pass, with the bells of what was promised ringing as they are due.

        In a few hundred steps at most: other people of this database have promises of their own.
        """
        front = self._front()
        follow_ups = FollowUps(
            database=front.database,
            house=front.house,
            handlings=handlings(),
            dispatcher=front.dispatcher,
            clock=self._clock,
        )
        much = timedelta(minutes=turn["pass"])
        before, end = len(self._outside.sent), self._clock.now() + much
        step = max(A_MOMENT, much / MOST_BELLS)
        try:
            while self._clock.now() < end:
                upcoming = front.database.run_now(lambda uow: uow.follow_ups.next_due_at()) or end
                self._clock.tick(min(max(upcoming, self._clock.now() + step), end) - self._clock.now())
                await follow_ups.tick()
                await front.settle()
        finally:
            self._close(front.database)
        new = self._outside.sent[before:]
        mine = [m.text for m in new if m.address == self._person.address]
        assert bool(mine) is not bool(turn.get("silent")), f"{where}: said {mine}"
        _check(mine, turn, where)
        for wanted in turn.get("duty", []):  # other people of this database may have promises too
            assert any(wanted in m.text for m in new if m.address == DUTY), f"{where}: {wanted!r} was not told"

    async def _until(self, step: str, replies: Mapping[str, Any], where: str) -> None:
        """Answer each question with its reply here, or pass it over, until `step` is asked."""
        counts: dict[str, int] = {}
        front = self._front()
        try:
            await self._until_asked(front, step, replies, counts, where)
        finally:
            self._close(front.database)

    async def _until_asked(
        self, front: Front, step: str, replies: Mapping[str, Any], counts: dict[str, int], where: str
    ) -> None:
        for _ in range(MOST_STEPS):
            expects = await self._expects(front)
            name = expects.step.rsplit(".", 1)[-1]
            if name == step:
                return
            said = replies.get(name, "skip" if expects.optional else "no")
            if isinstance(said, list):
                said = said[counts.get(name, 0)]
            counts[name] = counts.get(name, 0) + 1
            await self._hear(self._person.says(str(said)), {}, f"{where} at {name}", front)
        raise AssertionError(f"{where}: {step} was never asked")

    def _message(self, turn: Mapping[str, Any]) -> InboundMessage:
        person = self._person
        if "start" in turn:
            return person.starts(str(turn["start"] or ""))
        if "say" in turn:
            return person.says(str(turn["say"]))
        if "tap" in turn:
            self._pressed = person.taps(str(turn["tap"]))
            return self._pressed
        if "press" in turn:
            return person.presses(str(turn["press"]))
        if "edit" in turn:
            said = next(m for m in reversed(self._sent) if m.kind is MessageKind.TEXT)
            return person.edits(said, str(turn["edit"]))
        if "again" in turn:
            return self._sent[-1]
        if "press_again" in turn:
            return self._old_press(str(turn["press_again"]))
        data = {k: str(v) for k, v in turn.get("data", {}).items()}
        return person.sends(MessageKind(turn["send"]), str(turn.get("caption", "")), **data)

    def _old_press(self, choice: str) -> InboundMessage:
        """Press a button of the first message that had it, however long ago that was."""
        for shown in self._person.seen:
            if choice in [c.id for c in shown.choices]:
                return self._person.presses(choice, prompt=shown.prompt)
        raise AssertionError(f"no message had {choice}")

    def _front(self) -> Front:
        return build_front(self._open(), clock=self._clock, outside=self._outside, **self._line)

    async def _expects(self, front: Front) -> Expects:
        found = front.database.run_now(lambda uow: uow.conversations.find("telegram", self._person.address))
        if found is None:
            return Expects(finished=True)
        return await front.database.run(lambda uow: front.line._expects(uow, found.id))

    async def _check_the_end(self, then: Mapping[str, Any], name: str) -> None:
        assert set(then) <= AT_THE_END, f"{name}: {set(then)}"
        front = self._front()
        try:
            self._check_kept(front, then, name)
        finally:
            self._close(front.database)

    def _check_kept(self, front: Front, then: Mapping[str, Any], name: str) -> None:
        conversation = front.conversation(self._person.address)
        enquiry, answers = front.enquiry(conversation), front.answers(conversation)
        turns = front.turns(conversation)
        assert all(t.handled_at for t in turns), f"{name}: a turn was not answered"
        found: dict[str, Any] = {
            "submitted": enquiry.submitted_at is not None,
            "status": ConversationStatus(conversation.status).value,
            "audience": enquiry.audience.value,
            "urgency": enquiry.urgency.value,
            "concerns": [list(c) for c in front.concerns(conversation)],
        }
        for key in found.keys() & then.keys():
            assert found[key] == then[key], f"{name}: {key} is {found[key]}"
        for key, wanted in then.get("answers", {}).items():
            assert key in answers, f"{name}: {key} is not answered; {sorted(answers)}"
            value = answers[key]
            got = value["value"] if value["is"] == "given" else value["is"]
            assert got == wanted or str(got) == str(wanted), f"{name}: {key} is {value}"
        for key in then.get("not_answered", []):
            assert key not in answers, f"{name}: {key} stands"
        if "changed" in then:
            try:
                summary = enquiry.summary or {}
            except NotFound:
                summary = {}
            assert summary.get("changed") == then["changed"], f"{name}: changed {summary.get('changed')}"
        words = [t.words for t in turns]
        for kept in then.get("kept", []):
            assert kept in words, f"{name}: {kept!r} is not among {words}"
        typed = [m.text for m in self._sent if m.kind in (MessageKind.TEXT, MessageKind.EDIT)]
        unique = dict.fromkeys(m.external_id for m in self._sent)
        assert enquiry.submitted_at is None or len(turns) <= len(unique)
        if conversation.created_at < self._sent[0].received_at + timedelta(minutes=1):
            assert set(typed) <= set(words), f"{name}: words were lost"


class OneMemory(Player):
    """Plays as one process hears it, which joins what is typed in pieces, answers of many turns among it."""

    _hearing: Hearing | None = None

    def _front(self) -> Front:
        front = super()._front()
        self._hearing = self._hearing or front.line._hearing
        front.line._hearing = self._hearing
        return front


def _check(said: list[str], turn: Mapping[str, Any], where: str) -> None:
    whole = "\n".join(said)
    at = 0
    for snippet in turn.get("hears", []):
        found = whole.find(str(snippet), at)
        assert found >= 0, f"{where}: did not hear {snippet!r} in {whole!r}"
        at = found
    for snippet in turn.get("never", []):
        assert str(snippet) not in whole, f"{where}: heard {snippet!r}"
