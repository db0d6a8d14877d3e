"""The step in which Zalo calls this machine: one delivery as it comes, answered with 500 to see whether it returns."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic
from urllib.parse import urlsplit

from bot.channels.zalo_bot_inbox import events
from bot.channels.zalo_bot_probe_hook import Delivery, Listener
from bot.zalo_doctor.visit import NotLearnt, Visit, chat_of, message_of
from bot.zalo_doctor.webhook import Webhook

WORDS = "thu webhook"
_HERE = ("127.0.0.1", "localhost")  # the fake Zalo beside this program; the real one refuses them itself


async def be_called(visit: Visit, webhook: Webhook) -> None:
    """Raises: NotLearnt where Zalo cannot reach this machine, or the phone is silent."""
    listener = _listener_of(visit)
    await visit.know_phone()
    visit.folder.blanker.own.add(WORDS)
    listener.answer = _first_500_then_200(visit, listener)
    try:
        _note_trial(visit, await webhook.lead_to(webhook.own_url, listener.secret))
        visit.say(f"Nhắn cho bot: {WORDS}. {visit.waiting(visit.waits.message)}")
        await _hear(visit, listener)
    finally:
        listener.answer = lambda _body: None
        await webhook.give_way()


def _listener_of(visit: Visit) -> Listener:
    url = urlsplit(visit.place.public_url)
    if visit.place.public_url and url.scheme != "https" and url.hostname not in _HERE:
        raise NotLearnt("PUBLIC_URL chưa phải https")
    if visit.place.listener is None:
        raise NotLearnt(visit.place.why)
    return visit.place.listener


def _first_500_then_200(visit: Visit, listener: Listener) -> Callable[[object], int | None]:
    """For the phone's messages only: those of others are answered "later"."""

    def answer(body: object) -> int | None:
        if not any(isinstance(update, dict) and visit.mine(update) for update in events(body)):
            visit.strangers += 1
            return None
        return 200 if any(_number(known.body) == _number(body) for known in listener.deliveries) else 500

    return answer


async def _hear(visit: Visit, listener: Listener) -> None:
    first = await _delivery(visit, listener, 1, visit.waits.message)
    if first is None:
        refused = "; có lời gọi mang sai chuỗi bí mật" if listener.strangers else ""
        raise NotLearnt(f"Zalo chưa gọi tới{refused}")
    visit.folder.keep_delivery("webhook", first)
    is_wrapped = isinstance(first.body, dict) and "event_name" not in first.body
    visit.note("shape", "bọc trong result" if is_wrapped else "phẳng")
    visit.say(f"Zalo đã gọi; tôi đáp lỗi 500. Xem Zalo có gọi lại không. {visit.waiting(visit.waits.retry)}")
    began = monotonic()
    again = await _delivery(visit, listener, 2, visit.waits.retry, _number(first.body))
    if again:
        visit.folder.keep_delivery("webhook-again", again)
        visit.note("retries", f"gửi lại sau {again.at - first.at:.0f} giây")
    elif monotonic() - began < visit.waits.retry:
        raise NotLearnt("thôi đợi sớm, chưa thấy Zalo gọi lại sau lỗi 500")
    else:
        visit.note("retries", "không gửi lại")


async def _delivery(
    visit: Visit, listener: Listener, count: int, seconds: float, number: str | None = None
) -> Delivery | None:
    ends = monotonic() + seconds
    visit.person.wants_on()
    while monotonic() < ends and not visit.person.wants_on():
        found = [one for one in listener.deliveries if number in (None, _number(one.body))]
        if len(found) >= count:
            return found[count - 1]
        await asyncio.sleep(min(visit.waits.pause, 0.2))
    return None


def _number(body: object) -> str:
    """What makes a repeated delivery the same one."""
    return "|".join(
        f"{chat_of(update)} {message_of(update).get('message_id')}"
        for update in events(body)
        if isinstance(update, dict)
    )


def _note_trial(visit: Visit, result: object) -> None:
    trial = result.get("verification") if isinstance(result, dict) else None
    found = trial.get("outcome") if isinstance(trial, dict) else None
    if isinstance(found, str):
        visit.note("trial", str(visit.folder.blanker.clean(found, "outcome")))
