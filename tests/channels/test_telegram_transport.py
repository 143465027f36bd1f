"""The transport carries what PTB gives it, whole, and never twice where that could do harm."""

from __future__ import annotations

import asyncio
import datetime
import io
import logging
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import telegram
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from telegram.error import NetworkError, TimedOut

from bot.channels.base import ChannelDown
from bot.channels.telegram import TelegramChannel
from bot.channels.telegram_transport import LeanRequest
from tests.channels.telegram_fixtures import message
from tests.telegram.bot_api_server import BotApiServer
from tests.telegram.chats import Person
from tests.telegram.http_server import HttpServer, Request, Response

OK = Response(200, b'{"ok":true,"result":true}')


@pytest.fixture
async def lean() -> AsyncIterator[LeanRequest]:
    request = LeanRequest(connections=2, read_timeout=2.0, pool_timeout=2.0)
    await request.initialize()
    yield request
    await request.shutdown()


@pytest.fixture
async def serve() -> AsyncIterator[Callable[[Callable[[Request], Awaitable[Response | None]]], Awaitable[str]]]:
    """Serve with a handler of the test's own; return the root address."""
    servers: list[HttpServer] = []

    async def start(handler: Callable[[Request], Awaitable[Response | None]]) -> str:
        servers.append(HttpServer(handler))
        return f"http://127.0.0.1:{await servers[-1].start()}"

    yield start
    for server in servers:
        await server.stop()


async def test_ptb_methods_work_through_it(bot: telegram.Bot, person: Person, server: BotApiServer) -> None:
    """Not only our own calls: every method of the library, with its own objects."""
    keyboard = telegram.InlineKeyboardMarkup([[telegram.InlineKeyboardButton("Yes", callback_data="1:yes")]])
    sent = await bot.send_message(
        person.id,
        "Grüße, מה שלומך 😀",
        reply_markup=keyboard,
        reply_parameters=telegram.ReplyParameters(1, allow_sending_without_reply=True),
        link_preview_options=telegram.LinkPreviewOptions(is_disabled=True),
        disable_notification=True,
    )
    assert sent.text == "Grüße, מה שלומך 😀" == person.last.text
    await bot.edit_message_text("Changed", person.id, sent.message_id)
    await person.says("x")
    assert [u.message.text for u in await bot.get_updates(timeout=datetime.timedelta(0)) if u.message] == ["x"]
    assert (await bot.get_webhook_info()).pending_update_count == 1


@pytest.mark.parametrize("as_file", [True, False])
async def test_files_go_up_and_come_down_whole(
    as_file: bool, bot: telegram.Bot, person: Person, server: BotApiServer
) -> None:
    """A document sent to a person, or fetched from one, byte for byte."""
    content = bytes(range(256)) * 8000 + b"\r\n--\r\n"
    sent = await bot.send_document(
        person.id, io.BytesIO(content) if as_file else content, filename='a "b"\r\nc.pdf', caption="Für dich"
    )
    assert sent.document is not None
    assert sent.caption == "Für dich"
    assert bytes(await (await sent.document.get_file()).download_as_bytearray()) == content


async def test_connections_are_used_again(channel: TelegramChannel, person: Person, server: BotApiServer) -> None:
    """A handshake for every message would cost more than the message."""
    before = server.http.connections_made
    for _ in range(20):
        await channel.send(message(person))
    assert server.http.connections_made == before


async def test_many_calls_at_once_share_the_connections(lean: LeanRequest, serve: Callable) -> None:  # type: ignore[type-arg]
    """A burst of alerts waits for its turn; none is lost and the pool does not grow."""
    now, most = 0, 0

    async def slow(request: Request) -> Response:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.005)
        now -= 1
        return Response(200, b'{"ok":true,"result":%b}' % request.body)

    root = await serve(slow)
    from telegram.request import RequestData
    from telegram.request._requestparameter import RequestParameter

    async def call(n: int) -> object:
        return await lean.post(f"{root}/bot1:A/sendMessage", RequestData([RequestParameter("n", n, None)]))

    assert await asyncio.gather(*(call(n) for n in range(50))) == [{"n": n} for n in range(50)]
    assert most == 2


async def test_full_pool_says_that_nothing_was_sent(serve: Callable) -> None:  # type: ignore[type-arg]
    """The outbox may then try again without fear of sending twice."""
    request = LeanRequest(connections=1, pool_timeout=0.05)
    await request.initialize()

    async def never(_: Request) -> Response:
        await asyncio.Event().wait()
        return OK

    root = await serve(never)
    first = asyncio.create_task(request.post(f"{root}/bot1:A/getUpdates"))
    await asyncio.sleep(0.02)
    with pytest.raises(TimedOut, match="not sent"):
        await request.post(f"{root}/bot1:A/sendMessage")
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    await request.shutdown()


async def test_place_of_a_cancelled_call_is_free_again(serve: Callable) -> None:  # type: ignore[type-arg]
    """A stopped poll must not keep its connection's place for ever, nor leave its answer to the next call."""
    request = LeanRequest(connections=1, pool_timeout=5)
    await request.initialize()
    was_asked, may_answer = asyncio.Event(), asyncio.Event()

    async def sometimes(heard: Request) -> Response:
        if heard.target.endswith("getUpdates"):
            was_asked.set()
            await may_answer.wait()
            return Response(200, b'{"ok":true,"result":"too late"}')
        return OK

    root = await serve(sometimes)
    for _ in range(3):
        waits = asyncio.create_task(request.post(f"{root}/bot1:A/getUpdates"))
        await was_asked.wait()
        was_asked.clear()
        may_answer.clear()
        gives_up = asyncio.create_task(request.post(f"{root}/bot1:A/getMe"))
        await asyncio.sleep(0)
        gives_up.cancel()
        waits.cancel()
        await asyncio.gather(waits, gives_up, return_exceptions=True)
        may_answer.set()
        assert await request.post(f"{root}/bot1:A/getMe") is True
    await request.shutdown()


@pytest.mark.parametrize(("method", "times"), [("sendMessage", 1), ("getUpdates", 2), ("editMessageText", 2)])
async def test_call_swallowed_by_an_old_connection(
    method: str,
    times: int,
    lean: LeanRequest,
    serve: Callable,  # type: ignore[type-arg]
) -> None:
    """A message that may have been heard is not sent again behind the outbox's back; a question may be."""
    asked: list[str] = []

    async def drops_the_first(request: Request) -> Response | None:
        asked.append(request.target.rpartition("/")[2])
        return None if asked.count(method) == 1 and asked[-1] == method else OK

    root = await serve(drops_the_first)
    await lean.post(f"{root}/bot1:A/getMe")
    if times == 1:
        with pytest.raises(NetworkError):
            await lean.post(f"{root}/bot1:A/{method}")
    else:
        assert await lean.post(f"{root}/bot1:A/{method}") is True
    assert asked.count(method) == times


async def test_idle_connection_closed_by_the_server_is_not_used(
    channel: TelegramChannel, person: Person, server: BotApiServer
) -> None:
    """Telegram closes quiet connections; the first message after a quiet night must go all the same."""
    await channel.send(message(person))
    server.http.drop_connections()
    await asyncio.sleep(0.05)
    await channel.send(message(person, "After the night"))
    assert person.last.text == "After the night"


async def test_places_of_closed_connections_are_free_again(lean: LeanRequest, server: BotApiServer) -> None:
    """A pool that forgets its places goes silent after some quiet nights."""
    for _ in range(5):
        await asyncio.gather(*(lean.post(f"{server.root_url}/bot{server.token}/getMe") for _ in range(2)))
        server.http.drop_connections()
        await asyncio.sleep(0.02)


async def test_connection_that_the_server_says_it_closes_is_not_used_again(
    lean: LeanRequest,
    serve: Callable,  # type: ignore[type-arg]
) -> None:
    """`Connection: close` is a promise."""

    async def once(_: Request) -> Response:
        return Response(200, OK.body, close=True)

    root = await serve(once)
    for _ in range(3):
        assert await lean.post(f"{root}/bot1:A/sendMessage") is True


async def test_silence_is_a_timeout(serve: Callable) -> None:  # type: ignore[type-arg]
    """A server that takes a call and says nothing must not hold the outbox for ever."""
    request = LeanRequest(read_timeout=0.05, write_timeout=0.0)
    await request.initialize()

    async def never(_: Request) -> Response:
        await asyncio.Event().wait()
        return OK

    root = await serve(never)
    with pytest.raises(TimedOut):
        await request.post(f"{root}/bot1:A/sendMessage")
    await request.shutdown()


async def test_answer_too_long_is_refused(serve: Callable) -> None:  # type: ignore[type-arg]
    """No answer may fill the memory."""
    request = LeanRequest(largest_answer=1000)
    await request.initialize()

    async def endless(_: Request) -> Response:
        return Response(200, b"x" * 100_000)

    root = await serve(endless)
    with pytest.raises(NetworkError, match="too long"):
        await request.retrieve(f"{root}/file/bot1:A/photo/1")
    await request.shutdown()


async def test_what_is_not_http_is_an_error(lean: LeanRequest) -> None:
    """Something else may listen on that port."""

    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"220 mail.example ESMTP\r\n")

    server = await asyncio.start_server(babble, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(NetworkError, match="not HTTP"):
        await lean.post(f"http://127.0.0.1:{port}/bot1:A/getMe")
    server.close()


async def test_unreachable_server_is_a_channel_down(
    channel: TelegramChannel, person: Person, server: BotApiServer, caplog: pytest.LogCaptureFixture
) -> None:
    """And neither the error nor the log names the token, which is in the address."""
    caplog.set_level(logging.INFO)
    await server.http.stop()
    with pytest.raises(ChannelDown) as raised:
        await channel.send(message(person))
    assert server.token not in repr(raised.value) + caplog.text


@pytest.mark.parametrize(
    "url", ["ftp://127.0.0.1/x", "http:///x", "http://127.0.0.1:1/a b", "http://127.0.0.1:1/é"]
)
async def test_odd_addresses_are_refused(url: str, lean: LeanRequest) -> None:
    """A file's path comes from the server: it must not be able to write a header of its own."""
    with pytest.raises(NetworkError):
        await lean.retrieve(url)


def own_certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    start = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, private = folder / "cert.pem", folder / "key.pem"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, private)
    return context, pem


async def test_certificates_are_checked(tmp_path: Path) -> None:
    """The token must go to nobody who only claims to be Telegram; an operator's own authority can be trusted."""
    context, pem = own_certificate(tmp_path)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(OK.body), OK.body))

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    trusting = ssl.create_default_context(cafile=str(pem))
    results: list[object] = []
    for host, tls in (("localhost", None), ("localhost", trusting), ("127.0.0.1", trusting)):
        request = LeanRequest(tls=tls)
        await request.initialize()
        try:
            results.append(await request.post(f"https://{host}:{port}/bot1:A/getMe"))
        except NetworkError as error:
            results.append(str(error))
        await request.shutdown()
    refused = "no connection (SSLCertVerificationError); the call was not sent"
    assert results == [refused, True, refused]
    server.close()
