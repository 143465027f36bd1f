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
        case Purpose.ADDRESS | Purpose.MESSAGE | Purpose.TOKEN:
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
