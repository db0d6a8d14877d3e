"""The person at the keyboard: lines, Enter while waiting, Ctrl-C, and a keyboard that is not there."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from bot.zalo_doctor.person import Terminal, agrees


@dataclass
class Desk:
    terminal: Terminal
    keys: int
    screen: io.StringIO

    def type(self, text: str) -> None:
        os.write(self.keys, text.encode())

    async def shows(self, words: str) -> None:
        async with asyncio.timeout(5):
            while words not in self.screen.getvalue():  # noqa: ASYNC110 (a screen tells nobody)
                await asyncio.sleep(0.005)


@asynccontextmanager
async def desk() -> AsyncIterator[Desk]:
    read, write = os.pipe()
    screen = io.StringIO()
    before = set(threading.enumerate())

    def _ended() -> None:
        """The reader ends with its pipe."""
        for reader in {one for one in threading.enumerate() if one.daemon} - before:
            reader.join(5)

    with os.fdopen(read, encoding="utf-8") as keyboard:
        terminal = Terminal(keyboard, screen)
        try:
            with terminal.listening():
                yield Desk(terminal, write, screen)
        finally:
            os.close(write)
            await asyncio.to_thread(_ended)


async def test_yes_no_and_neither() -> None:
    async with desk() as at:
        for typed, meant in {"C\n": True, "không\n": False, "\n": None}.items():
            asked = asyncio.create_task(agrees(at.terminal, f"Hỏi {meant}?"))
            await at.shows(f"Hỏi {meant}?")
            at.type(typed)
            assert await asked is meant
        asked = asyncio.create_task(agrees(at.terminal, "Thế nào?"))
        await at.shows("Thế nào?")
        at.type("có lẽ\n")
        await at.shows("Chỉ gõ c hoặc k")
        at.type("k\n")
        assert await asked is False


async def test_enter_while_waiting_is_noticed_once() -> None:
    async with desk() as at:
        assert not at.terminal.wants_on()
        at.type("\n")
        async with asyncio.timeout(5):
            while not at.terminal.wants_on():  # noqa: ASYNC110 (as the program itself waits)
                await asyncio.sleep(0.005)
        assert not at.terminal.wants_on()


async def test_nobody_at_the_keyboard_answers_nothing_and_stops_nothing() -> None:
    terminal = Terminal(io.StringIO(""), io.StringIO())
    with terminal.listening():
        assert await terminal.ask("Có ai không?") is None
        assert await agrees(terminal, "Có ai không?") is None
        assert not terminal.wants_on()


async def test_ctrl_c_ends_what_waits_until_the_last_moment() -> None:
    before = signal.getsignal(signal.SIGINT)
    async with desk() as at:
        asyncio.get_running_loop().call_later(0.01, signal.raise_signal, signal.SIGINT)
        with pytest.raises(asyncio.CancelledError):
            await at.terminal.ask("Đợi")
        task = asyncio.current_task()
        assert task
        task.uncancel()
        at.terminal.at_last()
        signal.raise_signal(signal.SIGINT)
        await asyncio.sleep(0)
        assert "Đang trả webhook về như cũ" in at.screen.getvalue()
    assert signal.getsignal(signal.SIGINT) is before
