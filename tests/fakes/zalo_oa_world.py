"""The small world behind the fake Zalo: an OA, an app, people who follow it, uploads, and a clock to be moved."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.fakes.zalo_oa_grants import Grants, OaError

__all__ = ["OaError", "Person", "Upload", "World"]

Raw = dict[str, Any]

FREE_FOR, WINDOW, KEPT = timedelta(hours=48), timedelta(days=7), timedelta(days=7)


@dataclass
class Person:
    """`said`: what the OA's bot told them, newest last. `free`: what is left of the eight free answers."""

    id: str
    last_at: datetime
    blocked: bool = False
    follows: bool = True
    said: list[Raw] = field(default_factory=list)
    free: int = 8

    @property
    def texts(self) -> list[str]:
        return [message.get("text", "") for message in self.said]

    @property
    def buttons(self) -> dict[str, str]:
        """Title → payload of every query button ever shown: they stay for ever."""
        found = [button for message in self.said for button in buttons_of(message)]
        return {one["title"]: one["payload"] for one in found if one["type"].startswith("oa.query.")}


@dataclass
class Upload:
    kind: str
    size: int
    at: datetime


@dataclass
class Modes:
    """How this Zalo behaves today."""

    state_oa: bool = False
    no_package: bool = False
    night: bool = False
    http_401: bool = False
    expired_as_216: bool = False
    calls_a_minute: int = 4000
    quota_left: int = 500


def real_time() -> datetime:
    return datetime.now(UTC)


@dataclass
class World:
    oa_id: str = "579745863508352884"
    name: str = "UBND xã Bắc Sơn"
    oa_secret: str = field(default="oa-secret-key-for-tests", repr=False)
    clock: Callable[[], datetime] = real_time
    shift: timedelta = timedelta(0)
    modes: Modes = field(default_factory=Modes)
    people: dict[str, Person] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.grants = Grants(self.now)
        self._numbers = itertools.count(1)
        self._calls: list[datetime] = []

    @property
    def app_id(self) -> str:
        return self.grants.app_id

    def now(self) -> datetime:
        return self.clock() + self.shift

    def advance(self, seconds: float) -> None:
        self.shift += timedelta(seconds=seconds)

    def person(self, user: str) -> Person:
        return self.people.setdefault(user, Person(user, self.now()))

    def interact(self, user: str) -> None:
        """Whatever a person does opens the window anew."""
        found = self.person(user)
        found.last_at, found.free = self.now(), 8

    def count_call(self) -> int:
        """How many more calls this minute takes. Raises: OaError -32."""
        minute_ago = self.now() - timedelta(minutes=1)
        self._calls = [at for at in self._calls if at > minute_ago]
        if len(self._calls) >= self.modes.calls_a_minute:
            raise OaError(-32, "Out of quota per minute")
        self._calls.append(self.now())
        return self.modes.calls_a_minute - len(self._calls)

    def reach(self, user: object) -> Person:
        """Raises: OaError, where this person may not be written to."""
        found = self.people.get(user) if isinstance(user, str) else None
        if found is None:
            raise OaError(-201, "user_id is invalid")
        if found.blocked:
            raise OaError(-244, "user restricted this type of message")
        if self.now() - found.last_at > WINDOW:
            raise OaError(-230, "User has not interacted with the OA in the past 7 days")
        return found

    def deliver(self, person: Person, message: Raw) -> Raw:
        quota = self._charge(person)
        number = self.new_id()
        person.said.append({"message_id": number, **message})
        sent = str(int(self.now().timestamp() * 1000))
        return {"message_id": number, "user_id": person.id, "sent_time": sent, "quota": quota}

    def keep(self, kind: str, size: int) -> str:
        name = f"{kind}-{secrets.token_hex(8)}"
        self.uploads[name] = Upload(kind, size, self.now())
        return name

    def use(self, name: object, kind: str) -> None:
        """Raises: OaError, for an upload that is not there, of another kind, or forgotten."""
        found = self.uploads.get(name) if isinstance(name, str) else None
        if found is None or found.kind != kind:
            raise OaError(-201, "attachment_id is invalid")
        if self.now() - found.at >= KEPT:
            raise OaError(-100, "attachment is expired")

    def new_id(self) -> str:
        return f"{next(self._numbers):020x}"

    def quota_of(self, person: Person) -> Raw:
        last = int(person.last_at.timestamp() * 1000)
        return {"last_interaction": last, "cs_reply": {"remain": str(person.free), "total": "8"}, "promotion": {}}

    def _charge(self, person: Person) -> Raw:
        """Numbers are strings in one kind of quota and numbers in the other, as in life."""
        owner = {"owner_type": "OA", "owner_id": self.oa_id, "expired_date": ""}
        if self.now() - person.last_at <= FREE_FOR and person.free > 0:
            person.free -= 1
            return {"quota_type": "reply", "remain": str(person.free), "total": "8", **owner}
        if self.modes.quota_left <= 0:
            raise OaError(-211, "Out of quota")
        self.modes.quota_left -= 1
        return {"quota_type": "sub_quota", "remain": self.modes.quota_left, "total": 500, **owner}


def buttons_of(message: Raw) -> list[Raw]:
    found: list[Raw] = message.get("attachment", {}).get("payload", {}).get("buttons", [])
    return found
