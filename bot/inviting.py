"""`camtay invite`: printed invitations, for whoever sits at the commune's machine."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import click

from bot import clock
from bot.admin import NoSuchUnit, work
from bot.core.errors import AccountDown, CamtayError, NoPaper
from bot.core.imprint import Imprint
from bot.seats import Bots, Seated, seat, signed
from storage import audit, chats, grants, invites, people, units
from storage.db import Conn
from storage.invites import Invite

if TYPE_CHECKING:
    from bot.reports.invites import Sheets

_ROLES = ("helper", "coordinator", "secretary", "office", "party", "leader", "admin")

Chosen = tuple[str, str, list[Invite | None]]
"""Which invitations: the recipe without its format, what the file is called, and the codes that are handed out."""


class NoSuchPerson(CamtayError):
    """Chưa có người mang mã ấy. Mã của từng người ở cột đầu danh sách đảng viên."""


class OneChoice(CamtayError):
    """Chọn đúng một: --unit MÃ, --person MÃ, --role VAI hoặc --all."""


class Nobody(CamtayError):
    """Không có ai để mời: chưa có người, hoặc ai cũng đã vào rồi."""


class NoName(CamtayError):
    """Chưa hỏi được tên bot Telegram để in lên giấy. Xem lại mạng và TELEGRAM_BOT_TOKEN rồi chạy lại."""


@click.command("invite")
@click.option("--unit", "unit_code", help="giấy mời chung của một đơn vị; thêm --each để in giấy riêng từng người")
@click.option("--person", "person_code", help="giấy riêng của một người; mã cũ của người ấy hết dùng được")
@click.option("--role", type=click.Choice(_ROLES), help="giấy riêng của mọi người giữ vai này mà chưa vào")
@click.option("--all", "every", is_flag=True, help="giấy mời chung của tất cả đơn vị")
@click.option("--each", is_flag=True, help="cùng --unit: giấy riêng cho từng đảng viên chưa vào")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("."), help="thư mục để tệp")
@click.option("--format", "format_", type=click.Choice(("docx", "html")), default="docx")
def invite(
    unit_code: str | None,
    person_code: str | None,
    role: str | None,
    every: bool,
    each: bool,
    out: Path,
    format_: str,
) -> None:
    """In giấy mời khổ A4: mã, ô vuông để soi, ai làm, gọi ai."""
    if sum(map(bool, (unit_code, person_code, role, every))) != 1 or (each and not unit_code):
        raise OneChoice
    prepare = _chosen(unit_code, person_code, role, each)
    imprint, bots = asyncio.run(_house())
    recipe, name, seated = work(_prepared, prepare, bots)
    data = work(_read, f"{recipe}:{format_}")
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{name}.{format_}"
    path.write_bytes(_report().build(data, imprint))
    click.echo(f"Đã ghi {len(data.sheets)} giấy mời vào {path}. In khổ A4, để nguyên cỡ.")
    for remark in _remarks(seated):
        click.echo(remark)


def _remarks(seated: Seated) -> Iterator[str]:
    """What whoever prints must know of Zalo; the office hears by itself that the bots are full."""
    if seated.nameless:
        yield "Giấy chưa in Zalo: ghi tên từng bot ở mục zalo_bots trong guides/commune.yaml rồi in lại."
    elif seated.left_out:
        yield f"Các bot Zalo đủ người: {seated.left_out} giấy không in Zalo. Lập thêm bot (docs/zalo.md) rồi in lại."
    elif seated.too_many > 0:
        yield f"Bot Zalo trên giấy chung có thể thiếu {seated.too_many} chỗ. In giấy riêng (--each) thì ai cũng có chỗ."


def _chosen(unit_code: str | None, person_code: str | None, role: str | None, each: bool) -> Callable[[Conn], Chosen]:
    if unit_code:
        return lambda conn: _unit(conn, unit_code.upper(), each)
    if person_code:
        return lambda conn: _person(conn, person_code.upper())
    return (lambda conn: _role(conn, role)) if role else _all


def _unit(conn: Conn, code: str, each: bool) -> Chosen:
    unit = units.by_code(conn, code)
    if unit is None:
        raise NoSuchUnit
    if not each:
        made = invites.for_unit(conn, unit.id, unit.code, clock.now())
        return f"unit:{unit.id}", f"giay-moi-{unit.code}", [made]
    issued = _issue(conn, [person.id for person in people.members_of(conn, unit.id)])
    return f"people:{unit.id}", f"giay-rieng-{unit.code}", issued


def _person(conn: Conn, code: str) -> Chosen:
    person = people.by_code(conn, code)
    if person is None:
        raise NoSuchPerson
    made = invites.issue(conn, person.id, clock.now())
    return f"person:{person.id}", f"giay-rieng-{person.code}", [made]


def _role(conn: Conn, role: str) -> Chosen:
    issued = _issue(conn, [person.id for person in grants.all_with(conn, role)])
    return f"role:{role}", f"giay-rieng-{role}", issued


def _all(conn: Conn) -> Chosen:
    made: list[Invite | None] = [invites.for_unit(conn, unit.id, unit.code, clock.now()) for unit in units.all_(conn)]
    return "all:units", "giay-moi-ca-xa", made


def _issue(conn: Conn, ids: list[int]) -> list[Invite | None]:
    """The codes of these who are not in yet; who has none gets one."""
    now, known = clock.now(), chats.are_in(conn, ids)
    missing = [person for person in ids if person not in known]
    invites.issue_missing(conn, missing, now)
    return [invites.of_person(conn, person, now) for person in missing]


def _prepared(conn: Conn, prepare: Callable[[Conn], Chosen], bots: Bots) -> tuple[str, str, Seated]:
    """The codes, each with its seat on a Zalo bot as far as there are any."""
    recipe, name, handed_out = prepare(conn)
    return recipe, name, seat(conn, handed_out, bots, clock.now())


def _report() -> ModuleType:
    """Late: python-docx takes its time, and every start of the bot registers this command."""
    return import_module("bot.reports.invites")


def _read(conn: Conn, recipe: str) -> Sheets:
    try:
        data: Sheets = _report().read(conn, tuple(recipe.split(":")), clock.now())
    except NoPaper:
        raise Nobody from None
    audit.note(conn, actor=None, action="paper.handed_over", subject=f"invites:{recipe}", now=clock.now())
    return data


async def _house() -> tuple[Imprint, Bots]:
    """The commune with the ways to the channels that its settings switch on, and its Zalo bots.

    Nothing connects to Zalo here: the bots that the commune's file names are taken for running.
    """
    from bot import app, lineup, press, settings
    from bot.channels.telegram import TelegramChannel
    from storage.db import Database

    loaded = settings.load()
    house, db = app.open_house(loaded.camtay_guides), await Database.open("sqlite://")
    channels = lineup.channels(loaded, db, house, clock.now)
    try:
        for channel in channels.values():
            if isinstance(channel, TelegramChannel):
                await channel.identify()
        commune = house.library.commune
        bots = signed(commune, commune.zalo_bots, commune.zalo_bot.users_cap) if loaded.zalo_bots else Bots()
        return press.imprint(loaded, house, channels), bots
    except AccountDown:
        raise NoName from None
    finally:
        for channel in channels.values():
            await channel.close()
        await db.close()


COMMANDS = (invite,)
