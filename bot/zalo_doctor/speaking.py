"""Steps in which the bot writes to the phone."""

from __future__ import annotations

from bot.channels.zalo_bot_outbox import large
from bot.channels.zalo_bot_probe import Answer
from bot.core.errors import AccountDown, Rejected, Retry, SendError, Stopped, Unknown
from bot.zalo_doctor.person import agrees
from bot.zalo_doctor.visit import NotLearnt, Visit

LIMIT = 2000
_START = "Thu do dai tin nhan, bo qua tin nay. "
_TO_STOP = "ngừng gửi cho người ấy"
_MEANINGS: dict[type[SendError], str] = {
    Stopped: _TO_STOP,
    Retry: "trục trặc nhỏ, gửi lại",
    Rejected: "bỏ tin này, lần sau vẫn gửi",
    Unknown: "không rõ đã đến chưa",
    AccountDown: "cả bot bị hỏng",
}
_FORBIDDEN = 403  # the channel gives such a chat up by itself once others are still reached


def text_of(length: int, tail: str = "") -> str:
    """As many code points; one byte each, the tail aside."""
    body = (_START + "0123456789 " * LIMIT)[: length - len(tail)]
    return body[:-1] + "." + tail


async def measure(visit: Visit) -> None:
    """Four texts tell code points, UTF-16 units and bytes apart."""
    await visit.know_phone()
    visit.say("Gửi vài tin thật dài để biết Zalo đếm chữ thế nào. Bỏ qua các tin ấy trên điện thoại.")
    if not await _goes(visit, "2000-plain", text_of(LIMIT)):
        visit.note("length", f"không rõ: {LIMIT} chữ thường đã bị từ chối")
    elif await _goes(visit, "2001-plain", text_of(LIMIT + 1)):
        visit.note("length", f"không rõ: nhận cả {LIMIT + 1} chữ")
    elif await _goes(visit, "2000-emoji", text_of(LIMIT, "😀")):
        visit.note("length", "ký tự")
    elif await _goes(visit, "2000-utf16", text_of(LIMIT - 1, "ế😀")):
        visit.note("length", "đơn vị UTF-16")
    else:
        visit.note("length", "byte")


async def _goes(visit: Visit, what: str, text: str) -> bool:
    """Raises: NotLearnt, where the answer says nothing about the length."""
    answer = await visit.send(f"send-{what}", text)
    if not answer.is_ok and answer.code != 400:
        raise NotLearnt(_refusal(visit, answer))
    visit.say(f"{what}: {'Zalo nhận' if answer.is_ok else 'Zalo từ chối'}")
    return answer.is_ok


async def show_picture(visit: Visit) -> None:
    """Zalo fetches it from this machine, by PUBLIC_URL."""
    place = visit.place
    if not place.public_url or not place.picture:
        raise NotLearnt("chưa đặt PUBLIC_URL trong .env" if not place.public_url else "không có hình trong guides/")
    await visit.know_phone()
    visit.say("Gửi một hình của bài; Zalo tự đến máy này lấy hình, có thể đến một phút rưỡi...")
    picture = place.public_url.rstrip("/") + place.picture
    answer = await visit.call("sendPhoto", "sendPhoto", {"chat_id": visit.chat, "photo": picture})
    if place.listener:
        visit.say(f"Số lần Zalo đến lấy hình: {place.listener.fetched}")
    if not answer.is_ok:
        visit.note("photo", f"bị từ chối: {_refusal(visit, answer)}")
        return
    seen = await agrees(visit.person, "Hình có hiện trên điện thoại không?")
    if seen is None:
        raise NotLearnt("Zalo nhận hình; chưa rõ có hiện không")
    visit.note("photo", "hiện" if seen else "không hiện")


async def write_large(visit: Visit) -> None:
    """Whether bigger letters are bigger, for people who read poorly."""
    await visit.know_phone()
    text = "Dòng này gửi với chữ to. Bác đọc có dễ không ạ?"
    answer = await visit.send("large", text, text_styles=large(text))
    if not answer.is_ok:
        visit.note("large", f"bị từ chối: {_refusal(visit, answer)}")
        return
    bigger = await agrees(visit.person, "Dòng vừa tới trên điện thoại, chữ có to hơn không?")
    if bigger is None:
        raise NotLearnt("đã gửi; chưa rõ chữ có to hơn không")
    visit.note("large", "to hơn" if bigger else "không to hơn")


async def write_to_one_who_blocked(visit: Visit) -> None:
    """The one code that nobody has written down. Whatever happens, the phone is reminded to unblock."""
    await visit.know_phone()
    visit.say("Trên điện thoại, chặn bot này (trong trang của bot, mục chặn).")
    if not await agrees(visit.person, "Đã chặn chưa?"):
        raise NotLearnt("chưa chặn bot")
    try:
        answer = await visit.send("blocked", "Tin gửi khi đang bị chặn.")
        if answer.is_ok:
            visit.note("blocked_code", "không báo lỗi")
        else:
            visit.note("blocked_code", f"mã {answer.code}")
            visit.note("blocked", _TO_STOP if answer.code == _FORBIDDEN else _MEANINGS[answer.meaning])
            visit.say(f"Zalo đáp: {_refusal(visit, answer)}")
    finally:
        visit.say("Bây giờ bỏ chặn bot.")
    await agrees(visit.person, "Đã bỏ chặn chưa?")


def _refusal(visit: Visit, answer: Answer) -> str:
    words = visit.folder.blanker.described(answer.description or answer.failure)
    return f"mã {answer.code} {words}".strip()
