"""The house rules for files: what lies where, how long it may grow, and what must not be written in it."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Callable, Iterator

import pytest
from packaging.requirements import Requirement

from tests.house import ROOT, Texts, paths, python, texts

Rule = Callable[[Texts], Iterator[str]]

LOCKS = ("requirements.lock", "requirements-postgres.lock", "requirements-dev.lock")
FOLDERS = ("bot", "handlers", "guides", "storage", "tests", "docs", "benchmarks", ".ci")
FILES = ("run.py", "pyproject.toml", "README.md", ".env.example", "LICENSE", "CHANGELOG.md", ".gitignore")
TOP_LEVEL = {*FOLDERS, *FILES, *LOCKS}
LONGEST_FILE = 300
LONGEST_FUNCTION = 50
GENERATED = "storage/migrations/versions/"  # Alembic writes these, one long function each

# Spelled with [brackets], so that this file obeys its own rules.
UNFINISHED = re.compile(r"\b(TOD[O]|FIXM[E])\b")
REGISTRIES = re.compile(r"pyp[i]\.\w|pythonhoste[d]|npmj[s]\.\w|crates\.i[o]")
MACHINE_PATHS = re.compile(r"(?<![\w.~/-])/(wor[k]|roo[t]|hom[e]|User[s])/\w|[A-Z]:\\User[s]")


def top_level_is_fixed(texts: Texts) -> Iterator[str]:
    for path in texts:
        if path.split("/")[0] not in TOP_LEVEL:
            yield f"{path}:1: the top level is fixed; this has no place there"


def files_stay_short(texts: Texts) -> Iterator[str]:
    for path, text in texts.items():
        if path.endswith(".py") and len(text.splitlines()) > LONGEST_FILE:
            yield f"{path}:{LONGEST_FILE}: {len(text.splitlines())} lines; split it by its nouns"


def functions_stay_short(texts: Texts) -> Iterator[str]:
    for path, tree in python(texts):
        for node in ast.walk(tree) if not path.startswith(GENERATED) else ():
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    yield f"{path}:{node.lineno}: {node.name} has {length} lines; split it"


def modules_say_what_they_are(texts: Texts) -> Iterator[str]:
    for path, tree in python(texts):
        if not ast.get_docstring(tree):
            yield f"{path}:1: a module begins with its docstring"


def nothing_is_called_utils(texts: Texts) -> Iterator[str]:
    for path in texts:
        if re.search(r"(^|/)(utils?|helpers?|common|misc)(\.py|/)", path):
            yield f"{path}:1: name the file after its noun"


def no_package_in_tests(texts: Texts) -> Iterator[str]:
    """tests/storage/__init__.py would shadow storage."""
    for path in texts:
        if path.startswith("tests/") and path.endswith("__init__.py"):
            yield f"{path}:1: tests/ has no __init__.py"


def nothing_is_left_for_later(texts: Texts) -> Iterator[str]:
    yield from lines_with(texts, UNFINISHED, "do it now, or open an issue")


def no_registry_is_named(texts: Texts) -> Iterator[str]:
    yield from lines_with(texts, REGISTRIES, "names the host of a package registry")


def no_machine_is_named(texts: Texts) -> Iterator[str]:
    yield from lines_with(texts, MACHINE_PATHS, "names a path of one machine")


def lines_with(texts: Texts, pattern: re.Pattern[str], complaint: str) -> Iterator[str]:
    for path, text in texts.items():
        for number, line in enumerate(text.splitlines(), 1):
            if found := pattern.search(line):
                yield f"{path}:{number}: {complaint}: {found[0]}"


def decisions_are_numbered(texts: Texts) -> Iterator[str]:
    folder = "docs/decisions/"
    records = sorted(path for path in texts if path.startswith(folder) and not path.endswith("/README.md"))
    table = texts.get(f"{folder}README.md", "")
    for number, path in enumerate(records, 1):
        name = path.removeprefix(folder)
        if not re.fullmatch(rf"{number:04}-[a-z0-9-]+\.md", name):
            yield f"{path}:1: the next number is {number:04}; numbers have no gaps and no twins"
        elif f"({name})" not in table:
            yield f"{path}:1: is missing from the table in {folder}README.md"


RULES: list[Rule] = [
    top_level_is_fixed,
    files_stay_short,
    functions_stay_short,
    modules_say_what_they_are,
    nothing_is_called_utils,
    no_package_in_tests,
    nothing_is_left_for_later,
    no_registry_is_named,
    no_machine_is_named,
    decisions_are_numbered,
]

PLANTED: list[tuple[Rule, str, str]] = [
    (top_level_is_fixed, "scripts/build.sh", ""),
    (top_level_is_fixed, "Makefile", ""),
    (files_stay_short, "bot/turn.py", "x = 1\n" * 301),
    (functions_stay_short, "bot/turn.py", "async def f():\n" + "    x = 1\n" * 50),
    (functions_stay_short, "tests/test_turn.py", "class A:\n    def f(self):\n" + "        x = 1\n" * 50),
    (modules_say_what_they_are, "bot/turn.py", "import os"),
    (nothing_is_called_utils, "bot/utils.py", ""),
    (nothing_is_called_utils, "bot/common/dates.py", ""),
    (no_package_in_tests, "tests/storage/__init__.py", ""),
    (nothing_is_left_for_later, "bot/turn.py", "# TO" + "DO: more"),
    (nothing_is_left_for_later, "guides/login/guide.yaml", "do: FIX" + "ME"),
    (no_registry_is_named, "requirements.lock", "--index-url https://py" + "pi.example/simple"),
    (no_registry_is_named, "docs/setup.md", "from https://files.pythonhost" + "ed.org/x"),
    (no_machine_is_named, "README.md", "cd /wo" + "rk/main"),
    (no_machine_is_named, "bot/app.py", "open('/ho" + "me/an/x')"),
    (no_machine_is_named, "docs/setup.md", "C:\\Us" + "ers\\An"),
    (decisions_are_numbered, "docs/decisions/0003-later.md", ""),
    (decisions_are_numbered, "docs/decisions/0001-not-in-the-table.md", ""),
]

INNOCENT = {
    "bot/turn.py": '"""Turn."""\n\n\ndef f():\n' + "    x = 1\n" * 49,
    "bot/core/rules_help.py": '"""https://example.org/wo' + "rk/x, ~/ho" + 'me/x and todo lists."""',
    f"{GENERATED}0001_start.py": '"""Start."""\ndef upgrade():\n' + "    x = 1\n" * 100,
    "docs/decisions/0001-one.md": "# 0001",
    "docs/decisions/README.md": "[0001](0001-one.md)",
    "handlers/texts/help.j2": "Xin chào",
    ".ci/run": "cp -r tests/ho" + "me/x .",
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_obeys(rule: Rule) -> None:
    found = list(rule(texts()))
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("rule", "path", "source"), PLANTED)
def test_a_planted_violation_is_caught(rule: Rule, path: str, source: str) -> None:
    found = list(rule({path: source}))
    assert len(found) == 1
    assert found[0].startswith(f"{path}:")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_innocent_go_free(rule: Rule) -> None:
    assert not list(rule(INNOCENT))


def test_pictures_count_at_the_top_level_too() -> None:
    assert {path.split("/")[0] for path in paths()} <= TOP_LEVEL


def pins(lock: str) -> dict[str, str]:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    found = (re.match(r"([a-z0-9-]+)(?:\[.*?\])?==([^ ;]+)", line) for line in lines)
    return {match[1]: match[2] for match in found if match}


def wanted(*groups: list[str]) -> Iterator[Requirement]:
    return (Requirement(line) for group in groups for line in group)


def test_the_lock_files_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    needs = project["project"]["dependencies"]
    postgres = project["project"]["optional-dependencies"]["postgres"]
    dev = project["dependency-groups"]["dev"]
    for lock, asked in {
        "requirements.lock": wanted(needs),
        "requirements-postgres.lock": wanted(needs, postgres),
        "requirements-dev.lock": wanted(needs, postgres, dev),
    }.items():
        for requirement in asked:
            assert requirement.specifier.contains(pins(lock)[requirement.name]), f"{lock}: {requirement}"


@pytest.mark.parametrize("larger", LOCKS[1:])
def test_the_larger_lock_files_hold_the_small_one(larger: str) -> None:
    assert pins("requirements.lock").items() <= pins(larger).items()


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_files_name_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.search(r"://|^-|^ *--(?!hash=sha256:)", text, re.MULTILINE)
    assert len(pins(lock)) == len(re.findall(r"==\S+ .*\\\n    --hash=", text))
