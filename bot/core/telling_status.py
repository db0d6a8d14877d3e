"""How it stands with a person, read from the words said about them: a code of the report, or nothing certain."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Said:
    """`says`: the words tell something. `status` is None where that something is no result, as in "xong"."""

    says: bool
    status: str | None = None


NOTHING: Final = Said(False)

_NO: Final = r"(?:khong|chua|chang|cha|ko|ha?ong|deo|dell?|dau co|khoi)"
_OK: Final = r"(?:ok|duoc|xong|roi|thanh cong|ngon|tot|on|ngon lanh|thoai mai|binh thuong|dung|vao|lan dau)"
_LOGIN: Final = r"(?:dang nhap|dn|log ?in|dang nhat|kich hoat)"
_INSTALL: Final = r"(?:cai(?: dat)?|tai(?: ve)?|down(?:load)?|set ?up|lap dat)"
_CHECK: Final = r"(?:kiem tra|kiem|kt|ra soat|soat|doi chieu|xem(?: lai)? (?:thong tin|ho so)|check|ra lai)"
_APP: Final = r"(?:app|so tay(?: dang vien)?(?: dien tu)?|ung dung|phan mem)"

# In the order of asking: the first that fits is meant. What keeps somebody from it goes before what was reached.
_RULES: Final[tuple[tuple[str, str], ...]] = (
    (
        "MIEN_SINH_HOAT",
        r"\bmien\b(?! phi)|\bnghi sinh hoat\b|\b(?:khong|thoi) phai (?:sinh hoat|di hop) nua\b",
    ),
    (
        "TU_CHOI",
        rf"\btu choi\b|\b{_NO} (?:chiu|muon|thich|dong y|dong tinh|hop tac|cho (?:cai|lam|minh|em|vao|dung)|nhat tri|tin|them"
        r"|nghe|bang long|ung)\b|\bphan doi\b|\bhen (?:lai|khi|hom|dip|lan|sang|mai|bua|tuan|thu|den|luc|buoi|chieu)\b"
        r"|\b(?:xin|doi|hen) (?:khi khac|hom khac|lan sau|hom sau|de sau)\b|\bgat di\b|\bxua tay\b|\blac dau\b"
        r"|\bduoi (?:ve|ra|khong)\b|\bde (?:hom|khi|luc|dip|lan) (?:khac|sau)\b|\bso (?:lua|bi lua|mat|lo)\b",
    ),
    (
        "VANG",
        rf"\bvang\b|\bdi (?:lam an|lam xa|lam thue|lam cong|xa|vang|nuoc ngoai|ha noi|mien nam|sai gon|cong tac|cong nhan|phu ho"
        rf"|bac giang|bac ninh|binh duong|dong nai|tinh|lao dong|xuat khau|thai nguyen|choi|tham|an co|dam|chua ve|hoc|nam"
        rf"|lang son|tp|hcm|thanh pho|vien|theo con|trong con|o voi con|cho|rung|ray|nuong|dong|ruong)\b"
        rf"|\b{_NO} (?:co |o |thay |gap )?(?:o nha|nha|mat|ai o nha|duoc nguoi|gap duoc|gap|ai mo cua)\b(?! may)"
        rf"|\b(?:dang |dinh cu |song )o (?:ha noi|mien nam|sai gon|trong nam|binh duong|dong nai|bac giang|bac ninh|xa|nuoc ngoai|"
        rf"tinh khac|tp|hcm|thanh pho|noi khac|ngoai tinh|voi con|nha con|thai nguyen|hai phong|quang ninh|dai loan|han|nhat)\b"
        rf"|\b(?:o|len|xuong|vao|sang|ra) (?:ha noi|mien nam|sai gon|binh duong|dong nai|bac giang|bac ninh|thai nguyen|hai phong|"
        rf"quang ninh|nam|tp|dai loan|han quoc|nhat ban|trung quoc|nha con)\b|\blam an xa\b|\bkhoa cua\b|\b(?:nha|cua) (?:dong|khoa)"
        rf"|\bvang nha\b|\bngoai tinh\b|\bxa nha\b|\b{_NO} co o\b|\bdi (?:mat|roi)$|\bchua ve\b",
    ),
    (
        "KHONG_SMARTPHONE",
        rf"\b{_NO} (?:he )?(?:co |dung |mua |sam )+(?:duoc )?(?:may|dien thoai|smartphone|smp|dt|cai nao|may moc|thiet bi)\b"
        rf"(?! con)|\bcuc gach\b|\b(?:may|dien thoai) (?:chi )?(?:nghe goi|den trang|phim|nut|ban phim|bam phim|thuong|co dien"
        rf"|bam|cuc gach|cu ky)\b|\bchi (?:co |dung |xai )+(?:may|dien thoai|loai|con|cai|moi)* ?(?:nghe|goi|phim|den|nokia|thuong|ban)"
        rf"|\b(?:may|dien thoai) (?:chi )?(?:de |biet )?(?:nghe|goi)\b|\bdung (?:may )?(?:nokia|masstel|den trang|phim)\b|\bnokia\b"
        rf"|\b{_NO} (?:co |dung )?(?:smartphone|smart phone|dien thoai thong minh|may thong minh|cam ung)\b|\bmay ban\b"
        rf"|\b{_NO} (?:may|dien thoai)\b",
    ),
    (
        "MAY_KHONG_PHU_HOP",
        rf"\b(?:may|dien thoai|android|phien ban|doi may|he dieu hanh|dt|ios|iphone)(?: \w+){{0,4}}? (?:cu|doi cu|qua cu|qua doi|thap|doi thap"
        rf"|loi thoi|lac hau|yeu|day|full|het|hong|vo|treo|cham|lau doi|nat|do|cui|coi)\b|\b(?:day|het|full|thieu|can|khong du) "
        rf"(?:bo nho|dung luong|cho|may|luu tru|o nho)\b|\bbo nho (?:day|het|full|khong)|\bdung luong\b|\bkhong (?:con )?(?:cho|bo nho)\b"
        rf"|\b{_NO} (?:tuong thich|phu hop|ho tro|du bo nho|du dung luong|du cho)\b|\bdoi cu\b|\bmay (?:cu|hong|vo|day|yeu|full)\b|\bhong may\b|\bvo man\b",
    ),
    (
        "LOI_TAI_KHOAN",
        rf"\b{_NO} (?:he )?(?:co |thay |tim thay |tim ra |duoc cap |nhan |tim duoc )(?:ten|tai khoan|du lieu|dang vien|ho so|tk|trong"
        rf"|thong tin)\b|\b(?:loi|sai|khoa|quen|mat|nham|lech) (?:ca )?(?:tai khoan|mat khau|du lieu|tk|dinh danh|pass|vneid|ma pin)\b"
        rf"|\b(?:tai khoan|tk|mat khau|du lieu)(?: \w+){{0,3}}? (?:loi|sai|khoa|chua|khong|bi|quen|treo|lech)\b|\bvneid\b"
        rf"|\bquen (?:mk|mat ma|ma)\b|\b(?:ma (?:otp|xac nhan|so|pin|6 so)|otp)(?: \w+){{0,3}}? (?:khong|chua|chang|mai)\b|\b{_NO} (?:nhan duoc |co |ve |thay |gui )+(?:ma|otp)\b"
        rf"|\botp\b|\b{_NO} (?:khop|ton tai|dung mat khau|dung mk|hop le)\b|\btai khoan\b(?! (?:roi|ok|duoc|xong))|\bsai so dien thoai\b"
        rf"|\bchua (?:duoc )?dong bo\b|\bdinh danh\b",
    ),
    (
        "LOI_MANG",
        rf"\b(?:song|mang|wifi|4g|3g|5g)(?: \w+){{0,3}}? (?:yeu|kem|cham|chap chon|mat|loi|lag|lac|phap phu|khong|rot|chan|te|it|do|hong|cut|dut|bi)\b"
        rf"|\b{_NO} (?:co |he co |bat duoc |vao duoc |du )*(?:song|mang|wifi|4g|internet|net)\b|\b(?:mat|het|loi|yeu|kem|rot|dut) (?:song|mang|wifi|4g|net"
        rf"|data|internet)\b|\bkhong vao duoc mang\b|\bmang\b(?= (?:lang|xa|o do))|\bload mai\b|\bquay (?:mai|tit|vong|deu)\b",
    ),
    (
        "CAO_TUOI_SUC_YEU",
        r"\b(?:om|benh|liet|lan|tai bien|dot quy|suc yeu|suc khoe|gia yeu|yeu qua|yeu lam|mu|loa|mo mat|mat (?:kem|mo|yeu|loa)|diec|nang tai|run|cao tuoi"
        r"|nam (?:vien|mot cho|lien|lit|giuong|bep)|nhap vien|benh vien|vien|mo|gia (?:qua|roi|ca|lam|yeu)|tuoi cao|nhieu tuoi|khong minh man|lu|quen truoc"
        r"|dau (?:yeu|nang|chan|lung|om|khop|dau)|khong con minh|suy|met|yeu(?! cau)|nang lam|mat sang suot|khong nhin|chua khoe|ca tuoi|gan tram tuoi)\b",
    ),
    (
        "CO_SAI_SOT",
        rf"\bsai\b|\bloi (?:ngay|ten|ho|so|the|chi bo|thong tin|chinh ta)\b|\b(?:lech|nham|thieu|khac|ghi thieu|in nham|{_NO} (?:dung|khop|chuan|chinh xac))\b",
    ),
    (
        "DA_KIEM_TRA",
        rf"\b{_CHECK}\b|\bthong tin (?:\w+ ){{0,3}}?(?:dung|chuan|khop|chinh xac|du|ok)\b|\b(?:dung|chuan|khop) (?:het|ca|du|toan bo)\b",
    ),
    (
        "DA_DANG_NHAP",
        rf"\b{_LOGIN}\b|\b(?:vao|len|mo)(?: \w+){{0,3}}? (?:duoc|ok|ngon|roi|xong|thanh cong|tot)\b|\b(?:vao|dung|xai) duoc\b|\bda (?:vao|dung|su dung)\b"
        rf"|\bduoc vao\b|\bvao (?:trong|han|toi|den|{_APP})\b|\bsu dung (?:duoc|tot|thanh thao|ok)\b",
    ),
    ("DA_CAI", rf"\b{_INSTALL}\b|\bco {_APP}\b|\bda co (?:app|so tay)\b"),
)
_COMPILED: Final = tuple((code, re.compile(pattern)) for code, pattern in _RULES)
_REACHED: Final = ("DA_KIEM_TRA", "DA_DANG_NHAP", "DA_CAI")
_DONE = re.compile(r"\b(?:xong|ok|duoc|roi|hoan thanh|hoan tat|da lam|lam duoc|on|thanh cong)\b")
_NOT_YET = re.compile(rf"\b{_NO}\b")
_CLAUSES = re.compile(r" ?, ?| (?:nhung|ma|song|con|chi|the nhung|rieng) ")
_UNDONE: Final = {
    "DA_KIEM_TRA": re.compile(
        rf"\b{_NO} (?:\w+ )?{_CHECK}\b|{_CHECK} (?:thong tin |ho so )?(?:thi )?{_NO}\b(?! (?:co |thay |phat hien |bi )?(?:sai|loi|van de|gi))"
    ),
    "DA_DANG_NHAP": re.compile(
        rf"\b{_NO} (?:\w+ )?(?:{_LOGIN}|vao|len|mo|dung|su dung)\b|\b(?:{_LOGIN}|vao|mo|dung)(?: \w+){{0,3}}? {_NO}\b|\b{_LOGIN} (?:loi|hong|mai)\b"
    ),
    "DA_CAI": re.compile(
        rf"\b{_NO} (?:\w+ )?{_INSTALL}\b|\b{_INSTALL}(?: \w+){{0,3}}? {_NO}\b|\b{_INSTALL} (?:loi|hong|mai)\b"
    ),
}
_ALL_RIGHT = re.compile(rf"\b{_NO} (?:\w+ )?(?:co |thay |phat hien |bi )?(?:gi )?(?:sai|loi|lech|nham|thieu)\b")


def read_status(plain: str) -> Said:
    """What plain words about somebody say. A later stage counts more than an earlier one."""
    if not plain:
        return NOTHING
    told = _ALL_RIGHT.sub("dung het", plain.replace("kiem cha", "kiem tra"))
    for code, pattern in _COMPILED:
        if pattern.search(told) and not (code in _REACHED and not _is_reached(code, pattern, told)):
            return Said(True, code)
    return Said(_DONE.search(told) is not None or _NOT_YET.search(told) is not None)


def _is_reached(code: str, pattern: re.Pattern[str], told: str) -> bool:
    """Whether some clause says that it was reached and takes nothing back."""
    clauses = _CLAUSES.split(told)
    return any(pattern.search(clause) and not _UNDONE[code].search(clause) for clause in clauses)
