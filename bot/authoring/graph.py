"""The way through a guide as a drawing: steps go down, forks go sideways. Places only; the template draws."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.guide import Guide, Step

WIDTH, HEIGHT, GAP_X, GAP_Y, MARGIN = 190, 46, 34, 44, 90

EXITS = {"end": "Hết bài", "menu": "Danh sách việc", "help": "Nhờ người giúp"}


@dataclass(frozen=True, slots=True)
class Node:
    """A box; `x`, `y` are its upper left corner in SVG units."""

    name: str
    label: str
    x: int
    y: int
    is_step: bool

    @property
    def middle(self) -> int:
        return self.x + WIDTH // 2


@dataclass(frozen=True, slots=True)
class Edge:
    """An arrow: an SVG path, and what was chosen to go this way."""

    path: str
    label: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything to draw, and how large the sheet is."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    width: int
    height: int


def draw(guide: Guide) -> Drawing:
    """Lay out one guide. Cards stand side by side: nobody walks from one to the next."""
    ways = [] if guide.kind == "cards" else list(_ways(guide))
    names = list(dict.fromkeys([*(step.id for step in guide.steps), *(to for _, to, _ in ways)]))
    nodes = _place(guide, names, _depths(guide, names, ways))
    edges = tuple(_edge(nodes[start], nodes[to], label) for start, to, label in ways)
    width = max(node.x for node in nodes.values()) + WIDTH + MARGIN
    height = max(node.y for node in nodes.values()) + HEIGHT + GAP_Y
    return Drawing(tuple(nodes.values()), edges, width, height)


def _ways(guide: Guide) -> Iterator[tuple[str, str, str]]:
    """From, to, chosen label."""
    for step in guide.steps:
        if not step.choices:
            yield step.id, _target(guide, step, "next"), ""
        for option in step.choices:
            yield step.id, _target(guide, step, option.go), option.label


def _target(guide: Guide, step: Step, go: str) -> str:
    following = guide.after(step.id)
    if go == "next":
        return following.id if following else "end"
    return go


def _depths(guide: Guide, names: list[str], ways: list[tuple[str, str, str]]) -> dict[str, int]:
    """The row of each box: steps as soon as they can be reached, ways out below everything that leads there."""
    if guide.kind == "cards":
        return {name: place // 4 for place, name in enumerate(names)}
    depths = _walked(guide, ways)
    for place, step in enumerate(guide.steps):
        depths.setdefault(step.id, place)
    for name in names:
        if guide.step(name) is None:
            depths[name] = 1 + max(depths[start] for start, to, _ in ways if to == name)
    return depths


def _walked(guide: Guide, ways: list[tuple[str, str, str]]) -> dict[str, int]:
    depths = {guide.steps[0].id: 0}
    todo = deque(depths)
    while todo:
        here = todo.popleft()
        new = [to for start, to, _ in ways if start == here and guide.step(to) and to not in depths]
        depths |= dict.fromkeys(new, depths[here] + 1)
        todo += new
    return depths


def _place(guide: Guide, names: list[str], depths: dict[str, int]) -> dict[str, Node]:
    taken: Counter[int] = Counter()
    nodes: dict[str, Node] = {}
    for name in names:
        row = depths[name]
        x = MARGIN + taken[row] * (WIDTH + GAP_X)
        step = guide.step(name)
        label = _short(step.do) if step else EXITS.get(name, f"Bài {name}")
        nodes[name] = Node(name, label, x, GAP_Y // 2 + row * (HEIGHT + GAP_Y), step is not None)
        taken[row] += 1
    return nodes


def _edge(start: Node, to: Node, label: str) -> Edge:
    """Downwards a straight arrow; back up, or past boxes of the same column, round the side."""
    x1, y1, x2, y2 = start.middle, start.y + HEIGHT, to.middle, to.y
    next_row = start.y < to.y <= start.y + HEIGHT + GAP_Y
    if next_row or (to.y > start.y and x1 != x2):
        return Edge(f"M{x1},{y1} L{x2},{y2 - 3}", label, (x1 + x2) // 2, (y1 + y2) // 2)
    y1, y2 = start.y + HEIGHT // 2, to.y + HEIGHT // 2
    side = start.x - 20 - min(abs(y2 - y1) // 8, MARGIN - 25)
    bend = f"M{start.x},{y1} C{side},{y1} {side},{y2} {to.x - 3},{y2}"
    return Edge(bend, label, max(side - 56, 0), (y1 + y2) // 2)


def _short(text: str) -> str:
    words = text.replace("{Bac}", "Bác").replace("{bac}", "bác")
    return words if len(words) <= 27 else words[:26] + "…"
