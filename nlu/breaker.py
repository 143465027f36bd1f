"""Stops calling what keeps failing, and tries it again with one call after a pause."""

from __future__ import annotations

from dataclasses import dataclass

FAILURES_IN_A_ROW = 5
PAUSE_SECONDS = 5.0
LONGEST_PAUSE_SECONDS = 60.0


@dataclass(slots=True)
class Breaker:
    """Closed until `most` calls in a row have failed; then open for a pause, which doubles while tries fail.

    Times are seconds of any clock that only goes forward. A call that is let through is ended by exactly one of
    `succeeded`, `failed` and `given_up`.
    """

    most: int = FAILURES_IN_A_ROW
    pause: float = PAUSE_SECONDS
    longest: float = LONGEST_PAUSE_SECONDS
    _in_a_row: int = 0
    _opened: int = 0
    _shut_until: float = 0.0
    _is_trying: bool = False

    @property
    def is_open(self) -> bool:
        return self._opened > 0

    def lets_through(self, now: float) -> bool:
        """Say whether to call; while open, one call at a time and only after the pause."""
        if not self.is_open:
            return True
        if self._is_trying or now < self._shut_until:
            return False
        self._is_trying = True
        return True

    def succeeded(self) -> None:
        self._in_a_row = self._opened = 0
        self._is_trying = False

    def failed(self, now: float) -> None:
        self._in_a_row += 1
        was_trying, self._is_trying = self._is_trying, False
        if was_trying or (not self.is_open and self._in_a_row >= self.most):
            self._opened += 1
            self._shut_until = now + min(self.pause * 2 ** (self._opened - 1), self.longest)

    def given_up(self) -> None:
        """The call ended for a reason that says nothing of the other side."""
        self._is_trying = False
