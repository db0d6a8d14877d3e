"""What a person means, found offline: a choice just offered, or one of the closed list of intents.

The rule above all others: `done` is sure only when every word says so. Asking once more costs a tap; a
false "done" leaves somebody behind a step that never worked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from bot.core.certainty import asks, is_certain, is_hedged
from bot.core.choosing import assented, chosen
from bot.core.entities import entities, veiled
from bot.core.intents import in_play
from bot.core.listed import Listed
from bot.core.meaning import UNCLEAR, Meaning
from bot.core.phrases import tells_of_danger, whole_meaning
from bot.core.reader import Reader
from bot.core.wording import gist, key_words, plain_words

Ranked = list[tuple[str, float]]

# How likely the first reading must be, and how far before the next, to need no question.
_SURE: Final = 0.55
_AHEAD: Final = 2.0
# A yes may be a consent: it must be plain.
_PLAINLY: Final = 0.9
# Less likely than this is no reading at all.
_NOTHING: Final = 0.3
# A word of danger makes an emergency unless the whole sentence clearly speaks of something else.
_PERHAPS_DANGER: Final = 0.15


@dataclass(frozen=True, slots=True)
class Listener:
    """Understands people by what was taught."""

    reader: Reader

    def understand(
        self,
        text: str,
        offered: Sequence[str] = (),
        *,
        roles: Iterable[str] = ("member",),
        people: Sequence[Listed] = (),
    ) -> Meaning:
        """What `text` means to somebody of these roles who was just offered these labels.

        `people`: the roster in which names are looked up.
        """
        plain = plain_words(text)
        key = key_words(plain)
        read = partial(self._ranked, text, frozenset(roles), people)
        if tells_of_danger(key, plain) and dict(read()).get("scam", 0.0) > _PERHAPS_DANGER:
            return Meaning("scam", 1.0, True)
        found = chosen(text, plain, offered) or _said_alone(text, key, plain, offered)
        found = found or _likeliest(text, key, plain, read())
        return replace(found, entities=entities(found.intent, text, plain, people))

    def _ranked(self, text: str, roles: frozenset[str], people: Sequence[Listed]) -> Ranked:
        staff = not roles <= {"member"}
        words, key = gist(veiled(text, people) if staff and people else text)
        allowed = frozenset(name for role in roles for name in in_play(role))
        return self.reader.rank(words, key, allowed, staff=staff) if key else [("unclear", 1.0)]


def _said_alone(text: str, key: str, plain: str, offered: Sequence[str]) -> Meaning | None:
    """Words that mean something because nothing else is said."""
    asked = asks(text, plain)
    if not asked and (found := assented(key, offered)):
        return found
    intent = whole_meaning(key, plain)
    return Meaning(intent, 1.0, intent == "greeting" or not asked) if intent else None


def _likeliest(text: str, key: str, plain: str, ranked: Ranked) -> Meaning:
    """The likeliest reading; sure where it is far ahead, and a "done" only where every word says so."""
    if not any(letter.isalpha() for letter in key):
        return UNCLEAR
    (best, share), (second, behind) = (*ranked, ("unclear", 0.0))[:2]
    if share < _NOTHING:
        return Meaning("unclear", round(share, 2), False, best if best != "unclear" else second)
    sure = share >= _SURE and share >= _AHEAD * behind
    if best == "done":
        if asks(text, plain):
            return Meaning("unclear", round(share, 2), False, "done")
        sure, second = is_certain(key, plain), second if second in ("not_done", "yes") else "not_done"
    if best in ("yes", "no"):
        sure = sure and share >= _PLAINLY and not is_hedged(plain) and not asks(text, plain)
    if best == "report_result":
        sure = sure and not asks(text, plain)
    return Meaning(best, round(share, 2), sure and best != "unclear", None if sure else second)
