"""`camtay job NAME --at WHEN`: run one scheduled job by hand, now or as if it were another time."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

import click

from bot.core.errors import CamtayError

# What jobs count, in the words of whoever runs them by hand.
_COUNTED = {
    "reminded": "đã nhắc",
    "skipped": "chưa nhắc được",
    "person_asked": "đã nhờ người gọi",
    "detoured": "tin phải chờ hay đổi kênh",
    "told": "người nhờ gọi giúp",
    "recovered": "gửi lại",
    "expired": "quá hạn",
    "settled": "đã kết sổ",
    "purged": "tin cũ đã xóa",
    "seen": "dấu cũ đã xóa",
}


class NoSuchJob(CamtayError):
    """Không có việc hẹn giờ ấy."""


class BadTime(CamtayError):
    """Giờ ghi như sau: 2026-11-24T07:30"""


@click.command("job")
@click.argument("name")
@click.option("--at", "moment", default="", help="giờ địa phương, ví dụ 2026-11-24T07:30; bỏ trống là bây giờ")
def job(name: str, moment: str) -> None:
    """Chạy một việc hẹn giờ bằng tay. Chạy lại lần nữa cũng không sao."""
    from bot import alarm

    known = alarm.known()
    if name not in known:
        raise NoSuchJob(f"Không có việc hẹn giờ {name!r}. Chọn một trong: {', '.join(sorted(known))}.")
    at, done = asyncio.run(_run(name, moment))
    told = ", ".join(f"{_COUNTED.get(what, what)} {count}" for what, count in done.items()) or "không có gì phải làm"
    click.echo(f"Đã chạy {name} như lúc {at:%H:%M ngày %d/%m/%Y}: {told}.")


async def _run(name: str, moment: str) -> tuple[datetime, dict[str, int]]:
    from bot import alarm, clock, settings
    from bot.app import open_desk
    from storage.db import Database
    from storage.migrate import migrate

    loaded = settings.load()
    at = _moment(moment, ZoneInfo(loaded.timezone)) or clock.now().astimezone(ZoneInfo(loaded.timezone))
    await asyncio.to_thread(migrate, loaded.database)
    db = await Database.open(loaded.database)
    try:
        _, desk = open_desk(loaded, db, lambda: at)
        done = await db.run(alarm.work(alarm.known()[name], desk), at)
    finally:
        await db.close()
    return at, cast(dict[str, int], done)


def _moment(words: str, zone: ZoneInfo) -> datetime | None:
    try:
        at = datetime.fromisoformat(words) if words else None
    except ValueError:
        raise BadTime from None
    return at.replace(tzinfo=zone) if at and at.tzinfo is None else at


COMMANDS = (job,)
