"""Plays a flow as one person would, with the state saved and read again between every two turns."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from flows.answers import Answer, from_json, to_json
from flows.effects import Effect, RecordAnswer, RetireAnswer
from flows.engine import Engine
from flows.loader import DEFINITIONS, assemble, load_area, load_files, load_wording
from flows.model import Flow, FlowFile
from flows.outcome import Asking, Message, Outcome, Reply
from flows.state import Mode, State
from flows.voice import Voice

TODAY = date(2026, 3, 2)


@cache
def voice(*, is_open: bool = True) -> Voice:
    area = load_area(DEFINITIONS / "areas" / "exampleshire.yaml")
    values = {**area.values(), "reference": "FD-TEST", "area.opens": "8.30am tomorrow", "area.reply": "today"}
    return Voice(load_wording(), values, is_open)


@cache
def front_door() -> Flow:
    return assemble("front_door", load_files())


def flow_of(*steps: Mapping[str, Any]) -> Flow:
    """Return a small flow of these steps, written as in a flow file."""
    file = {"flow": "small", "title": "Small", "version": 1, "steps": list(steps)}
    return assemble("small", {"small": FlowFile.model_validate(file)})


YES_NO = [{"id": "yes", "label": "Yes"}, {"id": "no", "label": "No"}, {"id": "not_sure", "label": "Not sure"}]


def ask(name: str, kind: str = "text", **more: Any) -> dict[str, Any]:
    """Return a question whose words are its name."""
    options = {"options": YES_NO} if kind in ("yes_no", "consent") and "options" not in more else {}
    return {"ask": name, "kind": kind, "words": f"The {name}?", **options, **more}


CHECK = ask("check_answers", "check", optional=False, not_known=False, check=False)
SUBMIT = {"finish": "submit", "say": ["sent"]}


def saved_and_read(state: State) -> State:
    return State.from_json(json.loads(json.dumps(state.to_json())))


@dataclass
class Play:
    """One person in one flow. `effects` is everything asked for so far; `said` the messages of the last turn."""

    engine: Engine
    state: State = field(init=False)
    effects: list[Effect] = field(default_factory=list)
    said: tuple[Message, ...] = ()
    saves: bool = True

    @classmethod
    def of(cls, flow: Flow, *, is_open: bool = True, saves: bool = True, **begun: Any) -> Play:
        play = cls(Engine(flow, voice(is_open=is_open)), saves=saves)
        play.take(play.engine.begin(**begun))
        return play

    def take(self, outcome: Outcome) -> Play:
        self.state = saved_and_read(outcome.state) if self.saves else outcome.state
        self.said = outcome.messages
        self.last_effects = outcome.effects
        self.effects.extend(outcome.effects)
        return self

    def say(self, text: str, *, facts: Mapping[str, str] | None = None, heard: str = "none") -> Play:
        reply = Reply(text=text, facts=tuple((facts or {}).items()), heard=heard)
        return self.take(self.engine.reply(self.state, reply, today=TODAY))

    def says(self, *texts: str) -> Play:
        for text in texts:
            self.say(text)
        return self

    def tap(self, choice: str) -> Play:
        return self.take(self.engine.reply(self.state, Reply(choice=choice), today=TODAY))

    def tick(self, *choices: str) -> Play:
        return self.take(self.engine.reply(self.state, Reply(choices=choices), today=TODAY))

    def back(self) -> Play:
        return self.take(self.engine.back(self.state))

    def change(self, number: int | None = None) -> Play:
        return self.take(self.engine.change(self.state, number))

    @property
    def at(self) -> str:
        return self.state.at if self.state.mode is Mode.ASKING else self.state.mode.value

    @property
    def asking(self) -> Asking:
        return self.engine.asking(self.state)

    @property
    def words(self) -> str:
        return "\n".join(m.text for m in self.said)

    @property
    def last_words(self) -> str:
        return self.said[-1].text

    def answer(self, key: str) -> Answer | None:
        return self.state.answers.get(key)

    def asked_for(self, kind: type[Effect]) -> list[Any]:
        return [e for e in self.effects if isinstance(e, kind)]

    @property
    def on_path(self) -> dict[str, Answer]:
        """The answers that stand: those of questions on the path."""
        return {key: self.state.answers[key] for key in self.engine.asker.way(self.state).answered()}

    @property
    def recorded(self) -> dict[str, Answer]:
        """What the record holds once every effect so far is done."""
        return replayed(self.effects)


def replayed(effects: list[Effect]) -> dict[str, Answer]:
    standing: dict[str, Answer] = {}
    for effect in effects:
        match effect:
            case RecordAnswer(key=key, answer=answer):
                standing[key] = from_json(json.loads(json.dumps(to_json(answer))))
            case RetireAnswer(key=key):
                standing.pop(key, None)
            case _:
                pass
    return standing
