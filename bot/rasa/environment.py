"""Makes Rasa's own environment: Python 3.10 and its pinned packages, in a cache folder outside the tree."""

from __future__ import annotations

import fcntl
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bot.settings import BadSettings, Settings

REQUIREMENTS = Path(__file__).resolve().parents[2] / "requirements-rasa.txt"

BUILT_WITH = ("setuptools", "wheel")
"""What builds the packages that come as source only: pinned and in place before them, so that none is fetched."""

_PROBE = "import ensurepip, sys, venv; sys.exit(sys.version_info[:2] != (3, 10))"

Say = Callable[[str], None]


def cache_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return where what can be made again is kept, from one run and one checkout to the next."""
    return Path(environment.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "frontdoor"


def environment_folder() -> Path:
    """Return where the environment for these very requirements is, made or not."""
    if not REQUIREMENTS.exists():
        raise BadSettings(f"{REQUIREMENTS.name} is not there: Rasa is installed from a checkout of Front Door")
    made_of = f"{REQUIREMENTS.read_text(encoding='utf-8')}{sys.platform}{platform.machine()}"
    return cache_folder() / f"rasa-{hashlib.sha256(made_of.encode()).hexdigest()[:12]}"


def installed_python() -> Path:
    """Return the Python that has Rasa. Raises `BadSettings` where it is not installed."""
    python = environment_folder() / "bin" / "python"
    if not python.exists():
        raise BadSettings("Rasa is not installed: run `make rasa` (once; some minutes, 2.7 GB)")
    return python


def install(settings: Settings, say: Say = print) -> Path:
    """Make the environment unless it is there; return its Python. Half of one is never taken for a whole one."""
    folder = environment_folder()
    with one_at_a_time(folder):
        if not folder.exists():
            base = find_python(settings.rasa_python)
            say(f"Making Rasa's environment in {folder} (once; some minutes, 2.7 GB)")
            _make(base, folder)
    return installed_python()


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Hold the making of `folder` among all processes, and clear away what a killed one left of it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for left in folder.parent.glob(f"{folder.name}.making-*"):
            shutil.rmtree(left, ignore_errors=True)
        yield


def being_made(folder: Path) -> Path:
    """Return a new folder beside `folder`, to be renamed to it once all is well."""
    return Path(tempfile.mkdtemp(prefix=f"{folder.name}.making-", dir=folder.parent))


def find_python(chosen: str = "", environment: Mapping[str, str] = os.environ) -> Path:
    """Return a Python 3.10 that runs and can make environments. Raises `BadSettings` where there is none."""
    if chosen:
        if _will_do(Path(chosen)):
            return Path(chosen)
        raise BadSettings(
            f"FRONTDOOR_RASA_PYTHON: {chosen} is not a Python 3.10 that can make environments (venv, ensurepip)"
        )
    for candidate in _candidates(environment):
        if _will_do(candidate):
            return candidate
    raise BadSettings(
        "Rasa 3.6 needs Python 3.10, and none was found. Install it (with its venv module), "
        "or say where it is: FRONTDOOR_RASA_PYTHON=/path/to/python3.10"
    )


def _candidates(environment: Mapping[str, str]) -> Iterator[Path]:
    found = shutil.which("python3.10", path=environment.get("PATH"))
    if found:  # may be a stand-in that only says which version to choose, so it is tried before it is taken
        yield Path(found)
    root = Path(environment.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from sorted((root / "versions").glob("3.10*/bin/python3.10"), reverse=True)
    uv = shutil.which("uv", path=environment.get("PATH"))
    if uv:
        answer = subprocess.run([uv, "python", "find", "3.10"], capture_output=True, text=True)  # noqa: S603
        if answer.returncode == 0:
            yield Path(answer.stdout.strip())


def _will_do(python: Path) -> bool:
    try:
        tried = subprocess.run([python, "-I", "-c", _PROBE], capture_output=True, timeout=60)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return False
    return tried.returncode == 0


def _make(base: Path, folder: Path) -> None:
    # Scripts in an environment name its folder, and nothing here calls them: `python -m` works after the move.
    making = being_made(folder)
    try:
        _run([base, "-I", "-m", "venv", making], "making an environment")
        pip: list[Path | str] = [making / "bin" / "python", "-I", "-m", "pip"]
        pip += ["--disable-pip-version-check", "--quiet", "install", "--require-hashes"]
        builders = making / "builders.txt"
        builders.write_text("".join(_pins(*BUILT_WITH)), encoding="utf-8")
        _run([*pip, "-r", builders], "installing what builds packages")
        _run([*pip, "--no-build-isolation", "--use-pep517", "-r", REQUIREMENTS], "installing Rasa")
        _run([making / "bin" / "python", "-I", "-c", "import rasa.model_training"], "trying Rasa")
        making.rename(folder)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _pins(*names: str) -> Iterator[str]:
    """Yield the lines of the requirements that pin these packages, with their hashes."""
    wanted = False
    for line in REQUIREMENTS.read_text(encoding="utf-8").splitlines(keepends=True):
        if not line.startswith((" ", "#")):
            wanted = line.split("==", 1)[0] in names
        if wanted:
            yield line


def _run(command: list[Path | str], doing: str) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, env=_without_secrets())  # noqa: S603
    except OSError as error:
        raise BadSettings(f"{doing} failed: {error.strerror}") from None
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise BadSettings(f"{doing} failed: {said[-1] if said else f'it ended with {done.returncode}'}")


def _without_secrets() -> dict[str, str]:
    """Return what an installer may need (a proxy, an index), and nothing of the front door's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FRONTDOOR_")}
    return kept | {"RASA_TELEMETRY_ENABLED": "false"}
