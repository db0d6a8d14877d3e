"""The person at the keyboard: what is said to them, what they answer, and when they want to go on."""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Protocol, TextIO


class Person(Protocol):
    """`ask` returns what was typed, "" for a bare Enter; None where nobody can answer. Ctrl-C cancels whatever waits.

    `wants_on`: Enter was pressed while the program was waiting for the phone. `at_last`: from now on Ctrl-C waits.
    """

    def say(self, text: str) -> None: ...

    async def ask(self, text: str) -> str | None: ...

    def wants_on(self) -> bool: ...

    def at_last(self) -> None: ...


async def agrees(person: Person, question: str) -> bool | None:
    """Yes, no, or None: skipped."""
    for _ in range(3):
        said = ((await person.ask(f"{question} (c = có, k = không, Enter = bỏ qua): ")) or "").strip().casefold()
        if said in ("c", "có", "co", "y"):
            return True
        if said in ("k", "không", "khong", "n"):
            return False
        if not said:
            return None
        person.say("Chỉ gõ c hoặc k rồi Enter.")
    return None


class Terminal:
    """Reads lines in a thread of its own: waiting for a key must not stop the server, and works on Windows too."""

    def __init__(self, read: TextIO | None = None, write: TextIO | None = None) -> None:
        self._read, self._write = read or sys.stdin, write or sys.stdout
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        self._ended = False
        self._closing = False

    def say(self, text: str) -> None:
        print(text, file=self._write, flush=True)

    async def ask(self, text: str) -> str | None:
        print(text, end="", file=self._write, flush=True)
        self.wants_on()  # what was typed before the question does not answer it
        if self._ended:
            self.say("")
            return None
        line = await self._lines.get()
        self._ended = line is None
        return line

    def wants_on(self) -> bool:
        pressed = False
        while not self._lines.empty():
            line = self._lines.get_nowait()
            self._ended = self._ended or line is None
            pressed = pressed or line is not None
        return pressed

    def at_last(self) -> None:
        self._closing = True

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Lines are read, and Ctrl-C cancels the task in which this is entered instead of ending the program."""
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task

        def interrupted(_number: int, _frame: FrameType | None) -> None:
            if self._closing:
                self.say("\nĐang trả webhook về như cũ và ghi báo cáo, chờ một chút...")
            else:
                loop.call_soon_threadsafe(task.cancel)

        before = signal.signal(signal.SIGINT, interrupted)
        threading.Thread(target=self._read_lines, args=(loop,), daemon=True).start()
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    def _read_lines(self, loop: asyncio.AbstractEventLoop) -> None:
        lines: list[str | None] = []
        while None not in lines:
            line = self._read.readline()
            lines = [line.rstrip("\r\n") if line else None]
            try:
                loop.call_soon_threadsafe(self._lines.put_nowait, lines[0])
            except RuntimeError:  # the loop has ended meanwhile
                return
