"""What was said to a chat, for a page that shows its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, bindparam, select, tuple_

from bot.core.messages import Choice, Media, Paper
from storage.body import unpack
from storage.db import Conn
from storage.schema import outbox
from storage.statement import Row, Statement, given, is_


@dataclass(frozen=True, slots=True)
class WebLine:
    """One message that was said to a chat; `(sent_at, id)` is its place in the history."""

    id: int
    sent_at: datetime
    text: str
    choices: tuple[Choice, ...]
    media: Media | None
    paper: Paper | None


def history(conn: Conn, chat_id: int, after: tuple[datetime, int] | None, limit: int) -> list[WebLine]:
    """What was said to this chat, oldest first: the first `limit` lines after that place, or the last `limit`."""
    if after is None:
        return [_line(row) for row in reversed(_latest.all(conn, chat=chat_id, most=limit))]
    return [_line(row) for row in _since.all(conn, chat=chat_id, sent_at=after[0], row=after[1], most=limit)]


def paper_of(conn: Conn, chat_id: int, row: int) -> Paper | None:
    """The document that this message brought to this chat."""
    said = select(outbox.c.body).where(outbox.c.id == row, outbox.c.chat_id == chat_id, is_(outbox.c.state, "sent"))
    found = conn.execute(said).first()
    return unpack(found[0])[3] if found else None


def _line(row: Row) -> WebLine:
    return WebLine(row[0], row[1], *unpack(row[2]))


_SAID = (is_(outbox.c.state, "sent"), outbox.c.chat_id == bindparam("chat"))
_LINE = select(outbox.c.id, outbox.c.sent_at, outbox.c.body).where(*_SAID)
_MOST = bindparam("most", type_=BigInteger)
_latest = Statement(lambda _: _LINE.order_by(outbox.c.sent_at.desc(), outbox.c.id.desc()).limit(_MOST))
_since = Statement(
    lambda _: (
        _LINE.where(
            tuple_(outbox.c.sent_at, outbox.c.id) > tuple_(*given(outbox, "sent_at").values(), bindparam("row"))
        )
        .order_by(outbox.c.sent_at, outbox.c.id)
        .limit(_MOST)
    )
)
