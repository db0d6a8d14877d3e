"""Names for people who do not exist, in the manner of Lạng Sơn; drawn with a fixed seed, so always the same."""

from __future__ import annotations

from random import Random

FAMILY = ("Hoàng", "Nông", "Vi", "Lương", "Dương", "Hứa", "Lý", "Triệu", "Lành", "Bế", "Đàm", "Lộc", "Chu", "Phùng",
          "Nguyễn", "Trần", "Lê", "Phạm", "Mã", "Lăng")  # fmt: skip
MEN = ("Tư", "Khánh", "Bình", "Hùng", "Sơn", "Thắng", "Dũng", "Lâm", "Quý", "Tuấn", "Cường", "Hải", "Thành", "Minh",
       "Phú", "Đức", "Toàn", "Vinh", "Kiên", "Páo")  # fmt: skip
WOMEN = ("Hiền", "Lan", "Hoa", "Mai", "Thảo", "Nhung", "Hằng", "Loan", "Yến", "Hạnh", "Liên", "Bích", "Thu", "Xuân",
         "Ngọc", "Duyên", "Slao", "Mẩy", "Pòn", "Vân")  # fmt: skip
MIDDLE_MEN = ("Văn", "Đình", "Quốc", "Hữu", "Trọng")
MIDDLE_WOMEN = ("Thị", "Thị", "Thị", "Thu", "Ngọc")

THON = ("Nà Pán", "Nà Riềng", "Lân Páng", "Đông Đằng", "Bắc Yếng", "Nà Hó", "Pác Lũng", "Yên Lãng", "Hồng Phong",
        "Bó Tát", "Nam Hương", "Trí Yên", "Mỏ Hao", "Lân Kẽm", "Nà Nhì", "Khuôn Pinh", "Tân Sơn", "Làng Giáo",
        "Cốc Lùng", "Thâm Si")  # fmt: skip
KHOI_PHO = ("Hoàng Văn Thụ", "Lê Hồng Phong", "Trần Hưng Đạo", "Minh Khai", "Vĩnh Thuận", "Tiến Hợp")
OFFICES = ("Trạm Y tế xã", "Trường THCS xã", "Trường Tiểu học số 1", "Công an xã")


def person(draw: Random) -> str:
    """A full name."""
    if draw.random() < 0.55:
        return f"{draw.choice(FAMILY)} {draw.choice(MIDDLE_MEN)} {draw.choice(MEN)}"
    return f"{draw.choice(FAMILY)} {draw.choice(MIDDLE_WOMEN)} {draw.choice(WOMEN)}"
