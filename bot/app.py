"""Puts the real things together: the only file that names every concrete class."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from prometheus_client import CollectorRegistry, Counter
from sqlalchemy.exc import DBAPIError

from bot.arrivals import TelegramArrivals
from bot.channels import telegram as tg
from bot.channels.base import Channel, SendError
from bot.channels.console import CONSOLE, DUTY, ConsoleChannel
from bot.channels.recorded import RecordedChannel
from bot.channels.webchat import Hub, WebChatChannel
from bot.clock import Clock, SystemClock
from bot.conversation.house import House
from bot.conversation.routing import ENTRY, FlowShelf
from bot.conversation.speaking import outbound
from bot.conversation.turn import Line
from bot.desk.feed import Feed
from bot.desk.frame import Desk
from bot.desk.holding import Holds
from bot.desk.queue import Placing
from bot.desk.settings import DeskSettings
from bot.desk.signing import Signing
from bot.followups.call_back_file import open_file
from bot.followups.call_backs import check_rota
from bot.followups.due import FollowUps
from bot.followups.registry import handlings, promises
from bot.outbox.dispatcher import Dispatcher, owner_name
from bot.rasa.engine import RasaEngine, build_engine
from bot.safeguarding.alerts import Alerts, on_failure
from bot.safeguarding.doorbell import DutyDoorbell
from bot.safeguarding.screening import Screener, Trained, words_sound_urgent
from bot.schedule import Bell, Schedule
from bot.settings import BadSettings, Settings
from bot.web import WebServer, WebSettings, build_web
from flows.area import Area
from flows.catalog import Catalog
from flows.loader import assemble, load_area, load_catalog, load_files, load_wording
from flows.wording import Wording
from nlu import shipped
from nlu.base import NluUnavailable, Understander, Urgency
from nlu.embedded import EmbeddedUnderstander
from nlu.encoder import TunedSentences
from nlu.language import LanguageFinder
from nlu.phrases import IndicatorPhrases, PhraseScreener
from nlu.sentences import SentenceEncoder, open_universal
from nlu.stacking import Thresholds
from nlu.trained import FOLDER, ModelMissing, TunedReader
from storage.database import Database
from storage.erasure import erase_old_drafts
from storage.recordings import RECORDED
from storage.sealed import Keyring

log = logging.getLogger(__name__)

OUTBOX_BELL = timedelta(seconds=1)
ALERTS_BELL = timedelta(seconds=0.5)
"""A step is taken within a second of falling due."""
QUEUE_BELL = timedelta(seconds=1)
CALLS_BELL = timedelta(minutes=1)
"""How soon a change of the rota is seen to leave a call that was promised without anybody to make it."""
HOLDS_BELL = timedelta(seconds=2)
FOLLOW_UPS_BELL = timedelta(seconds=0.5)
"""A promise is kept within a second of falling due."""
DRAFTS_BELL = timedelta(hours=1)
FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(seconds=30)
TURNS_BELL = timedelta(seconds=2)
TURN_IS_LATE_AFTER = timedelta(seconds=5)
"""A turn kept so long ago and not answered belonged to a process that died, or to a failure."""


@dataclass(slots=True)
class App:
    """One process of the front door, with its parts at hand for tests and commands."""

    settings: Settings
    database: Database
    house: House
    line: Line
    dispatcher: Dispatcher
    alerts: Alerts
    holds: Holds
    follow_ups: FollowUps
    clock: Clock
    hub: Hub
    desk: Desk
    web: FastAPI
    telegram: tg.TelegramChannel | None = None
    arrivals: TelegramArrivals | None = None
    bot: Any = None
    words: tg.TelegramWords | None = None
    rasa: RasaEngine | None = None
    _schedule: Schedule | None = None
    _poller: tg.TelegramPoller | None = None
    _telegram: asyncio.Task[None] | None = None
    _server: WebServer | None = None

    async def start(self, *, people: bool = True, clocks: bool = True) -> None:
        """Start answering people, ringing bells, or both."""
        give_back_memory()
        if self.rasa is not None and people:
            await self.rasa.start()  # a process that only rings bells does with what stands in for it
        if self.bot is not None and self.words is not None:
            self._telegram = asyncio.create_task(self._reach_telegram(people=people))
        if clocks:
            self._schedule = Schedule(
                [
                    Bell("outbox", OUTBOX_BELL, self.dispatcher.tick),
                    Bell("alerts", ALERTS_BELL, self.alerts.tick),
                    Bell("holds", HOLDS_BELL, self.holds.tick),
                    Bell("follow_ups", FOLLOW_UPS_BELL, self.follow_ups.tick),
                    Bell("queue", QUEUE_BELL, self.desk.feed.refresh),
                    Bell("calls", CALLS_BELL, self._check_rota),
                    Bell("drafts", DRAFTS_BELL, self._erase_old_drafts),
                    Bell("turns", TURNS_BELL, partial(self.line.take_up_unhandled, TURN_IS_LATE_AFTER)),
                ]
            )
            self._schedule.start()
            # What an earlier process kept and did not answer is not made to wait for a bell.
            await self.line.take_up_unhandled()
            await self.alerts.tick()
            await self.dispatcher.tick()
            await self.desk.feed.settle()

    async def _check_rota(self) -> int:
        """See that the rota can still keep every call we promised; return how many messages say otherwise."""
        now = self.clock.now()
        rows = await self.database.run(lambda uow: check_rota(uow, self.house, now))
        self.dispatcher.offer(rows)
        return len(rows)

    async def _erase_old_drafts(self) -> int:
        """Delete drafts that were never sent and held no worry, as the person was told; return how many."""
        now = self.clock.now()
        before = now - timedelta(days=self.house.area.retention.draft_days)
        return await self.database.run(lambda uow: erase_old_drafts(uow, before, now))

    async def stop(self) -> None:
        """Stop hearing first, finish what is in hand, and give back the rest."""
        if self._schedule is not None:
            self._schedule.stop()
        if self._telegram is not None:
            if self._poller is not None:
                self._poller.stop()
            else:
                self._telegram.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._telegram
        await self.line.settle()
        if self.arrivals is not None:
            await self.arrivals.settle()
        await self.follow_ups.stop()
        await self.dispatcher.stop()
        if self.bot is not None:
            await self.bot.shutdown()
        if self.rasa is not None:
            await self.rasa.stop()
        self.hub.close()
        self.database.dispose()

    async def serve(self, host: str, port: int, *, on_ready: Callable[[int], None], clocks: bool = True) -> None:
        """Answer on the web until told to stop; `on_ready` hears the port."""
        config = uvicorn.Config(
            self.web, host=host, port=port, log_config=None, access_log=False, loop="auto", http="auto"
        )
        server = self._server = WebServer(config, self.hub)
        await self.start(clocks=clocks)
        serving = asyncio.create_task(server.serve())
        try:
            await server.opened(serving)
            if server.started:
                on_ready(server.servers[0].sockets[0].getsockname()[1])
            await serving
        finally:
            await self.stop()

    def quit(self) -> None:
        """Ask `serve` to end, as a signal would."""
        if self._server is not None:
            self._server.should_exit = True

    async def _reach_telegram(self, *, people: bool) -> None:
        """Connect, however long it takes: the web chat and the bells do not wait for Telegram."""
        pause = FIRST_PAUSE
        while True:
            try:
                await self._connect_telegram(people=people)
            except Exception as error:
                kind = str(error) if isinstance(error, SendError) else type(error).__name__
                log.error("telegram.not_reached", extra={"error": kind, "again_in": pause.total_seconds()})
                await asyncio.sleep(pause.total_seconds())
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                break
        if self._poller is not None:
            await self._poller.run()

    async def _connect_telegram(self, *, people: bool) -> None:
        assert self.words is not None
        await tg.connect(self.bot)
        if not people or self.arrivals is None:
            return
        secret = self.settings.telegram_webhook_secret
        await tg.set_up(
            self.bot,
            mode=self.settings.telegram_mode,
            words=self.words,
            url=self.settings.telegram_webhook_url,
            secret=secret.get_secret_value() if secret else "",
        )
        if self.settings.telegram_mode == "polling":
            self._poller = tg.TelegramPoller(self.bot, self.arrivals.accept)


def build_app(
    settings: Settings,
    *,
    clock: Clock | None = None,
    write: Callable[[str], None] = print,
    understander: Understander | None = None,
) -> App:
    """Build the whole front door. Raises `BadSettings` and `BadDefinition`, each saying what to mend."""
    clock = clock or SystemClock()
    area, wording, catalog = load_area(settings.area), load_wording(), load_catalog()
    database = Database(settings.database_url, keyring=keyring_of(settings))
    owner, lease = owner_name(), timedelta(seconds=settings.lease_seconds)
    hub = Hub()
    channels: dict[str, Channel] = {WebChatChannel.name: WebChatChannel(hub)}
    duty_channel, duty_address = _duty(settings)
    channels[CONSOLE] = ConsoleChannel(write)
    channels.update({name: RecordedChannel(name) for name in RECORDED})
    bot, telegram, words = _telegram(settings, wording, clock)
    if telegram is not None:
        channels[telegram.name] = telegram
    channels.update(_notify(settings))
    doorbell = DutyDoorbell(
        channel=duty_channel,
        address=duty_address,
        wording=wording,
        indicators=dict(catalog.indicators),
        owner=owner,
        lease=lease,
        area=area,
        ways=frozenset({"telegram", "sms", "email"} & channels.keys()),
        desk_url=f"{settings.public_url.rstrip('/')}/desk" if settings.public_url else "",
    )
    house = House(
        area=area,
        wording=wording,
        catalog=catalog,
        shelf=FlowShelf(assemble(ENTRY, load_files())),
        doorbell=doorbell,
        owner=owner,
        lease=lease,
    )
    house.working_time.is_open(clock.now())  # reads the bank holidays once, before anybody waits
    dispatcher = Dispatcher(
        database=database,
        channels=channels,
        read=outbound,
        clock=clock,
        owner=owner,
        lease=lease,
        on_failure=partial(on_failure, doorbell),
    )
    alerts = Alerts(database=database, doorbell=doorbell, dispatcher=dispatcher, clock=clock)
    screener = build_screener(catalog, area, models=settings.screening_models)
    registry = CollectorRegistry()
    understander = understander or build_understander(catalog, models=settings.screening_models)
    rasa = None
    if settings.understander == "rasa":
        rasa = build_engine(settings, understander, count=_counter(registry))
    line = Line(
        database=database,
        house=house,
        screener=screener,
        understander=understander if rasa is None else rasa.understander,
        dispatcher=dispatcher,
        clock=clock,
        channels=channels,
        promises=promises(),
    )
    arrivals = None
    if telegram is not None:
        secret = settings.telegram_webhook_secret
        arrivals = TelegramArrivals(
            channel=telegram,
            line=line,
            alerts=alerts,
            database=database,
            clock=clock,
            secret=secret.get_secret_value() if secret else "",
        )
    web_settings = WebSettings(secret=_session_secret(settings), public_url=settings.public_url)
    desk = _desk(settings, web_settings, database, clock, hub, house, dispatcher, line)
    web = build_web(
        line,
        area=area,
        wording=wording,
        settings=web_settings,
        clock=clock,
        hub=hub,
        is_urgent=lambda text: words_sound_urgent(screener, text),
        readiness=lambda: _readiness(database, dispatcher, rasa or understander),
        registry=registry,
        desk=desk,
        telegram_webhook=arrivals.webhook if arrivals and settings.telegram_mode == "webhook" else None,
        calendar=lambda token: database.run(lambda uow: open_file(uow, house, token, clock.now())),
        unavailable=(OSError, TimeoutError, DBAPIError),
    )
    return App(
        settings=settings,
        database=database,
        house=house,
        line=line,
        dispatcher=dispatcher,
        alerts=alerts,
        holds=Holds(database=database, house=house, dispatcher=dispatcher, clock=clock),
        follow_ups=FollowUps(
            database=database, house=house, handlings=handlings(), dispatcher=dispatcher, clock=clock
        ),
        clock=clock,
        hub=hub,
        desk=desk,
        web=web,
        telegram=telegram,
        arrivals=arrivals,
        bot=bot,
        words=words,
        rasa=rasa,
    )


def build_screener(catalog: Catalog, area: Area | None = None, *, models: Path = FOLDER) -> Screener:
    """Return every view of danger there is. Without the trained files phrases stand alone; `doctor` says so."""
    phrases = PhraseScreener(indicator_phrases(catalog))
    try:
        loaded = _trained(models)
    except ModelMissing as missing:
        log.warning("screening.phrases_alone", extra={"reason": str(missing)})
        return Screener((phrases,))
    stack = loaded.stack
    if area is not None and area.screening is not None:
        careful = Thresholds(**area.screening.model_dump())
        stack = replace(stack, thresholds=stack.thresholds.no_calmer_than(careful))
    names = {i.id: i.label for i in catalog.indicators.values()}
    languages = _languages()

    def language_of(text: str) -> str:
        return languages.find(text).code if languages else "en"

    return Screener((phrases,), Trained(loaded.readers, stack, names, language_of))


def give_back_memory() -> None:
    """Hand back what loading the models used and no longer needs: some 20 MB that the allocator would keep."""
    with contextlib.suppress(OSError, AttributeError):  # glibc only
        ctypes.CDLL("libc.so.6").malloc_trim(0)


@cache
def _sentence_encoder() -> SentenceEncoder | None:
    """One for screening and understanding, so that a message is encoded once."""
    try:
        return open_universal()
    except NluUnavailable:
        return None


@cache
def _trained(models: Path) -> shipped.Loaded:
    """One for screening and understanding: an encoder is in memory once, and reads a message once."""
    return shipped.load(models, _sentence_encoder())


def _encoders(models: Path) -> list[SentenceEncoder]:
    """Return the sentence encoders there are."""
    opened = [encoder] if (encoder := _sentence_encoder()) else []
    with contextlib.suppress(ModelMissing):
        readers = _trained(models).readers.values()
        opened += [TunedSentences(each.encoder) for each in readers if isinstance(each, TunedReader)]
    return opened


@cache
def _languages() -> LanguageFinder | None:
    try:
        return LanguageFinder()
    except NluUnavailable:
        return None


def indicator_phrases(catalog: Catalog) -> list[IndicatorPhrases]:
    """Return the domain's indicators as the phrase view reads them."""
    return [
        IndicatorPhrases(
            id=i.id,
            label=i.label,
            urgency=Urgency(i.urgency),
            raise_to_emergency_if=i.raise_to_emergency_if,
            lay=tuple(i.signals.get("lay", ())),
            youth=tuple(i.signals.get("youth", ())),
            professional=tuple(i.signals.get("professional", ())),
            false_alarms=tuple(i.typical_false_alarms),
        )
        for i in catalog.indicators.values()
    ]


def build_understander(catalog: Catalog, *, models: Path = FOLDER) -> Understander:
    """Return the embedded understander, with as many of its parts as there are."""
    needs = [(row["code"], row["label"], row["plain_words"]) for row in catalog.lists["need_categories"].rows]
    return EmbeddedUnderstander.load(needs=needs, encoders=_encoders(models), languages=_languages())


def keyring_of(settings: Settings) -> Keyring:
    """Raises `BadSettings` where the keys are missing or not keys."""
    if settings.encryption_keys is None:
        raise BadSettings("FRONTDOOR_ENCRYPTION_KEYS is not set")
    try:
        return Keyring.from_text(settings.encryption_keys.get_secret_value())
    except ValueError:
        raise BadSettings(
            "FRONTDOOR_ENCRYPTION_KEYS: each key is 32 bytes in base64; make one with `frontdoor keys new`"
        ) from None


def _desk(
    settings: Settings,
    web: WebSettings,
    database: Database,
    clock: Clock,
    hub: Hub,
    house: House,
    dispatcher: Dispatcher,
    line: Line,
) -> Desk:
    own = DeskSettings(
        idle=timedelta(minutes=settings.desk_idle_minutes),
        longest=timedelta(hours=settings.desk_longest_hours),
        glass=timedelta(minutes=settings.desk_glass_minutes),
    )
    placing = Placing(house.area)
    signing = Signing(database=database, clock=clock, web=web, settings=own)
    return Desk(
        database=database,
        clock=clock,
        area=house.area,
        doorbell=house.doorbell,
        dispatcher=dispatcher,
        signing=signing,
        feed=Feed(database=database, clock=clock, placing=placing, signing=signing, settings=own, hub=hub),
        placing=placing,
        settings=own,
        house=house,
        line=line,
    )


def _session_secret(settings: Settings) -> str:
    if settings.session_secret is None:
        raise BadSettings("FRONTDOOR_SESSION_SECRET is not set")
    return settings.session_secret.get_secret_value()


def _duty(settings: Settings) -> tuple[str, str]:
    if settings.telegram_duty_chat_id and settings.telegram_token is None:
        raise BadSettings(
            "FRONTDOOR_TELEGRAM_DUTY_CHAT_ID is set and FRONTDOOR_TELEGRAM_TOKEN is not: nobody would be told"
        )
    if settings.telegram_duty_chat_id:
        return tg.TelegramChannel.name, settings.telegram_duty_chat_id
    return CONSOLE, DUTY


def _telegram(
    settings: Settings, wording: Wording, clock: Clock
) -> tuple[Any, tg.TelegramChannel | None, tg.TelegramWords | None]:
    if settings.telegram_token is None:
        return None, None, None
    if settings.telegram_mode == "webhook" and not (
        settings.telegram_webhook_secret and settings.telegram_webhook_url
    ):
        raise BadSettings(
            "where FRONTDOOR_TELEGRAM_MODE is webhook, FRONTDOOR_TELEGRAM_WEBHOOK_URL and "
            "FRONTDOOR_TELEGRAM_WEBHOOK_SECRET have to be set"
        )
    commands = ("start", "help", "person", "back", "change", "stop", "restart", "delete", "exit", "privacy")
    words = tg.TelegramWords(
        done=wording.text("tg_done"),
        group_refusal=wording.text("tg_group_refused"),
        commands={name: wording.text(f"tg_command_{name}") for name in commands},
        description=wording.text("tg_description"),
        short_description=wording.text("tg_short_description"),
    )
    bot = tg.make_bot(settings.telegram_token.get_secret_value(), api_url=settings.telegram_api_url)
    staff = frozenset({settings.telegram_duty_chat_id}) if settings.telegram_duty_chat_id else frozenset()
    return bot, tg.TelegramChannel(bot, words=words, clock=clock, staff_chats=staff), words


def _notify(settings: Settings) -> dict[str, Channel]:
    """Return what Notify can send: a text message, an e-mail, or both, as there are templates."""
    if settings.notify_api_key is None:
        return {}
    templates = {"sms": settings.notify_sms_template, "email": settings.notify_email_template}
    if not any(templates.values()):
        raise BadSettings(
            "FRONTDOOR_NOTIFY_API_KEY is set, and neither FRONTDOOR_NOTIFY_SMS_TEMPLATE nor "
            "FRONTDOOR_NOTIFY_EMAIL_TEMPLATE is: nothing could be sent"
        )
    # its library takes 15 MB: only where it is used
    from bot.channels.notify import Notify, NotifyChannel

    notify = Notify(settings.notify_api_key.get_secret_value(), settings.notify_url)
    return {name: NotifyChannel(name, notify, template) for name, template in templates.items() if template}


def _counter(registry: CollectorRegistry) -> Callable[[str], None]:
    """Return what counts the messages that each engine understood."""
    count = Counter("frontdoor_understood", "Messages understood, by engine", ("engine",), registry=registry)
    return lambda engine: count.labels(engine).inc()


async def _readiness(
    database: Database, dispatcher: Dispatcher, engine: RasaEngine | Understander
) -> dict[str, bool | str]:
    """Say whether messages can be taken and duty workers told: nothing waits long past its time.

    Names the understander that answers as well. One that is away does not make the front door unready.
    """
    understanding = await engine.answering() if isinstance(engine, RasaEngine) else engine.name
    try:
        oldest, duty = await asyncio.wait_for(
            database.run(lambda uow: (uow.outbox.oldest_pending_at(), uow.outbox.oldest_duty_at())), 5
        )
    except Exception:
        log.exception("readiness.store_failed")
        return {"store": False, "outbox": False, "duty": False, "understanding": understanding}
    return {
        "store": True,
        "outbox": dispatcher.is_keeping_up(oldest),
        "duty": dispatcher.is_keeping_up(duty),
        "understanding": understanding,
    }
