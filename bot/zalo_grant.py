"""Granting Cầm Tay the use of the commune's Official Account at a terminal, and how the grant is."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import click

from bot import clock, settings
from bot.channels.zalo_oa import PATH
from bot.channels.zalo_oa_http import Client
from bot.channels.zalo_oa_login import Login, Oa, challenge, check_console_link, consent_url, read_callback
from bot.channels.zalo_oa_pairs import Grant, Pair, why_down
from bot.core.errors import CamtayError
from bot.oastore import OaStore, seal
from bot.settings import Settings
from storage.db import Database
from storage.migrate import migrate


class NoApp(CamtayError):
    """Chưa có ứng dụng Zalo. Điền ZALO_OA_APP_ID và ZALO_OA_APP_SECRET vào .env (xem docs/zalo-oa.md), rồi chạy lại."""


class NoCallback(CamtayError):
    """Cần địa chỉ quay về, đúng như đã lưu ở trang ứng dụng. Ghi PUBLIC_URL vào .env, hoặc thêm --callback ĐỊA_CHỈ."""


class OtherOa(CamtayError):
    """OA trên trang xin phép khác OA mà mã này mở được. Chưa lưu gì; xin phép lại từ đầu."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What logging in works with."""

    login: Login
    store: OaStore
    settings: Settings


async def by_pair(desk: Desk) -> None:
    click.echo(
        "Mở developers.zalo.me → Công cụ → API Explorer, chọn ứng dụng và OA, bấm lấy Access Token.\n"
        "Chép hai mã ấy dán vào đây (khi dán, màn hình không hiện gì)."
    )
    access = click.prompt("Access token", hide_input=True)
    refresh = click.prompt("Refresh token", hide_input=True)
    pair = await desk.login.pasted(access, refresh, clock.now())
    await _bring(desk, pair)


async def by_consent(desk: Desk, callback: str, console_link: str) -> None:
    verifier = await desk.store.verifier()
    click.echo(f"Mã code_challenge của máy này (lưu vào trang ứng dụng một lần): {challenge(verifier)}")
    state = "" if console_link else secrets.token_urlsafe(12)
    if console_link:
        check_console_link(console_link, verifier)
    link = console_link or _own_link(desk.settings, callback, verifier, state)
    click.echo(f"Mở liên kết này bằng tài khoản quản trị OA, bấm Cho phép:\n\n{link}\n")
    pasted = click.prompt("Rồi chép cả địa chỉ trên thanh trình duyệt dán vào đây")
    found = read_callback(pasted, state)
    pair = await desk.login.redeem(found.code, verifier, clock.now())
    await _bring(desk, pair, found.oa)


def _own_link(settings: Settings, callback: str, verifier: str, state: str) -> str:
    back = callback or settings.public_url
    if not back:
        raise NoCallback
    return consent_url(settings.zalo_oauth_url, settings.zalo_oa_app_id, back, verifier, state)


async def _bring(desk: Desk, pair: Pair, expected: str = "") -> None:
    """Check whose pair it is, and make it the one in force."""
    oa = await desk.login.whose(pair)
    if expected and expected != oa.account:
        raise OtherOa
    await desk.store.bring(oa.account, pair)
    click.echo(_welcome(oa, desk.settings))


def _welcome(oa: Oa, settings: Settings) -> str:
    lines = [f"Đã nhận OA: {oa.name or '(không tên)'} (mã {oa.account})."]
    lines += [f"Loại: {oa.kind}." if oa.kind else "", f"Gói: {oa.package}." if oa.package else ""]
    if not oa.verified:
        lines.append("Chú ý: OA chưa xác thực, Zalo có thể chưa cho gửi tin.")
    base = settings.public_url.rstrip("/") or "https://TÊN-MIỀN-CỦA-XÃ"
    lines.append(f"Việc tiếp theo: vào trang ứng dụng, mục Webhook, điền {base}{PATH}")
    lines.append("Cầm Tay đang chạy sẽ tự dùng mã mới trong một phút; nếu kênh đã tắt hẳn, hãy khởi động lại.")
    return "\n".join(line for line in lines if line)


async def tell_status(desk: Desk) -> None:
    grant = await desk.store.load()
    zone = ZoneInfo(desk.settings.timezone)
    for line in _status(grant, clock.now(), zone):
        click.echo(line)


def _status(grant: Grant | None, now: datetime, zone: ZoneInfo) -> list[str]:
    if grant is None:
        return ["Chưa đăng nhập OA nào. Chạy: camtay zalo-oa login"]
    lines = [f"OA: {grant.account or '(chưa biết, sẽ hỏi Zalo khi chạy)'}"]
    if grant.got_at and grant.expires_at:
        since, until = (f"{moment.astimezone(zone):%H:%M ngày %d/%m}" for moment in (grant.got_at, grant.expires_at))
        lines.append(f"Mã lấy lúc {since}, dùng đến {until}; Cầm Tay tự làm mới trước khi hết.")
    if why_down(grant, now):
        lines.append(_trouble(grant))
    return lines if len(lines) > 1 else [*lines, "Chưa lấy mã lần nào; Cầm Tay sẽ lấy khi chạy."]


def _trouble(grant: Grant) -> str:
    if not grant.failure:
        return "Lần làm mới gần nhất mất tin trả lời của Zalo; Cầm Tay đang hỏi lại."
    return f"Zalo không làm mới mã nữa (lỗi {grant.failure}). Chạy: camtay zalo-oa login"


async def at_desk(work: Callable[[Desk], Awaitable[None]]) -> None:
    """Do some work with the database and the network of the settings.

    Raises:
        NoApp: the settings name none.
    """
    loaded = settings.load()
    secret = loaded.zalo_oa_app_secret
    if not loaded.zalo_oa_app_id or not secret:
        raise NoApp
    migrate(loaded.database)
    async with _open(loaded, secret.get_secret_value()) as desk:
        await work(desk)


@asynccontextmanager
async def _open(loaded: Settings, app_secret: str) -> AsyncIterator[Desk]:
    client = Client(loaded.zalo_oa_app_id, app_secret, loaded.zalo_oa_api_url, loaded.zalo_oauth_url)
    db = await Database.open(loaded.database)
    key = loaded.secret_key.get_secret_value() if loaded.secret_key else None
    try:
        await client.open()
        yield Desk(Login(client), OaStore(db, loaded.zalo_oa_app_id, seal(key, app_secret), clock.now), loaded)
    finally:
        await client.close()
        await db.close()
