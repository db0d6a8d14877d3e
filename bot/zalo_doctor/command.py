"""`camtay doctor zalo`, as the commune's IT person types it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from secrets import token_bytes, token_hex
from zoneinfo import ZoneInfo

import click

from bot import clock, logs, web
from bot import settings as setting
from bot.channels.web_media import MediaShelf
from bot.channels.zalo_bot_account import PATH
from bot.channels.zalo_bot_blank import Blanker
from bot.channels.zalo_bot_probe import Probe
from bot.channels.zalo_bot_probe_hook import Listener
from bot.channels.zalo_bot_token import Token
from bot.core.errors import CamtayError
from bot.settings import Settings
from bot.zalo_doctor.examination import STEPS, Step, examine
from bot.zalo_doctor.folder import Folder
from bot.zalo_doctor.person import Person, Terminal
from bot.zalo_doctor.visit import Place, Visit, Waits
from bot.zalo_doctor.webhook import Webhook
from storage.lock import is_held

_WAITS = Waits()


class NoBot(CamtayError):
    """Chưa có mã bot Zalo. Điền ZALO_BOT_TOKENS trong .env (cách lập bot: docs/zalo.md)."""


class BadToken(CamtayError):
    """Mã bot này không đúng dạng: phải là số, dấu hai chấm, rồi một chuỗi, ví dụ 12345689:abc-xyz."""


class BotIsRunning(CamtayError):
    """Cầm Tay đang chạy với chính mã bot này. Hai nơi cùng nghe thì mỗi tin chỉ đến một nơi: người dùng sẽ mất tin."""


_STOP_IT = "Tắt Cầm Tay rồi chạy lại lệnh này; hoặc thêm --anyway nếu đây là bot thử và chưa có ai dùng."


@click.command("zalo")
@click.option("--bot", "number", type=click.IntRange(1), help="bot thứ mấy trong ZALO_BOT_TOKENS")
@click.option("--only", multiple=True, type=click.Choice([step.name for step in STEPS]), help="chỉ làm bước này")
@click.option("--yes", is_flag=True, help="không hỏi trước mỗi bước")
@click.option("--anyway", is_flag=True, help="cứ khám dù Cầm Tay đang chạy")
def zalo(number: int | None, only: tuple[str, ...], *, yes: bool, anyway: bool) -> None:
    """Khám một bot Zalo thật trong mười phút, với một điện thoại trong tay."""
    settings = setting.load()
    token = _token(settings, number, asks=not yes)
    if not anyway and is_held(settings.database):
        raise BotIsRunning(f"{BotIsRunning.__doc__}\n{_STOP_IT}")
    logs.start(settings.secrets, "ERROR")
    steps = [step for step in STEPS if not only or step.name in only]
    asyncio.run(_at_the_terminal(settings, token, steps, asks=not yes))


def _token(settings: Settings, number: int | None, *, asks: bool) -> Token:
    count = len(settings.zalo_bots)
    if not count:
        raise NoBot
    if number is None and count > 1 and asks:
        number = click.prompt(f"Có {count} bot. Khám bot thứ mấy?", type=click.IntRange(1, count))
    if (number or 1) > count:
        raise NoBot(f"ZALO_BOT_TOKENS chỉ có {count} bot.")
    token = Token(settings.zalo_bots[(number or 1) - 1])
    if not token.is_well_formed:
        raise BadToken
    return token


async def _at_the_terminal(settings: Settings, token: Token, steps: list[Step], *, asks: bool) -> None:
    terminal = Terminal()
    with terminal.listening():
        terminal.say(
            "Khám bot Zalo, chừng mười phút, cần một điện thoại có Zalo.\n"
            "Nên dùng bot thử: tin người khác nhắn trong lúc khám có thể mất.\n"
            "Ctrl-C: thôi bước đang làm; Ctrl-C hai lần: dừng hẳn. Những gì biết được vẫn giữ."
        )
        await at_the_bot(settings, token, terminal, steps, now=clock.now(), asks=asks)


async def at_the_bot(
    settings: Settings,
    token: Token,
    person: Person,
    steps: list[Step],
    *,
    now: datetime,
    asks: bool,
    waits: Waits = _WAITS,
) -> str:
    """One examination with everything around it; returns the report."""
    now = now.astimezone(ZoneInfo(settings.timezone))
    folder = Folder(_place_of(settings.camtay_data, now), Blanker(token, token_bytes(16)))
    probe = Probe(token, settings.zalo_bot_api_url)
    path = f"{PATH}/{token.hook_id}"
    secret = settings.zalo_bot_webhook_secret
    async with _place(settings, path) as place:
        visit = Visit(probe, person, folder, place, waits)
        own_url = settings.public_url.rstrip("/") + path if settings.public_url else ""
        webhook = Webhook(visit, own_url, secret.get_secret_value() if secret else "")
        probe.open()
        try:
            return await examine(visit, webhook, steps, now, asks=asks)
        finally:
            await probe.close()


def _place_of(data: Path, now: datetime) -> Path:
    return data / "zalo-doctor" / f"{now:%Y%m%d-%H%M%S}"


@asynccontextmanager
async def _place(settings: Settings, path: str) -> AsyncIterator[Place]:
    """The running bot serves the pictures itself; without one, a small server does so where it would."""
    if not settings.public_url:
        yield Place()
        return
    shelf = MediaShelf(settings.camtay_guides)
    pictures = sorted(file.relative_to(settings.camtay_guides) for file in settings.camtay_guides.glob("*/*.png"))
    picture = (shelf.address(pictures[0].as_posix()) or "") if pictures else ""
    listener = Listener(path, token_hex(16), shelf.serve)
    try:
        server, _ = await web.serve(listener.application(), settings.host, settings.port)
    except web.PortTaken:
        yield Place(settings.public_url, picture, None, f"cổng {settings.port} đang có chương trình khác dùng")
        return
    try:
        yield Place(settings.public_url, picture, listener)
    finally:
        await server.cleanup()
