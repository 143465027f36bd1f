"""`flows check` finds each kind of mistake, says where, and is silent about flows that are sound."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.answers import Answer, Given, NotKnown, PreferNotToSay, Skipped
from flows.catalog import Catalog, CodeList, Field, Indicator
from flows.checks.finding import Finding
from flows.checks.whole import check_flows
from flows.checks.words import SPOKEN_BY_ENGINE
from flows.exploring.exploration import explore
from flows.loader import assemble, flow_to_json, load_catalog, load_files, load_wording
from flows.model import Ask, Finish, FlowFile
from flows.path import places
from flows.reading.expected import ERRORS
from flows.state import State
from flows.wording import FixedWords, Wording

YES_NO = [{"id": "yes", "label": "Yes"}, {"id": "no", "label": "No"}]
END = {"finish": "submit", "say": ["sent"]}


def ask(name: str, **more: Any) -> dict[str, Any]:
    """A yes or no question, sound in itself."""
    return {"ask": name, "kind": "yes_no", "words": f"What about {name}?", "options": YES_NO, **more}


def text(name: str, **more: Any) -> dict[str, Any]:
    return {"ask": name, "kind": "text", "words": f"What about {name}?", **more}


CATALOG = Catalog(
    fields={
        name: Field(id=name, values=values, requirement=requirement)
        for name, values, requirement in [
            ("one", ["yes", "no"], {}),
            ("two", ["yes", "no"], {}),
            ("three", None, {}),
            ("more", ["yes", "no"], {}),
            ("own_name", None, {}),
            ("role", None, {}),
            ("coded", {"list": "code-lists/colours.csv"}, {}),
            ("phone", None, {}),
            ("safe_contact_methods", None, {}),
            ("adults_only", None, {"young_person": "not_asked", "parent": "optional"}),
            *((f"field_{n}", None, {}) for n in range(12)),
        ]
    },
    indicators={
        "neglect": Indicator(
            id="neglect", label="Neglect", urgency="immediate", bot_says_now="", bot_says_now_young_person=""
        )
    },
    lists={"colours": CodeList("colours", ({"code": "R", "label": "Red"}, {"code": "B", "label": "Blue"}))},
)


def words(**extra: Any) -> Wording:
    texts = {**dict.fromkeys((*SPOKEN_BY_ENGINE, *ERRORS, "sent", "hello"), "Words."), **extra}
    return Wording({key: FixedWords(id=key, text=value) for key, value in texts.items()})


Check = Callable[..., list[Finding]]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """Check flows written as steps; the first is where conversations begin. Files are read as any flow is."""

    def run(*steps: Any, others: Mapping[str, list[Any]] | None = None, **more: Any) -> list[Finding]:
        files = written(tmp_path, list(steps), others or {}, more.pop("audience", "parent"))
        wording = more.pop("wording", words())
        return check_flows(files, ["main"], catalog=CATALOG, wording=wording, **more)

    return run


def written(
    folder: Path, steps: list[Any], others: Mapping[str, list[Any]] | None = None, audience: str = "parent"
) -> dict[str, FlowFile]:
    (folder / "flows").mkdir(exist_ok=True)
    flows = {"main": steps, **(others or {})}
    for name, listed in flows.items():
        data = {"flow": name, "title": name.title(), "version": 1, "steps": listed}
        data |= {"audience": audience} if name == "main" else {"part": True}
        (folder / "flows" / f"{name}.yaml").write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    return load_files(folder)


def kinds(findings: list[Finding]) -> set[str]:
    return {finding.kind for finding in findings}


def only(findings: list[Finding], kind: str) -> Finding:
    found = [finding for finding in findings if finding.kind == kind]
    assert len(found) == 1, [str(f) for f in findings]
    return found[0]


def test_a_sound_flow_has_no_findings(check: Check) -> None:
    """A check that cries wolf is soon not run."""
    findings = check(
        {"say": "hello"},
        ask("one"),
        text("three", when={"answer": "one", "in": ["yes"]}),
        {"each": "children", "steps": [text("own_name")], "more": ask("more", words="Another?"), "most": 5},
        END,
    )
    assert findings == []


# Ways through


def test_a_way_without_an_end_is_told_with_the_answers_that_lead_there(check: Check) -> None:
    """Someone who answered all we asked would wait for ever; the author must see which answers do it."""
    findings = check(ask("one"), {**END, "when": {"answer": "one", "in": ["yes", "no"]}})
    found = [f for f in findings if f.kind == "dead_end"]
    assert found
    told = " ".join(f.message for f in found)
    assert "a parent or carer" in told
    assert 'one is "I do not know", "rather not say", skipped or' in told
    assert 'one is "Yes"' not in told


def test_skipping_alone_can_lead_to_a_dead_end(check: Check) -> None:
    """Every question can be skipped; a flow that ends only for those who answer strands the others."""
    findings = check(ask("one"), {**END, "when": {"not": {"answer": "one", "state": "skipped"}}})
    assert "one is skipped" in only(findings, "dead_end").message


def test_a_question_that_may_not_be_skipped_is_not_thought_skipped(check: Check) -> None:
    """For danger, silence is taken as the answer that raises attention, so no way leads through a skip."""
    danger = ask("one", optional=False, unreadable_as="yes")
    assert check(danger, {**END, "when": {"not": {"answer": "one", "state": "skipped"}}})[0].kind == "always_true"


def test_an_end_for_each_level_of_worry_but_one_is_a_dead_end(check: Check) -> None:
    """Screening can raise the worry at any moment, whatever was asked."""
    findings = check(ask("one"), {**END, "when": {"not": {"concern": "emergency"}}})
    assert "a worry of `emergency`" in only(findings, "dead_end").message


def test_an_answer_that_raises_a_worry_is_not_followed_without_it(check: Check) -> None:
    """Otherwise each danger question would look like a dead end that cannot happen."""
    worry = {
        "when": {"answer": "one", "in": ["yes"]},
        "indicator": "neglect",
        "urgency": "emergency",
        "why": "said so",
    }
    ends: list[Any] = [
        {**END, "when": {"concern": "emergency"}},
        {**END, "when": {"not": {"answer": "one", "in": ["yes"]}}},
    ]
    assert "dead_end" not in kinds(check(ask("one", raises=[worry]), *ends))
    assert "dead_end" in kinds(check(ask("one"), *ends))


def test_who_they_are_follows_from_the_answer_that_sets_it(check: Check) -> None:
    """A role sets the audience; the flow must end for each audience it can set, and for one not told."""
    role = {
        "ask": "role", "kind": "choice", "words": "Who are you?", "sets": "audience", "maps": {"mum": "parent"},
        "options": [{"id": "mum", "label": "Mum"}, {"id": "public", "label": "A neighbour"}],
    }  # fmt: skip
    findings = check(role, {**END, "when": {"audience": ["parent", "public"]}}, audience="unknown")
    assert any("someone we do not know yet" in f.message for f in findings if f.kind == "dead_end")
    assert not any("a member of the public" in f.message for f in findings if f.kind == "dead_end")


def test_steps_after_an_end_without_condition_are_never_reached(check: Check) -> None:
    """An end put too early silently drops every question after it."""
    found = only(check(ask("one"), END, ask("two"), END), "unreachable")
    assert found.place == "step 3 (two)"
    assert "finish_submit" in found.message


def test_a_step_whose_condition_cannot_hold_is_never_reached(check: Check) -> None:
    """Two conditions that exclude each other look right one at a time."""
    when = {"all": [{"answer": "one", "in": ["yes"]}, {"answer": "one", "in": ["no"]}]}
    found = only(check(ask("one"), ask("two", when=when), END), "unreachable")
    assert found.place == "step 2 (two)"


def test_a_guarded_part_that_never_plays_is_told_once(check: Check) -> None:
    """One mistake is one finding, not one for each step inside."""
    use = {"use": "part", "when": {"audience": ["professional"]}}
    found = only(check(use, ask("two"), END, others={"part": [ask("one"), text("three")]}), "unreachable")
    assert found.place == "step 1 (use part)"


def test_a_shared_part_is_judged_by_all_the_flows_that_use_it(tmp_path: Path) -> None:
    """A question for one audience is dead in the other's flow, and that is what a shared part is for."""
    part = [text("three", when={"audience": ["parent"]}), text("own_name", when={"audience": ["public"]})]
    written(tmp_path, [{"use": "part"}, END], {"part": part, "other": [{"use": "part"}, END]})
    files = load_files(tmp_path)
    files["other"] = files["other"].model_copy(update={"audience": "public", "part": False})
    both = check_flows(files, ["main", "other"], catalog=CATALOG, wording=words())
    assert both == []
    alone = check_flows(files, ["main"], catalog=CATALOG, wording=words())
    assert "unreachable" in kinds(alone)


def test_an_option_that_is_never_offered_is_unreachable(check: Check) -> None:
    """An answer nobody can give is as good as missing."""
    options = [*YES_NO, {"id": "maybe", "label": "Maybe", "when": {"audience": ["public"]}}]
    assert (
        "option maybe" in only(check(text("own_name"), ask("role", options=options), END), "unreachable").message
    )


def test_conditions_that_never_or_always_hold_in_part_are_told(check: Check) -> None:
    """They hide that the author meant something else."""
    never = {"any": [{"answer": "one", "in": ["yes"]}, {"audience": ["professional"]}]}
    always = {"all": [{"answer": "one", "in": ["yes"]}, {"audience": ["parent"]}]}
    assert "a professional" in only(check(ask("one"), ask("two", when=never), END), "never_true").message
    assert "a parent or carer" in only(check(ask("one"), ask("two", when=always), END), "always_true").message


def test_a_worry_that_no_answer_raises_is_an_error(check: Check) -> None:
    """It was written so that someone is told; nobody ever would be."""
    worry: dict[str, Any] = {"when": {"all": [{"answer": "one", "in": ["yes"]}, {"audience": ["public"]}]}}
    worry |= {"indicator": "neglect", "urgency": "immediate", "why": "said so"}
    found = [f for f in check(ask("one", raises=[worry]), END) if f.kind == "never_true"]
    assert found
    assert found[0].severity == "error"


def test_an_audience_that_never_comes_is_told(check: Check) -> None:
    """Most often it is a slip for another audience."""
    role = {
        "ask": "role", "kind": "choice", "words": "Who are you?", "sets": "audience",
        "options": [{"id": "parent", "label": "Mum"}, {"id": "public", "label": "A neighbour"}],
    }  # fmt: skip
    slip = text("three", when={"audience": ["public", "professional"]})
    assert "a professional" in only(check(role, slip, END), "absent_audience").message


@pytest.mark.parametrize(
    ("when", "kind", "said"),
    [
        ({"answer": "two", "in": ["yes"]}, "not_asked_before", "only after this"),
        ({"answer": "nothing", "in": ["yes"]}, "not_asked_before", "nowhere"),
        ({"answer": "own_name", "state": "given"}, "not_asked_before", "repeated part"),
        ({"answer": "one", "in": ["perhaps"]}, "unknown_option", "`perhaps`"),
    ],
)
def test_a_condition_looks_only_at_what_was_asked(check: Check, when: Any, kind: str, said: str) -> None:
    """A misspelt name or value makes a condition that quietly never holds."""
    group = {"each": "children", "steps": [text("own_name")], "more": ask("more", words="Another?"), "most": 5}
    assert said in only(check(ask("one"), group, text("three", when=when), ask("two"), END), kind).message


def test_steps_of_a_repeated_part_may_look_at_each_other(check: Check) -> None:
    """Each child's own answers decide what is asked about that child."""
    inner = [ask("one"), text("three", when={"answer": "one", "in": ["yes"]})]
    assert check({"each": "children", "steps": inner, "more": ask("more", words="Another?")}, END) == []


def test_two_different_questions_under_one_name_are_told(check: Check) -> None:
    """The second would be passed over, its answer taken from the first."""
    assert only(check(ask("one"), text("one"), END), "asked_twice").place == "step 2 (one)"
    assert check(ask("one"), text("one", id="one_more"), END) == []


def test_too_many_ways_are_said_not_guessed(check: Check) -> None:
    """A check that gives up says so, and calls nothing unreachable that it did not look for."""
    many = [text(f"field_{n}", kind="yes_no", options=YES_NO) for n in range(12)]
    all_yes = {"all": [{"answer": f"field_{n}", "in": ["yes"]} for n in range(12)]}
    none_given = {"not": {"any": [{"answer": f"field_{n}", "state": "given"} for n in range(12)]}}
    found = check(*many, text("three", when=all_yes), text("own_name", when=none_given), END)
    assert kinds(found) == {"too_many_ways", "asks_too_much"}


# Fields, values, words


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        (text("spelt_wrong"), "unknown_field"),
        (ask("one", options=[*YES_NO, {"id": "perhaps", "label": "Perhaps"}]), "wrong_value"),
        (ask("coded", options=[{"id": "R", "label": "Red"}, {"id": "G", "label": "Green"}]), "wrong_value"),
        (ask("role", sets="audience"), "wrong_value"),
        (ask("one", raises=[{"when": {"answer": "one", "in": ["yes"]}, "indicator": "nonsense",
                             "urgency": "immediate", "why": "said so"}]), "unknown_indicator"),
        ({"say": "never_written"}, "missing_words"),
        (text("three", words=""), "missing_words"),
        (text("three", words={"public": "What?"}), "missing_words"),
        (text("three", words="What does {own_nam} need?"), "missing_words"),
        (text("three", hint="Ring {area.telephone}"), "missing_words"),
        (text("three", errors={"nonsense": "Enter it"}), "missing_words"),
        (ask("one", options=[YES_NO[0], {"id": "no", "label": ""}]), "missing_words"),
        (ask("one", options=[YES_NO[0], {"id": "no", "label": "No", "also": ["YES."]}]), "indistinct"),
        (ask("role", options=[{"id": "back", "label": "Back home"}]), "indistinct"),
    ],
)  # fmt: skip
def test_a_mistake_in_one_question_is_found_where_it_stands(check: Check, step: Any, kind: str) -> None:
    """Each of these would reach a person as a wrong record, a blank or an answer taken for another."""
    found = [f for f in check(step, END) if f.kind == kind]
    assert found
    assert {f.place for f in found} == {next(f.place for f in found)}
    assert found[0].place.startswith("step 1")
    assert found[0].how_to_mend


def test_a_field_is_not_asked_of_those_it_must_not_be_asked_of(check: Check) -> None:
    """Some questions put a child at risk; the catalogue says of whom."""
    guarded = text("adults_only", when={"audience": ["parent"]})
    assert only(check(text("adults_only"), END, audience="young_person"), "not_for_audience")
    assert "not_for_audience" not in kinds(check(guarded, END, audience="unknown"))


def test_options_offered_to_different_people_may_be_called_the_same(check: Check) -> None:
    """Only what is on the screen together can be confused."""
    options = [
        {"id": "mum", "label": "Family", "when": {"audience": ["young_person"]}},
        {"id": "aunt", "label": "Family", "when": {"audience": ["public"]}},
        {"id": "none", "label": "No one"},
    ]
    assert "indistinct" not in kinds(check(ask("role", options=options), END, audience="unknown"))


def test_a_name_that_may_be_left_out_needs_other_words(check: Check) -> None:
    """`What is 's date of birth?` is what people would see who did not give the name."""
    asked = text("own_name")
    assert only(check(asked, text("three", words="What does {own_name} need?"), END), "missing_words")
    assert check(asked, text("three", words="What does {own_name|your child} need?"), END) == []


def test_fixed_words_have_words_for_each_who_hears_them(check: Check) -> None:
    """The first words in the file would be said instead, to someone they were not written for."""
    wording = words(hello={"young_person": "Hi."})
    assert only(check({"say": "hello"}, ask("one"), END, wording=wording), "missing_words")
    assert check({"say": "hello"}, ask("one"), END, wording=words(hello="Ring {area.duty_phone}.")) == []
    assert only(check({"say": "hello"}, ask("one"), END, wording=words(hello="Dear {nobody}.")), "missing_words")


def test_a_number_is_asked_only_after_how_it_is_safe_to_reach_them(check: Check) -> None:
    """A call to the wrong phone can put someone in danger."""
    safe = ask("safe_contact_methods", when={"answer": "one", "in": ["yes"]})
    assert only(check(ask("one"), safe, text("phone"), END), "unsafe_order").place == "step 3 (phone)"
    assert "unsafe_order" not in kinds(check(ask("safe_contact_methods"), text("phone"), END))


def test_the_shorter_set_stays_short(check: Check) -> None:
    """People in trouble stop answering; what is more goes into the fuller set."""
    many = [text(f"field_{n}") for n in range(11)]
    assert only(check(*many, END), "asks_too_much").severity == "warning"
    assert check(*many[:8], *({**step, "depth": "full"} for step in many[8:]), END) == []


# Circles


def test_a_part_that_holds_itself_is_told_by_its_circle(check: Check) -> None:
    """Such a flow cannot be put together at all."""
    found = check({"use": "a"}, END, others={"a": [{"use": "b"}], "b": [{"use": "a"}]})
    assert any(f.kind == "cycle" and "a > b > a" in f.message for f in found)


def test_a_part_that_is_not_there_is_told(check: Check) -> None:
    """And the check goes on with the rest."""
    assert only(check({"use": "missing"}, END), "unknown_flow").place == "step 1 (use missing)"


@pytest.mark.parametrize(
    ("more", "most"), [([{"id": "yes", "label": "Yes"}], 5), (YES_NO, 30), ([{"id": "no", "label": "No"}], 5)]
)
def test_a_repeated_part_can_be_left_and_can_repeat(check: Check, more: Any, most: int) -> None:
    """Questions that come round without a way out hold a person for ever."""
    group = {"each": "children", "steps": [text("own_name")], "most": most, "more": ask("more", options=more)}
    assert kinds(check(group, END)) & {"cycle", "unreachable"}


# Versions in use


def test_a_version_in_use_that_is_not_kept_strands_people(check: Check) -> None:
    """A conversation keeps the version it began with; without its content nobody can go on."""
    found = only(check(ask("one"), END, versions_in_use={("main", 7): 3}), "stranded")
    assert "3 conversations" in found.message
    assert check(ask("one"), END, versions_in_use={("main", 7): 0}) == []


def test_a_kept_version_strands_nobody(check: Check, tmp_path: Path) -> None:
    """Old content that can still be read is played as it was, even where the flow is gone from the files."""
    old = flow_to_json(assemble("main", written(tmp_path, [ask("one"), END])))
    use = {("main", 7): 3, ("gone", 1): 1}
    kept = {("main", 7): old, ("gone", 1): old}
    assert check(ask("one"), END, versions_in_use=use, stored_versions=kept) == []
    unread = {**kept, ("gone", 1): '{"flow": "gone", "steps": [{"shout": "hello"}]}'}
    assert only(check(ask("one"), END, versions_in_use=use, stored_versions=unread), "stranded").flow == "gone"


def test_a_change_without_a_new_version_number_is_told(check: Check, tmp_path: Path) -> None:
    """Nobody is stranded by it, but nobody can tell the two apart either; a part's change counts too."""
    before = written(tmp_path, [{"use": "part"}, END], {"part": [ask("one")]})
    kept = {("main", 1): flow_to_json(assemble("main", before))}
    assert check({"use": "part"}, END, others={"part": [ask("one")]}, stored_versions=kept) == []
    changed = check({"use": "part"}, END, others={"part": [ask("two")]}, stored_versions=kept)
    assert "version: 2" in only(changed, "stranded").how_to_mend


# The flows we ship, and the promise that nothing is missed


def test_our_own_flows_have_no_errors() -> None:
    """`flows check` is run before every release; what it would refuse is not in the tree."""
    files = load_files()
    entries = [name for name, file in files.items() if not file.part]
    findings = check_flows(files, entries, catalog=load_catalog(), wording=load_wording())
    assert [str(f) for f in findings if f.severity == "error"] == []


ENGINE = (
    "engine", "answering", "asking", "changing", "confirming", "going_on", "misread", "taking", "told", "voice",
)  # fmt: skip


def test_the_words_the_engine_says_are_known_to_the_check() -> None:
    """The list is kept by hand; a new sentence of the engine must be on it, or nobody notices it has no words."""
    folder = Path(__file__).parents[2] / "flows"
    source = "".join((folder / f"{name}.py").read_text("utf-8") for name in ENGINE)
    for key in SPOKEN_BY_ENGINE:
        stem = key.removeprefix("control_") if key.startswith("control_") else key
        assert re.search(rf"""["']{stem}["']""", source)
    assert said_by(source) <= SPOKEN_BY_ENGINE


def said_by(source: str) -> set[str]:
    fixed = set(re.findall(r"""fixed\(["'](\w+)["']""", source))
    return fixed | set(re.findall(r'_revisit\([^"]*"(\w+)"\)', source))


STATES: list[Answer] = [
    NotKnown(),
    PreferNotToSay(),
    Skipped(),
    Given({"choice": None, "text": "?"}, "?", checked=False),
]
REPLIES: list[Answer] = [Given("yes"), Given("no"), *STATES]
NAMES = ("one", "two", "three")


@st.composite
def flows_with_guards(draw: st.DrawFn) -> FlowFile:
    """Three questions and some ends, each with any condition on what came before."""
    steps: list[Any] = []
    for number, name in enumerate(NAMES):
        steps.append(ask(name, **draw(guards(NAMES[:number]))))
        if draw(st.booleans()):
            steps.append({**END, **draw(guards(NAMES[: number + 1]))})
    return FlowFile.model_validate(
        {"flow": "main", "title": "M", "version": 1, "audience": "parent", "steps": steps}
    )


def guards(names: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    looks: st.SearchStrategy[Any] = st.sampled_from([{"concern": "immediate"}, {"depth": "full"}])
    if names:
        values = st.builds(
            lambda n, v: {"answer": n, "in": [v]}, st.sampled_from(names), st.sampled_from(["yes", "no"])
        )
        states = st.builds(
            lambda n, s: {"answer": n, "state": s},
            st.sampled_from(names),
            st.sampled_from(["given", "skipped", "asked"]),
        )
        looks = looks | values | states
    either = st.one_of(
        looks,
        st.builds(lambda a: {"not": a}, looks),
        st.builds(lambda a, b: {"all": [a, b]}, looks, looks),
        st.builds(lambda a, b: {"any": [a, {"not": b}]}, looks, looks),
    )
    return st.one_of(st.just({}), st.builds(lambda when: {"when": when}, either))


def played(file: FlowFile) -> tuple[bool, set[str]]:
    """Play every answer through the real path; return whether any way ends nowhere, and what was met."""
    flow = assemble("main", {"main": file})
    dead, met = False, set[str]()
    for depth, concern in product(("quick", "full"), ("none", "immediate")):
        waiting = [State("main", 1, "parent", depth=depth, concern=concern)]
        while waiting:
            state = waiting.pop()
            ended = False
            for number, place in walked(flow, state):
                met.add(number)
                if isinstance(place, Finish):
                    ended = True
                    break
                if place.name not in state.answers:
                    waiting.extend(state.with_answer(place.name, reply) for reply in REPLIES)
                    ended = True
                    break
            dead = dead or not ended
    return dead, met


def walked(flow: Any, state: State) -> Iterator[tuple[str, Ask | Finish]]:
    for place in places(flow, state):
        assert isinstance(place.node, Ask | Finish)
        number = next(n for n, step in enumerate(flow.steps, 1) if step is place.node)
        yield f"step {number} ({place.node.name})", place.node


@settings(max_examples=60, deadline=None)
@given(flows_with_guards())
def test_following_every_way_sees_what_playing_every_answer_sees(file: FlowFile) -> None:
    """The check follows kinds of answers, not answers: it may miss no dead end and invent none."""
    dead, met = played(file)
    seen = explore(["main"], {"main": file})
    assert any(seen.dead_ends.values()) == dead
    assert {str(where) for where in seen.reached} == met
