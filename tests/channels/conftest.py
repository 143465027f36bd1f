"""Fixtures of the Telegram tests, for all the tests beside this file."""

from tests.channels.telegram_fixtures import bot, channel, person, server

__all__ = ["bot", "channel", "person", "server"]
