"""One parcel -> the calls that deliver it, and Telegram's refusals -> what happens next."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

from telegram import InputFile
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, TelegramError

from bot.channels.base import Papers
from bot.channels.telegram_http import Client, NotSent, ServerTrouble, TooMany
from bot.core.errors import AccountDown, NoPaper, Rejected, Retry, SendError, Stopped, Unknown
from bot.core.messages import Choice, Media, MediaKind, Paper, Parcel

log = logging.getLogger(__name__)

LONGEST_WAIT = 60.0

_METHODS = {MediaKind.PICTURE: ("sendPhoto", "photo"), MediaKind.VOICE: ("sendVoice", "voice")}

# Refusals with status 400 that mean the person or the chat, not the message.
_NOBODY_THERE = (
    "chat not found",
    "user not found",
    "deactivated",
    "peer_id_invalid",
    "user_is_blocked",
    "was upgraded to a supergroup",
    "not enough rights to send",
    "have no rights to send",
    "chat_write_forbidden",
)
# A file id of another bot, of another server, or one that Telegram has forgotten.
_STALE_FILE = ("file identifier", "file_id", "file_reference", "wrong remote file")

File = tuple[str, int]
"""A file as we last saw it: its path and when it was changed (in ns)."""


class Outbox:
    """Delivers parcels. A picture is uploaded once; then, until a restart, Telegram's id of it goes instead.

    Documents come from `papers`, made anew each time.
    """

    def __init__(self, client: Client, guides: Path, papers: Papers | None = None) -> None:
        self._client = client
        self._guides = guides
        self._papers = papers
        self._ids: dict[File, str] = {}
        self._uploading: defaultdict[File, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def deliver(self, parcel: Parcel) -> str:
        """Telegram's id of the message.

        Raises:
            SendError: one of its five kinds.
        """
        try:
            sent = await self._deliver(parcel)
        except TelegramError as error:
            raise send_error(error, parcel.attempts) from error
        number = sent.get("message_id") if isinstance(sent, dict) else None
        if not isinstance(number, int):
            raise Unknown("the answer names no message")
        return str(number)

    async def _deliver(self, parcel: Parcel) -> Any:
        """With its document, picture or voice; where that is refused or missing, at least with its words."""
        if parcel.paper is not None:
            return await self._send_paper(parcel, parcel.paper)
        if parcel.media is None:
            return await self._client.call("sendMessage", text_request(parcel))
        try:
            return await self._send_media(parcel, parcel.media)
        except OSError as error:
            log.error("telegram.media_missing", extra={"path": parcel.media.path, "error": str(error)})
        except BadRequest as error:
            if isinstance(send_error(error), Stopped):
                raise
            log.warning("telegram.media_refused", extra={"path": parcel.media.path, "error": error.message})
        return await self._client.call("sendMessage", text_request(parcel))

    async def _send_paper(self, parcel: Parcel, paper: Paper) -> Any:
        content = await self._built(paper)
        if content is None:
            return await self._client.call("sendMessage", text_request(replace(parcel, text=paper.otherwise)))
        return await self._client.call("sendDocument", paper_request(parcel, InputFile(content, filename=paper.name)))

    async def _built(self, paper: Paper) -> bytes | None:
        """The file; None where it cannot be had: whoever waits for it is told so instead."""
        try:
            return await self._papers.build(paper) if self._papers else None
        except NoPaper:
            log.warning("telegram.no_paper", extra={"recipe": paper.recipe})
        except Exception:
            log.exception("telegram.paper_failed", extra={"recipe": paper.recipe})
        return None

    async def _send_media(self, parcel: Parcel, media: Media) -> Any:
        path = self._guides / media.path
        file = (media.path, path.stat().st_mtime_ns)
        if file in self._ids:
            sent = await self._send_known(parcel, media, file)
            if sent is not None:
                return sent
        # Many chats may want a picture that is still on its way up: they wait for it rather than send it too.
        async with self._uploading[file]:
            if file not in self._ids:
                return await self._upload(parcel, media, file, path)
        return await self._send_media(parcel, media)

    async def _send_known(self, parcel: Parcel, media: Media, file: File) -> Any:
        """Send by Telegram's id of the file; None where it no longer knows the id."""
        known = self._ids[file]
        try:
            return await self._client.call(*media_request(parcel, media, known))
        except BadRequest as error:
            if not _says(error, _STALE_FILE):
                raise
        if self._ids.get(file) == known:
            del self._ids[file]
        return None

    async def _upload(self, parcel: Parcel, media: Media, file: File, path: Path) -> Any:
        content = await asyncio.to_thread(path.read_bytes)
        upload = InputFile(content, filename=path.name)
        sent = await self._client.call(*media_request(parcel, media, upload))
        found = _file_id(sent, media.kind)
        if found:
            self._ids[file] = found
        return sent


def text_request(parcel: Parcel) -> dict[str, object]:
    """Parameters of sendMessage. Where a picture could not go, what it shows is said if nothing else is."""
    text = parcel.text or (parcel.media.alt if parcel.media else "")
    return {"chat_id": parcel.chat, "text": text, "link_preview_options": {"is_disabled": True}} | _markup(parcel)


def media_request(parcel: Parcel, media: Media, file: InputFile | str) -> tuple[str, dict[str, object]]:
    """Method and parameters that send the picture or voice with the parcel's text below it."""
    method, field = _METHODS[media.kind]
    caption = {"caption": parcel.text} if parcel.text else {}
    return method, {"chat_id": parcel.chat, field: file} | caption | _markup(parcel)


def paper_request(parcel: Parcel, file: InputFile) -> dict[str, object]:
    """Parameters of sendDocument, with the parcel's text below the file."""
    caption = {"caption": parcel.text} if parcel.text else {}
    return {"chat_id": parcel.chat, "document": file} | caption | _markup(parcel)


def send_error(error: TelegramError, attempts: int = 0) -> SendError:
    """What a failed call means for the message it carried; `attempts` is how often it was tried before."""
    match error:
        case TooMany():
            return Retry(error.seconds, reason=error.message)
        case NotSent():
            return Retry(min(LONGEST_WAIT, 2.0**attempts), whole_account=True, reason=error.message)
        case ServerTrouble():
            return _trouble(error, attempts)
        case InvalidToken():
            return AccountDown(error.message)
        case Forbidden() | ChatMigrated():
            return Stopped(error.message)
        case BadRequest():
            return Stopped(error.message) if _says(error, _NOBODY_THERE) else Rejected(error.message)
        case NetworkError():
            return Unknown(error.message)
    return Rejected(error.message)


def _trouble(error: ServerTrouble, attempts: int) -> SendError:
    """Telegram may have sent the message before it stumbled (5xx), or lost its answer (2xx).

    503 and any other status without a Bot API answer come from something in front of it: a proxy, a
    provider's block page. The message never got there.
    """
    if error.status < 300 or (error.status >= 500 and error.status != 503):
        return Unknown(error.message)
    return Retry(min(LONGEST_WAIT, 2.0**attempts), whole_account=True, reason=error.message)


def _says(error: TelegramError, phrases: tuple[str, ...]) -> bool:
    text = error.message.lower()
    return any(phrase in text for phrase in phrases)


def _markup(parcel: Parcel) -> dict[str, object]:
    if not parcel.choices:
        return {}
    return {"reply_markup": {"inline_keyboard": [[_button(choice)] for choice in parcel.choices]}}


def _button(choice: Choice) -> dict[str, str]:
    return {"text": choice.label, "callback_data": choice.key}


def _file_id(sent: object, kind: MediaKind) -> str:
    """Telegram's id of what was uploaded; of a picture's sizes the last is the largest."""
    found = sent.get(_METHODS[kind][1]) if isinstance(sent, dict) else None
    largest = found[-1] if isinstance(found, list) and found else found
    known = largest.get("file_id") if isinstance(largest, dict) else None
    return known if isinstance(known, str) else ""
