"""Durable turns a second, end to end, side by side in one run; medians. See benchmarks/README.md.

python3 run.py test is not needed; run:  .venv/bin/python -m benchmarks.webhook [--rounds 3] [--turns 3000]
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.peer import SECRET, TOKEN

HERE = Path(__file__).resolve().parent.parent
TICK = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def process(*words: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """A child that is ended by its process id, whatever happens."""
    command = [sys.executable, "-m", *words]
    child = subprocess.Popen(
        command,
        cwd=HERE,
        env={**os.environ, **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield child
    finally:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def memory_mb(pid: int) -> float:
    line = next(row for row in Path(f"/proc/{pid}/status").read_text().splitlines() if row.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def wait_for(port: int, pid: int) -> float:
    """Seconds until something listens on the port."""
    began = time.perf_counter()
    while time.perf_counter() - began < 30:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return time.perf_counter() - began
        time.sleep(0.01)
    raise TimeoutError(f"process {pid} does not listen")


def measure(
    kind: str, turns: int, *, rate: float = 0, delay: float = 0, texts: str = "cảm ơn cháu"
) -> dict[str, float]:
    """One round of one bot."""
    bot_port, api_port = free_port(), free_port()
    path = "/hooks/telegram" if kind.startswith("camtay") else "/hook"
    flying = 256 if delay else 100
    peer_words = [
        "benchmarks.peer", "--port", str(api_port), "--bot", f"http://127.0.0.1:{bot_port}{path}",
        "--delay", str(delay), "--texts", texts, "--flying", str(flying),
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder, process(*peer_words) as peer:
        assert peer.stdin is not None
        assert peer.stdout is not None
        peer.stdout.readline()
        words, environment = _bot(kind, bot_port, api_port, Path(folder))
        with process(*words, **environment) as bot:
            start = wait_for(bot_port, bot.pid)
            time.sleep(0.5)
            idle = memory_mb(bot.pid)
            warm = f"{min(500, turns)} 0\n"
            peer.stdin.write(warm)
            peer.stdin.flush()
            peer.stdout.readline()
            before = cpu_seconds(bot.pid)
            peer.stdin.write(f"{turns} {rate}\n")
            peer.stdin.flush()
            found: dict[str, float] = json.loads(peer.stdout.readline())
            found["cpu_ms"] = (cpu_seconds(bot.pid) - before) / turns * 1000
            found["start_s"], found["idle_mb"] = start, idle
            return found


def _bot(kind: str, port: int, api_port: int, folder: Path) -> tuple[list[str], dict[str, str]]:
    api = f"http://127.0.0.1:{api_port}"
    if kind == "stock":
        return ["benchmarks.stock", "--api", api, "--port", str(port)], {}
    if kind == "stock+aiosqlite":
        return [
            "benchmarks.stock",
            "--api",
            api,
            "--port",
            str(port),
            "--database",
            str(folder / "stock.db"),
        ], {}
    environment = {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": api,
        "TELEGRAM_WEBHOOK_SECRET": SECRET,
        "UPDATES": "webhook",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "DATABASE_URL": f"sqlite:///{folder}/camtay.db",
        "PORT": str(port),
        "LOG_LEVEL": "WARNING",
    }
    if kind == "camtay, storage off":
        return ["benchmarks.storeless"], environment
    return ["bot", "run"], environment


def medians(rounds: list[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median(found[name] for found in rounds) for name in rounds[0]}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--turns", type=int, default=3000)
    words = parser.parse_args()
    plans: dict[str, dict[str, object]] = {
        "stock": {},
        "stock+aiosqlite": {},
        "camtay": {},
        "camtay, storage off": {},
    }
    results: dict[str, list[dict[str, float]]] = {name: [] for name in plans}
    extra: dict[str, list[dict[str, float]]] = {}
    for _ in range(words.rounds):  # side by side: every round measures each bot once
        for name in plans:
            results[name].append(measure(name, words.turns))
        extra.setdefault("camtay, answers after 50 ms", []).append(measure("camtay", words.turns, delay=50))
        extra.setdefault("camtay, 100/s", []).append(measure("camtay", 600, rate=100))
        extra.setdefault("camtay, lesson steps", []).append(measure("camtay", words.turns, texts="1"))
    table = {name: medians(rounds) for name, rounds in {**results, **extra}.items()}
    print(f"{'':30}{'turns/s':>9}{'p50 ms':>9}{'p99 ms':>9}{'CPU ms':>9}{'idle MB':>9}{'start s':>9}")
    for name, row in table.items():
        print(
            f"{name:30}{row['per_second']:9.0f}{row['p50_ms']:9.1f}{row['p99_ms']:9.1f}"
            f"{row['cpu_ms']:9.2f}{row['idle_mb']:9.0f}{row['start_s']:9.2f}"
        )
    ours = table["camtay"]["per_second"]
    for name in ("stock", "stock+aiosqlite", "camtay, storage off"):
        print(f"camtay ÷ {name}: {ours / table[name]['per_second']:.2f}")


if __name__ == "__main__":
    main()
