#!/usr/bin/env python3
"""Start Cầm Tay on a machine that has nothing but Python: `python3 run.py` is `camtay run`.

The first start makes `.venv` beside this file and installs the locked, hashed dependencies into it; a later
start finds its stamp there and goes straight on. `python3 run.py WORDS` is `camtay WORDS`, and
`python3 run.py test [pytest words]` runs every check of the project.

Standard library only, and no syntax newer than Python 3.6: an old Python must get as far as its refusal.
"""

import contextlib
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import time


def refusal(version: tuple) -> str:  # type: ignore[type-arg]  # an old Python cannot read tuple[int, ...]
    """Why this Python will not do, in both languages; empty when it will."""
    if tuple(version[:2]) >= (3, 11):
        return ""
    found = ".".join(str(part) for part in version[:3])
    return (
        f"Cầm Tay cần Python 3.11 trở lên; máy này đang chạy Python {found}. Hãy cài bản mới từ python.org "
        "(Ubuntu 22.04: sudo apt install python3.11 python3.11-venv), rồi chạy: python3.11 run.py\n"
        f"Cầm Tay needs Python 3.11 or newer; this is Python {found}. Install a newer one, then start again."
    )


if refusal(sys.version_info):
    sys.exit(refusal(sys.version_info))

from collections.abc import Iterator, Mapping, Sequence  # noqa: E402  # only after the refusal
from pathlib import Path  # noqa: E402

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "camtay-installed.json"
WINDOWS = os.name == "nt"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")

APP_LOCK = ROOT / "requirements.lock"
POSTGRES_LOCK = ROOT / "requirements-postgres.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"

PIP_WORDS = ("--quiet", "--no-input", "--disable-pip-version-check", "--require-hashes")

CHECKS = (
    ("ruff check", ("ruff", "check")),
    ("ruff format", ("ruff", "format", "--check")),
    ("mypy", ("mypy",)),
    ("camtay check", ("bot", "check")),
    ("pytest", ("pytest", "-n", "auto")),
)


class StartError(Exception):
    """The program cannot be started; the text says why and what to do, in Vietnamese and in English."""


def main(words: Sequence[str]) -> int:
    try:
        if words[:1] == ["test"]:
            install([APP_LOCK, DEV_LOCK])
            return run_checks(words[1:])
        install(locks_needed())
        return become(command("bot", words or ["run"]))
    except StartError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("Đã dừng. / Stopped.")
        return 130


def say(text: str) -> None:
    """Everything run.py says goes to stderr: stdout belongs to the program it starts."""
    print(text, file=sys.stderr, flush=True)


# Which dependencies, and are they there?


def locks_needed() -> list[Path]:
    return [APP_LOCK, POSTGRES_LOCK] if database_url().startswith("postgres") else [APP_LOCK]


def database_url() -> str:
    """DATABASE_URL as the program will see it: from the environment, else from `.env`, here or at home."""
    if "DATABASE_URL" in os.environ:
        return os.environ["DATABASE_URL"]
    for folder in (Path.cwd(), ROOT):
        with contextlib.suppress(OSError):
            for line in (folder / ".env").read_text(encoding="utf-8", errors="replace").splitlines():
                name, _, value = line.strip().removeprefix("export ").partition("=")
                if name.strip() == "DATABASE_URL":
                    return value.strip().strip("\"'")
    return ""


def digest(lock: Path) -> str:
    """Changes when the lock file changes, or the Python, or the kind of machine."""
    machine = f"{sys.implementation.cache_tag} {sysconfig.get_platform()}"
    return hashlib.sha256(machine.encode() + b"\n" + lock.read_bytes()).hexdigest()


def installed(stamp: Path) -> dict[str, str]:
    """Lock file name → digest of what was installed to the end; empty when there is no such thing."""
    try:
        content = json.loads(stamp.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def missing(locks: Sequence[Path], stamp: Path, python: Path) -> list[Path]:
    """The lock files still to install; all of them when the environment's own Python is gone."""
    have = installed(stamp) if python.exists() else {}
    return [lock for lock in locks if have.get(lock.name) != digest(lock)]


# Installing


def install(locks: Sequence[Path]) -> None:
    try:
        if not missing(locks, STAMP, PYTHON):
            return
        with alone(ROOT / ".venv.lock"):
            todo = missing(locks, STAMP, PYTHON)  # asked again: the start waited for may have done it all
            if todo:
                install_missing(todo)
    except OSError as error:
        raise StartError(
            f"Không đọc hoặc ghi được thư mục {ROOT}: {error}\nCannot read or write that folder."
        ) from error


def install_missing(locks: Sequence[Path]) -> None:
    """The stamp goes first and comes back last: whatever interrupts this, the next start begins afresh."""
    started = time.monotonic()
    say("Cầm Tay: đang cài thư viện, khoảng một phút … / installing the libraries, about a minute …")
    have = installed(STAMP)
    STAMP.unlink(missing_ok=True)
    if not (have and same_python(have)):
        have = {}
        make_venv()
    for lock in locks:
        pip_install(lock)
        have[lock.name] = digest(lock)
    write_stamp(have)
    say(f"Cầm Tay: cài xong sau {time.monotonic() - started:.0f} giây. / installed.")


def same_python(have: Mapping[str, str]) -> bool:
    """Is the environment whole and made by a Python like this one? Then a new lock goes on top."""
    return PYTHON.exists() and have.get("python") == sys.implementation.cache_tag and runs(PYTHON)


def runs(python: Path) -> bool:
    try:
        return subprocess.run([python, "-I", "-m", "pip", "--version"], capture_output=True).returncode == 0
    except OSError:
        return False


def make_venv() -> None:
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        raise StartError(
            f"Python trên máy này thiếu phần tạo môi trường. Hãy chạy: sudo apt install {package} (hoặc "
            "python3-venv), rồi chạy lại.\nThis Python has no ensurepip: install the package named above."
        )
    if VENV.exists():
        shutil.rmtree(VENV)
    base = getattr(sys, "_base_executable", None) or sys.executable
    quietly([base, "-I", "-m", "venv", str(VENV)], "Không tạo được .venv. / Could not make .venv.")


def pip_install(lock: Path) -> None:
    quietly(
        [str(PYTHON), "-I", "-m", "pip", "install", *PIP_WORDS, "-r", str(lock)],
        "Chưa cài được thư viện. Hãy kiểm tra mạng rồi chạy lại đúng lệnh vừa rồi; phần đã tải được giữ.\n"
        "Could not install the libraries. Check the network and run the same command again.",
    )


def quietly(words: Sequence[str], complaint: str) -> None:
    """Run to the end without a word; on failure the last lines it said, and what to do."""
    env = {**os.environ, "PIP_USER": "0", "PYTHONUTF8": "1"}
    done = subprocess.run(words, env=env, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, close_fds=False)
    if done.returncode:
        last_words = done.stdout.decode("utf-8", "replace").strip().splitlines()[-12:]
        raise StartError("\n".join([*("  " + line for line in last_words), complaint]))


def write_stamp(have: Mapping[str, str]) -> None:
    draft = STAMP.with_suffix(".draft")
    content = {**have, "python": sys.implementation.cache_tag}
    draft.write_text(json.dumps(content, indent=2), encoding="utf-8")
    draft.replace(STAMP)


@contextlib.contextmanager
def alone(path: Path) -> Iterator[None]:
    """One start at a time installs; the others wait. The system lets go of the lock when its holder dies."""
    with path.open("a+b") as file:
        os.set_inheritable(file.fileno(), True)  # a pip that outlives a killed run.py still holds the lock
        if not take(file.fileno(), wait=False):
            say("Đang chờ một lần khởi động khác cài xong … / waiting for another start to install …")
            while not take(file.fileno(), wait=True):
                pass
        yield


if sys.platform == "win32":
    import msvcrt

    def take(handle: int, wait: bool) -> bool:
        """LK_LOCK waits ten seconds at most, so the caller asks again."""
        with contextlib.suppress(OSError):
            os.lseek(handle, 0, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
            return True
        return False
else:
    import fcntl

    def take(handle: int, wait: bool) -> bool:
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        return False


# Going on


def command(module: str, words: Sequence[str]) -> list[str]:
    """-P: a folder named `bot` or `storage` where the person happens to stand must not be taken for ours."""
    return [str(PYTHON), "-P", "-m", module, *words]


def environment() -> dict[str, str]:
    env = {name: value for name, value in os.environ.items() if name != "PYTHONHOME"}
    return {**env, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}


def become(words: list[str]) -> int:
    """Turn into the program, so that signals reach it directly; Windows cannot, so wait for it there."""
    if not WINDOWS:
        os.execve(words[0], words, environment())
    program = subprocess.Popen(words, env=environment())
    while True:
        with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C reaches both: the program decides when to end
            return program.wait()


def run_checks(pytest_words: Sequence[str]) -> int:
    started = time.monotonic()
    for title, (module, *words) in CHECKS:
        extra = pytest_words if module == "pytest" else []
        begun = time.monotonic()
        print(f"\n== {title} ==", flush=True)
        status = subprocess.call(command(module, [*words, *extra]), env=environment(), cwd=ROOT)
        took = f"{time.monotonic() - begun:.1f} s"
        if status:
            print(f"\n== {title}: FAILED after {took}; what comes after it was not run ==", flush=True)
            return status
        print(f"-- {title}: passed in {took}", flush=True)
    print(f"\n== All checks passed in {time.monotonic() - started:.1f} s ==", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
