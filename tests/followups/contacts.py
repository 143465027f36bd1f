"""What made-up people said of reaching them: valid ones, of which a test states only what it is about."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from bot.followups.planning import Calendar
from bot.followups.safe_contact import SafeContact, Way, read_safe_contact
from bot.followups.windows import DAY, EVERY_DAY, Window
from flows.answers import Answer, Given
from flows.area import Contacting
from tests.app.rota_builders import area

SCHOOL = {"known_until": "2028-12-31", "holidays": [{"from": "2026-12-21", "until": "2027-01-01"}]}
AT_ANY_TIME = (Window(EVERY_DAY, 0, DAY),)
EVERY_WAY = frozenset(Way)


def calendar(*, contacting: dict[str, Any] | None = None, **changes: Any) -> Calendar:
    return Calendar(area(contacting={"school": SCHOOL, **(contacting or {})}, **changes))


def contact(**changes: Any) -> SafeContact:
    """Somebody who may be reached in every way at any time, but for what a test says."""
    return SafeContact(**{"ways": EVERY_WAY, "hours": AT_ANY_TIME, **changes})


def said(*, audience: str = "parent", contacting: Contacting | None = None, **answers: Any) -> SafeContact:
    """Read what somebody answered: an `Answer` as it is, anything else as given by a tap or typed."""
    given: dict[str, Answer] = {
        "safe_contact_methods": Given(["reply_in_this_chat", "call_mobile"], "Reply in this chat, Call my mobile"),
        "safe_times": Given(["any_time"], "Any time"),
    }
    for key, answer in answers.items():
        if answer is None:
            given.pop(key, None)
        else:
            given[key] = Given(answer) if isinstance(answer, str | list) else answer
    return read_safe_contact(given, audience=audience, contacting=contacting or calendar().contacting)


def typed(words: str) -> Given:
    """Return safe times in their own words, as the flow keeps them."""
    return Given({"choice": None, "text": words}, words)


_minutes = st.one_of(st.integers(0, DAY), st.integers(0, 24).map(lambda hour: hour * 60))
windows = st.builds(
    lambda days, ends, school: Window(days, min(ends), max(ends), school),
    st.frozensets(st.integers(0, 6), min_size=1),
    st.tuples(_minutes, _minutes).filter(lambda ends: ends[0] != ends[1]),
    st.booleans(),
)
contacts = st.builds(
    SafeContact,
    ways=st.frozensets(st.sampled_from(Way), min_size=3),
    hours=st.one_of(st.none(), st.lists(windows, min_size=1, max_size=3).map(tuple), st.just(AT_ANY_TIME)),
    avoid=st.lists(windows, max_size=2).map(tuple),
    is_young=st.booleans(),
    may_ring_in_school=st.booleans(),
    needs_interpreter=st.booleans(),
)
times = st.integers(0, DAY - 1).map(lambda minute: f"{minute // 60:02}:{minute % 60:02}")
