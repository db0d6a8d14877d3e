"""run.py without a network: who may start, what is still to install, and what a failure says."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import run

Lock = Callable[[str], Path]


@pytest.fixture
def lock(tmp_path: Path) -> Lock:
    def write(text: str, name: str = "requirements.lock") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def stamp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "stamp.json"
    monkeypatch.setattr(run, "STAMP", path)
    return path


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 4), (4, 0, 0)])
def test_a_new_python_is_welcome(version: tuple[int, ...]) -> None:
    assert run.refusal(version) == ""


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 15), (3, 10, 13)])
def test_an_old_python_is_refused_in_both_languages(version: tuple[int, ...]) -> None:
    text = run.refusal(version)
    assert "cần Python 3.11 trở lên" in text
    assert "needs Python 3.11 or newer" in text
    assert ".".join(map(str, version)) in text


def test_an_old_python_can_read_as_far_as_the_refusal() -> None:
    ast.parse(Path(run.__file__).read_text(encoding="utf-8"), feature_version=(3, 7))


def test_nothing_but_the_standard_library_is_imported() -> None:
    tree = ast.parse(Path(run.__file__).read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names


def test_after_a_whole_install_nothing_is_missing(lock: Lock, stamp: Path) -> None:
    path = lock("a==1")
    run.write_stamp({path.name: run.digest(path)})
    assert run.missing([path], stamp, Path(sys.executable)) == []


def test_a_changed_lock_is_installed_again(lock: Lock, stamp: Path) -> None:
    path = lock("a==1")
    run.write_stamp({path.name: run.digest(path)})
    lock("a==2")
    assert run.missing([path], stamp, Path(sys.executable)) == [path]


def test_another_python_makes_another_digest(lock: Lock, monkeypatch: pytest.MonkeyPatch) -> None:
    path = lock("a==1")
    before = run.digest(path)
    monkeypatch.setattr("sysconfig.get_platform", lambda: "another-machine")
    assert run.digest(path) != before


def test_a_second_lock_leaves_the_first_alone(tmp_path: Path, lock: Lock, stamp: Path) -> None:
    first, second = lock("a==1"), tmp_path / "requirements-dev.lock"
    second.write_text("b==1", encoding="utf-8")
    run.write_stamp({first.name: run.digest(first)})
    assert run.missing([first, second], stamp, Path(sys.executable)) == [second]


@pytest.mark.parametrize("content", [None, "", "{", "[]", '"text"'])
def test_a_missing_or_broken_stamp_means_nothing_is_installed(content: str | None, lock: Lock, stamp: Path) -> None:
    if content is not None:
        stamp.write_text(content, encoding="utf-8")
    path = lock("a==1")
    assert run.missing([path], stamp, Path(sys.executable)) == [path]


def test_a_vanished_python_means_nothing_is_installed(tmp_path: Path, lock: Lock, stamp: Path) -> None:
    path = lock("a==1")
    run.write_stamp({path.name: run.digest(path)})
    assert run.missing([path], stamp, tmp_path / "gone" / "python") == [path]


def test_a_failed_install_leaves_no_stamp(lock: Lock, stamp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path) -> None:
        raise run.StartError("no network")

    path = lock("a==1")
    run.write_stamp({path.name: "old"})
    monkeypatch.setattr(run, "pip_install", fail)
    monkeypatch.setattr(run, "runs", lambda python: True)
    monkeypatch.setattr(run, "PYTHON", Path(sys.executable))
    with pytest.raises(run.StartError):
        run.install_missing([path])
    assert not stamp.exists()


def test_the_stamp_is_written_when_all_is_installed(lock: Lock, stamp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    path = lock("a==1")
    monkeypatch.setattr(run, "make_venv", lambda: made.append("venv"))
    monkeypatch.setattr(run, "pip_install", lambda path: made.append(path.name))
    run.install_missing([path])
    assert made == ["venv", path.name]
    assert json.loads(stamp.read_text(encoding="utf-8"))[path.name] == run.digest(path)


def test_a_python_without_ensurepip_is_told_which_package_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(run.StartError, match=r"sudo apt install python3\.\d+-venv"):
        run.make_venv()


def test_a_failing_command_says_its_last_words_and_what_to_do() -> None:
    words = [sys.executable, "-c", "print('mạng đứt'); raise SystemExit(3)"]
    with pytest.raises(run.StartError, match=r"mạng đứt(.|\n)*chạy lại"):
        run.quietly(words, "Hãy chạy lại.")


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("DATABASE_URL=postgresql://db/camtay", "postgresql://db/camtay"),
        ("# a comment\nexport DATABASE_URL = 'postgres://db'\n", "postgres://db"),
        ("OTHER_DATABASE_URL=postgresql://db", ""),
        ("", ""),
    ],
)
def test_the_database_is_read_from_the_env_file(
    text: str, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(run, "ROOT", tmp_path)
    (tmp_path / ".env").write_text(text, encoding="utf-8")
    assert run.database_url() == url
    assert (run.POSTGRES_LOCK in run.locks_needed()) == url.startswith("postgres")


def test_the_environment_wins_over_the_env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("DATABASE_URL=postgresql://db", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///camtay.db")
    assert run.locks_needed() == [run.APP_LOCK]


@pytest.mark.parametrize(
    ("words", "started"), [([], ["run"]), (["chat", "--as", "helper"], ["chat", "--as", "helper"])]
)
def test_words_go_to_camtay(words: list[str], started: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []
    monkeypatch.setattr(run, "install", lambda locks: None)
    monkeypatch.setattr(run, "become", seen.append)
    run.main(words)
    assert seen == [[str(run.PYTHON), "-P", "-m", "bot", *started]]


def test_the_first_failing_check_ends_the_run(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "PYTHON", Path(sys.executable))
    checks = (("passes", ("this", "-h")), ("fails", ("no_such_module",)), ("left out", ("this",)))
    monkeypatch.setattr(run, "CHECKS", checks)
    assert run.run_checks([]) != 0
    said = capfd.readouterr().out
    assert "passes: passed in" in said
    assert "fails: FAILED after" in said
    assert "left out" not in said


@pytest.mark.skipif(os.name == "nt", reason="locks by flock")
def test_two_starts_at_once_take_turns(tmp_path: Path) -> None:
    path = tmp_path / ".venv.lock"
    with run.alone(path), path.open("a+b") as other:
        assert not run.take(other.fileno(), wait=False)
    with path.open("a+b") as other:
        assert run.take(other.fileno(), wait=False)


def test_it_works_from_another_folder_with_spaces_and_tone_marks(tmp_path: Path) -> None:
    """Everything lies beside run.py and nothing where the person stands, even a folder of the same name."""
    home, elsewhere = tmp_path / "Thư mục của bác", tmp_path / "nơi khác"
    for folder in (home / "bot", home / ".venv" / "bin", elsewhere / "bot"):
        folder.mkdir(parents=True)
    (home / "run.py").write_bytes(Path(run.__file__).read_bytes())
    (home / "requirements.lock").write_text("", encoding="utf-8")
    (home / "bot" / "__main__.py").write_text("import sys; print('ours', *sys.argv[1:])", encoding="utf-8")
    (elsewhere / "bot" / "__main__.py").write_text("print('not ours')", encoding="utf-8")
    python = home / run.PYTHON.relative_to(run.ROOT)
    python.parent.mkdir(exist_ok=True)
    python.symlink_to(sys.executable)
    digest = run.digest(home / "requirements.lock")
    (home / ".venv" / run.STAMP.name).write_text(json.dumps({"requirements.lock": digest}), encoding="utf-8")

    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    words = [sys.executable, str(home / "run.py"), "xin", "chào bác"]
    done = subprocess.run(words, cwd=elsewhere, env=env, capture_output=True, text=True, encoding="utf-8")
    assert (done.stdout, done.stderr) == ("ours xin chào bác\n", "")
    assert not list(elsewhere.glob(".venv*"))
