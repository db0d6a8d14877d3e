"""The web door: codes, links, the demo, cookies, and people who try codes."""

from __future__ import annotations

import asyncio
from hashlib import sha256
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from aiohttp import ClientResponse

from bot.channels.web import Limits, Rate
from bot.core.messages import Kind
from tests.channels.web_kit import browser, build, hidden_nonce, serving


def cookies(answer: ClientResponse) -> SimpleCookie:
    return SimpleCookie("\r\n".join(answer.headers.getall("Set-Cookie")).replace("\r\n", "; "))


async def test_a_good_code_opens_a_conversation(tmp_path: Path) -> None:
    house = build(tmp_path)
    async with serving(house) as base, browser(base) as phone:
        seat = await phone.enter("bacson7")
        page = await phone.get(seat)
        assert page.status == 200
        hello = house.taken[0]
        assert (hello.kind, hello.text, hello.chat) == (Kind.START, "bacson7", next(iter(house.store.chats)))


async def test_a_wrong_code_is_told_kindly_and_opens_nothing(tmp_path: Path) -> None:
    house = build(tmp_path)
    async with serving(house) as base, browser(base) as phone:
        answer = await phone.post("/vao", {"ma": "SAI"})
        text = await answer.text()
        assert answer.status == 422
        assert "Mã này chưa đúng" in text
        assert 'value="SAI"' in text
        assert not house.taken


async def test_no_code_is_asked_for(tmp_path: Path) -> None:
    async with serving(build(tmp_path)) as base, browser(base) as phone:
        answer = await phone.post("/vao", {"ma": "  "})
        assert answer.status == 422
        assert "Chưa có mã" in await answer.text()


@pytest.mark.parametrize("path", ["/?ma=BACSON7", "/vao/BACSON7"])
async def test_a_link_fills_the_code_in_but_enters_nobody(tmp_path: Path, path: str) -> None:
    house = build(tmp_path)
    async with serving(house) as base, browser(base) as phone:
        answer = await phone.get(path)
        text = await answer.text()
        assert answer.status == 200
        assert 'value="BACSON7"' in text
        assert "Bấm để vào" in text
        assert not house.taken
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("secure", [False, True])
async def test_the_cookie_is_for_its_seat_only_and_out_of_reach_of_scripts(tmp_path: Path, secure: bool) -> None:
    house = build(tmp_path, secure=secure)
    async with serving(house) as base, browser(base) as phone:
        answer = await phone.post("/vao", {"ma": "BACSON7"})
        seat = answer.headers["Location"]
        own, last = sorted(answer.headers.getall("Set-Cookie"))
        for cookie in (own, last):
            assert "HttpOnly" in cookie
            assert "SameSite=Lax" in cookie
            assert "Max-Age=31536000" in cookie
            assert ("Secure" in cookie) is secure
        assert f"Path={seat}" in own
        assert "Path=/;" in f"{last};"
        assert ("Strict-Transport-Security" in answer.headers) is secure


async def test_the_house_never_learns_the_token(tmp_path: Path) -> None:
    house = build(tmp_path)
    async with serving(house) as base, browser(base) as phone:
        answer = await phone.post("/vao", {"ma": "BACSON7"})
        token = answer.cookies["camtay"].value
        hello = house.taken[0]
        assert len(token) == 43
        assert hello.chat == sha256(token.encode()).hexdigest()[:32]
        assert token not in repr(house.taken)


async def test_the_door_leads_back_to_the_conversation(tmp_path: Path) -> None:
    async with serving(build(tmp_path)) as base, browser(base) as phone:
        seat = await phone.enter()
        again = await phone.get("/")
        assert (again.status, again.headers["Location"]) == (303, seat)
        link = await phone.get("/?ma=BACSON7")
        assert f'href="{seat}"' in await link.text()


async def test_a_seat_of_another_browser_is_closed_and_no_circle(tmp_path: Path) -> None:
    house = build(tmp_path)
    async with serving(house) as base, browser(base) as phone, browser(base) as stranger:
        seat = await phone.enter()
        answer = await stranger.get(seat)
        assert answer.status == 401
        assert "Về trang đầu" in await answer.text()
        house.store.chats.clear()
        closed = await phone.get(seat)
        assert closed.status == 401
        assert (await phone.get("/")).status == 200


async def test_a_seat_without_its_slash_is_found(tmp_path: Path) -> None:
    async with serving(build(tmp_path)) as base, browser(base) as phone:
        seat = await phone.enter()
        answer = await phone.get(seat.rstrip("/"))
        assert (answer.status, answer.headers["Location"]) == (308, seat)


async def test_a_button_tapped_twice_uses_the_invitation_once(tmp_path: Path) -> None:
    house = build(tmp_path)
    async with serving(house) as base, browser(base) as phone:
        form = {"ma": "BACSON7", "lan": hidden_nonce(await (await phone.get("/")).text())}
        first = await phone.post("/vao", form)
        house.store.codes.clear()  # a personal invitation is now used up
        second = await phone.post("/vao", form)
        assert first.headers["Location"] == second.headers["Location"]
        assert len(house.taken) == 1


async def test_codes_cannot_be_guessed_by_trying(tmp_path: Path) -> None:
    house = build(tmp_path)
    async with serving(house) as base, browser(base) as thief:
        answers = await asyncio.gather(*(thief.post("/vao", {"ma": f"X{n}"}) for n in range(25)))
        assert sorted(answer.status for answer in answers) == [422] * 10 + [429] * 15
        refused = await thief.post("/vao", {"ma": "BACSON7"})
        assert refused.status == 429
        assert 590 <= int(refused.headers["Retry-After"]) <= 600
        assert "đợi mười phút" in await refused.text()
        house.clock.forward(601)
        await thief.enter()


async def test_a_whole_meeting_comes_in_through_one_address(tmp_path: Path) -> None:
    house = build(tmp_path)
    async with serving(house) as base:
        for _ in range(30):
            async with browser(base) as phone:
                await phone.enter()
        assert len(house.store.chats) == 30


async def test_only_our_own_proxy_is_believed(tmp_path: Path) -> None:
    limits = Limits(wrong_codes=Rate(1, 600))
    for behind_proxy, statuses in ((False, [422, 429, 429]), (True, [422, 422, 429])):
        house = build(tmp_path, limits=limits, behind_proxy=behind_proxy)
        told = ["9.9.9.9, 10.0.0.1", "9.9.9.9, 10.0.0.2", "8.8.8.8, 10.0.0.2"]
        async with serving(house) as base, browser(base) as thief:
            headers = [{"Sec-Fetch-Site": "same-origin", "X-Forwarded-For": entry} for entry in told]
            answers = [await thief.post("/vao", {"ma": "X"}, one) for one in headers]
            assert [answer.status for answer in answers] == statuses


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Referer": "https://evil.example/x"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
    ],
)
async def test_other_sites_open_no_door(tmp_path: Path, headers: dict[str, str]) -> None:
    house = build(tmp_path, demo=True)
    async with serving(house) as base, browser(base) as phone:
        for path in ("/vao", "/demo/member"):
            answer = await phone.post(path, {"ma": "BACSON7"}, headers)
            assert answer.status == 403
            assert "Về trang đầu" in await answer.text()
    assert not house.taken


async def test_an_old_browser_that_tells_only_its_origin_comes_in(tmp_path: Path) -> None:
    async with serving(build(tmp_path)) as base, browser(base) as phone:
        answer = await phone.post("/vao", {"ma": "BACSON7"}, {"Origin": base})
        assert answer.status == 303


async def test_the_demo_says_that_it_is_one_and_offers_everybody(tmp_path: Path) -> None:
    async with serving(build(tmp_path, demo=True)) as base, browser(base) as visitor:
        text = await (await visitor.get("/")).text()
        assert "mọi tên và số liệu đều là bịa" in text
        for role in ("newcomer", "member", "helper"):
            assert f'action="/demo/{role}" target="_blank"' in text


async def test_several_tabs_of_one_browser_are_several_people(tmp_path: Path) -> None:
    house = build(tmp_path, demo=True)
    async with serving(house) as base, browser(base) as visitor:
        member, helper, second = [await visitor.play(role) for role in ("member", "helper", "member")]
        assert len({member, helper, second}) == 3
        assert [hello.text for hello in house.taken] == ["MEMBER-1", "HELPER-1", "MEMBER-1"]
        await visitor.say(helper, text="Xin chào")
        assert "Đã nghe: Xin chào" in (await visitor.lines(helper))[-1]["text"]
        assert len(await visitor.lines(member)) == 1
        assert "Người hỗ trợ" in await (await visitor.get(helper)).text()
        assert (await visitor.get("/")).status == 200


async def test_a_newcomer_comes_without_a_code(tmp_path: Path) -> None:
    house = build(tmp_path, demo=True)
    async with serving(house) as base, browser(base) as visitor:
        await visitor.play("newcomer")
        assert house.taken[0].text == ""
        assert (await visitor.post("/demo/king")).status == 404


async def test_there_is_no_demo_outside_the_demo(tmp_path: Path) -> None:
    house = build(tmp_path)
    async with serving(house) as base, browser(base) as visitor:
        assert (await visitor.post("/demo/member")).status == 404
        assert "bịa" not in await (await visitor.get("/")).text()
        assert not house.taken


async def test_a_house_that_fails_says_sorry_and_lets_in_later(tmp_path: Path) -> None:
    house = build(tmp_path)
    async with serving(house) as base, browser(base) as phone:
        house.failing = 1
        answer = await phone.post("/vao", {"ma": "BACSON7"})
        assert answer.status == 500
        assert "Lỗi này do máy chủ" in await answer.text()
        await phone.enter()
