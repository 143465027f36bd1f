"""Versions in use: each can still be played, and none has changed under its own number."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from pydantic import ValidationError

from flows.checks.finding import Finding
from flows.checks.parts import stands
from flows.loader import assemble, flow_from_json, flow_to_json
from flows.model import FlowFile

Version = tuple[str, int]


def stranded(
    files: Mapping[str, FlowFile], in_use: Mapping[Version, int], stored: Mapping[Version, str]
) -> Iterator[Finding]:
    for (name, number), count in sorted(in_use.items()):
        if count and not _can_be_played(stored.get((name, number))):
            message = f"{_conversations(count)} with content {number} of the flow, which is not kept."
            yield Finding(
                name, f"content {number}", "stranded", message,
                "Bring it back into storage before this goes live.",
            )  # fmt: skip
    for name in sorted(files):
        newest = max((number for flow, number in stored if flow == name), default=None)
        if newest is None or not stands(name, files):
            continue
        flow = assemble(name, files)
        kept = stored[(name, newest)]
        if _version_of(kept) == flow.version and kept != flow_to_json(flow):
            yield Finding(
                name, f"version {flow.version}", "stranded",
                "The flow, or a part of it, has changed since it was last used, and its version number has not.",
                f"Set `version: {flow.version + 1}`, so that people can tell the two apart.", "warning",
            )  # fmt: skip


def _conversations(count: int) -> str:
    return "1 conversation goes on" if count == 1 else f"{count} conversations go on"


def _can_be_played(text: str | None) -> bool:
    if text is None:
        return False
    try:
        flow_from_json(text)
    except ValidationError:
        return False
    return True


def _version_of(text: str) -> object:
    try:
        return json.loads(text).get("version")
    except json.JSONDecodeError:
        return None
