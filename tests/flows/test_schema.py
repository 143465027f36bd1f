"""The schema that editors complete from: it is current, takes our flows, and tells a slip where it stands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from jsonschema import Draft7Validator
from pydantic import ValidationError

from flows.loader import DEFINITIONS, load_catalog, load_files, load_wording, read_yaml
from flows.model import FlowFile
from flows.schema import NAME, flow_schema, schema_text, write_schema

SCHEMA = flow_schema()
FLOWS = sorted((DEFINITIONS / "flows").glob("*.yaml"))


def mistakes(data: Any) -> list[str]:
    """Return each mistake as a checker tells it: the place, then what is wrong there."""
    found = Draft7Validator(SCHEMA).iter_errors(data)
    return [f"{' > '.join(map(str, error.absolute_path))}: {error.message}" for error in found]


def flow(*steps: Any) -> dict[str, Any]:
    return {"flow": "main", "title": "Main", "version": 1, "steps": list(steps)}


def ask(**more: Any) -> dict[str, Any]:
    return {"ask": "child_name", "kind": "name", "words": "What is their name?", **more}


def test_the_schema_on_disk_is_the_one_the_code_makes() -> None:
    """Editors read the file. `frontdoor flows schema` writes it anew."""
    assert (DEFINITIONS / NAME).read_text(encoding="utf-8") == schema_text()


def test_writing_the_schema_twice_changes_nothing(tmp_path: Path) -> None:
    """Otherwise each run would leave a change to review."""
    folder = Path(copytree(DEFINITIONS, tmp_path / "definitions"))
    first = write_schema(folder).read_text(encoding="utf-8")
    assert write_schema(folder).read_text(encoding="utf-8") == first == schema_text()


def test_the_schema_is_a_schema() -> None:
    """A checker that cannot read it takes anything."""
    Draft7Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.stem)
def test_our_own_flows_fit_the_schema(path: Path) -> None:
    """Red lines under sound flows teach authors to look away."""
    assert mistakes(read_yaml(path)) == []


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.stem)
def test_our_own_flows_name_the_schema(path: Path) -> None:
    """The first line is how an editor finds it."""
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first == f"# yaml-language-server: $schema=../{NAME}"


@pytest.mark.parametrize(
    ("step", "place", "said"),
    [
        (ask(wrods="What?"), "steps > 1", "'wrods' was unexpected"),
        ({"aks": "child_name"}, "steps > 1", "'ask' is a required property"),
        (ask(kind="nmae"), "steps > 1 > kind", "'nmae' is not one of"),
        (ask(ask="child_nam"), "steps > 1 > ask", "'child_nam' is not one of"),
        (ask(words={"parents": "What?"}), "steps > 1 > words", "not valid under any"),
        (ask(when={"audiance": ["parent"]}), "steps > 1 > when", "'audiance' was unexpected"),
        (ask(when={"audience": ["mother"]}), "steps > 1 > when > audience > 0", "'mother' is not one of"),
        (ask(when={"all": [{"answer": "role", "ni": ["x"]}]}), "steps > 1 > when > all > 0", "'ni' was"),
        (ask(errors={"nonsense": "Enter it"}), "steps > 1 > errors", "'nonsense' is not one of"),
        (ask(options=[{"id": "yes please", "label": "Yes"}]), "steps > 1 > options > 0 > id", "does not match"),
        (ask(raises=[{"when": {"depth": "full"}, "indicator": "negleckt", "urgency": "immediate", "why": "x"}]),
         "steps > 1 > raises > 0 > indicator", "'negleckt' is not one of"),
        ({"say": "greting"}, "steps > 1 > say", "'greting' is not one of"),
        ({"use": "dangr"}, "steps > 1 > use", "'dangr' is not one of"),
        ({"finish": "submitt"}, "steps > 1 > finish", "'submitt' is not one of"),
        ({"finish": "submit", "say": ["snet"]}, "steps > 1 > say > 0", "'snet' is not one of"),
        ({"each": "children", "steps": [{"say": "greting"}], "more": ask()},
         "steps > 1 > steps > 0 > say", "'greting' is not one of"),
    ],
)  # fmt: skip
def test_a_slip_is_told_where_it_stands(step: Any, place: str, said: str) -> None:
    """`this step fits no kind of step` would leave the author to search through it."""
    found = mistakes(flow(ask(), step))
    assert any(text.startswith(f"{place}: ") and said in text for text in found), found


@pytest.mark.parametrize(
    "step",
    [
        ask(
            when={
                "not": {"any": [{"answer": "role", "state": "given"}, {"concern": "immediate"}, {"depth": "full"}]}
            }
        ),
        ask(words={"parent": "What is your child called?", "other": "What is their name?"}, past=True, minimum=0),
        {"finish": "submit", "say": ["sent"], "when": {"answer": "role", "in": ["professional"]}},
        {"each": "children", "steps": [ask()], "more": ask(id="another"), "most": 3},
    ],
)
def test_what_the_model_takes_the_schema_takes(step: Any) -> None:
    """A line that editors mark and the program takes would make authors write around the schema."""
    FlowFile.model_validate(flow(step))
    assert mistakes(flow(step)) == []


@pytest.mark.parametrize(
    "step",
    [
        {"ask": "child_name", "words": "What?"},
        ask(when={"audience": []}),
        ask(depth="deep"),
        {"each": "children", "steps": [], "more": ask()},
        {"finish": "submit", "words": "Thank you"},
        {"title": "Nothing"},
    ],
)
def test_what_the_model_refuses_the_schema_refuses(step: Any) -> None:
    """Found while writing rather than when the program starts."""
    with pytest.raises(ValidationError):
        FlowFile.model_validate(flow(step))
    assert mistakes(flow(step))


@pytest.mark.parametrize(
    ("find", "ids"),
    [
        (lambda defs: defs["Ask"]["properties"]["ask"], lambda: load_catalog().fields),
        (lambda defs: defs["Say"]["properties"]["say"], lambda: load_wording().ids()),
        (lambda defs: defs["Finish"]["properties"]["say"]["items"], lambda: load_wording().ids()),
        (lambda defs: defs["Raise"]["properties"]["indicator"], lambda: load_catalog().indicators),
        (lambda defs: defs["Use"]["properties"]["use"], lambda: [n for n, f in load_files().items() if f.part]),
    ],
)
def test_every_id_that_exists_is_offered(find: Callable[[Any], Any], ids: Callable[[], Any]) -> None:
    """What an editor does not offer, an author believes not to exist."""
    offered = find(SCHEMA["$defs"])
    assert set(ids()) <= set(offered["enum"])
    assert len(offered.get("enumDescriptions", offered["enum"])) == len(offered["enum"])


def test_a_field_is_offered_with_its_question() -> None:
    """The id alone does not tell an author what is asked."""
    offered = SCHEMA["$defs"]["Ask"]["properties"]["ask"]
    told = dict(zip(offered["enum"], offered["enumDescriptions"], strict=True))
    assert "Is anyone hurt or in danger right now?" in told["immediate_danger"]
    assert all(told.values()), [name for name, text in told.items() if not text]


def test_a_file_that_is_wrong_does_not_stop_the_schema(tmp_path: Path) -> None:
    """The schema is what helps to mend it."""
    folder = Path(copytree(DEFINITIONS, tmp_path / "definitions"))
    (folder / "flows" / "new.yaml").write_text("flow: new\npart: true\nsteps: nothing\n", encoding="utf-8")
    assert "new" in flow_schema(folder)["$defs"]["Use"]["properties"]["use"]["enum"]
