"""Talks with people about call-backs: offers times, books, moves and cancels, and hears how a call went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.conversation.house import House
from bot.conversation.promises import Heard, Place, Question
from bot.followups.asking import Answered, Asks, Reaction, Setting
from bot.followups.call_back_file import file_row
from bot.followups.call_back_reading import Wish, matching, nearest, read_wish
from bot.followups.call_back_words import CANCEL, MORE, MOVE, NONE, CallWords, option_of
from bot.followups.call_backs import MOST_TRIES, PERSON, CallBacks
from bot.followups.climbing import give_task
from bot.followups.kinds import FollowUpKind, promise
from bot.followups.planning import Calendar
from bot.followups.reaching import contact_of
from bot.followups.reasons import Reason
from bot.followups.slots import CannotKeep, NoCalls, Slot, instant_asked_for, offered
from storage.call_backs import CallBackRecord, CallOutcome, Said
from storage.conversations import ConversationRecord
from storage.enquiries import EnquiryRecord
from storage.follow_ups import Actor, FollowUpRecord
from storage.identifiers import CallBackId
from storage.unit_of_work import UnitOfWork

SLOT, KEPT, MINE, RANG = "slot", "kept", "mine", "rang"
LEADS = {
    "offer": "call_offer",
    "desk": "call_offer",
    "asked": "call_offer_asked",
    "again": "call_offer_again",
    "sorry": "call_offer_sorry",
    "more": "call_offer_more",
    "match": "call_offer_match",
    "some": "call_offer_some",
    "near": "call_offer_near",
    "cannot": "call_offer_cannot",
    "unread": "call_offer_unread",
}
_TICK = 60


@dataclass(frozen=True, slots=True)
class CallTalk:
    """What is said and asked of one enquiry's call-backs in one conversation, which is held."""

    uow: UnitOfWork
    house: House
    conversation: ConversationRecord
    enquiry: EnquiryRecord
    now: datetime

    @classmethod
    def of(cls, where: Heard | Setting) -> CallTalk:
        enquiry = where.uow.enquiries.get(where.conversation.enquiry_id)
        return cls(where.uow, where.house, where.conversation, enquiry, where.now)

    @property
    def calls(self) -> CallBacks:
        return CallBacks(self.uow, self.house, self.now)

    @property
    def words(self) -> CallWords:
        return CallWords(self.house, self.enquiry, self.now)

    @property
    def standing(self) -> CallBackRecord | None:
        return next((call for call in self.uow.call_backs.of(self.enquiry.id) if call.stands), None)

    # -- offering ------------------------------------------------------------------------------------------

    def offer(self, lead: str, *, tries: int = 1, silent: bool = False) -> Place | None:
        """Offer times; None where there are none. `silent`: a worker has it if nobody chooses."""
        slots = self.calls.free(self.enquiry)
        if isinstance(slots, NoCalls) or not slots:
            return None
        return self._offered(lead, self._some(slots), len(slots), tries=tries, silent=silent)

    def offer_like(self, wish: Wish, *, tries: int = 1) -> Place | None:
        """Offer the times that are as they would like, or say why not and offer the nearest."""
        slots = self.calls.free(self.enquiry)
        if isinstance(slots, NoCalls) or not slots:
            return None
        zone, most = self.words.zone, self.house.area.call_backs.most_offered
        found = matching(slots, wish, zone)
        if found:
            lead = "match" if len(found) == 1 else "some"
            return self._offered(lead, found[:most], len(slots), tries=tries)
        why = self._why_not(wish)
        near = nearest(slots, wish, zone, most)
        return self._offered("cannot" if why else "near", near, len(slots), tries=tries, why=why)

    def offer_words(self, words: str, meant: datetime | None) -> tuple[Place | None, bool]:
        """Offer what their own words ask for, and say whether all of them were read; else what they may mean."""
        wish = read_wish(words, today=self.house.today(self.now), contacting=self.house.area.contacting)
        if wish is not None:
            return self.offer_like(wish), True
        slots = self.calls.free(self.enquiry)
        found = [] if isinstance(slots, NoCalls) else [slot for slot in slots if slot.starts_at == meant]
        if not found or isinstance(slots, NoCalls):
            return self.offer("asked"), False
        return self._offered("match", found, len(slots), tries=1), False

    def offer_again(self, follow_up: FollowUpRecord, lead: str, why: str = "") -> Place | None:
        """Offer what was not shown yet, or after a time that is gone the soonest there are."""
        slots = self.calls.free(self.enquiry)
        if isinstance(slots, NoCalls) or not slots:
            return None
        details = follow_up.details
        shown = set(details.get("shown", ())) if lead == "more" else set()
        left = [slot for slot in slots if _minutes(slot.starts_at) not in shown]
        if not left:
            return None
        return self._offered(
            lead, self._some(left), len(left), tries=int(details.get("tries", 1)), why=why, shown=shown
        )

    def for_worker(self, why: str) -> None:
        """No time could be agreed: a worker has it."""
        hours = timedelta(hours=self.house.area.follow_ups.task_hours)
        give_task(
            self.uow,
            self.house,
            FollowUpKind.HELP_TASK,
            enquiry_id=self.enquiry.id,
            by=self.house.working_time.add_hours(self.now, hours).at,
            now=self.now,
            why=why,
            worker_id=self.enquiry.worker_id,
            key=f"call_agree:{self.enquiry.id}",
        )

    def _offered(
        self,
        lead: str,
        slots: Sequence[Slot],
        free: int,
        *,
        tries: int,
        silent: bool = False,
        why: str = "",
        shown: set[int] | None = None,
    ) -> Place:
        minutes = [_minutes(slot.starts_at) for slot in slots]
        standing = self._standing_offer()
        before = standing.details if standing is not None else {}
        details = {
            "lead": lead,
            "why": why,
            "tries": max(tries, int(before.get("tries", 1))),
            "slots": minutes,
            "shown": sorted({*(shown or ()), *before.get("shown", ()), *minutes}),
            "more": free > len(minutes),
            "misses": int(before.get("misses", 0)) + (lead == "unread"),
            "asked": True,
            "silent": silent or bool(before.get("silent", False)),
        }
        if standing is None:
            standing = promise(
                self.uow,
                FollowUpKind.CALL_BACK_SLOTS,
                enquiry_id=self.enquiry.id,
                conversation_id=self.conversation.id,
                due_at=self.until(silent=silent),
                now=self.now,
                key=f"call_slots:{self.enquiry.id}",
                details=details,
            )
        else:
            self.uow.follow_ups.set_details(standing.id, details)
        return Place(standing.id, SLOT)

    def until(self, *, silent: bool) -> datetime:
        """Return until when times that were offered stand."""
        settings = self.house.area.call_backs
        if silent:
            return self.house.working_time.add_days(self.now, settings.answer_days).at
        return self.now + timedelta(hours=settings.stands_hours)

    def _standing_offer(self) -> FollowUpRecord | None:
        standing = self.uow.follow_ups.by_key(f"call_slots:{self.enquiry.id}")
        if standing is None:
            return None
        if standing.actor is Actor.WORKER or standing.conversation_id != self.conversation.id:
            self.uow.follow_ups.cancel_one(standing.id, "offered_anew", self.now)
            return None
        return standing

    def _some(self, slots: Sequence[Slot]) -> list[Slot]:
        calendar = Calendar(self.house.area, self.house.working_time)
        return offered(slots, self.house.area.call_backs.most_offered, calendar)

    def _why_not(self, wish: Wish) -> str:
        """Return why the time they named cannot be, in words; nothing where they left it open."""
        calendar = Calendar(self.house.area, self.house.working_time)
        found = [instant_asked_for(local, calendar, self.now) for local in wish.instants]
        lost = [one.reason for one in found if isinstance(one, CannotKeep)]
        for at in (one for one in found if isinstance(one, datetime)):
            kept = self.calls.can_book(self.enquiry, at)
            lost += [kept.reason] if isinstance(kept, CannotKeep) else []
        return "" if not lost else _closest(lost).words_id

    # -- booking -------------------------------------------------------------------------------------------

    def book(self, starts_at: datetime, follow_up: FollowUpRecord) -> Reaction:
        tries = int(follow_up.details.get("tries", 1))
        made = self.calls.book(self.enquiry, self.conversation.id, starts_at, by=PERSON, tries=tries)
        if isinstance(made, CallBackRecord):
            return Reaction("call_booked", asks=KEPT, stands=True, took_words=True)
        place = None
        if isinstance(made, CannotKeep):
            place = self.offer_again(follow_up, "cannot", made.reason.words_id)
        if place is None:
            return self.no_time()
        return Reaction("call_time_gone", at=place, stands=True, took_words=True)

    def no_time(self, says: str = "call_worker_asked") -> Reaction:
        """There is no time to give them: a worker agrees one with them."""
        self.for_worker("call_no_time")
        return Reaction("call_no_time", says=(self.words.say(says),), stands=True, took_words=True)

    def cancelled(self) -> Reaction:
        standing = self.standing
        if standing is None or not self.calls.cancel(self.enquiry, standing, by=PERSON):
            return Reaction("call_none", says=(self.words.say("call_none_booked"),), stands=True)
        return Reaction("call_cancelled", says=(self.words.say("call_cancelled"),), stands=True)

    def kept_question(self, key: str) -> Question | None:
        call = self.standing
        if call is None or call.ends_at <= self.now:
            return None
        if key == MINE:
            text = self.words.say("call_now_booked", when=self.words.when(call))
        else:
            holder = None
            if call.worker_id is not None and call.worker_id == self.enquiry.worker_id:
                holder = self.uow.duty_workers.get(call.worker_id)
            before = [c.outcome for c in self.uow.call_backs.of(self.enquiry.id) if c.id != call.id]
            has_moved = before[-1:] == [CallOutcome.MOVED]
            contact = contact_of(self.uow, self.house, self.enquiry)
            text = self.words.promise(call, contact, holder, has_moved=has_moved)
        return Question(text, self.words.kept_options())


# -- questions and answers ---------------------------------------------------------------------------------


def ask_slot(setting: Setting) -> Question | None:
    follow_up = setting.follow_up
    starts = [_at(minutes) for minutes in follow_up.details.get("slots", ())]
    to_come = [at for at in starts if at > setting.now]
    if follow_up.done_at is not None or not to_come:
        return None
    talk = CallTalk.of(setting)
    why = str(follow_up.details.get("why", ""))
    values = {"why": talk.words.say(why)} if why else {}
    text = talk.words.say(LEADS.get(str(follow_up.details.get("lead")), "call_offer_asked"), **values)
    return Question(text, talk.words.slot_options(to_come, more=bool(follow_up.details.get("more"))))


def _ask_kept(setting: Setting) -> Question | None:
    return CallTalk.of(setting).kept_question(KEPT)


def _ask_mine(setting: Setting) -> Question | None:
    return CallTalk.of(setting).kept_question(MINE)


def ask_reminder(setting: Setting) -> Question | None:
    talk = CallTalk.of(setting)
    call = talk.standing
    if call is None or call.ends_at <= setting.now:
        return None
    return Question(talk.words.say("call_reminder", when=talk.words.when(call)), talk.words.kept_options())


def ask_rang(setting: Setting) -> Question | None:
    call = setting.uow.call_backs.get(CallBackId(str(setting.follow_up.details["call_back"])))
    if setting.follow_up.done_at is not None or call.said is not None:
        return None
    words = CallTalk.of(setting).words
    return Question(words.say("call_check"), words.said_options())


def _answered(answered: Answered) -> Reaction:
    talk = CallTalk.of(answered.setting)
    if answered.part == SLOT:
        return _chosen(talk, answered)
    if answered.part == RANG:
        return _said(talk, answered)
    if answered.option == MOVE:
        return _move(talk, answered.words)
    return talk.cancelled() if answered.option == CANCEL else _file(talk, answered)


def _chosen(talk: CallTalk, answered: Answered) -> Reaction:
    follow_up = answered.setting.follow_up
    if answered.option == NONE:
        talk.uow.follow_ups.cancel_one(follow_up.id, "not_wanted", talk.now)
        if follow_up.details.get("silent"):
            talk.for_worker("call_not_wanted")
        return Reaction("call_not_wanted", says=(talk.words.say("call_unwanted"),), stands=True)
    if answered.option == MORE:
        place = talk.offer_again(follow_up, "more")
        return talk.no_time("call_no_more") if place is None else Reaction("call_more", at=place, stands=True)
    if answered.words:  # not the button, nor the words on it alone: there may be a "not" among them
        place, is_read = talk.offer_words(answered.words, _at(int(answered.option)))
        return (
            talk.no_time() if place is None else Reaction("call_wish", at=place, stands=True, took_words=is_read)
        )
    return talk.book(_at(int(answered.option)), follow_up)


def _move(talk: CallTalk, words: str) -> Reaction:
    place, is_read = talk.offer_words(words, None) if words else (talk.offer("asked"), True)
    return talk.no_time() if place is None else Reaction("call_move", at=place, stands=True, took_words=is_read)


def _file(talk: CallTalk, answered: Answered) -> Reaction:
    call = talk.standing
    if call is None:
        return Reaction("call_none", says=(talk.words.say("call_none_booked"),), stands=True)
    row = file_row(talk.uow, talk.house, talk.conversation, call, answered.turn_id, talk.now)
    return Reaction("call_file", rows=(row,), asks=MINE, stands=True)


def _said(talk: CallTalk, answered: Answered) -> Reaction:
    """Do what follows from what they say of the call."""
    check = answered.setting.follow_up
    call = talk.uow.call_backs.get_for_update(CallBackId(str(check.details["call_back"])))
    said = Said(answered.option)
    talk.calls.note_said(talk.enquiry, call, said)
    talk.uow.follow_ups.cancel_one(check.id, f"said_{said.value}", talk.now)
    match said:
        case Said.TALKED:
            return Reaction("call_talked", says=(talk.words.say("call_thanks_talked"),), stands=True)
        case Said.COULD_NOT_TALK:
            talk.uow.follow_ups.cancel_of(
                talk.enquiry.id, "not_safe", talk.now, kinds=[FollowUpKind.CALL_BACK_SLOTS]
            )
            talk.calls.close_as(talk.enquiry, call, CallOutcome.NOT_SAFE)
            talk.calls.give_review(talk.enquiry, call, "could_not_talk", call.worker_id)
            says = talk.words.say("call_thanks_could_not_talk")
            return Reaction("call_could_not_talk", says=(says,), stands=True)
        case Said.MISSED_IT:
            talk.calls.close_as(talk.enquiry, call, CallOutcome.NO_ANSWER)
            place = None if call.tries >= MOST_TRIES else talk.offer("asked", tries=call.tries + 1, silent=True)
            if place is not None:
                return Reaction("call_missed_it", at=place, stands=True)
            talk.calls.give_review(talk.enquiry, call, "two_tries", call.worker_id)
            return Reaction("call_missed_it", says=(talk.words.say("call_missed_worker"),), stands=True)
        case Said.NOT_RUNG:
            rows = tuple(talk.calls.missed(talk.enquiry, call, said_by=PERSON))
            place = talk.offer("sorry", tries=call.tries, silent=True)
            if place is not None:
                return Reaction("call_not_rung", rows=rows, at=place, stands=True, reopens=True)
            talk.calls.give_review(talk.enquiry, call, "not_rung", call.worker_id)
            says = talk.words.say("call_sorry_worker")
            return Reaction("call_not_rung", says=(says,), rows=rows, stands=True, reopens=True)


QUESTIONS = {SLOT: ask_slot, KEPT: _ask_kept, MINE: _ask_mine}
SLOT_ASKS = Asks(first=SLOT, questions=QUESTIONS, answered=_answered, keeps=False)
REMINDER_ASKS = Asks(
    first="reminder", questions={**QUESTIONS, "reminder": ask_reminder}, answered=_answered, keeps=False
)
CHECK_ASKS = Asks(first=RANG, questions={**QUESTIONS, RANG: ask_rang}, answered=_answered, keeps=False)
ASKINGS = {
    FollowUpKind.CALL_BACK_SLOTS: SLOT_ASKS,
    FollowUpKind.CALL_BACK_REMINDER: REMINDER_ASKS,
    FollowUpKind.CALL_BACK_CHECK: CHECK_ASKS,
}


def _minutes(at: datetime) -> int:
    return int(option_of(at))


def _at(minutes: int) -> datetime:
    return datetime.fromtimestamp(minutes * _TICK, UTC)


def _closest(lost: Sequence[Reason]) -> Reason:
    """Return the reason that says most: of two times that "at 3" may mean, one is always at night."""
    most = ("bank_holiday", "twice", "never", "full", "nobody_in", "not_safe_then", "too_soon", "too_far", "past")
    return min(lost, key=lambda reason: most.index(reason.code) if reason.code in most else len(most))
