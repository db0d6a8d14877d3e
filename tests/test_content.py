"""Guides are read exactly as people wrote them; the first fault of `load` names file, line and key."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bot.content import Refused, load, read, survey
from bot.core.errors import ContentError

COMMUNE = "name: xã Thử\nprovince: tỉnh Thử\nruns_it: Ủy ban\n"
GUIDE = "title: Bài thử\nsteps:\n  - id: BT-1\n    do: mở máy\nend:\n  say: xong\n"
OURS = Path(__file__).resolve().parent.parent / "guides"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "bai-thu").mkdir()
    (tmp_path / "commune.yaml").write_text(COMMUNE, encoding="utf-8")
    (tmp_path / "bai-thu/guide.yaml").write_text(GUIDE, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("12:30", "12:30"),
        ("0987654321", "0987654321"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("2026-11-24", "2026-11-24"),
        ("1.10", "1.10"),
        ("true", "true"),
        ("'null'", "null"),
        ("null", None),
        ("~", None),
        ("", None),
        ("''", ""),
        ("e\u0301", "é"),
    ],
)
def test_words_stay_as_they_were_typed(tmp_path: Path, written: str, meant: str | None) -> None:
    path = tmp_path / "commune.yaml"
    path.write_text(f"a: {written}\nb: [{written}]\n" if written else "a:\n", encoding="utf-8")
    assert read(path)[0]["a"] == meant


def test_the_line_of_every_key_is_known(folder: Path) -> None:
    source = read(folder / "bai-thu/guide.yaml")[1]
    assert source.line("steps", 0, "do") == 4
    assert source.line("steps", 0, "stuck", 3, "say") == 3  # not there: the nearest thing around it
    assert source.line("nowhere") == 1


def test_the_folder_gives_the_name_and_pictures_stand_beside(folder: Path) -> None:
    extra = "    image: mo.png\n    stuck:\n      - {say: thử lại, image: gan.png}\n    voice: nghe.mp3\n"
    (folder / "bai-thu/guide.yaml").write_text(GUIDE.replace("end:", extra + "end:"), encoding="utf-8")
    step = load(folder).guides["bai-thu"].steps[0]
    assert (step.image, step.voice, step.stuck[0].image) == ("bai-thu/mo.png", "bai-thu/nghe.mp3", "bai-thu/gan.png")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("title:", "slug: khac\ntitle:", 'bai-thu/guide.yaml:1: [G06-sai-ten] “slug” là “khac”'),
        ("do: mở máy", "doo: mở máy", "bai-thu/guide.yaml:4: [G03-muc-la] không có mục tên là “doo” (steps.1.doo)"),
        ("do: mở máy", "do: mở máy\n    image: /etc/passwd", "bai-thu/guide.yaml:5: [G06-sai-ten] tên tệp"),
        ("do: mở máy", "do: mở máy\n    do: tắt máy", "bai-thu/guide.yaml:5: [G02-muc-hai-lan] mục “do” viết hai lần"),
        ("do: mở máy", "do: {Bac} mở máy", "bai-thu/guide.yaml:4: [G01-doc-duoc]"),
        ("- id: BT-1\n    do: mở máy", "- BT-1", "bai-thu/guide.yaml:3: [G05-sai-kieu] “steps.1” phải là một nhóm mục"),
        (GUIDE, "", "bai-thu/guide.yaml:1: [G04-thieu-muc] thiếu mục “title”"),
        (GUIDE, "- title: Bài thử", "bai-thu/guide.yaml:1: [G05-sai-kieu]"),
    ],
)  # fmt: skip
def test_the_first_fault_is_named_by_file_line_and_key(folder: Path, old: str, new: str, said: str) -> None:
    (folder / "bai-thu/guide.yaml").write_text(GUIDE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError) as refused:
        load(folder)
    assert said in str(refused.value)


def test_a_file_that_is_not_there_or_not_text_is_told(folder: Path) -> None:
    (folder / "commune.yaml").unlink()
    with pytest.raises(ContentError, match=r"commune.yaml:1: .* không có tệp này"):
        load(folder)
    (folder / "commune.yaml").write_bytes(COMMUNE.encode("utf-16"))
    with pytest.raises(ContentError, match="UTF-8"):
        load(folder)


def test_a_byte_order_mark_does_no_harm(folder: Path) -> None:
    (folder / "commune.yaml").write_text(COMMUNE, encoding="utf-8-sig")
    assert load(folder).commune.name == "xã Thử"


def test_a_survey_goes_on_after_a_fault(folder: Path) -> None:
    (folder / "commune.yaml").write_text("nam: xã Thử\n", encoding="utf-8")
    (folder / "hong").mkdir()
    (folder / "hong/guide.yaml").write_text("title: [", encoding="utf-8")
    seen = survey(folder)
    assert set(seen.library.guides) == {"bai-thu"}
    assert seen.broken == {"hong"}
    assert {finding.file.split("/")[-2] for finding in seen.findings} == {folder.name, "hong"}


def test_another_kind_of_file_is_read_the_same_way(tmp_path: Path) -> None:
    path = tmp_path / "bai/talk.yaml"
    path.parent.mkdir()
    path.write_text("- name: một\n  name: hai\n", encoding="utf-8")
    with pytest.raises(Refused, match=r"bai/talk.yaml:2: .*viết hai lần"):
        read(path)


def test_all_our_guides_are_read_in_an_instant() -> None:
    load(OURS)
    began = time.perf_counter()
    load(OURS)
    assert time.perf_counter() - began < 0.2  # 10 ms on the machine it was written on
