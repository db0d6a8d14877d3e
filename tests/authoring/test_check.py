"""Every planted fault is found, under its own rule; the good guide has none."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.authoring.check import as_json, as_text, inspect, tally
from bot.core.rules import LEVELS

Change = Callable[[str, str, str], Path]

THREE = "đi chậm rãi từng bước một theo lời chỉ dẫn ở đây cho tới khi xong hẳn nhé ạ"
DO_1 = "'{Bac} mở ứng dụng \"{ten_app}\".'"
SEE_3 = "'trang chính hiện ra.'"
SAY_3 = "'Kéo trang xuống cuối. Nút ở ngay đó.'"
LABELS = "      - label: Đúng tên\n        go: BT-3\n      - label: Sai tên\n        go: help\n"

FAULTS = [
    # rule, what is replaced in bai-thu/guide.yaml, by what
    ("G01", "title: Bài thử", "title: Bài: thử"),
    ("G01", DO_1, "{Bac} mở ứng dụng."),
    ("G01", "order: 10", "\torder: 10"),
    ("G02", "order: 10", "order: 10\norder: 11"),
    ("G03", "order: 10", "oder: 10"),
    ("G03", "    see: 'màn hình đầu.'", "    seen: 'màn hình đầu.'"),
    ("G04", "title: Bài thử\n", ""),
    ("G05", "order: 10", "order: mười"),
    ("G05", DO_1, "{Bac}"),
    ("G05", "marks: installed", "marks: da_cai"),
    ("G06", "id: BT-1", "id: bt1"),
    ("G06", "image: mo.png", "image: ../loi/mo.png"),
    ("G10", DO_1, "'{Bac mở sổ.'"),
    ("G11", DO_1, "'{Bac} mở {ten_ung_dung}.'"),
    ("G12", DO_1, "'{bac} mở sổ.'"),
    ("G12", DO_1, "'Mời {Bac} mở sổ.'"),
    ("G13", DO_1, "'Bác mở sổ.'"),
    ("G14", "Bài thử", unicodedata.normalize("NFD", "Bài thử")),
    ("G15", "màn hình đầu", "màn\u00a0hình đầu"),
    ("G15", "màn hình đầu", "màn\u200b hình đầu"),
    ("G16", DO_1, "''"),
    ("G17", DO_1, "'{Bac} mở **sổ**.'"),
    ("G18", DO_1, "'{Bac} mở SỔ TAY ngay.'"),
    ("G19", DO_1, "'{Bac} bấm 👍 ở dưới.'"),
    ("G20", SEE_3, f"'trang chính hiện ra, {THREE}, {THREE}.'"),
    ("G21", DO_1, "'{Bac} mở sổ. Xem trang đầu. Đọc tên mình.'"),
    ("G22", DO_1, "'{Bac} mở sổ rồi bấm nút \"Vào\".'"),
    ("G23", DO_1, "'{Bac} chụp căn cước gửi vào đây.'"),
    ("G23", DO_1, "'{Bac} gửi mã xác nhận cho {chau}.'"),
    ("G23", DO_1, "'{Bac} đọc mật khẩu cho {chau}.'"),
    ("G23", DO_1, "'{Bac} gõ mật khẩu vào đây.'"),
    ("G24", DO_1, "'{Bac} click vào sổ.'"),
    ("G24", DO_1, "'{Bac} xem OTP trong máy.'"),
    ("G25", DO_1, "'Bạn mở sổ.'"),
    ("G26", DO_1, "'{Bac} đừng quên không mở sổ.'"),
    ("G27", DO_1, "'{Bac} bấm nút màu xanh.'"),
    ("G28", DO_1, "'{Bac} mở trang sotay-dangvien.com.'"),
    ("G29", DO_1, "'{Bac} mở https://bit.ly/abc.'"),
    ("G30", LABELS, LABELS + "      - label: Mất tên\n      - label: Thiếu tên\n"),
    ("G31", "label: Sai tên", "label: Sai tên hoặc thiếu dấu"),
    ("G31", "title: Bài thử", "title: Bài thử có cái tên rất dài"),
    ("G32", "label: Sai tên", "label: Dung ten"),
    ("G33", "label: Sai tên", "label: Đúng một nửa"),
    ("G34", "label: Sai tên", "label: Tên sai"),
    ("G35", "label: Sai tên", "label: Quay lại"),
    ("G36", "label: Sai tên", "label: 2 sai tên"),
    ("G40", "id: BT-2", "id: BT-1"),
    ("G41", "id: BT-2", "id: LOI-MANG"),
    ("G42", "id: BT-2", "id: BT-4"),
    ("G42", "id: BT-2", "id: BH-2"),
    ("G43", "go: BT-3", "go: BT-9"),
    ("G43", "go: menu", "go: khong-co"),
    ("G44", "go: BT-3", "go: end"),
    ("G45", LABELS, "      - label: Xem lại\n        go: BT-2\n"),
    ("G46", LABELS, "      - label: Xem lại\n        go: BT-1\n"),
    ("G48", "card: LOI-MANG", "card: LOI-SONG"),
    ("G49", "      - card: LOI-MANG\n", ""),
    ("G50", SAY_3, "'Chạm nút \"Xong\" ở góc trên nhé.'"),
    ("G50", SAY_3, "'Gọi số {so_ho_tro} có người giúp.'"),
    ("G51", "- card: LOI-MANG", "- image: mo.png"),
    ("G52", "card: LOI-MANG", "say: 'Tắt máy đi một lúc.'"),
    ("G63", "marks: logged_in", "certainty: unconfirmed"),
    ("G64", SEE_3, f"'trang chính. {THREE}. {THREE}.'"),
    ("G65", "    marks: logged_in\n", ""),
    ("G66", "marks: logged_in", "reason: KHONG_THICH"),
    ("G67", "facts: [A1, '8.1']", "facts: [nghe nói]"),
    ("G68", "order: 10", "order: 10\nwhen: {thoi_tiet: mua}"),
    ("G69", "order: 10", "order: 10\nwhen: {login_method: zalo}"),
    ("G70", "image: mo.png", "image: mo-2.png"),
    ("G70", "    marks: logged_in\n", "    marks: logged_in\n    voice: nghe.mp3\n"),
    ("G72", "    image_alt: 'Hình cuốn sổ.'\n", ""),
    ("G74", "tried_with_elders: '2026-11-20'\n", ""),
    ("G75", "'2026-11-20'", "hôm qua"),
    ("G76", "order: 10", "order: 10\naudience: [hàng xóm]"),
]  # fmt: skip

ELSEWHERE = [
    ("G04", "commune.yaml", "province: 'tỉnh Thử'\n", ""),
    ("G60", "commune.yaml", "ten_app: 'Sổ tay'", "ten_app: null"),
    ("G61", "commune.yaml", "so_ho_tro: '0205 123 456'", "so_ho_tro: ~"),
    ("G62", "commune.yaml", "ten_app: 'Sổ tay'", "ten_app:"),
    ("G62", "commune.yaml", "login_method: vneid", "login_method: null"),
    ("G77", "commune.yaml", "login_method: vneid", "login_method: vneid\naddress_by_default: cau"),
    ("G78", "commune.yaml", "words:", "reminders: {quiet_noon: [11g30, '13:30']}\nwords:"),
    ("G03", "commune.yaml", "words:", "help: {helpers: {minutes: 5}}\nwords:"),
    ("G05", "commune.yaml", "words:", "help: {helper: {hours: [[7g, '20:00']]}}\nwords:"),
    ("G05", "commune.yaml", "words:", "help: {office: {weekends: đôi khi}}\nwords:"),
    ("G05", "commune.yaml", "words:", "help: {days_off: [mai]}\nwords:"),
    ("G79", "commune.yaml", "words:", "words:\n  ten_thua: 'thừa'"),
    (
        "G37",
        "loi/guide.yaml",
        "title: Gỡ lỗi\nkind: cards\norder: 0",
        "title: Bai thu\nkind: lesson\norder: 5",
    ),
]


def rules_of(folder: Path) -> set[str]:
    return {finding.rule.split("-")[0] for finding in inspect(folder)[1]}


def test_the_good_guides_have_no_fault(guides: Path) -> None:
    assert as_text(inspect(guides)[1], "") == ""


@pytest.mark.parametrize(("rule", "old", "new"), FAULTS)
def test_a_fault_in_a_guide_is_found(change: Change, rule: str, old: str, new: str) -> None:
    assert rule in rules_of(change("bai-thu/guide.yaml", old, new))


@pytest.mark.parametrize(("rule", "file", "old", "new"), ELSEWHERE)
def test_a_fault_elsewhere_is_found(change: Change, rule: str, file: str, old: str, new: str) -> None:
    assert rule in rules_of(change(file, old, new))


def test_two_guides_that_stand_for_the_same_thing_are_found(guides: Path, change: Change) -> None:
    change("bai-thu/guide.yaml", "order: 10", "order: 10\nstands_for: vao")
    change("loi/guide.yaml", "order: 0", "order: 0\nstands_for: vao")
    assert "G47" in rules_of(guides)
    change("bai-thu/guide.yaml", "order: 10", "order: 10\nwhen: {login_method: vneid}")
    assert "G47" not in rules_of(guides)
    change("loi/guide.yaml", "order: 0", "order: 0\nwhen: {province: tỉnh Thử}")
    assert "G47" in rules_of(guides)


def test_a_big_picture_and_a_missing_talk_are_found(guides: Path) -> None:
    (guides / "bai-thu/mo.png").write_bytes(b"x" * 1_100_000)
    (guides / "bai-thu/talk.yaml").unlink()
    assert rules_of(guides) == {"G71", "G73"}


def test_every_rule_has_a_planted_fault() -> None:
    planted = {rule for rule, *_ in (*FAULTS, *ELSEWHERE)} | {"G47", "G71", "G73"}
    assert {rule.split("-")[0] for rule in LEVELS if rule.startswith("G")} == planted
    assert len(planted) >= 30


FINE = [
    "'Không đọc mật khẩu, mã xác nhận cho ai.'",
    "'{Bac} đừng gửi ảnh căn cước.'",
    "'Máy gửi mã xác nhận về tin nhắn.'",
    "'{Bac} bấm gửi lại mã xác nhận.'",
    "'{Bac} gõ mật khẩu vào ô thứ hai.'",
    "'{Bac} có thấy chữ gì không?'",
    "'Không có thì {bac} không phải làm gì.'",
    "'{Bac} mở \"App Store\", ô màu xanh có chữ A.'",
    "'Nhờ con cháu mở giúp, bạn bè cũng được.'",
    "'{Bac} xem trang sotaydangvien.dcs.vn.'",
    "'Nút \"CÀI ĐẶT NGAY\" ở cuối trang.'",
    "'Máy Samsung, Oppo... {bac} đều làm thế.'",
]


@pytest.mark.parametrize("words", FINE)
def test_what_is_fine_is_left_alone(change: Change, words: str) -> None:
    found = inspect(change("bai-thu/guide.yaml", DO_1, words))[1]
    assert not [finding for finding in found if finding.level == "error"]


def test_a_finding_names_its_line_and_what_to_write(change: Change) -> None:
    folder = change("bai-thu/guide.yaml", "order: 10", "oder: 10")
    found = inspect(folder)[1]
    line = "guides/bai-thu/guide.yaml:2: [G03-muc-la] không có mục tên là “oder” (oder) → có phải là “order”?"
    assert as_text(found, tally(found)).splitlines()[1] == line
    assert json.loads(as_json(found, states=3))["states"] == 3


def test_a_word_left_open_tells_how_many_steps_wait(change: Change) -> None:
    folder = change("commune.yaml", "ten_app: 'Sổ tay'", "ten_app: null")
    said = [finding.message for finding in inspect(folder)[1] if finding.rule.startswith("G62")]
    assert said == ["ten_app chưa điền; 1 chỗ đang chờ"]


def test_findings_come_in_reading_order_and_once(change: Change) -> None:
    change("bai-thu/guide.yaml", "title: Bài thử", "title: Bài: thử")
    found = inspect(change("commune.yaml", "name: 'xã Thử'", "nam: 'xã Thử'"))[1]
    assert found == sorted(set(found))
