"""How a person wants to be addressed, and what the bot calls itself then (domain fact 8.1)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Form:
    """`bac` is the person, `chau` the bot; the capitalised twins begin a sentence."""

    bac: str
    chau: str

    @property
    def names(self) -> dict[str, str]:
        """The variables every text may use."""
        return {"bac": self.bac, "Bac": _upper(self.bac), "chau": self.chau, "Chau": _upper(self.chau)}


def _upper(word: str) -> str:
    return word[:1].upper() + word[1:]


FORMS = {
    "bac": Form("bác", "cháu"),
    "ong": Form("ông", "cháu"),
    "ba": Form("bà", "cháu"),
    "co": Form("cô", "cháu"),
    "chu": Form("chú", "cháu"),
    "anh": Form("anh", "em"),
    "chi": Form("chị", "em"),
    "dongchi": Form("đồng chí", "tôi"),
}
