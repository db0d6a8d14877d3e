"""The house rules that the code itself shows: who imports whom, where tasks, clocks and async may be."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator
from fnmatch import fnmatch

import pytest

from tests import house
from tests.house import Texts, imports, module_name, python, under

Rule = Callable[[Texts], Iterator[str]]

CONTRACT = "bot.channels.base"
PLAIN = "bot/*.py"  # a file directly in bot/, as long as it does not reach an edge
ARROWS = {
    "bot/core": {"bot.core"},
    "storage": {"bot.core", "storage"},
    "bot/channels": {"bot.core", "bot.render", CONTRACT},
    "bot/reports": {"bot.core", "storage", "bot.render"},
    "bot/jobs": {"bot.core", "storage", "bot.reports", PLAIN},
    "handlers": {"bot.core", "storage", "bot.reports", PLAIN},
}
ONE_FILE_ONE_THING = ("handlers", "bot/jobs", "bot/reports", "bot/channels")
EDGES = (
    "bot.app",
    "bot.lineup",
    "bot.turn",
    "bot.sender",
    "bot.tasks",
    "bot.settings",
    "bot.clock",
    "bot.alarm",
    "bot.__main__",
)
PROGRAM = ("bot", "handlers", "storage")

DATABASES = ("sqlalchemy", "aiosqlite", "sqlite3", "psycopg", "psycopg_pool", "alembic")
HTTP = ("telegram", "aiohttp", "httpx", "requests", "urllib.request", "http.client")
TASK_STARTERS = ("create_task", "ensure_future", "TaskGroup", "run_coroutine_threadsafe")
DATES = ("now", "utcnow", "today", "current_timestamp")
CLOCKS = {"datetime": DATES, "date": DATES, "func": DATES, "time": ("time", "time_ns", "localtime", "gmtime")}
CORE_MAY_USE = {"pydantic", "pydantic_core", "rapidfuzz"}
WORLD = ("asyncio", "concurrent", "http", "io", "os", "pathlib", "random", "secrets", "shutil", "socket")
WORLD_TOO = ("sqlite3", "subprocess", "tempfile", "threading", "time", "urllib.request")


def arrows_point_inwards(texts: Texts) -> Iterator[str]:
    for path, tree in python(texts):
        room = next((room for room in ARROWS if under(path, room)), None)
        for module, line in imports(path, tree) if room else ():
            if room and under(module, *PROGRAM) and not is_allowed(path, room, module):
                yield f"{path}:{line}: {room} must not import {module}"


def is_allowed(path: str, room: str, module: str) -> bool:
    allowed = ARROWS[room]
    plain = PLAIN in allowed and module.count(".") == 1 and module.startswith("bot.")
    if plain and module not in house.PACKAGES:
        return not is_edge(module)
    return under(module, *allowed) or is_sibling(path, module)


def is_edge(module: str) -> bool:
    return under(module, *EDGES) or module.startswith("bot.web")


def is_sibling(path: str, module: str) -> bool:
    """Siblings have a rule of their own, with its own message."""
    folder, _, _ = module_name(path).rpartition(".")
    return under(path, *ONE_FILE_ONE_THING) and folder == module.rpartition(".")[0]


def siblings_stay_strangers(texts: Texts) -> Iterator[str]:
    for path, tree in python(texts):
        if under(path, *ONE_FILE_ONE_THING):
            own = module_name(path)
            for module, line in imports(path, tree):
                if is_sibling(path, module) and not same_channel(own, module):
                    yield f"{path}:{line}: must not import its sibling {module}; move what they share inwards"


def same_channel(own: str, other: str) -> bool:
    """A channel may fill several files that share its name: telegram.py, telegram_request.py."""
    if other in (own, CONTRACT):
        return True
    first_words = {name.rpartition(".")[2].partition("_")[0] for name in (own, other)}
    return own.startswith("bot.channels.") and len(first_words) == 1


def rooms_never_reach_an_edge(texts: Texts) -> Iterator[str]:
    """Also not by way of a plain file of bot/: bot/helper.py → bot/turn.py, say."""
    graph = {module_name(path): set(imports(path, tree)) for path, tree in python(texts)}
    for path in texts:
        if path.endswith(".py") and under(path, *ARROWS):
            for step, edge in reached(module_name(path), graph):
                yield f"{path}: reaches {edge} by way of {step}"


def reached(start: str, graph: dict[str, set[house.Import]]) -> Iterator[tuple[str, str]]:
    seen, todo = {start}, [start]
    while todo:
        here = todo.pop()
        for module, _ in sorted(graph.get(here, ())):
            if is_edge(module):
                yield here, module
            elif module not in seen:
                seen.add(module)
                todo.append(module)


def only_storage_speaks_to_databases(texts: Texts) -> Iterator[str]:
    yield from only(texts, DATABASES, "storage/*")


def only_channels_speak_http(texts: Texts) -> Iterator[str]:
    yield from only(texts, HTTP, "bot/channels/*", "bot/web*.py")


def only(texts: Texts, modules: tuple[str, ...], *homes: str) -> Iterator[str]:
    for path, tree in python(texts):
        if under(path, *PROGRAM) and not any(fnmatch(path, home) for home in homes):
            for module, line in imports(path, tree):
                if under(module, *modules):
                    yield f"{path}:{line}: {module} belongs to {' and '.join(homes)} only"


def core_is_pure(texts: Texts) -> Iterator[str]:
    for path, tree in python(texts):
        if under(path, "bot/core"):
            for module, line in imports(path, tree):
                top = module.partition(".")[0]
                known = top in sys.stdlib_module_names or top in CORE_MAY_USE or top in PROGRAM
                if under(module, *WORLD, *WORLD_TOO) or not known:
                    yield f"{path}:{line}: core is pure and must not import {module}"
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "open":
                    yield f"{path}:{node.lineno}: core is pure and must not open files"


def tasks_start_in_one_place(texts: Texts) -> Iterator[str]:
    for path, tree in python(texts):
        if under(path, *PROGRAM) and path not in ("bot/app.py", "bot/tasks.py"):
            for node in ast.walk(tree):
                if name_of(node) in TASK_STARTERS:
                    yield f"{path}:{line_of(node)}: {name_of(node)} is for bot/app.py and bot/tasks.py only"


def inside_is_synchronous(texts: Texts) -> Iterator[str]:
    kinds = (ast.AsyncFunctionDef, ast.AsyncFor, ast.AsyncWith, ast.Await)
    for path, tree in python(texts):
        if under(path, "bot/core", "handlers", "storage") and not path.startswith("storage/db"):
            for node in ast.walk(tree):
                if isinstance(node, kinds):
                    yield f"{path}:{node.lineno}: no async inside; waiting is for the edges"


def now_is_an_argument(texts: Texts) -> Iterator[str]:
    for path, tree in python(texts):
        if under(path, *PROGRAM) and path != "bot/clock.py":
            for node in ast.walk(tree):
                if reads_the_clock(node):
                    yield f"{path}:{line_of(node)}: only bot/clock.py reads the clock; `now` is an argument"


def reads_the_clock(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom) and node.module == "time":
        return any(alias.name in ("time", "time_ns") for alias in node.names)
    if not isinstance(node, ast.Attribute):
        return False
    owner = name_of(node.value)
    return node.attr in CLOCKS.get(owner, ())


def name_of(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.alias):
        return node.name
    return node.id if isinstance(node, ast.Name) else ""


def line_of(node: ast.AST) -> int:
    return getattr(node, "lineno", 0)


RULES: list[Rule] = [
    arrows_point_inwards,
    siblings_stay_strangers,
    rooms_never_reach_an_edge,
    only_storage_speaks_to_databases,
    only_channels_speak_http,
    core_is_pure,
    tasks_start_in_one_place,
    inside_is_synchronous,
    now_is_an_argument,
]

PLANTED: list[tuple[Rule, str, str]] = [
    (arrows_point_inwards, "bot/core/guide.py", "from storage import people"),
    (arrows_point_inwards, "bot/core/guide.py", "from ..render import render"),
    (arrows_point_inwards, "storage/people.py", "import handlers.hello"),
    (arrows_point_inwards, "storage/people.py", "from bot.render import render"),
    (arrows_point_inwards, "bot/channels/zalo.py", "from storage.chats import Chat"),
    (arrows_point_inwards, "bot/channels/zalo.py", "from bot import app"),
    (arrows_point_inwards, "bot/reports/digest.py", "def f():\n    from bot.sender import send"),
    (arrows_point_inwards, "bot/jobs/digest.py", "import bot.turn"),
    (arrows_point_inwards, "handlers/hello.py", "from bot.web_chat import page"),
    (arrows_point_inwards, "handlers/hello.py", "from bot.channels.telegram import Telegram"),
    (siblings_stay_strangers, "handlers/hello.py", "from handlers import menu"),
    (siblings_stay_strangers, "handlers/hello.py", "from .menu import show"),
    (siblings_stay_strangers, "bot/jobs/digest.py", "from bot.jobs.nudge import WHEN"),
    (siblings_stay_strangers, "bot/channels/telegram.py", "from bot.channels.zalo_oa import sign"),
    (only_storage_speaks_to_databases, "handlers/hello.py", "from sqlalchemy import select"),
    (only_storage_speaks_to_databases, "bot/app.py", "import sqlite3"),
    (only_channels_speak_http, "bot/sender.py", "import telegram.error"),
    (only_channels_speak_http, "bot/jobs/digest.py", "from aiohttp import ClientSession"),
    (core_is_pure, "bot/core/guide.py", "import os.path"),
    (core_is_pure, "bot/core/guide.py", "import yaml"),
    (core_is_pure, "bot/core/guide.py", "words = open('words.txt')"),
    (tasks_start_in_one_place, "bot/sender.py", "import asyncio\nasyncio.create_task(f())"),
    (tasks_start_in_one_place, "bot/sender.py", "from asyncio import TaskGroup as G"),
    (inside_is_synchronous, "handlers/hello.py", "async def answer(): ..."),
    (inside_is_synchronous, "storage/people.py", "async def find(): ..."),
    (now_is_an_argument, "bot/jobs/digest.py", "from datetime import datetime\nx = datetime.now(tz)"),
    (now_is_an_argument, "bot/turn.py", "import datetime as dt\nx = dt.datetime.utcnow()"),
    (now_is_an_argument, "handlers/hello.py", "from datetime import date\nx = date.today()"),
    (now_is_an_argument, "storage/people.py", "from time import time"),
    (now_is_an_argument, "storage/people.py", "import time\nclock = time.time"),
]

INNOCENT = {
    "bot/core/guide.py": "import datetime\nfrom pydantic import BaseModel\nfrom .errors import ContentError",
    "storage/db_sqlite.py": "import aiosqlite\nfrom bot.core import errors\nasync def run(): ...",
    "bot/channels/telegram_request.py": "import aiohttp\nfrom bot.channels import base, telegram",
    "bot/reports/digest.py": "from bot.render import Words\nfrom storage import progress",
    "bot/context.py": "from storage.db import Conn\nfrom bot.render import Words",
    "handlers/hello.py": "from bot import context, steps\nfrom bot.reports.digest import build\nimport time",
    "bot/app.py": "import asyncio\nfrom bot import sender, turn, web\nasyncio.create_task(sender.run())",
    "bot/web_hooks.py": "from aiohttp import web\nimport time\nstarted = time.monotonic()",
    "bot/clock.py": "import datetime\ndef now(): return datetime.datetime.now(datetime.UTC)",
    "tests/storage/test_db.py": "import sqlalchemy, telegram, sqlite3\nfrom handlers import hello",
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_obeys(rule: Rule) -> None:
    found = list(rule(house.texts()))
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("rule", "path", "source"), PLANTED)
def test_a_planted_violation_is_caught(rule: Rule, path: str, source: str) -> None:
    found = list(rule({path: source}))
    assert found
    assert all(line.startswith(f"{path}:") for line in found)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_innocent_go_free(rule: Rule) -> None:
    assert not list(rule(INNOCENT))


def test_a_detour_to_an_edge_is_caught() -> None:
    detour = {"handlers/hello.py": "from bot import context", "bot/context.py": "from bot.turn import run"}
    found = list(rooms_never_reach_an_edge(detour))
    assert found == ["handlers/hello.py: reaches bot.turn by way of bot.context"]
