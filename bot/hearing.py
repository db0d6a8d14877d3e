"""`camtay understand`: what the bot would make of each line it is given, as one JSON object a line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from bot.core.errors import CamtayError
from bot.core.intents import ROLES
from bot.core.listed import Listed
from bot.core.secrets import redact
from bot.reading import listener


class BadRoster(CamtayError):
    """Tệp danh sách người: mỗi dòng phải là một đối tượng JSON có "code", "name", "unit"."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the roster file."""

    code: str
    name: str
    unit: str


@click.command()
@click.option("--role", type=click.Choice(ROLES), default="member", help="người nói giữ vai gì")
@click.option("--offered", default="", help='các lựa chọn vừa đưa ra, ngăn bằng dấu |: "Làm được rồi|Chưa được"')
@click.option(
    "--people", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="danh sách người (JSON Lines)"
)
def understand(role: str, offered: str, people: Path | None) -> None:
    """Đọc từng dòng, in ra bot hiểu dòng ấy là gì (JSON). Xuống dòng trong câu viết là \\n."""
    roster = _roster(people) if people else []
    choices = [label.strip() for label in offered.split("|") if label.strip()]
    lines = (line.decode("utf-8", "replace") for line in sys.stdin.buffer)
    for answer in heard(lines, role, choices, roster):
        click.echo(answer)


def heard(lines: Iterable[str], role: str, offered: Sequence[str], people: Sequence[Listed]) -> Iterator[str]:
    """One JSON object for each line."""
    for line in lines:
        text = line.rstrip("\r\n").replace("\\n", "\n")
        clean = redact(text)
        meaning = listener().understand(clean.text, offered, roles=(role,), people=people)
        named = dict(meaning.entities) | ({"choice": meaning.choice} if meaning.choice else {})
        said = {"intent": meaning.intent, "score": round(meaning.score, 2), "sure": meaning.sure}
        said |= {"second": meaning.second, "entities": named, "redacted": clean.text.replace("\n", "\\n")}
        yield json.dumps(said, ensure_ascii=False)


def _roster(path: Path) -> list[Line]:
    try:
        rows = [json.loads(row) for row in path.read_text(encoding="utf-8").splitlines() if row.strip()]
        return [Line(row["code"], row["name"], row.get("unit", "")) for row in rows]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadRoster from error


COMMANDS: tuple[click.Command, ...] = (understand,)
