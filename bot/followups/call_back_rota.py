"""Who on the rota can make which call-back: the times there are to give, and whether what was given is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from bot.conversation.house import House
from bot.followups.call_back_reach import reach_of
from bot.followups.planning import Calendar
from bot.followups.safe_contact import SafeContact
from bot.followups.slots import BY_DUTY_WORKERS, Booked, Slots, Standing
from bot.rota import Rota
from storage.call_backs import CallBackRecord
from storage.duty_workers import Role
from storage.identifiers import CallBackId, EnquiryId
from storage.unit_of_work import UnitOfWork

_DAY = timedelta(days=1)
_BY_OFFICERS = (Role.LADO,)
"""Of the closed queue only the officer for allegations rings."""


@dataclass(frozen=True, slots=True)
class CallRota:
    """The rota of one unit of work, read anew for each question. Each queue has those who ring of their own."""

    uow: UnitOfWork
    house: House
    now: datetime

    @property
    def calendar(self) -> Calendar:
        return Calendar(self.house.area, self.house.working_time)

    @property
    def until(self) -> datetime:
        """Return when no call stands any more: times are given for so many days ahead."""
        return self.now + timedelta(days=self.house.area.call_backs.days_ahead + 2)

    def slots_for(self, enquiry_id: EnquiryId) -> Slots:
        """Return the times there are, as if this enquiry's own call-back were not booked: it may move."""
        others = [call for call in self._standing(self.until) if call.enquiry_id != enquiry_id]
        closed = self._closed([enquiry_id, *(call.enquiry_id for call in others)])
        roles = _BY_OFFICERS if enquiry_id in closed else BY_DUTY_WORKERS
        return self._slots(others, closed, self.until, roles)

    def still_kept(
        self, until: datetime, of: Callable[[CallBackRecord], bool]
    ) -> list[tuple[CallBackRecord, Standing]]:
        """Return those of `of` that stand, the soonest first: by whom each can be kept, and whether it is safe.

        The rota is asked about all at once, so that none takes the place of one whose own worker is there. What
        somebody has said of safe times and ways is read anew, and of those of `of` only.
        """
        calls = self._standing(until)
        judged = [call for call in calls if of(call)]
        closed = self._closed(call.enquiry_id for call in calls)
        contacts = {call.id: self._contact(call) for call in judged if call.ends_at > self.now}
        slots = self._slots(calls, closed, until, contacts=contacts)
        found = {each.booked.id: each for each in slots.standing()}
        return [(call, found[call.id]) for call in judged]

    def _standing(self, until: datetime) -> list[CallBackRecord]:
        return self.uow.call_backs.standing(self.now - _DAY, until)

    def _contact(self, call: CallBackRecord) -> SafeContact:
        return reach_of(self.uow, self.house, self.uow.enquiries.get(call.enquiry_id)).contact

    def _closed(self, enquiry_ids: Iterable[EnquiryId]) -> frozenset[EnquiryId]:
        return self.uow.concerns.in_closed_queue(enquiry_ids)

    def _slots(
        self,
        calls: Iterable[CallBackRecord],
        closed: frozenset[EnquiryId],
        until: datetime,
        roles: Sequence[Role] = BY_DUTY_WORKERS,
        contacts: Mapping[CallBackId, SafeContact] = MappingProxyType({}),
    ) -> Slots:
        shifts, workers = self.uow.shifts.between(self.now - _DAY, until), self.uow.duty_workers.list_all()
        booked = [
            Booked(
                call.id,
                call.starts_at,
                call.ends_at,
                call.worker_id,
                _BY_OFFICERS if call.enquiry_id in closed else BY_DUTY_WORKERS,
                call.way,
                contacts.get(call.id),
            )
            for call in calls
        ]
        rota = Rota(shifts, workers, self.house.working_time)
        return Slots(calendar=self.calendar, rota=rota, booked=booked, now=self.now, roles=roles)
