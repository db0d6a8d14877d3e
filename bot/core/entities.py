"""What a text names besides its meaning: a field of the record, a ticket, a unit, people."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from bot.core.listed import Listed
from bot.core.telling import Told, read_report
from bot.core.telling_names import Mention, mentions, named_units
from bot.core.telling_words import Token, tokens

# In this order: "ngày chính thức" is no "ngày sinh", "số điện thoại" is asked before "tên".
_FIELDS: Final = tuple(
    (code, re.compile(rf"\b(?:{words})\b"))
    for code, words in (
        ("ngay_chinh_thuc", "chinh thuc|du bi"),
        ("ngay_vao_dang", "vao dang?|ket nap|tuoi dang|nam vao dang?"),
        ("ngay_sinh", "(?:ngay|nam|thang) sinh|sinh (?:nam|nhat|ngay|19)|ngay de|tuoi|ngay thang nam"),
        ("gioi_tinh", "gioi tinh|nam nu|dan ba|dan ong|la nu|la nam|thanh nam|thanh nu"),
        ("cccd", "can cuoc|cccd|dinh danh|chung minh|cmnd|cmt"),
        ("chi_bo", "chi bo|noi sinh hoat|dang bo|sinh hoat"),
        ("so_the", "the dang|(?:so|ma) the|the (?:cua|moi|cu|toi|bac|nay)"),
        ("chuc_vu", "chuc vu|chuc danh|bi thu|chi uy|chuc"),
        ("sdt", "so dien thoai|sdt|so may|dien thoai|so phone"),
        ("dia_chi", "dia (?:chi|danh)|noi (?:o|sinh)|cho o|thuong tru|cu tru|que quan|ho khau|(?:xa|huyen) (?:cu|moi)"),
        ("khac", "dan toc|ton giao|trinh do|hoc van|nghe nghiep|trang thai|hinh anh|anh (?:the|dai dien|trong)"),
        ("ho_ten", "ho ten|ten dem|ten lot|ho va ten|chu lot|chu dem|ten"),
    )
)  # fmt: skip
_TICKET: Final = re.compile(r"\bbs ?-? ?(\d{3,5})\b", re.I)
_PERSON, _UNIT = "nguoiten", "thonten"  # what a name known from the roster is read as
_TASKS: Final = frozenset(
    [
        "giup",
        "phu",
        "trach",
        "den",
        "nha",
        "lo",
        "kem",
        "di",
        "ho",
        "tro",
        "nhan",
        "qua",
        "sang",
        "toi",
        "ghe",
        "theo",
        "xuong",
        "huong",
        "dan",
    ]
)
_ORDERS: Final = frozenset(
    ["giao", "cu", "bao", "nho", "de", "dieu", "cat", "phan", "cong", "gan", "chuyen", "cho", "doi"]
)
_TITLES: Final = frozenset(["em", "anh", "chi", "chau", "co", "chu", "bac", "dong", "cau"])


def entities(intent: str, text: str, plain: str, people: Sequence[Listed]) -> dict[str, Any]:
    """What the text names that matters to this intent."""
    found: dict[str, Any] = {}
    if ticket := _TICKET.search(text):
        found["ticket"] = f"BS-{ticket[1]}"
    if intent == "report_wrong" and (field := _field(plain)):
        return {"field": field}
    if intent == "report_result":
        return {"people": [shown(told) for told in read_report(text, people)]}
    if intent == "assign":
        return _assigned(tokens(text), people)
    if intent in ("unit_progress", "unit_report") and (unit := next(named_units(tokens(text), people), None)):
        return {"unit": unit[0]}
    return found if intent in ("ticket_status", "take_request", "close_request") else {}


def veiled(text: str, people: Sequence[Listed]) -> str:
    """The text with names of people and units from the roster each changed for one word, so that all read alike."""
    words = tokens(text)
    named = [(who.end - _own_size(words, who), who.end, _PERSON) for who in mentions(words, people)]
    units = [(start, end, _UNIT) for _, start, end in named_units(words, people)]
    parts, at = [], 0
    for start, end, word in sorted(named + units):
        if start >= at:
            parts += [*(each.raw for each in words[at:start]), word]
            at = end
    return " ".join([*parts, *(each.raw for each in words[at:])]) if parts else text


def shown(told: Told) -> dict[str, Any]:
    """A line of a report as data."""
    who: dict[str, Any] = {"code": told.code} if told.code else {"name": told.name}
    if told.unit:
        who["unit"] = told.unit
    who["status"] = told.status
    return {**who, "ambiguous": True} if told.ambiguous else who


def _own_size(words: Sequence[Token], who: Mention) -> int:
    """How many words the mention has without its title."""
    first = words[who.start].plain
    return who.end - who.start - (first in _TITLES or first in ("ong", "ba", "cu"))


def _field(plain: str) -> str | None:
    return next((code for code, pattern in _FIELDS if pattern.search(plain)), None)


def _assigned(words: tuple[Token, ...], people: Sequence[Listed]) -> dict[str, Any]:
    """Who shall help whom: "giao A, B cho Ngọc", "để em Ngọc giúp A"."""
    place = _helper_place(words)
    helper = _helper_at(words, place)
    taken = range(place, place + len(helper))
    who = [each for each in mentions(words, people) if not any(at in taken for at in range(each.start, each.end))]
    found: dict[str, Any] = {"people": [_person(each) for each in who]}
    return {**found, "helper": _name(helper)} if helper else found


def _helper_place(words: Sequence[Token]) -> int:
    """Where the helper's name begins: behind the last "cho", else behind the order or its title."""
    plain = [word.plain for word in words]
    behind = [at + 1 for at, word in enumerate(plain) if word == "cho" and at > 1]
    orders = [at + 1 for at, word in enumerate(plain) if word in _ORDERS]
    start = behind[-1] if behind else max((at for at in orders if not _says_more(plain, at)), default=0)
    while start < len(words) - 1 and plain[start] in _TITLES | _ORDERS:
        start += 1
    return start


def _says_more(plain: Sequence[str], at: int) -> bool:
    return any(word in _TASKS for word in plain[:at])


def _helper_at(words: Sequence[Token], place: int) -> list[Token]:
    name: list[Token] = []
    for word in words[place : place + 3]:
        if word.is_sign or word.plain in _TASKS or (name and not word.is_capital):
            break
        name.append(word)
    return name


def _name(words: Sequence[Token]) -> str:
    return " ".join(word.raw[:1].upper() + word.raw[1:].lower() for word in words)


def _person(who: Mention) -> dict[str, Any]:
    if len(who.codes) == 1:
        return {"code": who.codes[0]}
    return {"name": who.name, **({"unit": who.unit} if who.unit else {}), "ambiguous": True}
