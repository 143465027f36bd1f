"""Reads flows, wording, the area and the domain's lists from disk. The home of YAML."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from flows.area import Area
from flows.catalog import Catalog, CodeList, Field, Helpline, Indicator
from flows.model import Ask, Each, Finish, Flow, FlowFile, Group, Node, Say, Section, Step, Use
from flows.wording import FixedWords, Wording

DEFINITIONS = Path(__file__).parent / "definitions"
DEEPEST = 8


class BadDefinition(ValueError):
    """A file under flows/definitions is wrong. The message names the file, the place and how to mend it."""


_Base: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is ten times faster


class _Loader(_Base):  # type: ignore[misc, valid-type]
    """YAML in which `yes`, `no`, `on` and `off` are words, as practitioners mean them."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


def read_yaml(path: Path) -> Any:
    """Return the file's content. Raises `BadDefinition` with the line of the mistake."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a SafeLoader
    except FileNotFoundError:
        raise BadDefinition(f"{path}: there is no such file") from None
    except yaml.YAMLError as error:
        raise BadDefinition(f"{path}: {error}") from None


def load_files(folder: Path = DEFINITIONS) -> dict[str, FlowFile]:
    """Return every flow file by its id."""
    files: dict[str, FlowFile] = {}
    for path in sorted((folder / "flows").glob("*.yaml")):
        try:
            file = FlowFile.model_validate(read_yaml(path))
        except ValidationError as error:
            raise BadDefinition(f"{path.name}: {_first_mistake(error)}") from None
        if file.flow in files:
            raise BadDefinition(f"{path.name}: the flow {file.flow} stands in another file too")
        files[file.flow] = file
    return files


def assemble(name: str, files: Mapping[str, FlowFile]) -> Flow:
    """Put every part in place. Raises `BadDefinition` on a part that is missing or holds itself."""
    if name not in files:
        raise BadDefinition(f"there is no flow {name}; the flows are {', '.join(sorted(files))}")
    file = files[name]
    steps = _in_place(file.steps, files, (name,))
    return Flow(flow=file.flow, title=file.title, version=file.version, audience=file.audience, steps=steps)


def _in_place(steps: list[Step], files: Mapping[str, FlowFile], inside: tuple[str, ...]) -> list[Node]:
    nodes: list[Node] = []
    for step in steps:
        match step:
            case Use(use=name, when=when, depth=depth):
                if name in inside or len(inside) > DEEPEST:
                    raise BadDefinition(f"{inside[-1]}: the part {name} holds itself ({' > '.join(inside)})")
                if name not in files:
                    raise BadDefinition(f"{inside[-1]}: there is no part {name}")
                part = files[name]
                inner = _in_place(part.steps, files, (*inside, name))
                nodes.append(Section(section=name, title=part.title, steps=inner, when=when, depth=depth))
            case Each(each=group, more=more, most=most, when=when, depth=depth):
                inner = _in_place(step.steps, files, inside)
                nodes.append(Group(group=group, steps=inner, more=more, most=most, when=when, depth=depth))
            case Ask() | Say() | Finish():
                nodes.append(step)
    return nodes


def load_wording(folder: Path = DEFINITIONS) -> Wording:
    """Return the fixed words by id."""
    data = read_yaml(folder / "words.yaml")
    try:
        return Wording({key: FixedWords.model_validate({"id": key, **entry}) for key, entry in data.items()})
    except ValidationError as error:
        raise BadDefinition(f"words.yaml: {_first_mistake(error)}") from None


def load_area(path: Path) -> Area:
    """Return one area's settings. Raises `BadDefinition`."""
    return _area(read_yaml(path), path.name)


def read_area(text: str, name: str = "the text") -> Area:
    """Return the settings that a text holds, as an area's file would. Raises `BadDefinition`."""
    try:
        return _area(yaml.load(text, Loader=_Loader), name)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError:
        raise BadDefinition(f"{name}: it is not YAML") from None


def _area(data: Any, name: str) -> Area:
    try:
        area = Area.model_validate(data)
    except ValidationError as error:
        raise BadDefinition(f"{name}: {_first_mistake(error)}") from None
    # A rule for a code that nobody decides would leave its records to the shorter rule for all others.
    known = {row["code"] for row in load_catalog().lists["contact_outcome"].rows}
    for code in sorted({code for rule in area.retention.records for code in rule.outcomes} - known):
        raise BadDefinition(f"{name}: retention.records: {code} is not one of {', '.join(sorted(known))}")
    return area


@cache
def load_catalog(folder: Path = DEFINITIONS) -> Catalog:
    """Return the domain's fields, indicators and code lists."""
    fields = {f["id"]: Field.model_validate(f) for f in read_yaml(folder / "enquiry-fields.yaml")["fields"]}
    for extra in read_yaml(folder / "own-fields.yaml"):
        fields[extra["id"]] = Field.model_validate(extra)
    indicators = {
        i["id"]: Indicator.model_validate(i)
        for i in read_yaml(folder / "safeguarding-indicators.yaml")["indicators"]
    }
    lists = {path.stem: _code_list(path) for path in sorted((folder / "code-lists").glob("*.csv"))}
    helplines = {h["id"]: Helpline.model_validate(h) for h in read_yaml(folder / "helplines.yaml")["helplines"]}
    return Catalog(fields=fields, indicators=indicators, lists=lists, helplines=helplines)


def _code_list(path: Path) -> CodeList:
    with path.open(encoding="utf-8", newline="") as file:
        rows = tuple(csv.DictReader(file))
    return CodeList(path.stem, rows)


def flow_to_json(flow: Flow) -> str:
    """Return the whole flow as JSON, for keeping the version a conversation began with."""
    return json.dumps(flow.model_dump(mode="json", by_alias=True, exclude_defaults=True), ensure_ascii=False)


def flow_from_json(text: str) -> Flow:
    """Undo `flow_to_json`."""
    return Flow.model_validate_json(text)


def _first_mistake(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    place = " > ".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg']}"
