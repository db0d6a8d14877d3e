"""The authors' commands: `camtay check`, `camtay preview`, `camtay new-guide`.

Everything heavy is imported inside, because every start of the bot reads this file.
"""

from __future__ import annotations

from pathlib import Path

import click

HERE = Path(__file__).resolve().parent.parent.parent

_GUIDES = click.option(
    "--guides",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    envvar="CAMTAY_GUIDES",
    default=HERE / "guides",
    help="thư mục các bài (mặc định: guides)",
)


@click.command()
@_GUIDES
@click.option("--json", "as_json", is_flag=True, help="in kết quả cho máy đọc")
@click.option("--rules", is_flag=True, help="chỉ liệt kê các quy tắc")
@click.option("--no-explore", is_flag=True, help="chỉ đọc bài, không đi thử mọi đường")
@click.pass_context
def check(ctx: click.Context, folder: Path, as_json: bool, rules: bool, no_explore: bool) -> None:
    """Kiểm tra mọi bài: từng câu chữ, rồi đi thử mọi đường trên bot thật."""
    from bot.authoring import whole

    if rules:
        click.echo(whole.rules())
        return
    result = whole.check(folder, explore=not no_explore)
    click.echo(result.json() if as_json else result.text())
    ctx.exit(1 if result.has_errors else 0)


@click.command()
@click.argument("out", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@_GUIDES
@click.option("--form", default="bac", help="cách xưng hô: bac, ong, ba, co, chu, anh, chi, dongchi")
def preview(out: Path, folder: Path, form: str) -> None:
    """Vẽ mọi bước ra một trang để xem và in: trên từng kênh, kèm sơ đồ."""
    from bot.authoring.preview import page
    from bot.core.forms import FORMS

    if form not in FORMS:
        raise click.BadParameter(f"chọn một trong: {', '.join(FORMS)}", param_hint="--form")
    out.write_text(page(folder, form), encoding="utf-8")
    click.echo(f"Đã ghi {out}. Mở tệp này bằng trình duyệt.")


@click.command("new-guide")
@click.argument("slug")
@_GUIDES
def new_guide(slug: str, folder: Path) -> None:
    """Tạo bài mới tên SLUG: bài mẫu và đoạn nói chuyện mẫu, kiểm tra được ngay."""
    from bot.authoring.new_guide import begin

    home = begin(folder, slug)
    click.echo(f"Đã tạo {home}. Mở {home / 'guide.yaml'} để viết, rồi chạy: python3 run.py check")


COMMANDS: tuple[click.Command, ...] = (check, preview, new_guide)
