"""Who of the workbook is who of the database: by code, by name and unit, and in doubt by asking."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.core import roster_places
from bot.core.names import Likeness, key, likeness, spelling
from bot.core.places import Gazetteer, Place
from bot.core.roster import Finding, Known, Line, What
from bot.core.roster_plan import Change, Doubt, Entry, Plan, Verdicts, Why
from bot.core.roster_twins import Twin, twins

_TOO_MANY = 250_000  # pairs within one unit to compare letter by letter


@dataclass(frozen=True, slots=True)
class Register:
    """All that the database knows: its people, its units and chi bộ with their other names, the codes in use."""

    people: Sequence[Known] = ()
    units: Sequence[Place] = ()
    cells: Sequence[Place] = ()
    unit_codes: Collection[str] = ()
    cell_codes: Collection[str] = ()


def plan(lines: Sequence[Line], register: Register, verdicts: Verdicts | None = None) -> Plan:
    """What these lines would change. `verdicts`: the answers to the doubts of an earlier plan, by their keys."""
    return _Matcher(register, verdicts or {}).plan(lines)


class _Matcher:
    """Works off the entries; `_free` are the people nobody has been found to be yet."""

    def __init__(self, register: Register, verdicts: Verdicts) -> None:
        self._register, self._verdicts = register, verdicts
        self._by_code = {known.code: known for known in register.people}
        self._free = {known.id: known for known in register.people}
        self._plan = Plan()

    def plan(self, lines: Sequence[Line]) -> Plan:
        placed = list(self._placed(lines))
        told = {entry.unit.id for entry in placed if entry.unit}
        entries = self._by_their_codes(placed)
        rest = self._each_once(entries, self._by_name_and_unit(entries))
        missing = _Missing(self._free, told)
        for entry in rest:
            self._somebody_else(entry, *missing.like(entry, len(rest)))
        self._plan.gone = [known for known in self._free.values() if known.unit_id in told and _is_gone(known)]
        return self._plan

    def _placed(self, lines: Sequence[Line]) -> Iterator[Entry]:
        """The lines whose places are clear."""
        register, plan = self._register, self._plan
        lines = list(self._with_units(lines))
        units = roster_places.units(lines, register.units, register.unit_codes, self._verdicts)
        cells = roster_places.cells(lines, register.cells, register.cell_codes, self._verdicts)
        plan.units, plan.unit_aliases = units.new, units.aliases
        plan.cells, plan.cell_aliases = cells.new, cells.aliases
        plan.place_doubts = (*units.doubts, *cells.doubts)
        for line in lines:
            if units.is_open(line.unit) or cells.is_open(line.cell):
                plan.held += 1
            else:
                yield Entry(line, units.of(line.unit), cells.of(line.cell))

    def _with_units(self, lines: Sequence[Line]) -> Iterator[Line]:
        """Where no unit is written, the chi bộ names it."""
        known = Gazetteer(self._register.units)
        told: set[str] = set()
        for line in lines:
            if line.unit or not line.cell or line.code in self._by_code:
                yield line
                continue
            if line.sheet not in told:
                self._plan.findings.append(Finding(What.UNIT_FROM_CELL, line.sheet))
            told.add(line.sheet)
            yield replace(line, unit=roster_places.unit_of_cell(line.cell, known))

    def _by_their_codes(self, entries: list[Entry]) -> list[Entry]:
        """Entries that are nobody's yet; those with somebody's code are done, or asked about."""
        used: set[str] = set()
        left = []
        for entry in entries:
            code = entry.line.code
            if code in used:
                self._note(What.CODE_TWICE, entry)
                left.append(_without_code(entry))
            elif not code or code not in self._by_code:
                left.append(entry)
            elif kept := self._with_code(entry, self._by_code[code]):
                left.append(kept)
            used |= {code} if code else set()
        return left

    def _with_code(self, entry: Entry, known: Known) -> Entry | None:
        if likeness(entry.line.name, known.name) or self._settled(Doubt(Why.CODE, entry, known), "same"):
            self._same(entry, known)
            return None
        return _without_code(entry) if self._verdict(entry) == "new" else None

    def _by_name_and_unit(self, entries: Sequence[Entry]) -> set[int]:
        """The places of entries that are nobody's yet. Of namesakes first the one of the same chi bộ."""
        waiting: dict[tuple[str, int], list[Known]] = defaultdict(list)
        for known in self._free.values():
            waiting[spelling(known.name), known.unit_id or 0].append(known)
        rest = set()
        for at, entry in enumerate(entries):
            namesakes = waiting.get((spelling(entry.line.name), entry.unit.id), []) if entry.unit else []
            if namesakes and entry.unit and entry.unit.id:
                best = min(namesakes, key=lambda known: _distance(entry, known))
                namesakes.remove(best)
                self._same(entry, best)
            else:
                rest.add(at)
        return rest

    def _each_once(self, entries: Sequence[Entry], rest: set[int]) -> list[Entry]:
        """The entries at these places without those that are another one once more."""
        for at, how, other in list(twins(entries, rest)):
            entry = entries[at]
            why = Why.TWO_UNITS if how is Twin.ELSEWHERE else Why.TWICE
            if how is Twin.ONE:
                self._note(What.WRITTEN_TWICE, entry)
                self._plan.dropped += 1
                rest.discard(at)
            elif not self._settled(Doubt(why, entry, None, entries[other]), "new"):
                self._plan.dropped += self._verdict(entry) == "same"
                rest.discard(at)
        return [entries[at] for at in sorted(rest)]

    def _somebody_else(self, entry: Entry, known: Known | None, why: Why) -> None:
        """Nobody of this name in this unit: somebody new; or moved, or written differently until now."""
        if entry.unit is None:
            self._note(What.NO_UNIT, entry)
        elif known and self._settled(Doubt(why, entry, known), "same"):
            self._same(entry, known)
        elif known is None or self._verdict(entry) == "new":
            self._plan.adds.append(entry)

    def _same(self, entry: Entry, known: Known) -> None:
        del self._free[known.id]
        fields = tuple(_differences(entry, known))
        if fields:
            self._plan.changes.append(Change(known, entry, fields))
        else:
            self._plan.same += 1

    def _verdict(self, entry: Entry) -> str:
        return self._verdicts.get(f"{entry.line.sheet}:{entry.line.row}", "hold")

    def _settled(self, doubt: Doubt, wanted: str) -> bool:
        """Whether it was answered like this. A doubt that nobody answered is put to people, and holds its line."""
        verdict = self._verdict(doubt.entry)
        if verdict == "hold":
            self._plan.doubts.append(doubt)
            self._plan.held += 1
            self._free.pop(doubt.known.id if doubt.known else 0, None)
        return verdict == wanted

    def _note(self, what: What, entry: Entry) -> None:
        self._plan.findings.append(Finding(what, entry.line.sheet, entry.line.row))


class _Missing:
    """The people not found in the workbook, for whom a line may be meant after all."""

    def __init__(self, free: Mapping[int, Known], told: Collection[int]) -> None:
        self._free, self._told = free, told
        self._by_key: dict[str, list[Known]] = defaultdict(list)
        self._by_unit: dict[int, list[Known]] = defaultdict(list)
        for known in free.values():
            self._by_key[key(known.name)].append(known)
            self._by_unit[known.unit_id or 0].append(known)

    def like(self, entry: Entry, lines: int) -> tuple[Known | None, Why]:
        """Somebody of this name who is gone from another unit, else of nearly this name in the same one."""
        alike = [known for known in self._by_key.get(key(entry.line.name), ()) if known.id in self._free]
        for known in alike:
            if spelling(known.name) == spelling(entry.line.name) and self._is_missed(known):
                return known, Why.MOVED
        unit = entry.unit.id if entry.unit else 0
        here = (known for known in alike if known.unit_id == unit and not known.left)
        return next(here, None) or self._one_letter_off(entry, unit, lines), Why.RESPELT

    def _is_missed(self, known: Known) -> bool:
        """The workbook tells of the unit but not of the person; or they belong to none."""
        return known.left or known.unit_id is None or known.unit_id in self._told

    def _one_letter_off(self, entry: Entry, unit: int, lines: int) -> Known | None:
        here = self._by_unit.get(unit, []) if unit else []
        if len(here) * lines > _TOO_MANY:
            return None
        free = (known for known in here if known.id in self._free and not known.left)
        return next((known for known in free if likeness(known.name, entry.line.name) is Likeness.NEAR), None)


def _is_gone(known: Known) -> bool:
    return known.counted and not known.left


def _without_code(entry: Entry) -> Entry:
    return replace(entry, line=replace(entry.line, code=None))


def _distance(entry: Entry, known: Known) -> tuple[bool, bool, bool, int]:
    cell = entry.cell.id if entry.cell else known.cell_id
    return known.left, cell != known.cell_id, entry.line.phone != known.phone, known.id


def _differences(entry: Entry, known: Known) -> Iterator[str]:
    """The columns of `person` in which the line tells something else."""
    line = entry.line
    if spelling(line.name) != spelling(known.name):
        yield "name"
    if entry.unit and entry.unit.id != known.unit_id:
        yield "unit_id"
    if entry.cell and entry.cell.id != known.cell_id:
        yield "cell_id"
    if line.kind and line.kind != known.kind:
        yield "kind"
    if line.exempt is not None and line.exempt != known.exempt:
        yield "exempt"
    if line.phone and line.phone != known.phone:
        yield "phone"
    if known.left:
        yield "left_at"
