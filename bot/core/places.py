"""Names of thôn, khối phố, offices and chi bộ: read, compared, and turned into codes that can be typed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, product
from typing import Final

from rapidfuzz import fuzz

from bot.core.names import spelling, tidy
from bot.core.vietnamese import fold, unmarked, visible

KINDS: Final = {"thon": "Thôn", "khoi_pho": "Khối phố"}
CELL: Final = "Chi bộ"

_PREFIX = re.compile(
    r"(?:(?P<thon>thôn|thon|th\.|t\.)|(?P<khoi_pho>khối phố|khoi pho|khu phố|khu pho|khối|khoi|k\.?p\.?"
    r"|tổ dân phố|to dan pho|tdp|tiểu khu|tieu khu))(?:\s*:\s*|\s+|(?<=\.))(?=\S)",
    re.IGNORECASE,
)
_CELL_PREFIX = re.compile(r"(?:chi bộ|chi bo|đảng bộ bộ phận|c\.?b\.?)(?:\s*:\s*|\s+)(?=\S)", re.IGNORECASE)
_NUMBERING = re.compile(r"^(?:[ivxlc]+|[a-h]|\d{1,3})\s*[.)/\-–:]\s*(?=\D)", re.IGNORECASE)
_BEHIND = re.compile(r"\s*(?:[,;(\[]|\s[-–]\s|:\s*\d).*$", re.DOTALL)
_ABOVE = re.compile(r"\s+(?:xã|phường|thị trấn|tỉnh|huyện)\s+\S.*$", re.IGNORECASE)
# Words an office's name has in it; without marks only where the whole text has none: Trương is no trường.
_OFFICES: Final = (
    "trường (?=t|m|p|cao|đại|học|dân|nội)|trạm|công an|quân sự|ubnd|ủy ban|uỷ ban|đảng ủy|đảng uỷ|văn phòng|phòng"
    "|mttq|mặt trận|hội (?=nông|phụ|cựu|đồng)|đoàn thanh|cơ quan|công ty|hợp tác xã|htx|tiểu học|thcs|thpt|mầm non"
    "|mẫu giáo|bưu điện|ngân hàng|kho bạc|hạt kiểm|trung tâm|bệnh viện|y tế|ban chỉ huy|hành chính|đội quản lý"
)
_OFFICE_WORDS: Final = frozenset(
    ("xa", "phuong", "so", "tieu", "hoc", "y", "te", "uy", "ban", "nhan", "dan", "va", "trung", "co", "mam", "non",
     "mau", "giao", "cong", "an", "phong", "thi", "tran", "chi", "huy", "quan", "su", "van", "hoa", "hoi", "dien",
     "tam", "bo", "pho", "thong", "noi", "tru", "dang", "ly", "hanh", "chinh", "to", "quoc", "viet")
)  # fmt: skip
_OFFICE = re.compile(rf"\b(?:{_OFFICES})\b")
_PLAIN_OFFICE = re.compile(rf"\b(?:{unmarked(_OFFICES)})\b")
_ROMAN: Final = {
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "x": "10",
}
_PERHAPS: Final = 88


@dataclass(frozen=True, slots=True)
class Place:
    """A unit or a chi bộ that is known, with every name it goes by. `kind`: thon, khoi_pho, co_quan, "" for any."""

    id: int
    code: str
    name: str
    kind: str = ""
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceName:
    """What a workbook calls a place: its kind as far as it says so, and its name without that word."""

    kind: str
    name: str

    @property
    def key(self) -> str:
        """The name without marks, its numbers alike: "Số I", "so 01"."""
        return _key(self.kind, self.name)

    @property
    def full(self) -> str:
        """As it is shown: with the word for its kind."""
        prefix = KINDS.get(self.kind)
        return f"{prefix} {self.name}" if prefix else self.name


@lru_cache(maxsize=4096)
def read(text: str) -> PlaceName:
    """A unit's name: "1. Thôn: NÀ PÁN (cũ), xã Bắc Sơn" is the thôn "Nà Pán"."""
    name = _ABOVE.sub("", _BEHIND.sub("", _NUMBERING.sub("", _spaced(text))))
    found = _PREFIX.match(name)
    kind, rest = (found.lastgroup or "", name[found.end() :]) if found else ("", name)
    rest = _official(rest, kind).strip(" .:-–")
    return PlaceName(kind or ("co_quan" if _office(rest) else ""), rest)


@lru_cache(maxsize=4096)
def read_cell(text: str) -> PlaceName:
    """A chi bộ's name without that word: "CB thôn Nà Pán" and "Chi bộ Nà Pán" are read alike."""
    return read(_CELL_PREFIX.sub("", _NUMBERING.sub("", _spaced(text)), count=1))


def names_a_cell(text: str) -> bool:
    return _CELL_PREFIX.match(_NUMBERING.sub("", _spaced(text))) is not None


def names_a_unit(text: str) -> bool:
    """Whether the words themselves say that they name a thôn, a khối phố or an office."""
    name = _NUMBERING.sub("", _spaced(text))
    office = _office(name)
    return _PREFIX.match(name) is not None or (office is not None and office.start() == 0)


class Gazetteer:
    """Finds the place a name means among those known."""

    def __init__(self, places: Iterable[Place], *, cells: bool = False) -> None:
        self._read = read_cell if cells else read
        self._by_key: dict[str, list[tuple[Place, PlaceName]]] = defaultdict(list)
        self._by_code: dict[str, Place] = {}
        for place in places:
            self.add(place)

    def add(self, place: Place) -> None:
        self._by_code[place.code.lower()] = place
        for name in (place.name, *place.others):
            called = self._read(name)
            self._by_key[called.key].append((place, PlaceName(place.kind or called.kind, called.name)))

    def find(self, text: str) -> tuple[Place | None, Place | None]:
        """The place that is certainly meant, and the one that perhaps is."""
        said = self._read(text)
        alike = [(place, name) for place, name in self._by_key.get(said.key, ()) if _kinds_agree(said, name)]
        sure = list(dict.fromkeys(place for place, name in alike if _spelt_alike(said.name, name.name)))
        if len(sure) > 1:
            sure = [place for place in sure if fold(place.name) == fold(text)]
        if len(sure) == 1:
            return sure[0], None
        if not alike and (coded := self._by_code.get(_spaced(text).lower())):
            return coded, None
        return None, alike[0][0] if alike else self._near(said)

    def _near(self, said: PlaceName) -> Place | None:
        """The likeliest place whose name is a slip of the pen away; numbers are never a slip."""
        scored = ((fuzz.ratio(said.key, key), place) for key, place in self._others(said))
        best = max(scored, key=lambda found: found[0], default=(0.0, None))
        return best[1] if best[0] >= _PERHAPS else None

    def _others(self, said: PlaceName) -> Iterator[tuple[str, Place]]:
        digits = re.findall(r"\d+", said.key)
        for key, named in self._by_key.items() if len(said.key) > 4 else ():
            if abs(len(key) - len(said.key)) < 3 and re.findall(r"\d+", key) == digits:
                yield from ((key, place) for place, name in named if _kinds_agree(said, name))


def code_for(name: str, taken: Collection[str]) -> str:
    """A code that can be read off a sheet and typed: "Thôn Nà Pán" → NAPAN. 4 to 16 letters and digits."""
    whole = re.sub(r"[^A-Z0-9]", "", fold(read(name).name).upper())[:12]
    base = whole if len(whole) >= 4 else (re.sub(r"[^A-Z0-9]", "", fold(name).upper())[:12] or "DONVI").ljust(4, "X")
    return next(code for code in chain([base], (f"{base}{n}" for n in range(2, 10_000))) if code not in taken)


def letters_for(name: str, taken: Collection[str]) -> str:
    """The letters its people's codes begin with: "Thôn Nà Pán" → NP; more of the last word where NP is taken."""
    place = read(name)
    words = [_SPOKEN.get(word, word) for word in place.key.split()]
    words = words if len(words) > 1 else [*fold(KINDS.get(place.kind, "")).split(), *words]
    letters = "".join(word[0] for word in words if word[0].isalpha()).upper()
    tail = re.sub(r"[^a-z]", "", words[-1] if words else "")[1:].upper()
    first = letters[:3] if len(letters) > 1 else f"{letters}{tail}"[:2].ljust(2, "X")
    longer = (f"{first}{tail[:size]}" for size in range(1, 1 + min(len(tail), 4 - len(first))))
    more = ("".join((begin, *rest)) for begin, size in ((first[:2], 1), (first[:2], 2), (first[:1], 3))
            for rest in product(_ALPHABET, repeat=size))  # fmt: skip
    free = (found for found in chain([first], longer, more) if found not in taken and found not in _SPOKEN_FOR)
    return next(free)


_ALPHABET: Final = "ABCDEFGHIKLMNPQRSTUVXY"
_SPOKEN: Final = {
    "0": "khong", "1": "mot", "2": "hai", "3": "ba", "4": "bon", "5": "nam", "6": "sau", "7": "bay", "8": "tam",
    "9": "chin", "10": "muoi",
}  # fmt: skip
# What other codes begin with, and what the guard against secrets reads as "password", "code", "account".
_SPOKEN_FOR: Final = frozenset(("CB", "DV", "GT", "TN", "BT", "XA", "MK", "PW", "MA", "SO", "TK", "ID", "KP", "BS"))


def _spaced(text: str) -> str:
    return " ".join(visible(text).split())


@lru_cache(maxsize=4096)
def _key(kind: str, name: str) -> str:
    words = fold(name).split()
    numbered = bool(kind) or len(words) > 1
    return " ".join([*map(_number, words[:-1]), *(_number(word, roman=numbered) for word in words[-1:])])


def _number(word: str, *, roman: bool = False) -> str:
    if word.isdecimal():
        return str(int(word))
    return _ROMAN.get(word, word) if roman else word


def _kinds_agree(a: PlaceName, b: PlaceName) -> bool:
    return a.kind == b.kind or not a.kind or not b.kind


def _spelt_alike(a: str, b: str) -> bool:
    """The same marks, or none at all on one side."""
    return spelling(a) == spelling(b) or any(
        fold(name) == " ".join(re.findall(r"\w+", name.lower())) for name in (a, b)
    )


def _office(name: str) -> re.Match[str] | None:
    low = name.lower()
    return _OFFICE.search(low) or (_PLAIN_OFFICE.search(low) if unmarked(low) == low else None)


def _official(said: str, kind: str) -> str:
    """An office's name as it is written: "TRƯỜNG TIỂU HỌC SỐ 1" is "Trường tiểu học số 1"."""
    name = _abbreviated(tidy(said))
    if kind or said not in (said.upper(), said.lower()):
        return name
    first, *words = name.split() or [""]
    return " ".join([first, *(word.lower() if fold(word) in _OFFICE_WORDS else word for word in words)])


def _abbreviated(name: str) -> str:
    """Capitals of abbreviations that `tidy` made small."""
    return re.sub(r"\b(?:ubnd|thcs|thpt|mttq|htx)\b", lambda found: found.group().upper(), name, flags=re.IGNORECASE)
