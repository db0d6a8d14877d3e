"""The closed list of what people mean, and for which roles each meaning is in play."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


STEP: Final = _words(
    "done not_done back repeat later resume menu yes no help_human greeting thanks out_of_scope unclear"
)
APP: Final = _words(
    "what_is_it is_mandatory too_old_exempt cost install find_app phone_full phone_incompatible no_smartphone "
    "store_password login no_account otp_missing forgot_password account_locked vneid phone_changed lost_phone "
    "new_phone network view_profile self_check report_wrong ticket_status read_documents meeting other_system "
    "share_documents is_it_real scam privacy my_data delete_data withdraw_consent who_comes_when far_away text_size"
)
STAFF: Final[Mapping[str, tuple[str, ...]]] = {
    "report_result": _words("helper coordinator"),
    "undo_report": _words("helper coordinator"),
    "my_list": _words("helper coordinator"),
    "take_request": _words("helper coordinator"),
    "close_request": _words("helper coordinator"),
    "unit_progress": _words("coordinator leader office secretary party"),
    "unit_report": _words("coordinator office"),
    "deadline": _words("coordinator office"),
    "digest": _words("leader office"),
    "assign": _words("coordinator office"),
    "broadcast": _words("office coordinator party secretary"),
    "export": _words("office party"),
}
ALL: Final = (*STEP, *APP, *STAFF)
ROLES: Final = _words("member helper coordinator secretary office party leader")


def in_play(role: str) -> frozenset[str]:
    """What somebody of this role may mean."""
    return _IN_PLAY.get(role, _IN_PLAY["member"])


_IN_PLAY: Final = {
    role: frozenset((*STEP, *APP, *(name for name, roles in STAFF.items() if role in roles))) for role in ROLES
}
