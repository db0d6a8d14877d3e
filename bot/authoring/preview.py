"""`camtay preview`: one self-contained page with every step as it looks on each kind of channel."""

from __future__ import annotations

import base64
import mimetypes
from dataclasses import dataclass, replace
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot import steps
from bot.authoring import graph
from bot.authoring.check import inspect, tally
from bot.channels.base import Capabilities
from bot.content import Survey
from bot.core.guide import Guide, Library, Step
from bot.core.messages import Reply
from bot.core.rules import VARIABLE, Finding
from bot.render import Words, pieces

TEMPLATES = Path(__file__).resolve().parent

# A channel without buttons: every choice stands in the text with its digit.
_BY_NUMBER = Capabilities(buttons=0, max_text=2000, max_caption=1000, files_out=False, media_by_url_only=True)


@dataclass(frozen=True, slots=True)
class Sight:
    """One message on each kind of channel."""

    title: str
    text: str
    labels: tuple[str, ...]
    numbered: tuple[str, ...]
    picture: str = ""
    alt: str = ""


@dataclass(frozen=True, slots=True)
class StepSight:
    """One step with its repairs, what it waits for and what the rules say of it."""

    step: Step
    shown: Sight
    repairs: tuple[Sight, ...]
    waits_for: tuple[str, ...]
    later: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class GuideSight:
    guide: Guide
    is_on: bool
    steps: tuple[StepSight, ...]
    end: Sight
    drawing: graph.Drawing
    findings: tuple[Finding, ...]


def page(folder: Path, form: str = "bac") -> str:
    """The whole page as HTML, nothing outside it needed."""
    seen, findings = inspect(folder)
    artist = _Artist(seen, form)
    ordered = sorted(seen.library.guides.values(), key=lambda guide: (guide.order or 999, guide.slug))
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("preview.html").render(
        commune=seen.library.commune,
        guides=[artist.guide(guide, findings) for guide in ordered],
        others=[found for found in findings if found.file.split("/")[-2] not in seen.library.guides],
        summary=tally(findings),
        box=graph,
    )


class _Artist:
    """Says every message the way the bot says it."""

    def __init__(self, seen: Survey, form: str) -> None:
        self._seen, self._form = seen, form
        self._library: Library = seen.library
        self._words = Words(seen.library.commune.words)
        self._constant = self._words.say("nav.constant", form).choices

    def guide(self, guide: Guide, findings: list[Finding]) -> GuideSight:
        own = [found for found in findings if found.file == self._seen.sources[guide.slug].file]
        shown = tuple(self._step(guide, place, own) for place in range(len(guide.steps)))
        beside = {found for step in shown for found in step.findings}
        rest = tuple(found for found in own if found not in beside)
        end = self._sight("Hết bài", steps.show_end(self._words, self._form, guide))
        return GuideSight(guide, self._library.is_on(guide), shown, end, graph.draw(guide), rest)

    def _step(self, guide: Guide, place: int, findings: list[Finding]) -> StepSight:
        step = guide.steps[place]
        shown = self._sight(step.id, steps.show(self._words, self._form, guide, step))
        repairs = tuple(self._repair(guide, step, number) for number in range(1, len(step.stuck) + 1))
        waits = self._words.missing(step.do, step.see)
        first, last = self._lines(guide, place)
        near = tuple(found for found in findings if first <= found.line < last)
        return StepSight(step, shown, repairs, waits, self._later(step) if waits else "", near)

    def _repair(self, guide: Guide, step: Step, number: int) -> Sight:
        reply = steps.show_repair(self._words, self._form, self._library, guide, step, number)
        card = step.stuck[number - 1].card
        return self._sight(f"Cách gỡ {number}" + (f" ({card})" if card else ""), reply)

    def _later(self, step: Step) -> str:
        """What will be said once the commune has filled the words."""
        names = {name: f"[{name}]" for name in self._words.missing(step.do, step.see)}
        marked = VARIABLE.sub(lambda found: names.get(found[1], found[0]), f"{step.do} {step.see}")
        return self._words.fill(marked, self._form)

    def _lines(self, guide: Guide, place: int) -> tuple[int, int]:
        source = self._seen.sources[guide.slug]
        following = ("steps", place + 1) if place + 1 < len(guide.steps) else ("end",)
        return source.line("steps", place), source.line(*following)

    def _sight(self, title: str, reply: Reply) -> Sight:
        whole = replace(reply, choices=(*reply.choices, *self._constant))
        numbered = tuple(piece.text for piece in pieces(whole, _BY_NUMBER) if piece.text)
        labels = tuple(choice.label for choice in whole.choices)
        media = reply.picture
        picture = self._inline(media.path) if media else ""
        return Sight(title, reply.text, labels, numbered, picture, media.alt if media else "")

    def _inline(self, name: str) -> str:
        path = self._seen.folder / name
        if not path.is_file():
            return ""
        kind = mimetypes.guess_type(path.name)[0] or "image/png"
        return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"
