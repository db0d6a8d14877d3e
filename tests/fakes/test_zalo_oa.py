"""The fake Zalo is as strict as the reference says: every line of it, asked over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from tests.fakes.zalo_oa_asker import CS, Asker, asking

PNG = b"\x89PNG\r\n\x1a\n"
V2 = "/v2.0/oa/message"


@pytest.fixture
async def asker() -> AsyncIterator[Asker]:
    async with asking() as asker:
        yield asker


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
