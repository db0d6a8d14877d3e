"""The demo's door: an invitation for whoever one wants to be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.core.ladder import RUNGS
from storage import chats, grants, invites, people, units
from storage.db import Conn, Database
from storage.people import Person

# The thôn everybody of the demo belongs to, so that a call for help reaches the next tab.
HOME_CODE = "NAPAN"

ROLES = (
    ("newcomer", "Đảng viên mới", "Lần đầu gặp trợ lý: làm quen, rồi cài từng bước."),
    ("member", "Đảng viên thôn Nà Pán", "Học bài cài Android, bấm Nhờ người giúp."),
    ("helper", "Người hỗ trợ (tổ công nghệ số)", "Hôm nay làm gì; báo kết quả bằng hai lần bấm hay một câu."),
    ("coordinator", "Trưởng thôn Nà Pán", "Ai chưa xong, hai báo cáo khác nhau, tiến độ của thôn."),
    ("secretary", "Bí thư chi bộ", "Học cả phòng, ghi miễn sinh hoạt, tiến độ của chi bộ."),
    ("office", "Phòng Văn hóa – Xã hội", "Xem lời nhờ giúp và tiến độ cả xã."),
    ("party", "Ban Xây dựng Đảng", "Xem tiến độ cả xã."),
    ("leader", "Lãnh đạo xã", "Xem tiến độ cả xã."),
)


class DemoDoor:
    """Hands out invitations of invented people."""

    roles = ROLES

    def __init__(self, db: Database, clock: Callable[[], datetime]) -> None:
        self._db, self._clock = db, clock

    async def code_for(self, role: str) -> str:
        """A code that opens a chat as somebody with this role; empty for a newcomer."""
        return await self._db.run(invite_for, role, self._clock())


def invite_for(conn: Conn, role: str, now: datetime) -> str:
    """An invitation for an invented person of this role whom nobody plays yet, as far as there is one."""
    if role == "newcomer":
        return ""
    home = units.by_code(conn, HOME_CODE)
    assert home is not None, "the demo commune is furnished before its door opens"
    found = people.members_of(conn, home.id) if role == "member" else _holders(conn, role, home.id)
    free = [person for person in found if not chats.of_person(conn, person.id)]
    chosen = (free or found)[0]
    return invites.create(conn, person_id=chosen.id, uses=1, expires_at=now + timedelta(days=1), now=now).code


def _holders(conn: Conn, role: str, unit_id: int) -> list[Person]:
    """Who holds this role there; a head of a thôn who is also its first helper is met as its head."""
    holders, highest = grants.holders(conn, role, unit_id), grants.ladder(conn, unit_id)
    return [each for each in holders if role not in RUNGS or RUNGS[highest[each.id]] == role]
