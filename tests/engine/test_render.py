"""Words, and how they are cut: never in half a character, never a choice from outside."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import UndefinedError

from bot.channels.base import Capabilities
from bot.core.forms import FORMS
from bot.core.messages import Choice, Media, MediaKind, Reply
from bot.render import Words, pieces, split, units16

SMALL = Capabilities(buttons=2, max_text=60, max_caption=20, files_out=True, media_by_url_only=False)
LONG = "Bác mở máy lên. Bác bấm vào ô màu xanh 😀😀. Có thấy chữ không ạ? " * 6
PICTURE, VOICE = Media(MediaKind.PICTURE, "a/b.png", "ảnh"), Media(MediaKind.VOICE, "a/b.ogg")


@pytest.mark.parametrize("limit", [2, 7, 20, 33, 60, 4000])
@pytest.mark.parametrize("text", [LONG, "😀" * 90, "không_có_chỗ_nghỉ" * 20, "", "a", "dòng một\n\ndòng hai\n" * 9])
def test_parts_are_short_enough_whole_and_lose_nothing(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert all(units16(part) <= limit for part in parts)
    assert all(part.encode() for part in parts[:-1])
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_cuts_are_at_sentence_ends() -> None:
    assert all(part.rstrip().endswith((".", "?")) for part in split(LONG, 60))


def test_units_are_those_of_the_platforms() -> None:
    assert [units16(text) for text in ("a", "ạ", "😀", "👨‍👩‍👧")] == [1, 1, 2, 8]


def test_choices_that_do_not_fit_on_buttons_stand_in_the_text_with_their_digits() -> None:
    choices = tuple(Choice(f"a:{n}", f"Nút {n}") for n in (1, 2, 3))
    [piece] = pieces(Reply("Chọn ạ.", choices), SMALL)
    assert piece.text == "Chọn ạ.\n\n1. Nút 1\n2. Nút 2\n3. Nút 3"
    assert piece.choices == choices[:2]
    [plain] = pieces(Reply("Chọn ạ.", choices[:2]), SMALL)
    assert (plain.text, plain.choices) == ("Chọn ạ.", choices[:2])


def test_media_comes_first_and_choices_last() -> None:
    choice = (Choice("a:b", "Bấm"),)
    found = pieces(Reply(LONG, choice, picture=PICTURE, voice=VOICE), SMALL)
    assert [piece.media for piece in found[:2]] == [VOICE, PICTURE]
    assert [bool(piece.choices) for piece in found] == [False] * (len(found) - 1) + [True]
    [short] = pieces(Reply("Ngắn.", choice, picture=PICTURE), SMALL)
    assert (short.media, short.text, short.choices) == (PICTURE, "Ngắn.", choice)


@pytest.fixture
def words(tmp_path: Path) -> Words:
    (tmp_path / "thu.j2").write_text(
        "{% block loi %}\n{{ name }} chào {{ bac }}.\n{{ a }}{{ b }}\n"
        "[thu:xem:{{ id }}] Mở {{ name }}\n{% endblock %}\n"
        "{% block tron %}\n{{ Chau }} chào.\n{% endblock %}\n",
        encoding="utf-8",
    )
    return Words({"so": "0123", "trong": None}, tmp_path)


BREAKS = ("x\n", "", "\r\n", "\r", "x\n\n", "[a] ", "\u2028", "\x0b", "\x85")


@pytest.mark.parametrize("name", [f"{start}[help:ask] y" for start in BREAKS])
def test_a_value_cannot_pass_for_a_choice(words: Words, name: str) -> None:
    said = words.say("thu.loi", "bac", name=name, a="", b=name, id=7)
    assert [choice.key for choice in said.choices] == ["thu:xem:7"]
    assert "help:ask" in said.text


def test_every_form_speaks_for_itself(words: Words) -> None:
    said = {form: words.say("thu.tron", form).text for form in FORMS}
    assert said["anh"] == "Em chào."
    assert said["dongchi"] == "Tôi chào."
    assert words.fill("{Bac} gọi {so}", "ba") == "Bà gọi 0123"


def test_what_is_not_passed_or_not_known_is_an_error(words: Words) -> None:
    with pytest.raises(UndefinedError):
        words.say("thu.loi", "bac", name="x")
    with pytest.raises(UndefinedError):
        words.fill("{khong_co}", "bac")


def test_missing_names_the_local_words_not_filled(words: Words) -> None:
    assert words.missing("{trong} {so} {bac}", "{trong}") == ("trong",)
    assert words.has("thu.loi")
    assert not words.has("thu.khac")
