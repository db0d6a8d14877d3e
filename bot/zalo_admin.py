"""`camtay zalo-oa`: the commands with which the commune's Official Account is granted and looked after.

What they do is imported when one of them runs: an HTTP client takes longer to load than any other command.
"""

from __future__ import annotations

import asyncio

import click


@click.group("zalo-oa")
def zalo_oa() -> None:
    """Zalo Official Account: đăng nhập, xem tình trạng."""


@zalo_oa.command("login")
@click.option("--consent", is_flag=True, help="xin phép trên trang của Zalo, thay cho dán cặp mã")
@click.option("--callback", default="", help="địa chỉ quay về đã lưu ở trang ứng dụng (mặc định: PUBLIC_URL)")
@click.option("--console-link", default="", help="liên kết xin phép chép từ trang ứng dụng, nếu Zalo cấp sẵn")
def login(consent: bool, callback: str, console_link: str) -> None:
    """Cho Cầm Tay dùng Official Account của xã. Chạy một lần; về sau mã tự làm mới."""
    from bot import zalo_grant

    if consent or console_link:
        asyncio.run(zalo_grant.at_desk(lambda desk: zalo_grant.by_consent(desk, callback, console_link.strip())))
    else:
        asyncio.run(zalo_grant.at_desk(zalo_grant.by_pair))


@zalo_oa.command("status")
def status() -> None:
    """Xem mã của OA còn dùng được không."""
    from bot import zalo_grant

    asyncio.run(zalo_grant.at_desk(zalo_grant.tell_status))


COMMANDS = (zalo_oa,)
