"""What stands in one cell of the roster: cleaned, or refused. What must not be kept is seen, never returned."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any, Final

from bot.core.names import bare, tidy
from bot.core.roster import CODE, What
from bot.core.vietnamese import fold, visible

_BROKEN: Final = frozenset({"#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"})
# A run of digits as in papers and phones, a date, an address of a mailbox.
_PRIVATE = re.compile(r"\d(?:[ .\-]?\d){5,}|\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)?\d{2}|\S@\S")
_ORDINAL = re.compile(r"^\d{1,4}\s*[.)\-–:/]\s*(?=\D)")
_OFFICE = re.compile(
    r"\s*(?:[(\[].{3,}[)\]]|[-–,;]\s*(?:phó |pho )?(?:bí thư|bi thu|chi ủy|trưởng|truong|cán bộ|can bo).*)$",
    re.IGNORECASE,
)
_MARKED: Final = frozenset(("x", "v", "co", "1", "yes", "dung", "true", "✓", "✔", "√"))
_UNMARKED: Final = frozenset(("", "0", "khong", "no", "false"))
_MOBILE = re.compile(r"0(?:3[2-9]|5[25689]|7[06-9]|8[1-9]|9[0-9])\d{7}|02\d{9}|02\d{8}")
_PEOPLES: Final = frozenset(
    ("kinh", "tay", "nung", "dao", "mong", "hmong", "h mong", "hoa", "san chay", "san diu", "thai", "muong", "giay",
     "cao lan", "lo lo", "ngai", "san chi", "phat giao", "cong giao", "thien chua giao", "tin lanh", "khong", "nam",
     "nu", "co", "x", "phat", "thien chua", "khong theo", "chinh thuc", "du bi")
)  # fmt: skip


class Refused(Exception):
    """A value that is not taken. `what` says why; the value itself is not part of it."""

    def __init__(self, what: What) -> None:
        super().__init__(what)
        self.what = what


def text(value: Any) -> str:
    """A cell as text with single spaces: 12.0 is "12", an error of Excel is nothing, a date stays a date."""
    if value is None or isinstance(value, bool):
        return "x" if value else ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return f"{value.day:02d}/{value.month:02d}/{value.year}"
    said = " ".join(visible(str(value)).split())
    return "" if said[:1] == "#" and said in _BROKEN else said


def is_broken(value: Any) -> bool:
    return isinstance(value, str) and value.strip() in _BROKEN


def is_private(said: str) -> bool:
    """Whether it holds what is never kept: a long number, a date, an address."""
    return _PRIVATE.search(said) is not None


def person(said: str) -> str:
    """A person's name without ordinal, title and office.

    Raises:
        Refused: it is none.
    """
    name = _ORDINAL.sub("", said) if said[0:1].isdigit() else said
    name = (_OFFICE.sub("", name) if _BEHIND_A_NAME.search(name) else name).strip(" .,;:-–*")
    if not name:
        raise Refused(What.NO_NAME)
    if any(map(str.isdigit, name)) or is_private(name):
        raise Refused(What.NAME_HAS_NUMBERS)
    words = name.count(" ") + 1
    if words > 7 or len(name) > 60 or not _NAME.fullmatch(name) or (words < 4 and fold(name) in _PEOPLES):
        raise Refused(What.NAME_IS_NO_NAME)
    without = bare(name)
    return tidy(without if " " in without else name)


_BEHIND_A_NAME = re.compile(r"[(\[\-–,;]")
_NAME = re.compile(r"[^\W\d_][^\W\d_ '’.\-()/]*(?:[ '’.\-()/]+[^\W\d_]+)*[.)]?")


def place(said: str) -> str | None:
    """The name of a unit or a chi bộ as it stands; None for an empty cell.

    Raises:
        Refused: a number, a date, a people, a religion: a column under a wrong header.
    """
    if not said or said in ("-", "–", "//"):
        return None
    if is_private(said) or fold(said) in _PEOPLES or not 1 <= len(said) <= 90 or "@" in said:
        raise Refused(What.NOT_A_PLACE)
    return said


def marked(said: str) -> bool | None:
    """A cell that is ticked or not; None where it says neither."""
    if said.lower() in _MARKED or fold(said) in _MARKED:
        return True
    return False if fold(said) in _UNMARKED else None


def kind(said: str) -> str | None:
    """official or probationary; None where the words say neither."""
    words = fold(said) if said else ""
    if re.search(r"\bdu bi\b|^(?:dv ?)?db$", words):
        return "probationary"
    return "official" if re.search(r"\bchinh thuc\b|^(?:dv ?)?ct$", words) else None


def exempt(said: str) -> bool | None:
    """Whether the words say that somebody is exempt; None where they do not speak of it."""
    words = fold(said)
    if re.search(r"\b(?:khong|ko|chua)(?: duoc)? mien\b|\bhet mien\b", words):
        return False
    return True if re.search(r"\bmien\b|\bmsh\b|\bduoc nghi\b", words) else None


def phone(said: str) -> str | None:
    """A number that can be called, the zero in front restored; of several the first; None for an empty cell.

    Raises:
        Refused: there is none in it.
    """
    if not fold(said):
        return None
    for part in re.split(r"[;,/|]|\s{2,}|\s-\s", said):
        digits = re.sub(r"\D", "", part)
        national = re.sub(r"^(?:00)?84(?=\d{9}$)", "0", digits)
        whole = national if national.startswith("0") else f"0{national}"
        if _MOBILE.fullmatch(whole):
            return whole
    raise Refused(What.PHONE_ODD)


def code(said: str) -> str | None:
    """Our own code of a person; None for an empty cell.

    Raises:
        Refused: something else, the number of a card perhaps.
    """
    if not said:
        return None
    found = said.upper().replace(" ", "")
    if not CODE.fullmatch(found):
        raise Refused(What.CODE_ODD)
    return found
