"""What the fake Zalo takes as a message or as an upload; everything else it refuses, with the number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from tests.fakes.zalo_oa_grants import OaError
from tests.fakes.zalo_oa_world import World

MEGABYTE = 1024 * 1024
PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
PAPERS = (".pdf", ".doc", ".docx", ".csv")

# Type of a button → the fields of its payload; None: the payload is a string.
_BUTTONS: Mapping[str, set[str] | None] = {
    "oa.query.show": None,
    "oa.query.hide": None,
    "oa.open.url": {"url"},
    "oa.open.phone": {"phone_code"},
    "oa.open.sms": {"content", "phone_code"},
}


def check_message(world: World, message: Any) -> None:
    """Raises: OaError -201 (a wrong shape), -210 (beyond a limit), -100 (an upload that expired)."""
    _is(isinstance(message, dict) and bool(message), "message is empty")
    _only(message, {"text", "attachment", "quote_message_id"})
    text, attachment = message.get("text"), message.get("attachment")
    _is(text is None or isinstance(text, str), "text is invalid")
    _is(attachment is not None or bool((text or "").strip()), "text is empty")
    if len(text or "") > 2000:
        raise OaError(-210, "text is too long")
    if "quote_message_id" in message:
        known = [one["message_id"] for person in world.people.values() for one in person.said]
        _is(message["quote_message_id"] in known, "quote_message_id is invalid")
    if attachment is not None:
        _check_attachment(world, message, attachment)


def check_upload(kind: str, name: str, content: bytes) -> None:
    """Raises: OaError."""
    limit = MEGABYTE if kind == "image" else 5 * MEGABYTE
    if len(content) > limit:
        raise OaError(-210, "file size is beyond limit")
    fits = {
        "image": content.startswith(PICTURES),
        "gif": content.startswith(b"GIF8"),
        "file": name.lower().endswith(PAPERS),
    }
    _is(fits[kind], "file type is not supported")


def _check_attachment(world: World, message: Mapping[str, Any], attachment: Any) -> None:
    _is(isinstance(attachment, dict) and isinstance(attachment.get("payload"), dict), "attachment is invalid")
    payload = attachment["payload"]
    if attachment.get("type") == "file":
        _is(set(message) == {"attachment"} and set(payload) == {"token"}, "file takes a token only")
        world.use(payload["token"], "file")
        return
    _is(attachment.get("type") == "template", "attachment type is unknown")
    match payload.get("template_type"):
        case None:
            _only(payload, {"buttons"})
            _is(bool((message.get("text") or "").strip()), "text is empty")
            _check_buttons(payload.get("buttons"))
        case "media":
            _check_media(world, payload)
        case "request_user_info":
            _check_form(payload)
        case _:
            raise OaError(-233, "template_type is not supported")


def _check_media(world: World, payload: Mapping[str, Any]) -> None:
    _only(payload, {"template_type", "elements", "buttons"})
    elements = payload.get("elements")
    _is(isinstance(elements, list) and len(elements) == 1 and isinstance(elements[0], dict), "elements: exactly one")
    element = payload["elements"][0]
    kind = element.get("media_type")
    _is(kind in ("image", "gif", "sticker"), "media_type is unknown")
    _is(("url" in element) != ("attachment_id" in element), "url or attachment_id, one of the two")
    _is(kind != "gif" or {"width", "height"} <= set(element), "gif needs width and height")
    if "url" in element:
        _is(urlsplit(str(element["url"])).scheme in ("http", "https"), "url is invalid")
    elif kind != "sticker":
        world.use(element["attachment_id"], kind)
    if "buttons" in payload:
        _check_buttons(payload["buttons"])


def _check_form(payload: Mapping[str, Any]) -> None:
    elements = payload.get("elements")
    _is(isinstance(elements, list) and len(elements) == 1, "elements: exactly one")
    _is(set(payload["elements"][0]) == {"title", "subtitle", "image_url"}, "title, subtitle and image_url")


def _check_buttons(buttons: Any) -> None:
    _is(isinstance(buttons, list) and 1 <= len(buttons) <= 5, "buttons: one to five")
    for button in buttons:
        _is(isinstance(button, dict), "button is invalid")
        _only(button, {"title", "type", "payload", "image_icon"})
        title = button.get("title")
        _is(isinstance(title, str) and 0 < len(title) <= 100, "title is invalid")
        _is(button.get("type") in _BUTTONS, "button type is unknown")
        _check_payload(_BUTTONS[button["type"]], button.get("payload"))


def _check_payload(wanted: set[str] | None, payload: Any) -> None:
    if wanted is None:
        _is(isinstance(payload, str) and 0 < len(payload) <= 1000, "payload is invalid")
    else:
        _is(isinstance(payload, dict) and set(payload) == wanted, "payload is invalid")


def _only(given: Mapping[str, Any], names: set[str]) -> None:
    _is(set(given) <= names, f"unknown field {sorted(set(given) - names)}")


def _is(fine: bool, otherwise: str) -> None:
    if not fine:
        raise OaError(-201, otherwise)
