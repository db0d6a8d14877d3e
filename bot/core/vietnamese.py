"""How Vietnamese is typed on phones: marks or none, raw Telex and VNI, teencode, fillers, numbers."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Combining marks, and the invisible characters that keyboards and copying leave behind.
UNSEEN: Final = re.compile(
    "[\u0300-\u036f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\u20e3]"
)
_NOT_WORD = re.compile(r"[\W_]+")
_STRETCHED = re.compile(r"([a-z])\1{2,}")  # "nhiuuuu"

_ONSETS: Final = _words("b c ch d g gh gi h k kh l m n ng ngh nh ph qu r s t th tr v x") | {""}
_RIMES: Final = _words(
    "a ac ach ai am an ang anh ao ap at au ay e ec ech em en eng enh eo ep et eu i ia ich iec iem ien "
    "ieng iep iet ieu im in inh ip it iu o oc oi om on ong op ot oa oac oach oai oam oan oang oanh oao "
    "oap oat oay oe oen oeo oet u ua uc ui um un ung uo uoc uoi uom uon uong uop uot uou up ut uu uan "
    "uang uanh uat uac uay uau ue uech uen uenh uet uy uya uych uyen uyet uyn uynh uyt uyu y yem yen yet yeu"
)
# A syllable that ends in a stop carries only two of the tones, so "next" and "chart" are not Telex.
_STOPPED = re.compile(r"(?:c|ch|p|t)$")
_FOREIGN: Final = _words("test list best last cost host lost most must just dust gas bus box tax")
_VNI = re.compile(r"d?9?[a-z]+(?:[1-8]{1,3}[a-z]*){0,3}")

# Written → meant. Only what has one meaning in this trade: "cb", "tt", "nt" and the like are left out.
_SHORT: Final[dict[str, str]] = {
    short: meant
    for meant, shorts in {
        "khong": "ko k kg khg hok hong hem khum hum",
        "duoc": "dc dk dx",
        "voi": "vs voj",
        "vay": "z vz zay",
        "biet": "bit bjt",
        "roi": "r rui ruj roj",
        "xong": "xog xg",
        "gi": "j zi",
        "lam": "lm",
        "nhu the nao": "ntn",
        "mat khau": "mk pass pw mkh matkhau",
        "so dien thoai": "sdt",
        "dien thoai": "dt dthoai",
        "can cuoc": "cccd cmnd cmt",
        "dang vien": "dv",
        "bi thu chi bo": "btcb",
        "sinh hoat chi bo": "shcb",
        "nghi quyet": "nq",
        "so tay dang vien": "stdv stdvdt",
        "so tay": "sotay",
        "vneid": "vned",
        "tai khoan": "tk tkhoan",
        "thong tin": "ttin",
        "to cong nghe": "tcnsc tcnscd",
        "khoi pho": "kp",
        "chuyen doi so": "cds",
        "nguoi": "ng",
        "truoc": "trc",
        "buoc": "bc",
        "nhieu": "nhiu nhju",
        "cam on": "camon tks thanks thank",
        "qua": "wa",
        "minh": "mih mik mjh",
        "gio": "h",
        "ok": "oki okie okela oke okay okey okla uki",
        "trung uong": "tw",
        "huong dan": "hd",
        "alo": "alu",
        "hello": "helo hi",
    }.items()
    for short in shorts.split()
}

_CALLED = "chau|bac|ong|ba|co|chu|em|anh|chi|ban|con|dong chi|cac chau|cac em|tro ly|bot"
_FILLERS = re.compile(
    rf"\b(?:(?:{_CALLED}) (?:oi|a|nhe|nha|nhi)|cho (?:(?:{_CALLED}|toi) )?hoi(?: (?:ti|chut|cai))?"
    rf"|(?:{_CALLED}|toi)? ?hoi (?:ti|chut|cai nay)|dong chi|nhe|nha|nhi|oi|a)\b"
)
_FIRST_FILLERS = re.compile(r"^(?:(?:u|uh|um|o|a|da|vang|alo|thua|nay|chao) )+")
_LAST_FILLERS = re.compile(r"(?: (?:voi|ha|di|giup|ho|day|luon|cai|phat|ak|ah|hen|nghen))+$")

_NUMBERS: Final[dict[str, int]] = {
    "không": 0, "một": 1, "nhất": 1, "hai": 2, "nhì": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5,
    "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9, "mười": 10,
}  # fmt: skip


_POINTERS = re.compile(
    r"^(?:(?:bac|toi|chau|em|ong|ba)\s+)?(?:(?:xin|hay|cho|chọn|chon|bấm|bam|ấn|an|nhấn|nhan|lấy|lay)\s+)*"
    r"(?:(?:phương|phuong)\s+(?:án|an)|(?:lựa|lua)\s+(?:chọn|chon)|(?:nút|nut)|(?:mục|muc)|(?:cái|cai)|(?:ô|o))?\s*"
    r"(?:(?:thứ|thu)|(?:số|so))?\s*"
)
_TAILS = re.compile(r"\s+(?:ạ|a|nhé|nhe|nha|nhá|đi|di|cháu|chau|em|ơi|oi|đấy|day|thôi|thoi|ông|bác|bà|bac|ong)$")


def fold(text: str) -> str:
    """Plain comparable form: lower case, no marks, đ as d, words parted by single spaces, no punctuation."""
    if text.isascii():
        return _NOT_WORD.sub(" ", text.lower()).strip()
    plain = UNSEEN.sub("", unicodedata.normalize("NFKD", text)).lower().replace("đ", "d")
    return _NOT_WORD.sub(" ", plain).strip()


def unmarked(text: str) -> str:
    """The text as it is, without its marks: "Đảng ủy" → "Dang uy"."""
    return UNSEEN.sub("", unicodedata.normalize("NFD", text)).replace("đ", "d").replace("Đ", "D")


_BARE_NUMBERS: Final = {fold(word): value for word, value in _NUMBERS.items()}
NUMERALS: Final = {word: str(value) for word, value in _BARE_NUMBERS.items() if value < 10} | {"lam": "5"}


# The cache holds letters only: nothing with a digit, so hardly a secret, stays in memory.
@lru_cache(maxsize=4096)
def is_syllable(letters: str) -> bool:
    """Whether plain letters could be one Vietnamese syllable: an onset and a rime of the tables."""
    return any(letters[:cut] in _ONSETS and letters[cut:] in _RIMES for cut in range(min(4, len(letters))))


def plain_word(word: str) -> str:
    """One folded word with raw Telex or VNI keys taken out where that leaves a syllable; else unchanged."""
    if len(word) > 12 or word in _FOREIGN or is_syllable(word):
        return word
    return (_from_telex(word) if word.isalpha() else _from_vni(word)) or word


def untelex(text: str) -> str:
    """`fold`, with the leftovers of a keyboard that did not compose: "ddang nhaapj" → "dang nhap"."""
    return " ".join(map(plain_word, fold(text).split()))


def expand(folded: str) -> str:
    """Abbreviations and teencode of one meaning written out; stretched letters shortened."""
    words = (_STRETCHED.sub(r"\1", word) for word in folded.split())
    return " ".join(_SHORT.get(word, word) for word in words)


def without_fillers(folded: str) -> str:
    """Without politeness and calling ("cháu ơi", "ạ", "cho hỏi"). Never empties a text."""
    short = " ".join(_FILLERS.sub(" ", folded).split())
    return _FIRST_FILLERS.sub("", _LAST_FILLERS.sub("", short)) or short or folded


def capitalise(text: str) -> str:
    """The first letter large, the rest as it is."""
    start = next((at for at, character in enumerate(text) if character.isalnum()), 0)
    return text[:start] + text[start : start + 1].upper() + text[start + 1 :]


def spoken_number(text: str) -> int | None:
    """The number a text consists of ("2", "số hai", "bam 1", "cái đầu tiên"), 0 to 99; else None.

    A word with tone marks must have the right ones: "bà" and "nam" with a mark elsewhere are no numbers.
    """
    said = unicodedata.normalize("NFKC", text).lower()
    said = re.sub(r"[^\w\s]+", " ", UNSEEN.sub("", said)).strip()
    if len(said) > 40:
        return None
    said = _without_tails(said)
    if fold(said).endswith("dau tien"):
        return 1 if len(said.split()) <= 5 else None
    core = _POINTERS.sub("", said, count=1)
    return None if core == said and core in ("không", "khong") else _value(core)


def _without_tails(said: str) -> str:
    shorter = _TAILS.sub("", said)
    return said if shorter == said else _without_tails(shorter)


def _value(word: str) -> int | None:
    if word.isdecimal():
        return int(word) if len(word) <= 2 else None
    if word.isascii():
        return _BARE_NUMBERS.get(plain_word(word))
    return _NUMBERS.get(word)


def _from_telex(word: str) -> str | None:
    letters = re.sub(r"^dd", "d", word)
    if "w" in letters[1:]:
        letters = letters.replace("w", "" if re.search(r"[aou]", letters) else "u")
    single = (re.sub(r"([aeo])\1", r"\1", found) for found in _toneless(letters))
    return next((found for found in single if is_syllable(found)), None)


def _toneless(letters: str) -> list[str]:
    """The word as it stands, then without each letter that can be a tone key."""
    found = [letters]
    for at in range(1, len(letters)):
        rest = letters[:at] + letters[at + 1 :]
        if letters[at] in "sfrxj" and not (_STOPPED.search(rest) and letters[at] in "frx"):
            found.append(rest)
    return found


def _from_vni(word: str) -> str | None:
    if not _VNI.fullmatch(word):
        return None
    keys = re.sub(r"[a-z]", "", word.replace("d9", "d"))
    letters = re.sub(r"[0-9]", "", word)
    tones = [key for key in keys if key in "12345"]
    stopped = _STOPPED.search(letters) and not set(tones) <= {"1", "5"}
    return letters if len(tones) <= 1 and not stopped and is_syllable(letters) else None


# --- a view that keeps every place ---------------------------------------------------------------------


def _plain_letter(character: str) -> str:
    if character.isdigit():
        return str(unicodedata.digit(character))
    if character.isspace():
        return " "
    letter = fold(character)
    return letter if len(letter) == 1 and letter.isascii() else character


_LETTERS = (0x09, *range(0x80, 0x250), *range(0x1E00, 0x2100), 0x3000, *range(0xFF01, 0xFF5F))
_DIGITS = (code for code in (*range(0x660, 0xFFFF), *range(0x1D7CE, 0x1D800)) if chr(code).isdigit())
_PLAIN: Final = {code: _plain_letter(chr(code)) for codes in (_LETTERS, _DIGITS) for code in codes} | {
    code: chr(code).lower() for code in range(ord("A"), ord("Z") + 1)
}
_MARKED_WORDS = re.compile(r"\b(?:(?P<code>m[ãÃ])|(?P<but>m[àáÀÁ])|(?P<so>th[ếềểẾỀỂ]))\b", re.I)
_MARKED: Final = {"code": "m^", "but": "m~", "so": "th~"}
_RAW_WORDS: Final = {
    **dict.fromkeys(("max", "ma4"), "m^"),
    **dict.fromkeys(("maf", "ma2", "mas", "ma1"), "m~"),
    **dict.fromkeys(("thees", "the61", "theef", "the62", "theer", "the63"), "th~"),
}
_WORD = re.compile(r"\b[a-z][a-z0-9]{1,11}\b", re.A)
_RAW_KEYS = re.compile(r"[a-z][1-9]|[aeiouy][a-z]{0,3}[sfrxjw]|aa|ee|oo|dd", re.A)

_DAY: Final = r"(?<![0-9])(?<![0-9][.-])(?:0?[1-9]|[12][0-9]|3[01])"
_MONTH: Final = r"(?:0?[1-9]|1[0-2])"
# In an `aligned` text: dates, times, hotlines, tickets, documents, phone models. Never secrets.
EVERYDAY_NUMBERS: Final = re.compile(
    rf"{_DAY}/{_MONTH}(?:/[0-9]{{2,4}})?(?![0-9])|{_DAY}([.-]){_MONTH}\1(?:19|20)[0-9]{{2}}(?![0-9])"
    r"|\bngay +[0-9]{1,2} +(?:thang +)?[0-9]{1,2}(?: +(?:nam +)?[0-9]{4})?(?![0-9])"
    r"|\b(?:nam|sinh|doi|sn|khoa|ghi|thang +[0-9]{1,2}|ky|tu|hoi) +(?:19|20)[0-9]{2}(?:-20[0-9]{2})?(?![0-9])"
    r"|(?<![0-9])[0-2]?[0-9](?: ?gio\b|[hg:][0-5][0-9](?![0-9])|h(?![a-z0-9]))"
    rf"|\b{_MONTH}/[0-9]{{4}}(?![0-9])|(?<![0-9])1[89]00[ .]?[0-9]{{4}}(?![0-9])"
    r"|\b(?!mk|pw|ma|so|tk|id)[a-z]{2} ?-[0-9]{3,5}(?![0-9])|\bbs ?[0-9]{4}(?![0-9])"
    r"|\b(?:phieu|don)(?: +so)? +[0-9]{3,5}(?![0-9])|\b[0-9]{1,3}/(?:19|20)[0-9]{2}/[a-z-]+"
    r"|(?<![0-9])[0-9]{1,4} ?[-/] ?(?:qd|hd|nq|ct|kh|cv|bc|tb|nd|tt|vp)\b[a-z/-]*"
    r"|\b(?:nokia|sam ?sung|iphone|ipad|oppo|vivo|redmi|xiaomi|realme|huawei|galaxy|android|ios|masstel|itel"
    r"|vsmart|sony|note|windows) ?[a-z]{0,6} ?[0-9]{1,4}[a-z]{0,2}\b|\b[aj][0-9]{1,3}[a-z]?\b",
    re.A,
)


def visible(text: str) -> str:
    """NFC without the characters that nobody sees."""
    return text if text.isascii() else UNSEEN.sub("", unicodedata.normalize("NFC", text))


def aligned(text: str) -> str:
    """Plain lower-case letters and ASCII digits, each at the place it has in `text` (which is `visible`).

    Raw Telex and VNI are undone, filled up with spaces. Words whose tone decides between a secret and
    small talk stay apart: "mã" becomes `m^`, "mà" and "má" `m~`, "thế" and "thể" `th~`.
    """
    marked = text if text.isascii() else _MARKED_WORDS.sub(lambda word: _MARKED[word.lastgroup or ""], text)
    view = marked.translate(_PLAIN)
    return _WORD.sub(_respelled, view) if _RAW_KEYS.search(view) else view


def _respelled(word: re.Match[str]) -> str:
    raw = word.group()
    return (_RAW_WORDS.get(raw) or plain_word(raw)).ljust(len(raw))
