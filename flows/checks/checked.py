"""What the checks look at together: the flows, what they may name, what was seen on every way through them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flows.catalog import Catalog
from flows.exploring.sightings import Sightings
from flows.model import FlowFile
from flows.plain_words import Labels
from flows.wording import Wording


@dataclass(frozen=True, slots=True)
class Checked:
    """What the checks look at together."""

    files: Mapping[str, FlowFile]
    catalog: Catalog
    wording: Wording
    seen: Sightings
    filled: frozenset[str]
    names: frozenset[str]
    labels: Labels
