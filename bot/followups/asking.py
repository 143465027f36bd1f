"""Asks a question outside any flow, by buttons, and hears the answer: a reply like any other, screened first.

How a kind asks: give `registry.askings` its `Asks`, and let its handler be `Handling(act=lambda m: ask(m, ASKS))`.
The first question goes where it is safe now. Whoever does not answer is asked once more, and never a third time:
then a worker has it, or it ends (FD18). An answer reaches `Asks.answered`, which says what it leads to.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.conversation.house import House
from bot.conversation.promises import Heard, Heeded, Place, Question, asking_message
from bot.followups.climbing import give_task
from bot.followups.due import Done, ForWorker, Handling, Moment, PutOff, Result, Stale
from bot.followups.kinds import FollowUpKind, kind_of, promise
from bot.followups.reaching import Safe, begin, may_begin
from bot.safeguarding.telling import note_act
from flows.answers import Given, to_json
from flows.effects import Effect
from flows.outcome import Message
from storage.answers import AnswerSource
from storage.conversations import ConversationRecord
from storage.enquiries import EnquiryRecord
from storage.follow_ups import Actor, FollowUpRecord
from storage.identifiers import DutyWorkerId, FollowUpId, TurnId
from storage.outbox import NewOutbox
from storage.repository import NotFound
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

MOST_TRIES = 2
"""Never a third automatic try."""
NO_ANSWER = "no_answer"
TOO_LATE, NOT_SENT = "too_late_to_send", "not_sent"
"""Why a worker has a question that never went: they cannot have answered it."""
WORDS_BESIDE = "words_beside_answer"


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and about what a question is asked."""

    uow: UnitOfWork
    house: House
    conversation: ConversationRecord
    enquiry: EnquiryRecord
    follow_up: FollowUpRecord
    now: datetime

    def words(self, key: str, **values: str) -> str:
        """Return words of words.yaml as this person reads them, at this hour."""
        voice = self.house.voice(self.now, self.enquiry.reference)
        return voice.fixed(key, self.enquiry.audience.value, values)


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer: an option's id, or "" for their own words alone. `words` is what they wrote of their own.

    `before` is the option they chose when they answered the same before; None where they did not.
    """

    setting: Setting
    part: str
    option: str
    words: str
    before: str | None
    turn_id: TurnId | None


@dataclass(frozen=True, slots=True)
class Reaction:
    """What an answer leads to.

    `outcome` is a code, with which the follow-up is done where it still stands, unless one more question is asked:
    `asks` names that part, and `at` a question of another follow-up. `took_words`: words beside the answer need no
    worker, as in a comment that was asked for.
    `goes_on`: the flow's question they were at is put again. `reopens`: a closed enquiry comes back to a worker.
    """

    outcome: str
    says: tuple[str, ...] = ()
    rows: tuple[NewOutbox, ...] = ()
    effects: tuple[Effect, ...] = ()
    asks: str = ""
    at: Place | None = None
    stands: bool = False
    took_words: bool = False
    goes_on: bool = False
    reopens: bool = False


@dataclass(frozen=True, slots=True)
class Asks:
    """The questions of one kind: what each says, and what an answer to any of them leads to.

    A part's name is up to 12 of a-z, 0-9 and _; an option's id up to 14 letters, figures, - and _. A question that
    is not asked any more is None, and so is what `answered` makes of words that are no answer after all.
    `worker_if_silent`: whether a worker has it when nobody answers. `keeps`: whether the answer is kept with the
    answers of the enquiry.
    """

    first: str
    questions: Mapping[str, Callable[[Setting], Question | None]]
    answered: Callable[[Answered], Reaction | None]
    tries: int = MOST_TRIES
    worker_if_silent: bool = False
    keeps: bool = True


Askings = Mapping[FollowUpKind, Asks]


def ask(moment: Moment, asks: Asks) -> Result:
    """Ask the first question, where that is safe now, and promise to look whether it was answered."""
    safe = may_begin(moment)
    if not isinstance(safe, Safe):
        return safe
    rows = _rows(moment, safe, asks, moment.follow_up)
    if rows is None:
        return Stale("nothing_to_ask")
    await_answer(moment.uow, moment.house, moment.follow_up, moment.now)
    return Done("asked", rows)


def await_answer(uow: UnitOfWork, house: House, follow_up: FollowUpRecord, now: datetime) -> FollowUpRecord:
    """Promise to look whether a question was answered. A question asked in a turn is awaited by this too."""
    return promise(
        uow,
        FollowUpKind.ANSWER_AWAITED,
        enquiry_id=follow_up.enquiry_id,
        conversation_id=follow_up.conversation_id,
        due_at=_next_try(house, now),
        key=awaited_key(follow_up.id),
        details={"of": follow_up.id, "kind": follow_up.kind, "tries": 1},
        now=now,
    )


def awaiting(askings: Askings) -> Handling:
    """Return how an answer is awaited: the second try, then a worker or the end."""
    return Handling(act=lambda moment: _look(moment, askings), stale=_has_written, says=None)


@dataclass(frozen=True, slots=True)
class KeptPromises:
    """The promises of a conversation, as a turn hears of them. See `bot.conversation.promises.Promises`."""

    askings: Askings
    listening: tuple[Callable[[Heard, str], Heeded | None], ...] = ()
    offering: tuple[Callable[[Heard], Heeded | None], ...] = ()
    stopping: tuple[Callable[[Heard], None], ...] = ()
    quietening: tuple[Callable[[Heard], None], ...] = ()
    going_on: tuple[Callable[[Heard], None], ...] = ()
    sending: tuple[Callable[[Heard], None], ...] = ()
    chasing: Callable[[Heard, str], Heeded | None] | None = None
    mistaking: Callable[..., Heeded | None] | None = None

    def words(self, heard: Heard, text: str) -> Heeded | None:
        return next((heeded for listen in self.listening if (heeded := listen(heard, text)) is not None), None)

    def sent(self, heard: Heard) -> Heeded | None:
        for send in self.sending:
            send(heard)
        return next((heeded for offer in self.offering if (heeded := offer(heard)) is not None), None)

    def stopped(self, heard: Heard) -> None:
        for stop in self.stopping:
            stop(heard)

    def quietened(self, heard: Heard) -> None:
        for quieten in self.quietening:
            quieten(heard)

    def went_on(self, heard: Heard, *, is_draft: bool) -> None:
        for go_on in self.going_on if is_draft else ():
            go_on(heard)

    def chased(self, heard: Heard, text: str) -> Heeded | None:
        return None if self.chasing is None else self.chasing(heard, text)

    def mistaken(self, heard: Heard, text: str, *, begun: bool) -> Heeded | None:
        return None if self.mistaking is None else self.mistaking(heard, text, begun=begun)

    def question(self, heard: Heard, place: Place) -> Question | None:
        found = self._found(heard, place)
        return None if found is None else _question(*found, place.part)

    def answer(self, heard: Heard, place: Place, option: str, words: str) -> Heeded | None:
        found = self._found(heard, place)
        question = None if found is None else _question(*found, place.part)
        if found is None or question is None or (option and option not in {o.id for o in question.options}):
            return None
        setting, asks = found
        before = _before(setting, place.part) if asks.keeps else None
        reaction = asks.answered(Answered(setting, place.part, option, words, before, heard.turn_id))
        if reaction is None:
            return None
        if asks.keeps:
            _keep_answer(setting, place.part, question, option, words, heard.turn_id)
        _finish(setting, reaction)
        if words.strip() and not reaction.took_words:
            _give_words(setting, heard.turn_id)
        note_act(
            heard.uow,
            setting.enquiry,
            "person",
            "follow_up.answered",
            ("follow_up", setting.follow_up.id),
            heard.now,
            kind=setting.follow_up.kind,
            part=place.part,
            answer=option or "own_words",
        )
        return Heeded(
            outcome=f"answered.{setting.follow_up.kind}",
            messages=tuple(Message(text) for text in reaction.says),
            rows=reaction.rows,
            effects=reaction.effects,
            asks=Place(place.follow_up_id, reaction.asks) if reaction.asks else reaction.at,
            goes_on=reaction.goes_on,
            reopens=reaction.reopens,
        )

    def _found(self, heard: Heard, place: Place) -> tuple[Setting, Asks] | None:
        """Return the follow-up where it is this very conversation's: nobody answers for another."""
        try:
            follow_up = heard.uow.follow_ups.get(place.follow_up_id)
        except NotFound:
            return None
        kind = kind_of(follow_up.kind)
        asks = None if kind is None else self.askings.get(kind)
        if asks is None or follow_up.conversation_id != heard.conversation.id:
            return None
        enquiry = heard.uow.enquiries.get(follow_up.enquiry_id)
        return Setting(heard.uow, heard.house, heard.conversation, enquiry, follow_up, heard.now), asks


def _question(setting: Setting, asks: Asks, part: str) -> Question | None:
    made = asks.questions.get(part)
    return None if made is None else made(setting)


def _rows(
    moment: Moment, safe: Safe, asks: Asks, follow_up: FollowUpRecord, lead: str = ""
) -> tuple[NewOutbox, ...] | None:
    if moment.conversation is None:
        return None
    setting = Setting(moment.uow, moment.house, moment.conversation, moment.enquiry, follow_up, moment.now)
    question = _question(setting, asks, asks.first)
    if question is None:
        return None
    if lead:
        question = replace(question, text=f"{setting.words(lead)}\n{question.text}")
    place = Place(follow_up.id, asks.first)
    return begin(moment, safe, [asking_message(place, question)], place)


def _has_written(moment: Moment) -> str | None:
    """They wrote after we asked: whatever it was, it went its own way to the flow or to a worker."""
    if moment.follow_up.actor is Actor.WORKER and moment.follow_up.why in (TOO_LATE, NOT_SENT):
        return None  # they were never asked
    conversation, asked_at = moment.conversation, moment.follow_up.created_at
    heard_at = conversation.last_heard_at if conversation is not None else None
    return "they_wrote" if heard_at is not None and heard_at > asked_at else None


def _look(moment: Moment, askings: Askings) -> Result:
    details = moment.follow_up.details
    try:
        of = moment.uow.follow_ups.get(details["of"])
        asks = askings[FollowUpKind(of.kind)]
    except (KeyError, ValueError, NotFound):
        return Stale("nothing_to_ask")
    tries = int(details["tries"])
    if tries >= min(asks.tries, MOST_TRIES):
        is_a_workers = asks.worker_if_silent or bool(of.details.get("worker_if_silent"))
        return ForWorker(NO_ANSWER) if is_a_workers else Done(NO_ANSWER)
    safe = may_begin(moment)
    if not isinstance(safe, Safe):
        return safe
    rows = _rows(moment, safe, asks, of, lead="asked_again")
    if rows is None:
        return Stale("nothing_to_ask")
    moment.uow.follow_ups.set_details(moment.follow_up.id, {**details, "tries": tries + 1})
    return PutOff(_next_try(moment.house, moment.now), "asked_again", rows)


def _next_try(house: House, now: datetime) -> datetime:
    return house.working_time.add_days(now, house.area.follow_ups.answer_days).at


def awaited_key(follow_up_id: FollowUpId) -> str:
    """Return the key of the promise to look whether what a follow-up asked was answered."""
    return f"awaited:{follow_up_id}"


def _finish(setting: Setting, reaction: Reaction) -> None:
    follow_ups = setting.uow.follow_ups
    awaited = follow_ups.by_key(awaited_key(setting.follow_up.id))
    if awaited is not None:
        follow_ups.done(awaited.id, "answered", setting.now)
    if setting.follow_up.done_at is None and not reaction.asks and not reaction.stands:
        follow_ups.done(setting.follow_up.id, reaction.outcome, setting.now)


def _before(setting: Setting, part: str) -> str | None:
    """Return what they chose when they answered the same before."""
    key = _answer_key(setting, part)
    before = next((a for a in setting.uow.answers.current(setting.enquiry.id) if a.key == key), None)
    return str(before.value.get("value", "")) if before is not None else None


def _answer_key(setting: Setting, part: str) -> str:
    return f"after.{setting.follow_up.id}.{part}"


def _keep_answer(
    setting: Setting, part: str, question: Question, option: str, words: str, turn_id: TurnId | None
) -> None:
    """Keep it with the answers of the enquiry."""
    setting.uow.answers.record(
        enquiry_id=setting.enquiry.id,
        conversation_id=setting.conversation.id,
        turn_id=turn_id,
        key=_answer_key(setting, part),
        field=f"after_{setting.follow_up.kind}",
        label=question.text,
        answer=to_json(Given(option or words, words)),
        words=words,
        source=AnswerSource.PERSON,
        now=setting.now,
    )


def _give_words(setting: Setting, turn_id: TurnId | None) -> None:
    """What they wrote beside an answer is a worker's to read."""
    give_help(setting, WORDS_BESIDE, key=f"words:{turn_id or setting.follow_up.id}")


def give_help(setting: Setting, why: str, *, key: str, worker_id: DutyWorkerId | None = None) -> None:
    """Let a worker help with what they answered; without a worker whoever is on duty."""
    give_task(
        setting.uow,
        setting.house,
        FollowUpKind.HELP_TASK,
        enquiry_id=setting.enquiry.id,
        conversation_id=setting.conversation.id,
        why=why,
        worker_id=worker_id,
        key=key,
        now=setting.now,
    )
