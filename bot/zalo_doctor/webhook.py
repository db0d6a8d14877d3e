"""The bot's webhook as it was found: taken away while we ask for messages, and put back afterwards."""

from __future__ import annotations

from bot.channels.zalo_bot_blank import address
from bot.zalo_doctor.person import agrees
from bot.zalo_doctor.visit import NotLearnt, Visit

_NONE = 404


class Webhook:
    """`own_url` and `own_secret` are those of the settings: of any other address nobody can tell us the secret."""

    def __init__(self, visit: Visit, own_url: str, own_secret: str) -> None:
        self.own_url = own_url
        self._visit = visit
        self._own_secret = own_secret
        self._found: str | None = None  # not known
        self._changed = False
        self._may_go = True

    async def look(self) -> None:
        """What is set now; what can be polled follows from it."""
        visit = self._visit
        answer = await visit.call("getWebhookInfo", "getWebhookInfo")
        result = answer.result if isinstance(answer.result, dict) else {}
        if answer.is_ok or answer.code == _NONE:
            self._found = str(result.get("url") or "")
        if self._found is None:
            visit.say("Không xem được webhook của bot, nên không đụng đến nó.")
        elif not self._found:
            visit.say("Bot chưa có webhook.")
        else:
            visit.say(f"Bot đang có webhook ở {address(self._found)}. Khi có webhook thì không hỏi tin được.")
            await self._make_way()

    async def lead_to(self, url: str, secret: str) -> object:
        """Set another for a while. Returns Zalo's word on it.

        Raises:
            NotLearnt: it could not be put back, or Zalo refuses.
        """
        if self._found is None or not self._may_go:
            raise NotLearnt("không trả lại được webhook đang có, nên không đổi")
        self._changed = True
        answer = await self._visit.call("setWebhook", "setWebhook", {"url": url, "secret_token": secret})
        if not answer.is_ok:
            words = self._visit.folder.blanker.described(answer.description or answer.failure)
            raise NotLearnt(f"Zalo không nhận webhook: mã {answer.code} {words}".strip())
        return answer.result

    async def put_back(self) -> bool:
        """As it was found; says so where that fails. Doing it again changes nothing."""
        if not self._changed:
            return True
        visit = self._visit
        if self._found and self._found != self.own_url:
            answer = await visit.call("deleteWebhook", "deleteWebhook")
            visit.say(f"Webhook cũ ở {address(self._found)} phải đặt lại bằng tay, vì chỉ nơi ấy biết chuỗi bí mật.")
        elif self._found:
            params = {"url": self._found, "secret_token": self._own_secret}
            answer = await visit.call("setWebhook-again", "setWebhook", params)
        else:
            answer = await visit.call("deleteWebhook", "deleteWebhook")
        is_back = answer.is_ok or (not self._found and answer.code == _NONE)
        self._changed = not is_back
        visit.say("Webhook đã như lúc đầu." if is_back and self._can_be_put_back else self._help(is_back))
        return is_back

    @property
    def _can_be_put_back(self) -> bool:
        return not self._found or (self._found == self.own_url and bool(self._own_secret))

    def _help(self, is_gone: bool) -> str:
        if is_gone:
            return "Webhook thử đã gỡ."
        if self._found == self.own_url:
            return "CHƯA trả lại được webhook. Chạy lại Cầm Tay với UPDATES=webhook là nó tự đặt."
        return "CHƯA gỡ được webhook thử. Chạy lại Cầm Tay với UPDATES=polling là nó tự gỡ."

    async def _make_way(self) -> None:
        """Polling needs it gone; one that could not be put back goes only when a person says so."""
        visit = self._visit
        if not self._can_be_put_back:
            visit.say("Zalo không cho biết chuỗi bí mật của nó: khám xong phải đặt lại bằng tay ở nơi đã đặt.")
            self._may_go = await agrees(visit.person, "Vẫn gỡ nó để khám?") is True
        if self._may_go:
            self._changed = True
            self._may_go = (await visit.call("deleteWebhook", "deleteWebhook")).is_ok
        visit.can_poll = self._may_go

    async def give_way(self) -> None:
        """After a trial: polling again for the steps that follow."""
        if self._changed:
            await self._visit.call("deleteWebhook", "deleteWebhook")
