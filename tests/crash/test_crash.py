"""Kill the process at any moment of a conversation and start it again: nothing typed is lost."""

from __future__ import annotations

import asyncio
import random
import shutil
import sqlite3
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path
from typing import Any

import httpx
import pytest

from storage.outbox import OutboxKind, OutboxRecord
from tests.crash.killing import (
    DUTY_CHAT,
    HERE,
    SECONDS,
    Bot,
    Death,
    KillingServer,
    Strike,
    confirmed,
    confirming,
    death,
    delivered,
    environment,
    opened,
    sending,
    sent,
)
from tests.telegram.chats import Person

# What the person does, and a part of what they must be asked next.
SCRIPT = (
    ("say", "/start", "Is anyone hurt or in danger right now?"),
    ("tap", "No", "Who are you?"),
    ("say", "mum", "Is it safe for you to chat here now?"),
    ("tap", "Yes", "What would you like help with?"),
    ("say", "my lad will not go to school", "short version"),
    ("tap", "Short version", "How is it safe for us to reach you?"),
    ("say", "text me", "What number do you want us to use?"),
    ("say", "07700 900123", "What name would you like us to use?"),
    ("say", "Jo", "Do you agree to us passing this"),
    ("tap", "Yes, I agree", "Check your answers before you send them."),
    ("tap", "Send to the duty team", "Can we write to you here later"),
    ("tap", "Any time in the day", "it will be at those times"),
)
TYPED = [text for act, text, _ in SCRIPT if act == "say"]

WHEN: tuple[Callable[[int, Person], Strike], ...] = (
    lambda update, person: delivered(update),
    lambda update, person: confirming(update),
    lambda update, person: confirmed(update),
    lambda update, person: sending(person),
    lambda update, person: sent(person),
)


@pytest.fixture
async def server() -> AsyncIterator[KillingServer]:
    server = KillingServer()
    await server.start()
    server.group("Duty")
    yield server
    await server.stop()
    assert server.violations == []


@pytest.fixture
def told(request: pytest.FixtureRequest, tmp_path: Path, server: KillingServer) -> dict[str, str]:
    engine = getattr(request, "param", "sqlite")
    if engine == "postgresql":
        url = request.getfixturevalue("postgresql_url")
    else:
        shutil.copyfile(request.getfixturevalue("migrated_sqlite"), tmp_path / "frontdoor.db")
        url = f"sqlite:///{tmp_path / 'frontdoor.db'}"
    return environment(url, tmp_path, telegram=server.root_url, token=server.token)


@pytest.fixture
def deaths() -> list[Death]:
    """What stood each time the bot was killed, in order."""
    return []


@pytest.fixture
async def bot(
    told: dict[str, str], server: KillingServer, deaths: list[Death], tmp_path: Path
) -> AsyncIterator[Bot]:
    bot = Bot(told, tmp_path / "log.txt")

    def kill() -> None:
        bot.kill()
        deaths.append(death(told, server))

    server.kill = kill
    await bot.begin()
    yield bot
    await bot.end()


async def act(person: Person, what: str, text: str) -> tuple[int, int]:
    """Do one thing; return its update's id and the newest message then on the screen."""
    newest = max(person.messages, default=0)
    return (await person.says(text) if what == "say" else await person.taps(text)), newest


async def shown(person: Person, words: str, after: int) -> None:
    await person.expects(
        lambda chat: any(m.message_id > after and words in m.text for m in chat.from_bot), seconds=SECONDS
    )


def texts(rows: Iterable[OutboxRecord]) -> dict[str, set[str]]:
    """Return what was decided to be said to the person, with the rows that say it."""
    ids: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row.kind is not OutboxKind.DUTY:
            ids[row.payload["text"].strip()].add(row.id)
    return ids


def kept(told: dict[str, str]) -> dict[str, Any]:
    """Return what the database holds, once the process is dead."""
    database = opened(told)

    def read(uow: Any) -> dict[str, Any]:
        rows = uow.connection.exec_driver_sql("SELECT id FROM conversation ORDER BY id").all()
        conversations = [uow.conversations.get(r[0]) for r in rows]
        enquiries = [uow.enquiries.get(c.enquiry_id) for c in conversations]
        turns = [t for c in conversations for t in uow.turns.of(c.id)]
        return {
            "typed": [t.words for t in sorted(turns, key=lambda t: t.sent_order) if t.kind in ("start", "text")],
            "unanswered": [t.id for t in turns if t.handled_at is None],
            "turns": len(turns),
            "submitted": [e.reference for e in enquiries if e.submitted_at],
            "enquiries": len(enquiries),
            "said": texts(r for c in conversations for r in uow.outbox.of_conversation(c.id, limit=1000)),
            "answers": {a.key: a.value.get("value") for e in enquiries for a in uow.answers.current(e.id)},
        }

    found: dict[str, Any] = database.run_now(read)
    database.dispose()
    return found


async def whole_conversation(
    server: KillingServer, person: Person, strike_of: Callable[[int, int], Strike | None]
) -> None:
    for number, (what, text, words) in enumerate(SCRIPT):
        server.hold()
        update, newest = await act(person, what, text)
        server.strike = strike_of(number, update)
        server.release()
        await shown(person, words, newest)


def check(told: dict[str, str], person: Person, deaths: list[Death]) -> None:
    found = kept(told)
    assert found["typed"] == TYPED
    assert found["turns"] == len(SCRIPT)
    assert found["unanswered"] == []
    assert found["enquiries"] == 1
    assert len(found["submitted"]) == 1
    assert found["answers"]["phone"]["e164"] == "+447700900123"
    assert found["answers"]["contact_name"] == "Jo"
    assert found["answers"]["safe_times"] == ["any_time"]
    check_repeats(found["said"], person, deaths)
    assert f"Your reference is {found['submitted'][0]}" in "\n".join(m.text for m in person.from_bot)


def check_repeats(said: dict[str, set[str]], person: Person, deaths: list[Death]) -> None:
    """Everything decided was said, and again only where a death came between Telegram's yes and our mark.

    One death may repeat several messages: they go one after another, and the next does not wait for the mark of
    the one before.
    """
    shown: dict[str, list[int]] = defaultdict(list)
    for message in person.from_bot:
        shown[message.text].append(message.message_id)
    assert shown.keys() == said.keys()
    for text, times in shown.items():
        for number, message_id in enumerate(times):
            before = [died for died in deaths if died.newest < message_id and died.unmarked & said[text]]
            assert number < len(said[text]) + len(before), (text, times, deaths)


@pytest.mark.parametrize("shift", range(5))
async def test_killed_at_a_call_of_every_turn(
    server: KillingServer, told: dict[str, str], bot: Bot, deaths: list[Death], shift: int
) -> None:
    """Each turn is cut off once: given, kept, decided and not sent, sent unknown."""
    person = server.person()
    await whole_conversation(
        server, person, lambda number, update: WHEN[(number + shift) % len(WHEN)](update, person)
    )
    await quiet(server, bot)
    assert server.kills >= len(SCRIPT) - 2
    check(told, person, deaths)


@pytest.mark.parametrize("told", ["postgresql"], indirect=True)
async def test_killed_on_postgresql(
    server: KillingServer, told: dict[str, str], bot: Bot, deaths: list[Death]
) -> None:
    """The same where the database outlives the process and its locks do not."""
    person = server.person()
    await whole_conversation(
        server,
        person,
        lambda number, update: WHEN[(number // 2) % len(WHEN)](update, person) if number % 2 else None,
    )
    await quiet(server, bot)
    assert server.kills >= 3
    check(told, person, deaths)


async def test_killed_after_any_time_at_all(
    server: KillingServer, told: dict[str, str], bot: Bot, deaths: list[Death]
) -> None:
    """Between two calls there are moments no call tells of: a fixed seed finds some."""
    person, chance = server.person(), random.Random(20260302)
    for number, (what, text, words) in enumerate(SCRIPT):
        update, newest = await act(person, what, text)
        if number % 2:
            await asyncio.sleep(chance.random() * 0.06)  # how long is what is tried here
            server.kill_now()
        await shown(person, words, newest)
        assert update
    await quiet(server, bot)
    check(told, person, deaths)


async def test_the_command_itself_killed_and_started_again(
    server: KillingServer, told: dict[str, str], tmp_path: Path
) -> None:
    """`python -m bot serve` from nothing, as a service manager starts it."""
    person, log = server.person(), (tmp_path / "cold.txt").open("wb")
    processes: list[asyncio.subprocess.Process] = []

    async def start() -> None:
        processes.append(
            await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "serve", "--port", "0", env=told, cwd=HERE, stdout=log, stderr=log
            )
        )

    server.kill = lambda: processes[-1].kill()
    try:
        await start()
        await shown(person, SCRIPT[0][2], (await act(person, "say", "/start"))[1])
        server.strike = sending(person)
        _, newest = await act(person, "tap", "No")
        await processes[-1].wait()
        await start()
        await shown(person, SCRIPT[1][2], newest)
    finally:
        processes[-1].kill()
        await processes[-1].wait()
        log.close()
    assert kept(told)["answers"] == {"immediate_danger": "no"}


async def test_what_was_kept_and_never_answered_is_answered_by_the_next_process(
    server: KillingServer, told: dict[str, str], bot: Bot, tmp_path: Path
) -> None:
    """Telegram was told that we have it; nobody will ask again but ourselves."""
    person = server.person()
    await shown(person, SCRIPT[0][2], (await act(person, "say", "/start"))[1])
    # From here on a message is kept and cannot be decided: the moment between the two, held still.
    run_sql(tmp_path, KEEP_AND_NO_MORE)

    def kill() -> None:
        bot.kill()
        run_sql(tmp_path, "DROP TRIGGER kept_only")

    server.kill = kill
    server.hold()
    update, newest = await act(person, "tap", "No")
    server.strike = confirmed(update)
    server.release()
    await shown(person, SCRIPT[1][2], newest)
    assert server.kills == 1
    bot.kill()
    assert kept(told)["answers"] == {"immediate_danger": "no"}


async def quiet(server: KillingServer, bot: Bot) -> None:
    """Wait until the newest process has nothing left to do: the duty chat was told, and it asks for more."""
    async with asyncio.timeout(SECONDS):
        while not any(str(c.fields.get("chat_id")) == DUTY_CHAT for c in server.said("sendMessage")):
            await server.changed()
        while server._poll is None or server._poll.done():  # noqa: ASYNC110 - it tells of calls, not of waiting
            await asyncio.sleep(0.02)
    bot.kill()


# -- the web chat ----------------------------------------------------------------------------------

KEEP_AND_NO_MORE = """
    CREATE TRIGGER kept_only BEFORE UPDATE OF handled_at ON turn BEGIN SELECT RAISE(ABORT, 'no'); END
"""


async def test_a_web_message_kept_and_not_answered_is_answered_once_to_the_one_who_asks_again(
    tmp_path: Path, migrated_sqlite: Path
) -> None:
    """The process dies between keeping and answering; the page sends the same message again."""
    shutil.copyfile(migrated_sqlite, tmp_path / "frontdoor.db")
    told = environment(f"sqlite:///{tmp_path / 'frontdoor.db'}", tmp_path)
    bot = Bot(told, tmp_path / "log.txt")
    await bot.begin()
    try:
        async with httpx.AsyncClient(timeout=SECONDS) as client:
            begun = (await client.post(f"{await bot.web()}/api/chat")).json()
            path = f"/api/chat/{begun['conversation']}/messages"
            headers = {"Authorization": f"Bearer {begun['token']}"}
            message = {"id": "1", "text": "no"}
            # From here on a message is kept and cannot be decided: the moment between the two, held still.
            run_sql(tmp_path, KEEP_AND_NO_MORE)
            await client.post(f"{await bot.web()}{path}", json=message, headers=headers)
            starts = bot.ready
            bot.kill()
            run_sql(tmp_path, "DROP TRIGGER kept_only")
            web = await bot.web(after=starts)
            first = (await client.post(f"{web}{path}", json=message, headers=headers)).json()
            again = (await client.post(f"{web}{path}", json=message, headers=headers)).json()
    finally:
        await bot.end()
    assert [m["text"].split("?")[0] for m in first["messages"]] == ["Who are you"]
    assert again == first
    found = kept(told)
    assert found["typed"] == ["no"]
    assert found["unanswered"] == []


async def test_a_web_chat_killed_again_and_again_loses_and_doubles_nothing(
    tmp_path: Path, migrated_sqlite: Path
) -> None:
    """A page that sends again until it is answered gets each answer, whenever the process died."""
    shutil.copyfile(migrated_sqlite, tmp_path / "frontdoor.db")
    told = environment(f"sqlite:///{tmp_path / 'frontdoor.db'}", tmp_path)
    bot, chance = Bot(told, tmp_path / "log.txt"), random.Random(7)
    await bot.begin()
    texts = ["no", "mum", "yes", "my lad will not go to school", "short version"]
    try:
        async with httpx.AsyncClient(timeout=SECONDS) as client:
            begun = (await client.post(f"{await bot.web()}/api/chat")).json()
            path = f"/api/chat/{begun['conversation']}/messages"
            headers = {"Authorization": f"Bearer {begun['token']}"}
            answers = []
            for number, text in enumerate(texts):
                answers.append(await _said_until_answered(client, bot, path, headers, str(number), text, chance))
    finally:
        await bot.end()
    assert [a["expects"]["field"] for a in answers] == [
        "role", "can_talk_safely", "reason_in_own_words", "depth", "safe_contact_methods",
    ]  # fmt: skip
    found = kept(told)
    assert found["typed"] == texts
    assert found["unanswered"] == []


async def _said_until_answered(
    client: httpx.AsyncClient,
    bot: Bot,
    path: str,
    headers: dict[str, str],
    id_: str,
    text: str,
    chance: random.Random,
) -> Any:
    web, starts = await bot.web(), bot.ready
    sending = asyncio.create_task(client.post(f"{web}{path}", json={"id": id_, "text": text}, headers=headers))
    await asyncio.sleep(chance.random() * 0.04)  # how long is what is tried here
    bot.kill()
    try:
        answer = await sending
        answered = answer.json()
    except httpx.TransportError:
        answered = None
    web = await bot.web(after=starts)
    again = (await client.post(f"{web}{path}", json={"id": id_, "text": text}, headers=headers)).json()
    assert again["messages"]
    assert answered is None or answered["messages"] == again["messages"]
    return again


def run_sql(folder: Path, statement: str) -> None:
    connection = sqlite3.connect(folder / "frontdoor.db", timeout=30)
    connection.execute(statement)
    connection.commit()
    connection.close()
