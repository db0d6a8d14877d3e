"""What a row of the outbox says, as JSON: `{text, choices: [[key, label]], media: [kind, path, alt] | null}`.

With a document also `paper: [recipe, name, asked by, otherwise]`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.core.messages import Choice, Media, MediaKind, Paper

Content = tuple[str, tuple[Choice, ...], Media | None, Paper | None]


def pack(text: str, choices: Sequence[Choice], media: Media | None, paper: Paper | None = None) -> dict[str, Any]:
    shown = (media.kind, media.path, media.alt) if media else None
    body: dict[str, Any] = {"text": text, "choices": pairs(choices), "media": shown}
    if paper:
        body["paper"] = (paper.recipe, paper.name, paper.asked_by, paper.otherwise)
    return body


def unpack(body: dict[str, Any]) -> Content:
    media, paper = body["media"], body.get("paper")
    shown = Media(MediaKind(media[0]), media[1], media[2]) if media else None
    return body["text"], choices(body["choices"]), shown, Paper(*paper) if paper else None


def pairs(choices: Sequence[Choice]) -> list[tuple[str, str]]:
    return [(choice.key, choice.label) for choice in choices]


def choices(pairs: Sequence[Sequence[str]]) -> tuple[Choice, ...]:
    return tuple([Choice(key, label) for key, label in pairs])
