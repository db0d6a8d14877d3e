"""Documents: rights when asked and when fetched, one line in the audit for each, links that nobody can make or keep."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.authoring.player import BEGIN
from bot.core.errors import NoPaper, UserError
from bot.core.imprint import Imprint, Ways
from bot.core.messages import Paper, Reply
from bot.desk import Desk, House
from bot.links import Links, key_in
from bot.outgoing import drafts
from bot.papers import Room, ask, known
from storage import chats, grants, invites, people, units
from storage.db import Conn, Database
from storage.schema import audit, grant
from tests.engine.kit import FAST, Clock


def two_units(conn: Conn) -> dict[str, int]:
    """A coordinator of Nà Pán, the office, and a helper; both units have their code."""
    ids = {}
    for code in ("NAPAN", "NAHO"):
        ids[code] = units.create(conn, code=code, name=f"Thôn {code}", kind="thon", parent_id=None).id
        invites.for_unit(conn, ids[code], code, BEGIN)
    for role, scope in (("coordinator", ids["NAPAN"]), ("helper", ids["NAPAN"]), ("office", None)):
        ids[role] = people.create(conn, code=role.upper(), name="Lý Thị Lành", unit_id=ids["NAPAN"], now=BEGIN).id
        grants.give(conn, ids[role], role, scope_unit_id=scope, now=BEGIN)
    return ids


def subjects(conn: Conn) -> list[tuple[int | None, str]]:
    return [tuple(row) for row in conn.execute(select(audit.c.actor_person_id, audit.c.subject))]


@pytest.fixture
def room(db: Database, clock: Clock, house: House) -> Room:
    imprint = Imprint(house.library.commune, Ways(web="https://xa.example"), "Asia/Ho_Chi_Minh")
    return Room(db, clock, lambda: imprint, Links(b"k" * 32))


def revoke(conn: Conn, person: int) -> None:
    conn.execute(update(grant).where(grant.c.person_id == person).values(revoked_at=BEGIN))


async def test_it_is_built_for_whom_it_is_and_noted(db: Database, room: Room) -> None:
    ids = await db.run(two_units)
    recipe = f"invites:unit:{ids['NAPAN']}:html"
    made = await room.build(Paper(recipe, "giay.html", ids["coordinator"]))
    assert b"NAPAN" in made
    assert await db.run(subjects) == [(ids["coordinator"], recipe)]


async def test_a_right_that_ended_meanwhile_counts_no_longer(db: Database, room: Room) -> None:
    ids = await db.run(two_units)
    paper = await db.run(ask, ids["coordinator"], f"invites:unit:{ids['NAPAN']}:docx", "giay.docx")
    await db.run(revoke, ids["coordinator"])
    with pytest.raises(NoPaper):
        await room.build(paper)
    assert await db.run(subjects) == []


@pytest.mark.parametrize(
    ("who", "recipe"),
    [
        ("helper", "invites:unit:{NAPAN}:docx"),
        ("coordinator", "invites:unit:{NAHO}:docx"),
        ("coordinator", "invites:all:units:docx"),
        ("coordinator", "invites:role:office:docx"),
        ("coordinator", "invites:person:{office}:docx:more"),
        ("office", "nothing:of:the:kind"),
        ("office", ""),
        (None, "invites:unit:{NAPAN}:docx"),
    ],
)
async def test_what_is_not_ones_own_is_refused(who: str | None, recipe: str, db: Database) -> None:
    ids = await db.run(two_units)
    with pytest.raises(UserError):
        await db.run(ask, ids[who] if who else None, recipe.format(**ids), "x.docx")


@pytest.mark.parametrize(
    "recipe", ["invites:unit:999:docx", "invites:unit:{NAPAN}:exe", "invites:unit:x:docx", "invites"]
)
async def test_what_there_is_not_cannot_be_built(recipe: str, db: Database, room: Room) -> None:
    ids = await db.run(two_units)
    with pytest.raises(NoPaper):
        await room.build(Paper(recipe.format(**ids), "x.docx", ids["office"]))


def test_reports_are_found_by_themselves() -> None:
    assert "invites" in known()


def test_a_link_leads_back_to_the_document_until_it_is_over() -> None:
    links = Links(b"k" * 32)
    paper = Paper("invites:unit:1:docx", "giay-moi.docx", 7)
    token = links.token(paper, BEGIN + timedelta(hours=1))
    assert links.opened(token, BEGIN) == paper
    assert links.opened(token, BEGIN + timedelta(hours=1)) is None
    assert Links(b"x" * 32).opened(token, BEGIN) is None


@pytest.mark.parametrize(
    "forged", ["", ".", "a.b", "a.b.c", "đ.đ", "x" * 5000, "{body}.", "{body}.AAAA", "e30.{signature}"]
)
def test_a_forged_link_leads_nowhere(forged: str) -> None:
    body, signature = Links(b"k" * 32).token(Paper("a:b", "c", 1), BEGIN + timedelta(hours=1)).split(".")
    assert Links(b"k" * 32).opened(forged.format(body=body, signature=signature), BEGIN) is None


def test_the_key_is_made_once_and_is_the_users_own(tmp_path: Path) -> None:
    first = key_in(tmp_path / "data")
    assert len(first) == 64
    assert key_in(tmp_path / "data") == first
    [file] = (tmp_path / "data").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("channel", "files"), [("kenh", True), ("khong_tep", False)])
async def test_a_channel_gets_the_file_or_the_way_to_it(
    channel: str, files: bool, db: Database, house: House, room: Room
) -> None:
    poor = FAST.__class__(buttons=0, max_text=2000, max_caption=1000, files_out=False, media_by_url_only=True)
    desk = Desk(house, {"kenh": FAST, "khong_tep": poor}, link=room.link)
    reply = Reply("Giấy mời đây ạ.", paper=Paper("invites:unit:1:docx", "giay.docx", 3))
    chat = await db.run(chats.arrive, channel, "mot", "1", BEGIN)
    [draft] = drafts(reply, chat, "k", desk, BEGIN)
    if files:
        assert draft.paper is not None
        assert (draft.paper.asked_by, draft.text) == (3, "Giấy mời đây ạ.")
        assert "hỏi Phòng Văn hóa" in draft.paper.otherwise
        return
    assert draft.paper is None
    token = draft.text.rpartition("/tep/")[2]
    assert room.opened(token) == Paper("invites:unit:1:docx", "giay.docx", 3)
    [nowhere] = drafts(reply, chat, "k", Desk(house, {"khong_tep": poor}), BEGIN)
    assert "trang web của xã" in nowhere.text
