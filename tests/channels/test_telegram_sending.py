"""What people see on Telegram, and what we make of Telegram's refusals."""

from __future__ import annotations

from datetime import timedelta

import pytest
import telegram
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import (
    ChannelDown,
    Choice,
    MessageRefused,
    RecipientMoved,
    RecipientUnreachable,
    SendError,
    SentFile,
    SlowDown,
)
from bot.channels.telegram import (
    Refusal,
    TelegramChannel,
    connect,
    make_bot,
    set_up,
    split_text,
    utf16_length,
)
from bot.channels.telegram_layout import rows_of_answers, rows_of_controls
from tests.channels.telegram_fixtures import WORDS, choices, message
from tests.telegram.bot_api_server import BotApiServer
from tests.telegram.chats import Person

SECRET_WORDS = "He hid the blue suitcase under the stairs"


async def test_question_shows_answers_and_quiet_controls(channel: TelegramChannel, person: Person) -> None:
    """The answers come first and the ways out stay in one row beneath, so that the eye lands on the answers."""
    receipt = await channel.send(
        message(person, choices=choices("Yes", "No", "Not sure"), controls=choices("Back", "Person"), prompt=7)
    )
    assert receipt.refs == (str(person.last.message_id),)
    assert person.last.rows == [
        [("Yes", "7:yes"), ("No", "7:no"), ("Not sure", "7:not_sure")],
        [("Back", "7:back"), ("Person", "7:person")],
    ]


async def test_words_are_never_read_as_markup(
    channel: TelegramChannel, person: Person, server: BotApiServer
) -> None:
    """What a person typed is shown back as they typed it, links left alone."""
    await channel.send(message(person, "*<b>5 < 6_ & [x](http://example.com)"))
    assert person.last.text == "*<b>5 < 6_ & [x](http://example.com)"
    sent = server.said("sendMessage")[-1].fields
    assert "parse_mode" not in sent
    assert sent["link_preview_options"] == {"is_disabled": True}


async def test_a_file_goes_after_its_words(channel: TelegramChannel, person: Person, server: BotApiServer) -> None:
    """A calendar file opens with one touch where a chat takes files."""
    file = SentFile("call.ics", "text/calendar", "BEGIN:VCALENDAR")
    receipt = await channel.send(message(person, "Here is a file.", file=file))
    assert len(receipt.refs) == 2
    name, content, _ = server.said("sendDocument")[-1].fields["document"]
    assert (name, content) == ("call.ics", b"BEGIN:VCALENDAR")
    assert server.said("sendMessage")[-1].fields["text"] == "Here is a file."


async def test_several_choices_show_ticks_and_done(channel: TelegramChannel, person: Person) -> None:
    """A person choosing several must see what they have chosen and how to finish."""
    several = choices("Housing", "Money", "Food", chosen="Money")
    await channel.send(message(person, choices=several, multiple=True, prompt=2))
    assert person.last.labels == ["Housing", "✓ Money", "Food", "Done"]
    assert person.last.buttons[-1] == ("Done", "2:done")


async def test_urgent_message_makes_itself_heard(
    channel: TelegramChannel, person: Person, server: BotApiServer
) -> None:
    """An alert on a duty phone must ring."""
    await channel.send(message(person, urgent=True))
    assert server.said("sendMessage")[-1].fields["disable_notification"] is False


async def test_long_message_comes_in_order_with_buttons_under_the_last(
    channel: TelegramChannel, person: Person
) -> None:
    """A split message must read on from part to part, and be answered at its end."""
    paragraphs = [f"Part {n}. " + "A plain sentence of words. " * 60 for n in range(6)]
    receipt = await channel.send(message(person, "\n\n".join(paragraphs), choices=choices("Yes", "No"), prompt=1))
    shown = person.from_bot
    assert len(shown) == len(receipt.refs) > 1
    assert all(utf16_length(part.text) <= 4096 for part in shown)
    assert [bool(part.rows) for part in shown] == [False] * (len(shown) - 1) + [True]
    assert "".join("".join(part.text for part in shown).split()) == "".join("".join(paragraphs).split())


@pytest.mark.parametrize(
    "text",
    [
        "😀" * 5000,
        "👨‍👩‍👧‍👦" * 900,
        "🇬🇧" * 3000,
        "שלום עולם. " * 900,
        "مرحبا بك؟ " * 900,
        "e\u0301" * 6000,
        "你好。" * 3000,
    ],
)
async def test_split_messages_of_every_script_arrive_whole(
    text: str, channel: TelegramChannel, person: Person
) -> None:
    """Telegram counts UTF-16 units: emoji count twice, and half of one is refused."""
    await channel.send(message(person, text))
    shown = "".join(part.text for part in person.from_bot)
    assert shown.replace(" ", "") == text.replace(" ", "")


def test_split_keeps_what_is_drawn_as_one_together() -> None:
    """Half a family or half a flag is another picture."""
    assert all(part == "🇬🇧" * (len(part) // 2) for part in split_text("🇬🇧" * 3000))
    assert all(part.endswith("👦") for part in split_text("👨‍👩‍👧‍👦" * 900))
    assert all(part.endswith("\u0301") for part in split_text("e\u0301" * 6000))


@given(
    st.text(st.characters(codec="utf-8") | st.sampled_from(" \n.?😀\u200d\u0301🇬"), max_size=300),
    st.integers(2, 40),
)
def test_splitting_loses_only_white_space(text: str, limit: int) -> None:
    """Whatever is sent, every letter of it arrives, in parts that Telegram takes."""
    parts = split_text(text, limit)
    assert all(part and utf16_length(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_split_prefers_the_end_of_a_paragraph_then_a_sentence() -> None:
    """A message broken in the middle of a sentence is hard to read."""
    assert split_text("One two three.\n\nFour five six seven", 24) == ["One two three.", "Four five six seven"]
    assert split_text("One two three. Four five six", 20) == ["One two three.", "Four five six"]
    assert split_text("One two three four", 13) == ["One two three", "four"]


def test_answers_are_laid_out_to_be_read() -> None:
    """A label cut off on a narrow phone cannot be chosen by someone in a hurry."""
    assert rows_of_answers("abc", ["Yes", "No", "Not sure"]) == [["a", "b", "c"]]
    assert rows_of_answers("abcd", ["Mum", "Dad", "Aunt", "Gran"]) == [["a", "b"], ["c", "d"]]
    assert rows_of_answers("ab", ["A person I know well", "No"]) == [["a"], ["b"]]
    assert rows_of_answers("0123456789x", [*"0123456789", "10"]) == [list("012345"), list("6789x")]
    assert rows_of_controls("ab", ["Back", "Talk to a person"]) == [["a", "b"]]
    assert rows_of_controls("abc", ["Go back", "Rather not say", "Talk to a person"]) == [["a", "b"], ["c"]]


async def test_replacing_changes_the_message_in_place(channel: TelegramChannel, person: Person) -> None:
    """Ticking one of several must not send the question again."""
    sent = await channel.send(message(person, choices=choices("Money", "Food"), multiple=True, prompt=2))
    again = message(
        person, choices=choices("Money", "Food", chosen="Food"), multiple=True, prompt=2, replaces=sent.refs[0]
    )
    assert (await channel.send(again)).refs == sent.refs
    assert (await channel.send(again)).refs == sent.refs  # not modified is as good as modified
    assert len(person.from_bot) == 1
    assert "✓ Food" in person.last.labels


async def test_replacing_a_message_that_has_gone_sends_a_new_one(
    channel: TelegramChannel, person: Person, server: BotApiServer
) -> None:
    """A person who cleared the chat is still asked."""
    sent = await channel.send(message(person))
    await channel.clear(str(person.id), sent.refs)
    receipt = await channel.send(message(person, "Again", replaces=sent.refs[0]))
    assert person.last.text == "Again"
    assert receipt.refs != sent.refs


@pytest.mark.parametrize("text", ["", "  \n ", "\u00a0"])
async def test_message_without_words_is_refused(text: str, channel: TelegramChannel, person: Person) -> None:
    """Trying again would never help."""
    with pytest.raises(MessageRefused):
        await channel.send(message(person, text))


async def test_half_of_a_surrogate_pair_does_not_stop_a_message(channel: TelegramChannel, person: Person) -> None:
    """Words cut badly elsewhere must still arrive."""
    await channel.send(message(person, "Yes \ud83d then", choices=(Choice("o", "O\ud83d"),), prompt=1))
    assert (person.last.text, person.last.labels) == ("Yes ? then", ["O?"])


async def test_button_data_too_long_for_telegram_is_refused_before_it_is_sent(
    channel: TelegramChannel, person: Person, server: BotApiServer
) -> None:
    """A flow with such an id must fail in a way that names the fault."""
    with pytest.raises(MessageRefused, match="choice_id_unfit"):
        await channel.send(message(person, choices=choices("x" * 70), prompt=1))
    assert server.said("sendMessage") == []


@pytest.mark.parametrize(
    ("code", "description", "expected"),
    [
        (403, "Forbidden: bot was blocked by the user", RecipientUnreachable),
        (403, "Forbidden: user is deactivated", RecipientUnreachable),
        (403, "Forbidden: bot was kicked from the supergroup chat", RecipientUnreachable),
        (400, "Bad Request: chat not found", RecipientUnreachable),
        (400, "Bad Request: PEER_ID_INVALID", RecipientUnreachable),
        (400, "Bad Request: not enough rights to send text messages to the chat", RecipientUnreachable),
        (400, "Bad Request: BUTTON_DATA_INVALID", MessageRefused),
        (400, f"Bad Request: can't parse entities: {SECRET_WORDS}", MessageRefused),
        (401, "Unauthorized", ChannelDown),
        (404, "Not Found", ChannelDown),
        (409, "Conflict: terminated by setWebhook request", ChannelDown),
        (500, "Internal Server Error", ChannelDown),
        (502, "Bad Gateway", ChannelDown),
        (0, "", ChannelDown),
    ],
)
async def test_each_failure_says_what_to_do_next(
    code: int,
    description: str,
    expected: type[SendError],
    channel: TelegramChannel,
    person: Person,
    server: BotApiServer,
) -> None:
    """The outbox tries again, gives up or moves on by the kind of error alone, and may log it."""
    server.fail_next("sendMessage", code, description)
    with pytest.raises(SendError) as raised:
        await channel.send(message(person, SECRET_WORDS))
    assert type(raised.value) is expected
    for secret in (SECRET_WORDS, server.token):
        assert secret not in repr(raised.value)
    assert raised.value.__context__ is None
    assert raised.value.__cause__ is None


async def test_told_to_slow_down_we_know_for_how_long(
    channel: TelegramChannel, person: Person, server: BotApiServer
) -> None:
    """Going on regardless makes Telegram lock a bot out for longer."""
    server.fail_next("sendMessage", 429, "Too Many Requests: retry after 17", retry_after=17)
    with pytest.raises(SlowDown) as raised:
        await channel.send(message(person))
    assert raised.value.retry_after == timedelta(seconds=17)


async def test_migrated_chat_gives_its_new_address(channel: TelegramChannel, server: BotApiServer) -> None:
    """A duty group that grew must not silently stop hearing alerts."""
    group = server.group()
    await group.migrates(server.person())
    with pytest.raises(RecipientMoved) as raised:
        await channel.send(message(group))  # type: ignore[arg-type]
    assert raised.value.new_address == str(group.moved_to)


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"{}", b'{"ok":true}', b'{"description":"ok"}', b"\xff\xfe"]
)
async def test_nonsense_from_the_server_is_a_channel_down(
    body: bytes, channel: TelegramChannel, person: Person, server: BotApiServer
) -> None:
    """A proxy's error page must not look like success, nor like a bug of ours."""
    server.answer_next("sendMessage", 200, body)
    with pytest.raises(ChannelDown):
        await channel.send(message(person))


async def test_wrong_token_is_told_without_the_token(server: BotApiServer) -> None:
    """The first mistake of every operator; the token must not end up in a log."""
    bot = make_bot("4242:not-the-token-of-this-bot", api_url=server.root_url)
    with pytest.raises(ChannelDown, match="token_refused") as raised:
        await connect(bot)
    assert "not-the-token" not in repr(raised.value)
    assert raised.value.__context__ is None
    await bot.shutdown()


async def test_clearing_takes_both_sides_messages_away(
    channel: TelegramChannel, person: Person, server: BotApiServer
) -> None:
    """Someone who leaves quickly must not leave their words on the screen; more than a batch goes as well."""
    refs = [str(person.server.history[await person.says(f"{n}")]["message"]["message_id"]) for n in range(150)]
    sent = await channel.send(message(person))
    assert await channel.clear(str(person.id), (*refs, *sent.refs, "not a number")) == 151
    assert person.screen == []


async def test_clearing_counts_what_could_not_go(channel: TelegramChannel, person: Person) -> None:
    """We must not tell someone in danger that the screen is clear when it is not."""
    old = await channel.send(message(person))
    new = await channel.send(message(person))
    person.messages[int(old.refs[0])].date -= 49 * 3600
    assert await channel.clear(str(person.id), old.refs + new.refs) == 1
    assert [str(m.message_id) for m in person.screen] == list(old.refs)


async def test_typing_is_shown_and_never_raises(
    channel: TelegramChannel, person: Person, server: BotApiServer
) -> None:
    """A courtesy must not cost a turn."""
    await channel.show_typing(str(person.id))
    server.fail_next("sendChatAction", 500)
    await channel.show_typing(str(person.id))
    await channel.show_typing("not a chat")
    assert len(server.said("sendChatAction")) == 3


async def test_group_is_told_once_and_left(channel: TelegramChannel, server: BotApiServer) -> None:
    """A group chat is no place for what people tell us."""
    group = server.group()
    server.fail_next("leaveChat", 500)
    await channel.refuse(Refusal(group.id))
    await channel.refuse(Refusal(group.id))
    assert [m.text for m in group.from_bot] == [WORDS.group_refusal]
    assert not group.bot_is_in


async def test_set_up_for_polling_keeps_what_waits(
    bot: telegram.Bot, server: BotApiServer, person: Person
) -> None:
    """What people wrote while we were down is the first thing to answer."""
    await person.says("hello")
    await set_up(bot, mode="polling", words=WORDS)
    assert len(server.pending) == 1
    assert server.settings["commands"][0] == {"command": "help", "description": "Get help"}
    assert server.settings["description"] == WORDS.description
    assert server.settings["short_description"] == WORDS.short_description


async def test_set_up_for_a_webhook_names_the_url_and_secret(bot: telegram.Bot, server: BotApiServer) -> None:
    """Without the secret anyone could speak as Telegram."""
    await set_up(bot, mode="webhook", words=WORDS, url="https://example.org/telegram/webhook", secret="s3cret")
    assert (server.webhook.url, server.webhook.secret) == ("https://example.org/telegram/webhook", "s3cret")


async def test_menu_that_fails_does_not_stop_the_start(bot: telegram.Bot, server: BotApiServer) -> None:
    """A menu is a courtesy; where updates go is not."""
    server.fail_next("setMyCommands", 500)
    await set_up(bot, mode="polling", words=WORDS)
    server.fail_next("deleteWebhook", 500)
    with pytest.raises(ChannelDown):
        await set_up(bot, mode="polling", words=WORDS)
