"""`talk.yaml`: sample conversations beside a guide, played against the real engine. They are tests, too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bot.authoring.player import PAUSE, Player, Said, enter, furnish
from bot.content import Refused, read
from bot.core.messages import Kind
from bot.core.rules import Finding, Source, at, rule
from bot.core.rules_shape import Models, shape_findings
from bot.core.vietnamese import fold
from bot.turn import Desk
from storage.db import Conn
from storage.rehearsal import rewound

WRONG = rule("H01-hoi-thoai-sai", "error", "Đoạn nói chuyện mẫu phải đúng với bot.")
NO_BUTTON = rule("H02-khong-co-nut", "error", "Nút được bấm trong đoạn nói chuyện phải đang có.")
UNCLEAR = rule("H03-khong-ro-viec", "error", "Mỗi dòng có nhiều nhất một việc: say, tap hoặc send.")

_SPANS = {"phút": "minutes", "minute": "minutes", "giờ": "hours", "hour": "hours", "ngày": "days", "day": "days"}
_SPAN = re.compile(r"(\d+)\s*(" + "|".join(_SPANS) + r")s?")


class Line(BaseModel):
    """What the person does, and what must (not) be among what the bot says to it.

    With nothing done, what was said last is looked at. `wait` passes before anything is done.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    say: str | None = None
    tap: str | None = None
    send: Literal["sticker", "voice", "photo", "document", "contact", "location"] | None = None
    wait: str | None = Field(default=None, pattern=_SPAN.pattern)
    expect: tuple[str, ...] = ()
    without: tuple[str, ...] = Field(default=(), alias="not")


class Conversation(BaseModel):
    """One conversation. `start`: a guide's slug (its first step) or any choice's key."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    role: Literal["newcomer", "member", "helper", "coordinator", "secretary", "office", "party", "leader"] = Field(
        default="member", alias="as"
    )
    form: Literal["bac", "ong", "ba", "co", "chu", "anh", "chi", "dongchi"] = "bac"
    start: str | None = None
    talk: tuple[Line, ...]


MODELS: Models = {(): Conversation, ("talk",): Line}


@dataclass(frozen=True, slots=True)
class Script:
    """A conversation and where it stands: `place` in the file's list, from 0."""

    conversation: Conversation
    source: Source
    place: int

    @property
    def name(self) -> str:
        return f"{self.source.file.split('/')[-2]}: {self.conversation.name}"

    def fault(self, line: int, rule_name: str, message: str, suggestion: str = "", key: str = "") -> Finding:
        return at(
            self.source, (self.place, "talk", line, key), rule_name, f"{self.conversation.name}: {message}", suggestion
        )


def scripts(folder: Path) -> tuple[list[Script], list[Finding]]:
    """Every conversation under a guides folder, and what is wrong with their files."""
    found: list[Script] = []
    findings: list[Finding] = []
    for path in sorted(folder.glob("*/talk.yaml")):
        try:
            found += _scripts(path)
        except Refused as refused:
            findings += refused.findings
    return found, findings


def _scripts(path: Path) -> list[Script]:
    data, source = read(path)
    try:
        conversations = TypeAdapter(list[Conversation]).validate_python(data)
    except ValidationError as error:
        raise Refused(source, list(shape_findings(error.errors(), source, MODELS))) from None
    return [Script(conversation, source, place) for place, conversation in enumerate(conversations)]


def play(conn: Conn, desk: Desk, script: Script) -> list[Finding]:
    """The first line that goes otherwise than written, if any; everything done is undone again."""
    with rewound(conn):
        known = furnish(conn)
        player = Player(conn, desk)
        said = _begin(player, script.conversation, known)
        for number, line in enumerate(script.conversation.talk):
            if sum(done is not None for done in (line.say, line.tap, line.send)) > 1:
                return [script.fault(number, UNCLEAR, "một dòng có hai việc", "tách thành hai dòng")]
            heard = _do(player, line)
            if heard is None:
                labels = ", ".join(f"“{choice.label}”" for choice in player.chat.offered)
                return [script.fault(number, NO_BUTTON, f"không có nút “{line.tap}”", f"đang có: {labels}")]
            said = heard or said
            findings = list(_compare(script, number, line, said))
            if findings:
                return findings
    return []


def _begin(player: Player, conversation: Conversation, known: Mapping[str, int]) -> list[Said]:
    if conversation.role == "newcomer":
        said = player.do(Kind.START)
    else:
        enter(player, known[conversation.role], conversation.form)
        said = player.say("/menu")
    if conversation.start is None:
        return said
    if ":" in conversation.start:
        return player.tap(conversation.start)
    said = player.tap(f"guide:start:{conversation.start}")
    begin = f"guide:begin:{conversation.start}"
    return player.tap(begin) if any(choice.key == begin for choice in player.chat.offered) else said


def _do(player: Player, line: Line) -> list[Said] | None:
    """What the bot answers: nothing when nothing is done; None when the button is not there."""
    after = _span(line.wait) if line.wait else PAUSE
    if line.tap is not None:
        key = _key(player, line.tap)
        return player.tap(key, after=after) if key else None
    if line.send is not None:
        return player.do(Kind(line.send), after=after)
    if line.say is not None:
        return player.say(line.say, after=after)
    player.now += after
    return []


def _key(player: Player, label: str) -> str | None:
    offered = player.chat.offered
    exact = (choice.key for choice in offered if label in (choice.label, choice.key))
    folded = (choice.key for choice in offered if fold(choice.label) == fold(label))
    return next(exact, None) or next(folded, None)


def _span(text: str) -> timedelta:
    found = _SPAN.fullmatch(text)
    assert found is not None, "the model let it pass"
    return timedelta(**{_SPANS[found[2]]: int(found[1])})


def _compare(script: Script, number: int, line: Line, said: list[Said]) -> Iterator[Finding]:
    heard = "\n".join(message.whole for message in said)
    did = line.say or line.tap or line.send or line.wait or "bắt đầu"
    shown = " / ".join(heard.split("\n"))
    for words in line.expect:
        if words not in heard:
            message = f"sau “{did}” không thấy “{words}”"
            yield script.fault(number, WRONG, message, f"bot nói: {shown}", "expect")
    for words in line.without:
        if words in heard:
            yield script.fault(number, WRONG, f"sau “{did}” vẫn có “{words}”", f"bot nói: {shown}", "not")
