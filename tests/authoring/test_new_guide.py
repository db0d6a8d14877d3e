"""A new guide passes the check at once; a name that cannot be used says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.authoring.check import inspect
from bot.authoring.new_guide import CannotBegin, begin
from bot.core.rules import errors


def test_a_new_guide_passes_the_check(guides: Path) -> None:
    home = begin(guides, "doc-tin-tuc")
    seen, findings = inspect(guides)
    assert not list(errors(findings))
    assert [step.id for step in seen.library.guides["doc-tin-tuc"].steps] == ["DTT-1", "DTT-2"]
    assert all("SLUG" not in str(talk) for talk in yaml.safe_load((home / "talk.yaml").read_text(encoding="utf-8")))


@pytest.mark.parametrize(("slug", "prefix"), [("hop", "HOP"), ("loi-mang", "LM"), ("loi", "LOIA"), ("bai-tap", "BAI")])
def test_its_ids_are_of_no_other_guide(guides: Path, slug: str, prefix: str) -> None:
    (guides / "loi").rename(guides / "go-loi")  # its cards keep the letters LOI
    begin(guides, slug)
    assert inspect(guides)[0].library.guides[slug].steps[0].id == f"{prefix}-1"


@pytest.mark.parametrize("slug", ["Bài mới", "bai_moi", "-bai", "bai-", "", "b" * 21, "../ngoai", "1"])
def test_a_name_that_cannot_be_used_is_refused(guides: Path, slug: str) -> None:
    with pytest.raises(CannotBegin, match=r"doc-tin-tuc|nhiều chữ cái"):
        begin(guides, slug)


def test_an_existing_guide_is_not_overwritten(guides: Path) -> None:
    with pytest.raises(CannotBegin, match="Đã có thư mục"):
        begin(guides, "bai-thu")


def test_every_comment_is_vietnamese_help(guides: Path) -> None:
    text = (begin(guides, "doc-tin") / "guide.yaml").read_text(encoding="utf-8")
    assert text.startswith("# Bài mới.")
    assert "go: next, end, menu, help" in text
