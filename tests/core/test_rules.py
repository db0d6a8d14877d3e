"""What every rule stands on: counting words, cutting sentences, telling hosts apart, one name a rule."""

from __future__ import annotations

import pytest

from bot.core.guide import Commune
from bot.core.rules import LEVELS, SAYS, Finding, Source, at, filled, in_order, rule, sentences, unquoted, word_count
from bot.core.rules_words import PLAIN, SENTENCE, allowed, host_of

COMMUNE = Commune(
    name="xã Thử",
    province="tỉnh Thử",
    runs_it="Ủy ban",
    links_allowed=("dcs.vn", "https://www.langson.gov.vn/trang"),
    words={"ten_app": "Sổ tay", "so_truc": None},
)


@pytest.mark.parametrize(
    ("text", "count"),
    [("Bác mở máy.", 3), ("1 – 2 phút", 3), ("", 0), ("đợi … một lúc", 3), ('bấm "Mở" (nút xanh)', 4)],
)
def test_words_are_what_stands_between_spaces_and_can_be_read(text: str, count: int) -> None:
    assert word_count(text) == count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Bác mở máy. Xem pin.", 2),
        ("Mở máy\nXem pin", 2),
        ('Bấm "Mở." Đợi một lúc!', 2),
        ("Xem 4.5 MB ở đây", 1),
        ("", 0),
    ],
)
def test_sentences_end_at_a_full_stop_or_a_line(text: str, count: int) -> None:
    assert len(sentences(text)) == count


def test_a_text_is_counted_in_its_longest_form() -> None:
    assert filled("{Bac} mở {ten_app}, gọi {so_truc}.", COMMUNE) == "Đồng chí mở Sổ tay, gọi so_truc."


def test_words_of_the_screen_are_left_out() -> None:
    assert unquoted('Bấm "OK" rồi “Next” nhé').split() == ["Bấm", "rồi", "nhé"]


@pytest.mark.parametrize(
    ("address", "fine"),
    [
        ("sotaydangvien.dcs.vn", True),
        ("https://dcs.vn/auth?x=1", True),
        ("WWW.Langson.gov.vn", True),
        ("dcs.vn.lua.com", False),
        ("xdcs.vn", False),
        ("gov.vn", False),
    ],
)
def test_a_link_is_allowed_by_its_host(address: str, fine: bool) -> None:
    assert allowed(host_of(address), COMMUNE) is fine


def test_the_plain_word_is_never_itself_on_the_list() -> None:
    assert not set(PLAIN) & set(PLAIN.values())


def test_a_rule_has_one_name_and_one_number() -> None:
    for name in (SENTENCE, "G20-khac"):
        with pytest.raises(ValueError, match="two rules"):
            rule(name, "error", "")
    assert set(LEVELS) == set(SAYS)


def test_findings_stand_in_reading_order_without_repeats() -> None:
    source = Source("b.yaml", lines={("x",): 3})
    one, two = at(source, ("x", "y"), SENTENCE, "sai"), Finding("a.yaml", 9, "G02-muc-hai-lan", "error", "sai")
    assert in_order([one, two, one]) == [two, one]
    assert str(one) == "b.yaml:3: [G20-cau-dai] sai"
