"""`camtay units` and `camtay cells`: the commune's thôn, khối phố, offices and chi bộ; renamed and merged."""

from __future__ import annotations

from typing import TypeVar

import click

from bot import clock
from bot.admin import BadCode, NoSuchUnit, work
from bot.core.errors import CamtayError
from storage import cells, units
from storage.cells import Cell
from storage.db import Conn
from storage.units import Unit

T = TypeVar("T")

_KINDS = ("thon", "khoi_pho", "co_quan")


class NoSuchCell(CamtayError):
    """Chưa có chi bộ mang mã ấy. Xem các mã bằng lệnh: camtay cells"""


class TheSame(CamtayError):
    """Hai mã ấy là một nơi."""


class TheWhole(CamtayError):
    """Đây là cả xã, không gộp được."""


@click.group("units", invoke_without_command=True)
@click.pass_context
def units_(ctx: click.Context) -> None:
    """Liệt kê các đơn vị và mã của chúng; đổi tên, gộp."""
    if ctx.invoked_subcommand is None:
        rows = [f"{unit.code:<14}{unit.name}" for unit in work(units.all_)]
        click.echo("\n".join(rows) or "Chưa có đơn vị nào. Thêm: camtay add-unit, hoặc nhập: camtay roster import")


@units_.command("rename")
@click.argument("code")
@click.argument("name")
@click.option("--kind", type=click.Choice(_KINDS), help="thôn, khối phố, hay cơ quan; bỏ trống thì giữ như cũ")
def rename_unit(code: str, name: str, kind: str | None) -> None:
    """Đổi tên một đơn vị. Mã giữ nguyên; tên cũ vẫn tìm ra."""
    old, new = work(_rename_unit, code, name, kind, real=True)
    click.echo(f"Đã đổi “{old}” thành “{new}”. Danh sách cũ ghi tên cũ vẫn nhận ra.")


@units_.command("merge")
@click.argument("code")
@click.argument("into")
@click.option("--yes", is_flag=True, help="không hỏi lại")
def merge_units(code: str, into: str, yes: bool) -> None:
    """Gộp đơn vị CODE vào đơn vị INTO: người, vai trò, mã mời đều sang INTO."""
    old, new = work(_two_units, code, into)
    if yes or click.confirm(f"Gộp “{old}” vào “{new}”? Việc này không tách lại được."):
        work(_merge_units, code, into, real=True)
        click.echo(f"Đã gộp. Ai tìm “{old}” hoặc mã {code.upper()} sẽ thấy “{new}”.")


@click.group("cells", invoke_without_command=True)
@click.pass_context
def cells_(ctx: click.Context) -> None:
    """Liệt kê các chi bộ và mã của chúng; thêm, đổi tên, gộp."""
    if ctx.invoked_subcommand is None:
        rows = [f"{cell.code:<14}{cell.name}" for cell in work(cells.all_)]
        click.echo("\n".join(rows) or "Chưa có chi bộ nào. Thêm: camtay cells add, hoặc nhập: camtay roster import")


@cells_.command("add")
@click.argument("code")
@click.argument("name")
def add_cell(code: str, name: str) -> None:
    """Thêm một chi bộ."""
    if not code.isascii() or not code.isalnum() or not 2 <= len(code) <= 16:
        raise BadCode("Mã chi bộ gồm 2 đến 16 chữ cái không dấu và số, viết liền, ví dụ CB01.")
    work(_add_cell, code.upper(), name, real=True)
    click.echo(f"Đã thêm {name}, mã {code.upper()}.")


@cells_.command("rename")
@click.argument("code")
@click.argument("name")
def rename_cell(code: str, name: str) -> None:
    """Đổi tên một chi bộ. Mã giữ nguyên; tên cũ vẫn tìm ra."""
    old, new = work(_rename_cell, code, name, real=True)
    click.echo(f"Đã đổi “{old}” thành “{new}”. Danh sách cũ ghi tên cũ vẫn nhận ra.")


@cells_.command("merge")
@click.argument("code")
@click.argument("into")
@click.option("--yes", is_flag=True, help="không hỏi lại")
def merge_cells(code: str, into: str, yes: bool) -> None:
    """Gộp chi bộ CODE vào chi bộ INTO: người và vai trò đều sang INTO."""
    old, new = work(_two_cells, code, into)
    if yes or click.confirm(f"Gộp “{old}” vào “{new}”? Việc này không tách lại được."):
        work(_merge_cells, code, into, real=True)
        click.echo(f"Đã gộp. Ai tìm “{old}” sẽ thấy “{new}”.")


def _rename_unit(conn: Conn, code: str, name: str, kind: str | None) -> tuple[str, str]:
    old = _unit(conn, code)
    return old.name, units.rename(conn, old, name, kind or old.kind, clock.now()).name


def _two_units(conn: Conn, code: str, into: str) -> tuple[str, str]:
    old, new = _unit(conn, code), _unit(conn, into)
    if old.id == new.id:
        raise TheSame
    if old.kind == "xa":
        raise TheWhole
    return old.name, new.name


def _merge_units(conn: Conn, code: str, into: str) -> None:
    _two_units(conn, code, into)
    units.merge(conn, _unit(conn, code), _unit(conn, into), clock.now())


def _add_cell(conn: Conn, code: str, name: str) -> None:
    if cells.by_code(conn, code):
        raise BadCode("Mã ấy đã có chi bộ khác dùng. Chọn mã khác.")
    cells.create(conn, code=code, name=name)


def _rename_cell(conn: Conn, code: str, name: str) -> tuple[str, str]:
    old = _cell(conn, code)
    return old.name, cells.rename(conn, old, name, clock.now()).name


def _two_cells(conn: Conn, code: str, into: str) -> tuple[str, str]:
    old, new = _cell(conn, code), _cell(conn, into)
    if old.id == new.id:
        raise TheSame
    return old.name, new.name


def _merge_cells(conn: Conn, code: str, into: str) -> None:
    _two_cells(conn, code, into)
    cells.merge(conn, _cell(conn, code), _cell(conn, into), clock.now())


def _unit(conn: Conn, code: str) -> Unit:
    return _there(units.by_code(conn, code.upper()), NoSuchUnit)


def _cell(conn: Conn, code: str) -> Cell:
    return _there(cells.by_code(conn, code.upper()), NoSuchCell)


def _there(found: T | None, otherwise: type[CamtayError]) -> T:
    if found is None:
        raise otherwise
    return found


COMMANDS = (units_, cells_)
