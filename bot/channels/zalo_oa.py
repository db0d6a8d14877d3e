"""Zalo Official Account: one OA, by webhook."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from bot.channels.base import Capabilities, Hook, Spawn, Take
from bot.channels.zalo_oa_codes import Act, send_error, verdict
from bot.channels.zalo_oa_http import READ_SECONDS, Answer, Client, NoAnswer, NotSent
from bot.channels.zalo_oa_inbox import CHANNEL, event_name, instant, read, timestamp
from bot.channels.zalo_oa_outbox import Outbox, Quota
from bot.channels.zalo_oa_pairs import TokenStore
from bot.channels.zalo_oa_signature import HEADER, Signature
from bot.channels.zalo_oa_tokens import Sleep, Tokens
from bot.core.errors import AccountDown, Retry
from bot.core.messages import Incoming, Parcel

log = logging.getLogger(__name__)

API_URL = "https://openapi.zalo.me"
OAUTH_URL = "https://oauth.zaloapp.com"
PATH = "/hooks/zalo_oa"
WHO_AM_I = "/v2.0/oa/getoa"
TOO_OLD = timedelta(hours=2, minutes=15)  # Zalo's last repeat comes after 1 h 50 min
_TIME_OUT = 3.0  # Zalo hangs up after 2 s
_LONGEST_PAUSE = 60.0


class ZaloOaChannel:
    """One OA.

    `secret_key` is the webhook's ("OA Secret Key"), `app_secret` the app's; `refresh_token` begins the chain of tokens
    where `store` has none. `guides` is where pictures lie. `v2_endpoint` begins at the old message API (state OAs).
    The account's name is the OA's id: remembered beside the tokens, otherwise asked for once.
    """

    name = CHANNEL
    capabilities = Capabilities(
        buttons=5,
        max_text=1900,
        max_caption=1900,
        files_out=False,
        media_by_url_only=False,
        voice=False,
        proactive="window",
        window=timedelta(days=7),
        pace=1.5,  # the smallest package that has the API takes about 100 calls a minute
    )

    def __init__(
        self,
        app_id: str,
        app_secret: str,
        secret_key: str,
        *,
        store: TokenStore,
        guides: Path,
        clock: Callable[[], datetime],
        public_url: str | None = None,
        refresh_token: str | None = None,
        api_url: str = API_URL,
        oauth_url: str = OAUTH_URL,
        v2_endpoint: bool = False,
        answer_seconds: float = READ_SECONDS,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._app_id = app_id
        self._signature = Signature(app_id, {"oa_secret_key": secret_key, "app_secret": app_secret})
        self._client = Client(app_id, app_secret, api_url, oauth_url, answer_seconds)
        self._tokens = Tokens(self._client, store, clock, sleep, refresh_token)
        self._outbox = Outbox(self._client, self._tokens, guides, clock, v2=v2_endpoint)
        self._public_url = public_url
        self._clock, self._sleep = clock, sleep
        self._take: Take

    def __repr__(self) -> str:
        return f"ZaloOaChannel[{self._tokens.account or '?'}]"

    @property
    def accounts(self) -> tuple[str, ...]:
        return (self._tokens.account,) if self._tokens.account else ()

    @property
    def down(self) -> str:
        """Why the account needs a person; empty when it does not. Messages may still go until a token's last day."""
        return self._tokens.down or self._outbox.down

    @property
    def quota_seen(self) -> Mapping[str, Quota]:
        """What Zalo's answers said of each kind of quota, last time."""
        return self._outbox.quota_seen

    async def start(self, take: Take, spawn: Spawn) -> None:
        """Connect. Where Zalo cannot be reached now, `receive` keeps trying.

        Raises:
            AccountDown: there is no token, or it is refused and not even the OA's id is known. (Where it is known,
                the channel stays: what people write still arrives, and is answered once a person has logged in.)
        """
        self._take = take
        await self._client.open()
        try:
            await self._tokens.open(spawn)
            await self._introduce()
        except Retry as error:
            log.warning("zalo_oa.not_reachable", extra={"why": str(error)})
        except AccountDown:
            if not self.accounts:
                await self.close()
                raise
            log.error("zalo_oa.down", extra={"why": self.down})
        if self._public_url:
            log.info("zalo_oa.webhook", extra={"url": self._public_url.rstrip("/") + PATH})

    async def receive(self) -> None:
        """Events are pushed; what runs here keeps the token alive."""
        pause = 1.0
        while not self.accounts:
            await self._sleep(pause)
            pause = min(_LONGEST_PAUSE, pause * 2)
            try:
                await self._introduce()
            except Retry as error:
                log.warning("zalo_oa.not_reachable", extra={"why": str(error)})
        await self._tokens.watch()

    def hooks(self) -> tuple[Hook, ...]:
        return (Hook(PATH, self._receive_hook),)

    async def send(self, parcel: Parcel) -> str:
        return await self._outbox.deliver(parcel)

    def settled(self, parcel: Parcel) -> None:
        """Zalo keeps the history itself: nothing to look for."""

    async def close(self) -> None:
        await self._client.close()

    async def _introduce(self) -> None:
        """See that there is a token that works, and whose it is.

        Raises:
            Retry, AccountDown.
        """
        grant = await self._tokens.current()
        if self.accounts:
            return
        answer = await self._who_am_i(grant.access)
        if answer.error and verdict(answer.error).act is Act.REFRESH:
            answer = await self._who_am_i((await self._tokens.renew(grant.generation)).access)
        if answer.error:
            failure = send_error(answer.error, answer.why)
            raise failure if isinstance(failure, Retry) else AccountDown(str(failure))
        account = account_of(answer)
        if not account:
            raise AccountDown("Zalo does not say which OA this is")
        await self._tokens.name_account(account)

    async def _who_am_i(self, access: str) -> Answer:
        try:
            return await self._client.get(WHO_AM_I, access)
        except (NotSent, NoAnswer) as error:
            why = str(error)
        raise Retry(1.0, whole_account=True, reason=why)

    async def _receive_hook(self, headers: dict[str, str], body: bytes) -> int:
        try:
            event = json.loads(body)
        except (ValueError, RecursionError):
            return 400
        if not self._signature.fits(headers.get(HEADER, ""), body, timestamp(event)):
            log.warning("zalo_oa.wrong_signature")
            return 403
        if not self.accounts:
            return await self._not_stored("the OA's id is not known yet")
        incoming = read(event, self._app_id, self.accounts[0])
        if incoming is None or self._is_too_old(incoming, event):
            return 200
        try:
            await self._take(incoming)
        except Exception:  # whatever it was, nothing is acknowledged that was not stored
            log.exception("zalo_oa.event_not_stored", extra={"num_retry": headers.get("num_retry", "")[:8]})
            return await self._not_stored("the database")
        return 200

    async def _not_stored(self, why: str) -> int:
        """Nothing was kept, so it must come again; only a time-out is promised to be repeated, other answers are not.

        So the answer waits until Zalo has hung up.
        """
        log.warning("zalo_oa.wait_for_repeat", extra={"why": why})
        await self._sleep(_TIME_OUT)
        return 503

    def _is_too_old(self, incoming: Incoming, event: object) -> bool:
        """Older than Zalo's last repeat: sent again by somebody else, or our clock is wrong.

        One that was taken in before would change nothing either, so Zalo is told that it is well.
        """
        sent_at = instant(timestamp(event))
        age = self._clock() - sent_at if sent_at else timedelta(0)
        if age <= TOO_OLD:
            return False
        log.error("zalo_oa.too_old", extra={"event": event_name(event), "minutes": age // timedelta(minutes=1)})
        return True


def account_of(answer: Answer) -> str:
    """The OA's id in an answer of getoa; older texts call it `oa_id`."""
    found = answer.data.get("oaid") or answer.data.get("oa_id")
    return str(found) if isinstance(found, str | int) else ""
