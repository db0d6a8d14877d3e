"""Who appoints whom: a role is given, and taken back, by the level above it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

Reach = Literal["unit", "cell", "commune"]

REACH: Mapping[str, Reach] = {
    "helper": "unit",
    "coordinator": "unit",
    "secretary": "cell",
    "office": "commune",
    "party": "commune",
    "leader": "commune",
    "admin": "commune",
}
_APPOINTS: Mapping[str, tuple[str, ...]] = {
    "admin": ("office", "coordinator", "helper", "secretary", "party", "leader"),
    "office": ("coordinator", "helper", "secretary", "party", "leader"),
    "coordinator": ("helper",),
}


def appointed_by(roles: Iterable[str]) -> tuple[str, ...]:
    """What somebody with these roles may give to others."""
    found = [role for held in roles for role in _APPOINTS.get(held, ())]
    return tuple(dict.fromkeys(found))
