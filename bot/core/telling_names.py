"""Whom a report speaks of: codes, and names as neighbours say them, found in the roster."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from bot.core.listed import Listed
from bot.core.telling_spelling import fits_title, near, same_marks
from bot.core.telling_words import Token
from bot.core.vietnamese import fold


@dataclass(frozen=True, slots=True)
class Mention:
    """A person named in the words `start` to `end`; `codes` are those of the roster who may be meant."""

    start: int
    end: int
    name: str
    codes: tuple[str, ...]
    unit: str | None = None


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TITLES: Final = _words("ông bà bác cụ cô chú anh chị em cậu dì thím mợ")
_BARE_TITLES: Final = _words("ong ba bac cu co chu anh chi em cau di thim mo")
_SAFE_TITLES: Final = _words("ong ba bac cu")
# After a title these begin something else: "bà con", "ông ấy", "bác sĩ", "anh em".
_NO_NAMES: Final = _words(
    "ay con nay kia do sy si em chi ba ong nao gi may ta minh noi ngoai chau cung da dang chua khong bi thi lai roi "
    "xin oi a nhe muon nha lam bao noi hoi goi den di ve vao cai tai dung co o tu va voi cho cac giao dong tat het "
    "toan deu duoc dau xong"
)
_UNIT_LINKS: Final = _words("thon khoi pho ben o ban xom nha tai kp to duoi tren trong")
_LINKS: Final = _words("va voi cung lan ca roi")
_MISTAKE: Final = ("khong phai", "nham", "a nham", "a khong")


@dataclass(frozen=True, slots=True)
class _Roster:
    """The roster, looked up by plain words."""

    people: Sequence[Listed]
    names: dict[str, list[Listed]]
    units: dict[str, str]  # plain name without its kind → as written

    @classmethod
    def of(cls, people: Sequence[Listed]) -> _Roster:
        names: dict[str, list[Listed]] = {}
        for person in people:
            for key in _ways_to_say(fold(person.name).split()):
                names.setdefault(key, []).append(person)
        units = {_unit_key(person.unit): person.unit for person in people if person.unit}
        return cls(people, names, units)


def _ways_to_say(words: list[str]) -> set[str]:
    """The given name, any longer ending, the whole name, family and given name."""
    endings = {" ".join(words[place:]) for place in range(len(words))}
    return endings | {f"{words[0]} {words[-1]}"} if words else set()


def _unit_key(unit: str) -> str:
    words = fold(unit).split()
    kind = 2 if words[:2] == ["khoi", "pho"] else int(words[:1] in (["thon"], ["ban"], ["xom"], ["to"]))
    return " ".join(words[kind:])


def mentions(words: Sequence[Token], people: Sequence[Listed]) -> list[Mention]:
    """Everybody named, in order; a name taken back at once ("không phải", "à nhầm") is left out."""
    roster = _Roster.of(people)
    found: list[Mention] = []
    at, heading = 0, None
    while at < len(words):
        who = _by_code(words, at, roster) or _by_name(words, at, roster, heading, found)
        if who is None:
            unit, end = _unit_at(words, at, roster)
            heading = unit or heading
            at = max(end, at + 1)
            continue
        found.append(who)
        at = who.end
    return [who for who, after in zip_longest(found, found[1:]) if not (after and _taken_back(words, who, after))]


def _taken_back(words: Sequence[Token], who: Mention, after: Mention) -> bool:
    between = " ".join(word.plain for word in words[who.end : after.start] if word.plain)
    return between.startswith(_MISTAKE) or between.endswith((" nham", "a khong", " quen"))


def _by_code(words: Sequence[Token], at: int, roster: _Roster) -> Mention | None:
    """A code such as NP03, also written "np 03" or "NP-03"."""
    for size in (1, 2, 3):
        typed = "".join(word.raw for word in words[at : at + size]).upper().replace("-", "").replace(".", "")
        for person in roster.people:
            if typed == person.code.upper() and len(words) >= at + size:
                return Mention(at, at + size, person.name, (person.code,))
    return _unknown_code(words[at], at, roster)


def _unknown_code(word: Token, at: int, roster: _Roster) -> Mention | None:
    letters = word.raw.rstrip("0123456789").upper()
    shaped = len(word.raw) - len(letters) == 2 and 2 <= len(letters) <= 4 and letters.isascii() and letters.isalpha()
    known = any(person.code.upper().startswith(letters) for person in roster.people)
    if shaped and (known or (not roster.people and word.raw.isupper())):
        return Mention(at, at + 1, word.raw.upper(), ())
    return None


def _by_name(
    words: Sequence[Token], at: int, roster: _Roster, heading: str | None, before: Sequence[Mention]
) -> Mention | None:
    start, title = _name_start(words, at)
    if start >= len(words) or words[start].is_sign:
        return None
    for size in range(min(4, len(words) - start), 0, -1):
        own = words[start : start + size]
        key = " ".join(word.plain for word in own)
        if any(word.is_sign for word in own) or key not in roster.names:
            continue
        if size == 1 and not _may_be_alone(words, at, title, before):
            continue
        if _is_other_word(own, words, roster.names[key]):
            continue
        people = [person for person in roster.names[key] if fits_title(title, person)] or roster.names[key]
        return _settled(words, at, start + size, own, people, roster, heading)
    return _stranger(words, at, start, title, roster) if title else None


def _name_start(words: Sequence[Token], at: int) -> tuple[int, str]:
    """Where the name itself begins, behind a title; and the title."""
    title = words[at].raw.lower()
    if words[at].plain == "dong" and at + 1 < len(words) and words[at + 1].plain == "chi":
        return at + 2, "dong chi"
    if title in ("đ", "d") and [word.raw for word in words[at + 1 : at + 3]] in (["/", "c"], ["/", "C"]):
        return at + 3, "dong chi"
    titles = _TITLES if _is_marked(words) else _TITLES | _BARE_TITLES
    if title in titles or (title not in _TITLES and _is_keyed_title(words[at])):
        return at + 1, title
    return at, ""


def _is_keyed_title(word: Token) -> bool:
    """A title in raw Telex or VNI: "oong", "ba2"."""
    return word.raw.isascii() and word.raw.lower() != word.plain and word.plain in _BARE_TITLES


def _is_marked(words: Sequence[Token]) -> bool:
    """Whether the text has tone marks, so that a word without any means itself."""
    return any(not word.raw.isascii() and word.plain for word in words)


def _may_be_alone(words: Sequence[Token], at: int, title: str, before: Sequence[Mention]) -> bool:
    """One word is a name behind a title, or with a capital where a list or a sentence begins."""
    if title:
        return True
    opens = at == 0 or words[at - 1].is_sign or words[at - 1].plain in _LINKS or words[at - 1].plain == "cho"
    follows = bool(before) and before[-1].end >= at - 1 and at > 0
    shouted = all(word.raw.isupper() for word in words if word.plain.isalpha())
    return opens and (follows or (words[at].is_capital and not shouted and at > 0) or _heads_a_line(words, at))


def _is_other_word(own: Sequence[Token], words: Sequence[Token], people: Sequence[Listed]) -> bool:
    """A small word without marks among marked ones is no "Khải": "bác khai"."""
    said = " ".join(word.raw for word in own)
    bare = said.isascii() and said.islower() and _is_marked(words)
    return bare and all(not f" {person.name.lower()}".endswith(f" {said}") for person in people)


def _heads_a_line(words: Sequence[Token], at: int) -> bool:
    return at + 1 < len(words) and words[at + 1].raw in (":", "-", ",") and words[at].is_capital


def _settled(
    words: Sequence[Token],
    start: int,
    end: int,
    own: Sequence[Token],
    people: Sequence[Listed],
    roster: _Roster,
    heading: str | None,
) -> Mention:
    said = " ".join(word.raw for word in own)
    likely = same_marks(said, people)
    unit, end = _unit_behind(words, end, roster)
    here = [person for person in likely if person.unit == (unit or heading)]
    if unit or (heading and len(likely) > 1):
        likely = here or ([] if unit else likely)
    return Mention(start, end, _shown(said), tuple(person.code for person in likely), unit)


def _unit_behind(words: Sequence[Token], at: int, roster: _Roster) -> tuple[str | None, int]:
    """The unit named right behind a name ("Hiền Nà Pán", "Bắc bên thôn Tằng Cấu")."""
    start = at
    while start < min(at + 3, len(words)) and (words[start].plain in _UNIT_LINKS or words[start].raw == "("):
        start += 1
    unit, end = _unit_at(words, start, roster)
    closed = end < len(words) and words[end].raw == ")"
    return (unit, end + closed) if unit else (None, at)


def _unit_at(words: Sequence[Token], at: int, roster: _Roster) -> tuple[str | None, int]:
    for size in (4, 3, 2, 1):
        own = words[at : at + size]
        key = " ".join(word.plain for word in own)
        if len(own) == size and not any(word.is_sign for word in own) and key in roster.units:
            return roster.units[key], at + size
    return None, at


def _stranger(words: Sequence[Token], at: int, start: int, title: str, roster: _Roster) -> Mention | None:
    """A name that the roster does not hold as it was typed: the nearest one, or nobody."""
    word = words[start]
    if not word.plain.isalpha() or (word.plain in _NO_NAMES and not word.is_capital):
        return None
    alike = [key for key in roster.names if " " not in key and near(word.plain, key)]
    if alike and (word.is_capital or (title in _SAFE_TITLES and not _is_marked(words))):
        people = [person for key in alike for person in roster.names[key]]
        people = [person for person in people if fits_title(title, person)]
        return _settled(words, at, start + 1, [word], people, roster, None)
    shouted = word.raw.isupper() and len(word.raw) > 1
    if word.is_capital and not shouted:
        unit, end = _unit_behind(words, start + 1, roster)
        return Mention(at, end, _shown(word.raw), (), unit)
    return None


def _shown(said: str) -> str:
    return " ".join(word[:1].upper() + word[1:].lower() for word in said.split())


def named_units(words: Sequence[Token], people: Sequence[Listed]) -> Iterator[tuple[str, int, int]]:
    """The units of the roster that the words name, and from where to where."""
    roster = _Roster.of(people)
    at = 0
    while at < len(words):
        unit, end = _unit_at(words, at, roster)
        if unit:
            yield unit, at, end
        at = max(end, at + 1)
