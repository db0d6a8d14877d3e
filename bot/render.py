"""Words: texts with their choices, in the person's form of address, cut to what a channel can carry."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from unicodedata import is_normalized, normalize

from jinja2 import FileSystemLoader, StrictUndefined, Undefined
from jinja2.sandbox import SandboxedEnvironment

from bot.channels.base import Capabilities
from bot.core.forms import FORMS
from bot.core.messages import Choice, Media, Paper, Reply

TEXTS = Path(__file__).resolve().parent.parent / "handlers" / "texts"

# A line "[menu:main] Về đầu" in a text is a choice: its key and its label.
_CHOICE = re.compile(r"^\[([A-Za-z0-9:_-]+)\] (.+)$", re.MULTILINE)
_LIKE_A_CHOICE = re.compile(r"\[([A-Za-z0-9:_-]+)\] ")
# Values that say all there is to know of them: the same ones make the same text.
_PLAIN = frozenset((str, int, bool, type(None)))
_SENTENCE_END = re.compile(r"(?<=[.!?…:;])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Said:
    """A rendered text and the choices written below it."""

    text: str
    choices: tuple[Choice, ...] = ()


class Words:
    """All texts of the house: `handlers/texts/<name>.j2` by block, and the strings of guides.

    `local` are the words of `commune.yaml`; an unfilled one is None there.
    """

    def __init__(self, local: Mapping[str, str | None], folder: Path = TEXTS) -> None:
        self.local = dict(local)
        self._texts = _environment(FileSystemLoader(folder))
        self._guides = _environment(None, variable_start_string="{", variable_end_string="}")
        self._template = cache(self._texts.get_template)
        self.fill = lru_cache(maxsize=8192)(self._fill)
        self._remembered = lru_cache(maxsize=2048, typed=True)(self._render_plain)

    def say(self, block: str, form: str, **values: object) -> Said:
        """Render `<handler>.<block>` for a form of address. Unknown names raise (StrictUndefined)."""
        if all(type(value) in _PLAIN for value in values.values()):
            return self._remembered(block, form, **values)
        return self._render(block, form, values)

    def has(self, block: str) -> bool:
        """Whether the text exists."""
        name, _, part = block.partition(".")
        return part in self._template(f"{name}.j2").blocks

    def missing(self, *texts: str) -> tuple[str, ...]:
        """Names of the local words these guide strings use and the commune has not filled."""
        used = {name for text in texts for name in re.findall(r"\{(\w+)\}", text)}
        return tuple(sorted(name for name in used if name in self.local and not self.local[name]))

    def _fill(self, text: str, form: str) -> str:
        """A guide's string with `{bac}`, `{chau}` and the commune's words filled in."""
        if "{" not in text:
            return text
        return self._guides.from_string(text).render(self._names(form))

    def _render_plain(self, block: str, form: str, **values: object) -> Said:
        return self._render(block, form, values)

    def _render(self, block: str, form: str, values: Mapping[str, object]) -> Said:
        name, _, part = block.partition(".")
        template = self._template(f"{name}.j2")
        context = template.new_context({**self._names(form), **values})
        return _with_choices("".join(template.blocks[part](context)).strip())

    def _names(self, form: str) -> dict[str, object]:
        return {**self.local, **FORMS[form].names}


def _environment(loader: FileSystemLoader | None, **options: str) -> SandboxedEnvironment:
    # Texts are plain: channels escape for themselves, and HTML entities would be read aloud.
    return SandboxedEnvironment(
        loader=loader,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_tame,
        auto_reload=False,
        autoescape=False,
        **options,
    )


def _tame(value: object) -> object:
    """A value from outside stays inside its line, so that it can never pass for a choice."""
    if not isinstance(value, str) or isinstance(value, Undefined):
        return value
    line = " ".join(value.split()) if "\n" in value or "\r" in value else value
    return _LIKE_A_CHOICE.sub(r"(\1) ", line) if "[" in line else line


def _with_choices(text: str) -> Said:
    choices = tuple(Choice(key, label.strip()) for key, label in _CHOICE.findall(text))
    return Said(_CHOICE.sub("", text).strip(), choices)


def units16(text: str) -> int:
    """Length in UTF-16 code units, the measure of every channel's limits."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True, slots=True)
class Piece:
    """One message of a reply: what one call of a channel carries."""

    text: str
    choices: tuple[Choice, ...] = ()
    media: Media | None = None
    paper: Paper | None = None


def in_words(reply: Reply, can: Capabilities, words: Words, form: str) -> Reply:
    """The same for a channel without pictures or voices: the words say what the picture shows."""
    if can.pictures and can.voice:
        return reply
    alt = reply.picture.alt if reply.picture and not can.pictures else ""
    shown = f"{reply.text}\n\n{words.say('guide.picture', form, shows=alt).text}" if alt else reply.text
    picture, voice = reply.picture if can.pictures else None, reply.voice if can.voice else None
    return replace(reply, text=shown, picture=picture, voice=voice)


def pieces(reply: Reply, can: Capabilities) -> list[Piece]:
    """Cut a reply into what the channel carries: files first, long texts at sentence ends, choices last."""
    text, choices = _as_numbers(composed(reply), can)
    found: list[Piece] = []
    if reply.voice:
        found.append(Piece("", media=reply.voice))
    picture, paper = reply.picture, reply.paper
    if picture and (paper or units16(text) > can.max_caption):
        found.append(Piece("", media=picture))
        picture = None
    if paper and units16(text) > can.max_caption:
        found.append(Piece("", paper=paper))
        paper = None
    found += [Piece(part) for part in split(text, can.max_text)]
    found[-1] = replace(found[-1], choices=choices, media=picture, paper=paper)
    return found


def composed(reply: Reply) -> Reply:
    """Every letter with its marks as one character (NFC): some phones show the parts side by side."""
    if is_normalized("NFC", reply.text) and all(is_normalized("NFC", choice.label) for choice in reply.choices):
        return reply
    choices = tuple(Choice(choice.key, normalize("NFC", choice.label)) for choice in reply.choices)
    return replace(reply, text=normalize("NFC", reply.text), choices=choices)


def _as_numbers(reply: Reply, can: Capabilities) -> tuple[str, tuple[Choice, ...]]:
    """Where buttons are too few, every choice stands in the text with its digit."""
    if len(reply.choices) <= can.buttons:
        return reply.text, reply.choices
    lines = [f"{place}. {choice.label}" for place, choice in enumerate(reply.choices, 1)]
    return f"{reply.text}\n\n" + "\n".join(lines), reply.choices[: can.buttons]


def split(text: str, limit: int) -> list[str]:
    """Parts of at most `limit` UTF-16 units, cut at sentence ends where there is one."""
    parts: list[str] = []
    while units16(text) > limit:
        cut = _cut(text, limit)
        parts.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [*parts, text]


def _cut(text: str, limit: int) -> int:
    window = _window(text, limit)
    ends = [match.end() for match in _SENTENCE_END.finditer(window)]
    spaces = window.rfind(" ") + 1
    return next((end for end in reversed(ends) if end > len(window) // 4), spaces or len(window))


def _window(text: str, limit: int) -> str:
    """The longest beginning of at most `limit` units."""
    return "".join(_taking(text, limit))


def _taking(text: str, limit: int) -> Iterator[str]:
    for character in text:
        limit -= units16(character)
        if limit < 0:
            return
        yield character
