"""Rules about the words of the handlers, `handlers/texts/*.j2`: every one is rendered.

A block's variables are compared with what the code really passes (read from the calls themselves), so a text
can never ask for something it is not given. Values are stand-ins: a word that is there, and one that is not.
"""

from __future__ import annotations

import ast
import fnmatch
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, meta, nodes
from jinja2.sandbox import SandboxedEnvironment

from bot.core import rules_choice, rules_text, rules_words
from bot.core.forms import FORMS
from bot.core.guide import Commune
from bot.core.routing import Book
from bot.core.rules import Finding, Source, Text, at, rule
from bot.render import TEXTS

HOUSE = Path(__file__).resolve().parent.parent.parent

UNREADABLE = rule("T01-mau-sai", "error", "Mẫu lời phải đọc được.")
MISSING = rule("T02-thieu-gia-tri", "error", "Lời chỉ dùng những giá trị mà chương trình đưa vào.")
NOWHERE = rule("T03-nut-khong-dan", "error", "Nút trong lời phải dẫn tới một việc có thật.")
LONG_KEY = rule("T04-khoa-dai", "error", "Khóa của nút nhiều nhất 60 byte.")
FIRST = rule("T05-loi-dau-dai", "error", "Lời chào đầu tiên nhiều nhất 6 dòng ngắn.")

WORD = "mẫu"  # what a Sample says
MAX_KEY = 60
FIRST_BLOCK, FIRST_LINES, SHORT_LINE = "hello.who", 6, 70
_SAID_BY = {"say", "words", "reply", "ask", "tell", "notice", "tell_member", "UserError"}
_CHOICE = re.compile(r"^\[([^\]]+)\] (.+)$", re.MULTILINE)
_JUDGES = (
    rules_text.markup,
    rules_text.shouting,
    rules_text.emoji,
    rules_words.long_sentence,
    rules_words.secret,
    rules_words.foreign,
    rules_words.you,
    rules_words.double_negative,
    rules_words.links,
)


class Sample(str):
    """Stands in for any value a handler passes: a word, a list of one, a number, an object with fields."""

    def __getattr__(self, name: str) -> Sample:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, key: object) -> Sample:
        return self

    def __call__(self, *words: object) -> Sample:
        return self

    def __iter__(self) -> Iterator[str]:
        return iter([SomethingElse(self)] if self else ())

    def __add__(self, other: object) -> Sample:
        return self

    def __sub__(self, other: object) -> int:
        return 1

    def __gt__(self, other: object) -> bool:
        return bool(self)


class SomethingElse(Sample):
    """What a loop over a Sample meets: not iterated again."""

    def __iter__(self) -> Iterator[str]:
        return str.__iter__(self)


class _Forgiving(SandboxedEnvironment):
    """`{"phone": …}[call.way]` with a stand-in: any of the values will do."""

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, dict) and isinstance(argument, Sample):
            return next(iter(obj.values()))
        return super().getitem(obj, argument)

    def is_safe_callable(self, obj: Any) -> bool:
        return isinstance(obj, Sample) or super().is_safe_callable(obj)


@dataclass(frozen=True, slots=True)
class Block:
    """One text of a template: what it is called, which values it wants, where it begins."""

    name: str
    source: Source
    line: int
    wants: frozenset[str] = field(default_factory=frozenset)

    def fault(self, rule_name: str, message: str, suggestion: str = "") -> Finding:
        return at(self._here(), (), rule_name, f"{self.name}: {message}", suggestion)

    def _here(self) -> Source:
        return Source(self.source.file, lines={(): self.line})

    def text(self, raw: str) -> Text:
        return Text("block", raw, (), self._here())


def inspect(book: Book, commune: Commune, folder: Path = TEXTS, code: Path = HOUSE) -> Iterator[Finding]:
    """Everything the rules find in the handlers' texts."""
    environment = _Forgiving(
        loader=FileSystemLoader(folder), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    passed = values_passed([*sorted((code / "handlers").glob("*.py")), *sorted((code / "bot").glob("*.py"))])
    for path in sorted(folder.glob("*.j2")):
        source = Source(f"handlers/texts/{path.name}", path.read_text(encoding="utf-8"))
        yield from rules_text.characters(source)
        try:
            blocks = list(_blocks(environment, path.stem, source))
        except TemplateError as error:
            line = getattr(error, "lineno", None) or 1
            yield at(
                Source(source.file, lines={(): line}),
                (),
                UNREADABLE,
                str(error),
                "xem lại dấu {{ }} và {% %}",
            )
            continue
        for block in blocks:
            yield from _of_block(environment, block, passed, commune, book)


def _blocks(environment: SandboxedEnvironment, name: str, source: Source) -> Iterator[Block]:
    for block in environment.parse(source.text).find_all(nodes.Block):
        alone = nodes.Template(block.body, lineno=1)
        alone.set_environment(environment)
        yield Block(f"{name}.{block.name}", source, block.lineno, frozenset(meta.find_undeclared_variables(alone)))


def _of_block(
    environment: SandboxedEnvironment,
    block: Block,
    passed: Mapping[str, frozenset[str]],
    commune: Commune,
    book: Book,
) -> Iterator[Finding]:
    always = {*FORMS["bac"].names, *commune.words}
    for form in {frozenset(form.names) for form in FORMS.values()}:
        yield from _missing(block, form.union(commune.words), passed)
    said: set[str] = set()
    for filler in (WORD, ""):
        values = dict.fromkeys(block.wants - always, Sample(filler))
        words = {name: value or "" for name, value in commune.words.items()}
        try:
            said.add(_render(environment, block.name, {**words, **FORMS["dongchi"].names, **values}))
        except (TemplateError, TypeError, LookupError) as error:
            yield block.fault(UNREADABLE, f"không dựng được lời ({error})", "xem lại biểu thức trong {{ }}")
    for text in said:
        yield from _of_text(block, text, commune, book)


def _missing(block: Block, known: frozenset[str], passed: Mapping[str, frozenset[str]]) -> Iterator[Finding]:
    calls = [given for pattern, given in passed.items() if fnmatch.fnmatchcase(block.name, pattern)]
    if not calls or any("**" in given for given in calls):
        return
    for name in sorted(block.wants - known - frozenset.intersection(*calls)):
        yield block.fault(MISSING, f"không ai đưa vào “{name}”", "dùng bac, chau, hoặc nhờ người lập trình đưa vào")


def _render(environment: SandboxedEnvironment, name: str, values: dict[str, Any]) -> str:
    file, _, part = name.partition(".")
    template = environment.get_template(f"{file}.j2")
    return "".join(template.blocks[part](template.new_context(values))).strip()


def _of_text(block: Block, text: str, commune: Commune, book: Book) -> Iterator[Finding]:
    choices = _CHOICE.findall(text)
    for key, label in choices:
        if not book.leads_somewhere(key):
            yield block.fault(NOWHERE, f"nút “{label}” dẫn tới “{key}” không có", "sửa khóa trong dấu [ ]")
        if len(key.encode()) > MAX_KEY:
            yield block.fault(LONG_KEY, f"khóa “{key}” dài quá", f"nhiều nhất {MAX_KEY} byte")
    own = [label for key, label in choices if key not in ("nav:back", "help:ask") and WORD not in label]
    said = _CHOICE.sub("", text).strip()
    yield from rules_choice.menu(own, block.text("").source, (), commune)
    for judge in _JUDGES:
        yield from judge(block.text(said), commune)
    if block.name == FIRST_BLOCK:
        yield from _first(block, said)


def _first(block: Block, said: str) -> Iterator[Finding]:
    lines = [line for line in said.splitlines() if line.strip()]
    longest = max(map(len, lines), default=0)
    if len(lines) > FIRST_LINES or longest > SHORT_LINE:
        message = f"lời chào có {len(lines)} dòng, dòng dài nhất {longest} ký tự"
        yield block.fault(FIRST, message, f"nhiều nhất {FIRST_LINES} dòng, mỗi dòng {SHORT_LINE} ký tự")


def values_passed(files: Iterable[Path]) -> dict[str, frozenset[str]]:
    """Block (or a pattern of one: `hello.form_*`) → names that every call in the code passes with it.

    "**" among them says that more is passed than can be read here.
    """
    found: dict[str, frozenset[str]] = {}
    for file in files:
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and _name(call.func) in _SAID_BY:
                given = frozenset(keyword.arg or "**" for keyword in call.keywords)
                for block in _block_names(call):
                    found[block] = found.get(block, given) & given
    return found


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _block_names(call: ast.Call) -> Iterator[str]:
    for word in call.args[:3]:
        if isinstance(word, ast.Constant) and isinstance(word.value, str) and "." in word.value:
            yield word.value
        elif isinstance(word, ast.JoinedStr):
            parts = [part.value if isinstance(part, ast.Constant) else "*" for part in word.values]
            yield "".join(map(str, parts))
