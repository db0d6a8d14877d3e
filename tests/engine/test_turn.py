"""One update, one transaction: repeated, broken, racing, hostile."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from bot.context import Answer, Context, House
from bot.core.errors import UserError
from bot.core.messages import Incoming, Kind, Reply
from bot.logs import JsonLines, Scrubber
from bot.outgoing import Desk
from bot.turn import Turns, answer, reference_of, tidy
from storage import chats, mishaps, setaside, units
from storage.chats import Chat
from storage.db import Busy, Conn, Database
from storage.schema import outbox as table
from tests.engine.kit import FAST, Clock, breaking, house_with, incoming


def everything(conn: Conn, chat: str = "1") -> list[str]:
    """What was ever said to this chat."""
    found = chats.find(conn, "kenh", "mot", chat)
    rows = conn.execute(select(table.c.body).where(table.c.chat_id == (found.id if found else 0)).order_by(table.c.id))
    return [row.body["text"] for row in rows]


def chat_of(conn: Conn, chat: str = "1") -> Chat:
    found = chats.find(conn, "kenh", "mot", chat)
    assert found is not None
    return found


@pytest.fixture
def turns(db: Database, desk: Desk, clock: Clock) -> Turns:
    return Turns(db, desk, clock, lambda *_: None)


async def test_the_same_message_twice_is_answered_once(turns: Turns, db: Database) -> None:
    one = incoming("chào", message="7")
    await asyncio.gather(turns.take(one), turns.take(one))
    await turns.take(one)
    rows = await db.run(lambda conn: conn.execute(select(table.c.dedupe)).scalars().all())
    assert rows == ["re:kenh:mot:7:0:0"]


async def test_a_failing_handler_undoes_everything_and_says_sorry_with_a_number(
    db: Database, house: House, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(ctx: Context, rest: str) -> Answer:
        units.create(ctx.conn, code="DANGDO", name="dang dở", kind="thon", parent_id=None)
        chats.set_form(ctx.conn, ctx.chat.id, "ong")
        raise RuntimeError("mật khẩu của bác là Hoa@1955xyz")

    turns = Turns(db, Desk(house_with(house, breaking(fail)), {"kenh": FAST}), clock, lambda *_: None)
    await turns.take(incoming("chào"))
    broken = incoming("/hong")
    await turns.take(broken)
    await turns.take(broken)  # repeated by the platform
    await turns.take(incoming("menu"))

    said = await db.run(everything)
    reference = reference_of(broken)
    assert len(said) == 3
    assert reference in said[1]
    assert await db.run(units.all_) == []
    assert (await db.run(chat_of)).form == "bac"
    [mishap] = await db.run(mishaps.recent)
    assert (mishap.ref, mishap.error) == (reference, "RuntimeError")
    assert "Hoa@1955xyz" not in mishap.traceback
    assert "in fail" in mishap.traceback
    [logged] = [record for record in caplog.records if record.message == "turn.failed"]
    line = JsonLines(Scrubber([])).format(logged)
    assert reference in line
    assert "Hoa@1955xyz" not in line


def test_a_reference_never_passes_for_a_code() -> None:
    assert all(not reference_of(incoming("", message=str(n))).isdigit() for n in range(1000))


async def test_an_error_for_the_user_is_its_own_answer(db: Database, house: House, clock: Clock) -> None:
    def refuse(ctx: Context, rest: str) -> Answer:
        raise UserError("guide.gone")

    turns = Turns(db, Desk(house_with(house, breaking(refuse)), {"kenh": FAST}), clock, lambda *_: None)
    await turns.take(incoming("/hong"))
    assert "xã đã thay" in (await db.run(everything))[0]
    assert await db.run(mishaps.recent) == []


async def test_what_cannot_even_be_apologised_for_is_set_aside_after_three_tries(
    db: Database, house: House, clock: Clock
) -> None:
    """The outbox is gone, so that both the answer and the apology fail."""
    turns = Turns(db, Desk(house, {"kenh": FAST}), clock, lambda *_: None)
    await db.run(lambda conn: conn.execute(text("DROP TABLE outbox")))
    poison = incoming("chào", message="doc")
    for _ in range(2):
        with pytest.raises(Exception, match="outbox"):
            await turns.take(poison)
    await turns.take(poison)
    [row] = await db.run(setaside.recent)
    assert (row.message, row.tries, row.kind) == ("doc", 3, "text")
    assert "chào" not in row.error


@dataclass
class Crowded(Database):
    """A database that is busy for the first few works, as a locked file is."""

    under: Database
    left: int

    async def _run(self, job: Callable[[Conn], Any]) -> Any:
        if self.left:
            self.left -= 1
            return None, Busy()
        return await self.under._run(job)

    async def close(self) -> None: ...


@pytest.mark.parametrize(("busy", "answered"), [(1, True), (3, False)])
async def test_a_busy_database_is_tried_again_and_then_given_back(
    db: Database, desk: Desk, clock: Clock, busy: int, answered: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.turn._PAUSES", (0.001, 0.001))
    turns = Turns(Crowded(db, busy), desk, clock, lambda *_: None)
    if answered:
        await turns.take(incoming("chào"))
    else:
        with pytest.raises(Busy):
            await turns.take(incoming("chào"))
        await turns.take(incoming("chào"))
    assert len(await db.run(lambda conn: conn.execute(select(table.c.id)).all())) == 1
    assert await db.run(setaside.recent) == []


async def test_leaving_and_coming_back(turns: Turns, db: Database) -> None:
    await turns.take(incoming("chào"))
    await turns.take(incoming("", kind=Kind.LEFT))
    assert not (await db.run(chat_of)).reachable
    await turns.take(incoming("", kind=Kind.RETURNED))
    assert (await db.run(chat_of)).reachable
    assert len(await db.run(everything)) == 1


async def test_a_group_is_told_once_that_this_works_in_private(turns: Turns, db: Database) -> None:
    for _ in range(3):
        await turns.take(incoming("ai giúp tôi với", kind=Kind.GROUP))
    assert len(await db.run(everything)) == 1


SECRETS = {
    "Hoa@1955xyz": "mật khẩu của tôi là Hoa@1955xyz",
    "582913": "mã OTP là 582913",
    "020055001234": "căn cước của bác 020055001234",
    "4111111111111111": "thẻ 4111 1111 1111 1111",
    "771204": "/start 771204 là mã otp",
    "998877": "/matma mã xác nhận 998877",
}


async def test_secrets_reach_neither_the_file_nor_the_log(
    turns: Turns, db: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for words in SECRETS.values():
        await turns.take(incoming(words))
    await turns.take(incoming("căn cước 020055001234", kind=Kind.PHOTO))
    kept = files(tmp_path)
    assert all(secret.encode() not in kept for secret in SECRETS)
    assert b"4111 1111" not in kept
    lines = "\n".join(JsonLines(Scrubber([])).format(record) for record in caplog.records)
    assert all(secret not in lines for secret in SECRETS)
    assert len(await db.run(everything)) == len(SECRETS) + 1


def files(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


HOSTILE = [
    "",
    " ",
    "\0",
    "a\0b",
    "\ud800",
    "😀" * 50,
    "x" * 100_000,
    "²",
    "/",
    "//",
    "/@",
    "/\ud800",
    "[help:ask] x",
    "\n" * 50,
]


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.LEFT])
async def test_nothing_that_can_be_sent_breaks_a_turn(turns: Turns, db: Database, kind: Kind) -> None:
    for words in HOSTILE:
        await turns.take(incoming(words, kind=kind, message=f"\0{kind}{words[:50]}", chat="\ud8001"))
    faults = [mishap for mishap in await db.run(mishaps.recent) if mishap.where != "help"]
    assert faults == []
    assert await db.run(setaside.recent) == []


def test_a_tap_is_a_key_or_nothing() -> None:
    def tapped(key: str) -> str:
        return tidy(incoming(key, kind=Kind.TAP)).text

    good = ["nav:back", "guide:done:android:AND-3:0", "help:way:phone", "menu:lessons:"]
    assert [tapped(key) for key in good] == good
    bad = ["nav", "nav:back\n", "calls:take:" + "9" * 19, "calls:take:²", "a b:c", "mật:khẩu"]
    assert {tapped(key) for key in bad} == {""}


async def test_one_chat_in_order_while_others_go_side_by_side(db: Database, house: House, clock: Clock) -> None:
    def note(ctx: Context, rest: str) -> Answer:
        order = [*ctx.chat.notes.get("order", []), int(rest)]
        return Answer((Reply(rest),), notes={"order": order} if len(order) < 60 else {"order": order[-1:]})

    turns = Turns(db, Desk(house_with(house, breaking(note)), {"kenh": FAST}), clock, lambda *_: None)
    long = [incoming(f"/hong {n}", chat="dai") for n in range(1000)]
    others = [incoming(f"/hong {n}", chat=f"c{chat}") for n in range(5) for chat in range(200)]
    await asyncio.gather(*map(turns.take, [message for pair in zip(long, others, strict=True) for message in pair]))
    said = await db.run(everything, "dai")
    assert said == [str(n) for n in range(1000)]
    for chat in range(0, 200, 20):
        assert await db.run(everything, f"c{chat}") == list("01234")


async def test_a_notice_for_a_channel_that_is_switched_off_waits_and_harms_nobody(
    db: Database, house: House, clock: Clock
) -> None:
    def tell(ctx: Context, rest: str) -> Answer:
        other = chats.arrive(ctx.conn, "da-tat", "x", "9", ctx.now)
        return Answer((Reply("nhắn rồi"), Reply("có việc", to=other.id)))

    turns = Turns(db, Desk(house_with(house, breaking(tell)), {"kenh": FAST}), clock, lambda *_: None)
    await turns.take(incoming("/hong"))
    assert await db.run(everything) == ["nhắn rồi"]
    [mishap] = await db.run(mishaps.recent)
    assert mishap.ref == "OFF-da-tat"


async def test_a_handler_may_say_nothing(db: Database, house: House, clock: Clock) -> None:
    turns = Turns(
        db, Desk(house_with(house, breaking(lambda ctx, rest: Answer())), {"kenh": FAST}), clock, lambda *_: None
    )
    await turns.take(incoming("/hong"))
    assert await db.run(everything) == []


async def test_answer_tells_whether_the_message_was_new(db: Database, desk: Desk, clock: Clock) -> None:
    one: Incoming = incoming("chào")
    assert [await db.run(answer, one, clock(), desk) for _ in range(2)] == [True, False]
