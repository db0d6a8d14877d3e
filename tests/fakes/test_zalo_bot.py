"""The fake Zalo remembers, loses what the real one may lose, and breaks where it is told to."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.fakes.zalo_bot import Fault
from tests.fakes.zalo_bot_kit import api, ask, listener, refused

ROOT = Path(__file__).resolve().parents[2]


async def test_an_unknown_token_is_unauthorized() -> None:
    async with api() as (fake, http), http.post(f"{fake.url}/bot1:wrong/getMe") as response:
        assert (response.status, await response.json()) == (200, refused(401, "Unauthorized"))


async def test_success_carries_a_code_and_an_action_no_result() -> None:
    async with api() as (fake, http):
        bot, chat = fake.bots[0], fake.bots[0].person("Lan")
        _, me = await ask(http, "getMe")
        assert me == {
            "ok": True,
            "error_code": 0,
            "result": {
                "id": bot.id,
                "account_name": bot.name,
                "account_type": "BASIC",
                "can_join_groups": False,
            },
        }
        assert (await ask(http, "sendChatAction", chat_id=chat, action="typing"))[1] == {"ok": True}
        _, sent = await ask(http, "sendPhoto", chat_id=chat, photo="https://x.vn/a.png")
        assert sent["result"]["message_type"] == "CHAT_PHOTO"
        assert len(sent["result"]["message_id"]) == 20


@pytest.mark.parametrize("real_status", [False, True])
async def test_an_error_comes_under_200_or_under_its_own_status(real_status: bool) -> None:
    async with api(real_status=real_status) as (_, http):
        assert await ask(http, "sendMessages") == (404 if real_status else 200, refused(404, "Not Found"))
        found, _ = await ask(http, "sendMessage", text="x")
        assert found == (400 if real_status else 200)


async def test_json_form_and_query_are_read_and_multipart_is_not() -> None:
    async with api() as (fake, http):
        given = {"chat_id": fake.bots[0].person("Lan"), "text": "x"}
        multipart = aiohttp.MultipartWriter("form-data")
        multipart.append("x", {"Content-Disposition": 'form-data; name="chat_id"'})
        for options in ({"json": given}, {"data": given}, {"params": given}):
            async with http.post("sendMessage", **options) as response:  # type: ignore[arg-type]
                assert (await response.json())["ok"] is True
        async with http.get("sendMessage", params=given) as response:
            assert (await response.json())["ok"] is True
        for body in (multipart, b"[]"):
            async with http.post("sendMessage", data=body) as response:
                assert (await response.json())["description"] == "Bad request: The chat_id must not be empty"
        assert len(fake.bots[0].chat("Lan").texts) == 4


@pytest.mark.parametrize(
    ("code", "words"), [(400, "Bad request: The chat_id is invalid"), (403, "Internal server error")]
)
async def test_who_never_wrote_cannot_be_written_to(code: int, words: str) -> None:
    async with api(stranger_code=code) as (fake, http):
        assert (await ask(http, "sendMessage", chat_id="0" * 20, text="x"))[1] == refused(code, words)
        fake.bots[0].block("Lan")
        _, answer = await ask(http, "sendMessage", chat_id=fake.bots[0].person("Lan"), text="x")
        assert answer["error_code"] == code


async def test_a_poll_brings_one_update_and_it_is_gone() -> None:
    async with api(longest_poll=0.01) as (fake, http):
        numbers = [fake.bots[0].say("Lan", text) for text in "ab"]
        for timeout, number in ((30, numbers[0]), ("30", numbers[1])):
            _, answer = await ask(http, "getUpdates", timeout=timeout)
            assert answer["result"]["message"]["message_id"] == number
        assert await ask(http, "getUpdates") == (200, refused(408, "Request timeout"))


async def test_a_poll_waits_for_what_comes_and_two_share_it() -> None:
    async with api() as (fake, http):
        polls = [asyncio.create_task(ask(http, "getUpdates")) for _ in range(2)]
        await fake.until(lambda: fake.bots[0].polls == 2)
        fake.bots[0].say("Lan", "a")
        fake.bots[0].say("Lan", "b")
        answers = [(await poll)[1]["result"]["message"]["text"] for poll in polls]
        assert sorted(answers) == ["a", "b"]


async def test_what_arrives_while_nobody_polls_may_be_lost() -> None:
    async with api(live_only=True) as (fake, http):
        fake.bots[0].say("Lan", "a")
        poll = asyncio.create_task(ask(http, "getUpdates"))
        await fake.until(lambda: fake.bots[0].polls)
        fake.bots[0].say("Lan", "b")
        fake.bots[0].say("Lan", "c")
        assert (await poll)[1]["result"]["message"]["text"] == "b"
        assert [update["message"]["text"] for update in fake.bots[0].dropped] == ["a", "c"]


async def test_a_poll_that_hung_up_takes_nothing_with_it() -> None:
    async with api() as (fake, http):
        poll = asyncio.create_task(ask(http, "getUpdates"))
        await fake.until(lambda: fake.bots[0].polls)
        poll.cancel()
        await asyncio.gather(poll, return_exceptions=True)
        await asyncio.sleep(0.01)
        fake.bots[0].say("Lan", "a")
        assert (await ask(http, "getUpdates"))[1]["result"]["message"]["text"] == "a"


async def test_the_quota_and_the_number_of_people_have_an_end() -> None:
    async with api(quota=2, users_cap=2) as (fake, http):
        chat = fake.bots[0].person("Lan")
        answers = [(await ask(http, "sendMessage", chat_id=chat, text="x"))[1] for _ in range(3)]
        assert [answer.get("error_code") for answer in answers] == [0, 0, 429]
        for name in ("An", "Bình"):
            fake.bots[0].say(name, "x")
        fake.bots[0].mention("thôn", "Bình", "x")
        assert [update["message"]["from"]["display_name"] for update in fake.bots[0].dropped] == ["Bình"]
        fake.modes.cap_drops = False
        fake.bots[0].say("Bình", "x")
        assert len(fake.bots[0].dropped) == 1


async def test_too_many_calls_a_second_meet_a_page_that_repeats_the_path() -> None:
    async with api(burst=2) as (fake, http):
        assert [(await ask(http, "getMe"))[0] for _ in range(2)] == [200, 200]
        async with http.post("getMe") as response:
            assert (response.status, response.content_type) == (429, "text/html")
            shown = await response.text()
        token = fake.bots[0].token
        assert all(form in shown for form in (token, token.replace(":", "%3A"), token.replace(":", "&#x3a;")[:24]))


async def test_a_voice_in_a_group_is_taken_and_not_delivered() -> None:
    async with api() as (fake, http):
        bot = fake.bots[0]
        bot.mention("thôn", "Lan", "chào")
        assert bot.queue[0]["message"]["text"] == f"@{bot.name} chào"
        for name in ("thôn", "Lan"):
            _, answer = await ask(http, "sendVoice", chat_id=bot.person(name), voice_url="https://x.vn/a.aac")
            assert answer["ok"] is True
        assert [(len(chat.sent), len(chat.lost)) for chat in bot.chats.values()] == [(1, 0), (0, 1)]


async def test_it_can_fetch_a_picture_as_zalo_does() -> None:
    async with api(fetches=True) as (fake, http), listener([]) as (url, _):
        chat = fake.bots[0].person("Lan")
        for address in (url, "http://127.0.0.1:1/a.png"):
            _, answer = await ask(http, "sendPhoto", chat_id=chat, photo=address)
            assert answer == refused(400, "Bad request: The photo URL is invalid")


SPOILED: list[tuple[Fault, int, Any]] = [
    (Fault("403"), 200, refused(403, "Internal server error")),
    (Fault("429"), 200, refused(429, "Quota exceeded")),
    (Fault("-32", description="x"), 200, refused(-32, "x")),
    (Fault("400", code="str"), 200, {"ok": False, "description": "Bad request", "error_code": "400"}),
    (Fault("400", code="camel"), 200, {"ok": False, "description": "Bad request", "errorCode": 400}),
    (Fault("400", code="none"), 200, {"ok": False, "description": "Bad request"}),
    (Fault("no_ok"), 200, {"status": 502, "error": "Error"}),
    (Fault("null_result"), 200, {"ok": True, "result": None}),
    (Fault("page", status=502), 502, None),
    (Fault("page_after", status=504), 504, None),
    (Fault("truncated"), 200, None),
    (Fault("reset"), 0, None),
    (Fault("garbled"), 0, None),
    (Fault("reset_after"), 0, None),
    (Fault("stall"), 0, None),
    (Fault("stall_after"), 0, None),
]


@pytest.mark.parametrize(("fault", "status", "expected"), SPOILED, ids=lambda one: getattr(one, "kind", None))
async def test_faults_spoil_an_answer_before_or_after_it_is_done(fault: Fault, status: int, expected: Any) -> None:
    async with api() as (fake, http):
        fake.faults.append(Fault(**vars(fault) | {"method": "sendMessage"}))
        chat = fake.bots[0].person("Lan")
        brief = aiohttp.ClientTimeout(sock_read=0.05)
        found = 0
        try:
            async with http.post("sendMessage", json={"chat_id": chat, "text": "x"}, timeout=brief) as response:
                found = response.status
                answer = await response.json() if expected else await response.text()
        except (aiohttp.ClientError, TimeoutError):
            answer = None
        assert found == status
        assert expected in (None, answer)
        assert bool(fake.bots[0].chat("Lan").texts) == fault.comes_after


def test_a_fault_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="no fault"):
        Fault("hiccup")


async def test_it_runs_by_hand_and_is_driven_over_http() -> None:
    words = [sys.executable, "-m", "tests.fakes.zalo_bot", "--port", "0", "--bots", "2"]
    process = await asyncio.create_subprocess_exec(*words, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    assert process.stdout
    given = dict([(await process.stdout.readline()).decode().strip().split("=", 1) for _ in range(2)])
    try:
        async with aiohttp.ClientSession(given["ZALO_BOT_API_URL"]) as http:
            await drive(http, given["ZALO_BOT_TOKENS"].split(","))
    finally:
        process.terminate()
        await process.wait()


async def drive(http: aiohttp.ClientSession, tokens: list[str]) -> None:
    async def post(path: str, **body: Any) -> Any:
        async with http.post(path, json=body) as response:
            assert response.status == 200
            return await response.json()

    number = await post("/control/do", act="say", bot=1, name="Lan", text="chào")
    assert await post("/control/inject", bot=1, updates=[{"event_name": "user.follow", "message": {}}]) == [""]
    await post("/control/fault", kind="429", method="sendMessage")
    await post("/control/settings", strict=False, quota=7)
    await post("/control/hold")
    await post("/control/release", backwards=True)
    update = (await post(f"/bot{tokens[1]}/getUpdates"))["result"]
    assert update["message"]["message_id"] == number
    chat = update["message"]["chat"]["id"]
    answers = [await post(f"/bot{tokens[1]}/sendMessage", chat_id=chat, text="x", extra=1) for _ in range(2)]
    assert [answer["error_code"] for answer in answers] == [429, 0]
    async with http.get("/control/state") as response:
        state = await response.json()
    assert [message["text"] for message in state["bots"][1]["chats"][chat]["sent"]] == ["x"]
    assert [len(bot["waiting"]) for bot in state["bots"]] == [0, 1]
