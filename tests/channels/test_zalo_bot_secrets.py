"""The token is shown nowhere, though gateways repeat it in every encoding: no log, no exception, no answer."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from html import unescape
from urllib.parse import unquote

import pytest

from bot.channels.zalo_bot_token import Token
from bot.core.errors import SendError
from tests.channels.zalo_bot_kit import HASTY, SECRET, Kit, a_channel, picture, receiving, zalo
from tests.fakes.zalo_bot import Fault, Modes


class Ear(logging.Handler):
    """Hears every record of every logger, with all its fields and its traceback."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        shown = "".join(traceback.format_exception(*record.exc_info)) if record.exc_info else ""
        self.heard.append(f"{record.getMessage()} {vars(record)!r} {shown}")


@contextmanager
def listening() -> Iterator[Ear]:
    """All loggers at DEBUG, those included that set a level of their own."""
    ear, root = Ear(), logging.getLogger()
    named = [one for one in logging.Logger.manager.loggerDict.values() if isinstance(one, logging.Logger)]
    levels = {one: one.level for one in [root, *named]}
    for one in levels:
        one.setLevel(logging.DEBUG)
    root.addHandler(ear)
    try:
        yield ear
    finally:
        root.removeHandler(ear)
        for one, level in levels.items():
            one.setLevel(level)


def said_by(error: BaseException | None) -> str:
    """The error and all that led to it, as a log or a debugger would show them."""
    if error is None:
        return ""
    shown = "".join(traceback.format_exception(error, chain=False))
    own = f"{error} {error!r} {error.args!r} {vars(error)!r} {getattr(error, '__notes__', '')} {shown}"
    return own + said_by(error.__cause__) + said_by(error.__context__)


def assert_hidden(token: str, shown: str) -> None:
    """In whichever encoding, once or twice."""
    forms = [shown]
    for _ in range(3):
        forms.append(unescape(unquote(forms[-1])))
    for secret in filter(None, (token, token.partition(":")[2])):
        assert not [form for form in forms if secret.lower() in form.lower()]


def everything(kit: Kit) -> str:
    channel = kit.channel
    bots = channel._bots
    return f"{channel!r} {vars(channel)!r} {[vars(bot) for bot in bots]!r} {channel.down!r} {channel.accounts!r}"


ECHOES = [
    *(Fault("page", status=status) for status in (200, 400, 401, 403, 404, 408, 429, 500, 502, 504)),
    *(Fault(code, description="Bad request: {path}") for code in ("400", "401", "403", "404", "429", "500", "-32")),
    Fault("no_ok", description="{path}"),
    Fault("truncated"),
    Fault("garbled"),
    Fault("stall"),
    Fault("reset"),
    Fault("reset_after"),
]


@pytest.mark.parametrize("fault", ECHOES, ids=lambda fault: f"{fault.kind}-{fault.status}")
async def test_no_answer_to_a_message_brings_it_out(fault: Fault) -> None:
    with listening() as ear:
        async with zalo(timeouts=HASTY) as kit:
            kit.fake.faults.append(Fault(**vars(fault) | {"times": 3}))
            with pytest.raises(SendError) as caught:
                await kit.send("Bước 1", media=picture())
            shown = said_by(caught.value) + everything(kit)
    assert ear.heard
    assert_hidden(kit.bot.token, shown + " ".join(ear.heard))


@pytest.mark.parametrize("method", ["getMe", "deleteWebhook", "getUpdates"])
async def test_no_answer_while_polling_brings_it_out(method: str) -> None:
    over = {"401", "stall"} | ({"400", "404"} if method == "deleteWebhook" else set())  # they end it, or take long
    with listening() as ear:
        async with zalo(start=False, modes=Modes(longest_poll=0.01)) as kit:
            kit.fake.faults += [Fault(**vars(one) | {"method": method}) for one in ECHOES if one.kind not in over]
            await kit.channel.start(kit.house.take, kit.house.spawn)
            async with receiving(kit):
                await kit.fake.until(lambda: not any(fault.times for fault in kit.fake.faults))
            shown = everything(kit)
    assert len(ear.heard) > 10
    assert_hidden(kit.bot.token, shown + " ".join(ear.heard))


@pytest.mark.parametrize("fault", ECHOES[:17], ids=lambda fault: f"{fault.kind}-{fault.status}")
async def test_no_answer_to_the_webhooks_announcement_brings_it_out(fault: Fault) -> None:
    with listening() as ear:
        async with zalo(updates="webhook", public_url="served") as kit:
            kit.fake.faults.append(Fault(**vars(fault) | {"method": "setWebhook"}))
            hook = kit.channel.hooks()[0]
            with suppress(SendError):
                await kit.channel.receive()
            answers = [await hook.receive({}, body) for body in (b"", b"x")]
            shown = everything(kit)
    assert answers == [200, 403]
    assert_hidden(kit.bot.token, shown + " ".join(ear.heard))
    assert SECRET not in " ".join(ear.heard)


async def test_a_refused_token_is_not_shown_at_start() -> None:
    with listening() as ear:
        async with zalo() as kit:
            for token in ("123456:Wrong_token-of-nobody", "no token at all", "123456:with space inside"):
                channel = a_channel([token], kit.fake.url)
                with pytest.raises(SendError) as caught:
                    await channel.start(kit.house.take, kit.house.spawn)
                shown = said_by(caught.value) + repr(channel.down) + repr(vars(channel))
                assert_hidden(token, shown + " ".join(ear.heard))


async def test_a_gateway_that_counts_does_not_bring_it_out() -> None:
    with listening() as ear:
        async with zalo(modes=Modes(burst=2)) as kit:
            await kit.send()
            with pytest.raises(SendError) as caught:
                await kit.send()
    assert_hidden(kit.bot.token, said_by(caught.value) + " ".join(ear.heard))


TOKEN = "12345689:abc-XYZ_0.9~"


@pytest.mark.parametrize(
    "spelled",
    [
        TOKEN,
        TOKEN.upper(),
        TOKEN.partition(":")[2],
        TOKEN.replace(":", "%3A"),
        TOKEN.replace(":", "%3a").replace("-", "%2D"),
        TOKEN.replace(":", "%253A"),
        TOKEN.replace(":", "&#x3a;"),
        TOKEN.replace(":", "&#58;").replace("_", "&lowbar;"),
        TOKEN.replace(":", "&amp;#x3A;"),
        TOKEN.replace(":", "&colon;"),
        TOKEN.replace(":", "\\u003a"),
        "".join(f"%{ord(sign):02X}" for sign in TOKEN),
        "".join(f"&#{ord(sign):05};" for sign in TOKEN),
        json.dumps(json.dumps(TOKEN)),
    ],
)
def test_every_spelling_is_blanked(spelled: str) -> None:
    text = f"Bad request: /bot{spelled}/sendMessage"
    assert TOKEN.partition(":")[2].lower() not in unescape(unquote(Token(TOKEN).hidden_in(text))).lower()
    assert Token(TOKEN).hidden_in(text).startswith("Bad request: /bot")
    assert Token(TOKEN).hidden_in(text).rstrip('\\"').endswith("/sendMessage")


def test_a_token_is_equal_to_itself_and_shows_nothing() -> None:
    assert Token(TOKEN) == Token(TOKEN)
    assert len({Token(TOKEN), Token(TOKEN), Token("1:a")}) == 2
    assert repr(Token(TOKEN)) == "Token(***)"
    assert Token(TOKEN) != TOKEN
    assert Token("1:a").hidden_in("a 1:a a") == "a *** a"
    assert Token("").hidden_in("a") == "a"
