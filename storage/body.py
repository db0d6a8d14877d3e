"""What a row of the outbox says, as JSON: `{text, choices: [[key, label]], media: [kind, path, alt] | null}`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.core.messages import Choice, Media, MediaKind

Content = tuple[str, tuple[Choice, ...], Media | None]


def pack(text: str, choices: Sequence[Choice], media: Media | None) -> dict[str, Any]:
    shown = (media.kind, media.path, media.alt) if media else None
    return {"text": text, "choices": pairs(choices), "media": shown}


def unpack(body: dict[str, Any]) -> Content:
    media = body["media"]
    return body["text"], choices(body["choices"]), Media(MediaKind(media[0]), media[1], media[2]) if media else None


def pairs(choices: Sequence[Choice]) -> list[tuple[str, str]]:
    return [(choice.key, choice.label) for choice in choices]


def choices(pairs: Sequence[Sequence[str]]) -> tuple[Choice, ...]:
    return tuple([Choice(key, label) for key, label in pairs])
