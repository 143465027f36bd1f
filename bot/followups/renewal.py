"""Asks again whether they still agree, long after they did: yes, no, or let us talk first."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.conversation.house import House
from bot.conversation.promises import Question
from bot.followups.asking import Answered, Asks, Reaction, Setting, ask, give_help
from bot.followups.due import Handling, Moment, Result
from bot.followups.kinds import FollowUpKind, promise
from bot.followups.reaching import planned_for
from bot.safeguarding.telling import note_act
from flows.reading import Option
from storage.consents import ConsentRecord
from storage.conversations import ConversationRecord
from storage.enquiries import EnquiryRecord
from storage.follow_ups import FollowUpRecord
from storage.unit_of_work import UnitOfWork

AGREE, WHAT = "agree", "what"
YES, NO, TALK, SHOW = "yes", "no", "talk", "show"
_MONTH = timedelta(days=365) / 12
_WHYS = {NO: "not_agreed", TALK: "talk_first"}


def standing_consent(uow: UnitOfWork, enquiry: EnquiryRecord) -> ConsentRecord | None:
    """Return the newest agreement that stands."""
    given = [c for c in uow.consents.of(enquiry.id) if c.given == YES and c.withdrawn_at is None]
    newest = {consent.purpose: consent for consent in uow.consents.of(enquiry.id)}
    standing = [consent for consent in given if newest[consent.purpose].id == consent.id]
    return standing[-1] if standing else None


def promise_renewal(
    uow: UnitOfWork,
    house: House,
    enquiry: EnquiryRecord,
    conversation: ConversationRecord | None,
    now: datetime,
    *,
    at: datetime | None = None,
) -> FollowUpRecord | None:
    """Promise to ask again `at`; unless said, so many months after they agreed (DS03). None: nothing is agreed."""
    consent = standing_consent(uow, enquiry)
    if consent is None:
        return None
    wanted = at or consent.at + house.area.afterwards.consent_months * _MONTH
    planned = planned_for(uow, house, enquiry, wanted, now)
    return promise(
        uow,
        FollowUpKind.CONSENT_RENEWAL,
        enquiry_id=enquiry.id,
        conversation_id=None if conversation is None else conversation.id,
        due_at=planned.at,
        key=f"renewal:{enquiry.id}:{consent.purpose}"[:160],
        details={"consent": consent.id, "worker_if_silent": True, "reasons": list(planned.reasons)},
        now=now,
    )


def _consent(setting: Setting | Moment) -> ConsentRecord | None:
    wanted = setting.follow_up.details.get("consent")
    found = [c for c in setting.uow.consents.of(setting.enquiry.id) if c.id == wanted]
    return found[0] if found and found[0].withdrawn_at is None else None


def _options(setting: Setting, *, show: bool) -> tuple[Option, ...]:
    names = {YES: ("i do", "yes i agree", "i agree"), NO: ("i do not", "not any more"), TALK: ("talk first",)}
    shown = (Option(SHOW, setting.words("renewal_show"), ("what", "what was it")),) if show else ()
    return (*(Option(o, setting.words(f"renewal_{o}"), also) for o, also in names.items()), *shown)


def _agree(setting: Setting) -> Question | None:
    if _consent(setting) is None:
        return None
    return Question(setting.words("renewal_ask"), _options(setting, show=True))


def _what(setting: Setting) -> Question | None:
    """The words they agreed to are shown only to somebody who asks for them: a locked screen shows the first."""
    consent = _consent(setting)
    if consent is None:
        return None
    return Question(setting.words("renewal_what", answer=consent.wording), _options(setting, show=False))


def _answered(answered: Answered) -> Reaction:
    setting, option = answered.setting, answered.option
    if option == SHOW:
        return Reaction("shown", asks=WHAT)
    consent = _consent(setting)
    if consent is None:
        return Reaction("withdrawn_before", says=(setting.words("renewal_said_no"),))
    record = ("consent", consent.id)
    if option == YES:
        setting.uow.consents.record(
            enquiry_id=consent.enquiry_id,
            person_id=consent.person_id,
            purpose=consent.purpose,
            given=YES,
            wording_id=consent.wording_id,
            wording_version=consent.wording_version,
            wording=consent.wording,
            at=setting.now,
        )
    elif option == NO:
        setting.uow.consents.withdraw(consent.id, setting.now)
    note_act(setting.uow, setting.enquiry, "person", f"consent.renewal_{option}", record, setting.now)
    if option in _WHYS:
        why = _WHYS[option]
        key = f"renewal_{why}:{setting.follow_up.id}"
        give_help(setting, why, key=key, worker_id=setting.enquiry.worker_id)
    return Reaction(f"renewal.{option}", says=(setting.words(f"renewal_said_{option}"),))


def _ask(moment: Moment) -> Result:
    return ask(moment, ASKS)


def _is_over(moment: Moment) -> str | None:
    return "consent_over" if _consent(moment) is None else None


def _says(moment: Moment) -> str:
    voice = moment.house.voice(moment.now, moment.enquiry.reference)
    return voice.fixed("renewal_ask", moment.enquiry.audience.value)


ASKS = Asks(AGREE, {AGREE: _agree, WHAT: _what}, _answered)
ASKINGS = {FollowUpKind.CONSENT_RENEWAL: ASKS}
HANDLINGS = {FollowUpKind.CONSENT_RENEWAL: Handling(act=_ask, stale=_is_over, says=_says)}
