"""Logs: one JSON object a line, and no secret in it, however it came there."""

from __future__ import annotations

import json
import logging
from urllib.parse import quote

import pytest

from bot import logs
from bot.logs import BLANK, JsonLines, Scrubber

TOKEN = "123456789:AAF-abc_DEF0123456789abcdefghijklmn"
PASSWORD = 'p"ass\\wörd'


@pytest.fixture
def formatter() -> JsonLines:
    return JsonLines(Scrubber([TOKEN, PASSWORD, "ngan"]))


def record(message: str, *args: object, **extra: object) -> logging.LogRecord:
    made = logging.makeLogRecord({"msg": message, "args": args, "levelname": "INFO", "name": "camtay.thu"})
    made.__dict__.update(extra)
    return made


def test_a_line_is_one_object_with_action_and_details(formatter: JsonLines) -> None:
    details = {"job": "dọn\nnhà", "rows": {"sent": 3}, "ratio": 0.5, "nothing": None, "tags": ["a", 1]}
    line = formatter.format(record("job.done", **details))
    entry = json.loads(line)
    assert "\n" not in line
    assert entry["action"] == "job.done"
    assert {name: entry[name] for name in details} == details
    assert entry["at"].endswith("+00:00")


OTHER_TOKEN = "987654321:BBxyz_0123456789abcdefghijklmnopq"
ZALO_TOKEN = "1459232241454765289:Fake-secret_of.bot~0-0123456789"


@pytest.mark.parametrize("token", [TOKEN, OTHER_TOKEN, ZALO_TOKEN, "1459232241454765289:abc-xyz.q~"])
@pytest.mark.parametrize("spelt", [str, lambda t: quote(t, safe=""), lambda t: t.replace(":", "&#x3a;"), str.upper])
def test_tokens_are_blanked_in_every_spelling(formatter: JsonLines, token: str, spelt: object) -> None:
    shown = spelt(token)  # type: ignore[operator]
    line = formatter.format(record("GET https://api.example/bot%s/getMe", shown, url=f"/bot{shown}/x"))
    assert shown not in line
    assert token.partition(":")[2][-20:].lower() not in line.lower()
    assert line.count(BLANK) == 2, line


def test_a_secret_that_came_into_being_while_running_is_blanked_too(capfd: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        logs.start([TOKEN])
        for number in range(70):  # of many the oldest are forgotten, those of the settings never
            logs.hide(f"access-token-number-{number}")
        for shown in ("access-token-number-69", "access-token-number-6", "access-token-number-0.", TOKEN):
            logging.getLogger("camtay").warning("say %s", shown)
    finally:
        for handler in root.handlers:
            handler.flush()
        root.handlers[:], root.level = handlers, level
    lines = capfd.readouterr().err.splitlines()
    assert [BLANK in line for line in lines] == [True, True, False, True]


def test_a_short_word_is_no_secret() -> None:
    scrubber = Scrubber([])
    for word in ("", "abc", "a-long-word", "a-long-word"):
        scrubber.hide(word)
    assert scrubber.clean("abc a-long-word") == f"abc {BLANK}"


@pytest.mark.parametrize(
    "innocent",
    [
        "lúc 12:30:15 ngày 24/11",
        "2026-11-24T12:30:15.123456+07:00",
        "http://127.0.0.1:8080/hooks/zalo_bot/x",
        "[2001:db8:85a3::8a2e:370:7334]:8443",
        "dòng 100234:bot.channels.zalo_bot_polling.run",
        "bot 1 (1459232241454765289): Unauthorized",
        "outbox:123456:sent",
    ],
)
def test_times_ports_and_names_are_no_tokens(innocent: str) -> None:
    assert Scrubber([]).without_tokens(innocent) == innocent


def test_a_known_secret_is_blanked_also_inside_json(formatter: JsonLines) -> None:
    line = formatter.format(record("thu", why=PASSWORD))
    assert "wörd" not in line
    json.loads(line)


def test_secrets_of_people_are_blanked_in_message_details_and_exceptions(formatter: JsonLines) -> None:
    words = "mật khẩu là Hoa@1955xyz"
    try:
        raise ValueError(words)
    except ValueError as error:
        failed = record("hỏng", exc_info=(type(error), error, error.__traceback__))
    nested = record("thu", detail={"text": [words]}, error=ValueError(words))
    for each in (record(words), record("nói: %s", words), nested, failed):
        assert "Hoa@1955xyz" not in formatter.format(each)


def test_numbers_and_references_stay_readable(formatter: JsonLines) -> None:
    entry = json.loads(formatter.format(record("turn.failed", reference="S12345678", row=123456, port=8080)))
    assert (entry["reference"], entry["row"], entry["port"]) == ("S12345678", 123456, 8080)


@pytest.mark.parametrize(
    "odd", [record("%d", "chữ"), record("%s %s", 1), record("thu", o=object(), s={1, 2}, t={(1,): 2})]
)
def test_odd_records_are_lines_too(formatter: JsonLines, odd: logging.LogRecord) -> None:
    json.loads(formatter.format(odd))


def test_the_root_handler_scrubs_what_libraries_say(capfd: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        logs.start([TOKEN])
        logging.getLogger("some.library").warning("calling /bot%s/sendMessage \ud800", TOKEN)
        logging.getLogger("httpx").info("HTTP Request: /bot%s/x", TOKEN)
    finally:
        for handler in root.handlers:
            handler.flush()
        root.handlers[:], root.level = handlers, level
    shown = capfd.readouterr().err
    assert shown.count("\n") == 1
    assert TOKEN not in shown
    assert BLANK in shown
