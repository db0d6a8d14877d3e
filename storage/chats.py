"""A chat: one person's window onto the bot on one channel, and where they are in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import bindparam, case, func, or_, select, update

from bot.core.messages import Choice
from storage.body import choices, pairs
from storage.db import Conn
from storage.schema import chat as table
from storage.schema import chat_person
from storage.statement import Row, Statement, insert


@dataclass(frozen=True, slots=True)
class Chat:
    """A row of the table, its columns in order.

    `away_since`: when this person last wrote before the message in front; None the first time.
    `earlier`: what was offered before notices took its place; not answered yet, and may still be meant.
    `quiet_until`: until then somebody of the office writes here by hand.
    """

    id: int
    channel: str
    account: str
    key: str
    person_id: int | None
    unit_id: int | None
    form: str
    consent: Literal["yes", "no"] | None
    consent_version: str | None
    consent_at: datetime | None
    device: str | None
    at: str
    trail: tuple[str, ...]
    notes: Mapping[str, Any]
    offered: tuple[Choice, ...]
    misses: int
    last_tap: str | None
    last_tap_at: datetime | None
    keyboard: str | None
    reachable: bool
    lost_at: datetime | None
    created_at: datetime
    last_in_at: datetime
    away_since: datetime | None
    earlier: tuple[tuple[Choice, ...], ...]
    quiet_until: datetime | None

    def is_quiet(self, now: datetime) -> bool:
        """Whether somebody of the office is writing here by hand, so that the bot keeps out of it."""
        return self.quiet_until is not None and now < self.quiet_until


def arrive(conn: Conn, channel: str, account: str, key: str, now: datetime) -> Chat:
    """The chat that just wrote, made if new, locked until the end of the transaction, reachable (again)."""
    row = _arrive.one(conn, channel=channel, account=account, key=key, now=now)
    assert row is not None
    return _chat(row)


def hush(conn: Conn, channel: str, account: str, key: str, until: datetime, now: datetime) -> None:
    """Somebody of the office wrote here by hand: the bot keeps quiet until then, or longer if it already does."""
    _hush.run(conn, channel=channel, account=account, key=key, quiet_until=until, now=now)


def wake(conn: Conn, chat_id: int) -> Chat:
    """The bot speaks here again at once."""
    return _set(conn, _wake, chat_id)


def get(conn: Conn, chat_id: int) -> Chat:
    """The chat with this id, which came from another row.

    Raises:
        LookupError: there is none.
    """
    row = _get.one(conn, chat=chat_id)
    if row is None:
        raise LookupError(f"there is no chat {chat_id}")
    return _chat(row)


def find(conn: Conn, channel: str, account: str, key: str) -> Chat | None:
    row = _find.one(conn, channel=channel, account=account, key=key)
    return _chat(row) if row else None


def of_person(conn: Conn, person_id: int) -> list[Chat]:
    """Where this person can be written to, also on a phone they share: reachable chats first, the last used first."""
    return [_chat(row) for row in _of_person.all(conn, person=person_id)]


def are_in(conn: Conn, people: Iterable[int]) -> set[int]:
    """Those of these people who have a chat already."""
    known = select(table.c.person_id).where(table.c.person_id.in_(list(people)))
    return {person for (person,) in conn.execute(known)}


def seats(conn: Conn, channel: str) -> dict[str, int]:
    """How many people each account of this channel holds: everybody who ever wrote to it."""
    counted = select(table.c.account, func.count()).where(table.c.channel == channel).group_by(table.c.account)
    return {str(account): int(count) for account, count in conn.execute(counted)}


def spoken_since(conn: Conn, since: datetime) -> list[Chat]:
    """Chats of people who agreed, wrote since then, and can be reached: the one last used first."""
    found = select(table).where(table.c.consent == "yes", table.c.reachable, table.c.last_in_at >= since)
    return [_chat(tuple(row)) for row in conn.execute(found.order_by(table.c.last_in_at.desc(), table.c.id))]


def leave(
    conn: Conn,
    chat: Chat,
    *,
    at: str,
    trail: Sequence[str],
    notes: Mapping[str, Any],
    offered: Sequence[Choice],
    misses: int,
    last_tap: str | None,
    last_tap_at: datetime | None,
    earlier: Sequence[Sequence[Choice]] = (),
) -> None:
    """Where the person is after a turn; everything at once, because it happens in every turn."""
    _leave.run(
        conn,
        chat=chat.id,
        at=at,
        trail=trail,
        notes=notes,
        offered=pairs(offered),
        misses=misses,
        last_tap=last_tap,
        last_tap_at=last_tap_at,
        earlier=[pairs(menu) for menu in earlier],
    )


def offer(conn: Conn, chat: Chat, offered: Sequence[Choice]) -> None:
    """What a notice lets this chat choose from, from now on; what it takes the place of is kept in mind."""
    earlier = [*chat.earlier, chat.offered][-_EARLIER_KEPT:] if chat.offered else chat.earlier
    _offer.run(conn, chat=chat.id, offered=pairs(offered), earlier=[pairs(menu) for menu in earlier])


def set_form(conn: Conn, chat_id: int, form: str) -> Chat:
    return _set(conn, _form, chat_id, form=form)


def set_consent(conn: Conn, chat_id: int, answer: str, version: str, now: datetime) -> Chat:
    return _set(conn, _consent, chat_id, consent=answer, consent_version=version, consent_at=now)


def set_device(conn: Conn, chat_id: int, device: str | None) -> Chat:
    return _set(conn, _device, chat_id, device=device)


def set_notes(conn: Conn, chat_id: int, notes: Mapping[str, Any]) -> Chat:
    return _set(conn, _notes, chat_id, notes=notes)


def set_unit(conn: Conn, chat_id: int, unit_id: int | None) -> Chat:
    return _set(conn, _unit, chat_id, unit_id=unit_id)


def set_person(conn: Conn, chat_id: int, person_id: int | None) -> Chat:
    return _set(conn, _person, chat_id, person_id=person_id)


def lost(conn: Conn, chat_id: int, now: datetime) -> Chat:
    """This chat blocked or left the bot: unreachable until it writes again."""
    return _set(conn, _lost, chat_id, lost_at=now)


def _set(conn: Conn, statement: Statement, chat_id: int, **values: Any) -> Chat:
    row = statement.one(conn, chat=chat_id, **values)
    if row is None:
        raise LookupError(f"there is no chat {chat_id}")
    return _chat(row)


def _chat(row: Row) -> Chat:
    made = list(row)
    made[_TRAIL] = tuple(row[_TRAIL])
    made[_OFFERED] = choices(row[_OFFERED])
    made[_EARLIER] = tuple([choices(menu) for menu in row[_EARLIER]])
    return Chat(*made)


_ALL = tuple(table.c)
_TRAIL = _ALL.index(table.c.trail)
_OFFERED = _ALL.index(table.c.offered)
_EARLIER = _ALL.index(table.c.earlier)
_EARLIER_KEPT = 2
_FOUND = {"reachable": True, "lost_at": None}


def _arriving(dialect: str) -> Any:
    """An upsert, because PostgreSQL cannot lock a row that does not exist yet."""
    now = bindparam("now", type_=table.c.last_in_at.type)
    made = insert(dialect, table).values(
        channel=bindparam("channel"), account=bindparam("account"), key=bindparam("key"), created_at=now, last_in_at=now
    )
    return made.on_conflict_do_update(
        index_elements=[table.c.channel, table.c.account, table.c.key],
        set_={"prev_in_at": table.c.last_in_at, "last_in_at": made.excluded.last_in_at, **_FOUND},
    ).returning(*_ALL)


def _hushing(dialect: str) -> Any:
    """Not an arrival: what the office writes opens no window, and makes nobody reachable."""
    now = bindparam("now", type_=table.c.last_in_at.type)
    made = insert(dialect, table).values(
        channel=bindparam("channel"),
        account=bindparam("account"),
        key=bindparam("key"),
        created_at=now,
        last_in_at=now,
        quiet_until=bindparam("quiet_until", type_=table.c.quiet_until.type),
    )
    longer = case(
        (table.c.quiet_until > made.excluded.quiet_until, table.c.quiet_until), else_=made.excluded.quiet_until
    )
    return made.on_conflict_do_update(
        index_elements=[table.c.channel, table.c.account, table.c.key], set_={"quiet_until": longer}
    )


def _setting(*names: str, **fixed: Any) -> Statement:
    """An update of these columns of one chat, which returns the whole new row."""
    given = {name: bindparam(name, type_=table.c[name].type) for name in names}
    return Statement(
        lambda _: update(table).where(table.c.id == bindparam("chat")).values(**given, **fixed).returning(*_ALL)
    )


def _quiet(*names: str) -> Statement:
    given = {name: bindparam(name, type_=table.c[name].type) for name in names}
    return Statement(lambda _: update(table).where(table.c.id == bindparam("chat")).values(**given))


_arrive = Statement(_arriving)
_hush = Statement(_hushing)
_get = Statement(lambda _: select(table).where(table.c.id == bindparam("chat")))
_find = Statement(
    lambda _: select(table).where(
        table.c.channel == bindparam("channel"),
        table.c.account == bindparam("account"),
        table.c.key == bindparam("key"),
    )
)
_SHARED = select(chat_person.c.chat_id).where(chat_person.c.person_id == bindparam("person"))
_of_person = Statement(
    lambda _: (
        select(table)
        .where(or_(table.c.person_id == bindparam("person"), table.c.id.in_(_SHARED)))
        .order_by(table.c.reachable.desc(), table.c.last_in_at.desc())
    )
)
_leave = _quiet("at", "trail", "notes", "offered", "misses", "last_tap", "last_tap_at", "earlier")
_offer = _quiet("offered", "earlier")
_form = _setting("form")
_consent = _setting("consent", "consent_version", "consent_at")
_device = _setting("device")
_notes = _setting("notes")
_unit = _setting("unit_id")
_person = _setting("person_id")
_lost = _setting("lost_at", reachable=False)
_wake = _setting(quiet_until=None)
