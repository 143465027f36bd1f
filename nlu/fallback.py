"""Two understanders in a row: the second answers whenever the first cannot."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable

from nlu.base import NluUnavailable, Understander, Understanding

log = logging.getLogger(__name__)


class FallbackUnderstander:
    """Asks `first`; where it raises `NluUnavailable`, asks `second`. A change between them is logged once.

    `count` hears the name of whichever answered.
    """

    def __init__(
        self, first: Understander, second: Understander, *, count: Callable[[str], None] | None = None
    ) -> None:
        self.name = first.name
        self.answered: Counter[str] = Counter()
        self._first = first
        self._second = second
        self._count = count
        self._fell_back = False

    @property
    def answering(self) -> str:
        """The name of the one that answered last, or would answer first."""
        return (self._second if self._fell_back else self._first).name

    async def understand(self, text: str, *, language: str = "en", audience: str | None = None) -> Understanding:
        try:
            found = await self._first.understand(text, language=language, audience=audience)
        except NluUnavailable as error:
            found = await self._second.understand(text, language=language, audience=audience)
            self._note(fell_back=True, why=str(error))
        else:
            self._note(fell_back=False)
        return found

    def _note(self, *, fell_back: bool, why: str = "") -> None:
        if fell_back and not self._fell_back:
            log.warning(
                "understanding.fell_back", extra={"engine": self._first.name, "to": self._second.name, "why": why}
            )
        elif self._fell_back and not fell_back:
            log.info("understanding.came_back", extra={"engine": self._first.name})
        self._fell_back = fell_back
        self.answered[self.answering] += 1
        if self._count is not None:
            self._count(self.answering)
