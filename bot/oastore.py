"""Where the tokens of the Zalo OA lie: sealed, in the database, one row an app."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from bot import logs
from bot.channels.zalo_oa_pairs import Grant, Pair
from bot.core.errors import AccountDown
from bot.seal import Seal, Unreadable
from storage import oa_tokens
from storage.db import Conn, Database
from storage.oa_tokens import OaToken


class OaStore:
    """The OA channel's `TokenStore` on the real database. Whatever passes through it is blanked in the logs."""

    def __init__(
        self,
        db: Database,
        app_id: str,
        seal: Seal,
        clock: Callable[[], datetime],
        hide: Callable[[str], None] = logs.hide,
    ) -> None:
        self._db, self._app_id, self._seal, self._clock, self._hide = db, app_id, seal, clock, hide
        self._holder = secrets.token_hex(8)

    async def load(self) -> Grant | None:
        row = await self._db.run(oa_tokens.find, self._app_id)
        return self._opened(row) if row and row.refresh else None

    async def plant(self, refresh: str) -> None:
        self._hide(refresh)
        await self._db.run(_plant, self._app_id, self._seal.close(refresh), _fingerprint(refresh))

    async def bring(self, account: str, pair: Pair) -> None:
        """The pair a person got by logging in; from now on the one in force."""
        await self._db.run(oa_tokens.plant, self._app_id, self._sealed(pair), account=account)

    async def lease(self, generation: int, lasts: timedelta) -> bool:
        now = self._clock()
        return await self._db.run(oa_tokens.lease, self._app_id, generation, self._holder, now, now + lasts)

    async def give_back(self, generation: int, asked_at: datetime | None, failure: str = "") -> None:
        _ = await self._db.run(
            oa_tokens.give_back,
            self._app_id,
            generation,
            self._holder,
            asked_at=asked_at,
            failure=failure,
            failed_at=self._clock() if failure else None,
        )

    async def keep(self, generation: int, pair: Pair) -> None:
        _ = await self._db.run(oa_tokens.keep, self._app_id, generation, self._sealed(pair))

    async def name_account(self, account: str) -> None:
        await self._db.run(oa_tokens.name_account, self._app_id, account)

    async def verifier(self) -> str:
        """The deployment's one PKCE verifier, made at the first call: 43 signs."""
        return await self._db.run(oa_tokens.verifier, self._app_id, secrets.token_urlsafe(32))

    def _sealed(self, pair: Pair) -> oa_tokens.Pair:
        self._hide(pair.access)
        self._hide(pair.refresh)
        access, refresh = self._seal.close(pair.access), self._seal.close(pair.refresh)
        return oa_tokens.Pair(access, refresh, pair.got_at, pair.expires_at)

    def _opened(self, row: OaToken) -> Grant:
        try:
            access = self._seal.open(row.access) if row.access else ""
            refresh = self._seal.open(row.refresh)
        except Unreadable:
            raise AccountDown("the tokens were sealed with another SECRET_KEY: put it back, or log in again") from None
        self._hide(access)
        self._hide(refresh)
        return Grant(
            row.account,
            row.generation,
            access,
            refresh,
            got_at=row.got_at,
            expires_at=row.expires_at,
            asked_at=row.asked_at,
            lease_until=row.lease_until,
            failure=row.failure,
            failed_at=row.failed_at,
        )


def seal(secret_key: str | None, app_secret: str) -> Seal:
    """Sealed with SECRET_KEY where there is one; what was sealed before it was set still opens."""
    return Seal([key for key in (secret_key, app_secret) if key])


def _plant(conn: Conn, app_id: str, sealed: str, fingerprint: str) -> None:
    row = oa_tokens.find(conn, app_id)
    needed = row is None or not row.refresh or bool(row.failure)
    if needed and (row is None or row.seed != fingerprint):
        oa_tokens.plant(conn, app_id, refresh=sealed, seed=fingerprint)


def _fingerprint(refresh: str) -> str:
    """Enough to know the same token again, too little to be of use to anybody else."""
    return hashlib.sha256(b"camtay seed " + refresh.encode()).hexdigest()[:16]
