"""Commands for the commune's IT person: the first units and people, and what went wrong lately."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

import click

from bot import clock
from bot.core.errors import CamtayError
from storage import grants, invites, mishaps, outbox, people, setaside, unanswered, units
from storage.db import Conn, Database
from storage.invites import Invite

T = TypeVar("T")

_KINDS = ("thon", "khoi_pho", "co_quan")
_ROLES = ("member", "helper", "coordinator", "office", "party", "leader")
_CODE_LASTS = timedelta(days=60)


class NoSuchUnit(CamtayError):
    """Chưa có đơn vị mang mã ấy. Xem các mã bằng lệnh: camtay units"""


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
    invite = _work(_add_unit, code.upper(), name, kind, real=True)
    click.echo(f"Đã thêm {name}. {_how_to_enter(invite)}")


@click.command("add-person")
@click.argument("name")
@click.option("--unit", "unit_code", help="mã đơn vị; bỏ trống cho cán bộ cả xã")
@click.option("--role", type=click.Choice(_ROLES), default="member")
@click.option("--phone", default=None)
def add_person(name: str, unit_code: str | None, role: str, phone: str | None) -> None:
    """Thêm một người với vai trò của họ, và in mã mời riêng (dùng một lần)."""
    invite = _work(_add_person, name, unit_code, role, phone, real=True)
    click.echo(f"Đã thêm {name}. {_how_to_enter(invite)}")


@click.command("units")
def list_units() -> None:
    """Liệt kê các đơn vị và mã của chúng."""
    rows = _work(units.all_)
    click.echo("\n".join(f"{unit.code:<14}{unit.name}" for unit in rows) or "Chưa có đơn vị nào. Thêm: camtay add-unit")


@click.command("questions")
def list_questions() -> None:
    """Liệt kê những câu bot chưa trả lời được, câu hay hỏi đứng trước, để viết thêm vào guides/answers.yaml."""
    rows = _work(unanswered.often)
    lines = [f"{row.count:>4} lần  {row.last_at:%d/%m}  {row.text}" for row in rows]
    click.echo("\n".join(lines) or "Chưa có câu nào bot chưa trả lời được.")


@click.command("doctor")
def doctor() -> None:
    """Xem gần đây có gì trục trặc: tin chưa gửi được, lỗi, tin phải để riêng."""
    for line in _work(_report):
        click.echo(line)


def _add_unit(conn: Conn, code: str, name: str, kind: str) -> Invite:
    if units.by_code(conn, code):
        raise CodeTaken
    unit = units.create(conn, code=code, name=name, kind=kind, parent_id=None)
    return invites.create(conn, code=code, unit_id=unit.id, now=clock.now())


def _add_person(conn: Conn, name: str, unit_code: str | None, role: str, phone: str | None) -> Invite:
    unit = units.by_code(conn, unit_code.upper()) if unit_code else None
    if unit_code and unit is None:
        raise NoSuchUnit
    now = clock.now()
    unit_id = unit.id if unit else None
    person = people.create(conn, code=people.next_code(conn), name=name, unit_id=unit_id, phone=phone, now=now)
    if role != "member":
        grants.give(conn, person.id, role, scope_unit_id=unit_id, now=now)
    return invites.create(conn, person_id=person.id, uses=1, expires_at=now + _CODE_LASTS, now=now)


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


def _work(work: Callable[..., T], *args: Any, real: bool = False) -> T:
    """Run one piece of work on the database of the settings; `real`: never on the demo's.

    Raises:
        OnlyADemo: there is no other.
    """
    from bot import settings
    from storage.migrate import migrate

    async def once() -> T:
        db = await Database.open(url)
        try:
            return await db.run(work, *args)
        finally:
            await db.close()

    loaded = settings.load()
    if real and loaded.is_demo:
        raise OnlyADemo
    url = loaded.database
    migrate(url)
    return asyncio.run(once())


COMMANDS = (add_unit, add_person, list_units, list_questions, doctor)
