"""A thôn on channels with limits, for the tests of what may go out, where to, and who hears of what cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from bot.authoring.player import BEGIN
from bot.context import House
from bot.core.messages import Rank, Reply
from bot.desk import Desk
from bot.outcomes import Outcomes, Wanted, settle_and_claim
from bot.outgoing import notify
from storage import chats, grants, people, quota, units
from storage.chats import Chat
from storage.db import Conn
from storage.schema import outbox
from tests.engine.kit import FAST

METERED = replace(FAST, buttons=0, monthly_quota=100, users_cap=5)
WINDOWED = replace(FAST, buttons=5, proactive="window", window=timedelta(days=7))
LANES = frozenset({("dem", "mot"), ("dem", "hai"), ("cua", "mot"), ("web", "web")})


def limited_desk(house: House) -> Desk:
    """`dem` counts its messages, `cua` has a window, `web` carries everything; `tat` is switched off."""
    accounts = {"dem": ("mot", "hai"), "cua": ("mot",), "web": ("web",)}
    return Desk(house, {"dem": METERED, "cua": WINDOWED, "web": FAST}, accounts=accounts)


def somebody(
    conn: Conn,
    name: str,
    *places: tuple[str, str],
    role: str = "",
    unit: int | None = None,
    now: datetime = BEGIN,
) -> list[Chat]:
    """A person with a chat on each of these (channel, account) places; with a role, on the unit or the commune."""
    person = people.create(conn, code=name, name=name, unit_id=unit, now=BEGIN)
    if role:
        grants.give(conn, person.id, role, scope_unit_id=unit, now=BEGIN)
    made = []
    for channel, account in places:
        chat = chats.arrive(conn, channel, account, name, now)
        chats.set_consent(conn, chat.id, "yes", "1", now)
        chats.set_unit(conn, chat.id, unit)
        made.append(chats.set_person(conn, chat.id, person.id))
    return made


def thon(conn: Conn) -> int:
    return units.create(conn, code="NAPAN", name="Thôn Nà Pán", kind="thon", parent_id=None).id


def use_up(conn: Conn, desk: Desk, sent: int, account: str = "mot", now: datetime = BEGIN) -> None:
    quota.add(conn, desk.month(now), {("dem", account): (sent, 0)})


def tell(conn: Conn, desk: Desk, to: Chat, text: str, *, rank: Rank = Rank.NOTICE, now: datetime = BEGIN) -> Chat:
    reply = Reply(text, to=to.id, rank=rank, good_for=timedelta(days=3))
    return notify(conn, reply, to, f"tin:{text}", desk, now)


def sent_now(conn: Conn, desk: Desk, now: datetime = BEGIN, lanes: frozenset[tuple[str, str]] = LANES) -> list[str]:
    """One visit of the sender, whose messages all arrive: `<channel>: <text>` of each."""
    wanted = Wanted(50, Rank.BULK, lanes)
    parcels = settle_and_claim(conn, Outcomes(), wanted, now, desk)
    settle_and_claim(conn, Outcomes(sent=[(one, str(one.id)) for one in parcels]), Wanted(0, *wanted_none()), now, desk)
    return [f"{parcel.channel}: {parcel.text}" for parcel in parcels]


def wanted_none() -> tuple[Rank, frozenset[tuple[str, str]]]:
    return Rank.ANSWER, frozenset()


def said_to(conn: Conn, chat: Chat) -> list[str]:
    """Every text ever written to this chat, in order."""
    rows: Sequence[dict[str, str]] = (
        conn.execute(select(outbox.c.body).where(outbox.c.chat_id == chat.id).order_by(outbox.c.id)).scalars().all()
    )
    return [body["text"] for body in rows]


def states(conn: Conn) -> dict[str, str]:
    """Each text in the outbox, by its channel, with what became of it."""
    rows = conn.execute(select(outbox.c.lane, outbox.c.body, outbox.c.state).order_by(outbox.c.id))
    return {f"{row.lane} {row.body['text']}": row.state for row in rows}
