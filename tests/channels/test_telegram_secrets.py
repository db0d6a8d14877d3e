"""The bot's token is never shown: neither whole nor its secret half, plain, quoted or in base64."""

from __future__ import annotations

import base64
import logging
from pathlib import Path
from urllib.parse import quote

import pytest

from bot.core.errors import AccountDown, SendError
from tests.channels.telegram_kit import House, a_channel, telegram
from tests.fakes.telegram import FakeTelegram, Fault

LEAKY = ["502", "garbage", "block_page", "401", "400", "403", "500", "429", "hang", "cut", "cut_after"]


@pytest.mark.parametrize("kind", LEAKY)
async def test_the_token_is_never_shown(kind: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Though pages and refusals repeat it."""
    caplog.set_level(logging.DEBUG)
    async with telegram(tmp_path, answer_seconds=0.05) as kit:
        token = kit.fake.world.token
        described = "" if kind == "429" else f"Bad Request: /bot{token}/sendMessage {quote(token, safe='')}"
        kit.fake.faults.append(Fault(kind, description=described))
        with pytest.raises(SendError) as caught:
            await kit.channel.send(kit.parcel())
        shown = everything_said(caught.value) + caplog.text + "".join(map(repr, vars(kit.channel).values()))
        assert_hidden(token, shown)


async def test_a_refused_token_is_not_shown_at_start(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with FakeTelegram() as fake:
        for token in ("123:Wrong_token-of-nobody", "no token at all", "123:with space"):
            channel = a_channel(fake.url, tmp_path, token)
            with pytest.raises(AccountDown) as caught:
                await channel.start(House().take, House().spawn)
            assert_hidden(token, everything_said(caught.value) + caplog.text + repr(vars(channel)))


def everything_said(error: BaseException | None) -> str:
    """The error and all that led to it, as a log would show them."""
    if error is None:
        return ""
    own = f"{error} {error!r} {error.args!r} {getattr(error, '__notes__', '')}"
    return own + everything_said(error.__cause__) + everything_said(error.__context__)


def assert_hidden(token: str, shown: str) -> None:
    for secret in filter(None, (token, token.partition(":")[2])):
        encoded = base64.b64encode(secret.encode()).decode().rstrip("=")
        assert not [form for form in (secret, quote(secret, safe=""), encoded) if form in shown]
