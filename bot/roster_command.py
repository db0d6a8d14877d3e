"""`camtay roster`: the commune's own workbook in, and out again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import click

from bot import clock, roster_desk, roster_file, roster_questions
from bot.admin import OnlyADemo
from bot.core import roster_words as words
from bot.core.errors import CamtayError
from bot.core.roster import Reading
from bot.core.roster_match import Register
from bot.core.roster_plan import Plan
from bot.core.roster_words import Section
from bot.roster_desk import Step
from bot.roster_file import NobodyInIt
from bot.workbooks import NotAWorkbook, TooLarge, Workbook
from storage.db import Conn, Database

Run = Callable[..., Any]
"""Runs a work on the database, whole or not at all."""

_LARGEST: Final = 100 << 20


class NotWritten(CamtayError):
    """Không ghi được tệp. Xem thư mục có đúng không, tệp cũ có đang mở trong Excel không."""


class _OnlyTried(Exception):
    """Undoes a rehearsal."""


@click.group("roster")
def roster() -> None:
    """Danh sách đảng viên: nhập từ tệp Excel của xã, xuất ra tệp Excel."""


@roster.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="làm thử đến cùng, không ghi gì")
@click.option("--yes", is_flag=True, help="không hỏi; người còn ngờ thì để lại, chưa nhập")
@click.option(
    "--doubtful",
    type=click.Choice(("hold", "same", "new")),
    default="hold",
    help="với --yes, người còn ngờ: để lại (hold), cùng một người (same), người khác (new)",
)
@click.option("--with-phones", is_flag=True, help="lấy cả số điện thoại")
@click.option("--mark-left", is_flag=True, help="ghi là đã thôi: người không còn trong tệp")
def import_(file: Path, dry_run: bool, yes: bool, doubtful: str, with_phones: bool, mark_left: bool) -> None:
    """Nhập danh sách từ tệp Excel (.xlsx). Nhập lại cùng một tệp thì không đổi gì."""
    reading = _read(file, phones=with_phones or _commune_keeps_phones())
    with _answered(), _database(real=not dry_run) as run:
        known: Register = run(roster_desk.register)
        ask = not (dry_run or yes)
        plan = roster_questions.settle(reading.lines, known, ask=ask, otherwise=doubtful)
        _list(words.sections(plan, reading, {unit.id: unit.name for unit in known.units}, leaving=mark_left))
        click.echo(f"\n{words.summary(plan, reading)}")
        steps = list(roster_desk.steps(plan, clock.now(), leaving=mark_left))
        if dry_run:
            _rehearse(run, steps)
        elif plan.is_empty and not (mark_left and plan.gone):
            click.echo("Danh sách trong Cầm Tay đã đúng như tệp này: không có gì phải ghi.")
        elif yes or click.confirm("Nhập như trên?"):
            _carry_out(run, steps)
        else:
            click.echo("Chưa ghi gì.")


@roster.command("export")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--with-phones", is_flag=True, help="ghi cả số điện thoại")
@click.option("--force", is_flag=True, help="ghi đè tệp đã có")
def export(file: Path | None, with_phones: bool, force: bool) -> None:
    """Xuất danh sách ra tệp Excel; không nêu tên tệp thì tên có ngày hôm nay."""
    now = clock.now().astimezone(_zone())
    target = _target(file, roster_file.file_name(now), force=force)
    with _database(real=False) as run:
        members = run(roster_desk.exported, clock.now())
    try:
        target.write_bytes(roster_file.written(members, now, phones=with_phones))
        target.chmod(0o600)
    except OSError:
        raise NotWritten from None
    click.echo(f"Đã ghi {words.number(len(members))} người vào {target}. Tệp có dữ liệu cá nhân: cất nơi kín.")


def _read(file: Path, *, phones: bool) -> Reading:
    try:
        if file.stat().st_size > _LARGEST:
            raise TooLarge
        book = Workbook(file.read_bytes())
    except OSError:
        raise NotAWorkbook("Không mở được tệp này. Xem lại tên và thư mục.") from None
    with click.progressbar(length=book.rows_expected, label="Đọc tệp") as bar:
        reading = roster_file.read(book, phones=phones, progress=bar.update)
    if not reading.lines:
        _list(words.sections(Plan(), reading, {}))
        raise NobodyInIt
    return reading


def _list(sections: Iterable[Section]) -> None:
    for title, lines in sections:
        click.echo(f"\n{title}:")
        click.echo("\n".join(f"  - {line}" for line in lines))


def _rehearse(run: Run, steps: Sequence[Step]) -> None:
    """The real import up to its commit."""

    def work(conn: Conn) -> None:
        for step in steps:
            step.run(conn)
        raise _OnlyTried

    try:
        run(work)
    except _OnlyTried:
        click.echo("Làm thử xong, chưa ghi gì. Bỏ --dry-run để nhập thật.")


def _carry_out(run: Run, steps: Sequence[Step]) -> None:
    with click.progressbar(length=sum(step.people for step in steps), label="Nhập") as bar:
        for step in steps:
            run(step.run)
            bar.update(step.people)
    click.echo("Đã nhập xong. Xem đơn vị và mã: camtay units")


def _target(file: Path | None, name: str, *, force: bool) -> Path:
    target = file or Path(name)
    target = target / name if target.is_dir() else target
    if target.exists() and not force and not click.confirm(f"Đã có tệp {target}. Ghi đè?"):
        raise NotWritten("Chưa ghi gì.")
    return target


@contextmanager
def _answered() -> Iterator[None]:
    """Ctrl-C at a question, or nobody there to answer it."""
    try:
        yield
    except click.Abort:
        raise NotWritten("Chưa nhập gì: câu hỏi chưa được trả lời. Không có ai ngồi trả lời thì thêm --yes.") from None


@contextmanager
def _database(*, real: bool) -> Iterator[Run]:
    """The database of the settings; `real`: never the demo's.

    Raises:
        OnlyADemo: there is no other.
    """
    from bot import settings
    from storage.migrate import migrate

    loaded = settings.load()
    if real and loaded.is_demo:
        raise OnlyADemo
    migrate(loaded.database)
    with asyncio.Runner() as runner:
        db = runner.run(Database.open(loaded.database))
        try:
            yield lambda work, *args: runner.run(db.run(work, *args))
        finally:
            runner.run(db.close())


def _commune_keeps_phones() -> bool:
    """What `commune.yaml` says."""
    from bot import content, settings

    return content.load(settings.load().camtay_guides).commune.keep_phones


def _zone() -> ZoneInfo:
    from bot import settings

    return ZoneInfo(settings.load().timezone)


COMMANDS = (roster,)
