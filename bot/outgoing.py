"""Replies become rows of the outbox: cut to what the chat's channel carries, each under a key of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.channels.base import Capabilities
from bot.core.messages import Rank, Reply
from bot.desk import Desk
from bot.reach import route
from bot.render import in_words, pieces
from storage import chats, outbox
from storage.chats import Chat
from storage.db import Conn
from storage.outbox import Draft

__all__ = ["Desk", "drafts", "notify"]

# For a chat whose channel is switched off: its messages wait, and are there if the channel comes back in time.
_SWITCHED_OFF = Capabilities(buttons=5, max_text=2000, max_caption=1000, files_out=False, media_by_url_only=False)


def drafts(reply: Reply, to: Chat, key: str, desk: Desk, now: datetime, occurrence: int | None = None) -> list[Draft]:
    """The rows that say this to that chat; `key` tells them from all others, unless the reply has its own.

    Unprompted ones wait while somebody writes there by hand; their first row holds all that is said.
    """
    can = desk.channels.get(to.channel, _SWITCHED_OFF)
    unprompted = reply.rank is not Rank.ANSWER
    shown = in_words(_handed_over(reply, to, can, desk, now), can, desk.house.words, to.form)
    return [
        Draft(
            chat_id=to.id,
            dedupe=f"{reply.once or key}:{part}",
            rank=reply.rank,
            text=piece.text,
            choices=piece.choices,
            media=piece.media,
            paper=piece.paper,
            twice_ok=reply.twice_ok,
            not_before=to.quiet_until if unprompted and to.is_quiet(now) else None,
            worthless_after=now + reply.good_for,
            whole=reply if unprompted and part == 0 else None,
            occurrence=occurrence,
        )
        for part, piece in enumerate(pieces(shown, can))
    ]


def notify(
    conn: Conn, reply: Reply, to: Chat, key: str, desk: Desk, now: datetime, occurrence: int | None = None
) -> Chat:
    """Say this to the person of that chat, wherever they can be written to; returns the chat it goes to."""
    to = route(conn, to, reply.rank, now, desk)
    if outbox.add(conn, drafts(reply, to, key, desk, now, occurrence), now) and reply.choices:
        chats.offer(conn, to, reply.choices)
    return to


def _handed_over(reply: Reply, to: Chat, can: Capabilities, desk: Desk, now: datetime) -> Reply:
    """With its document where the channel carries files, else with the way to it."""
    if reply.paper is None:
        return reply
    say = desk.house.words.say
    paper = replace(reply.paper, asked_by=reply.paper.asked_by or to.person_id)
    if can.files_out:
        return replace(reply, paper=replace(paper, otherwise=say("paper.gone", to.form).text))
    address = desk.link(paper, now)
    where = say("paper.link", to.form, address=address) if address else say("paper.nowhere", to.form)
    return replace(reply, text=f"{reply.text}\n\n{where.text}", paper=None)
