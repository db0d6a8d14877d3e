"""Secrets leave a text before anything keeps it: one-time codes, passwords, identity, card and bank numbers.

The view that `vietnamese.aligned` gives is searched; what is found is blanked in the text itself.
In the view `m^` is the word "mã" (code), `m~` one that only looks like it, and \\x01 something hidden.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.core.vietnamese import NUMERALS, aligned, is_syllable, visible

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


def redact(text: str, *, expecting_code: bool = False) -> Clean:
    """The text with every secret replaced by `MARK`. Doing it again changes nothing.

    `expecting_code`: the talk is about a code just now, so any lone 4 to 8 digits are one.
    """
    found: set[Secret] = set()
    clean, view = _seen(text)
    while _TRIGGER.search(view):
        alone = expecting_code or (len(view) <= 120 and _ALONE.fullmatch(view) is not None)
        spans = [*_passwords(view, clean), *_numbers(view, alone), *_spoken(view, alone)]
        if not spans:
            break
        found.update(kind for _, _, kind in spans)
        clean, view = _seen(_blanked(clean, spans))
    return Clean(clean if found else text, frozenset(found))


def _blanked(clean: str, spans: list[Span]) -> str:
    parts, at = [], 0
    for start, end, _ in sorted(spans):
        if start >= at:
            parts += [clean[at:start], MARK]
        at = max(at, end)
    return "".join([*parts, clean[at:]])


def _seen(text: str) -> tuple[str, str]:
    clean = visible(text)
    return clean, aligned(clean).replace("[da xoa]", "\x01" * len(MARK))


# --- words around a secret -----------------------------------------------------------------------------


def _spaced(words: str) -> str:
    """One space stands for any number of them: undone Telex leaves several."""
    return re.sub(r" (?![*?])", " +", words)


def _found(words: str) -> re.Pattern[str]:
    """Matches whole words anywhere."""
    return re.compile(rf"(?<![a-z0-9])(?:{_spaced(words)})(?![a-z0-9])", re.A)


def _before(words: str, between: str = "") -> re.Pattern[str]:
    """Matches the text up to a number that `words` announce; only link words may stand between."""
    links = rf"(?:[\W_]+(?:{between}{_LINK})(?![a-z0-9]))*[\W_]*$"
    return re.compile(rf"(?:^|[^a-z0-9])(?:{_spaced(words)}){_spaced(links)}", re.A)


_KEY: Final = r"(?:mat *[_.-]?khau|mkh?|pass(?:word|code)?|pwd?)"
_NUMERAL: Final = rf"(?:{'|'.join(NUMERALS)})"
_TRIGGER = re.compile(
    rf"[0-9]|\b(?:mat *khau|{_KEY}(?![a-z])|{_NUMERAL}[ ,.-]+{_NUMERAL}[ ,.-]+{_NUMERAL}\b)", re.A
)
_LINK: Final = (
    r"so|la|otp|xac|nhan|thuc|minh|kich|hoat|dang|nhap|gui|ve|cua|bac|toi|chau|em|ong|ba|no|do|nay|day|ay|kia|"
    r"vua|moi|den|duoc|tin|tren|may|dien|thoai|hien|ra|bao|roi|thi|dung|sai|a|nhe|gom|co|chu|bi|mat|cai|cho|"
    r"tam|chung|qua|zalo|sms|tay|vneid|xong|oi|nguoi|ta|[0-9]"
)
_BANKS: Final = (
    r"ngan hang|atm|visa|agribank|vietcombank|vcb|bidv|vietinbank|mb ?bank|techcombank|lpbank|sacombank"
)
_CODE_DIRECT = _before(rf"m\^|(?P<weak>ma)|otp|o te pe|code|pin|mat ma|{_KEY}")
_CODE_NEAR = _found(
    rf"m\^|otp|code|{_KEY}|ma (?:xac|so|kich|otp|6|sau)|(?:doc|nhap|dua|gui|xin|hoi|go|dien) ma"
)
_TYPED = re.compile(r"\b(?:doc|nhap|dien|go)(?: +(?:so|cai|day|cho|no|bac|vao|la))* *$", re.A)
_ID = _before(r"cccd|can *cuoc|cmnd|cmt|cc|chung minh|dinh danh", r"cong|dan|thu|gan|chip|")
_PARTY_CARD = _before("the", "dang|vien|giay|cung|cu|")
_ACCOUNT = _before(rf"stk|so tai khoan|so tk|{_BANKS}", rf"tk|tai|khoan|{_BANKS}|")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_BIRTH = _found("sinh|nam|ngay")
_CURRENCY = re.compile(r" ?(?:d|dong(?! +chi)|vnd)\b", re.A)
_COUNTED = re.compile(
    r" ?(?:k|nghin|ngan|trieu|tr|ty|nguoi|dang +vien|luot|ho|can|met|cay|kg|km|phut|giay)\b(?!~)|%", re.A
)
_COUNTS = re.compile(
    r"\b(?:tien|phi|gia|luong|cuoc|het|nop|tra|ung ho|dong gop|gom|tong|khoang|hon|imei|phien ban|cong van|"
    r"so nha|bien so|so hieu|ho so|serial)(?: +[a-z]+){0,2}[ :]*$",
    re.A,
)
_HOTLINE = re.compile(r"1[89]00[0-9]{2,6}")
_SHY: Final = rf"(?:da|vang|nha|alo|thua|ne|m\^|ma|{_LINK})"
_CHAIN = rf"\b(?:(?:{_NUMERAL}|muoi|tram|linh|le|[0-9])\b[ ,.-]{{0,3}}){{4,}}"
_ALONE = re.compile(
    rf"[\W_]*(?:{_SHY}[\W_]+)*(?:[0-9](?:[ .()_-]{{0,3}}[0-9])*|{_CHAIN})(?:[\W_]*\b{_SHY})*[\W_]*", re.A
)

_DAY: Final = r"(?<![0-9])(?<![0-9][.-])(?:0?[1-9]|[12][0-9]|3[01])"
_MONTH: Final = r"(?:0?[1-9]|1[0-2])"
_SAFE = re.compile(
    rf"{_DAY}/{_MONTH}(?:/[0-9]{{2,4}})?(?![0-9])|{_DAY}([.-]){_MONTH}\1(?:19|20)[0-9]{{2}}(?![0-9])"
    r"|\bngay +[0-9]{1,2} +(?:thang +)?[0-9]{1,2}(?: +(?:nam +)?[0-9]{4})?(?![0-9])"
    r"|\b(?:nam|sinh|doi|sn|khoa|ghi|thang +[0-9]{1,2}|ky|tu|hoi) +(?:19|20)[0-9]{2}(?:-20[0-9]{2})?(?![0-9])"
    rf"|\b{_MONTH}/[0-9]{{4}}(?![0-9])|(?<![0-9])[0-2]?[0-9](?: ?gio\b|[hg:][0-5][0-9](?![0-9])|h(?![a-z0-9]))"
    r"|\b(?!mk|pw|ma|so|tk|id)[a-z]{2} ?-[0-9]{3,5}(?![0-9])|\bbs ?[0-9]{4}(?![0-9])"
    r"|\b(?:phieu|don)(?: +so)? +[0-9]{3,5}(?![0-9])|\b[0-9]{1,3}/(?:19|20)[0-9]{2}/[a-z-]+"
    r"|(?<![0-9])[0-9]{1,4} ?[-/] ?(?:qd|hd|nq|ct|kh|cv|bc|tb|nd|tt|vp)\b[a-z/-]*"
    r"|\b(?:nokia|sam ?sung|iphone|ipad|oppo|vivo|redmi|xiaomi|realme|huawei|galaxy|android|ios|masstel|itel"
    r"|vsmart|sony|note|win|windows) ?[a-z]{0,6} ?[0-9]{1,4}[a-z]{0,2}\b|\b[aj][0-9]{1,3}[a-z]?\b",
    re.A,
)


def _hidden(found: re.Match[str]) -> str:
    return "\x01" * len(found.group())


# --- numbers -------------------------------------------------------------------------------------------

_GROUP = re.compile(r"[0-9]+(?:[ .()_-]{1,3}[0-9]+)*", re.A)
_PART = re.compile(r"[0-9]+", re.A)
_LETTER_O = re.compile(r"\b(?=(?:[ol]*[0-9]){5})[0-9ol]{9}(?:[0-9ol]{3})?\b", re.A)
_LONGEST = 20  # parts: a number written digit by digit


@dataclass(frozen=True, slots=True)
class _Number:
    """Digits that belong together, where they stand, and how they were grouped."""

    digits: str
    start: int
    end: int
    sizes: tuple[int, ...]


def _number(parts: list[re.Match[str]]) -> _Number:
    digits = "".join(part.group() for part in parts)
    return _Number(digits, parts[0].start(), parts[-1].end(), tuple(len(part.group()) for part in parts))


def _numbers(view: str, alone: bool) -> Iterator[Span]:
    safe = _SAFE.sub(_hidden, view)
    for group in _GROUP.finditer(safe):
        if group.end() - group.start() > 3:
            for number in _pieces(list(_PART.finditer(safe, *group.span()))):
                kind = _kind(number, view, alone)
                if kind:
                    yield number.start, number.end, kind
    yield from ((found.start(), found.end(), Secret.NATIONAL_ID) for found in _LETTER_O.finditer(safe))


def _pieces(parts: list[re.Match[str]]) -> Iterator[_Number]:
    """One run of digit groups as the numbers it most likely consists of."""
    while parts:
        cut = _cut(parts[:_LONGEST], whole=len(parts) <= _LONGEST)
        yield _number(parts[:cut])
        parts = parts[cut:]


def _cut(parts: list[re.Match[str]], *, whole: bool) -> int:
    sizes = {cut: _number(parts[:cut]) for cut in range(1, len(parts) + 1)}
    everything = sizes[len(parts)]
    even = len(set(everything.sizes)) == 1
    mobile = next((cut for cut, number in sizes.items() if _is_phone(number.digits)), None)
    if whole and (len(everything.digits) <= 8 or (_is_long(everything) and (even or not mobile))):
        return len(parts)
    longest = next((cut for cut in reversed(sizes) if _is_long(sizes[cut])), 1)
    return mobile or longest


def _is_phone(digits: str) -> bool:
    foreign = digits.startswith(("84", "0084")) and len(digits.removeprefix("00")) == 11
    return foreign or (digits.startswith("0") and len(digits) == (11 if digits.startswith("02") else 10))


def _is_long(number: _Number) -> bool:
    """As long as an identity or card number is, and not a list of small counts."""
    size = len(number.digits)
    counts = len(number.sizes) > 3 and size == 9 and max(number.sizes) == 2
    return size in (9, 12, 16, 19) and not counts


def _kind(number: _Number, view: str, alone: bool) -> Secret | None:
    before = view[max(0, number.start - 60) : number.start]
    size = len(number.digits)
    if announced := _announced(number, before):
        return announced
    if _is_phone(number.digits) or before.endswith("+") or _is_money(number, view):
        return None
    if max(number.sizes) > 12 or size in (16, 19):
        return Secret.CARD
    if size in (9, 12):
        return Secret.NATIONAL_ID
    return Secret.OTP if 4 <= size <= 8 and _is_code(number, view, before, alone) else None


def _announced(number: _Number, before: str) -> Secret | None:
    """The kind that the words right before name."""
    size = len(number.digits)
    if 8 <= size <= 13 and _ID.search(before):
        return Secret.NATIONAL_ID
    if 6 <= size <= 19 and _ACCOUNT.search(before):
        return Secret.CARD if size >= 16 else Secret.BANK
    card = 6 <= size <= 12 and not _is_phone(number.digits) and _PARTY_CARD.search(before)
    return Secret.CARD if card or (size == 8 and number.sizes == (2, 6)) else None


def _is_money(number: _Number, view: str) -> bool:
    round_number = number.digits.endswith("000") and number.digits[0] != "0"
    thirds = len(number.sizes) > 1 and set(number.sizes[1:]) == {3}
    return (round_number and thirds) or bool(_CURRENCY.match(view, number.end))


def _is_code(number: _Number, view: str, before: str, alone: bool) -> bool:
    direct = _CODE_DIRECT.search(before)
    if direct:
        year = direct["weak"] and _YEAR.fullmatch(number.digits)
        return not (year and _BIRTH.search(view))
    if alone:
        return not (_HOTLINE.fullmatch(number.digits) and len(number.digits) == 8)
    amount = _COUNTED.match(view, number.end) or _COUNTS.search(before)
    if amount or _HOTLINE.fullmatch(number.digits) or len(set(number.sizes)) > 1:
        return False
    return _is_near(number, view, before)


def _is_near(number: _Number, view: str, before: str) -> bool:
    """No word announces it, but it stands near talk of codes, or is six digits by themselves."""
    around = f" {before} \n {view[number.end : number.end + 40]} "
    if not _YEAR.fullmatch(number.digits) and (_CODE_NEAR.search(around) or _TYPED.search(before)):
        return True
    glued = view[number.start - 1 : number.start] + view[number.end : number.end + 1]
    return number.sizes == (6,) and not re.search(r"[a-z0-9/#*=-]", glued) and number.digits[3:] != "000"


def _spoken(view: str, alone: bool) -> Iterator[Span]:
    """Digits written as words, one by one."""
    for chain in re.finditer(_CHAIN, view, re.A):
        end = chain.start() + len(chain.group().rstrip(" ,.-"))
        digits = "".join(NUMERALS.get(word, word) for word in re.findall(r"\w+", chain.group()))
        digits = re.sub(r"[^0-9]", "", digits)
        # A last "không" may be the question word instead of a zero.
        for said in {digits, digits.removesuffix("0")} if len(set(digits)) > 1 else ():
            kind = _kind(_Number(said, chain.start(), end, (len(said),)), view, alone)
            if kind:
                yield chain.start(), end, kind


# --- passwords -----------------------------------------------------------------------------------------

_KEYS = re.compile(rf"(?<![a-z0-9]){_KEY}(?![a-z])", re.A)
_TOLD = re.compile(r"(?P<gap>(?: +[a-z~^]+){0,6}?)(?: *[:=]+>?\s*| +la +)[\"'(]*(?P<value>[^\s\x01]+)", re.A)
_GLUED = re.compile(r"[:=_/-]?[0-9][^\s\x01]{2,}|[^\sa-z0-9:=,.;?!)\x01-][^\s\x01]{3,}", re.A)
_TOKEN = re.compile(r"[^\s,;\x01]+")
_OWN = re.compile(rf"(?: +(?:{_LINK}|cu|app|dat|tai|wifi))*", re.A)
_CLAUSE = re.compile(r"[a-z]+(?: [a-z0-9]+)*")
_SYMBOL_INSIDE = re.compile(r"[a-z0-9][@#$%^&*!+=_]+[a-z0-9]")
_TYPICAL = re.compile(r"\b[a-z]{2,}[@#$%&*!]+[0-9]{2,}", re.A)
_ORDINARY = re.compile(r"[0-9]{1,3}[a-z~^]{1,6}|.*(?:@[a-z0-9-]+\.[a-z]|//|\.vn|\.com).*")
# Said about a password, not said as one.
_TALK = _found(
    "gi|j|chi|sao|the|nao|cai|so|chu|do|ai|bao|dung|sai|cua|mot|khong|ko|k|ten|ngay|may|de|cho|phai|loai|day|tu|"
    "minh|no|quen|moi|cu|duoc|dc|chua|con|nhap|go|dat|doi|lay|o|khi|luc|vi|ma|roi|r|ca|bi|rat|can|kho|da|la|nham|"
    "trong|tren|trung|giong|khac|sinh|tuoi|mac|van|cung|thi|neu|voi|va|hay|hoac|thu|viec|nguoi|dang|mat|khau|"
    "google|gmail|apple|zalo|vneid|facebook|wifi|icloud|sotay|otp|app|bac|chau|toi|em|ong|ba|chac|th~|m~|m\\^"
)


def _passwords(view: str, clean: str) -> Iterator[Span]:
    safe = _SAFE.sub(_hidden, view)
    for key in _KEYS.finditer(view):
        for start, end in (*_given(view, key.end()), *_around(safe, key)):
            yield start, max(end, _token_end(clean, start)), Secret.PASSWORD
    for typical in _TYPICAL.finditer(view):
        if not _ORDINARY.fullmatch(typical.group()):
            yield typical.start(), _token_end(clean, typical.start()), Secret.PASSWORD


def _token_end(clean: str, start: int) -> int:
    token = _TOKEN.match(clean, start)
    return start + len(token.group().rstrip(".:?)\"'”…")) if token else start


def _given(view: str, at: int) -> Iterator[tuple[int, int]]:
    """What follows the keyword glued to it, or after "là" or a colon."""
    if glued := _GLUED.match(view, at):
        yield at, glued.end()
    told = _TOLD.match(view, at)
    if not told:
        return
    word = told["value"].strip(".,:;?!)\"'")
    if not word.isalpha():
        if len(word) >= 3:
            yield told.start("value"), told.start("value") + len(word)
    elif not _TALK.fullmatch(word) and _OWN.fullmatch(told["gap"]):
        yield from _plain_words(view, told.start("value"), word)


def _plain_words(view: str, start: int, word: str) -> Iterator[tuple[int, int]]:
    """A password of letters: one that is no syllable, or a few words that end the clause."""
    clause = _CLAUSE.match(view, start)
    words = clause.group().split() if clause else []
    if not is_syllable(word):
        yield start, start + len(word)
    elif clause and len(words) <= 4 and not _TALK.search(clause.group()):
        yield start, clause.end()


def _around(safe: str, key: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Words near the keyword that look made up."""
    low = safe.rfind(" ", max(0, key.start() - 120), max(0, key.start() - 40)) + 1
    for token in _TOKEN.finditer(safe, max(low, key.start() - 120), min(len(safe), key.end() + 80)):
        if not key.start() <= token.start() < key.end() and _looks_made_up(token.group().strip(".:?!)(\"'")):
            yield token.span()


def _looks_made_up(word: str) -> bool:
    if _ORDINARY.fullmatch(word) or "/" in word or not word.isascii():
        return False
    digits = sum(letter.isdigit() for letter in word)
    mixed = digits >= 2 and len(word) >= 5 and any(letter.isalpha() for letter in word)
    return mixed or bool(_SYMBOL_INSIDE.search(word))
