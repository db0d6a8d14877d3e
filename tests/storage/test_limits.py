"""Limits as the tables know them: seats, chats left to a person, lanes that carry answers only, whom nobody told."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.core.messages import Choice, Media, MediaKind, Parcel, Rank, Reply
from storage import body, chats, due, invites, outbox, people, units, untold
from storage.chats import Chat
from storage.db import Conn, Database
from storage.due import Due
from storage.outbox import Draft

MOT, HAI = ("kenh", "mot"), ("kenh", "hai")
HOUR = timedelta(hours=1)


def arrive(conn: Conn, key: str, now: datetime, account: str = "mot") -> Chat:
    return chats.arrive(conn, "kenh", account, key, now)


def write(conn: Conn, chat: Chat, texts: list[str], rank: Rank, now: datetime) -> None:
    outbox.add(conn, [Draft(chat.id, f"{chat.id}-{text}:0", rank, text) for text in texts], now)


async def test_everybody_who_ever_wrote_holds_a_seat(db: Database, now: datetime) -> None:
    def work(conn: Conn) -> dict[str, int]:
        for key in "1231":
            arrive(conn, key, now)
        arrive(conn, "1", now, "hai")
        chats.lost(conn, arrive(conn, "9", now, "hai").id, now)
        chats.arrive(conn, "khac", "mot", "1", now)
        return chats.seats(conn, "kenh")

    assert await db.run(work) == {"mot": 3, "hai": 2}


async def test_an_invitation_holds_a_seat_until_it_is_used_or_old(db: Database, now: datetime) -> None:
    def work(conn: Conn) -> list[dict[str, int]]:
        for number in range(3):
            invites.create(conn, code=f"MOT{number}", uses=1, channel="kenh", account="mot", now=now)
        invites.create(conn, code="BAY", uses=7, channel="kenh", account="hai", now=now)
        invites.create(conn, code="CU", uses=1, channel="kenh", account="mot", now=now - timedelta(days=15))
        invites.create(conn, code="HET", channel="kenh", account="mot", expires_at=now - HOUR, now=now)
        invites.create(conn, code="DAU", uses=1, now=now)
        before = invites.held(conn, "kenh", now - timedelta(days=14), now)
        invites.redeem(conn, "MOT0", now)
        invites.redeem(conn, "BAY", now)
        return [before, invites.held(conn, "kenh", now - timedelta(days=14), now)]

    assert await db.run(work) == [{"mot": 3, "hai": 7}, {"mot": 2, "hai": 6}]


async def test_a_units_code_holds_a_seat_for_everybody_who_is_still_to_come(db: Database, now: datetime) -> None:
    def work(conn: Conn) -> list[object]:
        home = units.create(conn, code="NAPAN", name="Thôn Nà Pán", kind="thon", parent_id=None).id
        ids = [people.create(conn, code=f"P{n}", name="Lan", unit_id=home, now=now).id for n in range(5)]
        invites.create(conn, code="NAPAN", unit_id=home, channel="kenh", account="mot", now=now - timedelta(days=15))
        invites.create(conn, code="TRONG", channel="kenh", account="hai", now=now)
        chats.set_person(conn, arrive(conn, "1", now).id, ids[0])
        own = invites.issue(conn, ids[1], now)
        before = (invites.weight(conn, "NAPAN", now), invites.held(conn, "kenh", now - timedelta(days=14), now))
        invites.tie(conn, own.code, "kenh", "hai", now)
        invites.tie(conn, "NAPAN", "kenh", "mot", now)
        return [*before, invites.held(conn, "kenh", now - timedelta(days=14), now)]

    assert await db.run(work) == [4, {"hai": 1}, {"mot": 3, "hai": 2}]


async def test_a_chat_is_left_to_a_person_longer_but_never_shorter(db: Database, now: datetime) -> None:
    def work(conn: Conn) -> list[datetime | None]:
        first = arrive(conn, "1", now - 3 * HOUR)
        chats.lost(conn, first.id, now)
        found = []
        for until in (now + HOUR, now + 2 * HOUR, now + HOUR):
            chats.hush(conn, "kenh", "mot", "1", until, now)
            found.append(chats.get(conn, first.id).quiet_until)
        after = chats.get(conn, first.id)
        assert (after.last_in_at, after.reachable) == (first.last_in_at, False)  # the office wrote, not the person
        assert not chats.wake(conn, first.id).is_quiet(now)
        chats.hush(conn, "kenh", "mot", "moi", now + HOUR, now)
        fresh = chats.find(conn, "kenh", "mot", "moi")
        assert fresh is not None
        assert (fresh.is_quiet(now), fresh.is_quiet(now + HOUR)) == (True, False)
        return found

    assert await db.run(work) == [now + HOUR, now + 2 * HOUR, now + 2 * HOUR]


async def test_what_a_notice_takes_the_place_of_is_kept_in_mind(db: Database, now: datetime) -> None:
    first, second, third = ((Choice(f"a:{name}", name),) for name in "123")

    def work(conn: Conn) -> tuple[Chat, Chat]:
        chat = arrive(conn, "1", now)
        for menu in ((), first, second, third, third):
            chats.offer(conn, chats.get(conn, chat.id), menu)
        noted = chats.get(conn, chat.id)
        place = {"at": "", "trail": (), "notes": {}, "misses": 0, "last_tap": None, "last_tap_at": None}
        chats.leave(conn, noted, offered=first, **place)  # type: ignore[arg-type]  # the names above are its own
        return noted, chats.get(conn, chat.id)

    noted, after = await db.run(work)
    assert (noted.offered, noted.earlier) == (third, (second, third))
    assert (after.offered, after.earlier) == (first, ())


async def test_an_account_without_room_carries_answers_only(db: Database, now: datetime) -> None:
    def work(conn: Conn) -> list[str]:
        for account in ("mot", "hai"):
            for number in range(3):
                chat = arrive(conn, f"{account}{number}", now, account)
                write(conn, chat, [f"{account} notice {number}"], Rank.NOTICE, now)
        write(conn, arrive(conn, "hai9", now, "hai"), ["hai answer"], Rank.ANSWER, now)
        rooms = {MOT: 2, HAI: 0}
        parcels = outbox.claim(conn, now, limit=9, max_rank=Rank.BULK, accounts=[MOT, HAI], rooms=rooms)
        assert rooms == {MOT: 2, HAI: 0}
        assert len(due.blocked(conn, HAI, now)) == 3
        return [parcel.text for parcel in parcels]

    assert await db.run(work) == ["hai answer", "mot notice 0", "mot notice 1"]


async def test_the_last_look_stops_everything_of_its_chat(db: Database, now: datetime) -> None:
    seen: list[Due] = []

    def look(message: Due) -> bool:
        seen.append(message)
        return message.dedupe.endswith("go:0")

    def work(conn: Conn) -> list[Parcel]:
        write(conn, arrive(conn, "1", now), ["stay", "behind"], Rank.NOTICE, now)
        write(conn, arrive(conn, "2", now), ["go"], Rank.NOTICE, now)
        write(conn, arrive(conn, "3", now), ["answer"], Rank.ANSWER, now)
        return outbox.claim(conn, now, limit=9, max_rank=Rank.BULK, accounts=[MOT], look=look)

    assert [parcel.text for parcel in await db.run(work)] == ["answer", "go"]
    assert [message.body["text"] for message in seen] == ["stay", "go"]
    assert (seen[0].channel, seen[0].reachable, seen[0].last_in_at, seen[0].quiet_until) == ("kenh", True, now, None)


async def test_a_message_that_goes_nowhere_takes_its_later_parts_along(db: Database, now: datetime) -> None:
    def work(conn: Conn) -> list[str]:
        chat = arrive(conn, "1", now)
        names = ["a%_:0", "a%_:1", "a%_b:0", "axx:0"]
        outbox.add(conn, [Draft(chat.id, name, Rank.NOTICE, name) for name in names], now)
        first = due.blocked(conn, MOT, now)[0]
        outbox.move_on(conn, first, "moved")
        return [message.dedupe for message in due.blocked(conn, MOT, now)]

    assert await db.run(work) == ["a%_b:0", "axx:0"]


def test_the_whole_of_a_message_survives_its_row() -> None:
    picture = Media(MediaKind.PICTURE, "a.png", "hình")
    reply = Reply("dài", (Choice("a:b", "Bấm"),), picture, Media(MediaKind.VOICE, "a.aac"), twice_ok=False)
    packed = body.pack("ngắn", (), None, whole=reply)
    assert body.whole(packed) == reply
    assert body.unpack(packed) == ("ngắn", (), None, None)
    assert body.whole(body.pack("ngắn", (), None)) is None


async def test_whom_nobody_told_is_kept_once_a_day_until_a_person_is_asked(db: Database, now: datetime) -> None:
    def work(conn: Conn) -> list[tuple[str, str, str, int | None]]:
        home = units.create(conn, code="NAPAN", name="Nà Pán", kind="thon", parent_id=None)
        known = people.create(conn, code="1", name="Tư", unit_id=home.id, now=now)
        chat, stranger = arrive(conn, "1", now), arrive(conn, "2", now)
        chats.set_person(conn, chat.id, known.id)
        untold.note(conn, {chat.id, stranger.id}, "2026-11-24", "quota", now)
        untold.note(conn, [chat.id], "2026-11-24", "window", now)
        untold.note(conn, [], "2026-11-24", "window", now)
        rows = untold.waiting(conn)
        untold.told(conn, rows, now)
        assert untold.waiting(conn) == []
        untold.note(conn, [chat.id], "2026-11-24", "quota", now)
        assert untold.waiting(conn) == []
        untold.note(conn, [chat.id], "2026-11-25", "quota", now)
        assert [row.day for row in untold.waiting(conn)] == ["2026-11-25"]
        return sorted((row.name, row.day, row.reason, row.unit_id) for row in rows)

    found = await db.run(work)
    assert [row[:3] for row in found] == [("", "2026-11-24", "quota"), ("Tư", "2026-11-24", "quota")]
    assert [row[3] is None for row in found] == [True, False]
