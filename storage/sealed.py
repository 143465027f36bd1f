"""Words under lock: the keys, and the column types that seal on the way in and open on the way out.

A sealed value is `version | key id | nonce | ciphertext`: AES-256-GCM, bound to its "table.column", so that a
value copied into another column does not open. Keys live outside the database.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import os
from typing import Any, Self
from weakref import WeakKeyDictionary

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import LargeBinary
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.types import TypeDecorator

from storage.blind_index import Purpose, normal_form

KEY_BYTES = 32
_VERSION = b"\x01"
_ID_BYTES = 4
_NONCE_BYTES = 12
_HEAD_BYTES = 1 + _ID_BYTES
_BODY_AT = _HEAD_BYTES + _NONCE_BYTES


class CannotOpen(Exception):
    """A sealed value does not open with the keys we have. Never holds the value."""


class _Key:
    """One key of the ring, and the keys derived from it for sealing and for each kind of index."""

    __slots__ = ("_master", "cipher", "head", "id", "index_keys")

    def __init__(self, master: bytes) -> None:
        if len(master) != KEY_BYTES:
            raise ValueError(f"a key is {KEY_BYTES} bytes")
        self._master = master
        self.id = self._derive("id", _ID_BYTES)
        self.head = _VERSION + self.id
        self.cipher = AESGCM(self._derive("seal", KEY_BYTES))
        self.index_keys = {purpose: self._derive(f"index:{purpose}", KEY_BYTES) for purpose in Purpose}

    def _derive(self, use: str, length: int) -> bytes:
        return HKDF(SHA256(), length, salt=None, info=f"frontdoor:{use}".encode()).derive(self._master)

    def fingerprint(self, purpose: Purpose, form: str) -> str:
        text = form.encode(errors="surrogatepass")
        return hmac.digest(self.index_keys[purpose], text, "sha256")[:16].hex()

    def as_text(self) -> str:
        return base64.b64encode(self._master).decode()


class Keyring:
    """The keys, newest first. The newest seals; all of them open."""

    __slots__ = ("_by_head", "_keys", "_newest")

    def __init__(self, keys: tuple[bytes, ...]) -> None:
        if not keys:
            raise ValueError("a keyring needs at least one key")
        self._keys = tuple(_Key(key) for key in keys)
        self._newest = self._keys[0]
        self._by_head = {key.head: key for key in self._keys}

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read keys written in base64, newest first, with commas between. Errors never show a key."""
        parts = [part.strip() for part in text.split(",") if part.strip()]
        return cls(tuple(_read_key(part, place) for place, part in enumerate(parts, start=1)))

    @classmethod
    def generate(cls) -> Self:
        return cls((os.urandom(KEY_BYTES),))

    def with_new_key(self) -> Keyring:
        """Return a ring with a fresh key in front, to rotate to."""
        return Keyring.from_text(f"{Keyring.generate().as_text()},{self.as_text()}")

    def as_text(self) -> str:
        """Undo `from_text`. The result is a secret."""
        return ",".join(key.as_text() for key in self._keys)

    def __repr__(self) -> str:
        return f"<Keyring of {len(self._keys)}>"

    @property
    def newest_head(self) -> bytes:
        """The bytes that begin every value sealed with the newest key."""
        return self._newest.head

    @property
    def heads(self) -> tuple[bytes, ...]:
        return tuple(self._by_head)

    def seal(self, plain: bytes, place: bytes) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return self._newest.head + nonce + self._newest.cipher.encrypt(nonce, plain, place)

    def open(self, token: bytes, place: bytes) -> bytes:
        """Raises `CannotOpen`."""
        key = self._by_head.get(token[:_HEAD_BYTES])
        if key is None:
            raise CannotOpen(f"{place.decode()}: sealed with a key we do not have")
        try:
            return key.cipher.decrypt(token[_HEAD_BYTES:_BODY_AT], token[_BODY_AT:], place)
        except (InvalidTag, ValueError):
            raise CannotOpen(f"{place.decode()}: the sealed value is damaged or not its own") from None

    def index(self, purpose: Purpose | str, value: str) -> str:
        """Return the fingerprint to keep, by the newest key."""
        purpose = Purpose(purpose)
        return self._newest.fingerprint(purpose, normal_form(purpose, value))

    def index_if_any(self, purpose: Purpose, value: str | None) -> str | None:
        """Return the fingerprint to keep, or None of nothing."""
        return self.index(purpose, value) if value else None

    def index_candidates(self, purpose: Purpose | str, value: str) -> list[str]:
        """Return every fingerprint the value may be kept under, newest key first."""
        purpose = Purpose(purpose)
        form = normal_form(purpose, value)
        return [key.fingerprint(purpose, form) for key in self._keys]


def _read_key(text: str, place: int) -> bytes:
    try:
        key = base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise ValueError(f"encryption key {place} is not {KEY_BYTES} bytes written in base64") from None
    return key


_keyrings: WeakKeyDictionary[Dialect, Keyring] = WeakKeyDictionary()
"""Each engine has a dialect of its own, and so each database its own keys, even two in one process."""


def use_keyring(dialect: Dialect, keyring: Keyring) -> None:
    _keyrings[dialect] = keyring


class SealedText(TypeDecorator[str]):
    """Text sealed for one column. Anything a person can type comes back as it was, lone surrogates too."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column
        self.place = column.encode()

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        return _keyrings[dialect].seal(value.encode(errors="surrogatepass"), self.place)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return _open(value, self.place, dialect).decode(errors="surrogatepass")


class SealedJson(TypeDecorator[Any]):
    """A JSON value sealed for one column."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column
        self.place = column.encode()

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        return None if value is None else _keyrings[dialect].seal(_to_bytes(value), self.place)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        return None if value is None else _from_bytes(_open(value, self.place, dialect))


def _open(value: bytes | memoryview | str, place: bytes, dialect: Dialect) -> bytes:
    if isinstance(value, str):  # SQLite keeps what it is given, whatever the column is called
        raise CannotOpen(f"{place.decode()}: was never sealed")
    return _keyrings[dialect].open(bytes(value), place)


_PLAIN_WRITER = b" "
"""JSON may begin with a space. Ours does where the plain writer made it, and the plain reader must read it."""


def _to_bytes(value: Any) -> bytes:
    try:
        return orjson.dumps(value)
    except TypeError:
        # Half a surrogate pair, or a number of 500 digits: the slower writer keeps both.
        return _PLAIN_WRITER + json.dumps(value, separators=(",", ":")).encode()


def _from_bytes(data: bytes) -> Any:
    return json.loads(data) if data.startswith(_PLAIN_WRITER) else orjson.loads(data)
