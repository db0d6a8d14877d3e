"""Granting Cầm Tay the use of an OA, as typed at a terminal by the commune's IT person."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot import clock
from bot.__main__ import main
from bot.channels.zalo_oa_login import Callback, NoCode, OtherState, challenge, read_callback
from bot.oastore import OaStore, seal
from bot.settings import Settings
from storage.db import Database
from tests.fakes.zalo_oa import FakeZaloOa

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"


def test_the_challenge_of_the_reference() -> None:
    assert challenge(VERIFIER) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


@pytest.mark.parametrize(
    ("pasted", "found"),
    [
        ("https://x.example/?code=abc&oa_id=579&state=s", Callback("abc", "579", "s")),
        (" https://x.example/a?code=a%2Bb ", Callback("a+b")),
        ("?code=abc&oa_id=579", Callback("abc", "579")),
        ("abc-def_123", Callback("abc-def_123")),
    ],
)
def test_the_pasted_address_holds_the_code(pasted: str, found: Callback) -> None:
    assert read_callback(pasted, "s") == found


@pytest.mark.parametrize(
    ("pasted", "error"),
    [
        ("", NoCode),
        ("https://x.example/?error=1", NoCode),
        ("không có gì", NoCode),
        ("https://x.example/?code=abc&state=other", OtherState),
    ],
)
def test_an_address_without_one_is_told(pasted: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        read_callback(pasted, "s")


class Served:
    """The fake in a thread of its own: the command has an event loop of its own too."""

    def __init__(self) -> None:
        self.fake = FakeZaloOa()
        self._loop = asyncio.new_event_loop()
        self._ready, self._stop = threading.Event(), asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),))
        self._thread.start()
        assert self._ready.wait(5)

    async def _serve(self) -> None:
        async with self.fake:
            self._ready.set()
            await self._stop.wait()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        self._loop.close()


@pytest.fixture
def zalo() -> Iterator[FakeZaloOa]:
    served = Served()
    yield served.fake
    served.close()


@pytest.fixture
def camtay(zalo: FakeZaloOa, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    grants = zalo.world.grants
    for name, value in {
        "CAMTAY_DATA": str(tmp_path),
        "ZALO_OA_APP_ID": grants.app_id,
        "ZALO_OA_APP_SECRET": grants.app_secret,
        "ZALO_OA_SECRET_KEY": "khoa-cua-webhook",
        "ZALO_OA_API_URL": zalo.url,
        "ZALO_OAUTH_URL": zalo.url,
        "PUBLIC_URL": grants.callback,
    }.items():
        monkeypatch.setenv(name, value)
    return lambda *words, typed="": CliRunner().invoke(main, ["zalo-oa", *words], input=typed)


def test_a_pasted_pair_is_checked_and_kept(camtay: Callable[..., Result], zalo: FakeZaloOa, tmp_path: Path) -> None:
    grants = zalo.world.grants
    assert "Chưa đăng nhập OA nào" in camtay("status").output
    done = camtay("login", typed=f"{grants.access}\n {grants.refresh} \n")
    assert done.exit_code == 0, done.output
    assert f"Đã nhận OA: {zalo.world.name} (mã {zalo.world.oa_id})." in done.output
    assert "https://camtay.example/hooks/zalo_oa" in done.output
    assert grants.access not in done.output
    assert grants.refresh not in done.output
    status = camtay("status").output
    assert f"OA: {zalo.world.oa_id}" in status
    assert "dùng đến" in status
    assert not [file for file in tmp_path.iterdir() if grants.refresh.encode() in file.read_bytes()]


def test_a_pair_that_zalo_does_not_take_is_told(camtay: Callable[..., Result]) -> None:
    done = camtay("login", typed="wrong\nwrong too\n")
    assert done.exit_code == 1
    assert "Zalo không nhận mã truy cập vừa dán" in done.output
    assert "Chưa đăng nhập OA nào" in camtay("status").output


def test_without_an_app_or_a_network_it_says_what_to_do(
    camtay: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZALO_OA_API_URL", "http://127.0.0.1:1")
    assert "Không nối được tới Zalo" in camtay("login", typed="a\nb\n").output
    monkeypatch.setenv("ZALO_OA_APP_ID", "")
    assert "ZALO_OA_APP_ID" in camtay("login").output


def test_consent_with_pkce(camtay: Callable[..., Result], zalo: FakeZaloOa) -> None:
    """The verifier is the deployment's own and lasts, so that the challenge is saved in the console once."""
    first = camtay("login", "--consent", typed="x y\n").output
    shown = first.split("code_challenge của máy này")[1].split(": ")[1].split()[0]
    assert f"{zalo.url}/v4/oa/permission?app_id={zalo.world.app_id}" in first
    assert f"code_challenge={shown}" in first
    code = zalo.world.grants.consent({"app_id": zalo.world.app_id, "code_challenge": shown})
    pasted = f"https://camtay.example/?code={code}&oa_id={zalo.world.oa_id}\n"
    done = camtay("login", "--consent", typed=pasted)
    assert done.exit_code == 0, done.output
    assert "Đã nhận OA" in done.output
    again = camtay("login", "--consent", typed=pasted)
    assert "lỗi -14011" in again.output


@pytest.mark.parametrize(("oa", "told"), [("1", "OA trên trang xin phép khác"), ("", "Đã nhận OA")])
def test_the_oa_of_the_page_is_the_oa_of_the_pair(
    oa: str, told: str, camtay: Callable[..., Result], zalo: FakeZaloOa
) -> None:
    first = camtay("login", "--consent", typed="x y\n").output
    shown = first.split("code_challenge của máy này")[1].split(": ")[1].split()[0]
    code = zalo.world.grants.consent({"app_id": zalo.world.app_id, "code_challenge": shown})
    assert told in camtay("login", "--consent", typed=f"?code={code}&oa_id={oa}\n").output


def test_a_link_of_the_console_must_carry_our_challenge(camtay: Callable[..., Result]) -> None:
    refused = camtay("login", "--console-link", "https://oauth.example/permission?code_challenge=theirs").output
    assert "code_challenge khác" in refused
    taken = camtay("login", "--console-link", "https://oauth.example/permission?app_id=1", typed="x y\n").output
    assert "https://oauth.example/permission?app_id=1" in taken


def test_a_refused_refresh_shows_in_the_status(camtay: Callable[..., Result], zalo: FakeZaloOa) -> None:
    async def refused() -> None:
        db = await Database.open(Settings().database)
        grants = zalo.world.grants
        store = OaStore(db, grants.app_id, seal(None, grants.app_secret), clock.now)
        await store.give_back(1, None, "-14020")  # without a lease nothing is given back
        await store.plant("R")
        await store.lease(1, timedelta(seconds=1))
        await store.give_back(1, None, "-14020")
        await db.close()

    camtay("status")
    asyncio.run(refused())
    assert "lỗi -14020" in camtay("status").output
