"""How a step of a guide looks: its words, its choices, its picture. The same for chat and preview."""

from __future__ import annotations

from bot.core.guide import Guide, Library, Option, Repair, Step
from bot.core.messages import Choice, Media, MediaKind, Reply
from bot.render import Words


def show(words: Words, form: str, guide: Guide, step: Step) -> Reply:
    """Part and counter, what to do, what will be seen.

    While the commune has not filled a word the step needs, its honest stand-in is said instead.
    """
    waiting = words.missing(step.do, step.see)
    body = [words.fill(step.until_confirmed, form)] if waiting else _body(words, form, step)
    picture = None if waiting else picture_of(step.image, words.fill(step.image_alt, form))
    voice = Media(MediaKind.VOICE, step.voice) if step.voice and not waiting else None
    text = words.say("guide.step", form, **_heading(guide, step), body="\n\n".join(body).splitlines()).text
    return Reply(text, _choices(words, form, guide, step), picture=picture, voice=voice)


def show_repair(words: Words, form: str, library: Library, guide: Guide, step: Step, number: int) -> Reply:
    """The n-th (from 1) other way to do the step; the last one where there are fewer, the step where there is none."""
    if not step.stuck:
        return show(words, form, guide, step)
    number = min(max(number, 1), len(step.stuck))
    repair = step.stuck[number - 1]
    lines = repair_lines(words, form, library, repair)
    text = words.say("guide.stuck", form, **_heading(guide, step), body=lines).text
    picture = picture_of(repair.image, words.fill(step.image_alt, form))
    return Reply(text, _usual(words, form, guide, step, number), picture=picture)


def show_end(words: Words, form: str, guide: Guide) -> Reply:
    """The lesson is finished: plain praise, and where one can go from here."""
    own = tuple(Choice(_end_key(option), words.fill(option.label, form)) for option in guide.end.choices)
    return Reply(words.fill(guide.end.say, form), own or words.say("guide.end", form).choices)


def repair_lines(words: Words, form: str, library: Library, repair: Repair) -> list[str]:
    """What a repair says: its own words, or those of the card it names."""
    found = library.card(repair.card) if repair.card else None
    if found is None:
        return [words.fill(repair.say or "", form)]
    card = found[1]
    return [words.fill(card.until_confirmed, form)] if words.missing(card.do, card.see) else _body(words, form, card)


def picture_of(path: str | None, alt: str) -> Media | None:
    return Media(MediaKind.PICTURE, path, alt) if path else None


def _body(words: Words, form: str, step: Step) -> list[str]:
    lines = [words.fill(step.do, form)]
    return [*lines, words.say("guide.see", form, see=words.fill(step.see, form)).text] if step.see else lines


def _heading(guide: Guide, step: Step) -> dict[str, object]:
    return {"title": guide.title, "place": guide.position(step.id), "steps": len(guide.steps)}


def _choices(words: Words, form: str, guide: Guide, step: Step) -> tuple[Choice, ...]:
    """The step's own choices, or "Làm được rồi" and "Chưa được"."""
    if not step.choices:
        return _usual(words, form, guide, step, 0)
    return tuple(
        Choice(f"guide:done:{guide.slug}:{step.id}:{place}", words.fill(option.label, form))
        for place, option in enumerate(step.choices)
    )


def _usual(words: Words, form: str, guide: Guide, step: Step, tries: int) -> tuple[Choice, ...]:
    return words.say("guide.usual", form, slug=guide.slug, step=step.id, tries=tries).choices


def _end_key(option: Option) -> str:
    return {"menu": "menu:main", "help": "help:ask", "end": "menu:main", "next": "menu:main"}.get(
        option.go, f"guide:start:{option.go}"
    )
