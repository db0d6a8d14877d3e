"""The repository as the house rules see it: its files, their texts, and what each Python file imports."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
BY_PRODUCTS = {".git", ".cache", "__pycache__", ".hypothesis", "data", "backups", "build", "dist", ".env"}
PACKAGES = {
    "bot",
    "handlers",
    "storage",
    "bot.core",
    "bot.channels",
    "bot.jobs",
    "bot.reports",
    "bot.authoring",
}

Texts = Mapping[str, str]  # path from the root, with slashes → text


class Import(NamedTuple):
    module: str
    line: int


@cache
def paths() -> tuple[str, ...]:
    """Every file that is or could be committed; the same without git, as in an unpacked archive."""
    listed = _from_git() if (ROOT / ".git").exists() else None
    return tuple(sorted(listed if listed is not None else _from_disk()))


def _from_git() -> list[str] | None:
    try:
        words = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        done = subprocess.run(words, cwd=ROOT, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    names = done.stdout.decode().split("\0")
    return [name for name in set(names) if name and (ROOT / name).is_file()]


def _from_disk() -> list[str]:
    found = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    return [path.as_posix() for path in found if not _is_by_product(path)]


def _is_by_product(path: Path) -> bool:
    own = BY_PRODUCTS.intersection(path.parts[:1]) or "__pycache__" in path.parts
    return bool(own) or path.parts[0].startswith(".venv") or path.suffix == ".pyc" or ".db" in path.suffix


@cache
def texts() -> Texts:
    """The files that are text, lock files aside."""
    found = {}
    for path in paths():
        raw = (ROOT / path).read_bytes()
        if b"\0" not in raw:
            found[path] = raw.decode("utf-8", "replace")
    return found


def python(texts: Texts) -> Iterator[tuple[str, ast.Module]]:
    for path, text in texts.items():
        if path.endswith(".py"):
            yield path, parse(path, text)


@cache
def parse(path: str, text: str) -> ast.Module:
    return ast.parse(text, path)


def module_name(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def imports(path: str, tree: ast.Module) -> Iterator[Import]:
    """Everything a file imports, also inside functions; `from bot import x` counts as `bot.x`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = _origin(path, node)
            for alias in node.names:
                yield Import(f"{origin}.{alias.name}" if origin in PACKAGES else origin, node.lineno)


def _origin(path: str, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    folder = path.split("/")[: -node.level]
    return ".".join([*folder, *([node.module] if node.module else [])])


def under(name: str, *prefixes: str) -> bool:
    """Is this dotted module, or path with slashes, one of these or inside one of them?"""
    return any(name == prefix or name.startswith((f"{prefix}.", f"{prefix}/")) for prefix in prefixes)
