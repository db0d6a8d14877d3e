"""How it stands with a person, read from the words said about them: a code of the report, or nothing certain."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Said:
    """`says`: the words tell something. `status` is None where that something is no result, as in "xong"."""

    says: bool
    status: str | None = None


NOTHING: Final = Said(False)

# Groups of the tables below: "$no" and the like. "_" is a space between words.
_GROUPS: Final[Mapping[str, str]] = {
    "no": "khong|chua|chang|cha|ko|ha?ong|deo|dell?|dau_co|khoi",
    "login": "dang_nhap|dn|log_?in|dang_nhat|kich_hoat",
    "install": "cai(?:_dat)?|tai(?:_ve)?|down(?:load)?|set_?up|lap_dat",
    "check": "kiem_tra|kiem|kt|ra_soat|soat|doi_chieu|xem(?:_lai)?_(?:thong_tin|ho_so)|check|ra_lai",
    "app": "app|so_tay(?:_dang_vien)?(?:_dien_tu)?|ung_dung|phan_mem",
}


def _pattern(table: str) -> re.Pattern[str]:
    spelt = re.sub(r"\$(\w+?)(?=_|\W)", lambda found: f"(?:{_GROUPS[found[1]]})", table)
    return re.compile(re.sub(r"\s+", "", spelt).replace("_", " "))


# In the order of asking: the first that fits is meant. What keeps somebody from it goes before what was reached.
_RULES: Final[Mapping[str, str]] = {
    "MIEN_SINH_HOAT": r"""
        \bmien\b(?!_phi) | \bnghi_sinh_hoat\b | \b(?:khong|thoi)_phai_(?:sinh_hoat|di_hop)_nua\b
    """,
    "TU_CHOI": r"""
        \btu_choi\b
        | \b$no_(?:chiu|muon|thich|dong_y|dong_tinh|hop_tac|cho_(?:cai|lam|minh|em|vao|dung)|nhat_tri|tin|them|
        nghe|bang_long|ung)\b
        | \bphan_doi\b | \bhen_(?:lai|khi|hom|dip|lan|sang|mai|bua|tuan|thu|den|luc|buoi|chieu)\b
        | \b(?:xin|doi|hen)_(?:khi_khac|hom_khac|lan_sau|hom_sau|de_sau)\b | \bgat_di\b | \bxua_tay\b
        | \blac_dau\b | \bduoi_(?:ve|ra|khong)\b | \bde_(?:hom|khi|luc|dip|lan)_(?:khac|sau)\b
        | \bso_(?:lua|bi_lua|mat|lo)\b
    """,
    "VANG": r"""
        \bvang\b
        | \bdi_(?:lam_an|lam_xa|lam_thue|lam_cong|xa|vang|nuoc_ngoai|ha_noi|mien_nam|sai_gon|cong_tac|cong_nhan|
        phu_ho|bac_giang|bac_ninh|binh_duong|dong_nai|tinh|lao_dong|xuat_khau|thai_nguyen|choi|tham|an_co|dam|
        chua_ve|hoc|nam|lang_son|tp|hcm|thanh_pho|vien|theo_con|trong_con|o_voi_con|cho|rung|ray|nuong|dong|
        ruong)\b
        | \b$no_(?:co_|o_|thay_|gap_)?(?:o_nha|nha|mat|ai_o_nha|duoc_nguoi|gap_duoc|gap|ai_mo_cua)\b(?!_may)
        | \b(?:dang_|dinh_cu_|song_)o_(?:ha_noi|mien_nam|sai_gon|trong_nam|binh_duong|dong_nai|bac_giang|bac_ninh|
        xa|nuoc_ngoai|tinh_khac|tp|hcm|thanh_pho|noi_khac|ngoai_tinh|voi_con|nha_con|thai_nguyen|hai_phong|
        quang_ninh|dai_loan|han|nhat)\b
        | \b(?:o|len|xuong|vao|sang|ra)_(?:ha_noi|mien_nam|sai_gon|binh_duong|dong_nai|bac_giang|bac_ninh|
        thai_nguyen|hai_phong|quang_ninh|nam|tp|dai_loan|han_quoc|nhat_ban|trung_quoc|nha_con)\b
        | \blam_an_xa\b | \bkhoa_cua\b | \b(?:nha|cua)_(?:dong|khoa) | \bvang_nha\b | \bngoai_tinh\b | \bxa_nha\b
        | \b$no_co_o\b | \bdi_(?:mat|roi)$ | \bchua_ve\b
    """,
    "KHONG_SMARTPHONE": r"""
        \b$no_(?:he_)?(?:co_|dung_|mua_|sam_)+(?:duoc_)?(?:may|dien_thoai|smartphone|smp|dt|cai_nao|may_moc|
        thiet_bi)\b(?!_con)
        | \bcuc_gach\b
        | \b(?:may|dien_thoai)_(?:chi_)?(?:nghe_goi|den_trang|phim|nut|ban_phim|bam_phim|thuong|co_dien|bam|
        cuc_gach|cu_ky)\b
        | \bchi_(?:co_|dung_|xai_)+(?:may|dien_thoai|loai|con|cai|moi)*_?(?:nghe|goi|phim|den|nokia|thuong|ban)
        | \b(?:may|dien_thoai)_(?:chi_)?(?:de_|biet_)?(?:nghe|goi)\b
        | \bdung_(?:may_)?(?:nokia|masstel|den_trang|phim)\b | \bnokia\b
        | \b$no_(?:co_|dung_)?(?:smartphone|smart_phone|dien_thoai_thong_minh|may_thong_minh|cam_ung)\b
        | \bmay_ban\b | \b$no_(?:may|dien_thoai)\b
    """,
    "MAY_KHONG_PHU_HOP": r"""
        \b(?:may|dien_thoai|android|phien_ban|doi_may|he_dieu_hanh|dt|ios|iphone)(?:_\w+){0,4}?_(?:cu|doi_cu|
        qua_cu|qua_doi|thap|doi_thap|loi_thoi|lac_hau|yeu|day|full|het|hong|vo|treo|cham|lau_doi|nat|do|cui|coi)\b
        | \b(?:day|het|full|thieu|can|khong_du)_(?:bo_nho|dung_luong|cho|may|luu_tru|o_nho)\b
        | \bbo_nho_(?:day|het|full|khong) | \bdung_luong\b | \bkhong_(?:con_)?(?:cho|bo_nho)\b
        | \b$no_(?:tuong_thich|phu_hop|ho_tro|du_bo_nho|du_dung_luong|du_cho)\b | \bdoi_cu\b
        | \bmay_(?:cu|hong|vo|day|yeu|full)\b | \bhong_may\b | \bvo_man\b
    """,
    "LOI_TAI_KHOAN": r"""
        \b$no_(?:he_)?(?:co_|thay_|tim_thay_|tim_ra_|duoc_cap_|nhan_|tim_duoc_)(?:ten|tai_khoan|du_lieu|dang_vien|
        ho_so|tk|trong|thong_tin)\b
        | \b(?:loi|sai|khoa|quen|mat|nham|lech)_(?:ca_)?(?:tai_khoan|mat_khau|du_lieu|tk|dinh_danh|pass|vneid|
        ma_pin)\b
        | \b(?:tai_khoan|tk|mat_khau|du_lieu)(?:_\w+){0,3}?_(?:loi|sai|khoa|chua|khong|bi|quen|treo|lech)\b
        | \bvneid\b | \bquen_(?:mk|mat_ma|ma)\b
        | \b(?:ma_(?:otp|xac_nhan|so|pin|6_so)|otp)(?:_\w+){0,3}?_(?:khong|chua|chang|mai)\b
        | \b$no_(?:nhan_duoc_|co_|ve_|thay_|gui_)+(?:ma|otp)\b | \botp\b
        | \b$no_(?:khop|ton_tai|dung_mat_khau|dung_mk|hop_le)\b | \btai_khoan\b(?!_(?:roi|ok|duoc|xong))
        | \bsai_so_dien_thoai\b | \bchua_(?:duoc_)?dong_bo\b | \bdinh_danh\b
    """,
    "LOI_MANG": r"""
        \b(?:song|mang|wifi|4g|3g|5g)(?:_\w+){0,3}?_(?:yeu|kem|cham|chap_chon|mat|loi|lag|lac|phap_phu|khong|rot|
        chan|te|it|do|hong|cut|dut|bi)\b
        | \b$no_(?:co_|he_co_|bat_duoc_|vao_duoc_|du_)*(?:song|mang|wifi|4g|internet|net)\b
        | \b(?:mat|het|loi|yeu|kem|rot|dut)_(?:song|mang|wifi|4g|net|data|internet)\b | \bkhong_vao_duoc_mang\b
        | \bmang\b(?=_(?:lang|xa|o_do)) | \bload_mai\b | \bquay_(?:mai|tit|vong|deu)\b
    """,
    "CAO_TUOI_SUC_YEU": r"""
        \b(?:om|benh|liet|lan|tai_bien|dot_quy|suc_yeu|suc_khoe|gia_yeu|yeu_qua|yeu_lam|mu|loa|mo_mat|mat_(?:kem|
        mo|yeu|loa)|diec|nang_tai|run|cao_tuoi|nam_(?:vien|mot_cho|lien|lit|giuong|bep)|nhap_vien|benh_vien|vien|
        mo|gia_(?:qua|roi|ca|lam|yeu)|tuoi_cao|nhieu_tuoi|khong_minh_man|lu|quen_truoc|dau_(?:yeu|nang|chan|lung|
        om|khop|dau)|khong_con_minh|suy|met|yeu(?!_cau)|nang_lam|mat_sang_suot|khong_nhin|chua_khoe|ca_tuoi|
        gan_tram_tuoi)\b
    """,
    "CO_SAI_SOT": r"""
        \bsai\b | \bloi_(?:ngay|ten|ho|so|the|chi_bo|thong_tin|chinh_ta)\b
        | \b(?:lech|nham|thieu|khac|ghi_thieu|in_nham|$no_(?:dung|khop|chuan|chinh_xac))\b
    """,
    "DA_KIEM_TRA": r"""
        \b$check\b | \bthong_tin_(?:\w+_){0,3}?(?:dung|chuan|khop|chinh_xac|du|ok)\b
        | \b(?:dung|chuan|khop)_(?:het|ca|du|toan_bo)\b
    """,
    "DA_DANG_NHAP": r"""
        \b$login\b | \b(?:vao|len|mo)(?:_\w+){0,3}?_(?:duoc|ok|ngon|roi|xong|thanh_cong|tot)\b
        | \b(?:vao|dung|xai)_duoc\b | \bda_(?:vao|dung|su_dung)\b | \bduoc_vao\b
        | \bvao_(?:trong|han|toi|den|$app)\b | \bsu_dung_(?:duoc|tot|thanh_thao|ok)\b
    """,
    "DA_CAI": r"""
        \b$install\b | \bco_$app\b | \bda_co_(?:app|so_tay)\b
    """,
}
_COMPILED: Final = {code: _pattern(table) for code, table in _RULES.items()}
_REACHED: Final = ("DA_KIEM_TRA", "DA_DANG_NHAP", "DA_CAI")
_DONE = re.compile(r"\b(?:xong|ok|duoc|roi|hoan thanh|hoan tat|da lam|lam duoc|on|thanh cong)\b")
_NOT_YET = _pattern(r"\b$no\b")
_CLAUSES = re.compile(r" ?, ?| (?:nhung|ma|song|con|chi|the nhung|rieng) ")
_UNDONE: Final = {
    code: _pattern(table)
    for code, table in {
        "DA_KIEM_TRA": r"""
        \b$no_(?:\w+_)?$check\b
        | $check_(?:thong_tin_|ho_so_)?(?:thi_)?$no\b(?!_(?:co_|thay_|phat_hien_|bi_)?(?:sai|loi|van_de|gi))
        """,
        "DA_DANG_NHAP": r"""
        \b$no_(?:\w+_)?(?:$login|vao|len|mo|dung|su_dung)\b
        | \b(?:$login|vao|mo|dung)(?:_\w+){0,3}?_$no\b
        | \b$login_(?:loi|hong|mai)\b
        """,
        "DA_CAI": r"""
        \b$no_(?:\w+_)?$install\b
        | \b$install(?:_\w+){0,3}?_$no\b
        | \b$install_(?:loi|hong|mai)\b
        """,
    }.items()
}
_ALL_RIGHT = _pattern(r"\b$no_(?:\w+_)?(?:co_|thay_|phat_hien_|bi_)?(?:gi_)?(?:sai|loi|lech|nham|thieu)\b")


def read_status(plain: str) -> Said:
    """What plain words about somebody say. A later stage counts more than an earlier one."""
    if not plain:
        return NOTHING
    told = _ALL_RIGHT.sub("dung het", plain.replace("kiem cha", "kiem tra"))
    for code, pattern in _COMPILED.items():
        if pattern.search(told) and not (code in _REACHED and not _is_reached(code, pattern, told)):
            return Said(True, code)
    return Said(_DONE.search(told) is not None or _NOT_YET.search(told) is not None)


def _is_reached(code: str, pattern: re.Pattern[str], told: str) -> bool:
    """Whether some clause says that it was reached and takes nothing back."""
    clauses = _CLAUSES.split(told)
    return any(pattern.search(clause) and not _UNDONE[code].search(clause) for clause in clauses)
