"""The fake Zalo is as strict as the reference says: every line of it, asked over HTTP."""

from __future__ import annotations

import asyncio
import io
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from tests.fakes.zalo_oa import FakeZaloOa, Fault, World
from tests.fakes.zalo_oa_push import raw

NOW = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n"
CS, V2 = "/v3.0/oa/message/cs", "/v2.0/oa/message"


class Asker:
    """Asks the fake as a client of it would."""

    def __init__(self, fake: FakeZaloOa, http: aiohttp.ClientSession) -> None:
        self.fake, self.http = fake, http

    async def call(self, method: str, path: str, **own: Any) -> Any:
        headers = own.pop("headers", {"access_token": self.fake.world.grants.access})
        async with self.http.request(method, self.fake.url + path, headers=headers, **own) as response:
            answer = await response.json()
            return {**answer, "status": response.status, "headers": response.headers}

    async def message(self, message: Any, user: Any = "42", path: str = CS, **own: Any) -> Any:
        return await self.call("POST", path, json={"recipient": {"user_id": user}, "message": message}, **own)

    async def grant(self, secret: str | None = "Fake4App7Secret0For9Tests", **form: str) -> Any:
        words = {"app_id": self.fake.world.app_id, **form}
        headers = {"secret_key": secret} if secret else {}
        return await self.call("POST", "/v4/oa/access_token", data=words, headers=headers)

    async def upload(self, kind: str, name: str, content: bytes, field: str = "file") -> Any:
        form = aiohttp.FormData()
        form.add_field(field, io.BytesIO(content), filename=name)
        return await self.call("POST", f"/v2.0/oa/upload/{kind}", data=form)


@pytest.fixture
async def asker() -> AsyncIterator[Asker]:
    async with FakeZaloOa(world=World(clock=lambda: NOW)) as fake, aiohttp.ClientSession() as http:
        fake.world.interact("42")
        yield Asker(fake, http)


async def test_a_refresh_token_works_exactly_once(asker: Asker) -> None:
    grants = asker.fake.world.grants
    refresh, access = grants.refresh, grants.access
    pair = await asker.grant(grant_type="refresh_token", refresh_token=refresh)
    assert (pair["expires_in"], pair["refresh_token"]) == ("90000", grants.refresh)
    again = await asker.grant(grant_type="refresh_token", refresh_token=refresh)
    assert (again["error"], again["status"], grants.burned) == (-14020, 200, 1)
    assert (await asker.message({"text": "x"}, headers={"access_token": access}))["error"] == -216
    assert (await asker.message({"text": "x"}))["error"] == 0


async def test_the_token_server_wants_a_form_and_the_secret(asker: Asker) -> None:
    grants = asker.fake.world.grants
    form = {"grant_type": "refresh_token", "refresh_token": grants.refresh}
    assert (await asker.grant(None, **form))["error"] == -14004
    assert (await asker.grant("wrong", **form))["error"] == -14004
    assert (await asker.grant(grant_type="password"))["error"] == -14010
    own = {"json": {**form, "app_id": grants.app_id}, "headers": {"secret_key": grants.app_secret}}
    assert (await asker.call("POST", "/v4/oa/access_token", **own))["error"] == -14009
    assert grants.burned == 0


async def test_a_refresh_token_lasts_three_months(asker: Asker) -> None:
    asker.fake.world.advance(timedelta(days=90).total_seconds())
    answer = await asker.grant(grant_type="refresh_token", refresh_token=asker.fake.world.grants.refresh)
    assert answer["error"] == -14020


async def test_the_header_is_called_access_token(asker: Asker) -> None:
    access = asker.fake.world.grants.access
    for headers in ({"Authorization": f"Bearer {access}"}, {}, {"access_token": "x"}):
        answer = await asker.message({"text": "x"}, headers=headers)
        assert (answer["error"], answer["status"]) == (-216, 200)


@pytest.mark.parametrize(
    ("modes", "code", "status"),
    [({}, -220, 200), ({"expired_as_216": True}, -216, 200), ({"http_401": True}, -220, 401)],
)
async def test_an_expired_token(modes: dict[str, bool], code: int, status: int, asker: Asker) -> None:
    vars(asker.fake.world.modes).update(modes)
    asker.fake.world.advance(90_000)
    answer = await asker.message({"text": "x"})
    assert (answer["error"], answer["status"]) == (code, status)


def buttons(*given: dict[str, Any]) -> dict[str, Any]:
    return {"text": "x", "attachment": {"type": "template", "payload": {"buttons": list(given)}}}


def media(element: Any, **more: Any) -> dict[str, Any]:
    return {"attachment": {"type": "template", "payload": {"template_type": "media", "elements": element, **more}}}


QUERY = {"title": "Đã xong", "type": "oa.query.hide", "payload": "#a:b"}
IMAGE = {"media_type": "image", "url": "https://x.example/a.jpg"}
FORM = {"title": "a", "subtitle": "b", "image_url": "https://x.example/a.jpg"}

MESSAGES: dict[str, tuple[Any, int]] = {
    "text": ({"text": "x"}, 0),
    "2000 signs": ({"text": "x" * 2000}, 0),
    "2001 signs": ({"text": "x" * 2001}, -210),
    "empty text": ({"text": ""}, -201),
    "blank text": ({"text": " \n"}, -201),
    "nothing": ({}, -201),
    "a list": ([], -201),
    "an unknown field": ({"text": "x", "parse_mode": "html"}, -201),
    "a bad quote": ({"text": "x", "quote_message_id": "gone"}, -201),
    "five buttons": (buttons(*[QUERY] * 5), 0),
    "six buttons": (buttons(*[QUERY] * 6), -201),
    "no buttons": (buttons(), -201),
    "a title of 100": (buttons({**QUERY, "title": "x" * 100}), 0),
    "a title of 101": (buttons({**QUERY, "title": "x" * 101}), -201),
    "a payload of 1000": (buttons({**QUERY, "payload": "x" * 1000}), 0),
    "a payload of 1001": (buttons({**QUERY, "payload": "x" * 1001}), -201),
    "a query with an object": (buttons({**QUERY, "payload": {"url": "x"}}), -201),
    "an unknown button": (buttons({**QUERY, "type": "oa.callback"}), -201),
    "a link": (buttons({"title": "x", "type": "oa.open.url", "payload": {"url": "https://x"}}), 0),
    "a link with a string": (buttons({"title": "x", "type": "oa.open.url", "payload": "https://x"}), -201),
    "a call": (buttons({"title": "x", "type": "oa.open.phone", "payload": {"phone_code": "84"}}), 0),
    "an sms": (buttons({"title": "x", "type": "oa.open.sms", "payload": {"content": "a", "phone_code": "84"}}), 0),
    "text in the payload": (
        {"attachment": {"type": "template", "payload": {"template_type": "button", "text": "x", "buttons": [QUERY]}}},
        -233,
    ),
    "picture": (media([IMAGE]), 0),
    "picture with buttons": ({"text": "x", **media([IMAGE], buttons=[QUERY])}, 0),
    "picture with no buttons": (media([IMAGE], buttons=[]), -201),
    "two pictures": (media([IMAGE, IMAGE]), -201),
    "neither url nor id": (media([{"media_type": "image"}]), -201),
    "both url and id": (media([{**IMAGE, "attachment_id": "x"}]), -201),
    "an id nobody gave out": (media([{"media_type": "image", "attachment_id": "x"}]), -201),
    "a gif without its size": (media([{**IMAGE, "media_type": "gif"}]), -201),
    "a gif": (media([{**IMAGE, "media_type": "gif", "width": 1, "height": 1}]), 0),
    "a video": (media([{**IMAGE, "media_type": "video"}]), -201),
    "a file nobody uploaded": ({"attachment": {"type": "file", "payload": {"token": "x"}}}, -201),
    "the form": (
        {"attachment": {"type": "template", "payload": {"template_type": "request_user_info", "elements": [FORM]}}},
        0,
    ),
    "a list template": (
        {"attachment": {"type": "template", "payload": {"template_type": "list", "elements": []}}},
        -233,
    ),
}


async def test_what_is_taken_as_a_message(asker: Asker) -> None:
    found = {name: (await asker.message(message))["error"] for name, (message, _) in MESSAGES.items()}
    assert found == {name: code for name, (_, code) in MESSAGES.items()}


async def test_whom_may_be_written_to(asker: Asker) -> None:
    for user in ("nobody", None, 42):
        assert (await asker.message({"text": "x"}, user))["error"] == -201
    asker.fake.world.advance(7 * 86400)
    await asker.grant(grant_type="refresh_token", refresh_token=asker.fake.world.grants.refresh)
    assert (await asker.message({"text": "x"}))["error"] == 0
    asker.fake.world.advance(1)
    assert (await asker.message({"text": "x"}))["error"] == -230
    asker.fake.people.follow("42")
    assert (await asker.message({"text": "x"}))["error"] == 0
    asker.fake.people.block("42")
    assert (await asker.message({"text": "x"}))["error"] == -244


async def test_after_two_days_another_quota_pays(asker: Asker) -> None:
    first = (await asker.message({"text": "x"}))["data"]["quota"]
    assert (first["quota_type"], first["remain"], first["total"]) == ("reply", "7", "8")
    asker.fake.world.advance(48 * 3600 + 1)
    await asker.grant(grant_type="refresh_token", refresh_token=asker.fake.world.grants.refresh)
    later = (await asker.message({"text": "x"}))["data"]["quota"]
    assert (later["quota_type"], later["remain"]) == ("sub_quota", 499)
    asker.fake.world.modes.quota_left = 0
    assert (await asker.message({"text": "x"}))["error"] == -211


@pytest.mark.parametrize(
    ("modes", "path", "code"),
    [
        ({}, CS, 0),
        ({}, V2, -240),
        ({"state_oa": True}, CS, -235),
        ({"state_oa": True}, V2, 0),
        ({"no_package": True}, CS, -224),
        ({"night": True}, "/v3.0/oa/message/promotion", -234),
        ({}, "/v3.0/oa/message/promotion", -233),
    ],
)
async def test_the_modes_of_an_oa(modes: dict[str, bool], path: str, code: int, asker: Asker) -> None:
    vars(asker.fake.world.modes).update(modes)
    assert (await asker.message({"text": "x"}, path=path))["error"] == code


async def test_a_burst_is_slowed_down(asker: Asker) -> None:
    asker.fake.world.modes.calls_a_minute = 2
    first = await asker.message({"text": "x"})
    assert (first["headers"]["X-RateLimit-Limit"], first["headers"]["X-RateLimit-Remain"]) == ("2", "1")
    assert [(await asker.message({"text": "x"}))["error"] for _ in range(2)] == [0, -32]
    asker.fake.world.advance(60)
    assert (await asker.message({"text": "x"}))["error"] == 0


@pytest.mark.parametrize(
    ("kind", "name", "content", "code"),
    [
        ("image", "a.png", PNG, 0),
        ("image", "a.jpg", b"\xff\xd8\xff", 0),
        ("image", "a.png", b"text", -201),
        ("image", "a.png", PNG + bytes(2**20), -210),
        ("gif", "a.gif", b"GIF89a", 0),
        ("file", "a.pdf", b"%PDF", 0),
        ("file", "a.csv", b"a,b", 0),
        ("file", "a.xlsx", b"PK", -201),
        ("file", "a.pdf", bytes(5 * 2**20 + 1), -210),
    ],
)
async def test_what_may_be_uploaded(kind: str, name: str, content: bytes, code: int, asker: Asker) -> None:
    answer = await asker.upload(kind, name, content)
    assert answer["error"] == code
    assert code or set(answer["data"]) == {"token" if kind == "file" else "attachment_id"}


async def test_an_upload_is_forgotten_after_seven_days(asker: Asker) -> None:
    assert (await asker.upload("image", "a.png", PNG, field="photo"))["error"] == -201
    name = (await asker.upload("image", "a.png", PNG))["data"]["attachment_id"]
    message = media([{"media_type": "image", "attachment_id": name}])
    assert (await asker.message(message))["error"] == 0
    asker.fake.world.advance(7 * 86400)
    asker.fake.world.interact("42")
    await asker.grant(grant_type="refresh_token", refresh_token=asker.fake.world.grants.refresh)
    assert (await asker.message(message))["error"] == -100


async def test_what_can_be_read(asker: Asker) -> None:
    asker.fake.world.interact("43")
    oa = (await asker.call("GET", "/v2.0/oa/getoa"))["data"]
    assert (oa["oaid"], oa["oa_type"], oa["is_verified"]) == (asker.fake.world.oa_id, 2, True)
    detail = await asker.call("GET", "/v3.0/oa/user/detail", params={"data": '{"user_id":"42"}'})
    assert detail["data"]["user_last_interaction_date"] == "24/11/2026"
    users = await asker.call("GET", "/v3.0/oa/user/getlist", params={"data": '{"offset":1,"count":50}'})
    assert users["data"]["users"] == [{"user_id": "43"}]
    for wrong in ('{"offset":0,"count":51}', '{"offset":9952,"count":1}', "{}"):
        assert (await asker.call("GET", "/v3.0/oa/user/getlist", params={"data": wrong}))["error"] == -201
    quota = await asker.call("POST", "/v3.0/oa/quota/message", json={"user_id": "42"})
    assert quota["data"]["cs_reply"] == {"remain": "8", "total": "8"}
    assert (await asker.call("GET", "/v3.0/oa/nothing"))["error"] == -201
    assert (await asker.call("GET", "/v3.0/oa/user/detail", params={"data": "{"}))["error"] == -201


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
    await asker.message(buttons(QUERY))
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
