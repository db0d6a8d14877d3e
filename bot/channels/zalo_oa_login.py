"""How a person grants the use of an OA: by a pair from the API Explorer, or on Zalo's consent page with PKCE."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

from bot.channels.zalo_oa import WHO_AM_I, account_of
from bot.channels.zalo_oa_codes import Act, verdict
from bot.channels.zalo_oa_http import Client, NoAnswer, NotSent, Refused
from bot.channels.zalo_oa_pairs import Pair, read_pair
from bot.core.errors import CamtayError

# When a pair from the API Explorer was made is not known: it is refreshed soon.
_PASTED_LIFE = timedelta(hours=1)


class NotReached(CamtayError):
    """Không nối được tới Zalo. Kiểm tra mạng rồi chạy lại lệnh này; chưa có gì thay đổi."""


class PairRefused(CamtayError):
    """Zalo không nhận mã truy cập vừa dán. Lấy một cặp mã mới ở API Explorer rồi chạy lại lệnh này."""


class NoCode(CamtayError):
    """Không thấy mã "code" trong dòng vừa dán. Chép cả địa chỉ trên thanh trình duyệt sau khi bấm Cho phép."""


class OtherState(CamtayError):
    """Địa chỉ vừa dán không phải của lần xin phép này. Mở đúng liên kết vừa in ra rồi chép lại."""


class OtherChallenge(CamtayError):
    """Liên kết ấy mang mã code_challenge khác. Vào trang ứng dụng, lưu mã Cầm Tay vừa in ra, rồi lấy liên kết mới."""


@dataclass(frozen=True, slots=True)
class Oa:
    """Which OA it is, as getoa tells."""

    account: str
    name: str
    verified: bool
    kind: str
    package: str


@dataclass(frozen=True, slots=True)
class Callback:
    """What the consent page hands over: a code for 10 minutes and one use."""

    code: str
    oa: str = ""
    state: str = ""


def challenge(verifier: str) -> str:
    """The PKCE code challenge of a verifier: base64url(SHA-256) without padding."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def consent_url(oauth_url: str, app_id: str, callback: str, verifier: str, state: str) -> str:
    words = {"app_id": app_id, "redirect_uri": callback, "code_challenge": challenge(verifier), "state": state}
    return f"{oauth_url.rstrip('/')}/v4/oa/permission?{urlencode(words)}"


def check_console_link(link: str, verifier: str) -> None:
    """Raises: OtherChallenge, for a link whose code nobody here could redeem."""
    if challenge(verifier) not in parse_qs(urlsplit(link.strip()).query).get("code_challenge", [challenge(verifier)]):
        raise OtherChallenge


def read_callback(pasted: str, state: str = "") -> Callback:
    """The address of the page Zalo led to, or the bare code.

    Raises:
        NoCode, OtherState.
    """
    text = pasted.strip()
    if "://" not in text and "=" not in text and text and " " not in text:
        return Callback(text)
    words = {name: values[0] for name, values in parse_qs(urlsplit(text).query or text.lstrip("?")).items()}
    if not words.get("code"):
        raise NoCode
    given = words.get("state", "")
    if state and given and not hmac.compare_digest(given.encode(), state.encode()):
        raise OtherState
    return Callback(words["code"], words.get("oa_id", ""), given)


class Login:
    """The calls that logging in takes."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def redeem(self, code: str, verifier: str, now: datetime) -> Pair:
        """The pair for a code of the consent page.

        Raises:
            NotReached.
            CamtayError: Zalo refused, with its number.
        """
        form = {"code": code, "code_verifier": verifier, "grant_type": "authorization_code"}
        failure: CamtayError
        try:
            return read_pair(await self._client.grant(form), now)
        except Refused as error:
            why = _HINTS.get(error.code, "Mã chỉ dùng được một lần, trong 10 phút. Xin phép lại từ đầu.")
            failure = CamtayError(f"Zalo không đổi mã (lỗi {error.code}). {why}")
        except (NotSent, NoAnswer):
            failure = NotReached()
        raise failure

    async def pasted(self, access: str, refresh: str, now: datetime) -> Pair:
        """The pair as a person pasted it."""
        return Pair(access.strip(), refresh.strip(), now, now + _PASTED_LIFE)

    async def whose(self, pair: Pair) -> Oa:
        """The OA that this pair speaks for.

        Raises:
            NotReached, PairRefused.
            CamtayError: Zalo refused for another reason, with its number.
        """
        try:
            answer = await self._client.get(WHO_AM_I, pair.access)
        except (NotSent, NoAnswer):
            answer = None
        if answer is None:
            raise NotReached
        if answer.error and verdict(answer.error).act is Act.REFRESH:
            raise PairRefused
        account = account_of(answer)
        if answer.error or not account:
            raise CamtayError(f"Zalo không cho biết đây là OA nào (lỗi {answer.error}: {verdict(answer.error).means}).")
        told = answer.data
        verified = str(told.get("is_verified", "")).lower() in ("true", "1")
        return Oa(
            account, _line(told.get("name")), verified, _kind(told.get("oa_type")), _line(told.get("package_name"))
        )


_HINTS: Mapping[int, str] = {
    -14002: "Ứng dụng chưa kích hoạt, hoặc tài khoản này không quản trị ứng dụng.",
    -14003: "Địa chỉ quay về chưa được lưu trong trang ứng dụng.",
}


def _line(words: object) -> str:
    """One line for the terminal, whatever the OA calls itself."""
    return "".join(sign for sign in str(words or "")[:80] if sign.isprintable())


def _kind(number: object) -> str:
    return {"2": "doanh nghiệp", "4": "cơ quan nhà nước"}.get(str(number), f"loại {number}" if number else "")
