"""Settings from the environment and `.env`: read once, checked once, everything wrong named at once."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.core.errors import CamtayError

HERE = Path(__file__).resolve().parent.parent


# pydantic's complaints, in the words of whoever fills in `.env`.
_WHY = {
    "value_error": "{error}",
    "int_parsing": "phải là một số",
    "bool_parsing": "ghi true hoặc false",
    "literal_error": "phải là {expected}",
    "greater_than_equal": "nhỏ nhất là {ge}",
    "less_than_equal": "lớn nhất là {le}",
}


# A channel's token, and the secret without which its webhook would take updates from anybody.
_SECRET_OF = {"telegram_bot_token": "telegram_webhook_secret", "zalo_bot_tokens": "zalo_bot_webhook_secret"}


class SettingsError(CamtayError):
    """Cài đặt chưa đúng."""


class Settings(BaseSettings):
    """Every setting, with its default; `.env.example` explains each in Vietnamese."""

    model_config = SettingsConfigDict(
        env_file=(HERE / ".env", ".env"), env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore"
    )

    telegram_bot_token: SecretStr | None = None
    telegram_api_url: str = "https://api.telegram.org"
    telegram_webhook_secret: SecretStr | None = None
    zalo_bot_tokens: SecretStr | None = None
    zalo_bot_api_url: str = "https://bot-api.zaloplatforms.com"
    zalo_bot_webhook_secret: SecretStr | None = None
    zalo_oa_app_secret: SecretStr | None = None
    zalo_oa_secret_key: SecretStr | None = None
    zalo_oa_app_id: str = ""
    zalo_oa_refresh_token: SecretStr | None = None
    zalo_oa_api_url: str = "https://openapi.zalo.me"
    zalo_oauth_url: str = "https://oauth.zaloapp.com"
    secret_key: SecretStr | None = None
    database_url: str = ""
    public_url: str = ""
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    updates: Literal["polling", "webhook"] = "polling"
    timezone: str = "Asia/Ho_Chi_Minh"
    behind_proxy: bool = False
    demo: bool | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    camtay_guides: Path = HERE / "guides"
    camtay_data: Path = HERE / "data"

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):  # zoneinfo raises a KeyError, which would pass through pydantic
            raise ValueError("chưa biết múi giờ này; ví dụ: Asia/Ho_Chi_Minh") from None
        return value

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _secret_of_plain_signs(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value.get_secret_value()):
            raise ValueError("chỉ gồm chữ cái không dấu, số, gạch dưới, gạch ngang, nhiều nhất 256 chữ")
        return value

    @field_validator("zalo_bot_webhook_secret")
    @classmethod
    def _secret_that_zalo_takes(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not re.fullmatch(r"[!-~]{8,256}", value.get_secret_value()):
            raise ValueError("8 đến 256 chữ không dấu, không có dấu cách")
        return value

    @field_validator("zalo_oa_app_id")
    @classmethod
    def _official_account_is_complete(cls, value: str, info: ValidationInfo) -> str:
        wanted = ("zalo_oa_app_secret", "zalo_oa_secret_key") if value else ()
        if missing := [name for name in wanted if not info.data.get(name)]:
            raise ValueError(f"cần thêm {' và '.join(map(str.upper, missing))}")
        return value

    @field_validator("secret_key")
    @classmethod
    def _key_is_long(cls, value: SecretStr | None) -> SecretStr | None:
        if value and len(value.get_secret_value()) < 32:
            raise ValueError("cần ít nhất 32 chữ, đặt bừa càng khó đoán càng tốt; để trống thì máy tự đặt")
        return value

    @field_validator("updates")
    @classmethod
    def _webhook_is_complete(cls, value: str, info: ValidationInfo) -> str:
        """On the field, not on the whole: whatever else is wrong must not hide this."""
        secrets = [secret for token, secret in _SECRET_OF.items() if info.data.get(token)]
        wanted = ["public_url", *secrets] if value == "webhook" and secrets else []
        if missing := [name for name in wanted if not info.data.get(name, True)]:
            raise ValueError(f"webhook cần có {' và '.join(map(str.upper, missing))}")
        return value

    @property
    def is_demo(self) -> bool:
        """With no channel's token set, the invented commune is what there is to show."""
        if self.demo is not None:
            return self.demo
        return not (self.telegram_bot_token or self.zalo_bots or self.zalo_oa_app_id)

    @property
    def zalo_bots(self) -> list[str]:
        """The tokens of all Zalo bots, which stand in one setting with commas between them."""
        written = self.zalo_bot_tokens.get_secret_value() if self.zalo_bot_tokens else ""
        return [token.strip() for token in written.split(",") if token.strip()]

    @property
    def database(self) -> str:
        """The database's address; the demo has a file of its own, so that it never mixes with real people."""
        if self.database_url:
            return self.database_url
        name = "demo.db" if self.is_demo else "camtay.db"
        return f"sqlite:///{self.camtay_data / name}"

    @property
    def secrets(self) -> list[str]:
        """What must never be seen in a log."""
        values = [getattr(self, name) for name in type(self).model_fields]
        tokens = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
        tokens += [part for token in self.zalo_bots for part in (token, token.partition(":")[2]) if part]
        password = urlsplit(self.database_url).password
        return [*tokens, password] if password else tokens


def load() -> Settings:
    """Read the settings.

    Raises:
        SettingsError: naming every setting that is wrong, in one message.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError("\n".join(map(_line, error.errors()))) from None


def _line(found: ErrorDetails) -> str:
    where = ".".join(str(part).upper() for part in found["loc"])
    why = _WHY.get(found["type"], "{msg}").format(msg=found["msg"], **found.get("ctx", {}))
    return f"{where}: {why}"
