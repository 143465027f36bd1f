"""What people do on Telegram, as it reaches the turn."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import telegram

from bot.channels.base import InboundMessage, MessageKind
from bot.channels.telegram import (
    BadUpdate,
    Blocked,
    Moved,
    NotFromTelegram,
    Refusal,
    TelegramChannel,
    TelegramWords,
    Unblocked,
    parse_update,
    parse_webhook,
    webhook_reply,
)
from bot.clock import SteppedClock
from tests.channels.telegram_fixtures import NOON, choices, message
from tests.telegram.bot_api_server import BotApiServer
from tests.telegram.chats import Person, Shown


def update_of(server: BotApiServer, update_id: int) -> telegram.Update:
    return parse_update(json.loads(json.dumps(server.history[update_id])))


def heard(channel: TelegramChannel, server: BotApiServer, update_id: int) -> InboundMessage:
    found = channel.read(update_of(server, update_id))
    assert isinstance(found, InboundMessage)
    return found


async def test_words_arrive_as_typed(channel: TelegramChannel, server: BotApiServer, person: Person) -> None:
    """Every later step stands on the person's own words, unedited."""
    update_id = await person.says("  he's <b>7</b> *next* month ")
    found = heard(channel, server, update_id)
    sent = server.history[update_id]["message"]
    assert found == InboundMessage(
        channel="telegram",
        address=str(person.id),
        external_id=f"m{sent['message_id']}",
        received_at=NOON,
        text="  he's <b>7</b> *next* month ",
        order=update_id,
        language="en",
        ref=str(sent["message_id"]),
    )


@pytest.mark.parametrize(
    ("typed", "kind", "choice", "payload"),
    [
        ("/start", MessageKind.START, None, ""),
        ("/start professional", MessageKind.START, None, "professional"),
        ("/start@front_door_test_bot young_person", MessageKind.START, None, "young_person"),
        ("/help", MessageKind.CHOICE, "help", ""),
        ("/HELP", MessageKind.CHOICE, "help", ""),
        ("/exit", MessageKind.CHOICE, "quick_exit", ""),
        ("/person he hit me", MessageKind.CHOICE, "person", ""),
        ("/nonsense", MessageKind.TEXT, None, ""),
        ("/", MessageKind.TEXT, None, ""),
        ("/ help", MessageKind.TEXT, None, ""),
        ("see /help", MessageKind.TEXT, None, ""),
    ],
)
async def test_commands_keep_what_was_typed(
    typed: str,
    kind: MessageKind,
    choice: str | None,
    payload: str,
    channel: TelegramChannel,
    server: BotApiServer,
    person: Person,
) -> None:
    """Words after a command may be the ones that matter, so they are kept and screened like any."""
    found = heard(channel, server, await person.says(typed))
    assert (found.kind, found.choice, found.payload, found.text) == (kind, choice, payload, typed)


async def test_edit_names_the_message_it_changes(
    channel: TelegramChannel, server: BotApiServer, person: Person
) -> None:
    """Words changed after sending are screened again, and the old ones kept."""
    first = heard(channel, server, await person.says("He is fine"))
    edit = heard(channel, server, await person.edits("He is not fine"))
    assert (edit.kind, edit.text, edit.edits) == (MessageKind.EDIT, "He is not fine", first.external_id)
    assert edit.external_id.startswith(f"e{first.ref}:")
    assert edit.order > first.order


SENT: list[tuple[str, dict[str, Any], MessageKind, str]] = [
    ("sends_photo", {"caption": "the bruise"}, MessageKind.PHOTO, "the bruise"),
    ("sends_video", {"caption": "look"}, MessageKind.VIDEO, "look"),
    ("sends_video_note", {}, MessageKind.VIDEO, ""),
    ("sends_animation", {"caption": "ha"}, MessageKind.VIDEO, "ha"),
    ("sends_voice", {}, MessageKind.VOICE, ""),
    ("sends_audio", {"caption": "listen"}, MessageKind.VOICE, "listen"),
    ("sends_document", {"caption": "the letter"}, MessageKind.DOCUMENT, "the letter"),
    ("sends_location", {}, MessageKind.LOCATION, ""),
    ("sends_venue", {}, MessageKind.LOCATION, ""),
    ("sends_contact", {}, MessageKind.CONTACT, ""),
    ("sends_sticker", {}, MessageKind.STICKER, ""),
    ("sends_poll", {"question": "Which day"}, MessageKind.OTHER, "Which day"),
    ("sends_dice", {}, MessageKind.OTHER, ""),
    ("sends_story", {}, MessageKind.OTHER, ""),
]


@pytest.mark.parametrize(("act", "how", "kind", "text"), SENT, ids=[row[0] for row in SENT])
async def test_everything_that_can_be_sent_is_kept(
    act: str,
    how: dict[str, Any],
    kind: MessageKind,
    text: str,
    channel: TelegramChannel,
    server: BotApiServer,
    person: Person,
) -> None:
    """A photo of a bruise or a voice message may be all that a child can send."""
    do: Callable[..., Awaitable[int]] = getattr(person, act)
    found = heard(channel, server, await do(**how))
    assert (found.kind, found.text) == (kind, text)
    assert found.attachment is not None
    assert found.attachment.kind is kind
    if kind in (
        MessageKind.PHOTO,
        MessageKind.VIDEO,
        MessageKind.VOICE,
        MessageKind.DOCUMENT,
        MessageKind.STICKER,
    ):
        assert set(json.loads(found.attachment.reference)) == {"file_id", "file_unique_id"}


async def test_what_attachments_say_is_kept(
    channel: TelegramChannel, server: BotApiServer, person: Person
) -> None:
    """Where someone is, and whom to call, must reach the worker without opening Telegram."""
    place = heard(channel, server, await person.sends_location(54.5, -1.25)).attachment
    venue = heard(channel, server, await person.sends_venue()).attachment
    card = heard(channel, server, await person.sends_contact("+447700900123", "Sam")).attachment
    letter = heard(channel, server, await person.sends_document("a.pdf", content=b"12345")).attachment
    assert place is not None
    assert place.data == {"latitude": "54.5", "longitude": "-1.25"}
    assert venue is not None
    assert (venue.name, venue.data["address"]) == ("The Made Up Cafe", "1 High Street")
    assert card is not None
    assert (card.name, card.data) == ("Sam", {"phone_number": "+447700900123"})
    assert letter is not None
    assert (letter.name, letter.media_type, letter.size) == ("a.pdf", "application/pdf", 5)


async def test_kinds_of_tomorrow_are_still_something_sent(
    channel: TelegramChannel, server: BotApiServer, person: Person
) -> None:
    """Telegram adds kinds every few months; silence towards one would be a person ignored."""
    found = heard(channel, server, await person.sends(hologram={"depth": 3}))
    assert found.kind is MessageKind.OTHER
    assert found.attachment is not None


async def test_update_with_a_part_that_cannot_be_read_keeps_its_words(
    channel: TelegramChannel, server: BotApiServer, person: Person
) -> None:
    """One odd field must neither lose what was written nor stop everyone behind it."""
    found = heard(channel, server, await person.sends(text="please help", sticker={"odd": True}, photo=17))
    assert (found.text, found.address) == ("please help", str(person.id))


async def test_service_messages_are_not_the_persons(
    channel: TelegramChannel, server: BotApiServer, person: Person
) -> None:
    """A timer set in the chat is not an answer."""
    update_id = await person.sends(message_auto_delete_timer_changed={"message_auto_delete_time": 86400})
    assert channel.read(update_of(server, update_id)) is None


# Presses


async def ask(channel: TelegramChannel, person: Person, **more: Any) -> Shown:
    fields: dict[str, Any] = {"choices": choices("Yes", "No"), "controls": choices("Back", "Skip"), "prompt": 7}
    await channel.send(message(person, **(fields | more)))
    return person.last


async def test_press_says_which_button_of_which_question(
    channel: TelegramChannel, server: BotApiServer, person: Person
) -> None:
    """An old button must be known as old, and the worker sees the words that stood on it."""
    shown = await ask(channel, person)
    found = heard(channel, server, await person.taps("No"))
    assert (found.kind, found.choice, found.prompt, found.text) == (MessageKind.CHOICE, "no", 7, "No")
    assert (found.ref, found.address) == (str(shown.message_id), str(person.id))
    assert found.external_id.startswith("c")


async def test_press_on_a_ticked_button_reads_as_its_words(
    channel: TelegramChannel, server: BotApiServer, person: Person
) -> None:
    """The tick is ours, not part of the answer."""
    await ask(channel, person, choices=choices("Money", "Food", chosen="Food"), multiple=True)
    assert heard(channel, server, await person.taps("food")).text == "Food"


@pytest.mark.parametrize(
    "data", ["", "nonsense", ":", "7:", "x:yes", "7:" + "y" * 41, ":" + "y" * 64, "99999999999:yes", "7:né", None]
)
async def test_malformed_press_is_heard_as_a_press_of_nothing_we_know(
    data: str | None, channel: TelegramChannel, server: BotApiServer, person: Person
) -> None:
    """Data can be forged by a modified app; it must not break the chat it came from."""
    shown = await ask(channel, person)
    found = heard(channel, server, person.presses(data, shown))
    assert (found.kind, found.choice, found.prompt) == (MessageKind.CHOICE, None, None)


@pytest.mark.parametrize("has_message", [True, False])
async def test_press_on_a_message_telegram_no_longer_shows(
    has_message: bool, channel: TelegramChannel, server: BotApiServer, person: Person
) -> None:
    """People come back after weeks and press what they see."""
    shown = await ask(channel, person)
    found = heard(channel, server, person.presses("7:yes", shown if has_message else None, old=True))
    assert (found.choice, found.prompt, found.text, found.address) == ("yes", 7, "", str(person.id))


async def test_press_by_somebody_else_is_nobodys_answer(
    channel: TelegramChannel, server: BotApiServer, person: Person
) -> None:
    """Nobody may answer for another person."""
    shown = await ask(channel, person)
    stranger = server.person("Stranger")
    update = update_of(server, person.presses("7:yes", shown, by=stranger))
    assert channel.read(update) is None
    await channel.acknowledge(update, show_choice=False)
    assert len(server.answered) == 1


async def test_pressed_answer_is_left_standing_alone(
    channel: TelegramChannel, server: BotApiServer, person: Person
) -> None:
    """The chat reads back as a conversation, and an answered question cannot be answered by accident."""
    await ask(channel, person)
    update = update_of(server, await person.taps("Yes"))
    await channel.acknowledge(update)
    assert person.last.rows == [[("✓ Yes", "7:yes")]]
    assert server.unanswered == {}
    again = update_of(server, await person.taps("Yes"))
    await channel.acknowledge(again)
    assert len(server.said("editMessageReplyMarkup")) == 1


@pytest.mark.parametrize("button", ["Back", "Done"])
async def test_controls_and_choices_of_several_leave_the_keyboard(
    button: str, channel: TelegramChannel, server: BotApiServer, person: Person
) -> None:
    """Going back is not an answer, and one tick of several is not the last."""
    shown = await ask(channel, person, multiple=button == "Done")
    before = list(shown.rows)
    await channel.acknowledge(update_of(server, await person.taps(button)))
    await channel.acknowledge(update_of(server, await person.taps(button)), show_choice=False)
    assert shown.rows == before
    assert server.unanswered == {}


async def test_skipping_shows_as_skipped(channel: TelegramChannel, server: BotApiServer, person: Person) -> None:
    """A skipped question reads back as skipped, not as unanswered."""
    await ask(channel, person)
    await channel.acknowledge(update_of(server, await person.taps("Skip")))
    assert person.last.labels == ["✓ Skip"]


async def test_acknowledging_never_raises(channel: TelegramChannel, server: BotApiServer, person: Person) -> None:
    """A late press, a blocked bot, a server in trouble: the answer is kept all the same."""
    await ask(channel, person)
    update = update_of(server, await person.taps("Yes"))
    server.unanswered.clear()
    server.fail_next("editMessageReplyMarkup", 500)
    await channel.acknowledge(update)
    await channel.acknowledge(update_of(server, await person.says("words")))
    await channel.acknowledge(update_of(server, person.presses("7:yes", None)))


async def test_webhook_answers_a_press_in_its_own_response(
    channel: TelegramChannel, server: BotApiServer, person: Person
) -> None:
    """One call fewer for each tap; a message needs none."""
    await ask(channel, person)
    update = update_of(server, await person.taps("Yes"))
    assert update.callback_query is not None
    reply = webhook_reply(update)
    assert reply == {"method": "answerCallbackQuery", "callback_query_id": update.callback_query.id}
    await channel.acknowledge(update, answered=True)
    assert server.said("answerCallbackQuery") == []
    assert person.last.labels == ["✓ Yes"]
    assert webhook_reply(update_of(server, await person.says("words"))) is None


# Who may talk with us


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
async def test_groups_are_refused(
    kind: str, channel: TelegramChannel, server: BotApiServer, person: Person
) -> None:
    """What a family tells us must not be read by a street."""
    group = server.group(kind=kind)
    for update_id in (await group.adds_bot(person), await group.hears(person, "is this on?")):
        assert channel.read(update_of(server, update_id)) == Refusal(group.id, leave=True)
    assert channel.read(update_of(server, await group.removes_bot(person))) is None


async def test_our_own_leaving_is_not_answered(
    channel: TelegramChannel, server: BotApiServer, person: Person
) -> None:
    """A group that shows our leaving as a message would be refused again and again."""
    group = server.group()
    goodbye = {
        "left_chat_member": {"id": 4242, "is_bot": True, "first_name": "Front Door"},
        "chat": group.as_json(),
    }
    assert channel.read(update_of(server, await person.sends(**goodbye))) is None


async def test_duty_chat_is_neither_refused_nor_a_person(
    channel: TelegramChannel, server: BotApiServer, person: Person
) -> None:
    """Duty workers talk among themselves under the alerts; we must not leave them."""
    duty = server.group("Duty")
    duty.id = -8000099
    assert channel.read(update_of(server, await duty.adds_bot(person))) == Unblocked("-8000099")
    assert channel.read(update_of(server, await duty.hears(person, "I'll take that one"))) is None
    assert channel.read(update_of(server, await duty.removes_bot(person))) == Blocked("-8000099")


async def test_moved_group_says_where_to(channel: TelegramChannel, server: BotApiServer, person: Person) -> None:
    """The duty chat's address changes when it grows; alerts must follow."""
    group = server.group()
    found = channel.read(update_of(server, await group.migrates(person)))
    assert found == Moved(str(group.id), str(group.moved_to))


async def test_blocking_and_unblocking_are_heard(
    channel: TelegramChannel, server: BotApiServer, person: Person
) -> None:
    """A person who blocked us will not see a promised follow-up: somebody has to know."""
    assert channel.read(update_of(server, await person.blocks())) == Blocked(str(person.id))
    assert channel.read(update_of(server, await person.unblocks())) == Unblocked(str(person.id))


# The webhook's door


async def test_webhook_reads_an_update_with_the_right_secret(server: BotApiServer, person: Person) -> None:
    """The ordinary case."""
    update_id = await person.says("hello")
    body = json.dumps(server.history[update_id]).encode()
    assert parse_webhook(body, "s3cret", "s3cret").update_id == update_id


@pytest.mark.parametrize(
    ("given", "expected"), [(None, "s"), ("", "s"), ("S", "s"), ("é", "s"), ("", ""), (None, "")]
)
def test_webhook_refuses_who_does_not_know_the_secret(given: str | None, expected: str) -> None:
    """Anyone can find the address; without a secret set, nobody is Telegram."""
    with pytest.raises(NotFromTelegram):
        parse_webhook(b'{"update_id": 1}', given, expected)


@pytest.mark.parametrize(
    "body",
    [
        *(
            b"",
            b"{",
            b"[]",
            b"null",
            b"{}",
            b'{"update_id": "1"}',
            b'{"update_id": true}',
            b"\xff",
            b"[" * 100_000,
        ),
        b'{"update_id": 1, "x": "' + b"y" * 2_000_000 + b'"}',
    ],
)
def test_webhook_refuses_what_is_no_update(body: bytes) -> None:
    """A malformed or enormous body is an error of the sender, told as such."""
    with pytest.raises(BadUpdate):
        parse_webhook(body, "s", "s")


@pytest.mark.parametrize(
    "odd",
    [
        {"message": 5},
        {"message": {"text": "x"}},
        {"message": {"message_id": 1, "date": 1, "chat": {}, "text": "x"}},
        {"callback_query": {}},
        {"callback_query": {"id": "1", "from": {}}},
        {"my_chat_member": {"chat": {"id": 1, "type": "private"}}},
        {"inline_query": {"id": "1", "query": "x"}},
    ],
)
def test_odd_updates_never_raise_anything_else(odd: dict[str, Any], channel: TelegramChannel) -> None:
    """Whatever comes is read, ignored or refused: never a crash that stops the rest."""
    try:
        update = parse_update({"update_id": 1, **odd})
    except BadUpdate:
        return
    channel.read(update)


def test_the_duty_group_that_becomes_a_supergroup_stays_the_duty_group(bot: telegram.Bot) -> None:
    """Taken for a stranger's group it would be refused and left, and every alert after that lost."""
    words = TelegramWords(done="Done", group_refusal="One person at a time")
    channel = TelegramChannel(bot, words=words, clock=SteppedClock(NOON), staff_chats=frozenset({"-42"}))
    chat = {"id": -100777, "type": "supergroup", "title": "Duty team"}
    moved = {"message_id": 1, "date": 1772445600, "chat": chat, "migrate_from_chat_id": -42}
    assert channel.read(parse_update({"update_id": 1, "message": moved}, bot)) == Moved("-42", "-100777")
    talk = {"message_id": 2, "date": 1772445600, "chat": chat, "text": "Who is on tonight?"}
    assert channel.read(parse_update({"update_id": 2, "message": talk}, bot)) is None
