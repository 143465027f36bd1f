"""The least a python-telegram-bot bot can do, to measure ours against: it sends words back and keeps nothing.

    python -m bench.echo_bot TOKEN API_ROOT [--webhook PORT] [--keyboard]

With `--keyboard` each answer has one button, and a press is acknowledged and answered, as ours does with taps.
The webhook is the custom one of PTB's own examples (Starlette on uvicorn): its built-in one needs tornado, which
we do not install. https://docs.python-telegram-bot.org/en/stable/examples.customwebhookbot.html
"""

from __future__ import annotations

import argparse
import asyncio
import logging
from http import HTTPStatus
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, CallbackQueryHandler, ContextTypes, MessageHandler, filters

Echo = Application[Any, Any, Any, Any, Any, Any]
BUTTON = InlineKeyboardMarkup([[InlineKeyboardButton("Go on", callback_data="go")]])


def build(token: str, root: str, *, keyboard: bool, polls: bool) -> Echo:
    async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        assert update.message.text is not None
        await update.message.reply_text(update.message.text, reply_markup=BUTTON if keyboard else None)

    async def pressed(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.callback_query is not None
        assert update.effective_chat is not None
        await update.callback_query.answer()
        await context.bot.send_message(update.effective_chat.id, "You pressed", reply_markup=BUTTON)

    builder = Application.builder().token(token).base_url(f"{root}/bot")
    application: Echo = builder.build() if polls else builder.updater(None).build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.add_handler(CallbackQueryHandler(pressed))
    return application


async def serve_webhook(application: Echo, port: int) -> None:
    async def telegram(request: Request) -> Response:
        await application.update_queue.put(Update.de_json(data=await request.json(), bot=application.bot))
        return Response()

    async def ready(request: Request) -> Response:
        return Response(status_code=HTTPStatus.OK)

    routes = [Route("/telegram", telegram, methods=["POST"]), Route("/readyz", ready)]
    config = uvicorn.Config(Starlette(routes=routes), port=port, host="127.0.0.1", access_log=False)
    async with application:
        await application.bot.set_webhook(f"http://127.0.0.1:{port}/telegram", allowed_updates=Update.ALL_TYPES)
        await application.start()
        await uvicorn.Server(config).serve()
        await application.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("token")
    parser.add_argument("root")
    parser.add_argument("--webhook", type=int, metavar="PORT")
    parser.add_argument("--keyboard", action="store_true")
    given = parser.parse_args()
    logging.basicConfig(level=logging.WARNING)
    application = build(given.token, given.root, keyboard=given.keyboard, polls=given.webhook is None)
    if given.webhook is None:
        application.run_polling(allowed_updates=Update.ALL_TYPES)
    else:
        asyncio.run(serve_webhook(application, given.webhook))


if __name__ == "__main__":
    main()
