"""Settings from the environment and `.env`: read once, checked once, everything wrong named at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.core.errors import CamtayError

HERE = Path(__file__).resolve().parent.parent


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
        ZoneInfo(value)
        return value

    @model_validator(mode="after")
    def _webhook_is_complete(self) -> Self:
        if self.updates == "webhook" and self.telegram_bot_token:
            missing = [
                name
                for name, value in (
                    ("PUBLIC_URL", self.public_url),
                    ("TELEGRAM_WEBHOOK_SECRET", self.telegram_webhook_secret),
                )
                if not value
            ]
            if missing:
                raise ValueError(f"UPDATES=webhook cần có {' và '.join(missing)}")
        return self

    @property
    def is_demo(self) -> bool:
        """With no channel's token set, the invented commune is what there is to show."""
        return self.demo if self.demo is not None else self.telegram_bot_token is None

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
        return [v.get_secret_value() for v in (self.telegram_bot_token, self.telegram_webhook_secret) if v]


def load() -> Settings:
    """Read the settings.

    Raises:
        SettingsError: naming every setting that is wrong, in one message.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError("\n".join(_line(dict(found)) for found in error.errors())) from None


def _line(found: dict[str, object]) -> str:
    where = ".".join(str(part).upper() for part in found["loc"])  # type: ignore[attr-defined]
    return f"{where or 'Cài đặt'}: {found['msg']}"
