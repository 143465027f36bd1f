"""What is said of call-backs: exactly what is promised, in words that give nothing away to somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.conversation.house import House
from bot.followups.safe_contact import SafeContact
from flows.reading import Option
from storage.call_backs import CallBackRecord, Said
from storage.duty_workers import DutyWorkerRecord
from storage.enquiries import EnquiryRecord

MORE, NONE = "more", "none"
MOVE, CANCEL, FILE = "move", "cancel", "file"
_TICK = 60


def option_of(starts_at: datetime) -> str:
    """Return the id of the button of a time: its minutes since the epoch."""
    return str(int(starts_at.timestamp()) // _TICK)


def day_and_time(at: datetime, zone: ZoneInfo) -> str:
    """Return "2.30pm on Tuesday 3 March": the day is named, so that nobody reads it on another."""
    return f"{clock(at, zone)} on {day(at, zone)}"


def between(starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> str:
    return f"between {clock(starts_at, zone)} and {clock(ends_at, zone)} on {day(starts_at, zone)}"


def clock(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    minutes = f".{local.minute:02}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"


def day(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{local:%A} {local.day} {local:%B}"


@dataclass(frozen=True, slots=True)
class CallWords:
    """The words of one enquiry's call-backs at one time."""

    house: House
    enquiry: EnquiryRecord
    now: datetime

    def say(self, key: str, **values: str) -> str:
        voice = self.house.voice(self.now, self.enquiry.reference)
        return voice.fixed(key, self.enquiry.audience.value, values)

    def when(self, call: CallBackRecord) -> str:
        return between(call.starts_at, call.ends_at, self.zone)

    @property
    def zone(self) -> ZoneInfo:
        return self.house.working_time.zone

    def promise(
        self, call: CallBackRecord, contact: SafeContact, worker: DutyWorkerRecord | None, *, has_moved: bool
    ) -> str:
        """Return what is promised: who, when, on which phone, what shows there, and what of a voicemail."""
        name = worker.name.split()[0] if worker is not None and worker.name.split() else ""
        shows = "call_number_shows" if self.house.area.call_backs.shows_number else "call_number_hidden"
        lines = [
            self.say("call_back_moved" if has_moved else "call_back_booked"),
            self.say(
                "call_back_promise",
                when=self.when(call),
                who=self.say("call_who", worker=name) if name else self.say("call_who_any"),
                phone=self.say(f"call_on_{call.way}"),
            ),
            self.say(shows),
            self.say(f"call_voicemail_{contact.voicemail.value}"),
        ]
        if contact.code_word:
            lines.append(self.say("call_code_word"))
        lines.append(self.say("call_back_change"))
        return "\n".join(lines)

    def slot_options(self, starts: Sequence[datetime], *, more: bool) -> tuple[Option, ...]:
        """Return a button for each time, with the one for more times and the one for none."""
        also = ("yes", "yes please", "that one", "that is fine", "ok") if len(starts) == 1 else ()
        found = [Option(option_of(at), day_and_time(at, self.zone), also) for at in starts]
        if more:
            found.append(Option(MORE, self.say("call_more"), ("more", "other times", "another time", "later")))
        return (
            *found,
            Option(NONE, self.say("call_none"), ("no", "no thanks", "no thank you", "none", "no call")),
        )

    def kept_options(self) -> tuple[Option, ...]:
        """Return what may be done with a call that is booked."""
        return (
            Option(MOVE, self.say("call_move"), ("move it", "change it", "move", "another time", "move my call")),
            Option(CANCEL, self.say("call_cancel"), ("cancel", "cancel it", "cancel my call", "dont ring")),
            Option(FILE, self.say("call_file"), ("calendar", "save the date", "add it to my calendar")),
        )

    def said_options(self) -> tuple[Option, ...]:
        """Return the answers to whether we rang."""
        also = {
            Said.TALKED: ("yes", "yes we talked", "we talked", "we spoke", "yes we spoke"),
            Said.MISSED_IT: ("i missed it", "missed it", "i missed the call"),
            Said.COULD_NOT_TALK: ("could not talk", "i couldn't talk", "not safe"),
            Said.NOT_RUNG: ("no", "nobody rang", "no one rang", "nobody called", "no call", "you didn't ring"),
        }
        return tuple(Option(said.value, self.say(f"call_said_{said.value}"), also[said]) for said in Said)
