"""`camtay roster`, as typed by the office: messy workbooks in, twice; questions; the list out again."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from bot.__main__ import main
from tests.roster.book_kit import HEADER, SECRETS, packed


def camtay(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(main, words, input=typed)


def imported(file: Path | str, *words: str, typed: str = "") -> str:
    result = camtay("roster", "import", str(file), *words, typed=typed)
    assert result.exit_code == 0, result.output
    return result.output


def rows(commune: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(commune / "camtay.db")) as conn:
        return conn.execute(query).fetchall()


def roster(commune: Path) -> set[tuple[Any, ...]]:
    found = rows(commune, "SELECT p.name, u.name FROM person p JOIN unit u ON u.id = unit_id WHERE left_at IS NULL")
    return {(name, unit.lower()) for name, unit in found}


def a_book(folder: Path, *people: Sequence[Any], header: Sequence[str] = HEADER) -> Path:
    path = folder / "ds.xlsx"
    path.write_bytes(packed(*people, header=header))
    return path


def test_a_messy_workbook_goes_in_and_out_and_in_without_a_change(commune: Path, book: Callable[[str], bytes]) -> None:
    (commune / "ds.xlsx").write_bytes(book("sections"))
    tried = imported("ds.xlsx", "--dry-run")
    assert "1.600 người: 1.600 mới, 0 đổi, 0 không đổi." in tried
    assert "chưa ghi gì" in tried
    assert rows(commune, "SELECT count(*) FROM person") == [(0,)]
    assert "Đã nhập xong" in imported("ds.xlsx", "--yes")
    assert "Đã ghi 1.600 người" in camtay("roster", "export").output
    (file,) = commune.glob("danh-sach-dang-vien-20??-??-??.xlsx")
    before = (commune / "camtay.db").read_bytes()
    assert "không có gì phải ghi" in imported(file, "--yes")
    assert (commune / "camtay.db").read_bytes() == before
    assert not [secret for secret in SECRETS if secret.encode() in before or secret in tried]


def test_codes_survive_the_way_out_and_into_an_empty_database(commune: Path) -> None:
    imported(a_book(commune, ("Vi Văn A", "Nà Pán", "Nà Pán"), ("Vi Văn B", "Nà Pán", "Nà Pán")), "--yes")
    camtay("roster", "export", "out.xlsx")
    (commune / "camtay.db").unlink()
    imported("out.xlsx", "--yes")
    imported(a_book(commune, ("Vi Văn A", "Nà Pán", "Nà Pán"), ("Vi Văn C", "Nà Pán", "Nà Pán")), "--yes")
    assert rows(commune, "SELECT code, name FROM person ORDER BY code") == [
        ("NP01", "Vi Văn A"),
        ("NP02", "Vi Văn B"),
        ("NP03", "Vi Văn C"),
    ]


def test_the_office_takes_the_list_home(commune: Path) -> None:
    file = a_book(commune, ("Vi Văn A", "Nà Pán", "Nà Pán", "912345678"), header=[*HEADER, "SĐT"])
    imported(file, "--yes", "--with-phones")
    camtay("add-person", "=HYPERLINK(1)", "--unit", "NAPAN")
    assert camtay("roster", "export", "out.xlsx", "--with-phones").exit_code == 0
    sheet = load_workbook(commune / "out.xlsx").worksheets[0]
    head, first, second = list(sheet.iter_rows(min_row=2, values_only=True))
    assert head == ("STT", "Mã", "Họ và tên", "Đơn vị", "Chi bộ", "Loại đảng viên", "Miễn sinh hoạt", "Số điện thoại")
    assert (first[1], first[2], first[7]) == ("NP01", "Vi Văn A", "0912345678")
    assert (second[1], second[2]) == ("NP02", "=HYPERLINK(1)")
    assert sheet["C4"].data_type == "s"
    assert sheet.freeze_panes == "D3"
    assert (commune / "out.xlsx").stat().st_mode & 0o077 == 0
    assert rows(commune, "SELECT actor_person_id, action, subject FROM audit ORDER BY id DESC LIMIT 1") == [
        (None, "roster.export", "cli people:2")
    ]
    assert camtay("roster", "export", "out.xlsx", typed="n\n").exit_code == 1
    assert camtay("roster", "export", "out.xlsx", "--force").exit_code == 0
    assert "Không ghi được tệp" in camtay("roster", "export", "khong/co/out.xlsx").output


def test_phones_are_left_out_unless_wanted(commune: Path) -> None:
    file = a_book(commune, ("Vi Văn A", "Nà Pán", "Nà Pán", "912345678"), header=[*HEADER, "SĐT"])
    assert "số điện thoại" in imported(file, "--yes")
    assert rows(commune, "SELECT phone FROM person") == [(None,)]


def test_a_changed_workbook_shows_the_difference_and_asks(commune: Path) -> None:
    imported(a_book(commune, ("Vi Văn A", "Nà Pán", "Nà Pán"), ("Vi Văn B", "Nà Pán", "Nà Pán"),
                    ("Lý Văn C", "Nà Hó", "Nà Hó")), "--yes")  # fmt: skip
    changed = a_book(
        commune, ("Vi Văn A", "Nà Hó", "Nà Pán"), ("Lý Văn C", "Nà Hó", "Nà Hó"), ("Lý Văn D", "Nà Pán", "Nà Pán")
    )
    told = imported(changed, typed="1\nn\n")
    assert "có phải chuyển đơn vị không" in told
    assert "Vi Văn A (NP01): đơn vị → Nà Hó" in told
    assert "1 người không còn trong tệp (vẫn giữ nguyên)" in told
    assert "Chưa ghi gì" in told
    assert "1 mới, 1 đổi, 1 không đổi" in told
    imported(changed, typed="1\ny\n")
    assert roster(commune) == {
        ("Vi Văn A", "nà hó"),
        ("Vi Văn B", "nà pán"),
        ("Lý Văn C", "nà hó"),
        ("Lý Văn D", "nà pán"),
    }
    left = imported(changed, "--yes", "--mark-left")
    assert "sẽ ghi là đã thôi" in left
    assert "Vi Văn B" not in {row[0] for row in roster(commune)}
    assert rows(commune, "SELECT count(*) FROM person") == [(4,)]


def test_a_question_nobody_answers_writes_nothing(commune: Path) -> None:
    result = camtay("roster", "import", str(a_book(commune, ("Vi Văn A", "Nà Pán", "Nà Pán"))))
    assert (result.exit_code, "thêm --yes" in result.output) == (1, True)
    assert rows(commune, "SELECT 1 FROM person") == []


def test_many_doubts_are_answered_at_once_or_one_by_one(commune: Path) -> None:
    twice = [("Vi Văn A", "Nà Pán", "Nà Pán"), ("Lý Văn B", "Nà Pán", "Nà Pán")] * 2
    file = a_book(commune, *twice)
    assert "2 dòng cần xem" in imported(file, "--dry-run")
    told = imported(file, typed="4\n2\n1\ny\n")
    assert "ghi trùng hay là hai người" in told
    assert "3 người: 3 mới" in told
    assert len(rows(commune, "SELECT 1 FROM person")) == 3
    assert "3 không đổi; 1 dòng cần xem" in imported(file, "--yes")
    assert "1 mới" in imported(file, "--yes", "--doubtful", "new")


def test_a_place_in_doubt_is_asked_about_once(commune: Path) -> None:
    imported(a_book(commune, ("Vi Văn A", "Thôn Nà Pán", "Nà Pán")), "--yes")
    file = a_book(commune, ("Vi Văn A", "Thôn Nà Pản", "Nà Pán"), ("Vi Văn B", "Thôn Nà Pản", "Nà Pán"))
    assert "Đơn vị “Thôn Nà Pản” (2 dòng): có phải là “Thôn Nà Pán” không?" in imported(file, typed="1\ny\n")
    assert "2 không đổi" in imported(file, "--yes")
    assert len(rows(commune, "SELECT 1 FROM unit")) == 1


def test_an_old_workbook_still_finds_a_merged_unit(commune: Path) -> None:
    file = a_book(commune, ("Vi Văn A", "Thôn Nà Pán", "CB Nà Pán"), ("Lý Văn B", "Thôn Nà Hó", "CB Nà Hó"))
    imported(file, "--yes")
    assert "Đã gộp" in camtay("units", "merge", "napan", "naho", typed="y\n").output
    assert "Đã gộp" in camtay("cells", "merge", "CB01", "CB02", "--yes").output
    assert "Đã đổi" in camtay("units", "rename", "NAHO", "Thôn Hợp Nhất").output
    assert "Đã đổi" in camtay("cells", "rename", "CB02", "Chi bộ Hợp Nhất").output
    assert "2 không đổi" in imported(file, "--yes")
    assert camtay("units").output.split() == ["NAHO", "Thôn", "Hợp", "Nhất"]
    assert "Chi bộ Hợp Nhất" in camtay("cells").output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("units", "merge", "NAPAN", "NAPAN", "--yes"), "là một nơi"),
        (("units", "merge", "NAPAN", "KHONG", "--yes"), "Chưa có đơn vị"),
        (("units", "rename", "KHONG", "Thôn X"), "Chưa có đơn vị"),
        (("cells", "rename", "KHONG", "Chi bộ X"), "Chưa có chi bộ"),
        (("cells", "merge", "CB01", "CB01", "--yes"), "là một nơi"),
        (("cells", "add", "CB01", "Chi bộ X"), "đã có chi bộ khác"),
        (("cells", "add", "chi bộ", "Chi bộ X"), "không dấu"),
    ],
)
def test_what_cannot_be_done_to_a_place(words: tuple[str, ...], told: str, commune: Path) -> None:
    imported(a_book(commune, ("Vi Văn A", "Thôn Nà Pán", "CB Nà Pán")), "--yes")
    result = camtay(*words)
    assert result.exit_code == 1
    assert told in result.output


def test_lists_that_are_empty_say_how_to_fill_them(commune: Path) -> None:
    assert "Chưa có chi bộ nào" in camtay("cells").output
    assert "Đã thêm Chi bộ Nà Pán" in camtay("cells", "add", "cb01", "Chi bộ Nà Pán").output
    assert camtay("cells").output.startswith("CB01")


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", "không phải tệp Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "đời cũ (.xls) hoặc có đặt mật khẩu"),
        (b"STT,Ho ten\n1,A\n", "không phải tệp Excel"),
        (b"PK\x03\x04broken", "không phải tệp Excel"),
        (None, "Không mở được tệp"),
    ],
)
def test_files_that_are_no_workbook(raw: bytes | None, told: str, commune: Path) -> None:
    if raw is not None:
        (commune / "ds.xlsx").write_bytes(raw)
    result = camtay("roster", "import", "ds.xlsx", "--yes")
    assert result.exit_code == 1
    assert told in result.output


def test_a_workbook_with_a_broken_part_and_one_without_people(commune: Path, book: Callable[[str], bytes]) -> None:
    whole = book("sections")
    (commune / "ds.xlsx").write_bytes(whole[: len(whole) // 2] + whole[len(whole) // 2 + 50 :])
    assert "đã hỏng" in camtay("roster", "import", "ds.xlsx").output
    nobody = a_book(commune, header=["Đơn vị", "Số lượng"])
    result = camtay("roster", "import", str(nobody))
    assert result.exit_code == 1
    assert "Không thấy người nào" in result.output


def test_real_people_never_enter_the_demo(commune: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = a_book(commune, ("Vi Văn A", "Nà Pán", "Nà Pán"))
    monkeypatch.setenv("DEMO", "true")
    assert "Đang là xã dùng thử" in camtay("roster", "import", str(file), "--yes").output
    assert "1 mới" in camtay("roster", "import", str(file), "--dry-run").output
