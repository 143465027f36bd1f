"""Says what was measured on: the machine, how busy it was, what its disk makes of a durable commit."""

from __future__ import annotations

import os
import platform
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import psutil

HOME = Path(__file__).resolve().parent.parent


def line() -> str:
    busy = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{datetime.now(UTC):%d %B %Y %H:%M} UTC; {os.cpu_count()} cores ({_processor()}), {memory:.0f} GB; "
        f"Python {platform.python_version()}; {platform.system()} {platform.release()}; load {busy}"
    )


def _processor() -> str:
    try:
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.machine()
    names = [row.partition(":")[2].strip() for row in told.splitlines() if row.startswith("model name")]
    return names[0] if names else platform.machine()


@contextmanager
def on_disk() -> Iterator[Path]:
    """A folder of our own on a real disk: a commit to memory would cost nothing."""
    home = Path(tempfile.gettempdir())
    if kind_of_disk(home) in ("tmpfs", "ramfs"):
        home = HOME
    with tempfile.TemporaryDirectory(prefix="frontdoor-bench-", dir=home, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def kind_of_disk(path: Path) -> str:
    """Return the kind of file system that holds `path`."""
    mounts = [p for p in psutil.disk_partitions(all=True) if path.resolve().is_relative_to(p.mountpoint)]
    return max(mounts, key=lambda p: len(p.mountpoint)).fstype if mounts else "unknown"


def disk_line(folder: Path) -> str:
    """Say what waiting for the disk once takes here: every durable commit does it."""
    path = folder / "flush"
    waits = []
    with path.open("wb", buffering=0) as file:
        for _ in range(100):
            file.write(b"x" * 4096)
            began = time.perf_counter()
            os.fsync(file.fileno())
            waits.append(time.perf_counter() - began)
    path.unlink()
    return f"disk {kind_of_disk(folder)}, {median(waits) * 1e3:.2f} ms to flush 4 kB"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a small table: the first column to the left, figures to the right."""
    widths = [max(len(row[n]) for row in (heads, *rows)) for n in range(len(heads))]

    def drawn(row: Sequence[str]) -> str:
        first, *others = row
        return "  ".join(
            [first.ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(others, widths[1:], strict=True))]
        ).rstrip()

    return "\n".join("  " + drawn(row) for row in (heads, ["-" * w for w in widths], *rows))
