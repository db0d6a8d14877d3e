"""Which part of the house a message is for. Data in, decision out; order of registration never matters.

Every address is `<handler>:<name>[:<argument>...]`: a screen one can be at, or an action one can tap.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from inspect import Parameter, signature
from typing import Any, TypeVar

from bot.core.errors import DuplicateName

Handler = Callable[..., Any]
F = TypeVar("F", bound=Handler)


@dataclass(frozen=True, slots=True)
class Address:
    """`guide:step:android:AND-3` taken apart."""

    handler: str
    name: str
    args: tuple[str, ...] = ()

    @staticmethod
    @lru_cache(maxsize=4096)
    def parse(text: str) -> Address:
        handler, _, rest = text.partition(":")
        name, *args = rest.split(":")
        return Address(handler, name, tuple(args))

    def __str__(self) -> str:
        return ":".join((self.handler, self.name, *self.args))

    @property
    def route(self) -> str:
        return f"{self.handler}:{self.name}"


@dataclass(slots=True)
class Routes:
    """What one handler file offers. Decorate its functions; `discover` collects the result.

    screen: a place one can be at and come back to. `fn(ctx, *args) -> Reply`
    tap: an action behind a button. `fn(ctx, *args) -> Answer`; `always`: also from an old button
    command: `/name` (ASCII). `fn(ctx, rest) -> Answer`; the block `command_<name>` of its texts describes it
    intent: something understood in free text. `fn(ctx) -> Answer`
    hears: free text typed while at the screen of that name. `fn(ctx, text, *args) -> Answer | None`;
        None means: not for me, understand it as usual. `first`: it knows its answers so exactly that it
        is asked even before a call for help is heard
    """

    name: str
    screens: dict[str, Handler] = field(default_factory=dict)
    taps: dict[str, Handler] = field(default_factory=dict)
    always: set[str] = field(default_factory=set)
    commands: dict[str, Handler] = field(default_factory=dict)
    intents: dict[str, Handler] = field(default_factory=dict)
    ears: dict[str, Handler] = field(default_factory=dict)
    sharp: set[str] = field(default_factory=set)

    def screen(self, name: str) -> Callable[[F], F]:
        return self._keep(self.screens, f"{self.name}:{name}")

    def tap(self, name: str, *, always: bool = False) -> Callable[[F], F]:
        if always:
            self.always.add(f"{self.name}:{name}")
        return self._keep(self.taps, f"{self.name}:{name}")

    def command(self, name: str) -> Callable[[F], F]:
        return self._keep(self.commands, name)

    def intent(self, *names: str) -> Callable[[F], F]:
        def keep(function: F) -> F:
            for name in names:
                self._keep(self.intents, name)(function)
            return function

        return keep

    def hears(self, screen: str, *, first: bool = False) -> Callable[[F], F]:
        if first:
            self.sharp.add(f"{self.name}:{screen}")
        return self._keep(self.ears, f"{self.name}:{screen}")

    def _keep(self, table: dict[str, Handler], key: str) -> Callable[[F], F]:
        def keep(function: F) -> F:
            _add(table, key, function)
            return function

        return keep


def _add(table: dict[str, Handler], key: str, value: Handler) -> None:
    if key in table:
        raise DuplicateName(f"two handlers are called {key!r}")
    table[key] = value


@dataclass(frozen=True, slots=True)
class Book:
    """The routes of all handlers, merged; built once at start."""

    screens: Mapping[str, Handler]
    taps: Mapping[str, Handler]
    always: frozenset[str]
    commands: Mapping[str, Handler]
    intents: Mapping[str, Handler]
    ears: Mapping[str, Handler]
    sharp: frozenset[str]  # screens whose ear comes first
    described_by: Mapping[str, str]  # command -> name of the handler whose texts describe it

    @classmethod
    def bind(cls, parts: Iterable[Routes]) -> Book:
        """Merge, refusing to start when two parts use one name.

        Raises:
            DuplicateName: naming the name.
        """
        parts = list(parts)
        merged: tuple[dict[str, Handler], ...] = ({}, {}, {}, {}, {})
        always = frozenset(key for part in parts for key in part.always)
        sharp = frozenset(key for part in parts for key in part.sharp)
        for part in parts:
            tables = (part.screens, part.taps, part.commands, part.intents, part.ears)
            for table, own in zip(merged, tables, strict=True):
                for key, value in own.items():
                    _add(table, key, value)
        described_by = {command: part.name for part in parts for command in part.commands}
        return cls(merged[0], merged[1], always, merged[2], merged[3], merged[4], sharp, described_by)

    def screen(self, address: str) -> Handler | None:
        return self.screens.get(Address.parse(address).route)

    def leads_somewhere(self, key: str) -> bool:
        """Whether a choice with this key does anything: it is an action or a screen."""
        route = Address.parse(key).route
        return route in self.taps or route in self.screens

    def takes(self, key: str) -> bool:
        """Whether it also has as many arguments as the action or screen wants: an old or made-up key may not."""
        address = Address.parse(key)
        handler = self.taps.get(address.route) or self.screens.get(address.route)
        least, most = _arity(handler) if handler else (1, 0)
        return least <= len(address.args) <= most


@cache
def _arity(handler: Handler) -> tuple[int, int]:
    """How many arguments a handler takes behind its context: at least, at most."""
    own = list(signature(handler).parameters.values())[1:]
    named = [each for each in own if each.kind is not Parameter.VAR_POSITIONAL]
    most = len(named) if named == own else sys.maxsize
    return sum(each.default is Parameter.empty for each in named), most
