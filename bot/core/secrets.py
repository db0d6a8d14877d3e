"""Secrets leave a text before anything keeps it: one-time codes, passwords, identity, card and bank numbers.

The view that `vietnamese.aligned` gives is searched, with \\x01 for what is hidden; the text is blanked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.core.vietnamese import EVERYDAY_NUMBERS, NUMERALS, aligned, is_syllable, visible

MARK: Final = "[đã xóa]"


class Secret(StrEnum):
    """What was taken out."""

    OTP = "otp"
    PASSWORD = "password"
    NATIONAL_ID = "national_id"
    CARD = "card"
    BANK = "bank"


@dataclass(frozen=True, slots=True)
class Clean:
    """A text as it may be kept, and the kinds of secrets it held."""

    text: str
    found: frozenset[Secret]


Span = tuple[int, int, Secret]


@dataclass(frozen=True, slots=True)
class _Number:
    """Digits that belong together, where they stand, and how they were grouped."""

    digits: str
    start: int
    end: int
    sizes: tuple[int, ...]


def redact(text: str, *, expecting_code: bool = False) -> Clean:
    """The text with every secret replaced by `MARK`. Doing it again changes nothing.

    `expecting_code`: the talk is about a code just now, so any lone 4 to 8 digits are one.
    """
    found: set[Secret] = set()
    clean, view = _seen(text)
    while _TRIGGER.search(view) and (spans := _spans(view, clean, expecting_code)):
        found.update(kind for _, _, kind in spans)
        clean, view = _seen(_blanked(clean, view, spans))
    return Clean(clean if found else text, frozenset(found))


def _seen(text: str) -> tuple[str, str]:
    clean = visible(text)
    return clean, aligned(clean).replace("[da xoa]", "\x01" * len(MARK))


def _spans(view: str, clean: str, expecting: bool) -> list[Span]:
    safe = EVERYDAY_NUMBERS.sub(lambda found: "\x01" * len(found.group()), view)
    alone = expecting or (len(view) <= 120 and _ALONE.fullmatch(view) is not None)
    numbers = ((number, _kind(number, view, alone)) for number in (*_written(safe), *_spoken(view)))
    spans = [(number.start, number.end, kind) for number, kind in numbers if kind]
    return sorted(spans + [(*span, Secret.PASSWORD) for span in _passwords(view, safe, clean)])


def _blanked(clean: str, view: str, spans: list[Span]) -> str:
    parts, at = [], 0
    for start, end, _ in spans:
        if start >= at:
            parts += [clean[at:start], MARK]
        at = max(at, end)
        # The tail of a word in raw Telex, or of one longer than a pattern reads.
        while end == at < len(clean) and (view[at] == " " or at > start + 97) and not clean[at].isspace():
            end = at = at + 1
    return "".join([*parts, clean[at:]])


def _spaced(words: str) -> str:
    """One space stands for any number of them: undone Telex leaves several."""
    return re.sub(r" (?![*?])", " +", words)


def _found(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z0-9])(?:{_spaced(words)})(?![a-z0-9])", re.A)


def _before(words: str, between: str = "") -> re.Pattern[str]:
    """Matches the text up to a number that `words` announce; only link words may stand between."""
    links = rf"(?:[\W_]+(?:{between}{_LINK})(?![a-z0-9]))*[\W_]*$"
    return re.compile(rf"(?:^|[^a-z0-9])(?:{_spaced(words)}){_spaced(links)}", re.A)


_KEY: Final = r"(?:mat *[_.-]?khau|mkh?|pass(?:word|code)?|pwd?)"
_NUMERAL: Final = rf"(?:{'|'.join(NUMERALS)})"
_TRIGGER = re.compile(rf"[0-9]|\b(?:{_KEY}(?![a-z])|{_NUMERAL}(?:[ ,.-]+{_NUMERAL}){{2}}\b)", re.A)
_LINK: Final = (
    r"so|la|otp|xac|nhan|thuc|minh|kich|hoat|dang|nhap|gui|ve|cua|bac|toi|chau|em|ong|ba|no|do|nay|day|ay|kia|"
    r"vua|moi|den|duoc|tin|tren|may|dien|thoai|hien|ra|bao|roi|thi|dung|sai|a|nhe|gom|co|chu|bi|mat|cai|cho|"
    r"tam|chung|qua|zalo|sms|tay|vneid|xong|oi|nguoi|ta|[0-9]"
)
_BANKS: Final = "ngan hang|atm|visa|agribank|vietcombank|vcb|bidv|vietinbank|mb ?bank|techcombank|lpbank"
_CODE_DIRECT = _before(rf"m\^|(?P<weak>ma)|otp|o te pe|code|pin|mat ma|{_KEY}")
_CODE_NEAR = _found(rf"m\^|otp|code|{_KEY}|ma (?:xac|so|kich|otp|6|sau)|(?:doc|nhap|dua|gui|xin|hoi|go) ma")
_TYPED = re.compile(r"\b(?:doc|nhap|dien|go)(?: +(?:so|cai|day|cho|no|bac|vao|la))* *$", re.A)
_ID = _before(r"cccd|can *cuoc|cmnd|cmt|cc|chung minh|dinh danh", r"cong|dan|thu|gan|chip|")
_PARTY_CARD = _before("the", "dang|vien|giay|cung|cu|")
_ACCOUNT = _before(rf"stk|so tai khoan|so tk|{_BANKS}", rf"tk|tai|khoan|{_BANKS}|")
_YEAR, _BIRTH = re.compile(r"(?:19|20)[0-9]{2}"), _found("sinh|nam|ngay")
_CURRENCY = re.compile(r" ?(?:d|dong(?! +chi)|vnd)\b", re.A)
_UNITS = re.compile(r" ?(?:k|nghin|ngan|trieu|tr|ty|nguoi|dang +vien|luot|ho|can|kg|km|phut)\b(?!~)|%", re.A)
_COUNTS = re.compile(
    r"\b(?:tien|phi|gia|luong|cuoc|het|nop|tra|ung ho|dong gop|gom|tong|khoang|hon|imei|phien ban|cong van|"
    r"so nha|bien so|so hieu|ho so|serial)(?: +[a-z]+){0,2}[ :]*$"
)
_SHY: Final = rf"\b(?:da|vang|alo|thua|ne|m\^|ma|{_LINK})"
_CHAIN: Final = rf"\b(?:(?:{_NUMERAL}|muoi|tram|linh|le|[0-9])\b[ ,.-]{{0,3}}){{4,}}"
_ALONE = re.compile(rf"\W*(?:{_SHY}\W+)*(?:[0-9](?:[ .()_-]{{0,3}}[0-9])*|{_CHAIN})(?:\W*{_SHY})*\W*", re.A)

_GROUP, _PART = re.compile(r"[0-9]+(?:[ .()_-]{1,3}[0-9]+)*"), re.compile(r"[0-9]+")
_LETTER_O = re.compile(r"\b(?=(?:[ol]*[0-9]){5})[0-9ol]{9}(?:[0-9ol]{3})?\b", re.A)
_LONGEST = 20  # parts: a number written digit by digit


def _number(parts: list[re.Match[str]]) -> _Number:
    groups = [part.group() for part in parts]
    return _Number("".join(groups), parts[0].start(), parts[-1].end(), tuple(map(len, groups)))


def _written(safe: str) -> Iterator[_Number]:
    for group in _GROUP.finditer(safe):
        if group.end() - group.start() > 3:
            told = _ID.search(safe[max(0, group.start() - 60) : group.start()]) is not None
            yield from _pieces(list(_PART.finditer(safe, *group.span())), told)
    for found in _LETTER_O.finditer(safe):
        yield _Number(found.group().translate({111: "0", 108: "1"}), *found.span(), (len(found.group()),))


def _pieces(parts: list[re.Match[str]], told: bool) -> Iterator[_Number]:
    """One run of digit groups as the numbers it most likely consists of. `told`: as an identity number."""
    at = 0
    while at < len(parts):
        cut = _cut(parts[at : at + _LONGEST], whole=len(parts) - at <= _LONGEST, told=told)
        yield _number(parts[at : at + cut])
        at += cut


def _cut(parts: list[re.Match[str]], *, whole: bool, told: bool) -> int:
    heads = [_number(parts[: cut + 1]) for cut in range(len(parts))]
    phone = next((head for head in heads if _is_phone(head.digits)), None)
    sure = told or not phone or len(set(heads[-1].sizes)) == 1
    if whole and (len(heads[-1].digits) <= 8 or (sure and _is_long(heads[-1]))):
        return len(parts)
    longest = next((head for head in reversed(heads) if _is_long(head)), heads[0])
    return len((phone or longest).sizes)


def _is_phone(digits: str) -> bool:
    foreign = digits.startswith(("84", "0084")) and len(digits.removeprefix("00")) == 11
    return foreign or (digits.startswith("0") and len(digits) == (11 if digits.startswith("02") else 10))


def _is_long(number: _Number) -> bool:
    counts = len(number.sizes) > 3 and max(number.sizes) == 2  # a list of these can add up to nine
    return len(number.digits) in (12, 16, 19) or (len(number.digits) == 9 and not counts)


def _spoken(view: str) -> Iterator[_Number]:
    """Digits written as words, one by one."""
    for chain in re.finditer(_CHAIN, view, re.A):
        end = chain.start() + len(chain.group().rstrip(" ,.-"))
        digits = "".join(NUMERALS.get(word, word) for word in re.findall(rf"{_NUMERAL}|[0-9]", chain.group()))
        # A last "không" may be the question word instead of a zero.
        for said in {digits, digits.removesuffix("0")} if len(set(digits)) > 1 else ():
            yield _Number(said, chain.start(), end, (len(said),))


def _kind(number: _Number, view: str, alone: bool) -> Secret | None:
    before = view[max(0, number.start - 60) : number.start]
    size = len(number.digits)
    if size >= 4 and (announced := _announced(number, before)):
        return announced
    if size < 4 or _is_phone(number.digits) or before.endswith("+") or _is_money(number, view):
        return None
    if max(number.sizes) > 12 or size in (16, 19):
        return Secret.CARD
    if size in (9, 12):
        return Secret.NATIONAL_ID
    return Secret.OTP if size <= 8 and _is_code(number, view, before, alone) else None


def _announced(number: _Number, before: str) -> Secret | None:
    """The kind that the words right before name."""
    size = len(number.digits)
    if 8 <= size <= 13 and _ID.search(before):
        return Secret.NATIONAL_ID
    if 6 <= size <= 19 and _ACCOUNT.search(before):
        return Secret.CARD if size >= 16 else Secret.BANK
    card = 6 <= size <= 12 and not _is_phone(number.digits) and _PARTY_CARD.search(before)
    return Secret.CARD if card or number.sizes == (2, 6) else None


def _is_money(number: _Number, view: str) -> bool:
    thousands = set(number.sizes[1:]) == {3} and number.digits.endswith("000") and number.digits[0] != "0"
    return thousands or bool(_CURRENCY.match(view, number.end))


def _is_code(number: _Number, view: str, before: str, alone: bool) -> bool:
    if direct := _CODE_DIRECT.search(before):
        year = direct["weak"] and _YEAR.fullmatch(number.digits)
        return not (year and _BIRTH.search(view, max(0, number.start - 120), number.end + 60))
    even = len(set(number.sizes)) == 1
    if alone:
        return even or len(number.sizes) == 2
    counted = _UNITS.match(view, number.end) or _COUNTS.search(before)
    return even and not counted and _is_near(number, view, before)


def _is_near(number: _Number, view: str, before: str) -> bool:
    """No word announces it, but it stands near talk of codes, or is six digits by themselves."""
    around = f" {before} \n {view[number.end : number.end + 40]} "
    if not _YEAR.fullmatch(number.digits) and (_CODE_NEAR.search(around) or _TYPED.search(before)):
        return True
    glued = before[-1:] + view[number.end : number.end + 1]
    return number.sizes == (6,) and not re.search(r"[a-z0-9/#*=-]", glued) and number.digits[3:] != "000"


_KEYS = re.compile(rf"(?<![a-z0-9]){_KEY}(?![a-z])", re.A)
_WITH_KEY = re.compile(r"(?:matkhau|password)[0-9][^\s\x01]{1,99}", re.A)  # "matkhau99" is a password itself
_TOLD = re.compile(r"(?P<gap>(?: +[a-z~^]+){0,6}?)(?: *[:=]+>?\s*| +la +)[\"'(]*(?P<value>[^\s\x01]{1,99})", re.A)
_GLUED = re.compile(r"[:=_/-]?[0-9][^\s\x01]{2,99}|[^\sa-z0-9:=,.;?!)\x01-][^\s\x01]{3,99}", re.A)
_TOKEN = re.compile(r"[^\s,;\x01]{1,99}")
_OWN = re.compile(rf"(?: +(?:{_LINK}|cu|app|dat|tai|wifi))*", re.A)
_CLAUSE = re.compile(r"[a-z]+(?: [a-z0-9]+){0,3}")
_TYPICAL = re.compile(r"\b[a-z]{2,}[@#$%&*!]+[0-9]{2,}", re.A)
_ORDINARY = re.compile(r"[0-9]{1,3}[a-z~^]{1,6}|.*(?:@[a-z0-9-]+\.[a-z]|/|\.vn|\.com).*")
# Said about a password, not said as one.
_TALK = _found(
    "gi|j|chi|sao|the|nao|cai|so|chu|do|ai|bao|dung|sai|cua|mot|khong|ko|k|ten|ngay|may|de|cho|phai|loai|day|tu|"
    "minh|no|quen|moi|cu|duoc|dc|chua|con|nhap|go|dat|doi|lay|o|khi|luc|vi|ma|roi|r|ca|bi|rat|can|kho|da|la|nham|"
    "trong|tren|trung|giong|khac|sinh|tuoi|mac|van|cung|thi|neu|voi|va|hay|hoac|thu|viec|nguoi|dang|mat|khau|"
    r"google|gmail|apple|zalo|vneid|facebook|wifi|icloud|sotay|otp|app|bac|chau|toi|em|ong|ba|chac|th~|m~|m\^"
)


def _passwords(view: str, safe: str, clean: str) -> Iterator[tuple[int, int]]:
    keys = list(_KEYS.finditer(view))
    for key in keys:
        yield from _given(view, clean, key.end())
    yield from (found.span() for found in _WITH_KEY.finditer(view))
    for token in _TOKEN.finditer(safe) if keys or _TYPICAL.search(view) else ():
        start = token.start()
        near = _TYPICAL.search(token.group()) or _KEYS.search(view, max(0, start - 80), token.end() + 40)
        if near and not _KEYS.match(view, start) and _looks_made_up(token.group().strip(".:?!)(\"'")):
            yield start, _token_end(clean, start)


def _token_end(clean: str, start: int) -> int:
    token = _TOKEN.match(clean, start)
    return start + len(token.group().rstrip(".:?)\"'”…")) if token else start


def _looks_made_up(word: str) -> bool:
    if _ORDINARY.fullmatch(word) or not word.isascii():
        return False
    digits = sum(letter.isdigit() for letter in word)
    mixed = digits >= 2 and len(word) >= 5 and any(letter.isalpha() for letter in word)
    return mixed or re.search(r"[a-z0-9][@#$%^&*!+=_]+[a-z0-9]", word) is not None


def _given(view: str, clean: str, at: int) -> Iterator[tuple[int, int]]:
    """What follows the keyword glued to it, or after "là" or a colon."""
    if glued := _GLUED.match(view, at):
        yield at, glued.end()
    told = _TOLD.match(view, at)
    if not told:
        return
    start, word = told.start("value"), told["value"].strip(".,:;?!)\"'")
    if not word.isalpha() and len(word) >= 3:
        yield start, max(start + len(word), _token_end(clean, start))
    elif word.isalpha() and not _TALK.fullmatch(word) and _OWN.fullmatch(told["gap"]):
        yield from _plain_words(view, start, word)


def _plain_words(view: str, start: int, word: str) -> Iterator[tuple[int, int]]:
    """A password of letters: one that is no syllable, or a few words that end the clause."""
    clause = _CLAUSE.match(view, start)
    if not is_syllable(word):
        yield start, start + len(word)
    elif clause and clause.group().count(" ") <= 2 and not _TALK.search(clause.group()):
        yield start, clause.end()
