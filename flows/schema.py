"""Makes the JSON Schema from which editors complete and check a flow file while it is being written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flows.catalog import OWN_INDICATORS, Catalog
from flows.catalog import Field as CatalogField
from flows.conditions import AUDIENCES
from flows.loader import DEFINITIONS, load_catalog, load_wording, read_yaml
from flows.model import FlowFile
from flows.reading.expected import ERRORS
from flows.wording import Wording

NAME = "flow.schema.json"

_STEPS = {"ask": "Ask", "say": "Say", "use": "Use", "each": "Each", "finish": "Finish"}
"""The key that says which kind of step it is, and the class."""

_CONDITIONS = {
    "in": "AnswerIs", "state": "AnswerState", "audience": "AudienceIs", "depth": "DepthIs",
    "concern": "ConcernStands", "all": "All", "any": "Any", "not": "Not",
}  # fmt: skip

_READERS = (*AUDIENCES, "other", "desk")

Schema = dict[str, Any]


def flow_schema(folder: Path = DEFINITIONS) -> Schema:
    """Return the schema of a flow file, with the ids of fields, words, parts and indicators on disk."""
    schema: Schema = FlowFile.model_json_schema(by_alias=True)
    _tidy(schema)
    _name_what_exists(schema["$defs"], load_catalog(folder), load_wording(folder), _parts(folder))
    schema["$defs"]["Step"] = _one_of_by_key(_STEPS, schema["$defs"], "One step of the flow.")
    condition = _one_of_by_key(_CONDITIONS, schema["$defs"], "When it is so.")
    condition["properties"]["answer"] = {"description": "the id of a question asked before"}
    schema["$defs"]["Condition"] = {**condition, "additionalProperties": False}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A flow of the front door",
        "description": "One file under flows/definitions/flows. `frontdoor flows check` finds what this cannot.",
        **schema,
    }


def schema_text(folder: Path = DEFINITIONS) -> str:
    """Return the schema as it is written to disk."""
    return json.dumps(flow_schema(folder), indent=1, ensure_ascii=False) + "\n"


def write_schema(folder: Path = DEFINITIONS) -> Path:
    """Write the schema beside the flows and return where."""
    path = folder / NAME
    path.write_text(schema_text(folder), encoding="utf-8")
    return path


def _parts(folder: Path) -> dict[str, str]:
    """Return each part's title. Files are not judged here: the schema must help to mend one that is wrong."""
    parts: dict[str, str] = {}
    for path in sorted((folder / "flows").glob("*.yaml")):
        data = read_yaml(path)
        if isinstance(data, dict) and data.get("part") is True:
            parts[str(data.get("flow", path.stem))] = str(data.get("title", ""))
    return parts


# Tidying what pydantic writes


def _tidy(schema: Any) -> None:
    """Take out titles, put one name where steps and conditions are listed, let nothing be null."""
    match schema:
        case dict():
            if isinstance(schema.get("title"), str):
                del schema["title"]
            _shorten(schema)
            for value in schema.values():
                _tidy(value)
        case list():
            for value in schema:
                _tidy(value)


def _shorten(schema: Schema) -> None:
    choices = schema.get("anyOf")
    if not isinstance(choices, list):
        return
    named = {str(choice.get("$ref", "")).rsplit("/", 1)[-1] for choice in choices}
    for name, members in (("Step", _STEPS), ("Condition", _CONDITIONS)):
        if set(members.values()) <= named:
            del schema["anyOf"]
            schema.pop("default", None)
            schema["$ref"] = f"#/$defs/{name}"
            return
    for choice in choices:
        if choice.get("additionalProperties") == {"type": "string"}:  # words by audience
            choice["propertyNames"] = {"enum": list(_READERS)}
            choice["properties"] = {key: {"type": "string"} for key in _READERS}
    kept = [choice for choice in choices if choice != {"type": "null"}]
    if len(kept) < len(choices):
        schema.pop("default", None)
    if len(kept) == 1:
        del schema["anyOf"]
        schema.update(kept[0])
    elif kept != choices:
        schema["anyOf"] = kept


def _one_of_by_key(members: Mapping[str, str], defs: Schema, description: str) -> Schema:
    """Return a schema that picks the kind by its key, so that a mistake is told where it stands.

    With a plain list of kinds a checker can only say that a step fits none of them.
    """
    keys: list[Schema] = [{"required": [key]} for key in members]
    kinds: list[Schema] = [{"if": _has(key, members), "then": _kind(members[key])} for key in members]
    none: Schema = {"if": {"not": {"anyOf": keys}}, "then": keys[0]}
    return {
        "description": description,
        "type": "object",
        "properties": {key: {"description": defs[name]["description"]} for key, name in members.items()},
        "allOf": [*kinds, none],
    }


def _has(key: str, members: Mapping[str, str]) -> Schema:
    """A finish has a `say` of its own; with both keys it is a finish."""
    if key == "say" and "finish" in members:
        return {"required": ["say"], "not": {"required": ["finish"]}}
    return {"required": [key]}


def _kind(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


# Naming what exists


def _name_what_exists(defs: Schema, catalog: Catalog, wording: Wording, parts: Mapping[str, str]) -> None:
    words = dict.fromkeys(sorted(wording.ids()), "")
    fields = {key: _about(field) for key, field in sorted(catalog.fields.items())}
    indicators = {**{key: i.label for key, i in sorted(catalog.indicators.items())}, **OWN_INDICATORS}
    _enumerate(defs["Ask"]["properties"]["ask"], fields)
    _enumerate(defs["Say"]["properties"]["say"], words)
    _enumerate(defs["Finish"]["properties"]["say"]["items"], words)
    _enumerate(defs["Raise"]["properties"]["say"], {"": "the flow says them", **words})
    _enumerate(defs["Raise"]["properties"]["indicator"], indicators)
    _enumerate(defs["Use"]["properties"]["use"], parts)
    errors = defs["Ask"]["properties"]["errors"]
    errors["propertyNames"] = {"enum": sorted(ERRORS)}
    errors["properties"] = dict.fromkeys(sorted(ERRORS), errors["additionalProperties"])


def _about(field: CatalogField) -> str:
    asked = next(iter(field.question.values()), "")
    return ". ".join(text.rstrip(".") for text in (asked, field.why) if text)


def _enumerate(schema: Schema, named: Mapping[str, str]) -> None:
    """Allow only these, with what each means for editors that show it."""
    schema["enum"] = list(named)
    if any(named.values()):
        schema["enumDescriptions"] = list(named.values())
