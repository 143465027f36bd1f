"""Reads the body of a call, in each of the media types that the Bot API takes."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson
from python_multipart.multipart import parse_options_header

from tests.telegram.api_spec import Upload
from tests.telegram.chats import Json
from tests.telegram.http_server import Request


def read_body(request: Request) -> tuple[Json, dict[str, Upload], bool]:
    """Return the fields, the files and whether they came as JSON."""
    query: Json = dict(parse_qsl(urlsplit(request.target).query, keep_blank_values=True))
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if not request.body:
        return query, {}, False
    if kind == b"application/json":
        data = orjson.loads(request.body)
        if not isinstance(data, dict):
            raise ValueError("not an object")
        return query | data, {}, True
    if kind == b"multipart/form-data":
        fields, uploads = _multipart(request.body, options[b"boundary"])
        return query | fields, uploads, False
    if kind == b"application/x-www-form-urlencoded":
        form = dict(parse_qsl(request.body.decode(), keep_blank_values=True, strict_parsing=True))
        return query | form, {}, False
    raise ValueError("a media type that the Bot API does not read")


def _multipart(body: bytes, boundary: bytes) -> tuple[Json, dict[str, Upload]]:
    fields: Json = {}
    uploads: dict[str, Upload] = {}
    for part in body.split(b"--" + boundary)[1:-1]:
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        headers = dict(line.split(b": ", 1) for line in head.split(b"\r\n"))
        lower = {k.lower(): v for k, v in headers.items()}
        _, options = parse_options_header(lower[b"content-disposition"])
        name = options[b"name"].decode()
        content = content.removesuffix(b"\r\n")
        if b"filename" in options:
            uploads[name] = (options[b"filename"].decode(), content, lower.get(b"content-type", b"").decode())
        else:
            fields[name] = content.decode()
    return fields, uploads


def loosely(raw: Json) -> Json:
    """Without checks: whatever reads as JSON is JSON, except words and an id that is written as words."""
    as_it_came = ("text", "callback_query_id")
    return {k: v if k in as_it_came or not isinstance(v, str) else _or_text(v) for k, v in raw.items()}


def _or_text(value: str) -> Any:
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        return value
