"""Call-backs: gives a time away to one person only, and does what follows from how each call went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.conversation.house import House
from bot.followups.call_back_reach import Reach, reach_of
from bot.followups.call_back_rota import CallRota
from bot.followups.climbing import give_task
from bot.followups.kinds import FollowUpKind, promise
from bot.followups.planning import Planned, plan, why_not_now
from bot.followups.reaching import contact_of
from bot.followups.reasons import Lost
from bot.followups.safe_contact import SafeContact, Way
from bot.followups.slots import CannotKeep, NoCalls, Slot, Standing
from bot.safeguarding.telling import managers, note_act, rows_to
from storage.call_backs import CallBackRecord, CallOutcome, Said
from storage.conversations import ConversationRecord, ConversationStatus
from storage.duty_workers import DutyWorkerRecord
from storage.enquiries import EnquiryRecord
from storage.identifiers import ConversationId, DutyWorkerId
from storage.incidents import IncidentKind
from storage.outbox import NewOutbox, OutboxRecord
from storage.recordings import RECORDED
from storage.unit_of_work import UnitOfWork

PERSON, FRONT_DOOR = "person", "front_door"
MOST_TRIES = 2
"""A third try is never the front door's to begin (FD18): a worker looks at what to do."""
SHORTEST_NOTICE = timedelta(minutes=15)
"""A reminder that would come later than this before the call is none."""


@dataclass(frozen=True, slots=True)
class CallBacks:
    """The call-backs of one unit of work. Whoever calls holds the conversation, where there is one, first."""

    uow: UnitOfWork
    house: House
    now: datetime

    # -- what can be offered -------------------------------------------------------------------------------

    def free(self, enquiry: EnquiryRecord, reach: Reach | None = None) -> list[Slot] | NoCalls:
        """Return every time they may choose now; that of the call they have already among them."""
        reach = reach or self._reach(enquiry)
        if reach.way is None:
            return reach.no_calls
        return self._rota.slots_for(enquiry.id).free(reach.contact, prefer=enquiry.worker_id)

    def can_book(
        self, enquiry: EnquiryRecord, starts_at: datetime, reach: Reach | None = None
    ) -> Slot | CannotKeep | NoCalls:
        """Say whether a time may be given to them now."""
        reach = reach or self._reach(enquiry)
        if reach.way is None:
            return reach.no_calls
        return self._rota.slots_for(enquiry.id).can_book(starts_at, reach.contact, prefer=enquiry.worker_id)

    def can_keep(self, call: CallBackRecord) -> Standing | None:
        """Say whether one can still be kept, by whom, and if it is safe; None where it stands no more."""
        until = max(self._rota.until, call.ends_at)
        found = self._rota.still_kept(until, lambda each: each.id == call.id)
        return found[0][1] if found else None

    # -- booking, moving, cancelling -----------------------------------------------------------------------

    def book(
        self,
        enquiry: EnquiryRecord,
        conversation_id: ConversationId | None,
        starts_at: datetime,
        *,
        by: str,
        tries: int = 1,
    ) -> CallBackRecord | CannotKeep | NoCalls:
        """Give them this time, in place of the one they have. Two cannot have the last place of one time."""
        reach = self._reach(enquiry)
        self.uow.call_backs.lock()
        standing = self.uow.call_backs.standing_of(enquiry.id)
        if standing is not None and standing.starts_at == starts_at:
            return standing  # pressed twice
        kept = self.can_book(enquiry, starts_at, reach)
        if not isinstance(kept, Slot):
            return kept
        if standing is not None:
            tries = standing.tries
            self._end(enquiry, standing, CallOutcome.MOVED, by)
        call = self.uow.call_backs.book(
            enquiry_id=enquiry.id,
            conversation_id=conversation_id,
            worker_id=kept.worker_id,
            starts_at=kept.starts_at,
            ends_at=kept.ends_at,
            way=reach.way or "",
            tries=tries,
            sequence=len(self.uow.call_backs.of(enquiry.id)),
            made_by=by,
            now=self.now,
        )
        self._note(enquiry, call, by, "call_back.booked", tries=str(tries))
        return self._promise(enquiry, call, reach.contact)

    def cancel(self, enquiry: EnquiryRecord, call: CallBackRecord, *, by: str) -> bool:
        """Take it back; False where it had ended before."""
        return self._end(enquiry, call, CallOutcome.CANCELLED, by)

    def end_with(self, conversation: ConversationRecord, *, by: str) -> bool:
        """End the call-back that was made in a conversation, as when they ask us to stop."""
        standing = self.uow.call_backs.standing_of(conversation.enquiry_id)
        if standing is None or standing.conversation_id not in (None, conversation.id):
            return False
        return self.cancel(self.uow.enquiries.get(conversation.enquiry_id), standing, by=by)

    # -- how it went ---------------------------------------------------------------------------------------

    def record(
        self, enquiry: EnquiryRecord, call: CallBackRecord, outcome: CallOutcome, worker: DutyWorkerRecord
    ) -> bool:
        """Keep what a worker says of their call, and do what follows; False where it had ended before."""
        if not self._end(enquiry, call, outcome, worker.id):
            return False
        match outcome:
            case CallOutcome.REACHED:
                self._ask_afterwards(enquiry, call)
            case CallOutcome.NO_ANSWER:
                self.try_again(enquiry, call)
            case CallOutcome.WRONG_NUMBER | CallOutcome.NOT_SAFE:
                self.give_review(enquiry, call, outcome.value, worker.id)
        return True

    def try_again(self, enquiry: EnquiryRecord, call: CallBackRecord) -> bool:
        """Nobody answered: the second try by the way they agreed to, or else a worker looks. Never a third.

        Say whether there is one.
        """
        if self._has_worry(enquiry):
            self.give_review(enquiry, call, "no_answer_worry", call.worker_id)  # and today (FD18)
        if call.tries >= MOST_TRIES:
            self.give_review(enquiry, call, "two_tries", call.worker_id)
            return False
        if self.may_write(enquiry):
            self.offer(enquiry, tries=call.tries + 1, part="again")
            return True
        slot = self._next_like(enquiry, call)
        if slot is None:
            self.give_review(enquiry, call, "no_time", call.worker_id)
            return False
        made = self.book(enquiry, call.conversation_id, slot.starts_at, by=FRONT_DOOR, tries=call.tries + 1)
        return isinstance(made, CallBackRecord)

    def missed(self, enquiry: EnquiryRecord, call: CallBackRecord, *, said_by: str) -> list[NewOutbox]:
        """We did not ring: an incident, and managers hear of it now. Raised once for each call."""
        if call.stands and said_by == PERSON:
            self._end(enquiry, call, CallOutcome.MISSED, said_by)
        key = call.id
        wanted = f"{IncidentKind.CALL_BACK_MISSED}:{key}"
        known = any(i.key == wanted for i in self.uow.incidents.of(enquiry.id))
        details = {"said_by": said_by, "recorded": call.outcome.value if call.outcome else "nothing"}
        self.uow.incidents.raise_(
            IncidentKind.CALL_BACK_MISSED, key=key, now=self.now, enquiry_id=enquiry.id, details=details
        )
        self._note(enquiry, call, FRONT_DOOR, "call_back.missed", said_by=said_by)
        if known:
            return []
        return self._tell(enquiry, "duty_call_missed", managers(self.uow))

    def close_as(self, enquiry: EnquiryRecord, call: CallBackRecord, outcome: CallOutcome) -> None:
        """The person has told how it went before a worker did."""
        if call.stands:
            self._end(enquiry, call, outcome, PERSON)

    def note_said(self, enquiry: EnquiryRecord, call: CallBackRecord, said: Said) -> None:
        self.uow.call_backs.note_said(call.id, said, self.now)
        self._note(enquiry, call, PERSON, "call_back.said", said=said.value)

    def give_review(
        self, enquiry: EnquiryRecord, call: CallBackRecord, why: str, worker_id: DutyWorkerId | None
    ) -> None:
        """Let a worker look at what to do now; where a worry stands, before the day is over."""
        hours = timedelta(hours=self.house.area.follow_ups.task_hours)
        by = self.house.working_time.add_hours(self.now, hours).at
        if self._has_worry(enquiry):
            by = min(by, self.house.working_time.closes_next(self.now) or by)
        give_task(
            self.uow,
            self.house,
            FollowUpKind.HELP_TASK,
            enquiry_id=enquiry.id,
            conversation_id=None,
            by=by,
            now=self.now,
            why=f"call_{why}",
            worker_id=worker_id,
            key=f"call_review:{call.id}",
        )

    def offer(self, enquiry: EnquiryRecord, *, tries: int, part: str = "offer", by: str = FRONT_DOOR) -> None:
        """Let the front door offer them times as soon as it is safe to."""
        chat = self.chat(enquiry)
        before = self.uow.follow_ups.by_key(f"call_slots:{enquiry.id}")
        if before is not None:  # times that were offered before, and left
            self.uow.follow_ups.cancel_one(before.id, "offered_anew", self.now)
        promise(
            self.uow,
            FollowUpKind.CALL_BACK_SLOTS,
            enquiry_id=enquiry.id,
            conversation_id=None if chat is None else chat.id,
            due_at=self.now,
            now=self.now,
            key=f"call_slots:{enquiry.id}",
            details={"tries": tries, "part": part, "by": by},
        )

    def may_write(self, enquiry: EnquiryRecord) -> bool:
        """Say whether we may begin to write to them now (FD17)."""
        if self.chat(enquiry) is None:
            return False
        contact = contact_of(self.uow, self.house, enquiry)
        return why_not_now(contact, Way.CHAT, self._rota.calendar, self.now) is None

    def chat(self, enquiry: EnquiryRecord) -> ConversationRecord | None:
        """Return where they can be written to, if anywhere."""
        found = [
            c
            for c in self.uow.conversations.of_enquiry(enquiry.id)
            if c.status is not ConversationStatus.CLOSED and c.blocked_at is None and c.channel not in RECORDED
        ]
        return found[-1] if found else None

    def recheck(self, call: CallBackRecord) -> list[NewOutbox] | None:
        """See that somebody can keep one that stands, another worker if need be; None where it can go on.

        Where nobody can, or it is not safe then by what they have said since: an incident, and what tells
        managers, the first time. Whoever is to ring hears as well that it may not be safe, and so does another
        who has it after them.
        """
        return self.see_to(call, self.can_keep(call))

    def see_to(self, call: CallBackRecord, standing: Standing | None) -> list[NewOutbox] | None:
        """Do what follows from whether one can be kept and is safe, as `recheck`: first, who has it."""
        if standing is None or not (standing.has_moved or standing.why_not):
            return None
        enquiry = self.uow.enquiries.get(call.enquiry_id)
        if standing.has_moved:
            self.reassign(enquiry, call, standing.worker_id, by=FRONT_DOOR)
        rows: list[NewOutbox] = []
        if isinstance(standing.kept, CannotKeep) and self._raise_once(enquiry, call.id, standing.kept.why):
            rows += self._tell(enquiry, "duty_call_unkept", managers(self.uow))
        if standing.unsafe is not None:
            is_new = self._raise_once(enquiry, f"{call.id}:{standing.unsafe}", standing.unsafe)
            rows += self._tell_it_is_unsafe(enquiry, standing, is_new=is_new)
        return rows if standing.why_not else None

    def reassign(
        self, enquiry: EnquiryRecord, call: CallBackRecord, worker_id: DutyWorkerId | None, *, by: str
    ) -> None:
        """Let another worker ring."""
        self.uow.call_backs.set_worker(call.id, worker_id)
        if call.follow_up_id is not None and self.uow.follow_ups.get(call.follow_up_id).done_at is None:
            self.uow.follow_ups.assign(call.follow_up_id, worker_id)
        self._note(enquiry, call, by, "call_back.reassigned", worker=worker_id or "")

    def _raise_once(self, enquiry: EnquiryRecord, key: str, why: Lost) -> bool:
        """Raise the incident of a call not to be made as it stands; say whether this is the first time."""
        kind = IncidentKind.CALL_BACK_UNKEPT
        if any(i.key == f"{kind}:{key}" for i in self.uow.incidents.of(enquiry.id)):
            return False
        details = {"why": why.value}
        self.uow.incidents.raise_(kind, key=key, now=self.now, enquiry_id=enquiry.id, details=details)
        return True

    def _tell_it_is_unsafe(self, enquiry: EnquiryRecord, standing: Standing, *, is_new: bool) -> list[NewOutbox]:
        """Tell who has it now, where they have not heard; and managers the first time."""
        if not is_new and not standing.has_moved:
            return []
        told = managers(self.uow) if is_new else []
        own = None if standing.worker_id is None else self.uow.duty_workers.get(standing.worker_id)
        if own is not None and own not in told:
            told = [own, *told]
        return self._tell(enquiry, "duty_call_not_safe", told)

    # -- small things --------------------------------------------------------------------------------------

    @property
    def _rota(self) -> CallRota:
        return CallRota(self.uow, self.house, self.now)

    def _reach(self, enquiry: EnquiryRecord) -> Reach:
        return reach_of(self.uow, self.house, enquiry)

    def _promise(self, enquiry: EnquiryRecord, call: CallBackRecord, contact: SafeContact) -> CallBackRecord:
        """Let a worker have it as a task before it is due, and the front door do its own part."""
        task = give_task(
            self.uow,
            self.house,
            FollowUpKind.CALL_BACK,
            enquiry_id=enquiry.id,
            conversation_id=None,  # who leaves the chat in a hurry has not taken it back
            by=call.starts_at,
            now=self.now,
            why="call_back",
            worker_id=call.worker_id,
            key=f"call_back:{call.id}",
        )
        self.uow.call_backs.set_task(call.id, task.id)
        self.uow.follow_ups.cancel_of(enquiry.id, "chosen", self.now, kinds=[FollowUpKind.CALL_BACK_SLOTS])
        self._remind(enquiry, call, contact)
        self._ask_afterwards(enquiry, call)
        return self.uow.call_backs.get(call.id)

    def _remind(self, enquiry: EnquiryRecord, call: CallBackRecord, contact: SafeContact) -> None:
        """Look at the rota again before the call; remind them then, where that is safe and not too late."""
        before = timedelta(minutes=self.house.area.call_backs.reminder_minutes)
        at = call.starts_at - before
        if not before or at <= self.now + SHORTEST_NOTICE:
            return
        latest = call.starts_at - SHORTEST_NOTICE
        calendar = self._rota.calendar
        planned = plan(at, contact=contact, way=Way.CHAT, calendar=calendar, now=self.now, latest=latest)
        promise(
            self.uow,
            FollowUpKind.CALL_BACK_REMINDER,
            enquiry_id=enquiry.id,
            conversation_id=call.conversation_id,
            due_at=planned.at if isinstance(planned, Planned) else at,
            promised_at=None,
            now=self.now,
            key=f"call_reminder:{call.id}",
            details={"call_back": call.id},
        )

    def _ask_afterwards(self, enquiry: EnquiryRecord, call: CallBackRecord) -> None:
        """Ask them whether we rang, once the time is over; the same promise stands once."""
        after = timedelta(minutes=self.house.area.call_backs.check_minutes)
        if not after:
            return
        promise(
            self.uow,
            FollowUpKind.CALL_BACK_CHECK,
            enquiry_id=enquiry.id,
            conversation_id=call.conversation_id,
            due_at=max(call.ends_at + after, self.now),
            now=self.now,
            key=f"call_check:{call.id}",
            details={"call_back": call.id},
        )

    def _end(self, enquiry: EnquiryRecord, call: CallBackRecord, outcome: CallOutcome, by: str) -> bool:
        """End one that stands, with the worker's task and what we were to do beside it."""
        if not self.uow.call_backs.end(call.id, outcome, by, self.now):
            return False
        if call.follow_up_id is not None:
            task = self.uow.follow_ups.get(call.follow_up_id)
            self.uow.follow_ups.cancel_one(task.id, outcome.value, self.now)
            if task.steps and outcome in (CallOutcome.MOVED, CallOutcome.CANCELLED) and by != call.worker_id:
                self._tell_it_is_off(enquiry, call)
        self._end_beside(call, outcome)
        self._note(enquiry, call, by, f"call_back.{outcome.value}")
        return True

    def _tell_it_is_off(self, enquiry: EnquiryRecord, call: CallBackRecord) -> None:
        """The worker has heard that it is due: they are not to ring now. The next bell of the outbox sends it."""
        worker = [] if call.worker_id is None else [self.uow.duty_workers.get(call.worker_id)]
        rows = self._tell(enquiry, "duty_call_off", worker)
        self.uow.outbox.put([replace(row, claimed_by=None, claimed_until=None) for row in rows])

    def _tell(self, enquiry: EnquiryRecord, words: str, workers: Sequence[DutyWorkerRecord]) -> list[NewOutbox]:
        return rows_to(self.uow, workers, words, enquiry, self.house.doorbell, self.now, urgent=False)

    def _end_beside(self, call: CallBackRecord, outcome: CallOutcome) -> None:
        for prefix in ("call_reminder", "call_check"):
            standing = self.uow.follow_ups.by_key(f"{prefix}:{call.id}")
            if standing is not None:
                self.uow.follow_ups.cancel_one(standing.id, f"call_{outcome.value}", self.now)

    def _next_like(self, enquiry: EnquiryRecord, call: CallBackRecord) -> Slot | None:
        """Return a time on another day, as near as may be to the time of day they chose before."""
        slots = self.free(enquiry)
        if isinstance(slots, NoCalls):
            return None
        zone = self.house.working_time.zone
        chosen = call.starts_at.astimezone(zone)
        later: Sequence[Slot] = [s for s in slots if s.starts_at.astimezone(zone).date() > chosen.date()]
        if not later:
            return None
        first_day = later[0].starts_at.astimezone(zone).date()
        same_day = [s for s in later if s.starts_at.astimezone(zone).date() == first_day]

        def apart(slot: Slot) -> int:
            local = slot.starts_at.astimezone(zone)
            return abs((local.hour - chosen.hour) * 60 + local.minute - chosen.minute)

        return min(same_day, key=apart)

    def _has_worry(self, enquiry: EnquiryRecord) -> bool:
        return enquiry.urgency.value in ("emergency", "immediate", "same_day")

    def _note(self, enquiry: EnquiryRecord, call: CallBackRecord, actor: str, act: str, **details: str) -> None:
        note_act(self.uow, enquiry, actor, act, ("call_back", call.id), self.now, reason=None, **details)


def check_rota(uow: UnitOfWork, house: House, now: datetime) -> list[OutboxRecord]:
    """See that every call-back to come can be kept and is safe, whatever has changed; return whom to tell."""
    calls, rota = CallBacks(uow, house, now), CallRota(uow, house, now)
    rows: list[NewOutbox] = []
    for call, standing in rota.still_kept(rota.until, lambda each: each.starts_at > now):
        rows += calls.see_to(call, standing) or []
    return uow.outbox.put(rows)
