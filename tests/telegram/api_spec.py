"""Checks a call against the Bot API's own description (`api.json`) and the limits that its words give."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import orjson

_SPEC: dict[str, Any] = orjson.loads(Path(__file__).with_name("api.json").read_bytes())
METHODS: dict[str, Any] = _SPEC["methods"]
TYPES: dict[str, Any] = _SPEC["types"]

Upload = tuple[str, bytes, str]
"""A file of a multipart body: its name, content and media type."""


class Wrong(Exception):
    """A call breaks a rule. The text names the place and the rule, never the words sent."""


def read_call(
    method: str, raw: Mapping[str, Any], uploads: Mapping[str, Upload], *, is_json: bool
) -> dict[str, Any]:
    """Return the parameters in their own types. Raises `Wrong` at the first rule broken."""
    spec = METHODS.get(method)
    if spec is None:
        raise Wrong(f"{method}: no such method")
    fields = _fields(spec)
    unknown = [name for name in raw if name not in fields]
    if unknown:
        raise Wrong(f"{method}.{unknown[0]}: no such field")
    values: dict[str, Any] = {}
    for name, field in fields.items():
        if name in uploads:
            values[name] = uploads[name]
        elif name in raw:
            values[name] = _read(f"{method}.{name}", field["types"], raw[name], is_json=is_json)
        elif field["required"]:
            raise Wrong(f"{method}.{name}: missing")
    _check_rules(method, values)
    return values


@cache
def _fields_of(kind: str, name: str) -> dict[str, Any]:
    return {field["name"]: field for field in (METHODS if kind == "method" else TYPES)[name].get("fields", [])}


def _fields(spec: Mapping[str, Any]) -> dict[str, Any]:
    return _fields_of("method", spec["name"])


def _read(where: str, types: list[str], raw: Any, *, is_json: bool) -> Any:
    """A top-level parameter: outside JSON everything is text, and objects are JSON inside it."""
    if raw is None:
        raise Wrong(f"{where}: null")
    value = raw
    if isinstance(raw, str) and "String" not in types:
        value = _from_text(where, types, raw)
    elif isinstance(raw, str) and not is_json and types[0] == "Integer" and re.fullmatch(r"-?\d+", raw):
        value = int(raw)
    _check_any(where, types, value)
    return value


def _from_text(where: str, types: list[str], raw: str) -> Any:
    if types == ["Boolean"]:
        if raw.lower() not in ("true", "false"):
            raise Wrong(f"{where}: not a Boolean")
        return raw.lower() == "true"
    if "InputFile" in types and len(types) == 1:
        return raw
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise Wrong(f"{where}: not {' or '.join(types)}") from None


def _check_any(where: str, types: list[str], value: Any) -> None:
    errors: list[str] = []
    for kind in types:
        try:
            _check(where, kind, value)
        except Wrong as error:
            errors.append(str(error))
        else:
            return
    # the error from deepest inside says most
    raise Wrong(max(errors, key=lambda e: len(e.split(":")[0])))


def _check(where: str, kind: str, value: Any) -> None:
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            raise Wrong(f"{where}: not an array")
        for at, item in enumerate(value):
            _check(f"{where}[{at}]", kind.removeprefix("Array of "), item)
    elif kind in _SIMPLE:
        if not _SIMPLE[kind](value):
            raise Wrong(f"{where}: not {kind}")
    else:
        _check_object(where, kind, value)


_SIMPLE: dict[str, Callable[[Any], bool]] = {
    "String": lambda v: isinstance(v, str),
    "Integer": lambda v: isinstance(v, int) and not isinstance(v, bool) and abs(v) < 2**53,
    "Float": lambda v: isinstance(v, int | float) and not isinstance(v, bool),
    "Boolean": lambda v: isinstance(v, bool),
    "InputFile": lambda v: isinstance(v, str) and v.startswith("attach://"),
}


def _check_object(where: str, kind: str, value: Any) -> None:
    spec = TYPES[kind]
    if spec.get("subtypes"):
        _check_any(where, spec["subtypes"], value)
        return
    if not isinstance(value, dict):
        raise Wrong(f"{where}: not {kind}")
    fields = _fields_of("type", kind)
    for name, inner in value.items():
        if name not in fields:
            raise Wrong(f"{where}.{name}: no such field in {kind}")
        _check_any(f"{where}.{name}", fields[name]["types"], inner)
        _check_constant(f"{where}.{name}", fields[name]["description"], inner)
    for name, field in fields.items():
        if field["required"] and name not in value:
            raise Wrong(f"{where}.{name}: missing in {kind}")
    _check_rules(kind, value, where)


def _check_constant(where: str, description: str, value: Any) -> None:
    """`Type of the media, must be photo`."""
    must = re.search(r"must be (\w+)$", description)
    if must and isinstance(value, str) and value != must[1]:
        raise Wrong(f"{where}: must be {must[1]}")


def units(text: str) -> int:
    """UTF-16 code units, in which Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _between(low: int, high: int, size: Callable[[Any], int] = units) -> Callable[[Any], str]:
    return lambda v: "" if low <= size(v) <= high else f"length {size(v)} is not {low} to {high}"


def _matches(pattern: str) -> Callable[[Any], str]:
    return lambda v: "" if re.fullmatch(pattern, v) else f"does not match {pattern}"


def _one_of(*allowed: str) -> Callable[[Any], str]:
    return lambda v: "" if v in allowed else "not an allowed value"


def _message_text(value: str) -> str:
    if not value.strip():
        return "empty"
    return _between(1, 4096)(value)


def _whole_unicode(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        return "not UTF-8"
    return ""


# The limits that the pages give in words. https://core.telegram.org/bots/api
_RULES: dict[tuple[str, str], Callable[[Any], str]] = {
    ("sendMessage", "text"): _message_text,
    ("editMessageText", "text"): _message_text,
    ("answerCallbackQuery", "text"): _between(0, 200),
    ("InlineKeyboardButton", "text"): lambda v: "" if v.strip() else "empty",
    ("InlineKeyboardButton", "callback_data"): _between(1, 64, lambda v: len(v.encode())),
    ("BotCommand", "command"): _matches(r"[a-z0-9_]{1,32}"),
    ("BotCommand", "description"): _between(1, 256),
    ("setMyCommands", "commands"): _between(0, 100, len),
    ("setMyDescription", "description"): _between(0, 512),
    ("setMyShortDescription", "short_description"): _between(0, 120),
    ("setWebhook", "secret_token"): _matches(r"[A-Za-z0-9_-]{1,256}"),
    ("deleteMessages", "message_ids"): _between(1, 100, len),
    ("getUpdates", "limit"): lambda v: "" if 1 <= v <= 100 else "not 1 to 100",
    ("getUpdates", "timeout"): lambda v: "" if 0 <= v <= 50 else "not 0 to 50",
    ("sendChatAction", "action"): _one_of(
        "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
        "upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note",
    ),
}  # fmt: skip

_BUTTON_ACTIONS = set(_fields_of("type", "InlineKeyboardButton")) - {
    "text", "style", "icon_custom_emoji_id",
}  # fmt: skip


def _check_rules(owner: str, values: Mapping[str, Any], where: str = "") -> None:
    place = where or owner
    for name, value in values.items():
        if isinstance(value, str) and (wrong := _whole_unicode(value)):
            raise Wrong(f"{place}.{name}: {wrong}")
        rule = _RULES.get((owner, name))
        if rule is not None and (wrong := rule(value)):
            raise Wrong(f"{place}.{name}: {wrong}")
    if owner == "InlineKeyboardButton" and len(_BUTTON_ACTIONS & values.keys()) != 1:
        raise Wrong(f"{place}: a button does exactly one thing")
