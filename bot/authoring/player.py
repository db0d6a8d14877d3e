"""One person talking with the real engine, on a database in memory: for the authors' checks.

Every word and tap goes through `bot.turn.answer`; the chat is read from its row again for each of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from bot import dispatch
from bot.channels.base import Capabilities
from bot.context import House
from bot.core.messages import Choice, Incoming, Kind
from bot.core.roles import REACH
from bot.scene import Scene
from bot.turn import Desk, answer
from storage import cells, chats, grants, helps, invites, people, rehearsal, units
from storage.chats import Chat
from storage.db import Conn
from storage.helps import HelpRequest

CHANNEL = "thu"
BEGIN = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
PAUSE = timedelta(minutes=1)
ROLES = ("helper", "coordinator", "secretary", "office", "party", "leader")

# So large that a reply stays in one piece: what each kind of channel makes of it is looked at afterwards.
WHOLE = Capabilities(buttons=99, max_text=1_000_000, max_caption=1_000_000, files_out=True, media_by_url_only=False)


@dataclass(frozen=True, slots=True)
class Said:
    """One message of the bot to this person."""

    text: str
    choices: tuple[Choice, ...] = ()

    @property
    def whole(self) -> str:
        """Everything there is to read: the words and what stands on the buttons."""
        return "\n".join((self.text, *(choice.label for choice in self.choices)))


@dataclass(slots=True)
class Player:
    """A chat of its own. `now` moves on by a minute with everything that is done."""

    conn: Conn
    desk: Desk
    key: str = "1"
    now: datetime = BEGIN
    _numbers: Iterator[int] = field(default_factory=count)

    def do(self, kind: Kind, text: str = "", *, after: timedelta = PAUSE) -> list[Said]:
        """Send one update and return what the bot says to it."""
        self.now += after
        incoming = Incoming(CHANNEL, CHANNEL, self.key, f"{self.key}-{next(self._numbers)}", kind, text)
        answer(self.conn, incoming, self.now, self.desk)
        return self._hear()

    def tap(self, key: str, *, after: timedelta = PAUSE) -> list[Said]:
        return self.do(Kind.TAP, key, after=after)

    def say(self, text: str, *, after: timedelta = PAUSE) -> list[Said]:
        return self.do(Kind.TEXT, text, after=after)

    @property
    def chat(self) -> Chat:
        found = chats.find(self.conn, CHANNEL, CHANNEL, self.key)
        assert found is not None, "nobody has spoken yet"
        return found

    def _hear(self) -> list[Said]:
        """What was queued for this chat; everything that was queued counts as sent."""
        heard = rehearsal.hear(self.conn, f"{CHANNEL}:{CHANNEL}", self.now)
        return [Said(text, choices) for chat, text, choices in heard if chat == self.key]


def desk_of(house: House) -> Desk:
    return Desk(house, {CHANNEL: WHOLE})


def furnish(conn: Conn) -> dict[str, int]:
    """One thôn, its chi bộ and one person of each role, so that a call for help has somebody to go to: ids by role."""
    home = units.create(conn, code="NAPAN", name="Thôn Nà Pán", kind="thon", parent_id=None)
    cell = cells.create(conn, code="CB01", name="Chi bộ Nà Pán")
    member = people.create(conn, code="MEMBER", name="Hoàng Văn Tư", unit_id=home.id, cell_id=cell.id, now=BEGIN)
    found = {"member": member.id}
    for role in ROLES:
        person = people.create(conn, code=role.upper(), name="Lý Thị Lành", unit_id=home.id, now=BEGIN)
        unit_id = home.id if REACH[role] == "unit" else None
        cell_id = cell.id if REACH[role] == "cell" else None
        grants.give(conn, person.id, role, scope_unit_id=unit_id, scope_cell_id=cell_id, now=BEGIN)
        found[role] = person.id
    return found


def enter(player: Player, person_id: int, form: str) -> None:
    """Come in as somebody known: invited, agreed, addressed as they wish."""
    code = invites.create(player.conn, person_id=person_id, uses=1, expires_at=None, now=player.now).code
    player.do(Kind.START, code)
    chats.set_consent(player.conn, player.chat.id, "yes", "1", player.now)
    chats.set_form(player.conn, player.chat.id, form)


def copy_of(player: Player, chat: Chat, call: HelpRequest | None) -> Player:
    """A new chat of the key of `player`, in just the state that `chat` (with this open call for help) is in."""
    conn, now = player.conn, player.now
    made = chats.arrive(conn, CHANNEL, CHANNEL, player.key, now)
    if chat.consent:
        chats.set_consent(conn, made.id, chat.consent, chat.consent_version or "", now)
    if chat.form != made.form:
        chats.set_form(conn, made.id, chat.form)
    if chat.device:
        chats.set_device(conn, made.id, chat.device)
    if chat.unit_id:
        chats.set_unit(conn, made.id, chat.unit_id)
    own = _call_again(player, made, call) if call else None
    offered = [_about(own, call, choice) for choice in chat.offered] if own and call else chat.offered
    chats.leave(
        conn,
        made,
        at=chat.at,
        trail=chat.trail,
        notes=chat.notes,
        offered=offered,
        misses=chat.misses,
        last_tap=None,
        last_tap_at=None,
    )
    return player


def _about(own: HelpRequest, call: HelpRequest, choice: Choice) -> Choice:
    """The same button, about its `own` call instead of that `call`."""
    old = f":{call.id}"
    return Choice(f"{choice.key.removesuffix(old)}:{own.id}", choice.label) if choice.key.endswith(old) else choice


def _call_again(player: Player, made: Chat, call: HelpRequest) -> HelpRequest:
    """A call of the chat `made` like that one, asked about as that one was."""
    conn, now = player.conn, player.now
    again = helps.open_(
        conn,
        chat_id=made.id,
        person_id=call.person_id,
        unit_id=call.unit_id,
        way=call.way,
        lesson=call.lesson,
        step=call.step,
        tried=call.tried,
        name_given=call.name_given,
        phone_given=call.phone_given,
        now=now,
    )
    dispatch.advance(Scene(conn, now, player.desk), again.id)
    return again
