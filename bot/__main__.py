"""The commands: `frontdoor`, also `python -m bot`."""

from __future__ import annotations

import sys

import typer
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.base import SendError
from bot.commands import data, flows, follow_ups, nlu, play, rasa, retention, rota, serve, staff
from bot.settings import BadSettings
from flows.loader import BadDefinition
from storage.sealed import CannotOpen

app = typer.Typer(
    name="frontdoor",
    help="A conversational front door for children's services.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # a traceback with values could show a person's words
    add_completion=False,
)
app.command("serve")(serve.serve)
app.command("worker")(serve.worker)
app.command("play")(play.play)
app.command("screen")(data.screen)
app.command("export")(data.export)
app.command("doctor")(data.doctor)
app.add_typer(flows.app, name="flows")
app.add_typer(follow_ups.app, name="follow-ups")
app.add_typer(nlu.app, name="nlu")
app.add_typer(rasa.app, name="rasa")
app.add_typer(staff.app, name="staff")
app.add_typer(rota.app, name="rota")
app.add_typer(data.database_app, name="db")
app.add_typer(data.audit_app, name="audit")
app.add_typer(data.keys_app, name="keys")
app.add_typer(retention.app, name="retention")


def main() -> None:
    """Run a command; end with one clear line where it fails."""
    try:
        app()
    except (BadSettings, BadDefinition) as error:
        _fail(str(error))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        _fail(f"FRONTDOOR_{name}: {first['msg']}")
    except OSError as error:
        _fail(f"{error.filename or 'a file or an address'}: {error.strerror or type(error).__name__}")
    except UnicodeError:
        _fail("a file is not UTF-8 text")
    except CannotOpen:
        _fail("what is stored does not open with FRONTDOOR_ENCRYPTION_KEYS: were the keys changed?")
    except SendError as error:
        _fail(f"a channel did not answer: {error}. Check its settings and the network.")
    except SQLAlchemyError as error:
        _fail(f"the database: {type(error).__name__}. Check FRONTDOOR_DATABASE_URL, then `frontdoor db check`.")


def _fail(line: str) -> None:
    print(f"frontdoor: {line}", file=sys.stderr)
    raise SystemExit(1)


if __name__ == "__main__":
    main()
