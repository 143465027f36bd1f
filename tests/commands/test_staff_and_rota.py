"""Who may sign in and who is on duty, by command."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from bot.clock import SystemClock
from bot.commands.opened import open_database
from bot.desk.passwords import check_password
from storage.unit_of_work import UnitOfWork
from tests.commands.conftest import Run
from tests.storage.builders import begin

T = TypeVar("T")
ROOT = Path(__file__).parents[2]
ALEX = "alex@exampleshire.example"
HEAD = "email,role,starts,ends,kind\n"


def in_database(work: Callable[[UnitOfWork], T]) -> T:
    with open_database() as database:
        return database.run_now(work)


def add(run: Run, name: str = "Alex Morgan", email: str = ALEX, role: str = "duty_worker", *more: str) -> str:
    result = run("staff", "add", "--name", name, "--email", email, "--role", role, *more)
    assert result.exit_code == 0, result.output
    return str(result.output)


def failed(run: Run, *words: str) -> str:
    """Return why a command failed, in the line an operator sees."""
    result = run(*words)
    assert result.exit_code == 1
    return f"{result.output}{result.exception}"


def day(ahead: int) -> str:
    now: datetime = SystemClock().now() + timedelta(days=ahead)
    return f"{now:%Y-%m-%d}"


def test_a_worker_added_gets_a_password_that_works_once(run: Run) -> None:
    """From a script there is no terminal to ask at."""
    output = add(run, "Alex Morgan", ALEX, "duty_worker", "--telegram", "960001")
    match = re.search(r"one-time password  (\S+)", output)
    assert match
    kept = in_database(lambda uow: uow.duty_workers.by_email(ALEX.upper()))
    assert kept is not None
    assert (kept.name, kept.role, kept.telegram) == ("Alex Morgan", "duty_worker", "960001")
    checked = check_password(kept.password_hash, match[1])
    assert (checked.is_right, checked.is_one_time) == (True, True)
    assert ALEX in run("staff", "list").output
    assert match[1] not in run("staff", "list").output
    assert run("audit", "verify").exit_code == 0


def test_at_a_terminal_the_password_is_asked_for(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who sits there chooses their own, twice the same and long enough, and it is not shown."""
    monkeypatch.setattr("bot.commands.staff._is_at_a_terminal", lambda: True)
    typed = "short\nshort\nfour grey pigeons\nfour grey pigeons\n"
    result = run("staff", "add", "--name", "Alex", "--email", ALEX, "--role", "manager", typed=typed)
    assert result.exit_code == 0, result.output
    assert "at least 12 characters" in result.output
    assert "pigeons" not in result.output
    kept = in_database(lambda uow: uow.duty_workers.by_email(ALEX))
    assert kept is not None
    checked = check_password(kept.password_hash, "four grey pigeons")
    assert (checked.is_right, checked.is_one_time) == (True, False)


def test_what_cannot_be_added_is_one_clear_line_and_adds_nobody(run: Run) -> None:
    """Two people with one address could sign in as each other."""
    add(run)
    again = ("staff", "add", "--name", "Alex", "--email", ALEX.upper(), "--role", "manager")
    assert "already" in failed(run, *again)
    wrong_email = ("staff", "add", "--name", "Alex", "--email", "alex", "--role", "manager")
    assert "not an e-mail address" in failed(run, *wrong_email)
    wrong_chat = ("staff", "add", "--name", "A", "--email", "a@b.example", "--role", "manager", "--telegram", "x")
    assert "a number" in failed(run, *wrong_chat)
    assert "--name" in failed(run, "staff", "add", "--name", " ", "--email", "a@b.example", "--role", "manager")
    assert run("staff", "add", "--name", "A", "--email", "a@b.example", "--role", "wizard").exit_code == 2
    assert len(in_database(lambda uow: uow.duty_workers.list_all())) == 1


def test_disabling_says_what_they_still_hold_and_who_is_missing(run: Run, tmp_path: Path) -> None:
    """A worker who leaves takes shifts with them that somebody has to fill."""
    add(run)
    rota = tmp_path / "rota.csv"
    rota.write_text(f"{HEAD}{ALEX},duty_worker,{day(2)} 08:30,{day(2)} 17:00,on\n", encoding="utf-8")
    assert run("rota", "import", str(rota)).exit_code == 0
    result = run("staff", "disable", ALEX)
    assert result.exit_code == 0
    assert "disabled Alex Morgan" in result.output
    assert "1 shift on the rota, the first from 08:30" in result.output
    assert "nobody else is duty_worker" in result.output
    assert "disabled" in run("staff", "list").output
    assert "disabled before" in failed(run, "staff", "disable", ALEX)
    assert "nobody has that e-mail address" in failed(run, "staff", "disable", "sam@exampleshire.example")
    acts = [entry.act for entry in in_database(lambda uow: uow.audit.of("system"))]
    assert acts == ["staff.added", "rota.imported", "staff.disabled"]


def test_disabling_names_the_enquiries_they_hold(run: Run) -> None:
    """By reference, so that a manager can look at each; another worker's are not among them."""
    add(run)
    add(run, "Sam", "sam@exampleshire.example")

    def hold(uow: UnitOfWork, email: str) -> str:
        worker = uow.duty_workers.by_email(email)
        conversation = begin(uow, address=email)
        assert worker is not None
        uow.enquiries.set_worker(conversation.enquiry_id, worker.id)
        return uow.enquiries.get(conversation.enquiry_id).reference

    theirs = in_database(lambda uow: hold(uow, ALEX))
    other = in_database(lambda uow: hold(uow, "sam@exampleshire.example"))
    output = run("staff", "disable", ALEX).output
    assert f"still theirs: enquiry {theirs}" in output
    assert other not in output


def test_a_lost_password_is_set_anew(run: Run) -> None:
    """The old one no longer opens anything."""
    old = re.search(r"password  (\S+)", add(run))
    new = re.search(r"password  (\S+)", run("staff", "password", ALEX).output)
    assert old
    assert new
    kept = in_database(lambda uow: uow.duty_workers.by_email(ALEX))
    assert kept is not None
    assert not check_password(kept.password_hash, old[1]).is_right
    assert check_password(kept.password_hash, new[1]).is_right


def test_a_rota_is_imported_shown_and_imported_again(run: Run, tmp_path: Path) -> None:
    """The second time nothing changes; a line taken out is a shift taken out."""
    add(run)
    rota = tmp_path / "week 1.csv"
    rows = [f"{ALEX},duty_worker,2026-03-0{n} 08:30,2026-03-0{n} 17:00,on\n" for n in (2, 3, 4)]
    rota.write_text(HEAD + "".join(rows), encoding="utf-8")
    assert "3 added, 0 taken out, 0 as before" in run("rota", "import", str(rota)).output
    assert "0 added, 0 taken out, 3 as before" in run("rota", "import", str(rota)).output
    shown = run("rota", "show", "--from", "2026-03-02", "--days", "2").output
    assert shown.count("Alex Morgan") == 2
    assert "manager: nobody from 08:30 to 17:00" in shown
    assert "duty worker: nobody" not in shown
    assert max(len(line) for line in shown.splitlines()) <= 80
    rota.write_text(HEAD + rows[0] + rows[2], encoding="utf-8")
    assert "0 added, 1 taken out, 2 as before" in run("rota", "import", str(rota)).output
    assert "duty worker: nobody from 08:30 to 17:00" in run("rota", "show", "--from", "2026-03-03").output


def test_nothing_of_a_wrong_rota_is_taken_in(run: Run, tmp_path: Path) -> None:
    """Half a rota looks like a whole one until the night nobody is on."""
    add(run)
    rota = tmp_path / "rota.csv"
    good = f"{ALEX},duty_worker,2026-03-02 08:30,2026-03-02 17:00,on\n"
    rota.write_text(f"{HEAD}{good}stranger@b.example,duty_worker,2026-03-02 08:30,2026-03-02 17:00,on\n,,,,on\n")
    said = failed(run, "rota", "import", str(rota))
    assert "line 3: nobody has this e-mail address" in said
    assert "line 4: there is no e-mail address" in said
    assert "2 mistakes to mend; nothing was taken in" in said
    assert "@" not in said
    since, until = datetime.fromisoformat("2026-01-01T00:00Z"), datetime.fromisoformat("2027-01-01T00:00Z")
    assert in_database(lambda uow: uow.shifts.between(since, until)) == []
    rota.write_text(HEAD + good)
    assert "nothing was taken in" in run("rota", "import", str(rota), "--dry-run").output
    assert in_database(lambda uow: uow.shifts.between(since, until)) == []


def test_a_calendar_is_imported(run: Run, tmp_path: Path) -> None:
    """Exported from the calendar the team has."""
    add(run)
    start = f"{SystemClock().now() + timedelta(days=1):%Y%m%d}"
    calendar = tmp_path / "rota.ics"
    calendar.write_text(
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Rota//EN\nBEGIN:VEVENT\nUID:1\nSUMMARY:Duty worker\n"
        f"DTSTART;TZID=Europe/London:{start}T083000\nDTEND;TZID=Europe/London:{start}T170000\n"
        f"RRULE:FREQ=DAILY;COUNT=5\nATTENDEE:mailto:{ALEX}\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    assert "5 added" in run("rota", "import", str(calendar)).output
    assert "5 as before" in run("rota", "import", str(calendar)).output
    assert "a .csv or an .ics file" in failed(run, "rota", "import", str(_copied(calendar, "rota.txt")))


def test_the_first_start_says_how_to_sign_in_even_where_the_port_is_taken(tmp_path: Path) -> None:
    """The passwords are shown once: a start that fails after making them must have said them."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        command = [sys.executable, "-m", "bot", "serve", "--port", str(taken.getsockname()[1])]
        settings = {"PATH": "", "PYTHONPATH": str(ROOT), "FRONTDOOR_DATABASE_URL": f"sqlite:///{tmp_path}/a.db"}
        started = [
            subprocess.run(command, cwd=tmp_path, env=settings, capture_output=True, text=True, check=False)
            for _ in range(2)
        ]
    assert all(each.returncode != 0 for each in started)
    said = re.findall(r"^Sign in as .*: (\S+)  password \S+$", started[0].stdout, flags=re.M)
    assert said == ["alex.morgan@exampleshire.example", "sam.okafor@exampleshire.example"]
    assert "Sign in as" not in started[1].stdout


def test_a_day_that_is_none_is_one_clear_line(run: Run) -> None:
    """`--from tomorrow` is an easy thing to try."""
    assert "write the day as 2026-03-02" in failed(run, "rota", "show", "--from", "tomorrow")


def test_doctor_says_who_is_missing_and_where_the_rota_has_gaps(run: Run, tmp_path: Path) -> None:
    """Before a week begins, and not in the middle of a night."""
    run("db", "upgrade")
    nobody = run("doctor").output
    assert "no duty worker: add one" in nobody
    assert "no manager, so nothing can be decided" in nobody
    assert "rota: " in nobody
    add(run)
    add(run, "Lee", "lee@exampleshire.example", "manager")
    rota = tmp_path / "rota.csv"
    span = f"{day(-1)} 00:00,{day(15)} 00:00,on"
    roles = [(ALEX, "duty_worker"), (ALEX, "out_of_hours"), ("lee@exampleshire.example", "manager")]
    rota.write_text(HEAD + "".join(f"{email},{role},{span}\n" for email, role in roles))
    assert run("rota", "import", str(rota)).exit_code == 0
    whole = run("doctor").output
    assert "duty worker" not in whole
    assert "no manager" not in whole
    assert "rota: " not in whole
    rota.write_text(HEAD + "".join(f"{email},{role},{span}\n" for email, role in roles[:1] + roles[2:]))
    assert run("rota", "import", str(rota)).exit_code == 0
    assert "rota: out of hours: nobody from" in run("doctor").output


def _copied(path: Path, name: str) -> Path:
    target = path.with_name(name)
    target.write_bytes(path.read_bytes())
    return target


def test_a_phone_is_kept_as_it_is_dialled_from_anywhere(run: Run) -> None:
    """Text messages go through a service that knows no local numbers."""
    add(run, "Alex Morgan", ALEX, "duty_worker", "--phone", "07700 900123")
    kept = in_database(lambda uow: uow.duty_workers.by_email(ALEX))
    assert kept is not None
    assert kept.phone == "+447700900123"
    assert "no Telegram, phone" in run("staff", "list").output
    assert run("staff", "phone", ALEX).exit_code == 0
    assert "no Telegram, no phone" in run("staff", "list").output
    assert run("staff", "phone", ALEX, "07700 900124").exit_code == 0
    changed = in_database(lambda uow: uow.duty_workers.by_email(ALEX))
    assert changed is not None
    assert changed.phone == "+447700900124"


@pytest.mark.parametrize("wrong", ["12", "not a number", "07700 900"])
def test_what_is_no_phone_is_refused_before_anybody_is_added(run: Run, wrong: str) -> None:
    """A number with a figure missing is found out in the night it is needed."""
    words = ("staff", "add", "--name", "Alex", "--email", ALEX, "--role", "manager", "--phone", wrong)
    assert "not a phone number" in failed(run, *words)
    run("db", "upgrade")
    assert in_database(lambda uow: uow.duty_workers.list_all()) == []


def test_the_doctor_says_whether_text_messages_and_e_mail_reach_who_is_on_a_ladder(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Settings that are half made look whole until the first alert."""
    add(run, "Alex Morgan", ALEX, "duty_worker")
    add(run, "Jo Penhale", "jo@exampleshire.example", "auditor")
    assert "Notify: off" in run("doctor").output
    monkeypatch.setenv("FRONTDOOR_NOTIFY_API_KEY", "made-up-key")
    monkeypatch.setenv("FRONTDOOR_NOTIFY_SMS_TEMPLATE", "made-up-template")
    said = run("doctor").output
    assert "Notify: on, sends text messages, at https://" in said
    assert "no e-mail: FRONTDOOR_NOTIFY_EMAIL_TEMPLATE is not set" in said
    assert "Alex Morgan (duty_worker) has no phone" in said
    assert "Jo Penhale" not in said
    assert "made-up-key" not in said
    run("staff", "phone", ALEX, "07700 900123")
    assert "has no phone" not in run("doctor").output
