"""A small good guides folder, and the means to break it in one place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

COMMUNE = """\
name: 'xã Thử'
province: 'tỉnh Thử'
runs_it: 'Ủy ban nhân dân xã Thử'
login_method: vneid
links_allowed: [dcs.vn]
words:
  ten_app: 'Sổ tay'
  so_ho_tro: '0205 123 456'
"""

GUIDE = """\
title: Bài thử
order: 10
reminders:
  - 'Không ai được thu tiền.'
steps:
  - id: BT-1
    do: '{Bac} mở ứng dụng "{ten_app}".'
    see: 'màn hình đầu.'
    image: mo.png
    image_alt: 'Hình cuốn sổ.'
    stuck:
      - say: 'Vuốt màn hình từ dưới lên, tìm hình cuốn sổ.'
      - card: LOI-MANG
    facts: [A1, '8.1']
    marks: installed
  - id: BT-2
    do: '{Bac} xem tên mình có đúng không.'
    choices:
      - label: Đúng tên
        go: BT-3
      - label: Sai tên
        go: help
  - id: BT-3
    do: 'Chạm nút "Xong" ở góc trên.'
    see: 'trang chính hiện ra.'
    stuck:
      - say: 'Kéo trang xuống cuối. Nút ở ngay đó.'
      - say: 'Gọi số {so_ho_tro} để có người giúp.'
    marks: logged_in
end:
  say: '{Bac} làm xong bài thử rồi ạ.'
  choices:
    - label: Xem việc khác
      go: menu
tried_with_elders: '2026-11-20'
"""

CARDS = """\
title: Gỡ lỗi
kind: cards
order: 0
steps:
  - id: LOI-MANG
    do: 'Tắt Wi-Fi một lúc, sau đó bật lại.'
    see: 'hình sóng ở góc trên.'
    marks: info_checked
end:
  say: '{Bac} thử lại giúp {chau} nhé.'
"""

TALK = """\
- name: mở bài
  talk:
    - say: alo
"""


@pytest.fixture
def guides(tmp_path: Path) -> Path:
    """Nothing is wrong with this folder."""
    folder = tmp_path / "guides"
    files = {
        "commune.yaml": COMMUNE,
        "bai-thu/guide.yaml": GUIDE,
        "bai-thu/talk.yaml": TALK,
        "bai-thu/mo.png": "hình",
        "loi/guide.yaml": CARDS,
        "loi/talk.yaml": TALK,
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def change(guides: Path) -> Callable[[str, str, str], Path]:
    """Replace one passage of one file, which must be there."""

    def replace(file: str, old: str, new: str) -> Path:
        path = guides / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} không có: {old}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return guides

    return replace
