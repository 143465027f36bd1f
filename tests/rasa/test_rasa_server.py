"""The real Rasa server: what it answers, what it refuses, and conversations that outlive it."""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from bot.__main__ import app as cli
from bot.app import build_app
from bot.channels.base import InboundMessage
from bot.rasa.environment import environment_folder, install
from bot.rasa.server import CHILD, RasaServer, environment_of_child
from bot.rasa.training import train
from bot.settings import BadSettings, Settings, new_key
from nlu.base import NluUnavailable, Understander
from nlu.fallback import FallbackUnderstander
from nlu.rasa import EVEN, INTENTS, RasaUnderstander, Silent
from storage.database import Database
from storage.sealed import Keyring
from tests.conversation.front import Front, as_it_ships
from tests.rasa.conftest import Running
from tests.transcripts.player import HERE, Ears, Player, stories

PARSE = "/model/parse"

pytestmark = pytest.mark.timeout(900)  # the first to ask may have to install and train, on a busy machine


# -- what it understands ---------------------------------------------------------------------------------------


async def test_it_knows_the_intents_of_our_messages(running: Running) -> None:
    """It is trained on our own data, the same that every engine learns from."""
    rasa = RasaUnderstander(running.where, beside=Silent(), timeout=30)
    said = {"go back please": "go_back", "what time do you open": "ask_hours", "thank you so much": "thanks"}
    found = {text: (await rasa.understand(text)).intent for text in said}
    await rasa.close()
    assert found == said


async def test_needs_and_facts_are_found_beside_it(rasa: RasaUnderstander) -> None:
    """Rasa says what a message is for; the rest is read in process, the same with every engine."""
    found = await rasa.understand("My son Jaden is 7 and we are being evicted")
    assert found.intent == "inform"
    assert "HOUSING" in found.needs
    assert found.facts


def test_its_confidence_is_fitted_on_messages_it_has_not_seen(running: Running) -> None:
    """Taking words for `stop` ends a conversation: it has to be surer than its own scale says."""
    assert EVEN < running.model.sure <= 1
    assert running.model.right > 0.6


@pytest.mark.parametrize(
    "text",
    ["?", "\N{CRYING FACE}" * 40, "a" * 20_000, "\x00\x01", "\ud800", "‮​أنا خائف", '"}{[](x)', "/stop{{}}", " \n "],
    ids=["one", "emoji", "long", "control", "half", "hidden", "brackets", "command", "blank"],
)
async def test_odd_messages_are_understood_or_left(rasa: RasaUnderstander, text: str) -> None:
    """Nothing a person can send makes it fail."""
    found = await rasa.understand(text)
    assert found.intent in INTENTS
    assert 0 <= found.confidence <= 1


async def test_many_at_once_are_bounded(running: Running, embedded: Understander) -> None:
    """Rasa sheds no load: what we send at once is ours to bound."""
    rasa = RasaUnderstander(running.where, beside=embedded, timeout=60)
    watched = Watched(rasa)
    found = await asyncio.gather(*(rasa.understand(f"can you help me with number {n}") for n in range(64)))
    await rasa.close()
    assert len(found) == 64
    assert watched.most == 4


class Watched:
    """How many requests of an understander's were under way at the same time."""

    def __init__(self, rasa: RasaUnderstander) -> None:
        self.most = self.now = 0
        post = rasa._client.post

        async def counted(*args: Any, **kwargs: Any) -> httpx.Response:
            self.now += 1
            self.most = max(self.most, self.now)
            try:
                return await post(*args, **kwargs)
            finally:
                self.now -= 1

        rasa._client.post = counted  # type: ignore[method-assign]


# -- what it refuses -------------------------------------------------------------------------------------------


def test_its_token_is_needed(running: Running) -> None:
    """Another program on this machine is told nothing."""
    url = running.endpoint.url
    for token in ({}, {"token": "wrong"}):
        assert httpx.post(url + PARSE, params=token, json={"text": "hello"}).status_code == 401
        assert httpx.get(f"{url}/status", params=token).status_code == 401


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/model"),
        ("DELETE", "/model"),
        ("POST", "/model/train"),
        ("GET", "/domain"),
        ("POST", "/webhooks/rest/webhook"),
        ("GET", "/conversations/x/tracker"),
        ("GET", "/"),
    ],
)
def test_nothing_but_reading_is_served(running: Running, method: str, path: str) -> None:
    """Whoever may load a model may run code: not even our own token opens that."""
    token = {"token": running.endpoint.token}
    assert httpx.request(method, running.endpoint.url + path, params=token, json={}).status_code == 404


def test_it_listens_on_loopback_only_and_calls_nobody(running: Running) -> None:
    """Telemetry is off: no word and no count leaves this machine."""
    held = psutil.Process(running.pid).net_connections(kind="inet")
    assert {c.laddr.ip for c in held} == {"127.0.0.1"}
    assert all(not c.raddr or c.raddr.ip == "127.0.0.1" for c in held)
    environment = psutil.Process(running.pid).environ()
    assert environment["RASA_TELEMETRY_ENABLED"] == "false"


def test_its_token_and_our_secrets_are_in_no_process_list(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anybody on a machine may list what runs there."""
    process = psutil.Process(running.pid)
    assert running.endpoint.token not in " ".join(process.cmdline())
    assert running.endpoint.token not in " ".join(process.environ().values())
    monkeypatch.setenv("FRONTDOOR_ENCRYPTION_KEYS", "k")
    ours = {"FRONTDOOR_ENCRYPTION_KEYS": "k", "SOME_PASSWORD": "p", "PATH": "/bin"}
    assert not {"FRONTDOOR_ENCRYPTION_KEYS", "SOME_PASSWORD"} & environment_of_child(Path("/"), ours).keys()


async def test_it_writes_nothing_down(running: Running, rasa: RasaUnderstander) -> None:
    """A person's words are in no file of Rasa's, its logs among them."""
    await rasa.understand("zanzibar quince my secret")
    kept = files_of(psutil.Process(running.pid))
    assert kept
    assert all(b"zanzibar" not in content for content in kept)
    assert all(b"error" not in content.lower() for content in kept), "the model did not load cleanly"


def files_of(process: psutil.Process) -> list[bytes]:
    return [path.read_bytes() for path in Path(process.cwd()).rglob("*") if path.is_file()]


# -- what is made once -----------------------------------------------------------------------------------------


def test_what_is_made_is_not_made_again(running: Running) -> None:
    """`make rasa` costs nothing the second time."""
    said: list[str] = []
    python = install(Settings(), said.append)
    assert python.is_relative_to(environment_folder())
    assert train(python, "default", said.append) == running.model
    assert said == []


# -- conversations that outlive it -----------------------------------------------------------------------------


OpenDatabase = Callable[[], Database]


@pytest.fixture
def database_for(migrated_sqlite: Path, tmp_path: Path) -> Callable[[str], OpenDatabase]:
    """How to open the database of one person's conversation."""
    keyring = Keyring.generate()

    def new(name: str) -> OpenDatabase:
        path = tmp_path / f"{name}.db"
        shutil.copyfile(migrated_sqlite, path)
        return lambda: Database(f"sqlite:///{path}", keyring=keyring, threads=1)

    return new


class RasaPlayer(Player):
    """Plays a file with Rasa understanding and all that ships hearing; stops half way until told to go on."""

    def __init__(
        self,
        open_database: OpenDatabase,
        address: str,
        understander: Understander,
        half_way: asyncio.Barrier | None = None,
    ) -> None:
        ears = Ears(as_it_ships(), understander)
        super().__init__(open_database, Database.dispose, address, ears)
        self._half_way = half_way
        self._heard = 0

    async def _hear(self, message: InboundMessage, turn: Mapping[str, Any], where: str, front: Front) -> None:
        self._heard += 1
        if self._heard == BEFORE_THE_KILL:
            await self._stand_by()
        await super()._hear(message, turn, where, front)

    async def play(self, path: Path) -> None:
        await super().play(path)
        if self._heard < BEFORE_THE_KILL:  # a short one is over before the others are half way
            await self._stand_by()

    async def _stand_by(self) -> None:
        if self._half_way is not None:
            await self._half_way.wait()  # everyone has come this far
            await self._half_way.wait()  # and the server is dead


STORIES = stories()
BEFORE_THE_KILL = 3


@pytest.fixture
async def both(rasa: RasaUnderstander, embedded: Understander) -> FallbackUnderstander:
    return FallbackUnderstander(rasa, embedded)


@pytest.mark.parametrize("number", range(len(STORIES)), ids=[path.stem for path in STORIES])
async def test_conversation_with_rasa(
    number: int, both: FallbackUnderstander, database_for: Callable[[str], OpenDatabase]
) -> None:
    """A person's whole way through is the same, whichever engine understands."""
    await RasaPlayer(database_for("one"), f"97{number:04}", both).play(STORIES[number])
    assert set(both.answered) <= {"rasa"}


async def test_conversations_go_on_with_rasa_killed_half_way_and_it_comes_back(
    running: Running,
    both: FallbackUnderstander,
    embedded: Understander,
    database_for: Callable[[str], OpenDatabase],
) -> None:
    """A dead engine is ours to notice: everyone is answered all the same."""
    killed = running.pid
    half_way = asyncio.Barrier(len(STORIES) + 1)
    async with asyncio.TaskGroup() as playing:
        for number, story in enumerate(STORIES):
            player = RasaPlayer(database_for(str(number)), f"98{number:04}", both, half_way)
            playing.create_task(player.play(story))
        await half_way.wait()
        assert set(both.answered) == {"rasa"}
        await asyncio.to_thread(running.kill)
        await half_way.wait()
    assert set(both.answered) == {"rasa", embedded.name}
    await asyncio.to_thread(running.wait_ready)
    assert running.pid != killed
    before = both.answered[embedded.name]
    await RasaPlayer(database_for("back"), "989999", both).play(HERE / "digressions.yaml")
    assert both.answered[embedded.name] == before
    assert both.answering == "rasa"


async def test_a_message_under_way_when_it_dies_is_answered(
    running: Running, both: FallbackUnderstander, embedded: Understander
) -> None:
    """Killed in the middle of its work, it takes nobody's message with it."""
    psutil.Process(running.pid).send_signal(signal.SIGSTOP)
    asked = [asyncio.create_task(both.understand("can i speak to a person please")) for _ in range(8)]
    await asyncio.sleep(0.05)
    await asyncio.to_thread(running.kill)
    found = await asyncio.gather(*asked)
    assert {one.intent for one in found} == {"ask_for_person"}
    assert both.answered == {embedded.name: 8}


async def test_a_server_that_hangs_is_started_anew(running: Running) -> None:
    """It is there, and answers nothing, for ever: only its end helps."""
    server = RasaServer(
        python=running.server.python, model=running.model.archive, sure=EVEN, first_pause=0.1, watch_every=1
    )
    await server.start()
    first, pid = await server.wait_ready(), server.pid
    psutil.Process(pid).send_signal(signal.SIGSTOP)
    while server.endpoint == first:
        await server.changed()
    again = await server.wait_ready()
    assert (again.url, server.pid) != (first.url, pid)
    await server.stop()


def test_it_ends_with_its_parent(running: Running) -> None:
    """A front door that is killed leaves no server behind."""
    script = (
        "import subprocess, sys\n"
        "child = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,"
        " stderr=subprocess.DEVNULL)\n"
        "child.stdin.write(b'token\\n'); child.stdin.flush()\n"
        "print(child.pid, flush=True)\n"
        "child.wait()\n"
    )
    child = [str(running.server.python), "-I", str(CHILD), str(running.model.archive), "127.0.0.1", "0"]
    with subprocess.Popen([sys.executable, "-c", script, *child], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        process = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    process.wait(timeout=60)


async def test_a_model_that_does_not_load_is_said_and_tried_again(running: Running, tmp_path: Path) -> None:
    """The reason is in the log, once for each try, and nobody waits for it."""
    broken = tmp_path / "nlu.tar.gz"
    broken.write_bytes(b"not a model")
    server = RasaServer(python=running.server.python, model=broken, sure=EVEN)
    await server.start()
    rasa = RasaUnderstander(lambda: server.endpoint, beside=Silent())
    with pytest.raises(NluUnavailable):
        await rasa.understand("hello")
    assert not await rasa.ready()
    await rasa.close()
    await server.stop()
    assert server.pid is None


# -- the front door and its commands with it -------------------------------------------------------------------


@pytest.fixture
def settings(running: Running, tmp_path: Path) -> Settings:
    running.wait_ready()
    return Settings(
        database_url=f"sqlite:///{tmp_path / 'frontdoor.db'}",
        encryption_keys=SecretStr(new_key()),
        session_secret=SecretStr(new_key()),
        understander="rasa",
        rasa_url=running.endpoint.url,
        rasa_token=SecretStr(running.endpoint.token),
        rasa_sure=running.endpoint.sure,
        rasa_timeout=4.5,
    )


async def test_readiness_and_metrics_name_the_engine_that_answers(
    settings: Settings, running: Running, embedded: Understander
) -> None:
    """An operator sees that Rasa is away; people are served all the same, so the front door stays ready."""
    app = build_app(settings, write=lambda _: None)
    app.database.upgrade()
    await app.start(clocks=False)
    transport = httpx.ASGITransport(app=app.web)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["parts"]["understanding"]) == (200, "rasa")
        begun = (await client.post("/api/chat", json={"audience": "parent"})).json()
        bearer = {"Authorization": f"Bearer {begun['token']}"}
        said = {"id": "1", "text": "is this private"}
        await client.post(f"/api/chat/{begun['conversation']}/messages", json=said, headers=bearer)
        assert 'frontdoor_understood_total{engine="rasa"} 1.0' in (await client.get("/metrics")).text
        await asyncio.to_thread(running.kill)
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["parts"]["understanding"]) == (200, embedded.name)
    await app.stop()


async def test_the_front_door_runs_a_server_of_its_own_where_none_is_set(
    settings: Settings, running: Running
) -> None:
    """`FRONTDOOR_UNDERSTANDER=rasa` is all it takes, and it ends with the front door."""
    own = settings.model_copy(update={"rasa_url": "", "rasa_token": None})
    app = build_app(own, write=lambda _: None)
    app.database.upgrade()
    await app.start(clocks=False)
    assert app.rasa is not None
    assert app.rasa.server is not None
    assert await app.rasa.answering() != "rasa", "people are answered before it is up"
    await app.rasa.wait_ready()
    assert await app.rasa.answering() == "rasa"
    pid = app.rasa.server.pid
    assert pid is not None
    await app.stop()
    assert not psutil.pid_exists(pid)


def environment_of(settings: Settings) -> dict[str, str]:
    def shown(value: object) -> str:
        return value.get_secret_value() if isinstance(value, SecretStr) else str(value)

    return {f"FRONTDOOR_{n.upper()}": shown(v) for n, v in settings if v is not None}


def test_messages_of_a_file_are_understood_by_rasa(settings: Settings, tmp_path: Path) -> None:
    """The same command measures either engine; danger is heard by the same screening."""
    lines = [{"id": "1", "text": "what time do you open"}, {"id": "2", "text": "he has taken all the tablets"}]
    (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    words = ["screen", "--in", f"{tmp_path}/in.jsonl", "--out", f"{tmp_path}/out.jsonl", "--understander", "rasa"]
    result = CliRunner().invoke(cli, words, env=environment_of(settings), catch_exceptions=False)
    assert result.output == "screened 2 messages\n"
    found = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert found[0]["intent"] == "ask_hours"
    assert found[1]["urgency"] in ("emergency", "immediate")


def test_the_doctor_says_how_rasa_is(settings: Settings) -> None:
    """What is wrong is said before people meet it."""
    answers = CliRunner().invoke(cli, ["doctor"], env=environment_of(settings))
    assert f"Rasa: at {settings.rasa_url}, answers" in answers.output
    wrong = settings.model_copy(update={"rasa_token": SecretStr("wrong")})
    refused = CliRunner().invoke(cli, ["doctor"], env=environment_of(wrong))
    assert "not to FRONTDOOR_RASA_TOKEN" in refused.output
    own = CliRunner().invoke(cli, ["doctor"], env=environment_of(settings.model_copy(update={"rasa_url": ""})))
    assert "started by `frontdoor serve`" in own.output


@pytest.mark.parametrize(
    ("changed", "said"),
    [({"rasa_token": None}, "FRONTDOOR_RASA_TOKEN is not set"), ({"rasa_url": "rasa:5005"}, "begins with http")],
)
def test_a_server_elsewhere_needs_an_address_and_a_token(
    settings: Settings, changed: dict[str, Any], said: str
) -> None:
    """A Rasa server without a token takes orders from anybody."""
    with pytest.raises(BadSettings, match=said):
        build_app(settings.model_copy(update=changed))
