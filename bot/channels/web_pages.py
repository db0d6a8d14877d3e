"""The page's own files and words, read once: templates, style, scripts, icons."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml
from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

FOLDER = Path(__file__).parent / "web_page"

# What the browser asks for → the sources it is made of, in this order.
_ASSETS = {
    "page.css": ("page.css",),
    "page.js": ("page.js",),
    "chat.js": ("chat_memory.js", "chat_voice.js", "chat_cards.js", "chat_line.js", "chat.js"),
    "icon.svg": ("icon.svg",),
    "icon-192.png": ("icon-192.png",),
    "icon-512.png": ("icon-512.png",),
    "manifest.webmanifest": ("manifest.webmanifest",),
}
_KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as the browser gets it. `version` changes with its content."""

    body: bytes
    packed: bytes
    kind: str
    version: str

    @classmethod
    def read(cls, name: str) -> Asset:
        body = b"\n".join((FOLDER / part).read_bytes() for part in _ASSETS[name])
        return cls(body, gzip.compress(body, 9, mtime=0), _KINDS[Path(name).suffix], sha256(body).hexdigest()[:10])


class Pages:
    """Builds every page; a missing word or variable raises (StrictUndefined)."""

    def __init__(self, public_name: str) -> None:
        self.words: dict[str, dict[str, str]] = yaml.safe_load((FOLDER / "words.yaml").read_text("utf-8"))
        self.assets: Mapping[str, Asset] = {name: Asset.read(name) for name in _ASSETS}
        self._templates = Environment(
            loader=FileSystemLoader(FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals |= {"asset": self.address, "words": self.words, "public_name": public_name}

    def address(self, name: str) -> str:
        """Where an asset is; with its version, so that a browser may keep it for ever."""
        return f"/trang/{name}?v={self.assets[name].version}"

    def page(self, template: str, status: int = 200, **values: Any) -> web.Response:
        text = self._templates.get_template(template).render(values)
        return web.Response(text=text, content_type="text/html", status=status)

    def trouble(self, what: str, status: int, wait: float = 0) -> web.Response:
        """A friendly page about what went wrong, with a way back. `what` names words under `trouble`."""
        response = self.page("trouble.html", status, says=self.words["trouble"][what])
        return _with_wait(response, wait)

    def refusal(self, what: str, status: int, wait: float = 0) -> web.Response:
        """The same for the page's script."""
        response = web.json_response({"says": self.words["trouble"][what], "what": what}, status=status)
        return _with_wait(response, wait)

    async def asset(self, request: web.Request) -> web.Response:
        """Serve one of the page's own files."""
        asset = self.assets.get(request.match_info["name"])
        if asset is None:
            raise web.HTTPNotFound
        fresh = request.query.get("v") == asset.version
        headers = {
            "Content-Type": asset.kind,
            "Cache-Control": "public, max-age=31536000, immutable" if fresh else "no-cache",
            "Vary": "Accept-Encoding",
        }
        if "gzip" not in request.headers.get("Accept-Encoding", ""):
            return web.Response(body=asset.body, headers=headers)
        return web.Response(body=asset.packed, headers={**headers, "Content-Encoding": "gzip"})


def _with_wait(response: web.Response, wait: float) -> web.Response:
    if wait:
        response.headers["Retry-After"] = str(int(wait + 0.999))
    return response
