"""Replies become rows of the outbox: cut to what the chat's channel carries, each under a key of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.channels.base import Capabilities
from bot.context import House
from bot.core.messages import Paper, Reply
from bot.render import pieces
from storage.chats import Chat
from storage.outbox import Draft

# For a chat whose channel is switched off: its messages wait, and are there if the channel comes back in time.
_SWITCHED_OFF = Capabilities(buttons=5, max_text=2000, max_caption=1000, files_out=False, media_by_url_only=False)


@dataclass(frozen=True, slots=True)
class Desk:
    """What answering needs besides the database: the house, and what each channel can carry."""

    house: House
    channels: Mapping[str, Capabilities]
    link: Callable[[Paper, datetime], str] = lambda paper, now: ""  # where a document can be fetched, if anywhere


def drafts(reply: Reply, to: Chat, key: str, desk: Desk, now: datetime) -> list[Draft]:
    """The rows that say this to that chat; `key` tells them from all others, unless the reply has its own."""
    can = desk.channels.get(to.channel, _SWITCHED_OFF)
    if reply.paper:
        reply = _handed_over(reply, reply.paper, to, can, desk, now)
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
            worthless_after=now + reply.good_for,
        )
        for part, piece in enumerate(pieces(reply, can))
    ]


def _handed_over(reply: Reply, paper: Paper, to: Chat, can: Capabilities, desk: Desk, now: datetime) -> Reply:
    """The document itself where the channel carries files, else where to get it."""
    say = desk.house.words.say
    paper = replace(paper, asked_by=paper.asked_by or to.person_id)
    if can.files_out:
        return replace(reply, paper=replace(paper, otherwise=say("paper.gone", to.form).text))
    address = desk.link(paper, now)
    where = say("paper.link", to.form, address=address) if address else say("paper.nowhere", to.form)
    return replace(reply, text=f"{reply.text}\n\n{where.text}", paper=None)
