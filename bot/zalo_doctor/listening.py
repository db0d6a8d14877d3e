"""Steps in which the bot is asked about itself and the phone speaks."""

from __future__ import annotations

from bot.channels.zalo_bot_http import NO_NEWS, UNAUTHORIZED
from bot.channels.zalo_bot_probe import Answer
from bot.core.errors import AccountDown
from bot.zalo_doctor.person import agrees
from bot.zalo_doctor.visit import NotLearnt, Update, Visit, chat_of, message_of

TEXT = "message.text.received"
UNSUPPORTED = "message.unsupported.received"
LINK = "https://zalo.me"

_KINDS = (
    ("photo", "một ảnh bất kỳ, đừng chụp giấy tờ"),
    ("voice", "một tin thoại ngắn"),
    ("sticker", "một nhãn dán"),
    ("link", f"đường link này: {LINK}"),
    ("location", "một vị trí"),
)
_NEVER_TEXT = ("photo", "voice", "sticker")
_AT_ONCE = 0.8  # of the time asked for: an answer that comes sooner did not wait
_TRIES = 3


async def ask_who(visit: Visit) -> None:
    """Raises: AccountDown where the token is refused."""
    answer = await visit.call("getMe", "getMe")
    if answer.code == UNAUTHORIZED:
        raise AccountDown("Zalo không nhận mã bot này. Xem lại ZALO_BOT_TOKENS trong .env, hoặc lấy mã mới.")
    result = answer.result if isinstance(answer.result, dict) else {}
    if not result.get("id"):
        raise NotLearnt(_why(visit, answer))
    kind = visit.folder.blanker.clean(str(result.get("account_type") or "không nói"), "account_type")
    visit.note("account", str(kind))
    visit.note("groups", "có" if result.get("can_join_groups") is True else "không")
    visit.say("Zalo nhận mã bot.")


async def hear_nothing(visit: Visit) -> None:
    """What an idle poll looks like; somebody may be writing just now, so a few tries."""
    if not visit.can_poll:
        raise NotLearnt("bot đang có webhook của nơi khác, không hỏi tin được")
    visit.say(f"Đừng nhắn gì cho bot. Hỏi tin trong {visit.waits.poll} giây...")
    for _ in range(_TRIES):
        answer = await visit.probe.call("getUpdates", {"timeout": visit.waits.poll})
        if not (answer.is_ok and answer.result):
            break
        visit.strangers += 1
    else:
        raise NotLearnt("luôn có người nhắn; khám lại lúc vắng")
    visit.folder.keep_answer("idle", answer)
    if not answer.status:
        raise NotLearnt(_why(visit, answer))
    _note_idle(visit, answer)


def _note_idle(visit: Visit, answer: Answer) -> None:
    if answer.code == NO_NEWS or answer.is_ok:
        waited = answer.seconds >= _AT_ONCE * visit.waits.poll
        visit.note("idle_wait", "đủ thời gian" if waited else "đáp ngay")
    if answer.body is None:
        visit.note("idle", f"không phải JSON, HTTP {answer.status}")
        return
    if not answer.is_ok:
        visit.note("status", str(answer.status))
    visit.note("idle", "ok=true, rỗng" if answer.is_ok else f"ok=false, mã {answer.code}")


async def hear_all_kinds(visit: Visit) -> None:
    """A greeting, then each kind of thing that people send."""
    await visit.know_phone()
    visit.folder.blanker.own.add(LINK)
    missing = [kind for kind, what in _KINDS if not await _hear_kind(visit, kind, what)]
    if missing:
        raise NotLearnt(f"không thấy tới: {', '.join(missing)}")


async def _hear_kind(visit: Visit, kind: str, what: str) -> bool:
    visit.say(f"Gửi cho bot {what}. {visit.waiting(visit.waits.message)}")

    def wanted(update: Update) -> bool:
        return visit.mine(update) and not (kind in _NEVER_TEXT and update.get("event_name") == TEXT)

    found = await visit.hear(kind, visit.waits.message, wanted)
    if found is None:
        return False
    visit.note(f"kind_{kind}", str(visit.folder.blanker.clean(str(found.get("event_name")), "event_name")))
    if kind == "photo":
        keys = [key for key in ("photo_url", "photo") if message_of(found).get(key)]
        visit.note("photo_key", keys[0] if keys else "không thấy")
    visit.say("Đã nhận.")
    return True


async def stop_hearing(visit: Visit) -> None:
    """Does Zalo keep what comes while nobody asks?"""
    await visit.know_phone()
    words = ("mot", "hai")
    visit.folder.blanker.own.update(words)
    visit.say(f"Tôi ngừng nghe từ bây giờ. Nhắn cho bot hai tin: {words[0]}, rồi {words[1]}. Nhắn xong mới trả lời:")
    if not await agrees(visit.person, "Đã nhắn hai tin chưa?"):
        raise NotLearnt("chưa nhắn hai tin")
    visit.say("Nghe lại để xem hai tin còn hay mất...")
    kept = 0
    while kept < len(words) and await visit.hear(f"buffer-{kept + 1}", 2 * visit.waits.poll, visit.mine):
        kept += 1
    visit.note("buffer", ("mất", "còn một phần", "còn")[kept])


async def hear_an_elder(visit: Visit) -> None:
    """Another phone on purpose: whether Zalo hides the words of people like its owner."""
    if visit.can_poll:
        visit.say(f"Mời một bác cao tuổi nhắn cho bot một câu bất kỳ. {visit.waiting(visit.waits.elder)}")
        visit.say("(Lời của bác không được lưu lại.)")
    found = await visit.hear("elder", visit.waits.elder, lambda update: chat_of(update) not in ("", visit.chat))
    if found is None:
        raise NotLearnt("chưa có bác nào nhắn")
    hidden = found.get("event_name") == UNSUPPORTED
    visit.note("elder", "bị che (unsupported)" if hidden else "đến được")


def _why(visit: Visit, answer: Answer) -> str:
    return f"Zalo đáp mã {answer.code} {visit.folder.blanker.described(answer.description or answer.failure)}".strip()
