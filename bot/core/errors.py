"""Everything that can go wrong on purpose, each telling what happens next."""

from __future__ import annotations


class CamtayError(Exception):
    """Something Cầm Tay noticed by itself. The docstring is the message where none is given."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (self.__doc__ or "").strip().splitlines()[0])


class UserError(CamtayError):
    """What the person asked cannot be done; `block` names the words (`<handler>.<block>`) that say why."""

    def __init__(self, block: str, **values: object) -> None:
        super().__init__(block)
        self.block = block
        self.values = values


class DuplicateName(CamtayError):
    """Two parts of the house use one name, so the meaning of a message would depend on order."""


class ContentError(CamtayError):
    """A file under guides/ cannot be read; the message names file, line and key in Vietnamese."""


class NoPaper(CamtayError):
    """This document is not handed over: it is gone, or it is not (any longer) this person's to see."""


class SendError(CamtayError):
    """A message did not go out. Only the five kinds below exist: a channel maps each failure to one."""


class Retry(SendError):
    """Not now. Nothing was delivered; try again after `after` seconds."""

    def __init__(self, after: float, *, whole_account: bool = False, reason: str = "") -> None:
        super().__init__(reason or "retry later")
        self.after = after
        self.whole_account = whole_account


class Stopped(SendError):
    """The person blocked or left the bot: this chat cannot be reached until they write again."""


class Rejected(SendError):
    """The channel refuses this message for good (a fault of ours): repeating it cannot help."""


class Unknown(SendError):
    """The connection broke after the message went out: it may or may not have arrived."""


class AccountDown(SendError):
    """The token is not accepted: the whole account stops, the others go on."""
