"""One parcel -> the calls that deliver it, and Zalo's refusals -> what happens next."""

from __future__ import annotations

import logging
import re
import unicodedata

from bot.channels.zalo_bot_gallery import Gallery
from bot.channels.zalo_bot_gate import Clock, Gate
from bot.channels.zalo_bot_http import (
    DAILY_LIMIT,
    NO_NEWS,
    TOO_MANY,
    UNAUTHORIZED,
    Client,
    NotSent,
    Page,
    Refused,
    ZaloError,
)
from bot.core.errors import AccountDown, Rejected, Retry, SendError, Stopped, Unknown
from bot.core.messages import Media, MediaKind, Parcel
from bot.render import units16

log = logging.getLogger(__name__)

LONGEST_TEXT = 1900  # Zalo takes 2,000 and does not say of what
LARGE = "f_20"

_LONGEST_WAIT = 60.0
_DAILY_PAUSE = 3600.0
_FEW = 5
_FORBIDDEN = 403

# A gateway that gave up waiting (504; Cloudflare's 524) may have brought the message to Zalo before.
_GAVE_UP = (NO_NEWS, 504, 524)
# Nobody has told what Zalo says of a person who blocked the bot or never wrote to it. These words mean the chat;
# "must not be empty" means that we forgot to name it.
_ABOUT_CHAT = re.compile(r"\b(?:chat|chat_id|user|user_id|recipient|receiver|conversation|group|blocked)\b", re.I)
_OUR_FAULT = re.compile(r"must|required|missing|empty", re.I)


class Outbox:
    """Delivers the parcels of one bot."""

    def __init__(self, client: Client, gallery: Gallery, account: str, *, large_text: bool, clock: Clock) -> None:
        self._client = client
        self._gallery = gallery
        self._large = large_text
        self._gate = Gate(account, clock)
        self._delivered = 0
        self._forbidden: dict[str, int] = {}  # chat -> how many messages others had got when it was first refused
        self._doubtful: set[int] = set()  # parcels whose picture went out and was not confirmed

    async def deliver(self, parcel: Parcel) -> str:
        """Zalo's id of the message.

        Raises:
            SendError: one of its five kinds.
        """
        entered = self._gate.enter()
        try:
            sent = await self._deliver(parcel)
        except ZaloError as error:
            raise self._meaning(error, parcel, entered) from error
        self._gate.passed(entered)
        self._delivered += 1
        self._forbidden.pop(parcel.chat, None)
        # An answer that says ok and names no message is a message delivered all the same.
        return str(sent.get("message_id") or "") if isinstance(sent, dict) else ""

    async def _deliver(self, parcel: Parcel) -> object:
        if parcel.media is None:
            return await self._say(parcel.chat, parcel.text)
        if parcel.media.kind is MediaKind.VOICE and parcel.text:
            return await self._say_and_let_hear(parcel, parcel.media)
        return await self._show(parcel, parcel.media)

    async def _show(self, parcel: Parcel, media: Media) -> object:
        """With its picture or voice; where that cannot be, with its words and what the picture shows."""
        address = self._gallery.address(media)
        if address is None:
            log.warning("zalo_bot.media_unreachable", extra={"path": media.path})
        elif parcel.id not in self._doubtful:
            try:
                return await self._send_media(parcel, media, address)
            except Refused as error:
                if not _is_about_media(error):
                    raise
                log.warning("zalo_bot.media_refused", extra={"path": media.path, "error": str(error)})
        sent = await self._say(parcel.chat, with_alt(parcel.text, media.alt))
        self._doubtful.discard(parcel.id)
        return sent

    async def _send_media(self, parcel: Parcel, media: Media, address: str) -> object:
        """A picture that Zalo stumbled over is not tried again: the person waits for the words."""
        try:
            return await self._client.call(*media_request(parcel, media, address), seconds=self._client.timeouts.media)
        except ZaloError as error:
            if not isinstance(error, NotSent) and not _is_too_many(error):
                self._doubtful.add(parcel.id)
            raise

    async def _say_and_let_hear(self, parcel: Parcel, media: Media) -> object:
        """A voice takes no words with it. They go first: then nothing is lost, whatever becomes of the voice."""
        sent = await self._say(parcel.chat, parcel.text)
        address = self._gallery.address(media)
        try:
            if address:
                method, params = media_request(parcel, media, address)
                await self._client.call(method, params, seconds=self._client.timeouts.media)
        except ZaloError as error:
            log.warning("zalo_bot.media_refused", extra={"path": media.path, "error": str(error)})
        return sent

    async def _say(self, chat: str, text: str) -> object:
        text = unicodedata.normalize("NFC", text)
        if not text.strip():
            raise Rejected("nothing to say")
        plain: dict[str, object] = {"chat_id": chat, "text": text}
        if not self._large:
            return await self._client.call("sendMessage", plain)
        try:
            return await self._client.call("sendMessage", plain | {"text_styles": large(text)})
        except Refused as error:
            if error.code != 400 or _is_about_chat(error):
                raise
        sent = await self._client.call("sendMessage", plain)
        self._large = False  # the same words without larger letters were taken
        log.warning("zalo_bot.large_text_refused")
        return sent

    def _meaning(self, error: ZaloError, parcel: Parcel, entered: float) -> SendError:
        if _is_too_many(error):
            is_quota = isinstance(error, Refused) and "quota" in error.description.lower()
            return Retry(self._gate.refused(entered, is_quota=is_quota), whole_account=True, reason=str(error))
        if isinstance(error, Refused) and error.code == _FORBIDDEN and not _is_about_chat(error):
            return self._forbidden_means(parcel, str(error))
        return send_error(error, parcel.attempts)

    def _forbidden_means(self, parcel: Parcel, reason: str) -> SendError:
        """403 is what Zalo calls trouble of its own. But a chat that keeps being refused while others are
        reached belongs to somebody who does not want the bot any more."""
        others = self._forbidden.setdefault(parcel.chat, self._delivered)
        if parcel.attempts >= _FEW and self._delivered > others:
            del self._forbidden[parcel.chat]
            return Stopped(reason)
        return Retry(_backoff(parcel.attempts), reason=reason)


def media_request(parcel: Parcel, media: Media, address: str) -> tuple[str, dict[str, object]]:
    """Method and parameters. Zalo refuses an empty caption, and a voice has none."""
    if media.kind is MediaKind.VOICE:
        return "sendVoice", {"chat_id": parcel.chat, "voice_url": address}
    caption = unicodedata.normalize("NFC", parcel.text)
    words = {"caption": caption} if caption.strip() else {}
    return "sendPhoto", {"chat_id": parcel.chat, "photo": address, **words}


def with_alt(text: str, alt: str) -> str:
    """The words and, below them, what the picture would have shown, where there is room for it."""
    if not alt or alt in text:
        return text
    both = f"{text}\n\n{alt}" if text.strip() else alt
    return both if units16(both) <= LONGEST_TEXT else text or alt


def large(text: str) -> list[dict[str, object]]:
    """Larger letters over the whole text, counted in UTF-16 units."""
    return [{"start": 0, "len": units16(text), "st": [LARGE]}]


def send_error(error: ZaloError, attempts: int = 0) -> SendError:
    """What a failed call means for the message it carried; `attempts` is how often it was tried before."""
    match error:
        case NotSent():
            return Retry(_backoff(attempts), whole_account=True, reason=str(error))
        case Page(status=status) if status >= 300 and status not in _GAVE_UP:
            return Retry(_backoff(attempts), whole_account=True, reason=str(error))
        case Refused():
            return _refusal(error, attempts)
    return Unknown(str(error))


def _refusal(error: Refused, attempts: int) -> SendError:
    """A refusal in the API's own words: nothing was delivered, except where it gave up waiting itself."""
    reason = str(error)
    if error.code == UNAUTHORIZED:
        return AccountDown(reason)
    if error.code in _GAVE_UP:
        return Unknown(reason)
    if error.code == DAILY_LIMIT:
        return Retry(_DAILY_PAUSE, whole_account=True, reason=reason)
    if 500 <= error.code < 600:
        return Retry(_backoff(attempts), reason=reason)
    if _is_about_chat(error):
        return Stopped(reason)
    if 400 <= error.code < 500 or attempts >= _FEW:
        return Rejected(reason)
    return Retry(_backoff(attempts), reason=reason)  # a code nobody has written down: perhaps it passes


def _backoff(attempts: int) -> float:
    return min(_LONGEST_WAIT, 2.0 ** min(attempts, 10))


def _is_too_many(error: ZaloError) -> bool:
    return TOO_MANY in (getattr(error, "code", 0), getattr(error, "status", 0))


def _is_about_chat(error: Refused) -> bool:
    return bool(_ABOUT_CHAT.search(error.description)) and not _OUR_FAULT.search(error.description)


def _is_about_media(error: Refused) -> bool:
    return isinstance(send_error(error), Rejected) and error.code not in (TOO_MANY, _FORBIDDEN)
