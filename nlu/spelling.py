"""Words as people type them, brought to one spelling, each with its place in the message as typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

_LOOK_ALIKE = str.maketrans(
    "аеорсухіјѕԁһѵԛԝкмтвнѐёїαορνικτυχηϲϳ",
    "aeopcyxijsdhvqwkmtbheeiaopviktuxncj",
)
_LETTERS_WE_READ_AS = {
    "'": "'", "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "′": "'", "＇": "'", "ʹ": "'", "_": " ",
    "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss",
    "ɑ": "a", "ɡ": "g", "ɩ": "i", "ⅼ": "l", "ƙ": "k", "ɦ": "h", "ʀ": "r", "ꜱ": "s", "ᴀ": "a", "ʙ": "b",
    "ᴄ": "c", "ᴅ": "d", "ᴇ": "e", "ꜰ": "f", "ɢ": "g", "ʜ": "h", "ɪ": "i", "ᴊ": "j", "ᴋ": "k", "ʟ": "l",
    "ᴍ": "m", "ɴ": "n", "ᴏ": "o", "ᴘ": "p", "ᴛ": "t", "ᴜ": "u", "ᴠ": "v", "ᴡ": "w", "ʏ": "y", "ᴢ": "z",
    "ى": "ي", "ی": "ي", "ې": "ي", "ک": "ك", "ة": "ه", "ہ": "ه", "ھ": "ه", "ے": "ي", "ٱ": "ا", "ـ": "",
    "🔪": " knife ", "🗡": " knife ", "🔫": " gun ", "💊": " pills ", "🆘": " sos ", "🩸": " blood ",
    "🤕": " hurt ",
    "\u3164": "", "\u115f": "", "\u1160": "", "\uffa0": "", "\u2800": " ", "\u034f": "",
}  # fmt: skip
_OWN_TOKEN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_MARKS = "\u0900-\u0963\u0966-\u0dff\u0e00-\u0e7f\u0f00-\u0fff\u1000-\u109f\u1200-\u137f"
_CHUNK = re.compile(rf"[\w{_MARKS}'@$!|*+€£]+")
_WORD = re.compile(rf"[\w{_MARKS}']+")
_SIGNS = re.compile(r"[@$!|*+€£]")
_LEET = str.maketrans("013457869@$!|+€£", "oieastbggasiitel")
_LEET_L = str.maketrans("013457869@$!|+€£", "oleastbggasiltel")
_RUN = re.compile(r"(.)\1{2,}")
_OFTEN_STARRED = ("kill", "rape", "hurt", "porn", "dead", "shit", "fuck", "cunt")


def _word_set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_LITTLE = _word_set("i u me my he us to in up it on is am do no so we at be go")
_SMALL = _word_set("she her him his the and mum dad hit cut die want dont cant not you they wont")
_LONGEST_WORD = 16
_LONGEST_TYPO = 24


@lru_cache(maxsize=16384)
def _fold_char(char: str) -> str:
    known = _LETTERS_WE_READ_AS.get(char)
    if known is not None:
        return known
    category = unicodedata.category(char)
    if category in {"Cf", "Cs", "Co", "Cn"}:
        return ""
    if category == "Cc":
        return " " if char in "\t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85" else ""
    if _OWN_TOKEN.match(char):
        return f" {char} "
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", char).casefold())
    kept = (_LETTERS_WE_READ_AS.get(c, c) for c in folded if not _is_accent(c))
    return "".join(kept).translate(_LOOK_ALIKE)


def _is_accent(char: str) -> bool:
    code = ord(char)
    return 0x300 <= code <= 0x36F or 0x64B <= code <= 0x65F or 0xFE00 <= code <= 0xFE0F or code in {0x670, 0x20E3}


def fold(text: str) -> tuple[str, list[int]]:
    """Return `text` in one case and one alphabet, and for each of its characters the place it came from."""
    out: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        folded = _fold_char(char)
        out.append(folded)
        places.extend([place] * len(folded))
    return "".join(out), places


_IRREGULAR = {
    form: base
    for base, forms in {
        "beat": "beats beating beaten", "hurt": "hurts hurting", "shake": "shook shaken shakes shaking",
        "bite": "bit bitten bites biting", "throw": "threw thrown", "take": "took taken takes taking",
        "go": "goes going gone went", "come": "came coming comes", "sleep": "slept",
        "say": "said says saying sayin", "tell": "told", "drink": "drank drinks drinking drinkin",
        "fight": "fought", "choke": "choked chokes choking", "sell": "sold", "make": "made makes making",
        "run": "ran", "find": "found", "burn": "burnt", "break": "broke broken breaks breaking",
        "wake": "woke woken wakes waking", "keep": "kept", "feel": "felt", "man": "men",
        "child": "childs children childrens", "knife": "knives knifes", "baby": "babies babys bab babba",
        "lose": "lost loses losing", "give": "gave given gives giving", "see": "saw seen sees",
        "think": "thought", "buy": "bought", "pay": "paid", "send": "sent",
        "hide": "hid hidden hides hiding", "eat": "ate eaten", "bleed": "bled",
        "rape": "raped rapes raping", "hate": "hated hates hating", "use": "used uses using",
        "die": "dies dying", "live": "lived lives living", "leave": "left leaves leaving",
        "like": "likes liked", "care": "cares cared caring", "fall": "fell fallen", "steal": "stole stolen",
        "meet": "met", "hold": "held", "catch": "caught", "swing": "swung", "wear": "wore",
        "shoot": "shot shooting shoots", "cane": "caned canes caning", "touch": "touches touched touching",
        "stand": "stood", "write": "wrote", "lie": "lies lied lying", "woman": "women",
        "wife": "wives wifes", "get": "gets getting got gotten", "do": "does did doing done",
        "have": "has had having", "be": "is are was were am been being",
    }.items()
    for form in forms.split()
}  # fmt: skip
_WHOLE = _word_set(
    "died dead red bed used news his this us as bus yes thing nothing something anything "
    "everything wedding evening morning during bring boring missing need feed shed hundred beef "
    "ring king string spring sting wing nude less abs ms gas class pass always perhaps sometimes "
    "afraid indeed thus plus since meeting feeling ceiling sibling toddling police else these "
    "those home some come there here where were more before like life safe blood food nes yours "
    "hers ours theirs series species cunch jus sos plugging shotting trapping trapped trap "
    "trading fits withdrawn sectioned sectioning killer killers sids stds squares does kms kys "
    "iwtd cos bad bin med mad mum mom nan fitting"
)
_VOWELS = frozenset("aeiouy")


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """Return what is shared by `hit`, `hits` and `hitting`. The same for phrases and for messages."""
    base = _IRREGULAR.get(word)
    if base is not None:
        return base
    if len(word) < 4 or word in _WHOLE or not word.isascii():
        return word
    return _undouble(_strip_ending(word))


def _strip_ending(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ied", "ed"):
        rest = word[: -len(ending)]
        if word.endswith(ending) and len(rest) >= 3 and _VOWELS.intersection(rest):
            return rest + "y" if ending == "ied" else rest
    return word


def _undouble(word: str) -> str:
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeious":
        word = word[:-1]
    if len(word) > 4 and word.endswith("e"):
        word = word[:-1]
    return word


def inflect(word: str) -> set[str]:
    """Return the spellings of `word` that `stem` brings back to it."""
    tries = {
        word,
        word + "s",
        word + "es",
        word + "ed",
        word + "ing",
        word + word[-1] + "ing",
        word + word[-1] + "ed",
    }
    if word.endswith("e"):
        tries |= {word + "d", word[:-1] + "ing"}
    return {form for form in tries if stem(form) == stem(word)} | {word}


@dataclass(frozen=True, slots=True)
class Token:
    """One word: `keys` are all the things a phrase may call it, `start` and `end` its place as typed."""

    word: str
    keys: tuple[str, ...]
    start: int
    end: int


class Speller:
    """Reads a message as tokens over one vocabulary. Time is linear in the length of the message."""

    def __init__(
        self,
        *,
        words: Iterable[str],
        as_written: Iterable[str],
        guessed: Iterable[str],
        shorthand: Mapping[str, str],
        either: Mapping[str, str],
        classes: Mapping[str, frozenset[str]],
        ordinary: Iterable[str],
    ) -> None:
        """`words` are surface spellings, `as_written` those never inflected, `guessed` those looked for in
        misspelt and run-together words; `ordinary` words are never corrected. `shorthand` maps one typed word to
        others, `either` adds readings to a word that may be two, `classes` gives the classes of a stem."""
        self._shorthand = {word: tuple(to.split()) for word, to in shorthand.items()}
        self._either = {word: tuple(to.split()) for word, to in either.items()}
        self._classes = classes
        whole = frozenset(as_written)
        given = {word for word in words if word not in whole}
        surface = {form for word in given if len(word) >= 4 and word.isalpha() for form in inflect(word)} | given
        self._surface = frozenset(surface | whole | set(self._shorthand) | set(self._either))
        self._stems = frozenset(stem(word) for word in surface)
        self._ordinary = frozenset(ordinary)
        self._known: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {}
        targets = {form for word in guessed for form in inflect(word)}
        self._deletes = _deletion_neighbours(word for word in targets if len(word) >= 5)
        self._spelt_out = frozenset(word for word in surface if word.isalpha() and len(word) > 2) | _LITTLE
        self._run_together = frozenset(word for word in targets if len(word) > 3) | _LITTLE | _SMALL

    def tokens(self, text: str) -> list[Token]:
        """Return the words of `text`, corrected, in order."""
        folded, places = fold(text)
        found: list[Token] = []
        for word, start, end in self._put_letters_together(self._split(folded)):
            first, last = places[start], places[end - 1] + 1
            found.extend(Token(form, keys, first, last) for form, keys in self._read(word))
        return found

    def _split(self, folded: str) -> list[tuple[str, int, int]]:
        words: list[tuple[str, int, int]] = []
        for chunk in _CHUNK.finditer(folded):
            whole = chunk.group()
            if _SIGNS.search(whole):
                undone = self._undo_signs(whole)
                if undone:
                    words.append((undone, chunk.start(), chunk.end()))
                    continue
            for match in _WORD.finditer(whole):
                word = match.group().replace("'", "")
                if word:
                    words.append((word, chunk.start() + match.start(), chunk.start() + match.end()))
        return words

    def _undo_signs(self, chunk: str) -> str:
        """Return the word that `k!ll`, `a$$` or `r*pe` stands for, or nothing."""
        if len(chunk) > _LONGEST_TYPO or not any(c.isalpha() for c in chunk):
            return ""
        for bare in (chunk.strip("@$!|*+€£'"), chunk):
            if not _SIGNS.search(bare):
                continue
            for table in (_LEET, _LEET_L):
                word = bare.translate(table)
                if self._is_word(word):
                    return word
            if "*" in bare[1:] and bare[0].isalpha():
                hidden = self._starred(bare)
                if hidden:
                    return hidden
        return ""

    def _starred(self, bare: str) -> str:
        """Return the word with a letter where each star is; four letters only for words often starred."""
        pattern = re.compile(re.escape(bare).replace(r"\*", "[a-z]"))
        near = self._deletes.get(bare.replace("*", ""), ()) if len(bare) > 4 else _OFTEN_STARRED
        return next((word for word in near if pattern.fullmatch(word)), "")

    def _is_word(self, word: str) -> bool:
        return word in self._surface or stem(word) in self._stems

    def _put_letters_together(self, words: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
        """Undo `k i l l  m e`: runs of three or more single letters that spell words we know."""
        out: list[tuple[str, int, int]] = []
        run: list[tuple[str, int, int]] = []
        for word in words:
            if len(word[0]) == 1 and word[0].isascii():
                run.append(word)
                continue
            out.extend(self._spell(run))
            run = []
            out.append(word)
        out.extend(self._spell(run))
        return out

    def _spell(self, run: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
        if len(run) < 3:
            return run
        letters = "".join(letter for letter, _, _ in run)
        pieces = _segment(letters if letters.isalpha() else letters.translate(_LEET), self._spelt_out)
        if not any(len(piece) >= 3 for piece in pieces):
            return run
        out, at = [], 0
        for piece in pieces:
            out.append((piece, run[at][1], run[at + len(piece) - 1][2]))
            at += len(piece)
        return out

    def _read(self, word: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
        known = self._known.get(word)
        if known is None:
            known = tuple((form, self._keys(form)) for form in self._forms(word))
            if word in self._surface:  # only our own words are remembered, never a person's
                self._known[word] = known
        return known

    def _forms(self, word: str) -> tuple[str, ...]:
        short = self._shorthand.get(word)
        if short is not None:
            return short
        if self._is_word(word) or word in self._ordinary:
            return (word,)
        squeezed = _RUN.sub(r"\1\1", word)
        for attempt in (squeezed, _RUN.sub(r"\1", word)) if squeezed != word else ():
            short = self._shorthand.get(attempt)
            if short is not None:
                return short
            if self._is_word(attempt):
                return (attempt,)
        return self._guess(squeezed)

    def _guess(self, word: str) -> tuple[str, ...]:
        if not word.isalpha() and word.isascii() and any(c.isalpha() for c in word):
            for table in (_LEET, _LEET_L):
                if self._is_word(word.translate(table)):
                    return (word.translate(table),)
        if 5 <= len(word) <= _LONGEST_TYPO:
            near = self._nearest(word)
            if near:
                return (near,)
        if len(word) >= 7 and word.isascii():
            pieces = _segment(word, self._run_together)
            if all(p in self._run_together for p in pieces) and any(len(p) >= 4 for p in pieces):
                return tuple(pieces)
        return (word,)

    def _nearest(self, word: str) -> str:
        allowed = 1 if len(word) < 9 else 2
        best, closest = "", allowed + 1
        for key in _deletions(word):
            for near in self._deletes.get(key, ()):
                if near[0] != word[0]:
                    continue
                distance = OSA.distance(word, near, score_cutoff=allowed)
                if distance < closest or (distance == closest and near < best):
                    best, closest = near, distance
        return best if closest <= allowed else ""

    def _keys(self, form: str) -> tuple[str, ...]:
        stems = (stem(form), *(stem(other) for other in self._either.get(form, ())))
        keys: dict[str, None] = dict.fromkeys(stems)
        for each in stems:
            keys.update(dict.fromkeys(sorted(self._classes.get(each, ()))))
        if form.isdigit():
            keys["{num}"] = None
        return tuple(keys)


def _segment(letters: str, words: frozenset[str]) -> list[str]:
    """Cut `letters` into known words with the fewest letters left over, then the fewest words."""
    best: list[tuple[int, int]] = [(0, 0)]
    cut = [0]
    for end in range(1, len(letters) + 1):
        score, start = (best[end - 1][0] + 1, best[end - 1][1] + 1), end - 1
        for begin in range(max(0, end - _LONGEST_WORD), end):
            if letters[begin:end] in words:
                candidate = (best[begin][0], best[begin][1] + 1)
                if candidate < score:
                    score, start = candidate, begin
        best.append(score)
        cut.append(start)
    pieces, end = [], len(letters)
    while end:
        pieces.append(letters[cut[end] : end])
        end = cut[end]
    return pieces[::-1]


def _deletions(word: str) -> set[str]:
    return {word[:i] + word[i + 1 :] for i in range(len(word))} | {word}


def _deletion_neighbours(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for word in sorted(set(words)):
        for key in _deletions(word):
            found.setdefault(key, []).append(word)
    return {key: tuple(near) for key, near in found.items()}
