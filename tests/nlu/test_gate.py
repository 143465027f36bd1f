"""The figures on the sealed split that no change may lower."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest

import nlu
from bot.commands.labelled import read_labelled
from bot.understanding import build_screener
from flows.loader import load_catalog
from nlu import gate
from nlu.base import Screening, Signal, Urgency
from nlu.dataset import Labelled, Split, load, plain
from nlu.evaluation import Scored, score, scored
from nlu.gate import Floor

_SAYS = {"help": Urgency.EMERGENCY, "hit": Urgency.IMMEDIATE, "hungry": Urgency.SAME_DAY, "thanks": Urgency.NONE}


def _result(**heard_as: Urgency) -> tuple[Scored, ...]:
    """Forty messages of each of four kinds, half in Polish; `heard_as` says what else is heard in a kind."""
    found = []
    for n in range(160):
        word, urgency = list(_SAYS.items())[n % 4]
        calm = urgency is Urgency.NONE
        message = Labelled(
            str(n), word, "parent", "pl" if n % 8 < 4 else "en", "inform", urgency, () if calm else ("neglect",)
        )
        heard = heard_as.get(word, urgency)
        signals = () if heard is Urgency.NONE else (Signal("neglect", heard, "model", ""),)
        found.append(scored(message, Screening(heard, signals)))
    return tuple(found)


@pytest.mark.timeout(600)  # half a minute of one core; a busy machine may share it out
def test_the_sealed_figures_stand() -> None:
    """What was reached for the people who write to us stays reached. See docs/evaluation.md."""
    screener = build_screener(load_catalog())
    result = score(lambda m: screener.screen(m.text, speaker=m.told_by), load("sealed"))
    assert gate.broken(result, gate.read()) == ()


TRAINING = Path(nlu.__file__).parent / "training"
FRESH = tuple(TRAINING / f"{name}.jsonl" for name in ("fresh", "fresh_2", "fresh_3"))


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("path", "floors"),
    list(
        zip(
            FRESH,
            [(0.90, 0.79, 0.87, 0.08, 0.16), (0.80, 0.76, 0.92, 0.04, 0.13), (0.93, 0.82, 0.92, 0.07, 0.12)],
            strict=True,
        )
    ),
    ids=[path.stem for path in FRESH],
)
def test_messages_as_they_come_are_heard(path: Path, floors: tuple[float, ...]) -> None:
    """The other splits are twins by half and hard on purpose; these are a month as it may be. Floors are the worse
    ends of the intervals that were measured."""
    screener = build_screener(load_catalog())
    found = gate.measure(score(lambda m: screener.screen(m.text, speaker=m.told_by), read_labelled(path)))
    emergency, immediate, today, calm_alerted, calm_today = floors
    assert found["emergency_alerted"].share >= emergency
    assert found["immediate_alerted"].share >= immediate
    assert found["immediate_read_today"].share >= today
    assert found["calm_alerted"].share <= calm_alerted
    assert found["calm_read_today"].share <= calm_today


@pytest.mark.parametrize("path", FRESH, ids=[path.stem for path in FRESH])
def test_fresh_messages_are_nobody_s_lesson(path: Path) -> None:
    """What was learnt from, or looked at while learning, measures memory."""
    known = {plain(m.text) for split in get_args(Split) for m in load(split)}
    assert [m.id for m in read_labelled(path) if plain(m.text) in known] == []


def test_every_figure_has_a_floor() -> None:
    """A figure taken out of the file would be held by nobody."""
    assert {floor.figure for floor in gate.read()} == set(gate.measure(()))


@pytest.mark.parametrize(
    ("heard_as", "figure"),
    [
        ({"help": Urgency.SAME_DAY}, "emergency_alerted"),
        ({"help": Urgency.NONE}, "emergency_read_today"),
        ({"hit": Urgency.SAME_DAY}, "immediate_alerted"),
        ({"hit": Urgency.NONE}, "immediate_read_today"),
        ({"hungry": Urgency.ADVICE}, "danger_read_today"),
        ({"thanks": Urgency.IMMEDIATE}, "calm_alerted"),
        ({"thanks": Urgency.SAME_DAY}, "calm_read_today"),
        ({"hit": Urgency.NONE}, "other_languages_alerted"),
        ({"thanks": Urgency.EMERGENCY}, "other_languages_calm_alerted"),
    ],
)
def test_each_kind_of_fall_is_caught(tmp_path: Path, heard_as: dict[str, Urgency], figure: str) -> None:
    """A gate that one kind of fall slips through is open."""
    path = tmp_path / "gate.json"
    gate.write(_result(), path)
    floors = gate.read(path)
    assert gate.broken(_result(), floors) == ()
    assert any(line.startswith(f"{figure}:") for line in gate.broken(_result(**heard_as), floors))


def test_an_indicator_named_wrongly_is_caught(tmp_path: Path) -> None:
    """The words the person hears are those of the indicator."""
    path = tmp_path / "gate.json"
    gate.write(_result(), path)
    other = tuple(Scored(s.message, s.heard, ("weapon",)) for s in _result())
    assert [line.split(":")[0] for line in gate.broken(other, gate.read(path))] == ["indicator_named"]


def test_what_was_not_measured_is_not_held() -> None:
    """No emergencies in the set is no proof that emergencies are heard."""
    assert len(gate.broken((), gate.read())) == len(gate.read())


def test_a_floor_is_the_worse_end_of_the_interval(tmp_path: Path) -> None:
    """So that chance in a small set does not close the gate, and a real fall does."""
    path = tmp_path / "gate.json"
    gate.write(_result(), path)
    rows = json.loads(path.read_text(encoding="utf-8"))["figures"]
    assert rows["emergency_alerted"] == {"hits": 40, "of": 40, "share": 1.0, "limit": 0.9124}
    assert rows["calm_alerted"] == {"hits": 0, "of": 40, "share": 0.0, "limit": 0.0876}


def test_an_empty_gate_is_refused(tmp_path: Path) -> None:
    """It would let everything through and look well."""
    path = tmp_path / "gate.json"
    path.write_text('{"figures": {}}', encoding="utf-8")
    with pytest.raises(ValueError, match="no figures"):
        gate.read(path)
    assert Floor("calm_alerted", 0.1).broken_by(gate.measure(_result())["calm_alerted"]).endswith("at most 0.100")
