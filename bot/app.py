"""Puts the real things together; `understanding`, `telegram_link` and `bells` build their own parts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from prometheus_client import CollectorRegistry, Counter
from sqlalchemy.exc import DBAPIError

from bot.arrivals import TelegramArrivals
from bot.channels.base import Channel
from bot.channels.console import CONSOLE, DUTY, ConsoleChannel
from bot.channels.recorded import RecordedChannel
from bot.channels.telegram import TelegramChannel
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
from bot.followups.due import FollowUps
from bot.followups.given_up import on_given_up
from bot.followups.registry import handlings, promises
from bot.outbox.dispatcher import Dispatcher, owner_name
from bot.process import App
from bot.rasa.engine import build_engine
from bot.readiness import readiness_of
from bot.safeguarding.alerts import Alerts, on_failure
from bot.safeguarding.doorbell import DutyDoorbell
from bot.safeguarding.screening import words_sound_urgent
from bot.settings import BadSettings, Settings
from bot.telegram_link import TelegramLink, telegram_of, webhook_secret
from bot.understanding import build_screener, build_understander
from bot.web import WebSettings, build_web
from flows.loader import assemble, load_area, load_catalog, load_files, load_wording
from nlu.base import Understander
from storage.database import Database
from storage.recordings import RECORDED
from storage.sealed import Keyring


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
    telegram = telegram_of(settings, wording, clock)
    if telegram is not None:
        channels[telegram.channel.name] = telegram.channel
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
        on_given_up=partial(on_given_up, house),
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
        arrivals = TelegramArrivals(
            channel=telegram.channel,
            line=line,
            alerts=alerts,
            database=database,
            clock=clock,
            secret=webhook_secret(settings),
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
        readiness=lambda: readiness_of(database, dispatcher, rasa or understander),
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
        telegram=TelegramLink(settings, telegram, arrivals) if telegram and arrivals else None,
        rasa=rasa,
    )


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
        return TelegramChannel.name, settings.telegram_duty_chat_id
    return CONSOLE, DUTY


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
