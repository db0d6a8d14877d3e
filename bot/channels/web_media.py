"""Pictures and voices of the guides: only those kinds of files, only from inside the guides folder."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from aiohttp import web

_KINDS = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".aac": "audio/aac",
    ".ogg": "audio/ogg",
}


class MediaShelf:
    """The files of `guides/` that a browser may see."""

    def __init__(self, guides: Path) -> None:
        self._guides = guides.resolve()

    def address(self, path: str) -> str | None:
        """Where the page finds a file, or None where there is none to find. Changes when the file does, so that a
        browser may keep it."""
        file = self._find(path)
        return f"/media/{quote(path)}?v={file.stat().st_mtime_ns // 1000}" if file else None

    async def serve(self, request: web.Request) -> web.StreamResponse:
        file = self._find(request.match_info["path"])
        if file is None:
            raise web.HTTPNotFound
        keep = "public, max-age=31536000, immutable" if "v" in request.query else "public, max-age=300"
        return web.FileResponse(file, headers={"Content-Type": _KINDS[file.suffix.lower()], "Cache-Control": keep})

    def _find(self, path: str) -> Path | None:
        """The real file behind a path, or None: links and `..` that lead outside find nothing."""
        try:
            file = (self._guides / path).resolve()
            allowed = file.suffix.lower() in _KINDS and file.is_relative_to(self._guides) and file.is_file()
        except (OSError, ValueError):
            return None
        return file if allowed else None
