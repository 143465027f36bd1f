"""Takes a flow, a state and a reply; gives back the next state, words and effects. No clock, disk or network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flows.answers import Answer, Given, Skipped, Unread
from flows.asking import ALERTING, Asker, ask_of
from flows.conditions import at_least, chosen
from flows.effects import (
    BringPerson,
    Effect,
    Pause,
    RaiseConcern,
    RecordAnswer,
    RecordConsent,
    RetireAnswer,
    SetAudience,
    SetDepth,
    Submit,
)
from flows.model import Ask, Finish, Say
from flows.outcome import Message, Outcome, Reply
from flows.path import Place, facts
from flows.reading import Expected, read, read_choice_id, read_choice_ids, whole_answer
from flows.reading import Option as Readable
from flows.reading.choices import names_exactly
from flows.reading.words import normalise, plain
from flows.reading.yes_no import sounds_doubtful
from flows.state import Mode, State

MISSES_BEFORE_HELP = 1
MISSES_BEFORE_MOVING_ON = 2
GIVEN_UP_BEFORE_PERSON = 3
OWN_WORDS = "reason_in_own_words"
WORDS_OF_A_WORRY = 6
"""From so many words on, what cannot be read as an answer is taken as what they came to say."""
OPEN_WORDS = ("long_text",)  # whatever is said here is an answer, danger or not
TAKEN_WHOLE = ("long_text", "text")  # in their own words: a fact found in them is a part, never a better answer
FREE_WORDS = (*TAKEN_WHOLE, "name", "address")

_SEND = Readable(
    "send", "Send", ("send it", "yes", "yes send", "submit", "done", "ok", "okay", "all good", "correct")
)
_CHANGE = Readable("change", "Change an answer", ("change", "no", "edit", "fix", "change something"))
_YES = Readable("yes", "Yes", ("yes thats right", "right", "correct", "all right"))
_NO = Readable("no", "No", ("thats wrong", "wrong", "not right", "incorrect"))
_TO_CHECK = Expected(kind="choice", options=(_SEND, _CHANGE), optional=False)
_TO_CONFIRM = Expected(kind="yes_no", options=(_YES, _NO))

AN_EXAMPLE = "For example"
"""How a hint begins that shows an answer."""


@dataclass(frozen=True, slots=True)
class Engine(Asker):
    """Plays one flow in one voice. Every method is a pure function of its arguments."""

    # -- what a person can do ------------------------------------------------------------------------------

    def begin(
        self,
        *,
        audience: str = "unknown",
        language: str = "en",
        given: Mapping[str, Answer] | None = None,
        concern: str = "none",
        depth: str = "quick",
        told: Mapping[str, tuple[str, str]] | None = None,
    ) -> Outcome:
        """Open the flow. `given` are answers already known (the role in a deep link, a worry typed first), `told`
        the facts found in that worry, as the state holds them.
        """
        state = State(
            flow=self.flow.flow,
            version=self.flow.version,
            audience=audience,
            language=language,
            concern=concern,
            depth=depth,
            told=told or {},
        )
        effects: list[Effect] = []
        asks = {ask.name: ask for ask in self.flow.asks()}
        for key, answer in (given or {}).items():
            if key in asks:
                state = state.with_answer(key, answer)
                effects.append(self._record(Place(key, asks[key], self.flow.flow), answer, state, "inferred"))
        return self._go_on(state, effects=effects)

    def reply(self, state: State, reply: Reply, *, today: date) -> Outcome:
        """Take what they sent as what the state says it is. Never raises on anything a person can send."""
        state = self._remember(state, reply, today)
        if reply.heard == "none":
            return self._reply(state, state, reply, today)
        raised = replace(state, concern=at_least(state.concern, reply.heard))
        return self._turned(state, self._reply(state, raised, reply, today))

    def _reply(self, before: State, state: State, reply: Reply, today: date) -> Outcome:
        if state.is_over:
            return self._after_the_end(before, state)
        match state.mode:
            case Mode.CONFIRMING:
                return self._confirm(state, reply, today)
            case Mode.CHOOSING:
                return self._choose_change(state, reply)
            case Mode.PAUSED:
                return self.resume(state)
            case _:
                return self._answer(state, reply, today)

    def back(self, state: State) -> Outcome:
        """Ask the question before this one again, with the answer it has."""
        if state.is_over or state.mode is Mode.PAUSED:
            return self._not_asking(state)
        if state.mode in (Mode.CONFIRMING, Mode.CHOOSING):
            refused = (*state.refused, *state.offered)
            return self._go_on(replace(state, mode=Mode.ASKING, offered={}, refused=refused))
        earlier = self._before(state)
        if earlier is None:
            return self._ask_again(state, self._fixed("back_at_start", state))
        return self._revisit(state, earlier, "back_now")

    def change(self, state: State, number: int | None = None) -> Outcome:
        """Offer the answers that can be changed, or open one by its number on the list."""
        if state.is_over or state.mode is Mode.PAUSED:
            return self._not_asking(state)
        changeable = self._changeable(state)
        if not changeable:
            return self._ask_again(state, self._fixed("change_nothing", state))
        if number is None:
            lines = "\n".join(self._lines(state))
            chosen_state = replace(state, mode=Mode.CHOOSING, misses=0)
            text = f"{lines}\n\n{self._fixed('change_which', state)}"
            return Outcome(chosen_state, (self._asking_message(chosen_state, text),))
        if not 1 <= number <= len(changeable):
            text = self._fixed("change_no_such", state, {"number": str(number)[:6]})
            return Outcome(state, (self._asking_message(state, text),))
        return self._revisit(replace(state, mode=Mode.ASKING), changeable[number - 1], "change_now")

    def press_again(self, state: State, key: str, choice: str, *, today: date) -> Outcome | None:
        """Take a button of an earlier question, where what it says raises a worry; None where it does not."""
        place = next((p for p in self._way(state).questions() if p.key == key), None)
        if place is None or state.is_over:
            return None
        found = read_choice_id(choice, self._expected(state, place))
        if isinstance(found, Unread) or not self._would_raise(state, place, found):
            return None
        opened = replace(state, mode=Mode.ASKING, offered={}, misses=0, picked=())
        return self._turned(state, self._settle(opened, place, found, Reply(choice=choice), today))

    def repeat(self, state: State, lead_in: str = "") -> Outcome:
        """Put the question at hand again, after a digression."""
        return self._ask_again(state, lead_in)

    def help(self, state: State) -> Outcome:
        """Say what helps with the question at hand, and put it again."""
        place = self._place(state)
        own = self.voice.flow(place.node.help, state.audience) if place and isinstance(place.node, Ask) else ""
        return self._ask_again(state, own or self._fixed("help_general", state))

    def heed(self, state: State, urgency: str) -> Outcome:
        """A worry was heard outside any answer (an edit, a caption): work out the path anew."""
        raised = replace(state, concern=at_least(state.concern, urgency))
        if raised.concern == state.concern or urgency not in ALERTING:
            return self._turned(state, Outcome(raised))
        return self._turned(state, self._go_on(replace(raised, mode=Mode.ASKING, offered={})))

    def is_answered_wholly(self, state: State, text: str, *, today: date) -> bool:
        """Say whether all of `text` is an answer to the question just asked, one that raises no worry.

        Word for word an option, in the words of one or of our own example, a plain age or date, "I don't know".
        Where an answer can raise a worry only its own said words will do. A paused conversation was asked what
        paused it.
        """
        match state.mode:
            case Mode.CONFIRMING:
                return whole_answer(text, _TO_CONFIRM, today=today) is not None
            case Mode.ASKING:
                place = self._place(state)
            case Mode.PAUSED:
                place = self._paused_by(state)
            case _:
                return False
        return place is not None and isinstance(place.node, Ask) and self._is_whole(state, place, text, today)

    def _is_whole(self, state: State, place: Place, text: str, today: date) -> bool:
        ask = ask_of(place)
        expected = _TO_CHECK if ask.kind == "check" else self._expected(state, place)
        if ask.raises and not names_exactly(plain(normalise(text)), expected):
            return False
        hint = self.voice.flow(ask.hint, state.audience)
        found = whole_answer(text, expected, today=today, example=hint if hint.startswith(AN_EXAMPLE) else "")
        return found is not None and not self._would_raise(state, place, found)

    def _would_raise(self, state: State, place: Place, answer: Answer) -> bool:
        seen = facts(state.with_answer(place.key, answer), place.prefix)
        return any(worry.when.held(seen).holds for worry in ask_of(place).raises)

    def resume(self, state: State) -> Outcome:
        """Begin again where a paused conversation stopped: with the question that paused it."""
        paused_by = self._paused_by(state)
        last = paused_by.key if paused_by else ""
        answers = {k: a for k, a in state.answers.items() if k != last}
        opened = replace(state, mode=Mode.ASKING, answers=answers, misses=0, picked=())
        return self._go_on(opened, [Message(self._fixed("resume_paused", state))])

    def _paused_by(self, state: State) -> Place | None:
        last: Place | None = None
        for place in self._way(state):
            if isinstance(place.node, Finish):
                break
            if isinstance(place.node, Ask) and place.key in state.answers:
                last = place
        return last

    def send_as_it_is(self, state: State) -> Outcome:
        """Send what there is: they hung up or left, and nobody can be asked the rest."""
        if state.is_over:
            return Outcome(state)
        sent = replace(state, mode=Mode.FINISHED, at="", offered={}, picked=())
        return Outcome(sent, (Message(self._fixed("sent", sent)),), (Submit(),))

    # -- taking a reply ------------------------------------------------------------------------------------

    def _answer(self, state: State, reply: Reply, today: date) -> Outcome:
        place = self._place(state)
        if place is None:
            return self._go_on(state)
        ask = ask_of(place)
        if reply.choice == "send_now":
            return self._go_on(replace(state, enough=True, misses=0, picked=()))
        if reply.choice == "keep" and place.key in state.answers:
            return self._settle(state, place, state.answers[place.key], reply, today)
        if ask.kind == "choices" and state.picked and reply.text.strip().casefold() == "done":
            return self._tick(state, place, replace(reply, choice="done"), today)
        if ask.kind == "choices" and reply.choice is not None:
            return self._tick(state, place, reply, today)
        if ask.kind == "check":
            return self._check(state, place, reply, today)
        found = self._careful(state, place, reply, self._read(state, place, reply, today))
        if reply.heard in ALERTING and not _stands_as_answer(found, ask, reply):
            return self._go_on(replace(state, misses=0, picked=()))
        if isinstance(found, Unread):
            return self._missed(state, place, found, reply, today)
        return self._settle(state, place, found, reply, today)

    def _read(self, state: State, place: Place, reply: Reply, today: date) -> Answer | Unread:
        expected = self._expected(state, place)
        ask = ask_of(place)
        if ask.kind == "file" and reply.file:
            return Given({"file": reply.file}, reply.text)
        if reply.choices is not None:
            return read_choice_ids(reply.choices, expected)
        if reply.choice is not None:
            found = read_choice_id(reply.choice, expected)
            if not isinstance(found, Unread) or not reply.text:
                return found
        stated = dict(reply.facts).get(ask.ask)
        if stated and ask.kind not in TAKEN_WHOLE:
            found = read(stated, expected, today=today, language=state.language)
            if isinstance(found, Given):
                return replace(found, words=reply.text or stated)
        return read(reply.text, expected, today=today, language=state.language)

    def _careful(self, state: State, place: Place, reply: Reply, found: Answer | Unread) -> Answer | Unread:
        """Where an answer can raise a worry, a typed yes or no with more behind it is not taken for calm.

        "No, I'm not safe" and "yes, he is here" answer another question than the one that was asked.
        """
        ask = ask_of(place)
        if not (ask.raises and ask.unreadable_as) or reply.choice is not None or not isinstance(found, Given):
            return found
        if self.names_an_answer(state, reply.text) or not sounds_doubtful(reply.text):
            return found
        if self._would_raise(state, place, found):
            return found
        return Given(ask.unreadable_as, reply.text, checked=False)

    def _settle(self, state: State, place: Place, answer: Answer, reply: Reply, today: date) -> Outcome:
        """Take the answer, raise what it raises, offer back whatever else the message told us."""
        ask = ask_of(place)
        if isinstance(answer, Skipped) and not ask.optional and ask.unreadable_as:
            return self._missed(state, place, Unread("skip_not_here"), reply, today)
        state, effects, messages = self._take(state, place, answer)
        if not isinstance(answer, Given) or reply.choice is not None:
            return self._go_on(state, messages, effects)
        offered = self._other_facts(state, place, reply, today)
        if offered and reply.heard not in ALERTING:
            return self._offer(state, offered, messages, effects)
        return self._go_on(state, messages, effects)

    def _take(
        self, state: State, place: Place, answer: Answer, source: str = "person"
    ) -> tuple[State, list[Effect], list[Message]]:
        ask = ask_of(place)
        turns = ask.name in self.flow.turning_points
        was_on_path = self._way(state).answered() if turns else {}
        old = state.answers.get(place.key)
        new = replace(state.with_answer(place.key, answer), misses=0, picked=(), mode=Mode.ASKING)
        effects: list[Effect] = []
        if old != answer or (turns and place.key not in was_on_path):
            effects.append(self._record(place, answer, new, source))
        new, set_effects = _apply_sets(new, ask, answer)
        effects.extend(set_effects)
        if ask.consent and old != answer:
            effects.append(self._consent(place, answer, new))
        new, raised, messages = self._raise(new, place)
        if turns:
            effects.extend(self._path_changes(was_on_path, new, place.key))
        return new, [*effects, *raised], messages

    def _record(self, place: Place, answer: Answer, state: State, source: str) -> RecordAnswer:
        ask = ask_of(place)
        words = self.voice.flow(ask.words, state.audience, self._names(state, place.prefix))
        return RecordAnswer(place.key, ask.ask, words, answer, source)

    def _consent(self, place: Place, answer: Answer, state: State) -> RecordConsent:
        ask = ask_of(place)
        given = ",".join(chosen(answer)) or type(answer).__name__.lower()
        shown = self.voice.flow(ask.words, state.audience, self._names(state, place.prefix))
        return RecordConsent(ask.consent, given, f"{place.section}.{ask.name}", self.flow.version, shown)

    def _path_changes(self, was: Mapping[str, Place], state: State, taken: str) -> list[Effect]:
        now = self._way(state).answered()
        gone: list[Effect] = [RetireAnswer(key) for key in was if key not in now]
        back = [
            self._record(place, state.answers[key], state, "person")
            for key, place in now.items()
            if key not in was and key != taken
        ]
        return [*gone, *back]

    def _turned(self, before: State, outcome: Outcome) -> Outcome:
        """Note what left the path or came back to it because a worry was heard."""
        if outcome.state.concern == before.concern:
            return outcome
        known = {e.key for e in outcome.effects if isinstance(e, RecordAnswer | RetireAnswer)}
        changes = self._path_changes(self._way(before).answered(), outcome.state, "")
        more = [e for e in changes if isinstance(e, RecordAnswer | RetireAnswer) and e.key not in known]
        return replace(outcome, effects=(*outcome.effects, *more))

    def _raise(self, state: State, place: Place) -> tuple[State, list[Effect], list[Message]]:
        effects: list[Effect] = []
        messages: list[Message] = []
        seen = facts(state, place.prefix)
        for worry in ask_of(place).raises:
            name = f"{place.key}:{worry.indicator}:{worry.urgency}"
            if not worry.when.held(seen).holds:
                continue
            state = replace(state, concern=at_least(state.concern, worry.urgency))
            if worry.say:
                messages.append(Message(self._fixed(worry.say, state)))
            if name not in state.raised:
                state = replace(state, raised=(*state.raised, name))
                effects.append(RaiseConcern(worry.indicator, worry.urgency, worry.why))
        return state, effects, messages

    # -- several facts in one message ----------------------------------------------------------------------

    def _other_facts(self, state: State, place: Place, reply: Reply, today: date) -> dict[str, Answer]:
        """Read facts for questions that are still to come, each as its own question would."""
        found: dict[str, Answer] = {}
        if state.concern in ALERTING or ask_of(place).raises:  # nothing is put between a danger and its questions
            return found
        here = ask_of(place).ask
        ahead = self._ahead(state, place)
        for fact, words in reply.facts:
            target = ahead.get(fact)
            if fact == here or target is None or target.key in state.answers or target.key in state.refused:
                continue
            answer = read(words, self._expected(state, target), today=today, language=state.language)
            if isinstance(answer, Given):
                found[target.key] = answer
        return found

    def _remember(self, state: State, reply: Reply, today: date) -> State:
        """Keep facts for the questions they answer, however far off those are: they are never asked again."""
        new = {fact: (words, today.isoformat()) for fact, words in reply.facts if fact not in state.told}
        return replace(state, told={**state.told, **new}) if new and state.mode is Mode.ASKING else state

    def _told(self, state: State, place: Place) -> dict[str, Answer]:
        """Return what they told us before that answers the question just reached, and others on the way."""
        if place.instance or ask_of(place).ask not in state.told or state.concern in ALERTING:
            return {}
        found: dict[str, Answer] = {}
        for field, target in self._ahead(state, place).items():
            if field not in state.told or target.key in state.refused or target.instance:
                continue
            words, day = state.told[field]
            today = date.fromisoformat(day)
            answer = read(words, self._expected(state, target), today=today, language=state.language)
            if isinstance(answer, Given):
                found[target.key] = answer
        return found if place.key in found else {}

    def _ahead(self, state: State, place: Place) -> dict[str, Place]:
        """Return the questions that may come, by field: in this group first, then the first of any group."""
        ahead: dict[str, Place] = {}
        for candidate in self._way(state):
            if isinstance(candidate.node, Finish):
                break
            if isinstance(candidate.node, Ask) and candidate.key not in state.answers:
                nearer = candidate.prefix == place.prefix
                if candidate.node.ask not in ahead or nearer:
                    ahead[candidate.node.ask] = candidate
        return ahead

    def _offer(
        self, state: State, offered: Mapping[str, Answer], messages: Sequence[Message], effects: Sequence[Effect]
    ) -> Outcome:
        state = replace(state, mode=Mode.CONFIRMING, offered={**state.offered, **offered}, misses=0)
        return Outcome(state, (*messages, self._asking_message(state, self._offer_words(state))), tuple(effects))

    def _confirm(self, state: State, reply: Reply, today: date) -> Outcome:
        found = (
            read_choice_id(reply.choice, _TO_CONFIRM)
            if reply.choice is not None
            else read(reply.text, _TO_CONFIRM, today=today, language=state.language)
        )
        if chosen(found if not isinstance(found, Unread) else None) == ["yes"]:
            return self._accept_offered(state)
        corrected = self._corrections(state, reply, today)
        if corrected:
            return self._offer(state, corrected, (), ())
        refused = (*state.refused, *state.offered)
        dropped = replace(state, mode=Mode.ASKING, offered={}, misses=0, refused=refused)
        if isinstance(found, Unread) and reply.heard not in ALERTING and state.misses < MISSES_BEFORE_HELP:
            missed = replace(state, misses=state.misses + 1)
            return Outcome(missed, (self._asking_message(missed, self._offer_words(missed)),))
        return self._go_on(dropped, [Message(self._fixed("facts_dropped", state))])

    def _corrections(self, state: State, reply: Reply, today: date) -> dict[str, Answer]:
        by_field = {
            ask_of(p).ask: p
            for p in self._way(state)
            if isinstance(p.node, Ask) and (p.key in state.offered or p.key not in state.answers)
        }
        found: dict[str, Answer] = {}
        for fact, words in reply.facts:
            if fact in by_field:
                place = by_field[fact]
                answer = read(words, self._expected(state, place), today=today, language=state.language)
                if isinstance(answer, Given) and state.offered.get(place.key) != answer:
                    found[place.key] = answer
        return found

    def _accept_offered(self, state: State) -> Outcome:
        offered = dict(state.offered)
        state = replace(state, offered={}, mode=Mode.ASKING, misses=0)
        effects: list[Effect] = []
        messages: list[Message] = []
        for key, answer in offered.items():
            place = next((p for p in self._way(state) if p.key == key and isinstance(p.node, Ask)), None)
            if place is not None:
                state, more, said = self._take(state, place, answer)
                effects.extend(more)
                messages.extend(said)
        return self._go_on(state, messages, effects)

    # -- several choices, check-your-answers, changing -----------------------------------------------------

    def _tick(self, state: State, place: Place, reply: Reply, today: date) -> Outcome:
        """One tap of a several-choice question ticks or unticks; `done` settles."""
        offered = [o.id for o in self._options(state, place)]
        choice = reply.choice or ""
        if choice == "done":
            picked = read_choice_ids([o for o in offered if o in state.picked], self._expected(state, place))
            if isinstance(picked, Unread):
                return self._missed(replace(state, picked=()), place, picked, reply, today)
            return self._settle(state, place, picked, reply, today)
        if choice in offered:
            picked_now = tuple(p for p in state.picked if p != choice)
            if choice not in state.picked:
                picked_now = (*picked_now, choice)
            ticked = replace(state, picked=picked_now)
            return Outcome(ticked, (replace(self._question(ticked, place), in_place=True),))
        found = self._read(state, place, reply, today)
        if isinstance(found, Unread):
            return self._missed(state, place, found, reply, today)
        return self._settle(state, place, found, reply, today)

    def _check(self, state: State, place: Place, reply: Reply, today: date) -> Outcome:
        number = _number(reply.text) if reply.choice is None else None
        if number is not None:
            return self.change(state, number)
        found = (
            read_choice_id(reply.choice, _TO_CHECK)
            if reply.choice is not None
            else read(reply.text, _TO_CHECK, today=today, language=state.language)
        )
        match chosen(found if not isinstance(found, Unread) else None):
            case ["send"]:
                state, effects, messages = self._take(state, place, Given("send", reply.text))
                return self._go_on(state, messages, effects)
            case ["change"]:
                return self.change(state)
            case _ if reply.heard in ALERTING:
                return self._go_on(replace(state, misses=0))
            case _:
                return self._missed(state, place, Unread("choose_one"), reply, today)

    def _choose_change(self, state: State, reply: Reply) -> Outcome:
        number = _number(reply.text)
        if number is None:
            number = self._number_by_label(state, reply.text)
        if number is not None and 1 <= number <= len(self._changeable(state)):
            return self.change(state, number)
        if reply.heard in ALERTING or state.misses >= MISSES_BEFORE_HELP:
            return self._go_on(replace(state, mode=Mode.ASKING, misses=0))
        missed = replace(state, misses=state.misses + 1)
        if number is not None:
            return self.change(missed, number)
        return Outcome(missed, (self._asking_message(missed, self._fixed("change_which", state)),))

    def _number_by_label(self, state: State, text: str) -> int | None:
        options = tuple(
            Readable(str(i), self._label(place, state)) for i, place in enumerate(self._changeable(state), 1)
        )
        if not options or not text.strip():
            return None
        found = read(text, Expected(kind="choice", options=options), today=date.min, language=state.language)
        picked = chosen(found if not isinstance(found, Unread) else None)
        return int(picked[0]) if picked and picked[0].isdigit() else None

    def _revisit(self, state: State, place: Place, lead_in: str) -> Outcome:
        ask = ask_of(place)
        # What was ticked is ticked still: `done` alone keeps it.
        picked = tuple(chosen(state.answers[place.key])) if ask.kind == "choices" else ()
        state = replace(state, at=place.key, misses=0, picked=picked, offered={})
        # Long words are not said back unasked: somebody else may be reading over their shoulder.
        answer = "" if ask.kind in OPEN_WORDS else self.voice.answer(state.answers[place.key], ask, state.audience)
        lead = self._fixed(lead_in if answer else f"{lead_in}_long", state, {"answer": answer})
        return Outcome(state, (Message(lead), self._question(state, place)))

    # -- when a reply cannot be read -----------------------------------------------------------------------

    def _missed(self, state: State, place: Place, unread: Unread, reply: Reply, today: date) -> Outcome:
        """Say it another way, then offer help and a person, then take it as typed. It never loops."""
        ask = ask_of(place)
        offered = self._other_facts(state, place, reply, today)
        if offered:
            return self._offer(state, offered, (), ())
        told = self._told_early(state, place, reply)
        if told is not None:
            return told
        misses = state.misses + 1
        patience = MISSES_BEFORE_HELP if ask.unreadable_as else MISSES_BEFORE_MOVING_ON
        if misses > patience and ask.kind != "check":
            return self._move_on(state, place, reply)
        missed = replace(state, misses=misses)
        if ask.kind == "check" and misses > patience:
            helped = Message(self._fixed("help_general", state))
            first = misses == patience + 1
            bring = (BringPerson("not_understood"),) if first else ()
            return Outcome(missed, (helped, self._question(missed, place)), bring)
        text = self._error(ask, unread, state) if misses <= MISSES_BEFORE_HELP else self._helping(ask, state)
        return Outcome(missed, (self._asking_message(missed, text),))

    def _told_early(self, state: State, place: Place, reply: Reply) -> Outcome | None:
        """A worry told in answer to a closed question is kept as the worry, and not asked for again."""
        target = next((p for p in self._way(state).questions() if p.key == OWN_WORDS), None)
        is_story = len(reply.text.split()) >= WORDS_OF_A_WORRY
        if reply.choice is not None or not is_story or target is None or target.key in state.answers:
            return None
        if ask_of(place).kind in FREE_WORDS:
            return None
        state, effects, messages = self._take(state, target, Given(reply.text, reply.text))
        thanks = Message(self._fixed("told_early", state))
        return Outcome(state, (thanks, *messages, self._question(state, place)), tuple(effects))

    def _move_on(self, state: State, place: Place, reply: Reply) -> Outcome:
        ask = ask_of(place)
        words = reply.text or reply.choice or ""
        taken: Answer
        if ask.unreadable_as:
            taken = Given(ask.unreadable_as, words, checked=False)
        elif not words.strip():
            taken = Skipped()
        elif ask.options:
            taken = Given({"choice": None, "text": words}, words, checked=False)
        else:
            taken = Given(words, words, checked=False)
        state, effects, messages = self._take(state, place, taken)
        state = replace(state, given_up=state.given_up + 1)
        if state.given_up == GIVEN_UP_BEFORE_PERSON:
            effects.append(BringPerson("not_understood"))
            messages.append(Message(self._fixed("person_open", state)))
        moved = Message(self._fixed("miss_moved_on", state))
        return self._go_on(state, [moved, *messages], effects)

    # -- going on ------------------------------------------------------------------------------------------

    def _go_on(self, state: State, messages: Sequence[Message] = (), effects: Sequence[Effect] = ()) -> Outcome:
        """Walk to the first question without an answer, saying what is to be said on the way."""
        said: list[Message] = list(messages)
        done: list[Effect] = list(effects)
        state = replace(state, mode=Mode.ASKING if state.mode is not Mode.CONFIRMING else state.mode)
        needed = self._short_version(state) if state.enough else None
        for place in self._way(state):
            match place.node:
                case Say(say=key, records=purpose) if key not in state.said:
                    state = replace(state, said=(*state.said, key))
                    said.append(Message(self._fixed(key, state)))
                    if purpose:
                        done.append(self._shown(purpose, key, said[-1].text))
                case Ask() if place.key not in state.answers and (needed is None or place.key in needed):
                    state = replace(state, at=place.key, misses=0, picked=())
                    told = self._told(state, place)
                    if told:
                        return self._offer(state, told, said, done)
                    return Outcome(state, (*said, self._question(state, place)), tuple(done))
                case Finish() as end:
                    return self._finish(state, end, said, done)
                case _:
                    pass
        # A flow that ends nowhere is a mistake that `flows check` finds; a person is told all the same.
        state = replace(state, mode=Mode.HANDED_OVER, at="")
        said.append(Message(self._fixed("person_open", state)))
        return Outcome(state, tuple(said), (*done, BringPerson("dead_end")))

    def _short_version(self, state: State) -> frozenset[str]:
        return frozenset(place.key for place in self._way(replace(state, depth="quick")))

    def _shown(self, purpose: str, key: str, text: str) -> RecordConsent:
        return RecordConsent(purpose, "shown", key, self.voice.wording.entry(key).version, text)

    def _finish(self, state: State, end: Finish, said: list[Message], done: list[Effect]) -> Outcome:
        said.extend(Message(self._fixed(key, state)) for key in end.say)
        match end.finish:
            case "submit":
                return Outcome(replace(state, mode=Mode.FINISHED, at=""), tuple(said), (*done, Submit()))
            case "handover":
                effects = (*done, Submit(), BringPerson("handover"))
                return Outcome(replace(state, mode=Mode.HANDED_OVER, at=""), tuple(said), effects)
            case "pause":
                return Outcome(replace(state, mode=Mode.PAUSED, at=""), tuple(said), (*done, Pause()))

    def _after_the_end(self, before: State, state: State) -> Outcome:
        """Whatever comes after sending is added for the worker; a new danger opens the danger questions."""
        if state.concern in ALERTING and before.concern not in ALERTING:
            opened = self._go_on(replace(state, mode=Mode.ASKING))
            if not opened.state.is_over:
                return opened
        key = "line_open" if state.mode is Mode.HANDED_OVER or state.concern in ALERTING else "after_sent"
        return Outcome(state, (Message(self._fixed(key, state)),), (BringPerson("added"),))

    # -- words ---------------------------------------------------------------------------------------------

    def _not_asking(self, state: State) -> Outcome:
        return self.resume(state) if state.mode is Mode.PAUSED else self._after_the_end(state, state)

    def _ask_again(self, state: State, lead_in: str) -> Outcome:
        lead = (Message(lead_in),) if lead_in else ()
        if state.is_over or state.mode is Mode.PAUSED:
            return Outcome(state, lead) if lead else self._not_asking(state)
        if state.mode is Mode.CONFIRMING:
            return Outcome(state, (*lead, self._asking_message(state, self._offer_words(state))))
        if state.mode is Mode.CHOOSING:
            return Outcome(state, (*lead, self._asking_message(state, self._fixed("change_which", state))))
        place = self._place(state)
        if place is None or not isinstance(place.node, Ask):
            return Outcome(state, lead)
        return Outcome(state, (*lead, self._question(state, place)))


def _apply_sets(state: State, ask: Ask, answer: Answer) -> tuple[State, list[Effect]]:
    values = chosen(answer)
    if not ask.sets or not values:
        return state, []
    value = ask.maps.get(values[0], values[0])
    match ask.sets:
        case "audience":
            return replace(state, audience=value), [SetAudience(value)]
        case "depth":
            return replace(state, depth=value), [SetDepth(value)]
        case "language":
            return replace(state, language=value), []
    return state, []


def _stands_as_answer(found: Answer | Unread, ask: Ask, reply: Reply) -> bool:
    """While danger is spoken of, free words are taken as an answer only where words are asked for."""
    if isinstance(found, Unread):
        return False
    return reply.choice is not None or ask.kind in OPEN_WORDS or ask.kind not in FREE_WORDS


def _number(text: str) -> int | None:
    cleaned = text.strip().rstrip(".)")
    return int(cleaned) if cleaned.isascii() and cleaned.isdigit() and len(cleaned) <= 3 else None
