"""The words that whoever comes to the door must say: two everyday things, easy to say and to keep in mind.

Told to the member and to the one who took the call, to nobody else, and new for each who takes it.
"""

from __future__ import annotations

import secrets

WORDS = (
    "hoa mận", "hoa đào", "hoa sen", "hoa cúc", "hoa hồi", "hoa gạo", "cây đa", "cây tre", "cây quế", "cây na",
    "quả hồng", "quả quýt", "quả mơ", "quả bưởi", "quả dưa", "bắp ngô", "củ khoai", "hạt dẻ", "hạt thóc", "lá chè",
    "con trâu", "con gà", "con vịt", "con mèo", "con ong", "con cò", "con ngựa", "chim sẻ", "chim én", "cá chép",
    "ngọn núi", "dòng suối", "cánh đồng", "cầu tre", "mái nhà", "bếp lửa", "ấm trà", "bát cơm", "cái nón", "cái gùi",
    "cái trống", "khăn len", "áo chàm", "đàn tính", "mặt trời", "mặt trăng", "cầu vồng", "mùa xuân",
)  # fmt: skip


def pick() -> str:
    """Two different things, as they are said: "hoa mận, con trâu". One of 2,256."""
    return ", ".join(secrets.SystemRandom().sample(WORDS, 2))
