"""The other side of the fake Zalo: events, consent, and driving it by hand."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from tests.fakes.zalo_oa import Fault
from tests.fakes.zalo_oa_asker import Asker, asking
from tests.fakes.zalo_oa_push import raw


@pytest.fixture
async def asker() -> AsyncIterator[Asker]:
    async with asking() as asker:
        yield asker


async def test_consent_gives_a_code_for_one_use(asker: Asker) -> None:
    grants = asker.fake.world.grants
    verifier, challenge = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    asked = {"app_id": grants.app_id, "redirect_uri": grants.callback, "code_challenge": challenge, "state": "s"}
    url = f"{asker.fake.url}/v4/oa/permission"
    async with asker.http.get(url, params=asked, allow_redirects=False) as response:
        back = response.headers["Location"]
    assert back.startswith(f"{grants.callback}?code=")
    assert back.endswith(f"&oa_id={asker.fake.world.oa_id}&state=s")
    code = back.split("code=")[1].split("&")[0]
    form = {"grant_type": "authorization_code", "code": code}
    assert (await asker.grant(**form, code_verifier="wrong"))["error"] == -14012
    assert "access_token" in await asker.grant(**form, code_verifier=verifier)
    assert (await asker.grant(**form, code_verifier=verifier))["error"] == -14011
    for wrong, number in (({"redirect_uri": "https://other"}, -14003), ({"app_id": "1"}, -14002)):
        async with asker.http.get(url, params={**asked, **wrong}) as response:
            assert (await response.json())["error"] == number


@pytest.fixture
async def listener() -> AsyncIterator[tuple[str, list[tuple[bytes, dict[str, str]]], Callable[[int, float], None]]]:
    """A webhook that answers as told: (status, after seconds)."""
    got: list[tuple[bytes, dict[str, str]]] = []
    told: list[tuple[int, float]] = []

    async def receive(request: web.Request) -> web.Response:
        got.append((await request.read(), dict(request.headers)))
        status, pause = told.pop(0) if told else (200, 0.0)
        await asyncio.sleep(pause)
        return web.Response(status=status)

    app = web.Application()
    app.router.add_post("/", receive)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/", got, lambda status, pause: told.append((status, pause))
    await runner.cleanup()


async def test_events_are_signed_bytes_and_come_again_after_a_time_out(asker: Asker, listener: Any) -> None:
    url, got, tell = listener
    pusher = asker.fake.pusher
    pusher.url, pusher.patience = url, 0.05
    tell(200, 0.2)
    event = asker.fake.do("say", user="42", text="Xin chào")
    await pusher.settle()
    assert [body for body, _ in got] == [raw(event)] * 2
    assert [headers.get("num_retry") for _, headers in got] == [None, "1"]
    assert got[0][1]["X-ZEvent-Signature"].startswith("mac=")
    assert len(pusher.complaints) == 1
    tell(500, 0)
    asker.fake.do("say", user="42", text="hai")
    await pusher.settle()
    assert [one.status for one in pusher.deliveries[2:]] == [500]
    assert len(pusher.complaints) == 2


async def test_who_never_answers_is_switched_off(asker: Asker) -> None:
    asker.fake.pusher.url, asker.fake.pusher.scale = "http://127.0.0.1:1/", 0
    asker.fake.do("say", user="42", text="x")
    await asker.fake.pusher.settle()
    assert [one.repeat for one in asker.fake.pusher.deliveries] == [0, 1, 2, 3, 4, 5]
    assert asker.fake.pusher.disabled


async def test_a_tap_is_the_payload_as_text(asker: Asker) -> None:
    button = {"title": "Đã xong", "type": "oa.query.hide", "payload": "#a:b"}
    await asker.message({"text": "x", "attachment": {"type": "template", "payload": {"buttons": [button]}}})
    event = asker.fake.people.tap("42", "Đã xong")
    assert (event["event_name"], event["message"]["text"]) == ("user_send_text", "#a:b")
    assert "sender" not in asker.fake.people.follow("42")


def test_only_faults_there_are() -> None:
    with pytest.raises(ValueError, match="no fault"):
        Fault("earthquake")


async def test_it_is_driven_over_http(asker: Asker) -> None:
    async def control(what: str, **words: Any) -> Any:
        async with asker.http.post(f"{asker.fake.url}/control/{what}", json=words) as response:
            return await response.json()

    assert (await control("do", act="say", user="7", text="x"))["message"]["text"] == "x"
    assert await control("do", act="block", user="7") is None
    assert await control("modes", state_oa=True)
    assert await control("advance", seconds=60)
    assert await control("webhook", url="http://127.0.0.1:1/")
    assert await control("fault", kind="code", path="message", number=-32)
    assert await control("push", event={"event_name": "odd"}, times=0)
    assert (await asker.message({"text": "x"}, "7"))["error"] == -32
    async with asker.http.get(f"{asker.fake.url}/control/state") as response:
        state = await response.json()
    assert (state["people"]["7"]["blocked"], state["modes"]["state_oa"]) == (True, True)
    assert (state["now"], state["webhook"]) == ("2026-11-24T07:31:00+00:00", "http://127.0.0.1:1/")
    assert asker.fake.world.grants.access not in str(state)


async def test_by_hand_it_prints_the_settings_to_use() -> None:
    here = Path(__file__).parents[2]
    words = [sys.executable, "-m", "tests.fakes.zalo_oa", "--port", "0"]
    started = await asyncio.create_subprocess_exec(*words, stdout=subprocess.PIPE, cwd=here)
    assert started.stdout
    lines = [(await started.stdout.readline()).decode().partition("=") for _ in range(6)]
    started.terminate()
    await started.wait()
    assert {name for name, _, _ in lines} == {
        *("ZALO_OA_APP_ID", "ZALO_OA_APP_SECRET", "ZALO_OA_SECRET_KEY", "ZALO_OA_REFRESH_TOKEN"),
        *("ZALO_OA_API_URL", "ZALO_OAUTH_URL"),
    }
