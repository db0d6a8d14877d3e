"""Reads `guides/`: YAML exactly as people wrote it, into the shapes of `bot.core.guide`.

`load` is for running: the first fault stops it. `survey` is for authors: it goes on and collects every fault.

YAML's own guesses are switched off: `yes`, `on`, `12:30` and `0987…` stay the text that was typed (only
`null`, `~` and nothing at all mean "not filled"); the models make numbers where a number is wanted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from bot.core.errors import ContentError
from bot.core.guide import Answers, Commune, Guide, Library, Question
from bot.core.rules import Finding, Source, at
from bot.core.rules import Path as KeyPath
from bot.core.rules_shape import (
    ANSWER_MODELS,
    COMMUNE_MODELS,
    MODELS,
    NAME,
    TWICE,
    UNREADABLE,
    Models,
    shape_findings,
)

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
NOT_FILLED = ("", "~", "null", "Null", "NULL")
_MODELS_OF: dict[type[BaseModel], Models] = {Commune: COMMUNE_MODELS, Answers: ANSWER_MODELS}
NO_COMMUNE = Commune(name="xã (chưa đọc được commune.yaml)", province="", runs_it="")

QUOTE = "đặt cả câu trong dấu ngoặc kép"
# What libyaml complains of, and what that nearly always means in a guide.
SLIPS = (
    ("cannot start any token", "thay dấu Tab bằng dấu cách"),
    ("mapping values are not allowed", f"câu có dấu hai chấm (:) thì {QUOTE}"),
    ("block mapping", f'câu bắt đầu bằng {{ hoặc " thì {QUOTE}; xem lại khoảng thụt đầu dòng'),
    ("flow", f'câu bắt đầu bằng {{ hoặc [ thì {QUOTE}: "{{Bac}} …"'),
    ("quoted scalar", "thiếu dấu ngoặc kép đóng"),
    (
        "could not find expected ':'",
        "sau tên mục phải có dấu hai chấm rồi dấu cách; xem lại khoảng thụt đầu dòng",
    ),
)
OTHER_SLIP = "xem lại khoảng thụt đầu dòng và dấu ngoặc kép"


@dataclass(frozen=True, slots=True)
class Survey:
    """Everything under `guides/` that could be read, and everything that is wrong with reading it."""

    folder: Path
    library: Library
    findings: tuple[Finding, ...] = ()
    sources: dict[str, Source] = field(default_factory=dict)  # by slug; "commune" for commune.yaml
    answers: tuple[Question, ...] = ()  # as written, also two of one name
    broken: frozenset[str] = frozenset()  # slugs whose guide.yaml cannot be used


class Refused(Exception):
    """A file cannot be used; carries what to tell."""

    def __init__(self, source: Source, findings: list[Finding]) -> None:
        super().__init__(str(findings[0]))
        self.source = source
        self.findings = findings


def load(folder: Path) -> Library:
    """All guides of a commune.

    Raises:
        ContentError: the first fault, with file, line and key, in Vietnamese.
    """
    try:
        guides = {path.parent.name: _guide(path)[0] for path in _files(folder)}
        return Library(guides, _commune(folder)[0], _answers(folder)[0].answers)
    except Refused as refused:
        raise ContentError(str(refused)) from refused


def survey(folder: Path) -> Survey:
    """The same, but a fault is only noted: what can be read is read."""
    commune, sources, findings = NO_COMMUNE, {}, []
    guides: dict[str, Guide] = {}
    try:
        commune, sources["commune"] = _commune(folder, lines=True)
    except Refused as refused:
        sources["commune"] = refused.source
        findings += refused.findings
    answers = Answers()
    try:
        answers, sources["answers"] = _answers(folder, lines=True)
    except Refused as refused:
        sources["answers"] = refused.source
        findings += refused.findings
    for path in _files(folder):
        slug = path.parent.name
        try:
            guides[slug], sources[slug] = _guide(path, lines=True)
        except Refused as refused:
            sources[slug] = refused.source
            findings += refused.findings
    broken = frozenset(sources) - set(guides) - {"commune", "answers"}
    library = Library(guides, commune, answers.answers)
    return Survey(folder, library, tuple(findings), sources, answers.answers, broken)


def read(path: Path, *, lines: bool = True) -> tuple[Any, Source]:
    """Any YAML file as written: dicts, lists, texts and None, with the line of every key.

    Raises:
        Refused: it is not there, not UTF-8, not YAML, or says one key twice.
    """
    source = Source(_shown(path), _text(path))
    try:
        root = Loader(unicodedata.normalize("NFC", source.text)).get_single_node()
    except yaml.YAMLError as error:
        raise Refused(source, [_slip(source, error)]) from error
    marked = Source(source.file, source.text, dict(_lines(root, ()))) if lines else source
    return _value(root, marked), marked


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/guide.yaml"))


def _shown(path: Path) -> str:
    """As people know it: from the guides folder down."""
    depth = 2 if path.name in ("commune.yaml", "answers.yaml") else 3
    return "/".join(path.absolute().parts[-depth:])


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        why, hint = "không có tệp này", "tạo tệp, hoặc chép lại từ bản gốc"
    except (OSError, UnicodeDecodeError) as error:
        why, hint = f"không đọc được tệp ({error})", "lưu lại tệp với bảng mã UTF-8"
    source = Source(_shown(path))
    raise Refused(source, [at(source, (), UNREADABLE, why, hint)])


def _commune(folder: Path, *, lines: bool = False) -> tuple[Commune, Source]:
    path = folder / "commune.yaml"
    data, source = read(path, lines=lines)
    return _shaped(Commune, data, path, source), source


def _answers(folder: Path, *, lines: bool = False) -> tuple[Answers, Source]:
    """A commune without the file has no answers of its own; people are offered a person instead."""
    path = folder / "answers.yaml"
    if not path.exists():
        return Answers(), Source(_shown(path))
    data, source = read(path, lines=lines)
    return _shaped(Answers, data, path, source), source


def _guide(path: Path, *, lines: bool = False) -> tuple[Guide, Source]:
    data, source = read(path, lines=lines)
    if isinstance(data, dict):
        data = {"slug": path.parent.name} | data
        if data["slug"] != path.parent.name:
            message = f"“slug” là “{data['slug']}” nhưng thư mục tên là “{path.parent.name}”"
            raise Refused(source, [at(source, ("slug",), NAME, message, "bỏ mục slug: tên thư mục là đủ")])
        _beside(path, data, source)
    return _shaped(Guide, data, path, source), source


def _shaped(model: type[Any], data: Any, path: Path, source: Source) -> Any:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        marked = source if source.lines else read(path)[1]
        models = _MODELS_OF.get(model, MODELS)
        # A misspelt key is also a missing one: say first what was misspelt.
        faults = sorted(error.errors(), key=lambda fault: fault["type"] != "extra_forbidden")
        raise Refused(marked, list(shape_findings(faults, marked, models))) from None


def _beside(path: Path, data: dict[str, Any], source: Source) -> None:
    """Pictures and voices stand beside their guide; from here on their paths start at the guides folder."""
    for where, owner, key in _media(data):
        name = owner[key]
        if not FILE_NAME.fullmatch(name):
            marked = source if source.lines else read(path)[1]
            message = f"tên tệp “{name}” không dùng được"
            hint = "để tệp cạnh guide.yaml, tên không dấu, không có dấu cách hay /"
            raise Refused(marked, [at(marked, (*where, key), NAME, message, hint)])
        owner[key] = f"{path.parent.name}/{name}"


def _media(data: dict[str, Any]) -> Iterator[tuple[KeyPath, dict[str, Any], str]]:
    for place, step in _dicts(data.get("steps")):
        owners: list[tuple[KeyPath, dict[str, Any]]] = [(("steps", place), step)]
        owners += [(("steps", place, "stuck", n), repair) for n, repair in _dicts(step.get("stuck"))]
        for where, owner in owners:
            yield from ((where, owner, key) for key in ("image", "voice") if isinstance(owner.get(key), str))


def _dicts(value: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    items = enumerate(value) if isinstance(value, list) else ()
    return ((place, item) for place, item in items if isinstance(item, dict))


def _value(node: Any, source: Source) -> Any:
    """A node as plain data; refuses a key that stands twice."""
    if isinstance(node, yaml.ScalarNode):
        return None if not node.style and node.value in NOT_FILLED else node.value
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, source) for item in node.value]
    found: dict[str, Any] = {}
    for key, value in node.value if node else ():
        name = str(key.value)
        if name in found:
            line = key.start_mark.line + 1
            fault = at(Source(source.file, lines={(): line}), (), TWICE, f"mục “{name}” viết hai lần", "bỏ một")
            raise Refused(source, [fault])
        found[name] = _value(value, source)
    return found


def _lines(node: Any, path: KeyPath) -> Iterator[tuple[KeyPath, int]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*path, str(key.value))
            yield inner, key.start_mark.line + 1
            yield from _lines(value, inner)
    elif isinstance(node, yaml.SequenceNode):
        for place, item in enumerate(node.value):
            yield (*path, place), item.start_mark.line + 1
            yield from _lines(item, (*path, place))


def _slip(source: Source, error: yaml.YAMLError) -> Finding:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = mark.line + 1 if mark else 1
    said = str(error)
    hint = next((hint for sign, hint in SLIPS if sign in said), "xem lại khoảng thụt đầu dòng và dấu ngoặc kép")
    what = getattr(error, "problem", None) or said
    return at(Source(source.file, lines={(): line}), (), UNREADABLE, f"chỗ này viết chưa đúng ({what})", hint)
