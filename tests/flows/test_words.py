"""The wording keeps to what was agreed: plain, calm, British, and never a promise we cannot keep."""

from __future__ import annotations

import re

import pytest

from flows.catalog import Indicator
from flows.loader import DEFINITIONS, load_area, load_catalog, load_files, load_wording, read_yaml
from flows.model import Finish, Say
from flows.reading.expected import ERRORS
from flows.voice import Voice
from flows.wording import holders
from tests.flows.readability import grade, plain, sentences, words
from tests.flows.said_to_people import Said, all_said, asks_in, in_flows, in_wording

NOT_SAID = (
    # sounds like blame, or makes light of what is hard
    "should", "just", "simple", "simply", "easy", "easily", "obviously", "why did you", "you failed",
    # forms' words for mistakes, and politeness that gets in the way
    "please", "sorry", "oops", "invalid", "valid", "forbidden", "illegal", "error", "incorrect",
    # said about people, not to them
    "case", "client", "service user", "user", "perp", "perpetrator", "allegation", "disclosure", "nfa",
    "hard to reach", "engage", "placement", "lac", "cin", "dv", "sibling", "siblings", "victim", "caregiver",
    "commit suicide", "child prostitute", "sexual activity", "contact with the child",
    # promises and feelings that are not ours
    "everything will be fine", "you are safe now", "i understand how you feel", "promise you", "secret",
    "are you sure", "don't worry", "do not worry", "calm down",
    # staff words and shapes of words
    "front door", "step down", "step up", "mash", "triage", "e.g.", "i.e.", "etc", "via", "and/or",
)  # fmt: skip

PROFESSIONALS_MAY_READ = frozenset({"threshold", "statutory"})

ALLOWED = {
    ("family.address_is_confidential", "secret"): "the address may be one",
    ("language_and_access.communication_needs", "easy"): "the name of a way of writing, Easy read",
    ("call_offer_sorry", "sorry"): "we did not do what we said we would",
    ("call_sorry_worker", "sorry"): "we did not do what we said we would",
}
"""Where a word above is right, and why."""

AMERICAN = re.compile(
    r"\b(\w*(?:organiz|recogniz|apologiz|realiz|emphasiz|prioritiz)\w*|behavior\w*|center\w*|color\w*|favor\w*|"
    r"neighbor\w*|counselor\w*|diaper\w*|stroller\w*|mom|mommy|inquiry|inquiries|cell ?phone|zip code|gotten|"
    r"program|licence[ds]|grade school|kindergarten|pediatric\w*|traveler|enrollment)\b",
    re.IGNORECASE,
)

EMOJI = re.compile("[\U0001f000-\U0001faff☀-➿️]")

LETTERS_PEOPLE_KNOW = frozenset(
    {
        "GP", "NHS", "OK", "UK", "SEN", "EHC", "DSL", "FGM", "UPN", "CAMHS", "MARAC", "DASH", "SW1A", "AA", "I",
        "BSL",
    }
)  # fmt: skip

ADVICE = re.compile(
    r"\b(diagnos\w*|medication|dose|dosage|tablets?|paracetamol|ibuprofen|antibiotic\w*|prescri\w*|solicitor|"
    r"sue|court order|unlawful|entitled|your rights are|guilty|custody|asylum claim|leave (him|her|them)|"
    r"move out|confront)\b",
    re.IGNORECASE,
)

FILLED_BY_CODE = frozenset(
    {
        "area.opens", "area.reply", "reference", "facts", "answer", "number", "help", "example", "says", "lines",
        "cleared", "minimum", "maximum", "kind", "urgency", "channel", "indicators",
        "minutes", "worker", "since", "role", "outcome", "when", "task",
        "who", "phone", "why",
        "decided", "language", "register",
    }
)  # fmt: skip

NAMED_IN_FLOWS = frozenset({"child_name", "adult_name", "contact_name"})

SENTENCE_WORDS = 20
GRADE_OF_ONE_TEXT = 7.0
GRADE_ON_AVERAGE = 4.0
GRADE_FOR_PROFESSIONALS = 11.0
ENOUGH_TO_GRADE = 12


@pytest.fixture(scope="module")
def said() -> list[Said]:
    return all_said()


def voice(*, is_open: bool) -> Voice:
    area = load_area(DEFINITIONS / "areas" / "exampleshire.yaml")
    values = {**area.values(), "area.opens": "8.30am on Monday", "area.reply": "today", "reference": "ABC"}
    return Voice(load_wording(), values, is_open)


def for_professionals(text: Said) -> bool:
    return text.audience == "professional" or text.place.startswith("professional")


def test_no_word_that_blames_frightens_or_promises_is_said(said: list[Said]) -> None:
    """Wording is part of safety: "you should have" is heard as blame and ends the talk."""
    found = [
        f"{word!r} in {text}"
        for text in said
        for word in NOT_SAID
        if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text.text, re.IGNORECASE)
        and (text.place, word) not in ALLOWED
    ]
    assert not found, "\n".join(found)


def test_staff_words_are_for_professionals_only(said: list[Said]) -> None:
    """Levels are never shown to the public."""
    found = [
        str(text)
        for text in said
        if not for_professionals(text) and PROFESSIONALS_MAY_READ & {w.lower() for w in words(text.text)}
    ]
    assert not found, "\n".join(found)


def test_no_sentence_is_longer_than_twenty_words(said: list[Said]) -> None:
    """Long sentences lose people who read slowly, are upset, or read in a second language."""
    found = [
        f"{len(s.split())} words in {text.place} ({text.audience}): {s}"
        for text in said
        for s in sentences(text.text)
        if len(s.split()) > SENTENCE_WORDS
    ]
    assert not found, "\n".join(found)


def test_paragraphs_hold_at_most_three_sentences(said: list[Said]) -> None:
    """A phone shows a few lines at a time."""
    found = [str(text) for text in said for block in text.text.split("\n") if len(sentences(block)) > 3]
    assert not found, "\n".join(found)


def test_words_are_calm(said: list[Said]) -> None:
    """No exclamation marks, emoji or capitals for stress on a service that hears of harm."""
    found = [
        str(text)
        for text in said
        if "!" in text.text
        or EMOJI.search(text.text)
        or set(re.findall(r"\b[A-Z]{2,}\d?[A-Z]?\b", text.text)) - LETTERS_PEOPLE_KNOW
    ]
    assert not found, "\n".join(found)


def test_spelling_is_british(said: list[Said]) -> None:
    """The list agreed with the area."""
    found = [f"{m[0]!r} in {text}" for text in said if (m := AMERICAN.search(text.text))]
    assert not found, "\n".join(found)


def test_no_medical_or_legal_advice_is_given(said: list[Said]) -> None:
    """The assistant points to a person; it does not advise."""
    found = [f"{m[0]!r} in {text}" for text in said if (m := ADVICE.search(text.text))]
    assert not found, "\n".join(found)


def test_hints_are_short_and_end_without_a_full_stop(said: list[Said]) -> None:
    """A hint read aloud after its question must not sound like another question."""
    hints = [text for text in said if text.part == "hint"]
    assert hints
    found = [str(h) for h in hints if h.text.rstrip().endswith((".", "?")) or len(sentences(h.text)) > 2]
    assert not found, "\n".join(found)


def test_errors_say_how_to_put_it_right(said: list[Said]) -> None:
    """An error tells what to do next, and ends without a full stop as its question's hint does."""
    errors = [text for text in said if text.part == "error"]
    to_do = re.compile(
        r"^(Enter|Choose|Write|Attach|Date of birth must|Due date must|That is longer|We need to ask)"
    )
    found = [str(e) for e in errors if e.text.endswith(".") or not to_do.match(e.text)]
    assert not found, "\n".join(found)


def test_every_question_can_explain_itself() -> None:
    """Help is what a person gets who asks what we mean; it is never empty."""
    asked = {text.place for text in in_flows()}
    explained = {text.place for text in in_flows() if text.part == "help"}
    assert asked - explained == {"check_answers.check_answers"}


def test_every_question_reads_at_nine_to_eleven(said: list[Said]) -> None:
    """Half the people we serve read below the age of 11. Professionals read a little further."""
    found: list[str] = []
    for text in said:
        if len(words(plain(text.text))) < ENOUGH_TO_GRADE or text.place.startswith("tg_description"):
            continue
        limit = GRADE_FOR_PROFESSIONALS if for_professionals(text) else GRADE_OF_ONE_TEXT
        if grade(text.text) > limit:
            found.append(f"grade {grade(text.text):.1f} in {text}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("audience", ["all", "parent", "young_person", "public", "other"])
def test_the_words_of_each_audience_read_at_nine_on_average(said: list[Said], audience: str) -> None:
    """One hard word can be carried by plain ones around it; a hard page cannot."""
    theirs = " ".join(
        text.text.rstrip(".") + "."
        for text in said
        if text.audience == audience and text.part in ("words", "hint", "help", "fixed")
    )
    assert grade(theirs) <= GRADE_ON_AVERAGE, f"{grade(theirs):.1f}"


def test_readability_measures_what_it_says() -> None:
    """The measure itself must be able to fail."""
    assert grade("The cat sat on the mat.") < 1
    hard = "Notwithstanding organisational constraints, practitioners necessarily coordinate interventions."
    assert grade(hard) > 15
    assert sentences("One. Two? {says|Three here.}\nFour") == ["One.", "Two?", "Three here.", "Four"]


# -- fixed words -----------------------------------------------------------------------------------------------


def test_safety_words_give_999_and_the_areas_number() -> None:
    """Whatever else is said in danger, the way to help stands in it."""
    wording = load_wording()
    safety = [key for key in sorted(wording.ids()) if wording.entry(key).safety]
    assert len(safety) > 20
    for text in in_wording():
        if text.place in safety:
            assert "999" in text.text, text
            assert "{area.duty_phone}" in text.text or "{area.out_of_hours_phone}" in text.text, text


def test_every_safety_text_is_marked_so() -> None:
    """Only approved versions may be sent in danger, so each text that names 999 must be on the list to approve."""
    wording = load_wording()
    found = [
        text.place
        for text in in_wording()
        if "999" in text.text and not wording.entry(text.place).safety and text.place != "tg_short_description"
    ]
    assert not found


def test_out_of_hours_words_give_the_number_that_answers_and_promise_no_one_now() -> None:
    """A worker who is at home does not look at this now; the truth is the number that is answered."""
    promise = re.compile(
        r"worker[^.]*\b(now|straight away|is being told|has been told)\b|\btoday\b", re.IGNORECASE
    )
    closed = [t for t in in_wording() if t.place.endswith("_closed")]
    assert len(closed) > 10
    for text in closed:
        assert "{area.out_of_hours_phone}" in text.text, text
        assert not promise.search(text.text), text
        assert "{says" not in text.text, text


def test_words_that_promise_a_time_have_a_version_for_when_we_are_closed() -> None:
    """Said out of hours, "a duty worker is being told" would be a lie that costs time."""
    promise = re.compile(
        r"worker (is being told|has been told|will look|will read it \{area.reply|to join)|told the worker|"
        r"\{says|passed this on to the worker|team is in now",
        re.IGNORECASE,
    )
    ids = load_wording().ids()
    found = [
        t.place
        for t in in_wording()
        if promise.search(t.text) and not t.place.endswith("_closed") and f"{t.place}_closed" not in ids
    ]
    assert not found


def test_every_place_holder_is_filled_by_someone() -> None:
    """A hole in the words is read as a mistake, or as a number that is not there."""
    area = load_area(DEFINITIONS / "areas" / "exampleshire.yaml")
    known = frozenset(area.values()) | FILLED_BY_CODE
    wording = load_wording()
    for key in wording.ids():
        text = wording.entry(key).text
        for one in [text] if isinstance(text, str) else text.values():
            names = holders(one) | frozenset(re.findall(r"\{([a-z0-9_.]+)\|", one))
            assert names <= known, key
            assert one.count("{") == one.count("}"), key
    for said_in_flow in in_flows():
        names = frozenset(re.findall(r"\{([a-z0-9_.]+)", said_in_flow.text))
        assert names <= NAMED_IN_FLOWS | frozenset(area.values()), said_in_flow
        assert not holders(said_in_flow.text) & NAMED_IN_FLOWS, f"{said_in_flow}: a name may not be known"


@pytest.mark.parametrize("is_open", [True, False])
def test_nothing_said_has_a_hole_in_it(is_open: bool) -> None:
    """Filled with an area's values, no text is left with a gap, a brace or a space before a stop."""
    speaking = voice(is_open=is_open)
    for key in load_wording().ids():
        for audience in ("unknown", "parent", "young_person", "public", "professional"):
            text = speaking.fixed(key, audience, dict.fromkeys(FILLED_BY_CODE - {"reference"}, "x"))
            assert text.strip(), key
            assert not re.search(r"[{}]| [.,?]|  ", text), (key, text)


def test_every_error_that_reading_can_give_has_words() -> None:
    """An answer that cannot be read must always come back with what to do."""
    ids = load_wording().ids()
    assert {f"error_{why}" for why in ERRORS} <= ids
    own = {key for file in load_files().values() for ask in asks_in(file.steps) for key in ask.errors}
    assert own <= ERRORS | {"skip_not_here"}


def test_everything_the_flows_say_has_words() -> None:
    """A flow that names words that are not there would say nothing where it matters."""
    ids = load_wording().ids()
    for file in load_files().values():
        for step in file.steps:
            match step:
                case Say(say=key):
                    assert key in ids, (file.flow, key)
                case Finish(say=keys):
                    assert set(keys) <= ids, file.flow
                case _:
                    pass


def test_duty_messages_carry_no_words_of_the_person() -> None:
    """A duty chat is seen on many phones: a reference and kinds, never a name or what was said."""
    wording = load_wording()
    for key in sorted(wording.ids()):
        if key.startswith("duty_"):
            text = wording.entry(key).text
            assert isinstance(text, str)
            holes = set(re.findall(r"\{([a-z_.]+)", text))
            assert holes <= {"reference", "kind", "urgency", "channel", "indicators", "minutes", "number", "task"}


def test_a_young_person_is_spoken_to_as_one() -> None:
    """What decides whether a child goes on has words of its own for them."""
    wording = load_wording()
    for key in ("greeting", "who_reads", "danger_now", "cannot_talk", "sent", "handed_over", "about_bot"):
        text = wording.entry(key).text
        assert isinstance(text, dict), key
        assert {"young_person", "other"} <= set(text), key


def test_words_for_a_person_not_yet_known_fit_anyone() -> None:
    """Before we know who it is: no "your child" and no "not your fault"."""
    for text in in_wording():
        if text.audience in ("other", "all"):
            assert not re.search(r"your (child|fault)", text.text), text


# -- the area and its lines ------------------------------------------------------------------------------------


def test_the_example_area_is_made_up() -> None:
    """Its numbers reach no one, so that a test or a demonstration never rings a real person."""
    area = load_area(DEFINITIONS / "areas" / "exampleshire.yaml")
    assert re.fullmatch(r"01632 960 \d{3}", area.phones.duty)
    assert re.fullmatch(r"01632 960 \d{3}", area.phones.out_of_hours)
    assert area.phones.duty != area.phones.out_of_hours
    assert "exampleshire" in area.privacy_url
    spans = {day: [(str(h.from_)[:5], str(h.until)[:5]) for h in hours] for day, hours in area.hours.items()}
    assert spans["monday"] == [("08:30", "17:00")]
    assert spans["friday"] == [("08:30", "16:30")]
    assert "saturday" not in spans


def test_only_checked_helplines_are_shown() -> None:
    """A wrong number given to someone in danger is worse than none. 999, 101 and 111 need no check."""
    area = load_area(DEFINITIONS / "areas" / "exampleshire.yaml")
    assert set(area.helplines) <= {"emergency_999", "emergency_silent", "police_101", "nhs_111_mh"}
    known = {line["id"] for line in read_yaml(DEFINITIONS / "helplines.yaml")["helplines"]}
    assert set(area.helplines) <= known


def indicators() -> list[Indicator]:
    return list(load_catalog().indicators.values())


@pytest.mark.parametrize("indicator", indicators(), ids=lambda i: i.id)
def test_every_indicator_leads_to_a_line_that_is_always_open(indicator: Indicator) -> None:
    """At three in the morning there must be someone to ring."""
    lines = {line["id"]: line for line in read_yaml(DEFINITIONS / "helplines.yaml")["helplines"]}
    assert set(indicator.helplines) <= set(lines)
    open_always = [key for key in indicator.helplines if str(lines[key]["hours"]).startswith("24 hours")]
    assert open_always
    if indicator.urgency != "advice":
        assert "emergency_999" in indicator.helplines
        text = voice(is_open=True).fixed(f"heard_{indicator.urgency}", "unknown", {"says": indicator.bot_says_now})
        assert "999" in text
        assert "01632 960 001" in text


def test_a_line_that_nothing_fills_leaves_no_gap() -> None:
    """Where the area has checked no helpline, an empty line looks like words that were lost."""
    assert "\n\n" not in voice(is_open=False).fixed("heard_immediate", "parent", {"lines": ""})
    assert "Line one" in voice(is_open=False).fixed("heard_immediate", "parent", {"lines": "Line one"})
