"""Telegram: one bot, by polling or webhook."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.channels.base import Backoff, Capabilities, Hook, Papers, Sleep, Spawn, Take
from bot.channels.telegram_http import READ_SECONDS, Client
from bot.channels.telegram_inbox import ALLOWED_UPDATES, CHANNEL, Me, read, tap_id
from bot.channels.telegram_outbox import Outbox
from bot.channels.telegram_polling import LONGEST_PAUSE, Polling
from bot.core.errors import AccountDown
from bot.core.messages import Parcel

log = logging.getLogger(__name__)

PATH = "/hooks/telegram"
SECRET_HEADER = "x-telegram-bot-api-secret-token"
WEBHOOK_CONNECTIONS = 100

_MALFORMED = "a Telegram token looks like 123456789:AbC-dEf"
_TOKEN = re.compile(r"(\d{1,18}):[A-Za-z0-9_-]+", re.ASCII)
# What Telegram says when an old keyboard is gone already, or a tap was answered or long ago: nothing is amiss.
_FINE = ("message is not modified", "message to edit not found", "can't be edited", "query is too old")


class TelegramChannel:
    """One Telegram bot.

    `guides` is where pictures and voices lie; `commands` are (name, Vietnamese description) for the menu.
    A webhook needs `secret`; without `public_url` it is served but Telegram is not told about it.
    `answer_seconds` is how long a call may stay unanswered before its outcome counts as unknown.
    """

    name = CHANNEL
    capabilities = Capabilities(buttons=100, max_text=4096, max_caption=1024, files_out=True, media_by_url_only=False)

    def __init__(
        self,
        token: str,
        *,
        api_url: str,
        updates: Literal["polling", "webhook"],
        secret: str | None,
        guides: Path,
        public_url: str | None,
        commands: Sequence[tuple[str, str]] = (),
        papers: Papers | None = None,
        answer_seconds: float = READ_SECONDS,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        if updates == "webhook" and not secret:
            raise ValueError("a webhook without a secret would take updates from anybody")
        self._well_formed = _TOKEN.fullmatch(token) is not None
        self._account = token.partition(":")[0] if self._well_formed else ""
        self._me = Me(int(self._account or 0))
        self._polls = updates == "polling"
        self._secret = (secret or "").encode()
        self._public_url = public_url
        self._commands = tuple(commands)
        self._sleep = sleep
        self._client = Client(token, api_url, answer_seconds)
        self._outbox = Outbox(self._client, guides, papers)
        self._connected = False
        self._take: Take
        self._spawn: Spawn

    @property
    def accounts(self) -> tuple[str, ...]:
        return (self._account,)

    @property
    def username(self) -> str:
        """What people find the bot by, without @; empty until Telegram has told it."""
        return self._me.username

    async def identify(self) -> str:
        """Ask Telegram for the bot's name and nothing else, for a program that does not run the bot.

        Raises:
            AccountDown: it is not told, for whichever reason.
        """
        if not self._well_formed:
            raise AccountDown(_MALFORMED)
        await self._client.request.initialize()
        try:
            await self._ask_name()
        except TelegramError as error:
            raise AccountDown(error.message) from error
        return self.username

    async def start(self, take: Take, spawn: Spawn) -> None:
        """Connect. Where Telegram cannot be reached now, `receive` keeps trying.

        Raises:
            AccountDown: the token is not accepted.
        """
        self._take, self._spawn = take, spawn
        if not self._well_formed:
            raise AccountDown(_MALFORMED)
        await self._client.request.initialize()
        try:
            await self._connect()
        except AccountDown:
            await self.close()
            raise

    async def receive(self) -> None:
        backoff = Backoff(self._sleep, LONGEST_PAUSE)
        while not self._connected:
            await backoff.pause()
            await self._connect()
        if self._polls:
            await Polling(self._client, self._handle, self._sleep).run()

    def hooks(self) -> tuple[Hook, ...]:
        return () if self._polls else (Hook(PATH, self._receive_hook),)

    async def send(self, parcel: Parcel) -> str:
        number = await self._outbox.deliver(parcel)
        if parcel.clears:
            self._spawn(self._clear_keyboard(parcel.chat, parcel.clears))
        return number

    def settled(self, parcel: Parcel) -> None:
        """Telegram keeps the history itself: nothing to look for."""

    async def close(self) -> None:
        await self._client.request.shutdown()

    async def _connect(self) -> None:
        try:
            await self._introduce()
        except InvalidToken as error:
            raise AccountDown(error.message) from error
        except TelegramError as error:
            log.warning("telegram.not_reachable", extra={"error": repr(error)})

    async def _introduce(self) -> None:
        await self._ask_name()
        if self._polls:
            await self._client.delete_webhook()
        elif self._public_url:
            await self._set_webhook(self._public_url.rstrip("/") + PATH)
        if self._commands:
            self._spawn(self._set_commands())
        self._connected = True

    async def _ask_name(self) -> None:
        me = await self._client.call("getMe", {})
        self._me = Me(self._me.id, str(me.get("username", "")) if isinstance(me, dict) else "")

    async def _set_webhook(self, url: str) -> None:
        """A refusal (no HTTPS, an odd port) stays until a person mends the settings; sending still works."""
        try:
            await self._client.set_webhook(
                url,
                secret_token=self._secret.decode(),
                allowed_updates=ALLOWED_UPDATES,
                max_connections=WEBHOOK_CONNECTIONS,
            )
        except BadRequest as error:
            log.error("telegram.webhook_refused", extra={"error": error.message})

    async def _handle(self, update: object) -> None:
        """Make one update durable; raises when that fails. A tap is answered either way."""
        try:
            incoming = read(update, self._me)
            if incoming is not None:
                await self._take(incoming)
        finally:
            tap = tap_id(update)
            if tap:
                self._spawn(self._answer_tap(tap))

    async def _receive_hook(self, headers: dict[str, str], body: bytes) -> int:
        shown = headers.get(SECRET_HEADER, "").encode("utf-8", "replace")
        if not hmac.compare_digest(shown, self._secret):
            log.warning("telegram.wrong_secret")
            return 403
        try:
            update = json.loads(body)
        except (ValueError, RecursionError):
            return 400
        try:
            await self._handle(update)
        except Exception:
            log.exception("telegram.update_not_stored")
            return 500
        return 200

    async def _set_commands(self) -> None:
        commands = [{"command": name, "description": says} for name, says in self._commands]
        await self._comfort("setMyCommands", {"commands": commands})

    async def _answer_tap(self, tap: str) -> None:
        await self._comfort("answerCallbackQuery", {"callback_query_id": tap})

    async def _clear_keyboard(self, chat: str, message: str) -> None:
        data = {"chat_id": chat, "message_id": int(message)}
        await self._comfort("editMessageReplyMarkup", data)

    async def _comfort(self, method: str, data: dict[str, object]) -> None:
        """Side work: what fails is logged and nothing else."""
        try:
            await self._client.call(method, data)
        except TelegramError as error:
            fine = any(phrase in error.message.lower() for phrase in _FINE)
            level = logging.DEBUG if fine else logging.WARNING
            log.log(level, "telegram.comfort_failed", extra={"method": method, "error": repr(error)})
