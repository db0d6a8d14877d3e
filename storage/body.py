"""What a row of the outbox says, as JSON: `{text, choices: [[key, label]], media: [kind, path, alt] | null}`.

With a document also `paper: [recipe, name, asked by, otherwise]`.
The first part of an unprompted message also holds all of it, `whole`, so that it can go to another chat.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.core.messages import Choice, Media, MediaKind, Paper, Reply

Content = tuple[str, tuple[Choice, ...], Media | None, Paper | None]


def pack(
    text: str,
    choices: Sequence[Choice],
    media: Media | None,
    paper: Paper | None = None,
    whole: Reply | None = None,
) -> dict[str, Any]:
    packed: dict[str, Any] = {"text": text, "choices": pairs(choices), "media": _shown(media), **_papers(paper)}
    if whole:
        said = {"text": whole.text, "choices": pairs(whole.choices), "twice_ok": whole.twice_ok}
        media_ = {"picture": _shown(whole.picture), "voice": _shown(whole.voice)}
        packed["whole"] = {**said, **media_, **_papers(whole.paper)}
    return packed


def unpack(body: dict[str, Any]) -> Content:
    return body["text"], choices(body["choices"]), _media(body["media"]), _paper(body)


def whole(body: dict[str, Any]) -> Reply | None:
    """All of the message that this row is the first part of."""
    said = body.get("whole")
    if said is None:
        return None
    picture, voice = _media(said["picture"]), _media(said["voice"])
    return Reply(said["text"], choices(said["choices"]), picture, voice, _paper(said), twice_ok=said["twice_ok"])


def _shown(media: Media | None) -> tuple[str, str, str] | None:
    return (media.kind, media.path, media.alt) if media else None


def _media(shown: Sequence[str] | None) -> Media | None:
    return Media(MediaKind(shown[0]), shown[1], shown[2]) if shown else None


def _papers(paper: Paper | None) -> dict[str, Any]:
    return {"paper": (paper.recipe, paper.name, paper.asked_by, paper.otherwise)} if paper else {}


def _paper(body: dict[str, Any]) -> Paper | None:
    return Paper(*body["paper"]) if "paper" in body else None


def pairs(choices: Sequence[Choice]) -> list[tuple[str, str]]:
    return [(choice.key, choice.label) for choice in choices]


def choices(pairs: Sequence[Sequence[str]]) -> tuple[Choice, ...]:
    return tuple([Choice(key, label) for key, label in pairs])
