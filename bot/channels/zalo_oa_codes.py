"""Every error code of Zalo's OA API, and what happens next: the one table."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.core.errors import AccountDown, Rejected, Retry, SendError, Stopped

log = logging.getLogger(__name__)

LONGEST_WAIT = 60.0


class Act(StrEnum):
    """What a code means for the message it refused."""

    RETRY = "retry"  # this chat waits
    SLOW_DOWN = "slow down"  # the whole account waits
    ONCE_MORE = "once more"  # repeated once, then refused
    STOP = "stop"  # this chat cannot be reached until the person writes again
    REJECT = "reject"  # this message, for good
    REFRESH = "refresh"  # the token: get a new pair, repeat once, then ALERT
    ALERT = "alert"  # the account is down until a person mends it
    UPLOAD_AGAIN = "upload again"  # the picture, once; then its words alone
    OTHER_ENDPOINT = "other endpoint"  # v3 and v2 of the message call: then ALERT


@dataclass(frozen=True, slots=True)
class Verdict:
    """`after`: seconds to wait where waiting helps."""

    act: Act
    means: str
    after: float = 0.0


CODES: Mapping[int, Verdict] = {
    -32: Verdict(Act.SLOW_DOWN, "too many calls a minute", 15),
    -100: Verdict(Act.UPLOAD_AGAIN, "the attachment expired"),
    -200: Verdict(Act.ONCE_MORE, "sending failed", 5),
    -201: Verdict(Act.REJECT, "a parameter is invalid"),
    -204: Verdict(Act.ALERT, "the OA is disabled"),
    -205: Verdict(Act.ALERT, "the OA does not exist"),
    -209: Verdict(Act.ALERT, "the app is not activated"),
    -210: Verdict(Act.REJECT, "a parameter is beyond its limit"),
    -211: Verdict(Act.ALERT, "the OA's quota is used up"),
    -212: Verdict(Act.ALERT, "the OA or the app is not registered for this API"),
    -213: Verdict(Act.STOP, "the person does not follow the OA"),
    -214: Verdict(Act.RETRY, "the article is still being processed", 60),
    -216: Verdict(Act.REFRESH, "the access token is invalid"),
    -217: Verdict(Act.STOP, "the person blocked invitations"),
    -218: Verdict(Act.RETRY, "the person received as many messages as they may", 3600),
    -219: Verdict(Act.ALERT, "the app was removed"),
    -220: Verdict(Act.REFRESH, "the access token expired"),
    -221: Verdict(Act.ALERT, "the OA must be verified"),
    -223: Verdict(Act.ALERT, "the OA has not granted this API to the app"),
    -224: Verdict(Act.ALERT, "the OA needs a package for this API"),
    -227: Verdict(Act.STOP, "the person is banned or was away for more than 45 days"),
    -230: Verdict(Act.STOP, "the person wrote last more than 7 days ago"),
    -232: Verdict(Act.STOP, "the person is outside the window of interaction"),
    -233: Verdict(Act.REJECT, "this type of message is not supported"),
    -234: Verdict(Act.RETRY, "this type of message is forbidden at night", 3600),
    -235: Verdict(Act.OTHER_ENDPOINT, "this API is not for this type of OA"),
    -237: Verdict(Act.STOP, "the group is disabled or expired"),
    -238: Verdict(Act.ALERT, "the asset is used up"),
    -240: Verdict(Act.OTHER_ENDPOINT, "the old message API is shut"),
    -241: Verdict(Act.ALERT, "the asset is invalid"),
    -242: Verdict(Act.ALERT, "the proof of the app's secret is missing or wrong"),
    -244: Verdict(Act.STOP, "the person does not take this type of message"),
    -248: Verdict(Act.ALERT, "the platform's policy was violated"),
    -249: Verdict(Act.REJECT, "this template cannot go to a user id"),
    -320: Verdict(Act.ALERT, "no billing account is linked"),
    -321: Verdict(Act.ALERT, "the billing account is out of money"),
    -403: Verdict(Act.STOP, "not a member of the group"),
}

_UNKNOWN = Verdict(Act.REJECT, "a code nobody has told us of")


def verdict(code: int) -> Verdict:
    """What this code means; one that is not in the table is refused for good, and logged."""
    found = CODES.get(code)
    if found is None:
        log.error("zalo_oa.unknown_code", extra={"code": code})
    return found or _UNKNOWN


def send_error(code: int, why: str, attempts: int = 0) -> SendError:
    """The end of a message that was refused with this code; `attempts` is how often it was tried before.

    Codes that lead to another try at once (token, endpoint, upload) come here only when that try failed too.
    """
    found = verdict(code)
    reason = f"Zalo {code}: {found.means}" + (f" ({why})" if why else "")
    match found.act:
        case Act.RETRY:
            return Retry(found.after, reason=reason)
        case Act.SLOW_DOWN:
            return Retry(min(LONGEST_WAIT, found.after * 2.0 ** min(attempts, 4)), whole_account=True, reason=reason)
        case Act.ONCE_MORE:
            return Retry(found.after, reason=reason) if attempts == 0 else Rejected(reason)
        case Act.STOP:
            return Stopped(reason)
        case Act.REFRESH | Act.ALERT | Act.OTHER_ENDPOINT:
            return AccountDown(reason)
        case Act.REJECT | Act.UPLOAD_AGAIN:
            return Rejected(reason)


def not_sent(why: str, attempts: int = 0) -> Retry:
    """Nobody at Zalo has seen the message."""
    return Retry(min(LONGEST_WAIT, 2.0 ** min(attempts, 6)), whole_account=True, reason=why)
