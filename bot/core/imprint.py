"""What a document of the commune needs besides the database: who it comes from, and the ways to the bot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.core.guide import Commune, ZaloBotSign


@dataclass(frozen=True, slots=True)
class Ways:
    """How people reach the bot. Empty: that channel does not run, or its address is not known.

    `telegram` is the bot's name without @, `web` the address of the page, `oa` the Official Account's id,
    `zalo_bots` the bots of the Zalo Bot Platform by account.
    """

    telegram: str = ""
    web: str = ""
    oa: str = ""
    zalo_bots: Mapping[str, ZaloBotSign] = field(default_factory=dict)

    def into(self, code: str, account: str | None = None) -> list[tuple[str, str, str]]:
        """Every way in with this code: kind, address (empty: to be found by name), name.

        Zalo first: nearly everybody has it already. `account`: the Zalo bot that keeps a seat; None: no bot does.
        """
        found = []
        if bot := self.zalo_bots.get(account or ""):
            found.append(("zalo_bot", bot.link, bot.name))
        if self.oa:
            found.append(("oa", f"https://zalo.me/{self.oa}", ""))
        if self.telegram:
            found.append(("telegram", f"https://t.me/{self.telegram}?start={code}", self.telegram))
        if self.web:
            found.append(("web", f"{self.web}/vao/{code}", ""))
        return found


@dataclass(frozen=True, slots=True)
class Imprint:
    """`zone` is the local time zone's name."""

    commune: Commune
    ways: Ways
    zone: str
