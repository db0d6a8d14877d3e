"""Sample conversations: a wrong one says file, line and what was said; the good ones pass on the real engine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot import discover
from bot.authoring import talk
from bot.authoring.player import desk_of
from bot.content import load
from bot.context import House
from bot.core.rules import Finding
from bot.render import Words
from storage.db import Database

Talk = Callable[[str], list[Finding]]


async def played(folder: Path, text: str) -> list[Finding]:
    (folder / "bai-thu/talk.yaml").write_text(text, encoding="utf-8")
    (folder / "loi/talk.yaml").unlink(missing_ok=True)
    scripts, findings = talk.scripts(folder)
    library = load(folder)
    desk = desk_of(House(library, Words(library.commune.words), discover.book()))
    db = await Database.open("sqlite://")
    try:
        return findings + [found for script in scripts for found in await db.run(talk.play, desk, script)]
    finally:
        await db.close()


GOOD = """\
- name: đi hết bài
  form: dongchi
  start: bai-thu
  talk:
    - expect: ['Đồng chí mở ứng dụng', 'Làm được rồi']
      not: ['Bác']
    - say: '2'
      expect: ['Vuốt màn hình']
    - tap: Làm được rồi
      expect: ['xem tên mình']
    - wait: 3 ngày
    - tap: dung ten
      expect: ['Chạm nút "Xong"']
    - send: sticker
      expect: ['Bước 3 trong 3']
- name: người mới
  as: newcomer
  talk:
    - expect: ['Cầm Tay', 'Không ai được thu tiền']
    - say: bat dau
      wait: 2 hours
      expect: ['đồng ý']
- name: bắt đầu từ một nút
  as: helper
  start: day:today
  talk:
    - expect: ['người chưa xong']
"""


async def test_a_good_conversation_passes(guides: Path) -> None:
    assert await played(guides, GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("'Vuốt màn hình'", "'Bấm nút đỏ'", 8, "[H01-hoi-thoai-sai] đi hết bài: sau “2” không thấy “Bấm nút đỏ”"),
        ("not: ['Bác']", "not: ['Đồng chí']", 6, "sau “bắt đầu” vẫn có “Đồng chí”"),
        ("tap: dung ten", "tap: Đúng rồi", 12, "[H02-khong-co-nut] đi hết bài: không có nút “Đúng rồi”"),
        ("say: '2'", "say: '2'\n      tap: Chưa được", 7, "[H03-khong-ro-viec] đi hết bài: một dòng có hai việc"),
        ("say: '2'", "sai: '2'", 7, "[G03-muc-la] không có mục tên là “sai” (1.talk.2.sai) → có phải là “say”?"),
        ("wait: 3 ngày", "wait: lâu lắm", 11, "[G06-sai-ten] “1.talk.4.wait”"),
        ("send: sticker", "send: nhãn dán", 14, "[G05-sai-kieu] “1.talk.6.send”"),
        ("form: dongchi", "form: cậu", 2, "[G05-sai-kieu] “1.form”"),
    ],
)
async def test_a_wrong_one_says_where_and_what(guides: Path, old: str, new: str, line: int, said: str) -> None:
    found = await played(guides, GOOD.replace(old, new, 1))
    assert str(found[0]).startswith(f"guides/bai-thu/talk.yaml:{line}: ")
    assert said in str(found[0])


async def test_each_conversation_starts_afresh(guides: Path) -> None:
    """What one person did in one conversation is not there in the next."""
    once = "- name: lần {0}\n  start: bai-thu\n  talk:\n    - say: '1'\n      expect: ['Bước 2 trong 3']\n"
    assert await played(guides, once.format(1) + once.format(2)) == []
