"""Where Zalo fetches pictures and voices: it takes nothing but addresses that it can reach by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

from bot.core.messages import Media, MediaKind

FindMedia = Callable[[str], str | None]
"""A path inside the guides folder -> the path under the public address where it is served, or None."""

_PICTURES = (".png", ".jpg", ".jpeg")
_VOICE = ".aac"


@dataclass(frozen=True, slots=True)
class Gallery:
    """`public_url` is the machine's address as the world sees it; empty: nobody can fetch anything."""

    public_url: str
    find: FindMedia | None

    @property
    def is_open(self) -> bool:
        return bool(self.public_url) and self.find is not None

    def address(self, media: Media) -> str | None:
        """None where Zalo could not show it. Of a voice in another format, the recording beside it is meant."""
        path = PurePosixPath(media.path)
        if media.kind is MediaKind.VOICE:
            path = path.with_suffix(_VOICE)
        elif path.suffix.lower() not in _PICTURES:
            return None
        found = self.find(str(path)) if self.find and self.is_open else None
        if not found:
            return None
        address = self.public_url.rstrip("/") + found
        # Zalo looks at the last letters of a voice's address, and ours may end in its version.
        fits = media.kind is MediaKind.PICTURE or address.endswith(_VOICE)
        return address if fits else f"{address}&as={_VOICE}"
