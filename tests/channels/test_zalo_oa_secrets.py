"""No token and no secret is ever shown, though gateways repeat them in every spelling."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from bot.channels.zalo_oa_pairs import read_pair
from bot.core.errors import SendError
from tests.channels.zalo_oa_kit import PNG, Kit, picture, serving, zalo_oa
from tests.fakes.zalo_oa import Fault
from tests.fakes.zalo_oa_wire import KINDS, spellings


@pytest.mark.parametrize("path", ["message", "upload", "access_token"])
async def test_nothing_is_shown_whatever_breaks(path: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    (tmp_path / "step.png").write_bytes(PNG)
    shown = ""
    async with zalo_oa(tmp_path, answer_seconds=0.1) as kit, serving(kit):
        for kind in KINDS:
            before = secrets_of(kit)
            kit.fake.faults[:] = [Fault(kind, path, number=-201)]
            kit.fake.world.advance(91_000 if path == "access_token" else 1000)
            kit.fake.world.interact("42")
            try:
                await kit.channel.send(kit.parcel(media=picture("step.png")))
            except SendError as error:
                shown += everything_said(error)
            shown += repr(kit.channel) + repr(vars(kit.channel)) + kit.channel.down
            assert_hidden(before | secrets_of(kit), shown + everything_logged(caplog))
            await mend(kit)
    assert shown


async def mend(kit: Kit) -> None:
    """A person logs in again: the next fault meets a channel that works."""
    pair = read_pair(kit.fake.world.grants.issue(), kit.fake.world.now())
    await kit.store.bring(kit.fake.world.oa_id, pair)
    await kit.channel._tokens._read()
    kit.fake.world.uploads.clear()
    kit.channel._outbox._ids.clear()


def secrets_of(kit: Kit) -> set[str]:
    grants = kit.fake.world.grants
    return {grants.access, grants.refresh, grants.app_secret, kit.fake.world.oa_secret}


def everything_said(error: BaseException | None) -> str:
    """The error and all that led to it, as a log would show them."""
    if error is None:
        return ""
    own = f"{error} {error!r} {error.args!r} {getattr(error, '__notes__', '')}"
    return own + everything_said(error.__cause__) + everything_said(error.__context__)


def everything_logged(caplog: pytest.LogCaptureFixture) -> str:
    return caplog.text + "".join(str(vars(record)) for record in caplog.records)


def assert_hidden(secrets: set[str], shown: str) -> None:
    for secret in secrets:
        assert not [form for form in spellings(secret) if form.rstrip("=") in shown]
