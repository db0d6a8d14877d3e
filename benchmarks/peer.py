"""The other side of the wire in one process: a local fake Telegram and a crowd that writes to the bot.

    python -m benchmarks.peer --port 9001 --bot http://127.0.0.1:9002/hook --turns 5000 --flying 64

Sends updates to the bot's webhook and counts a turn when the bot's `sendMessage` to that chat has been
answered. Prints one JSON object: turns a second and latencies in milliseconds.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import time
from itertools import count

import aiohttp
import uvloop
from aiohttp import web

TOKEN = "123456789:AAbenchmarkbenchmarkbenchmarkbenchm"
SECRET = "benchmark-secret"


class Peer:
    """Fake Telegram and crowd. A chat sends its next message only after the answer to the last one."""

    def __init__(self, chats: int, delay: float, texts: list[str]) -> None:
        self.delay, self.texts = delay, texts
        self.free: asyncio.Queue[int] = asyncio.Queue()
        for chat in range(1, chats + 1):
            self.free.put_nowait(chat)
        self.sent_at: dict[int, float] = {}
        self.turns: dict[int, int] = {}
        self.latencies: list[float] = []
        self.calls = 0
        self.numbers = count(1)
        self.done = asyncio.Event()
        self.wanted = 0

    async def api(self, request: web.Request) -> web.Response:
        """Any method of the Bot API, answered after `delay` seconds."""
        method = request.match_info["method"]
        body = await request.read()
        self.calls += 1
        if self.delay:
            await asyncio.sleep(self.delay)
        if method not in ("sendMessage", "sendPhoto"):
            return _ok(
                {"id": 123456789, "is_bot": True, "first_name": "B", "username": "b"} if method == "getMe" else True
            )
        chat = _chat_of(request, body)
        asyncio.get_running_loop().call_soon(self.answered, chat)
        photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
        message = {"message_id": self.calls, "date": 1, "chat": {"id": chat, "type": "private"}, "photo": photo}
        return _ok(message)

    def answered(self, chat: int) -> None:
        """The bot's answer to this chat is confirmed: the turn is complete."""
        began = self.sent_at.pop(chat, None)
        if began is None:
            return
        self.latencies.append(time.perf_counter() - began)
        self.free.put_nowait(chat)
        if len(self.latencies) >= self.wanted:
            self.done.set()

    def update(self, chat: int) -> bytes:
        """The next message of this chat."""
        turn = self.turns[chat] = self.turns.get(chat, -1) + 1
        sender = {"id": chat, "is_bot": False, "first_name": "A"}
        message = {
            "message_id": turn + 1,
            "date": int(time.time()),
            "chat": {"id": chat, "type": "private", "first_name": "A"},
            "from": sender,
            "text": self.texts[turn % len(self.texts)],
        }
        return json.dumps({"update_id": next(self.numbers), "message": message}).encode()


def _ok(result: object) -> web.Response:
    return web.Response(body=json.dumps({"ok": True, "result": result}).encode(), content_type="application/json")


def _chat_of(request: web.Request, body: bytes) -> int:
    """The chat a call is about: in JSON, in a form, or in a multipart upload."""
    if request.content_type == "application/json":
        return int(json.loads(body)["chat_id"])
    found = re.search(rb'chat_id(?:=|"\r\n(?:[^\r]+\r\n)*\r\n)(\d+)', body)
    assert found, "a call without a chat"
    return int(found.group(1))


async def crowd(peer: Peer, url: str, turns: int, flying: int, rate: float) -> dict[str, float]:
    """Send `turns` updates, at most `flying` unanswered at a time (or `rate` a second), and measure."""
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}
    peer.done.clear()
    peer.latencies.clear()
    peer.wanted = turns
    numbers = iter(range(turns))
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=flying)) as session:

        async def walker() -> None:
            for _ in numbers:
                chat = await peer.free.get()
                peer.sent_at[chat] = time.perf_counter()
                async with session.post(url, data=peer.update(chat), headers=headers) as answer:
                    assert answer.status == 200, answer.status

        began = time.perf_counter()
        if rate:
            await _steadily(session, peer, url, headers, turns, rate)
        else:
            await asyncio.gather(*(walker() for _ in range(flying)))
        await asyncio.wait_for(peer.done.wait(), 60)
        took = time.perf_counter() - began
    ordered = sorted(peer.latencies)
    return {
        "turns": turns,
        "per_second": turns / took,
        "p50_ms": ordered[len(ordered) // 2] * 1000,
        "p99_ms": ordered[int(len(ordered) * 0.99)] * 1000,
    }


async def _steadily(
    session: aiohttp.ClientSession, peer: Peer, url: str, headers: dict[str, str], turns: int, rate: float
) -> None:
    async def one(at: float) -> None:
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        chat = await peer.free.get()
        peer.sent_at[chat] = time.perf_counter()
        async with session.post(url, data=peer.update(chat), headers=headers) as answer:
            assert answer.status == 200, answer.status

    began = time.perf_counter()
    await asyncio.gather(*(one(began + number / rate) for number in range(turns)))


async def main(words: argparse.Namespace) -> None:
    peer = Peer(words.chats, words.delay / 1000, words.texts.split("|"))
    application = web.Application()
    application.router.add_route("*", "/bot{token}/{method}", peer.api)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", words.port).start()
    print("ready", flush=True)
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, input):
        turns, rate = line.split()
        result = await crowd(peer, words.bot, int(turns), words.flying, float(rate))
        print(json.dumps(result), flush=True)
    await runner.cleanup()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--bot", required=True)
    parser.add_argument("--chats", type=int, default=400)
    parser.add_argument("--flying", type=int, default=64)
    parser.add_argument("--delay", type=float, default=0.0, help="milliseconds before the fake answers")
    parser.add_argument("--texts", default="cảm ơn cháu")
    uvloop.run(main(parser.parse_args()))
