"""What people do to the fake OA, as the events it sends."""

from __future__ import annotations

import itertools
from typing import Any

from tests.fakes.zalo_oa_world import World

Event = dict[str, Any]


class People:
    """Each act opens that person's window and returns the event; the server pushes it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._numbers = itertools.count(1)

    def say(self, user: str, text: str) -> Event:
        return self._by_user(user, "user_send_text", {"text": text})

    def tap(self, user: str, title: str) -> Event:
        """Tap a button by its title: Zalo sends its payload as if it had been typed."""
        return self.say(user, self._world.person(user).buttons[title])

    def show(self, user: str, kind: str, payload: Event, text: str = "") -> Event:
        """Send something else than text: `kind` image, audio, file, sticker, gif, video, link, location, ..."""
        shown = {"attachments": [{"type": kind, "payload": payload}]}
        return self._by_user(user, f"user_send_{kind}", {**({"text": text} if text else {}), **shown})

    def follow(self, user: str) -> Event:
        self._world.interact(user)
        self._world.person(user).follows = True
        return self._follower(user, "follow")

    def unfollow(self, user: str) -> Event:
        self._world.person(user).follows = False
        return self._follower(user, "unfollow")

    def block(self, user: str) -> None:
        """Zalo tells nobody."""
        self._world.person(user).blocked = True

    def fill_form(self, user: str, phone: str | int, name: str = "Nguyễn Văn A") -> Event:
        event = self._by_user(user, "user_submit_info", None)
        return {**event, "info": {"name": name, "phone": phone, "address": "Thôn Nà Pán"}}

    def open_chat(self, user: str) -> Event:
        self._world.interact(user)
        return {"event_name": "user_click_chatnow", "user_id": user, "oa_id": self._world.oa_id, **self._tail()}

    def take_over(self, user: str, text: str, admin: str = "admin-1") -> Event:
        """Somebody of the office writes by hand in OA Manager."""
        return {**self.echo(user, text), "admin_id": admin}

    def echo(self, user: str, text: str) -> Event:
        """What the bot itself sent comes back."""
        said = {"message": {"text": text, "msg_id": self._message_id()}}
        return {**self._head("oa_send_text", self._world.oa_id, user), **said}

    def receipt(self, user: str) -> Event:
        return {**self._head("user_seen_message", user, self._world.oa_id), "message": {"msg_ids": ["1"]}}

    def _by_user(self, user: str, name: str, message: Event | None) -> Event:
        self._world.interact(user)
        said = {} if message is None else {"message": {**message, "msg_id": self._message_id()}}
        return {**self._head(name, user, self._world.oa_id), **said}

    def _follower(self, user: str, name: str) -> Event:
        """No sender here, as in life."""
        whom = {"oa_id": self._world.oa_id, "follower": {"id": user}}
        return {"event_name": name, **whom, "source": "oa_profile", **self._tail()}

    def _head(self, name: str, sender: str, recipient: str) -> Event:
        return {"event_name": name, "sender": {"id": sender}, "recipient": {"id": recipient}, **self._tail()}

    def _tail(self) -> Event:
        milliseconds = int(self._world.now().timestamp() * 1000) + next(self._numbers)
        return {"app_id": self._world.app_id, "user_id_by_app": "552177279717587730", "timestamp": str(milliseconds)}

    def _message_id(self) -> str:
        return self._world.new_id()
