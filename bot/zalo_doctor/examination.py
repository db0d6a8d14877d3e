"""The examination from first step to last; whatever stops it, the webhook is put back and what was learnt is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.errors import AccountDown
from bot.zalo_doctor.called import be_called
from bot.zalo_doctor.listening import ask_who, hear_all_kinds, hear_an_elder, hear_nothing, stop_hearing
from bot.zalo_doctor.report import report
from bot.zalo_doctor.speaking import measure, show_picture, write_large, write_to_one_who_blocked
from bot.zalo_doctor.visit import NotLearnt, Visit
from bot.zalo_doctor.webhook import Webhook

_STOPPED = "dừng giữa chừng"


@dataclass(frozen=True, slots=True)
class Step:
    """`title` says what is learnt."""

    name: str
    title: str
    run: Callable[[Visit, Webhook], Awaitable[None]]


def _of_visit(run: Callable[[Visit], Awaitable[None]]) -> Callable[[Visit, Webhook], Awaitable[None]]:
    async def step(visit: Visit, _webhook: Webhook) -> None:
        await run(visit)

    return step


STEPS = (
    Step("me", "Mã bot có đúng không, bot thuộc loại nào", _of_visit(ask_who)),
    Step("idle", "Không có tin thì Zalo đáp ra sao", _of_visit(hear_nothing)),
    Step("kinds", "Chữ, ảnh, tin thoại, nhãn dán, đường link, vị trí đến ra sao", _of_visit(hear_all_kinds)),
    Step("buffer", "Tin nhắn lúc máy tắt còn hay mất", _of_visit(stop_hearing)),
    Step("length", "Zalo đếm 2.000 chữ thế nào", _of_visit(measure)),
    Step("photo", "Hình của bài có hiện không", _of_visit(show_picture)),
    Step("large", "Chữ to có to thật không", _of_visit(write_large)),
    Step("block", "Người chặn bot thì Zalo đáp mã gì", _of_visit(write_to_one_who_blocked)),
    Step("hook", "Webhook đến ra sao, lỗi thì có gửi lại không", be_called),
    Step("elder", "Lời bác cao tuổi có đến được không", _of_visit(hear_an_elder)),
)


async def examine(visit: Visit, webhook: Webhook, steps: Sequence[Step], now: datetime, *, asks: bool) -> str:
    """Every step, then the report. Ctrl-C ends a step; once more, before the next begins, ends all."""
    missed: dict[str, str] = {}
    try:
        await webhook.look()
        for number, step in enumerate(steps, 1):
            visit.say(f"\n— Bước {number} trong {len(steps)}: {step.title} —")
            if not await _goes_on(visit, webhook, step, missed, asks=asks):
                break
            stopped = missed.get(step.title) == _STOPPED and number < len(steps)
            if stopped and await visit.person.ask("Enter: sang bước sau. Ctrl-C lần nữa: dừng hẳn. ") is None:
                break
    except asyncio.CancelledError:
        _uncancel()
        visit.say("\nDừng khám.")
    visit.person.at_last()
    if not await webhook.put_back():
        missed["Trả lại webhook"] = "chưa được"
    text = report(visit.notes, missed, visit.strangers, now)
    file = visit.folder.report(text)
    visit.say(f"\n{text}\nBáo cáo và các tin thô (đã xóa tên, lời, mã): {file.parent}")
    return text


async def _goes_on(visit: Visit, webhook: Webhook, step: Step, missed: dict[str, str], *, asks: bool) -> bool:
    """Whether anything is left to learn after this step."""
    try:
        if asks and await visit.person.ask("Bấm Enter để làm, gõ b để bỏ qua bước này: ") in ("b", "B"):
            missed[step.title] = "bỏ qua"
            return True
        await step.run(visit, webhook)
    except NotLearnt as why:
        missed[step.title] = str(why)
        visit.say(f"Chưa biết được: {why}.")
    except AccountDown as error:
        missed[step.title] = str(error)
        visit.say(str(error))
        return False
    except asyncio.CancelledError:
        _uncancel()
        missed[step.title] = _STOPPED
        visit.say("\nĐã thôi bước này; những gì biết được vẫn giữ.")
    return True


def _uncancel() -> None:
    """Ctrl-C came as a cancellation and has been obeyed: what follows may wait again."""
    task = asyncio.current_task()
    if task:
        task.uncancel()
