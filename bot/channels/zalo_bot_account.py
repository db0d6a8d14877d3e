"""One bot of the channel: its token, its id, the way its updates come in and its messages go out."""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.channels.base import Backoff, Hook, Sleep, Spawn, Take
from bot.channels.zalo_bot_gallery import Gallery
from bot.channels.zalo_bot_gate import Clock
from bot.channels.zalo_bot_http import DAILY_LIMIT, UNAUTHORIZED, Client, Refused, Timeouts, ZaloError
from bot.channels.zalo_bot_inbox import CHANNEL, events, read
from bot.channels.zalo_bot_outbox import Outbox
from bot.channels.zalo_bot_polling import LONGEST_PAUSE, Polling
from bot.channels.zalo_bot_token import Token
from bot.channels.zalo_bot_webhook import report
from bot.core.errors import AccountDown, Retry
from bot.core.messages import Parcel

log = logging.getLogger(__name__)

PATH = f"/hooks/{CHANNEL}"
SECRET_HEADER = "x-bot-api-secret-token"

_NOT_YET = 60.0
_AFTER_DAILY_LIMIT = 6 * 3600.0
# Answers that stay the same until a person mends something.
_FOR_GOOD = (400, 404)
_NAMES = ("account_name", "display_name", "name")


@dataclass(frozen=True, slots=True)
class Ways:
    """What all bots of the channel have in common."""

    api_url: str
    polls: bool
    secret: bytes
    gallery: Gallery
    large_text: bool
    timeouts: Timeouts
    sleep: Sleep
    clock: Clock


class Account:
    """A bot by its place in the settings. `id` is empty until Zalo has told it, `refused` until it is refused.

    `claim` says whether an id is this account's alone: two tokens of one bot would fetch each other's updates.
    """

    def __init__(self, place: int, token: Token, ways: Ways, claim: Callable[[str], bool]) -> None:
        self.id = ""
        self.refused = ""
        self._place = place
        self._token = token
        self._ways = ways
        self._claim = claim
        self._client = Client(token, ways.api_url, ways.timeouts)
        self._names: tuple[str, ...] = ()
        self._outbox: Outbox | None = None
        self._take: Take
        self._spawn: Spawn

    @property
    def label(self) -> str:
        """Its name for people and logs."""
        return f"bot {self._place} ({self.id})" if self.id else f"bot {self._place}"

    @property
    def is_up(self) -> bool:
        return bool(self.id) and not self.refused

    @property
    def hook(self) -> Hook:
        """A body does not say which bot it is for, so each bot has an address of its own."""
        return Hook(f"{PATH}/{self._token.hook_id}", self._receive_hook)

    def refuse(self, why: str) -> None:
        """From now on it neither sends nor fetches; a person has to mend the token."""
        if not self.refused:
            self.refused = why
            log.error("zalo_bot.account_refused", extra={"bot": self.label, "why": why})

    async def start(self, take: Take, spawn: Spawn) -> None:
        """One try to connect; `receive` goes on trying."""
        self._take, self._spawn = take, spawn
        if not self._token.is_well_formed:
            self.refuse("a token looks like 12345689:abc-xyz")
        if self.refused:
            return
        self._client.open()
        try:
            await self._succeeds(self._introduce)
        except AccountDown as error:
            self.refuse(str(error))

    async def receive(self) -> None:
        """Fetch until cancelled or refused; with a webhook, only make it known."""
        try:
            if not self.id:
                await self._until_it_succeeds(self._introduce)
            if not self._ways.polls:
                return await self._until_it_succeeds(self._announce)
            await self._until_it_succeeds(self._clear_webhook)
            await Polling(self._client, self._handle, self._spawn, self._ways.sleep, self.label).run()
        except AccountDown as error:
            self.refuse(str(error))

    async def send(self, parcel: Parcel) -> str:
        """Raises: SendError."""
        if self.refused:
            raise AccountDown(self.refused)
        if self._outbox is None:
            raise Retry(_NOT_YET, whole_account=True, reason="not connected yet")
        try:
            return await self._outbox.deliver(parcel)
        except AccountDown as error:
            self.refuse(str(error))
            raise

    async def close(self) -> None:
        await self._client.close()

    async def _until_it_succeeds(self, step: Callable[[], Awaitable[None]]) -> None:
        backoff = Backoff(self._ways.sleep, LONGEST_PAUSE)
        while not await self._succeeds(step, backoff):
            pass

    async def _succeeds(self, step: Callable[[], Awaitable[None]], backoff: Backoff | None = None) -> bool:
        try:
            await step()
        except ZaloError as error:
            code = error.code if isinstance(error, Refused) else 0
            if code == UNAUTHORIZED:
                raise AccountDown(str(error)) from error
            log.warning("zalo_bot.not_reachable", extra={"bot": self.label, "error": str(error)})
            if backoff:
                await backoff.pause(_AFTER_DAILY_LIMIT if code == DAILY_LIMIT else 1.0)
            return False
        return True

    async def _introduce(self) -> None:
        """Ask who we are: the ids of people are different for every bot, and this id keeps them apart."""
        me = await self._client.call("getMe", {})
        found = me if isinstance(me, dict) else {}
        account = str(found.get("id") or "")
        if not account:
            raise ZaloError("getMe did not say who we are")
        if not self._claim(account):
            raise AccountDown(f"the same bot as another token: {account}")
        self._names = tuple(str(found[name]) for name in _NAMES if found.get(name))
        ways = self._ways
        self._outbox = Outbox(self._client, ways.gallery, account, large_text=ways.large_text, clock=ways.clock)
        self.id = account
        # As a number: the log blanks digits in words, and this id is what `zalo_bots` in commune.yaml asks for.
        number = int(account) if account.isascii() and account.isdigit() else account
        log.info("zalo_bot.connected", extra={"bot": self.label, "account": number})

    async def _clear_webhook(self) -> None:
        """While a webhook is set, polling yields nothing. None set is as good as one deleted."""
        try:
            _ = await self._client.call("deleteWebhook", {})
        except Refused as error:
            if error.code not in _FOR_GOOD:
                raise

    async def _announce(self) -> None:
        """Zalo tries the address at once, so this waits until the house listens. A refusal stays until a person
        mends the settings; sending still works."""
        url = self._ways.gallery.public_url.rstrip("/")
        if not url:
            return
        params = {"url": url + self.hook.path, "secret_token": self._ways.secret.decode()}
        try:
            result = await self._client.call("setWebhook", params)
        except Refused as error:
            if error.code not in _FOR_GOOD:
                raise
            why = str(error).replace(params["secret_token"], "***")
            log.error("zalo_bot.webhook_refused", extra={"bot": self.label, "error": why})
        else:
            report(self.label, result)

    async def _handle(self, update: object) -> None:
        """Make one update durable; raises when that fails."""
        incoming = read(update, self.id, self._names)
        if incoming is not None:
            await self._take(incoming)

    async def _receive_hook(self, headers: dict[str, str], body: bytes) -> int:
        if not body.strip():
            return 200  # Zalo's trial, which may come without the secret
        shown = headers.get(SECRET_HEADER, "").encode("utf-8", "replace")
        if not hmac.compare_digest(shown, self._ways.secret):
            log.warning("zalo_bot.wrong_secret", extra={"bot": self.label})
            return 403
        if not self.id:
            return 503
        return await self._take_all(body)

    async def _take_all(self, body: bytes) -> int:
        """What cannot be read would be no better when repeated; what could not be stored may be."""
        try:
            found = events(json.loads(body))
        except (ValueError, RecursionError):
            found = []
        if not found:
            log.warning("zalo_bot.unreadable_body", extra={"bot": self.label, "bytes": len(body)})
        try:
            for update in found:
                await self._handle(update)
        except Exception:  # whatever it was, nothing is acknowledged that was not stored
            log.exception("zalo_bot.update_not_stored", extra={"bot": self.label})
            return 500
        return 200
