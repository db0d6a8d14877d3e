"""Another person sits down at a chat: their place, their form of address, their answer about consent."""

from __future__ import annotations

from dataclasses import replace

from bot.context import Context
from bot.place import moved
from storage import chats, places, sharing
from storage.people import Person


def sit_down(ctx: Context, person: Person) -> Context:
    """The same message, answered for this person from now on; they start from home."""
    row = sharing.become(ctx.conn, ctx.chat, person, ctx.now)
    lessons = places.since(ctx.conn, person.id, None) or {}
    notes = moved({"who": person.id, "called": row.consent is not None}, lessons)
    return ctx.on(replace(row, at="", trail=(), offered=(), notes=notes))


def same_as_elsewhere(ctx: Context, person_id: int) -> Context:
    """What this person agreed to on another phone or channel holds here too: they are not asked twice."""
    elsewhere = [chat for chat in chats.of_person(ctx.conn, person_id) if chat.id != ctx.chat.id and chat.consent]
    if ctx.chat.consent or not elsewhere:
        return ctx
    other = elsewhere[0]
    when = other.consent_at or ctx.now
    ctx = ctx.stored(chats.set_form(ctx.conn, ctx.chat.id, other.form))
    ctx = ctx.stored(chats.set_consent(ctx.conn, ctx.chat.id, other.consent or "no", other.consent_version or "", when))
    lessons = places.since(ctx.conn, person_id, None) or {}
    return ctx.on(replace(ctx.chat, notes=moved({**ctx.chat.notes, "called": True}, lessons)))
