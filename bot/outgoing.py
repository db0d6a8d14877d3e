"""Replies become rows of the outbox: cut to what the chat's channel carries, each under a key of its own."""

from __future__ import annotations

from datetime import datetime

from bot.channels.base import Capabilities
from bot.core.messages import Reply
from bot.desk import Desk
from bot.render import pieces
from storage import chats, outbox
from storage.chats import Chat
from storage.db import Conn
from storage.outbox import Draft

__all__ = ["Desk", "drafts", "notify"]

# For a chat whose channel is switched off: its messages wait, and are there if the channel comes back in time.
_SWITCHED_OFF = Capabilities(buttons=5, max_text=2000, max_caption=1000, files_out=False, media_by_url_only=False)


def drafts(reply: Reply, to: Chat, key: str, desk: Desk, now: datetime) -> list[Draft]:
    """The rows that say this to that chat; `key` tells them from all others, unless the reply has its own."""
    return [
        Draft(
            chat_id=to.id,
            dedupe=f"{reply.once or key}:{part}",
            rank=reply.rank,
            text=piece.text,
            choices=piece.choices,
            media=piece.media,
            twice_ok=reply.twice_ok,
            worthless_after=now + reply.good_for,
        )
        for part, piece in enumerate(pieces(reply, desk.channels.get(to.channel, _SWITCHED_OFF)))
    ]


def notify(conn: Conn, reply: Reply, to: Chat, key: str, desk: Desk, now: datetime) -> Chat:
    """Say this to the person of that chat; returns the chat it goes to."""
    if outbox.add(conn, drafts(reply, to, key, desk, now), now) and reply.choices:
        chats.offer(conn, to.id, reply.choices)
    return to
