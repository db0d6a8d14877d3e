"""The main road, from the first hello to the installed app, and the real bot to walk it with."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from pydantic import SecretStr

from bot import clock
from bot.settings import Settings
from tests.fakes.telegram import FakeTelegram
from tests.fakes.zalo_bot import FakeZaloBot
from tests.fakes.zalo_oa import FakeZaloOa

Step = tuple[str, str]
"""The label of what one answers, and a piece of what the bot says to that."""

DONE = "Làm được rồi"

HELLO: list[Step] = [
    ("Bắt đầu", "Đây là thông tin đảng viên"),
    ("Đồng ý", "nên gọi thế nào"),
    ("Bác", "dùng điện thoại loại nào"),
    ("Android", "Trên giấy mời có mã thôn"),
    ("Để sau", "Bài tiếp theo là"),
]
# A known phone is not asked for again: after the fifth step the first lesson leads on by itself.
PREPARE: list[Step] = [
    ("Chuẩn bị máy", "Chuẩn bị · Bước 1 trong 7"),
    *((DONE, f"Chuẩn bị · Bước {place} trong 7") for place in range(2, 6)),
    (DONE, "Cài trên máy Android. Trước khi làm"),
]
INSTALL: list[Step] = [
    ("Bắt đầu", "Cài trên máy Android · Bước 1 trong 9"),
    *((DONE, f"Cài trên máy Android · Bước {place} trong 9") for place in range(2, 10)),
    (DONE, "cài xong Sổ tay rồi"),
]
ROAD = [*HELLO, *PREPARE, *INSTALL]


@dataclass
class Clock:
    """The real time and what is passed on top of it, so that nobody has to be as slow as people are."""

    ahead: timedelta = field(default_factory=timedelta)

    def __call__(self) -> datetime:
        return clock.now() + self.ahead

    def forward(self, seconds: float) -> None:
        self.ahead += timedelta(seconds=seconds)


def settings(database: Path, **more: Any) -> Settings:
    """The demo commune on this machine, whatever the environment says."""
    off = {"telegram_bot_token": None, "zalo_bot_tokens": None, "zalo_oa_app_id": ""}
    usual = {"demo": True, "host": "127.0.0.1", "port": 0, "public_url": "", **off}
    return Settings(**{"_env_file": None, "database_url": f"sqlite:///{database}", **usual, **more})


def with_telegram(
    fake: FakeTelegram, database: Path, updates: Literal["polling", "webhook"] = "polling", **more: Any
) -> Settings:
    """The same commune, on the fake Telegram as well."""
    usual = {
        "telegram_bot_token": SecretStr(fake.world.token),
        "telegram_api_url": fake.url,
        "telegram_webhook_secret": SecretStr("secret-of-the-road"),
        "updates": updates,
    }
    return settings(database, **{**_public(), **usual, **more})


def with_zalo_bot(
    fake: FakeZaloBot, database: Path, updates: Literal["polling", "webhook"] = "polling", **more: Any
) -> Settings:
    """The same commune, on the bots of the fake Zalo Bot Platform as well."""
    usual = {
        "zalo_bot_tokens": SecretStr(",".join(fake.tokens)),
        "zalo_bot_api_url": fake.url,
        "zalo_bot_webhook_secret": SecretStr("secret-of-the-road"),
        "updates": updates,
    }
    return settings(database, **{**_public(), **usual, **more})


def with_zalo_oa(fake: FakeZaloOa, database: Path, **more: Any) -> Settings:
    """The same commune, on the fake Official Account as well."""
    grants = fake.world.grants
    usual = {
        "zalo_oa_app_id": grants.app_id,
        "zalo_oa_app_secret": SecretStr(grants.app_secret),
        "zalo_oa_secret_key": SecretStr(fake.world.oa_secret),
        "zalo_oa_refresh_token": SecretStr(grants.refresh),
        "zalo_oa_api_url": fake.url,
        "zalo_oauth_url": fake.url,
    }
    return settings(database, **{**_public(), **usual, **more})


def _public() -> dict[str, Any]:
    port = free_port()
    return {"port": port, "public_url": f"http://127.0.0.1:{port}"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
