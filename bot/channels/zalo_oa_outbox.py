"""One parcel -> the calls that deliver it, and Zalo's refusals -> what happens next."""

from __future__ import annotations

import asyncio
import logging
import unicodedata
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.channels.zalo_oa_codes import Act, not_sent, send_error, verdict
from bot.channels.zalo_oa_http import Answer, Client, NoAnswer, NotSent, Raw
from bot.channels.zalo_oa_tokens import Tokens
from bot.core.errors import AccountDown, Rejected, Retry, SendError, Unknown
from bot.core.messages import Choice, Media, MediaKind, Parcel, Rank
from bot.render import units16

log = logging.getLogger(__name__)

BUTTONS = 5
LONGEST_TITLE = 30
LARGEST_PICTURE = 1024 * 1024
KEPT_FOR = timedelta(days=6)  # Zalo forgets an upload after seven
V3, V2 = "/v3.0/oa/message/cs", "/v2.0/oa/message"
UPLOAD = "/v2.0/oa/upload/image"
_SLOW = timedelta(seconds=15)
_KINDS = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png"}

File = tuple[str, int]
"""A file as we last saw it: its path and when it was changed (in ns)."""


@dataclass(frozen=True, slots=True)
class Quota:
    """What an answer said of a quota (`reply`, `sub_quota`, `purchase_quota`, `reward_quota`); None: not told."""

    kind: str
    remain: int | None
    total: int | None
    at: datetime


class PictureRefused(Exception):
    """The picture cannot go; its words can."""


class Outbox:
    """Delivers parcels. A picture is uploaded once in six days; then Zalo's id of it goes instead.

    `v2` begins at the old message endpoint, the one that some OAs of the state are told to use.
    """

    def __init__(
        self, client: Client, tokens: Tokens, guides: Path, clock: Callable[[], datetime], *, v2: bool = False
    ) -> None:
        self._client, self._tokens, self._guides, self._clock = client, tokens, guides, clock
        self._endpoint = V2 if v2 else V3
        self._ids: dict[File, tuple[str, datetime]] = {}
        self._uploading: defaultdict[File, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._slow_until: datetime | None = None
        self.quota_seen: dict[str, Quota] = {}
        self.down = ""

    async def deliver(self, parcel: Parcel) -> str:
        """Zalo's id of the message.

        Raises:
            SendError: one of its five kinds.
        """
        try:
            answer = await self._deliver(parcel)
        except AccountDown as error:
            self.down = str(error)
            raise
        self.down = ""
        self._note_quota(answer.data.get("quota"))
        number = answer.data.get("message_id")
        if not isinstance(number, str | int) or not number:
            raise Unknown("the answer names no message")
        return str(number)

    async def _deliver(self, parcel: Parcel) -> Answer:
        """With its picture; where that is refused or missing, at least with its words."""
        self._keep_the_pace(parcel)
        if parcel.media is None:
            return await self._send(parcel, text_message(parcel))
        try:
            return await self._send_media(parcel, parcel.media)
        except PictureRefused as error:
            log.error("zalo_oa.media_refused", extra={"path": parcel.media.path, "why": str(error)})
        return await self._send(parcel, text_message(parcel))

    async def _send_media(self, parcel: Parcel, media: Media) -> Answer:
        """Raises: PictureRefused."""
        for _ in range(2):
            file, known = await self._uploaded(media, parcel.attempts)
            answer = await self._message(parcel, picture_message(parcel, known))
            if answer.error == 0:
                return answer
            if verdict(answer.error).act is not Act.UPLOAD_AGAIN:
                raise send_error(answer.error, answer.why, parcel.attempts)
            if self._ids.get(file, ("",))[0] == known:
                del self._ids[file]
        raise PictureRefused("expired twice")

    async def _uploaded(self, media: Media, attempts: int) -> tuple[File, str]:
        """The picture's id at Zalo. Many chats may want one that is on its way up: they wait for it."""
        path = self._guides / media.path
        try:
            file = (media.path, path.stat().st_mtime_ns)
            async with self._uploading[file]:
                known, at = self._ids.get(file, ("", None))
                if at is None or self._clock() - at >= KEPT_FOR:
                    known = await self._upload(path, await asyncio.to_thread(_picture, media, path), attempts)
                    self._ids[file] = (known, self._clock())
        except OSError as error:
            raise PictureRefused(type(error).__name__) from None
        return file, known

    async def _upload(self, path: Path, content: bytes, attempts: int) -> str:
        """An upload reaches no person, so one without an answer may simply be repeated."""
        kind = _KINDS[path.suffix.lower()]

        async def upload(access: str) -> Answer:
            return await self._client.upload(UPLOAD, access, path.name, content, kind)

        try:
            answer = await self._with_token(upload, attempts)
        except Unknown as error:
            raise not_sent(f"upload: {error}", attempts) from None
        known = answer.data.get("attachment_id")
        if answer.error == 0 and isinstance(known, str) and known:
            return known
        failure = send_error(answer.error, answer.why, attempts) if answer.error else Rejected("no attachment id")
        if isinstance(failure, Retry | AccountDown):
            raise failure
        raise PictureRefused(str(failure))

    async def _send(self, parcel: Parcel, message: Raw) -> Answer:
        answer = await self._message(parcel, message)
        if answer.error:
            raise send_error(answer.error, answer.why, parcel.attempts)
        return answer

    async def _message(self, parcel: Parcel, message: Raw) -> Answer:
        """One message to the endpoint that takes it: -235 and -240 each point to the other one."""
        body = {"recipient": {"user_id": parcel.chat}, "message": message}
        answer = await self._message_at(self._endpoint, body, parcel.attempts)
        if verdict_of(answer) is not Act.OTHER_ENDPOINT:
            return answer
        other = V2 if self._endpoint == V3 else V3
        second = await self._message_at(other, body, parcel.attempts)
        if verdict_of(second) is Act.OTHER_ENDPOINT:
            return answer
        self._endpoint = other
        log.warning("zalo_oa.endpoint_pinned", extra={"path": other, "code": answer.error})
        return second

    async def _message_at(self, endpoint: str, body: Raw, attempts: int) -> Answer:
        async def post(access: str) -> Answer:
            return await self._client.post(endpoint, access, body)

        return await self._with_token(post, attempts)

    async def _with_token(self, call: Callable[[str], Awaitable[Answer]], attempts: int) -> Answer:
        """The call with a good token: refreshed once where it is refused, repeated once.

        Raises:
            Retry, Unknown, AccountDown.
        """
        failure: SendError
        try:
            grant = await self._tokens.current()
            answer = await call(grant.access)
            if verdict_of(answer) is Act.REFRESH:
                answer = await call((await self._tokens.renew(grant.generation)).access)
        except NotSent as error:
            failure = not_sent(str(error), attempts)
        except NoAnswer as error:
            failure = Unknown(str(error))
        else:
            self._slow_until = self._clock() + _SLOW if answer.remain == 0 else None
            return answer
        raise failure

    def _keep_the_pace(self, parcel: Parcel) -> None:
        """After "no call remains" only answers go on: what that header means is not promised anywhere."""
        if parcel.rank is not Rank.ANSWER and self._slow_until and self._clock() < self._slow_until:
            raise Retry(_SLOW.total_seconds(), whole_account=True, reason="no call remains for now")

    def _note_quota(self, told: object) -> None:
        if isinstance(told, dict) and isinstance(told.get("quota_type"), str):
            kind = told["quota_type"][:40]
            remain, total = _number(told.get("remain")), _number(told.get("total"))
            self.quota_seen[kind] = Quota(kind, remain, total, self._clock())


def verdict_of(answer: Answer) -> Act | None:
    """None: it went well."""
    return verdict(answer.error).act if answer.error else None


def text_message(parcel: Parcel) -> dict[str, object]:
    """Text, with its buttons. Where a picture could not go, what it shows is said if nothing else is."""
    text = parcel.text or (parcel.media.alt if parcel.media else "")
    buttons = _buttons(parcel.choices)
    template = {"attachment": {"type": "template", "payload": {"buttons": buttons}}} if buttons else {}
    return {"text": text, **template}


def picture_message(parcel: Parcel, attachment: str) -> dict[str, object]:
    """A picture with its words and its buttons, in one message."""
    element = {"media_type": "image", "attachment_id": attachment}
    payload: dict[str, object] = {"template_type": "media", "elements": [element]}
    buttons = _buttons(parcel.choices)
    if buttons:
        payload["buttons"] = buttons
    words = {"text": parcel.text} if parcel.text else {}
    return {**words, "attachment": {"type": "template", "payload": payload}}


def _buttons(choices: tuple[Choice, ...]) -> list[dict[str, str]]:
    """A tap comes back as text, the payload: hidden from the chat, and read by the inbox."""
    shown = choices[:BUTTONS]
    return [{"title": title(one.label), "type": "oa.query.hide", "payload": f"#{one.key}"} for one in shown]


def title(label: str) -> str:
    """The label, cut to what fits on a button; never between a letter and its mark, nor inside a character."""
    text = " ".join(unicodedata.normalize("NFC", label).split())
    if units16(text) <= LONGEST_TITLE:
        return text
    kept = text[:LONGEST_TITLE]
    while kept and (units16(kept) > LONGEST_TITLE - 1 or unicodedata.combining(text[len(kept)])):
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def _picture(media: Media, path: Path) -> bytes:
    """Raises: PictureRefused, OSError."""
    if media.kind is not MediaKind.PICTURE or path.suffix.lower() not in _KINDS:
        raise PictureRefused("only JPG and PNG go to an OA")
    if path.stat().st_size > LARGEST_PICTURE:
        raise PictureRefused("larger than 1 MB")
    return path.read_bytes()


def _number(value: object) -> int | None:
    """Zalo writes counts as numbers and as strings."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    text = str(value)
    return int(text) if text.lstrip("-").isascii() and text.lstrip("-").isdigit() and len(text) < 16 else None
