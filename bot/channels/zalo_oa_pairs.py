"""The pair of tokens of an OA: its shapes, where it lies, and what is amiss with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bot.channels.zalo_oa_http import Raw

SPENT = -14020
_USUAL_LIFE = 90_000


@dataclass(frozen=True, slots=True)
class Pair:
    """What the token server gave."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    got_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Grant:
    """The pair in force, as the store knows it. `generation` names it; `account` is the OA's id, once known.

    `asked_at`: since when its refresh token may be spent without our having the answer (while somebody holds the
    lease: until then the answer may still come).
    `failure`: the code with which Zalo refused to refresh it.
    """

    account: str
    generation: int
    access: str = field(repr=False)
    refresh: str = field(repr=False)
    got_at: datetime | None = None
    expires_at: datetime | None = None
    asked_at: datetime | None = None
    lease_until: datetime | None = None
    failure: str = ""
    failed_at: datetime | None = None


class TokenStore(Protocol):
    """Where the pair lies. All of it durable once the call returns; raises CamtayError where it cannot be now."""

    async def load(self) -> Grant | None:
        """Raises: AccountDown where what lies there cannot be read."""
        ...

    async def plant(self, refresh: str) -> None:
        """A refresh token from the settings: taken where there is none, or where the one there is refused.

        The same one is never taken twice.
        """
        ...

    async def lease(self, generation: int, lasts: timedelta) -> bool:
        """Become the one who spends this refresh token; False while somebody else is."""
        ...

    async def give_back(self, generation: int, asked_at: datetime | None, failure: str = "") -> None:
        """The refresh brought no pair."""
        ...

    async def keep(self, generation: int, pair: Pair) -> None:
        """Write the new pair, unless a newer one is there; the old one is kept aside."""
        ...

    async def name_account(self, account: str) -> None: ...


def read_pair(answer: Raw, now: datetime) -> Pair:
    """The pair in an answer of the token server, whose `expires_in` is a string of seconds."""
    life = str(answer.get("expires_in", ""))
    seconds = int(life) if life.isascii() and life.isdigit() and len(life) < 9 else _USUAL_LIFE
    return Pair(answer["access_token"], answer["refresh_token"], now, now + timedelta(seconds=seconds or _USUAL_LIFE))


def why_down(grant: Grant, now: datetime) -> str:
    """What a person has to know about this pair; empty when all is well."""
    if grant.failure == str(SPENT) and grant.asked_at:
        return f"the new token was lost on its way ({grant.failure}): run `camtay zalo-oa login`"
    if grant.failure == str(SPENT):
        return f"the refresh token was used elsewhere ({grant.failure}): run `camtay zalo-oa login`"
    if grant.failure:
        return f"Zalo refuses to refresh the token ({grant.failure})"
    is_being_asked = grant.lease_until is not None and now < grant.lease_until
    if grant.asked_at and not is_being_asked:
        return "the answer with the new token was lost; asking again"
    return ""
