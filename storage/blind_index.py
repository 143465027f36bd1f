"""What a sealed value is found by: its normal form, before a key makes it a fingerprint."""

from __future__ import annotations

import hashlib
import unicodedata
from enum import StrEnum

import phonenumbers


class Purpose(StrEnum):
    """Each purpose has its own key, so that equal values in two columns do not look equal."""

    PHONE = "phone"
    EMAIL = "email"
    SURNAME_DOB = "surname_dob"
    REFERENCE = "reference"
    ADDRESS = "address"
    MESSAGE = "message"
    TOKEN = "token"  # noqa: S105 - the name of a purpose
    NAME = "name"
    SOUND = "sound"
    CHILD = "child"
    POSTCODE = "postcode"
    HOME = "home"
    DISTRICT = "district"
    NEED = "need"


def normal_form(purpose: Purpose, value: str) -> str:
    """Return the form in which equal things are equal."""
    match purpose:
        case Purpose.PHONE:
            return _phone(value)
        case Purpose.EMAIL:
            return unicodedata.normalize("NFKC", value).strip().lower()
        case Purpose.SURNAME_DOB:
            return _letters_and_numbers(value)
        case Purpose.REFERENCE:
            return "".join(c for c in value.upper() if c.isalnum())
        case Purpose.NAME:
            return " ".join(sorted(_letters_and_numbers(word) for word in value.split()))
        case Purpose.SOUND:
            return sounds_like(value)
        case Purpose.CHILD:
            name, _, born = value.rpartition("|")
            return f"{sounds_like(name)}|{born}"
        case Purpose.POSTCODE | Purpose.HOME | Purpose.DISTRICT:
            return "".join(c for c in value.upper() if c.isalnum())
        case Purpose.ADDRESS | Purpose.MESSAGE | Purpose.TOKEN | Purpose.NEED:
            return value


def address_text(channel: str, address: str) -> str:
    return f"{channel}:{address}"


def message_text(channel: str, address: str, external_id: str) -> str:
    return f"{channel}:{address}:{external_id}"


def surname_and_dob_text(name: str, date_of_birth: str) -> str:
    """Return what finds a person of this surname born on this day; "" where either is missing."""
    words = name.split()
    return f"{words[-1]} {date_of_birth}" if words and date_of_birth else ""


def token_digest(token: str) -> str:
    """Return what is kept of a bearer token: enough to know it again, not enough to use it."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()


def _phone(value: str) -> str:
    try:
        number = phonenumbers.parse(value, "GB")
    except phonenumbers.NumberParseException:
        return "".join(c for c in value if c.isdigit())
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _letters_and_numbers(value: str) -> str:
    folded = unicodedata.normalize("NFKD", value).casefold()
    return "".join(c for c in folded if c.isalnum())


_SOUNDS = {
    letter: code
    for letters, code in (("bfpv", "1"), ("cgjkqsxz", "2"), ("dt", "3"), ("l", "4"), ("mn", "5"), ("r", "6"))
    for letter in letters
}
_HEARD_ALIKE = (("ph", "f"), ("ck", "k"), ("gh", "g"), ("kn", "n"), ("wr", "r"), ("mc", "mac"))


def sounds_like(name: str) -> str:
    """Return what names that sound alike have in common, whatever the order of their parts (Soundex)."""
    return " ".join(sorted(filter(None, (_sound(_letters_and_numbers(word)) for word in name.split()))))


def _sound(word: str) -> str:
    for written, heard in _HEARD_ALIKE:
        word = word.replace(written, heard)
    if not word:
        return ""
    if not word.isascii():  # not a name that Soundex knows how to hear: only the same is alike
        return word
    first = "k" if word[0] in "cq" else word[0]
    codes, before = "", _SOUNDS.get(word[0], "")
    for letter in word[1:]:
        code = _SOUNDS.get(letter, "")
        if code and code != before:
            codes += code
        if letter not in "hw":
            before = code
    return (first + codes + "000")[:4]
