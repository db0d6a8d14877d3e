"""Commands for the commune's IT person: the first units and people, and what went wrong lately."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Any, TypeVar

import click

from bot import clock
from bot.core.errors import CamtayError
from bot.core.roles import REACH
from bot.zalo_doctor.command import zalo
from storage import cells, codes, grants, invites, mishaps, outbox, people, setaside, unanswered, units
from storage.db import Conn, Database
from storage.invites import Invite

T = TypeVar("T")

_KINDS = ("thon", "khoi_pho", "co_quan")
_ROLES = ("member", *REACH)


class NoSuchUnit(CamtayError):
    """Chưa có đơn vị mang mã ấy. Xem các mã bằng lệnh: camtay units"""


class NoSuchCell(CamtayError):
    """Chưa có chi bộ mang mã ấy."""


class NeedsPlace(CamtayError):
    """Vai này gắn với một nơi: tổ công nghệ số và trưởng thôn cần --unit, bí thư cần --cell."""


class CodeTaken(CamtayError):
    """Mã ấy đã có nơi khác dùng. Chọn mã khác."""


class BadCode(CamtayError):
    """Mã đơn vị gồm 4 đến 16 chữ cái không dấu và số, viết liền, ví dụ NAPAN: người ta đọc trên giấy và gõ lại."""


class OnlyADemo(CamtayError):
    """Đang là xã dùng thử, không ghi người thật vào đó. Điền TELEGRAM_BOT_TOKEN, hoặc ghi DEMO=false vào .env."""


@click.command("add-unit")
@click.argument("code")
@click.argument("name")
@click.option("--kind", type=click.Choice(_KINDS), default="thon", help="thôn, khối phố, hay cơ quan")
def add_unit(code: str, name: str, kind: str) -> None:
    """Thêm một thôn, khối phố hay cơ quan, và in mã mời của nơi ấy."""
    if not re.fullmatch(r"[A-Z0-9]{4,16}", code.upper()):
        raise BadCode
    invite = work(_add_unit, code.upper(), name, kind, real=True)
    click.echo(f"Đã thêm {name}. {_how_to_enter(invite)}")


@click.command("add-person")
@click.argument("name")
@click.option("--unit", "unit_code", help="mã đơn vị; bỏ trống cho cán bộ cả xã")
@click.option("--cell", "cell_code", help="mã chi bộ; bí thư thì phải có")
@click.option("--role", type=click.Choice(_ROLES), default="member")
@click.option("--phone", default=None)
def add_person(name: str, unit_code: str | None, cell_code: str | None, role: str, phone: str | None) -> None:
    """Thêm một người với vai trò của họ, và in mã mời riêng (dùng một lần)."""
    invite = work(_add_person, name, unit_code, cell_code, role, phone, real=True)
    click.echo(f"Đã thêm {name}. {_how_to_enter(invite)}")


@click.group("doctor", invoke_without_command=True)
@click.pass_context
def doctor(ctx: click.Context) -> None:
    """Xem gần đây có gì trục trặc: tin chưa gửi được, lỗi, tin phải để riêng. Thêm zalo: khám một bot Zalo."""
    if ctx.invoked_subcommand is None:
        for line in work(_report):
            click.echo(line)


doctor.add_command(zalo)


@click.command("questions")
def list_questions() -> None:
    """Liệt kê những câu bot chưa trả lời được, câu hay hỏi đứng trước, để viết thêm vào guides/answers.yaml."""
    rows = work(unanswered.often)
    lines = [f"{row.count:>4} lần  {row.last_at:%d/%m}  {row.text}" for row in rows]
    click.echo("\n".join(lines) or "Chưa có câu nào bot chưa trả lời được.")


def _add_unit(conn: Conn, code: str, name: str, kind: str) -> Invite:
    if units.by_code(conn, code):
        raise CodeTaken
    unit = units.create(conn, code=code, name=name, kind=kind, parent_id=None)
    return invites.create(conn, code=code, unit_id=unit.id, now=clock.now())


def _add_person(
    conn: Conn, name: str, unit_code: str | None, cell_code: str | None, role: str, phone: str | None
) -> Invite:
    unit = units.by_code(conn, unit_code.upper()) if unit_code else None
    cell = cells.by_code(conn, cell_code.upper()) if cell_code else None
    if unit_code and unit is None:
        raise NoSuchUnit
    if cell_code and cell is None:
        raise NoSuchCell
    now = clock.now()
    unit_id, cell_id = unit.id if unit else None, cell.id if cell else None
    code = codes.give(conn, {unit_id: 1})[unit_id][0] if unit_id else people.next_code(conn)
    person = people.create(conn, code=code, name=name, unit_id=unit_id, cell_id=cell_id, phone=phone, now=now)
    if role != "member":
        _appoint(conn, person.id, role, unit_id, cell_id)
    return invites.issue(conn, person.id, now)


def _appoint(conn: Conn, person_id: int, role: str, unit_id: int | None, cell_id: int | None) -> None:
    """On the place that the role belongs to, and on no other."""
    reach = REACH[role]
    on_unit, on_cell = unit_id if reach == "unit" else None, cell_id if reach == "cell" else None
    if reach != "commune" and on_unit is None and on_cell is None:
        raise NeedsPlace
    grants.give(conn, person_id, role, scope_unit_id=on_unit, scope_cell_id=on_cell, now=clock.now())


def _report(conn: Conn) -> list[str]:
    lines = [f"Tin trong hàng đợi: {outbox.backlog(conn)}"]
    lines += [
        f"Để riêng: {row.at:%d/%m %H:%M} {row.channel} {row.error} ({row.tries} lần)" for row in setaside.recent(conn)
    ]
    lines += [
        f"Lỗi {row.ref}: {row.at:%d/%m %H:%M} {row.channel} {row.where} {row.error}" for row in mishaps.recent(conn)
    ]
    return lines if len(lines) > 1 else [*lines, "Không có trục trặc nào được ghi."]


def _how_to_enter(invite: Invite) -> str:
    from bot import settings

    loaded = settings.load()
    base = loaded.public_url.rstrip("/") or f"http://127.0.0.1:{loaded.port}"
    return f"Mã mời: {invite.code}. Mở {base}/?ma={invite.code}, hoặc nhắn mã này cho trợ lý."


def work(job: Callable[..., T], *args: Any, real: bool = False) -> T:
    """Run one piece of work on the database of the settings; `real`: never on the demo's.

    Raises:
        OnlyADemo: there is no other.
    """
    from bot import settings
    from storage.migrate import migrate

    async def once() -> T:
        db = await Database.open(url)
        try:
            return await db.run(job, *args)
        finally:
            await db.close()

    loaded = settings.load()
    if real and loaded.is_demo:
        raise OnlyADemo
    url = loaded.database
    migrate(url)
    return asyncio.run(once())


COMMANDS = (add_unit, add_person, list_questions, doctor)
