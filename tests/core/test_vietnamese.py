"""The many ways one sentence is typed come down to one form, and ordinary words are never damaged."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.vietnamese import (
    aligned,
    capitalise,
    expand,
    fold,
    is_syllable,
    plain_word,
    spoken_number,
    untelex,
    visible,
    without_fillers,
)

SENTENCE = (
    "đăng nhập tài khoản mật khẩu quên đường huyện nghiêng khuỷu thuở quyển giếng gìn yêu ốm ước ngoằn xã "
    "người hướng dẫn phần mềm điện thoại thông tin cuộc họp chi bộ nghị quyết kiểm tra lý lịch được rồi"
)
WORDS = SENTENCE.split()
TONES = {"\u0301": "s1", "\u0300": "f2", "\u0309": "r3", "\u0303": "x4", "\u0323": "j5"}
SHAPES = {"\u0302": ("", "6"), "\u031b": ("w", "7"), "\u0306": ("w", "8")}


def keys(word: str, style: int, *, tone_last: bool) -> str:
    """What is typed for `word` in Telex (0) or VNI (1), the tone at its vowel or at the end."""
    out, tone, base = "", "", ""
    for mark in unicodedata.normalize("NFD", word.replace("đ", ("dd", "d9")[style])):
        if mark in TONES:
            tone += TONES[mark][style] if tone_last else ""
            out += "" if tone_last else TONES[mark][style]
        elif mark in SHAPES:
            out += SHAPES[mark][style] or base
        else:
            base = mark
            out += mark
    return out + tone


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  Đồng chí,   ơi! ", "dong chi oi"),
        ("ĐĂNG-NHẬP", "dang nhap"),
        ("hoà", "hoa"),
        (unicodedata.normalize("NFD", "Thuỷ"), "thuy"),
        ("mã\u200b số １２", "ma so 12"),
        ("③", "3"),
        ("🙄", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("style", [0, 1])
@pytest.mark.parametrize("tone_last", [True, False])
def test_raw_keys_are_undone(word: str, style: int, tone_last: bool) -> None:
    assert untelex(keys(word, style, tone_last=tone_last)) == fold(word)


@pytest.mark.parametrize(
    "text",
    [
        "goi so 0918 765 432",
        "ngay 30 4 1955 luc 7 30",
        "samsung j5 va iphone11",
        "mk123 khai1961 np03",
        "test next chart wifi zalo google facebook vneid apk link",
        "buoc4 lan2020 4g 77t",
    ],
)
def test_ordinary_words_and_numbers_stay(text: str) -> None:
    assert untelex(text) == text


@pytest.mark.parametrize("word", WORDS)
def test_every_word_is_a_syllable(word: str) -> None:
    assert is_syllable(fold(word))


@pytest.mark.parametrize("word", ["zalo", "qwer", "asdkj", "google", "str", ""])
def test_other_things_are_not(word: str) -> None:
    assert not is_syllable(word)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1),
        ("1.", 1),
        ("(2)", 2),
        ("２", 2),
        ("③", 3),
        ("2️⃣", 2),
        ("số một", 1),
        ("so 2", 2),
        ("bam 1", 1),
        ("Bấm số ba nhé", 3),
        ("phương án thứ hai", 2),
        ("cái đầu tiên", 1),
        ("nut thu tu a", 4),
        ("mo65t", 1),
        ("số không", 0),
        ("năm", 5),
        ("ba", 3),
        ("bà", None),
        ("không", None),
        ("khong", None),
        ("nằm", None),
        ("415926", None),
        ("hai hôm nữa", None),
        ("", None),
    ],
)
def test_spoken_number(text: str, number: int | None) -> None:
    assert spoken_number(text) == number


@pytest.mark.parametrize(
    ("folded", "meant"),
    [
        ("k dc", "khong duoc"),
        ("xog r", "xong roi"),
        ("quen mk sotay", "quen mat khau so tay"),
        ("nhiuuuu qua", "nhieu qua"),
        ("hoi cb xa", "hoi cb xa"),
    ],
)
def test_expand(folded: str, meant: str) -> None:
    assert expand(folded) == meant


@pytest.mark.parametrize(
    ("folded", "short"),
    [
        ("chau oi cho hoi ti cai dat o dau a", "cai dat o dau"),
        ("giup bac voi", "giup bac"),
        ("a", "a"),
        ("bac xong roi nhe", "bac xong roi"),
    ],
)
def test_fillers_go(folded: str, short: str) -> None:
    assert without_fillers(folded) == short


@pytest.mark.parametrize(
    ("text", "large"), [("đồng chí", "Đồng chí"), ("“bác ơi", "“Bác ơi"), ("", ""), ("1 a", "1 a")]
)
def test_capitalise(text: str, large: str) -> None:
    assert capitalise(text) == large


@pytest.mark.parametrize(
    ("text", "view"),
    [
        ("Mã là", "m^ la"),
        ("bấm mà", "bam m~"),
        ("Thế thẻ", "th~ the"),
        ("ma65t kha6u3", "mat   khau  "),
        ("ĐỌC １", "doc 1"),
        ("a\u00a0b\tc", "a b c"),
    ],
)
def test_aligned(text: str, view: str) -> None:
    assert aligned(text) == view


@given(st.text())
def test_a_view_keeps_every_place(text: str) -> None:
    seen = visible(text)
    assert len(aligned(seen)) == len(seen)


@given(st.text())
def test_any_text_is_taken(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    without_fillers(expand(untelex(text)))
    spoken_number(text)


@given(st.text(alphabet="abdeghiklmnopqrstuvwxy123456789", max_size=12))
def test_a_word_once_plain_stays_plain(word: str) -> None:
    assert plain_word(plain_word(word)) == plain_word(word)
