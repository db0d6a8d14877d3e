"""What was understood of a text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Meaning:
    """What was understood. Not `sure`: the bot asks, offering `intent` and `second`.

    `choice` is the 1-based place of an offered choice; where two fit alike, `second` is `choice:<place>`.
    `entities` is what the text names: a field, a ticket, people.
    """

    intent: str
    score: float
    sure: bool
    second: str | None = None
    choice: int | None = None
    entities: Mapping[str, Any] = field(default_factory=dict)


UNCLEAR: Final = Meaning("unclear", 0.0, False)
