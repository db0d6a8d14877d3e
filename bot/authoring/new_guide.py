"""`camtay new-guide SLUG`: the beginning of a guide that already passes every check, commented throughout."""

from __future__ import annotations

import re
from pathlib import Path

from bot.content import survey
from bot.core.errors import CamtayError
from bot.core.guide import Library

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MAX_SLUG = 20


class CannotBegin(CamtayError):
    """Chưa tạo được bài mới."""


GUIDE = """\
# Bài mới. Sửa chữ trong dấu nháy, giữ nguyên tên mục ở đầu dòng và khoảng thụt.
# Viết {Bac}, {bac} thay cho cách gọi người học, {Chau}, {chau} thay cho bot: mỗi người chọn một cách gọi.
# Câu có dấu hai chấm hoặc dấu ngoặc nhọn thì để cả câu trong dấu nháy đơn.
title: 'Bài mới'
# label: 'Tên trên nút'   # cần khi title dài hơn 20 ký tự
order: 0                  # 0 là chưa hiện trong danh sách bài; viết xong thì đổi thành số thứ tự, ví dụ 90
minutes: 5                # làm cả bài mất khoảng mấy phút
steps:
  # Mỗi bước một việc: "do" là việc phải làm, "see" là điều sẽ thấy trên màn hình.
  # Mã bước (id) không dùng lại cho bước khác, kể cả khi bước cũ đã bỏ.
  - id: PREFIX-1
    do: '{Bac} mở điện thoại.'
    see: 'màn hình chính.'
    # Khi "Chưa được": ít nhất hai cách khác nhau. Hết cách thì bot tự mời người đến giúp.
    stuck:
      - say: 'Nhấn giữ phím nguồn ở cạnh máy một lúc.'
      - say: 'Cắm sạc nửa giờ, sau đó thử lại.'
    minutes: 1
    # image: anh.png               # hình để cạnh tệp này, dưới 1 MB
    # image_alt: 'Hình vẽ gì.'     # luôn đi cùng image
    # marks: installed             # mốc được ghi khi xong bước: installed, logged_in hoặc info_checked

  # Muốn hỏi để rẽ hướng thì dùng choices, nhiều nhất ba nút.
  # go: next, end, menu, help, một mã bước của bài này, hoặc tên thư mục của một bài khác.
  - id: PREFIX-2
    do: '{Bac} còn muốn xem gì nữa không?'
    choices:
      - label: 'Xem lại từ đầu'
        go: PREFIX-1
      - label: 'Xong rồi'
        go: end
end:
  say: '{Bac} làm xong bài này rồi ạ.'
# tried_with_elders: '2026-12-31'   # ngày đã thử với 8 người trên 65 tuổi
"""

TALK = """\
# Đoạn nói chuyện mẫu, cũng là bài kiểm tra: chạy trên bot thật mỗi khi kiểm tra chương trình.
# Mỗi dòng: người học làm gì (tap: bấm nút; say: gõ chữ),
# rồi bot phải nói có chữ gì (expect), không có chữ gì (not).
- name: 'đi hết bài'
  start: guide:start:SLUG
  talk:
    - expect: ['mở điện thoại']
    - tap: 'Làm được rồi'
      expect: ['còn muốn xem gì']
    - say: 'xong roi'
      expect: ['làm xong bài này']

- name: 'chưa được thì có cách khác'
  start: guide:start:SLUG
  talk:
    - tap: 'Chưa được'
      expect: ['phím nguồn']
    - tap: 'Quay lại'
      expect: ['mở điện thoại']
"""


def begin(folder: Path, slug: str) -> Path:
    """Write the two files; returns the new folder.

    Raises:
        CannotBegin: the name cannot be used, with what to do instead, in Vietnamese.
    """
    if not SLUG.fullmatch(slug) or len(slug) > MAX_SLUG:
        raise CannotBegin(
            f"Tên “{slug}” chưa dùng được. Chỉ dùng chữ thường không dấu, số và gạch nối, nhiều nhất "
            f"{MAX_SLUG} ký tự, ví dụ: doc-tin-tuc"
        )
    home = folder / slug
    if home.exists():
        raise CannotBegin(f"Đã có thư mục {home}. Hãy mở {home / 'guide.yaml'} để sửa, hoặc chọn tên khác.")
    prefix = _prefix(slug, survey(folder).library)
    home.mkdir(parents=True)
    (home / "guide.yaml").write_text(GUIDE.replace("PREFIX", prefix), encoding="utf-8")
    (home / "talk.yaml").write_text(TALK.replace("SLUG", slug), encoding="utf-8")
    return home


def _prefix(slug: str, library: Library) -> str:
    """Letters for the ids of its steps that no other guide uses: `doc-tin-tuc` → DTT."""
    taken = {step.id.split("-")[0] for guide in library.guides.values() for step in guide.steps}
    letters = re.sub(r"[^A-Z]", "", slug.upper())
    initials = "".join(part[0] for part in slug.upper().split("-") if part[0].isalpha())
    wished = [initials, letters[:3], letters[:4], letters[:6], letters[:8]]
    wished += [letters[:6] + last for last in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    free = (name for name in wished if 2 <= len(name) <= 8 and name not in taken)
    found = next(free, None)
    if found is None:
        raise CannotBegin(f"Không đặt được mã bước từ tên “{slug}”. Hãy chọn tên có nhiều chữ cái hơn.")
    return found
