"""Which language a message is in."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.language import SERVED, UNKNOWN, LanguageFinder


@pytest.fixture(scope="module")
def finder() -> LanguageFinder:
    return LanguageFinder()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("please can you help my son, he is scared", "en"),
        ("Potrzebuję pomocy, mój mąż bije dzieci", "pl"),
        ("am nevoie de ajutor, copilul meu nu vorbește", "ro"),
        ("ਮੇਰੇ ਬੱਚੇ ਲਈ ਮਦਦ ਚਾਹੀਦੀ ਹੈ", "pa"),
        ("مجھے اپنے بیٹے کے لیے مدد چاہیے", "ur"),
        ("preciso de ajuda com o meu filho, ele não come", "pt"),
        ("necesito ayuda con mi hijo, no quiere ir al colegio", "es"),
        ("أحتاج مساعدة لابني لا يذهب إلى المدرسة", "ar"),
        ("আমার ছেলের জন্য সাহায্য দরকার", "bn"),
        ("મારા દીકરા માટે મદદ જોઈએ છે", "gu"),
        ("ho bisogno di aiuto per mio figlio", "it"),
        ("мені потрібна допомога, чоловік б'є дітей", "uk"),
        ("دخترم به کمک نیاز دارد، نمی‌خوابد", "fa"),
        ("waxaan u baahanahay caawimaad, wiilkaygu ma hurdo", "so"),
        ("kam nevojë për ndihmë, djali im nuk flet", "sq"),
        ("tôi cần giúp đỡ, con trai tôi không ngủ", "vi"),
        ("زاڕۆکەکەم یارمەتی پێویستە", "ckb"),
        ("ሓገዝ የድልየኒ ኣሎ ውላደይ ሓሚሙ", "ti"),
        ("mere shohar ne kal raat phir haath uthaya, bachay ro rahe the", "ur"),
        ("jaun kal raat nu mainu fer kutteya, ghar vich koi nahi", "pa"),
    ],
)
def test_served_languages_are_told(finder: LanguageFinder, text: str, language: str) -> None:
    """Danger words, fixed messages and interpreters all depend on it."""
    assert finder.find(text).code == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("hjälp mitt barn, jag är rädd för min man", "sv"),
        ("mano vyras muša mane ir vaikus", "lt"),
        ("помогите пожалуйста, мой муж бьёт меня и детей", "ru"),
    ],
)
def test_a_language_not_served_is_named(finder: LanguageFinder, text: str, language: str) -> None:
    """A duty worker can book an interpreter for a language that has a name."""
    found = finder.find(text)
    assert found.code == language
    assert not found.is_served


def test_a_language_nobody_knows_is_said_to_be_unknown(finder: LanguageFinder) -> None:
    """To guess would send words nobody can read."""
    found = finder.find("blorvik zantu mepharo qestil wunabra thogi skelpunda rax")
    assert found.code == UNKNOWN or found.confidence < 0.9


@pytest.mark.parametrize("text", ["ok", "no", "yes", "Sam", "12", "👍", "", "DH1 5UL", "h e l p", "HELP ME", "7"])
def test_what_is_too_short_to_tell_stays_in_the_last_language(finder: LanguageFinder, text: str) -> None:
    """ "no" is a word of six languages; switching on it would lose the person."""
    assert finder.find(text).code == "en"


def test_the_last_language_decides_for_short_words(finder: LanguageFinder) -> None:
    """Somebody who wrote Polish and answers "no" has not gone over to English."""
    assert finder.find("no", last="pl").code == "pl"
    assert finder.find("tak", last="pl").code == "pl"
    assert finder.find("my husband hits me and the children are scared", last="pl").code == "en"


@settings(deadline=None)
@given(st.text(max_size=300), st.sampled_from([*SERVED, "lt", "und"]))
def test_no_text_breaks_it(finder: LanguageFinder, text: str, last: str) -> None:
    """It sees every message before anything else reads it."""
    found = finder.find(text, last=last)
    assert found.code
    assert 0 <= found.confidence <= 1.000001
