"""The `camtay` command."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine
from typing import Any

import click

from bot.core.errors import CamtayError


class Friendly(click.Group):
    """Whatever Cầm Tay knows to be wrong is told in one sentence, never as a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except CamtayError as error:
            raise click.ClickException(str(error)) from None


@click.group(cls=Friendly, invoke_without_command=True)
@click.pass_context
def main(ctx: click.Context) -> None:
    """Cầm Tay: trợ lý chỉ từng bước cài "Sổ tay đảng viên điện tử"."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(run)


@main.command()
def run() -> None:
    """Chạy trợ lý. Chưa có mã kênh nào thì mở xã dùng thử trên trang web."""
    from bot import app, logs, settings

    loaded = settings.load()
    logs.start(loaded.secrets, loaded.log_level)
    click.echo("Đang mở Cầm Tay...")
    _loop(app.run(loaded, lambda port: click.echo(_welcome(loaded.is_demo, loaded.host, port))))
    click.echo("Đã dừng. Mọi việc đã lưu.")


@main.command()
@click.option(
    "--as",
    "role",
    default="newcomer",
    help="newcomer, member, helper, coordinator, secretary, office, party, leader",
)
def chat(role: str) -> None:
    """Trò chuyện ngay trong cửa sổ lệnh, trên xã dùng thử (không lưu lại)."""
    from bot import settings, simulator

    _loop(simulator.chat(role, settings.load()))


@main.command()
def migrate() -> None:
    """Đưa cơ sở dữ liệu lên bản mới nhất."""
    from bot import settings
    from storage.migrate import migrate as upgrade

    upgrade(settings.load().database)
    click.echo("Cơ sở dữ liệu đã ở bản mới nhất.")


def _welcome(is_demo: bool, host: str, port: int) -> str:
    address = f"http://{'127.0.0.1' if host in ('0.0.0.0', '') else host}:{port}"
    if not is_demo:
        return f"Cầm Tay đang chạy. Trang web: {address}  (Ctrl-C để dừng)"
    return (
        f"Xã dùng thử đã mở: {address}\n"
        "Mọi tên và số liệu đều là bịa. Mở trang ấy, chọn vai, mỗi thẻ một người. (Ctrl-C để dừng)"
    )


def _loop(work: Coroutine[Any, Any, None]) -> None:
    """Run on uvloop where there is one."""
    runner: Callable[..., object] = asyncio.run
    if sys.platform != "win32":
        import uvloop

        runner = uvloop.run
    runner(work)


def _register() -> None:
    from bot.admin import COMMANDS as admin
    from bot.authoring.commands import COMMANDS as authoring
    from bot.hearing import COMMANDS as hearing
    from bot.inviting import COMMANDS as inviting
    from bot.job_command import COMMANDS as jobs
    from bot.places_command import COMMANDS as places
    from bot.roster_command import COMMANDS as roster
    from bot.zalo_admin import COMMANDS as zalo

    for command in (*authoring, *hearing, *admin, *inviting, *jobs, *places, *roster, *zalo):
        main.add_command(command)


_register()

if __name__ == "__main__":
    main(prog_name="camtay")
