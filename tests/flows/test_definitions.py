"""The flows ask what the domain says, of whom it says, in an order that keeps people safe."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import TypeVar

import pytest

from flows.answers import Answer, Given
from flows.catalog import Field as CatalogField
from flows.conditions import All, Any, AudienceIs, Condition, DepthIs, Not
from flows.effects import RaiseConcern, RecordConsent, RetireAnswer, Submit
from flows.engine import Engine
from flows.loader import (
    DEFINITIONS,
    assemble,
    flow_from_json,
    flow_to_json,
    load_area,
    load_catalog,
    load_files,
    load_wording,
)
from flows.model import Ask, Finish, Flow, Group, Node, Say, Section, in_words
from flows.outcome import Asking, Outcome, Reply
from flows.state import Mode, State
from flows.voice import Voice

AUDIENCES = ("parent", "young_person", "public", "professional")
ROLE_OF = {"parent": "parent_or_carer", "professional": "professional"}
TODAY = date(2026, 8, 6)

NOT_BY_THE_BOT = {"nationality_immigration", "alleged_source_of_harm"}
"""It frightens people away, or it investigates. A worker asks."""

NOT_ASKED_AS_A_QUESTION = {
    "privacy_notice_seen": "a record: the words who_reads are said",
    "referral_source_code": "worked out from the role",
    "equality_monitoring": "after sending, stored apart",
    "experience_feedback": "later, and only if a worker allows it",
    "assessment_factors_suspected": "the assessor's own list; what they saw is asked in words",
}

E = TypeVar("E")

MOST_BUTTONS = 8
LONG_LISTS = {
    "disability", "share_with_agencies", "child_status", "specific_risks", "need_categories",
    "worker_safety_risks", "practical_needs", "ethnicity",
}  # fmt: skip
"""Code lists of the census and professionals' checklists, which are asked as they stand."""

MOST_QUESTIONS_QUICK = 9
BEFORE_A_PERSON = 6
MOST_BUBBLES = 3


# -- where each question stands --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Placed:
    """A question or words in the whole front door, with every condition it stands behind."""

    node: Ask | Say | Finish
    guards: tuple[Condition, ...]
    depths: tuple[str, ...]
    groups: tuple[str, ...] = field(default=())

    def possible(self, audience: str, depth: str) -> bool:
        """Whether someone of this audience at this depth may ever come here."""
        return all(d == depth for d in self.depths) and all(_can(g, audience, depth)[0] for g in self.guards)


def _can(condition: Condition, audience: str, depth: str) -> tuple[bool, bool]:
    """Return whether a condition can hold, and whether it can fail, when nothing is known of the answers."""
    match condition:
        case AudienceIs():
            return audience in condition.audience, audience not in condition.audience
        case DepthIs():
            return condition.depth == depth, condition.depth != depth
        case All():
            parts = [_can(c, audience, depth) for c in condition.all]
            return all(p[0] for p in parts), any(p[1] for p in parts)
        case Any():
            parts = [_can(c, audience, depth) for c in condition.any]
            return any(p[0] for p in parts), all(p[1] for p in parts)
        case Not():
            holds, fails = _can(condition.not_, audience, depth)
            return fails, holds
        case _:
            return True, True


def _placed(
    nodes: list[Node], guards: tuple[Condition, ...], depths: tuple[str, ...], groups: tuple[str, ...]
) -> Iterator[Placed]:
    for node in nodes:
        own = (*guards, node.when) if node.when is not None else guards
        deep = (*depths, node.depth) if not isinstance(node, Finish) and node.depth else depths
        match node:
            case Section():
                yield from _placed(node.steps, own, deep, groups)
            case Group():
                yield from _placed(node.steps, own, deep, (*groups, node.group))
                yield Placed(node.more, own, deep, (*groups, node.group))
            case _:
                yield Placed(node, own, deep, groups)


@cache
def front_door() -> Flow:
    return assemble("front_door", load_files())


@cache
def placed() -> tuple[Placed, ...]:
    return tuple(_placed(front_door().steps, (), (), ()))


def asked_of(audience: str, depth: str) -> Iterator[tuple[Placed, Ask]]:
    for place in placed():
        if isinstance(place.node, Ask) and place.possible(audience, depth):
            yield place, place.node


def fields() -> list[CatalogField]:
    return list(load_catalog().fields.values())


# -- playing the flows -----------------------------------------------------------------------------------------

GENTLE = {
    "immediate_danger": "no", "safe_now": "yes", "can_talk_safely": "yes", "carry_on": "yes",
    "consent_to_help": "yes", "another_child": "no", "another_adult": "no", "household": "yes",
    "need_categories": "OTHER", "practical_needs": "none", "specific_risks": "neglect", "dsr_prompt": "no",
    "unborn_due_date": "1 12 2026", "enough_1": "go_on", "enough_2": "go_on",
    "safe_contact_methods": "call_mobile",
}  # fmt: skip
"""Answers that raise no alert and ask for no shortcut."""

TYPED = {
    "name": "Sam", "date": "27 3 2019", "age": "34", "number": "5", "phone": "07700 900 982",
    "email": "name@example.com", "postcode": "DH1 5UL", "address": "DH1 5UL", "text": "a few words",
    "long_text": "a few words", "file": "skip",
}  # fmt: skip

ONE_CHILD_ALONE = {"household": "no", "other_parent": "no", "pregnancy": "no", "has_disability": "no",
                   "autism_or_ld": "no", "allocated_worker": "no"}  # fmt: skip


@dataclass
class Played:
    """A conversation from first words to end: the questions in order, what was said, and what came of it."""

    steps: list[str] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    bubbles: list[int] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def state(self) -> State:
        return self.outcomes[-1].state

    def effects(self, kind: type[E]) -> list[E]:
        return [e for o in self.outcomes for e in o.effects if isinstance(e, kind)]


def engine(*, is_open: bool = True) -> Engine:
    area = load_area(DEFINITIONS / "areas" / "exampleshire.yaml")
    values = {**area.values(), "area.opens": "8.30am on Monday", "area.reply": "today", "reference": "ABC"}
    return Engine(front_door(), Voice(load_wording(), values, is_open))


def known_of(audience: str) -> dict[str, Answer]:
    """Return what a deep link tells us of who they are."""
    return {"role": Given(ROLE_OF[audience])} if audience in ROLE_OF else {}


def play(
    audience: str = "unknown",
    *,
    role: str = "parent_or_carer",
    depth: str = "quick",
    answers: Mapping[str, str] | None = None,
    until: str = "",
    is_open: bool = True,
) -> Played:
    """Hold a whole conversation, tapping buttons and typing words, until it ends or asks `until`."""
    chosen = {**GENTLE, "role": role, "depth": depth, **(answers or {})}
    playing = engine(is_open=is_open)
    outcome = playing.begin(audience=audience, given=known_of(audience))
    played = Played(outcomes=[outcome])
    for _ in range(200):
        _note(played, outcome)
        asking = playing.asking(outcome.state)
        if outcome.state.is_over or outcome.state.mode is Mode.PAUSED or asking.step == until:
            return played
        played.steps.append(asking.step)
        played.fields.append(asking.field)
        outcome = playing.reply(outcome.state, _reply_to(asking, chosen), today=TODAY)
        played.outcomes.append(outcome)
    raise AssertionError(f"it does not end: {played.steps[-5:]}")


def _note(played: Played, outcome: Outcome) -> None:
    played.said.extend(m.text for m in outcome.messages)
    played.bubbles.append(len(outcome.messages))


def _reply_to(asking: Asking, chosen: Mapping[str, str]) -> Reply:
    name = asking.step.rsplit(".", 1)[-1]
    if asking.step == "check_answers":
        return Reply(choice="send")
    ids = [b.id for b in asking.buttons]
    if not ids:
        return Reply(text=chosen.get(name, TYPED[asking.kind]))
    picked = chosen.get(name, ids[0])
    picked = picked if picked in ids else ids[0]
    return Reply(choices=(picked,)) if asking.multiple else Reply(choice=picked)


# -- what is asked, of whom ------------------------------------------------------------------------------------


def test_every_flow_is_sound_and_can_be_put_together() -> None:
    """A flow that does not load takes the front door down."""
    files = load_files()
    assert {"front_door", "family", "young_person", "public", "professional", "danger"} <= set(files)
    for name, file in files.items():
        assert assemble(name, files).steps, name
        assert file.title[:1].isupper(), name
    assert [name for name, file in files.items() if not file.part] == ["front_door"]


def test_a_flow_comes_back_the_same_from_json() -> None:
    """A conversation is pinned to the flow it began with, kept as JSON."""
    assert flow_from_json(flow_to_json(front_door())) == front_door()


@pytest.mark.parametrize("audience", AUDIENCES)
def test_nothing_is_asked_of_someone_it_must_not_be_asked_of(audience: str) -> None:
    """A field the domain says is not for them is never put to them, whatever they answer."""
    catalog = load_catalog().fields
    for depth in ("quick", "full"):
        for _, ask in asked_of(audience, depth):
            assert catalog[ask.ask].requirement.get(audience) != "not_asked", (audience, ask.name)
            assert ask.ask not in NOT_BY_THE_BOT, (audience, ask.name)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_what_must_always_be_asked_is_asked_in_the_fuller_set(audience: str) -> None:
    """Always ask does not mean must answer; it means the question is put."""
    asked = {ask.ask for _, ask in asked_of(audience, "full")}
    groups = {g for place in placed() if place.possible(audience, "full") for g in place.groups}
    missing = {
        f.id
        for f in fields()
        if f.requirement.get(audience) == "ask_always"
        and f.id not in asked | groups | set(NOT_ASKED_AS_A_QUESTION)
    }
    assert not missing


@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_fuller_set_asks_what_may_be_asked(audience: str) -> None:
    """The fuller set is full: what the domain lets us ask is there, but for what is listed with its reason."""
    asked = {ask.ask for _, ask in asked_of(audience, "full")}
    groups = {g for place in placed() if place.possible(audience, "full") for g in place.groups}
    left_out = {
        f.id
        for f in fields()
        if f.requirement.get(audience) == "optional"
        and f.id not in asked | groups | set(NOT_ASKED_AS_A_QUESTION) | NOT_BY_THE_BOT
    }
    assert not left_out


def test_every_question_is_of_a_known_field_and_every_choice_of_its_list() -> None:
    """Answers go to a statutory return by these codes; a code of our own would be lost there."""
    catalog = load_catalog()
    for place in placed():
        if not isinstance(place.node, Ask):
            continue
        ask = place.node
        assert ask.ask in catalog.fields, ask.name
        allowed = _codes(catalog.fields[ask.ask])
        if allowed:
            assert {o.id for o in ask.options} <= allowed, ask.name


def _codes(field_: CatalogField) -> set[str]:
    if isinstance(field_.values, list):
        return {str(v) for v in field_.values}
    if isinstance(field_.values, dict):
        name = str(field_.values["list"])
        if name == "safeguarding-indicators.yaml":
            return set(load_catalog().indicators)
        if name.startswith("code-lists/"):
            rows = load_catalog().lists[name.removeprefix("code-lists/").removesuffix(".csv")].rows
            return {row.get("code") or row["level"] for row in rows}
        if name == "languages setting":
            return set(load_area(DEFINITIONS / "areas" / "exampleshire.yaml").languages)
    return set()


def test_what_is_raised_is_an_indicator_at_no_less_than_its_own_urgency() -> None:
    """An answer may not make light of what a message would be screened for."""
    catalog = load_catalog()
    order = ["none", "advice", "same_day", "immediate", "emergency"]
    seen: set[str] = set()
    for place in placed():
        if isinstance(place.node, Ask):
            for worry in place.node.raises:
                seen.add(worry.indicator)
                if worry.indicator in ("danger_answer", "cannot_talk"):
                    continue
                assert order.index(worry.urgency) >= order.index(catalog.indicators[worry.indicator].urgency)
    assert {"danger_answer", "cannot_talk", "domestic_abuse", "no_food_heat_home_tonight"} <= seen


def test_every_professional_concern_raises_something() -> None:
    """A concern ticked on the list and told to nobody would be worse than no list."""
    ask = next(a for a in front_door().asks() if a.name == "specific_risks")
    assert {o.id for o in ask.options} == {r.indicator for r in ask.raises}


def test_buttons_are_few_and_end_with_a_way_out() -> None:
    """A phone shows about six; who fits none of them must still be able to answer."""
    for audience in AUDIENCES:
        for _, ask in asked_of(audience, "full"):
            options = [o for o in ask.options if o.when is None or _can(o.when, audience, "full")[0]]
            if ask.name in LONG_LISTS:
                continue
            assert len(options) <= MOST_BUTTONS, (audience, ask.name, len(options))
            if len(options) > 3:
                assert ask.or_text or ask.optional, ask.name


def test_no_sensitive_choice_is_called_other() -> None:
    """Nobody is an "other"."""
    for ask in front_door().asks():
        for option in ask.options:
            for audience in (*AUDIENCES, "unknown"):
                assert not re.match(r"(?i)(any )?other\b", in_words(option.label, audience)), (ask.name, option.id)


def test_a_question_with_not_sure_asks_for_no_other_way_to_say_it() -> None:
    """Two buttons that mean the same make people doubt both."""
    for ask in front_door().asks():
        ids = {o.id for o in ask.options}
        if ids & {"not_sure", "not_known"}:
            assert not ask.not_known, ask.name


# -- danger first ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("audience", "step", "answer", "urgency"),
    [
        ("unknown", "immediate_danger", "yes", "emergency"),
        ("unknown", "immediate_danger", "not_sure", "immediate"),
        ("parent", "immediate_danger", "yes", "emergency"),
        ("parent", "immediate_danger", "not_sure", "immediate"),
        ("public", "immediate_danger", "yes", "emergency"),
        ("professional", "immediate_danger", "not_sure", "immediate"),
        ("young_person", "safe_now", "no", "emergency"),
        ("young_person", "safe_now", "not_sure", "immediate"),
    ],
)
def test_an_answer_that_says_danger_is_told_to_a_person(
    audience: str, step: str, answer: str, urgency: str
) -> None:
    """The young person's question is the other way round: there, NO is the danger."""
    playing = engine()
    begun = playing.begin(audience=audience, given=known_of(audience))
    assert playing.asking(begun.state).step == step
    outcome = playing.reply(begun.state, Reply(choice=answer), today=TODAY)
    raised = [e for e in outcome.effects if isinstance(e, RaiseConcern)]
    assert [(r.indicator, r.urgency) for r in raised] == [("danger_answer", urgency)]
    assert "call 999 now" in outcome.messages[0].text
    assert playing.asking(outcome.state).step == "whereabouts_now"


@pytest.mark.parametrize(
    ("audience", "step", "answer"),
    [
        ("unknown", "immediate_danger", "no"),
        ("parent", "immediate_danger", "no"),
        ("young_person", "safe_now", "yes"),
    ],
)
def test_an_answer_that_says_safe_raises_nothing(audience: str, step: str, answer: str) -> None:
    """False alarms are cheap, but a wrong way round would be an alarm for every child who is safe."""
    played = play(audience, role="young_person_under_18" if audience == "young_person" else "parent_or_carer")
    assert played.steps[0] == step
    assert not played.effects(RaiseConcern)


def test_a_young_person_found_out_later_is_not_asked_the_other_way_round() -> None:
    """Their "no" to "is anyone in danger" must never be read as "no" to "are you safe"."""
    played = play("unknown", role="young_person_under_18")
    assert played.steps[:2] == ["immediate_danger", "role"]
    assert "safe_now" not in played.steps
    assert not played.effects(RaiseConcern)


@pytest.mark.parametrize("audience", ["unknown", *AUDIENCES])
def test_gibberish_to_the_danger_question_brings_a_person(audience: str) -> None:
    """Fails toward people: what cannot be read twice counts as not sure."""
    playing = engine()
    state = playing.begin(audience=audience).state
    step = playing.asking(state).step
    effects: list[object] = []
    for _ in range(3):
        if playing.asking(state).step == step:
            outcome = playing.reply(state, Reply(text="wibble wobble"), today=TODAY)
            state, effects = outcome.state, [*effects, *outcome.effects]
    assert [e.urgency for e in effects if isinstance(e, RaiseConcern)] == ["immediate"]


def test_in_danger_only_what_sends_help_is_asked() -> None:
    """Never who did it, what happened, how or where on the body."""
    allowed = {
        "whereabouts_now", "medical_help_needed", "police_called", "safe_contact_methods", "phone", "email",
        "contact_name", "professional_contact", "carry_on",
    }  # fmt: skip
    danger = assemble("danger", load_files())
    assert {ask.ask for ask in danger.asks()} <= allowed


@pytest.mark.parametrize("audience", ["unknown", *AUDIENCES])
def test_danger_ends_with_a_person_or_goes_on_as_they_choose(audience: str) -> None:
    """After danger nothing more is asked unless they want it; both ways end with a person."""
    danger = {"safe_now": "no", "immediate_danger": "yes"}
    role = "young_person_under_18" if audience == "young_person" else "other_family"
    stopped = play(audience, role=role, answers={**danger, "carry_on": "no"})
    assert stopped.state.mode is Mode.HANDED_OVER
    assert stopped.steps[-1] == "carry_on"
    assert len(stopped.effects(Submit)) == 1
    assert "keep writing" in stopped.said[-1]
    assert "999" in stopped.said[-1]
    went_on = play(audience, role=role, answers={**danger, "carry_on": "yes"})
    assert went_on.state.mode is Mode.FINISHED
    assert "reason_in_own_words" in went_on.steps
    assert went_on.steps[-1] == "check_answers"
    assert len(went_on.steps) == len(set(went_on.steps)), "asked twice"
    if audience == "young_person":
        assert "police_called" not in stopped.steps


@pytest.mark.parametrize("audience", ["parent", "young_person"])
@pytest.mark.parametrize("answer", ["no", "not_sure"])
def test_who_cannot_talk_safely_is_asked_nothing_else(audience: str, answer: str) -> None:
    """Someone may be looking over their shoulder."""
    played = play(audience, role="young_person_under_18", answers={"can_talk_safely": answer})
    assert played.state.mode is Mode.PAUSED
    assert played.steps[-1] == "can_talk_safely"
    assert [(r.indicator, r.urgency) for r in played.effects(RaiseConcern)] == [("cannot_talk", "same_day")]
    assert "Exit" in played.said[-1]
    assert "delete this chat" in played.said[-1]
    assert "999" in played.said[-1]
    assert not played.outcomes[-1].messages[-1].asks


def test_help_chosen_from_a_list_is_heard_as_if_it_were_typed() -> None:
    """Being hurt or controlled at home is a button; tapping it is a disclosure."""
    played = play("parent", depth="full", answers={"need_categories": "DA"}, until="whereabouts_now")
    assert ("domestic_abuse", "immediate") in {(r.indicator, r.urgency) for r in played.effects(RaiseConcern)}
    assert "999" in "\n".join(m.text for m in played.outcomes[-1].messages)


def test_a_worry_raised_late_takes_nothing_away() -> None:
    """What they told us before it, and what they agreed to, stands on the record a worker reads."""
    chosen = {"need_categories": "DA"}
    played = play("young_person", role="young_person_under_18", depth="full", answers=chosen)
    assert played.steps.index("impact_on_child") < played.steps.index("need_categories")
    assert not played.effects(RetireAnswer)
    lines = played.outcomes[-2].messages[-1].text
    assert "How it affects you" in lines
    assert "Agreement to get help" in lines


def test_what_a_young_person_said_of_danger_outlives_a_change_of_who_they_are() -> None:
    """They came by the young people's link, said they are not sure they are safe, and are a parent."""
    playing = engine()
    outcome = playing.begin(audience="young_person")
    outcome = playing.reply(outcome.state, Reply(choice="yes"), today=TODAY)
    outcome = playing.reply(outcome.state, Reply(choice="parent_or_carer"), today=TODAY)
    assert outcome.state.audience == "parent"
    assert not any(isinstance(e, RetireAnswer) for e in outcome.effects)
    assert playing.asking(outcome.state).step == "can_talk_safely"
    first = playing.change(outcome.state, 1)
    changed = playing.reply(first.state, Reply(choice="no"), today=TODAY)
    assert [e.urgency for e in changed.effects if isinstance(e, RaiseConcern)] == ["emergency"]


# -- safe contact and agreement --------------------------------------------------------------------------------


@pytest.mark.parametrize("audience", ["parent", "young_person", "public"])
def test_how_it_is_safe_to_reach_them_comes_before_any_number(audience: str) -> None:
    """A call to the wrong phone can put someone at risk."""
    by_phone = play(audience, role="other_family" if audience == "public" else "young_person_under_18")
    assert by_phone.steps.index("safe_contact_methods") < by_phone.steps.index("phone")
    for way in ("reply_in_this_chat", "i_will_contact_you", "none_is_safe"):
        without = play(audience, role="young_person_under_18", answers={"safe_contact_methods": way})
        assert "phone" not in without.steps
        assert "email" not in without.steps


def test_a_professional_is_not_asked_what_a_person_at_risk_is() -> None:
    """They give a work phone; the safe-contact set is not for them."""
    played = play("professional", depth="full")
    assert "safe_contact_methods" not in played.steps
    assert "phone" not in played.steps
    assert "professional_phone" in played.steps


@pytest.mark.parametrize("audience", ["parent", "young_person", "professional"])
def test_agreement_to_help_is_recorded_with_the_words_that_were_shown(audience: str) -> None:
    """Agreement to be helped is a fact of its own, apart from the basis to hold data; a refusal is one too."""
    for answer in ("yes", "no", "want_to_talk_first"):
        played = play(audience, role="young_person_under_18", answers={"consent_to_help": answer})
        helped = [c for c in played.effects(RecordConsent) if c.purpose == "help"]
        assert [c.given for c in helped] == [answer]
        assert helped[0].wording
        assert "consent to" not in helped[0].wording
        assert played.state.mode is Mode.FINISHED, "a refusal never stops the enquiry"


@pytest.mark.parametrize("audience", ["parent", "young_person"])
def test_agreement_is_not_a_condition_where_someone_may_be_in_danger(audience: str) -> None:
    """Protecting a child does not wait for agreement, and we say so instead of asking."""
    played = play(audience, role="young_person_under_18", answers={"safe_now": "no", "immediate_danger": "yes"})
    assert "consent_to_help" not in played.steps
    assert any("we will pass this on" in text for text in played.said)


def test_nobody_is_asked_to_consent_to_their_data_being_held() -> None:
    """It is not the lawful basis, and asking would mislead."""
    for ask in front_door().asks():
        words = ask.words if isinstance(ask.words, str) else " ".join(ask.words.values())
        assert not re.search(r"(?i)consent|process(ing)? (your|the) (data|information)", words), ask.name


# -- how much is asked -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("audience", "role"),
    [
        ("unknown", "parent_or_carer"), ("unknown", "young_person_under_18"), ("unknown", "friend_or_neighbour"),
        ("unknown", "professional"), ("parent", ""), ("young_person", "young_person_under_18"),
        ("public", "other_family"), ("professional", ""),
    ],
)  # fmt: skip
def test_the_short_set_is_short(audience: str, role: str) -> None:
    """A family on a phone does not have ninety minutes. Check-your-answers asks nothing new and is not counted."""
    for way in ("reply_in_this_chat", "call_mobile", "text", "email"):
        played = play(audience, role=role, answers={"safe_contact_methods": way})
        assert played.state.mode is Mode.FINISHED
        assert played.steps[-1] == "check_answers"
        assert len(played.steps) - 1 <= MOST_QUESTIONS_QUICK, played.steps
        assert "reason_in_own_words" in played.steps


def test_a_young_person_is_offered_a_human_within_six_questions() -> None:
    """They may only need to know that someone real is there."""
    for audience in ("unknown", "young_person"):
        playing = engine()
        outcome = playing.begin(audience=audience)
        offered_at = 0
        for questions in range(1, BEFORE_A_PERSON + 1):
            asking = playing.asking(outcome.state)
            assert "person" in {b.id for b in asking.controls}, asking.step
            reply = _reply_to(asking, {**GENTLE, "role": "young_person_under_18"})
            outcome = playing.reply(outcome.state, reply, today=TODAY)
            if any("talk to a real person" in m.text for m in outcome.messages):
                offered_at = questions
        assert 0 < offered_at <= BEFORE_A_PERSON


@pytest.mark.parametrize("audience", ["unknown", *AUDIENCES])
@pytest.mark.parametrize("depth", ["quick", "full"])
def test_a_whole_conversation_reaches_the_duty_team(audience: str, depth: str) -> None:
    """Every audience, both depths: from greeting to sent, nothing asked twice, never a wall of text."""
    role = {"young_person": "young_person_18_to_25", "public": "member_of_public"}.get(audience, "parent_or_carer")
    played = play(audience, role=role, depth=depth)
    assert played.state.mode is Mode.FINISHED
    assert len(played.effects(Submit)) == 1
    assert len(played.steps) == len(set(played.steps)), "asked twice"
    assert max(played.bubbles) <= MOST_BUBBLES
    assert "ABC" in played.said[-1]
    assert "999" in played.said[-1]
    assert "feedback" not in played.said[-1]
    assert all(text.strip() for text in played.said)


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("danger", [False, True])
def test_nothing_said_at_night_promises_someone_now(audience: str, danger: bool) -> None:
    """Out of hours the truth is a number that is answered, and when the team is next in."""
    answers = {"safe_now": "no", "immediate_danger": "yes"} if danger else {}
    role = "young_person_under_18" if audience == "young_person" else "other_family"
    played = play(audience, role=role, depth="full", answers=answers, is_open=False)
    assert played.state.mode is Mode.FINISHED
    words = "\n".join(text for text in played.said if "Check your answers" not in text)
    assert not re.search(r"worker (is being|has been) told|read it today|look at this (now|today)", words)
    assert "01632 960 002" in played.said[-1]
    assert "8.30am on Monday" in played.said[-1]


@pytest.mark.parametrize("audience", AUDIENCES)
def test_counts_given_to_people_are_honest(audience: str) -> None:
    """ "About 5 more" must be about 5: someone on their break decides by it."""
    role = {"young_person": "young_person_under_18", "public": "friend_or_neighbour"}.get(audience, "")
    hint = in_words(next(a for _, a in asked_of(audience, "quick") if a.ask == "depth").hint, audience)
    told = [int(n) for n in re.findall(r"about (\d+)", hint)]
    depths = ["quick", "full"] if len(told) == 2 else ["full"]
    assert told
    for depth, count in zip(depths, told, strict=True):
        played = play(audience, role=role, depth=depth, answers=ONE_CHILD_ALONE)
        asked = len(played.steps) - 1 - played.steps.index("depth") - 1
        assert abs(asked - count) <= max(1, count // 10), (depth, asked, count)


@pytest.mark.parametrize(("audience", "role"), [("parent", ""), ("young_person", "young_person_under_18")])
def test_the_fuller_set_can_be_sent_part_way(audience: str, role: str) -> None:
    """Nobody is held to a long form they began; what they gave so far stands."""
    whole = play(audience, role=role, depth="full")
    part = play(audience, role=role, depth="full", answers={"enough_1": "enough"})
    assert part.state.mode is Mode.FINISHED
    assert len(part.steps) < len(whole.steps) * 0.75
    assert set(part.steps) <= set(whole.steps)
    assert "reason_in_own_words" in part.state.answers


@pytest.mark.parametrize("audience", ["parent", "public", "professional"])
def test_every_child_is_asked_about_in_turn(audience: str) -> None:
    """The child nobody asked about is the one who is missed."""
    playing = engine()
    chosen = {**GENTLE, "role": "other_family", "depth": "full"}
    outcome = playing.begin(audience=audience, given=known_of(audience))
    steps: list[str] = []
    for _ in range(200):
        asking = playing.asking(outcome.state)
        if outcome.state.is_over:
            break
        steps.append(asking.step)
        more = "yes" if asking.step == "children.0.another_child" else "no"
        reply = _reply_to(asking, {**chosen, "another_child": more})
        outcome = playing.reply(outcome.state, reply, today=TODAY)
    assert {"children.0.child_name", "children.1.child_name"} <= set(steps)
    assert "children.2.child_name" not in steps
    assert outcome.state.mode is Mode.FINISHED


def test_an_unborn_baby_is_asked_about() -> None:
    """Help can begin before birth."""
    for audience in ("parent", "professional"):
        played = play(audience, depth="full", answers={"pregnancy": "yes"}, until="unborn_due_date")
        assert played.steps[-1] == "pregnancy"


def test_the_check_reads_well() -> None:
    """What they are about to send is shown under short plain names, not our ids."""
    for audience in AUDIENCES:
        played = play(audience, role="young_person_under_18", depth="full", until="check_answers")
        text = played.outcomes[-1].messages[-1].text
        assert not re.search(r"\w_\w", text.replace("name@example.com", "")), text
        assert "1. " in text


def test_who_they_are_can_always_be_put_right() -> None:
    """A person who tapped the wrong button, or came by the wrong link, must not be locked into it."""
    role = next(a for a in front_door().asks() if a.name == "role")
    for audience in ("unknown", *AUDIENCES):
        offered = {o.id for o in role.options if o.when is None or _can(o.when, audience, "quick")[0]}
        reached = {role.maps[o] for o in offered}
        assert {"parent", "professional", "public"} <= reached, audience
    assert set(role.maps) == {o.id for o in role.options}
    assert set(role.maps.values()) == set(AUDIENCES)
