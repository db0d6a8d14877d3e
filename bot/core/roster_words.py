"""What was found in a workbook and what it would change, in the office's words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from bot.core.roster import Finding, Known, Reading, Weight, What
from bot.core.roster_places import PlaceDoubt
from bot.core.roster_plan import Change, Doubt, Entry, Plan, Why

_SAID: Final[dict[What, str]] = {
    What.NO_LIST: "không thấy dòng tiêu đề có “Họ và tên”, trang này không được đọc",
    What.HIDDEN: "trang đang ẩn, không đọc; cần thì bỏ ẩn rồi nhập lại",
    What.NO_NAME: "thiếu họ tên",
    What.NAME_HAS_NUMBERS: "ô họ tên có số, xem có điền nhầm cột không",
    What.NAME_IS_NO_NAME: "ô họ tên không giống tên người, xem có điền nhầm cột không",
    What.NAME_OF_ONE_WORD: "tên chỉ có một chữ, xem đã đủ họ chưa (vẫn nhập)",
    What.NO_UNIT: "không biết người này ở thôn hay đơn vị nào",
    What.NOT_A_PLACE: "không phải tên đơn vị hay chi bộ, xem có điền nhầm cột không; ô này không được giữ",
    What.PRIVATE_IN_NOTE: "ghi chú có số giấy tờ, ngày sinh hoặc số điện thoại; phần ghi chú không được giữ",
    What.KIND_UNCLEAR: "không rõ là chính thức hay dự bị, giữ như cũ (người mới: chính thức)",
    What.EXEMPT_UNCLEAR: "không rõ có được miễn sinh hoạt không, giữ như cũ (người mới: không miễn)",
    What.PHONE_ODD: "số điện thoại không gọi được (sai số chữ số hoặc đầu số); số này không được giữ",
    What.CODE_ODD: "mã không phải mã của Cầm Tay (chữ rồi số, như NP03); không dùng",
    What.CODE_TWICE: "mã này đã có ở dòng trên; tìm theo tên",
    What.UNCALCULATED: "ô là công thức chưa tính; mở bằng Excel, bấm Lưu rồi nhập lại",
    What.BROKEN_FORMULA: "công thức báo lỗi (#REF!, #N/A…)",
    What.FILLED_DOWN: "chỉ ghi ở dòng đầu mỗi nhóm, các dòng dưới được hiểu giống dòng trên",
    What.KIND_BY_DATE: "chưa có ngày chính thức nên tính là dự bị (chỉ xem có hay không, không giữ ngày)",
    What.PLACE_FROM_TITLE: "đơn vị, chi bộ lấy theo dòng tên phía trên bảng",
    What.PLACE_FROM_SHEET: "đơn vị lấy theo tên trang",
    What.UNIT_FROM_CELL: "đơn vị lấy theo tên chi bộ",
    What.WRITTEN_TWICE: "trùng hẳn với một dòng khác (cùng tên, cùng giấy tờ); chỉ lấy một",
    What.LEFT_OUT: "không lấy vào:",
    What.UNUSED: "cột không dùng đến, bỏ qua",
    What.PHONES_LEFT_OUT: "không lấy vào: số điện thoại (muốn lấy thì thêm --with-phones)",
}
_DETAILS: Final = {
    "identity": "số giấy tờ",
    "joined": "ngày vào Đảng, ngày chính thức",
    "card": "số thẻ, số hồ sơ",
    "birth": "ngày sinh, tuổi",
    "address": "địa chỉ, quê quán",
    "ethnicity": "dân tộc",
    "religion": "tôn giáo",
    "sex": "giới tính",
    "health": "sức khỏe",
    "bank": "tài khoản ngân hàng",
    "unit": "đơn vị",
    "cell": "chi bộ",
}
_FIELDS: Final = {"name": "tên", "unit_id": "đơn vị", "cell_id": "chi bộ", "kind": "chính thức/dự bị",
                  "exempt": "miễn sinh hoạt", "phone": "số điện thoại", "left_at": "có lại"}  # fmt: skip
_QUESTIONS: Final = {
    Why.MOVED: "Cùng tên với người không còn ở đơn vị cũ: có phải chuyển đơn vị không?",
    Why.RESPELT: "Tên gần giống một người cùng đơn vị không còn trong tệp: có phải sửa tên không?",
    Why.TWICE: "Cùng tên, cùng đơn vị: ghi trùng hay là hai người?",
    Why.CODE: "Mã là của một người tên khác hẳn: có phải đổi tên không?",
    Why.TWO_UNITS: "Có vẻ một người được ghi ở hai đơn vị: có đúng là một người không?",
}
ANSWERS: Final = {
    Why.MOVED: ("Đúng, chuyển đơn vị", "Không, là người khác"),
    Why.RESPELT: ("Đúng, sửa tên", "Không, là người khác"),
    Why.TWICE: ("Ghi trùng, bỏ dòng này", "Là hai người"),
    Why.CODE: ("Đúng, đổi tên", "Không, đừng theo mã"),
    Why.TWO_UNITS: ("Một người, bỏ dòng này", "Là hai người"),
}
"""The labels for "same" and for "new"."""

_SHOWN: Final = 12
_PLACES_SHOWN: Final = 150  # a commune's units and chi bộ, all of them
_ROWS_SHOWN: Final = 8
_SHEETS_SHOWN: Final = 3


Section = tuple[str, list[str]]
"""A title, and what stands below it."""


def number(count: int) -> str:
    """1600 → "1.600", as it is written in Vietnam."""
    return f"{count:,}".replace(",", ".")


def summary(plan: Plan, reading: Reading) -> str:
    """All of it in one sentence."""
    refused = sum(1 for finding in (*reading.findings, *plan.findings) if finding.weight is Weight.ERROR)
    look = plan.held + refused
    tail = f"; {number(look)} dòng cần xem" if look else ""
    return f"{number(plan.people)} người: {_counts(plan)}{tail}."


def _counts(plan: Plan) -> str:
    told = ((len(plan.adds), "mới"), (len(plan.changes), "đổi"), (plan.same, "không đổi"))
    return ", ".join(f"{number(count)} {word}" for count, word in told)


def sections(plan: Plan, reading: Reading, units: dict[int, str], *, leaving: bool = False) -> Iterator[Section]:
    """All there is to say before anything is written: what is wrong, what is new, what changes, what is in doubt."""
    told = (*reading.findings, *plan.findings)
    gone_ = "sẽ ghi là đã thôi, vai trò (nếu có) cũng hết" if leaving else "vẫn giữ nguyên"
    waiting = [place_doubt(each) for each in plan.place_doubts] + [doubt(each, units) for each in plan.doubts]
    every = (
        ("Không nhập được", findings(told, Weight.ERROR)),
        ("Còn ngờ, chưa nhập", iter(waiting)),
        ("Nên xem lại", findings(told, Weight.WARNING)),
        ("Đơn vị, chi bộ mới", places(plan)),
        ("Thay đổi", changes(plan.changes)),
        (f"{number(len(plan.gone))} người không còn trong tệp ({gone_})", gone(plan.gone)),
        ("Để biết", findings(told, Weight.NOTE)),
    )
    for title, lines in every:
        if shown := list(lines):
            yield title, shown


def findings(found: Iterable[Finding], weight: Weight) -> Iterator[str]:
    """The findings of this weight; those alike in one line, be it for many rows or for many sheets."""
    rows: dict[tuple[str, str, What, str], list[int]] = defaultdict(list)
    for finding in found:
        if finding.weight is weight:
            rows[finding.sheet, finding.column, finding.what, finding.detail].append(finding.row)
    sheets: dict[tuple[str, str, What, str], list[str]] = defaultdict(list)
    for (sheet, column, what, detail), told in rows.items():
        sheets[_rows(told), column, what, detail].append(sheet)
    for (told_rows, column, what, detail), names in sheets.items():
        where = ", ".join(filter(None, (_sheets(names), told_rows, f"cột {column}" if column else "")))
        yield f"{where}: {_SAID[what]}{f' {_DETAILS[detail]}' if detail in _DETAILS else ''}"


def _sheets(names: Sequence[str]) -> str:
    shown = ", ".join(f"“{name}”" for name in names[:_SHEETS_SHOWN])
    return f"Trang {shown}" + (f" và {len(names) - _SHEETS_SHOWN} trang nữa" if len(names) > _SHEETS_SHOWN else "")


def _rows(rows: Sequence[int]) -> str:
    told = [row for row in rows if row]
    if not told:
        return ""
    shown = ", ".join(map(str, told[:_ROWS_SHOWN]))
    more = f" … ({number(len(told))} dòng)" if len(told) > _ROWS_SHOWN else ""
    return f"dòng {shown}{more}"


def places(plan: Plan) -> Iterator[str]:
    """Units and chi bộ that would be made."""
    kinds = {"thon": "thôn", "khoi_pho": "khối phố", "co_quan": "cơ quan"}
    new = [f"Đơn vị mới: {unit.name} ({kinds.get(unit.kind, unit.kind)}, mã {unit.code})" for unit in plan.units]
    new += [f"Chi bộ mới: {cell.name} (mã {cell.code})" for cell in plan.cells]
    yield from new[:_PLACES_SHOWN]
    if len(new) > _PLACES_SHOWN:
        yield f"… và {number(len(new) - _PLACES_SHOWN)} nơi nữa"


def place_doubt(doubt: PlaceDoubt) -> str:
    what = "Chi bộ" if doubt.which == "cell" else "Đơn vị"
    return f"{what} “{doubt.said}” ({number(doubt.lines)} dòng): có phải là “{doubt.perhaps.name}” không?"


def doubts(found: Iterable[Doubt]) -> Iterator[tuple[Why, str, list[Doubt]]]:
    """The questions, and whom each is about."""
    by_why: dict[Why, list[Doubt]] = defaultdict(list)
    for doubt in found:
        by_why[doubt.why].append(doubt)
    yield from ((why, _QUESTIONS[why], group) for why, group in by_why.items())


def doubt(found: Doubt, units: dict[int, str]) -> str:
    """One of them: the line, and who it may be."""
    line = found.entry.line
    where = f"Trang “{line.sheet}”, dòng {line.row}: {_person(found.entry)}"
    if found.known:
        unit = units.get(found.known.unit_id or 0, "chưa rõ đơn vị")
        return f"{where}  ↔  {found.known.name} ({found.known.code}), {unit}"
    other = found.other
    return f"{where}  ↔  dòng {other.line.row}: {_person(other)}" if other else where


def changes(found: Sequence[Change]) -> Iterator[str]:
    """Who changes and in what; the first of them, and how many more."""
    for change in found[:_SHOWN]:
        told = ", ".join(_change(change, name) for name in change.fields)
        yield f"{change.known.name} ({change.known.code}): {told}"
    yield from _more(len(found))


def gone(found: Sequence[Known]) -> Iterator[str]:
    """Who is missing in the workbook."""
    yield from (f"{known.name} ({known.code})" for known in found[:_SHOWN])
    yield from _more(len(found))


def _more(count: int) -> Iterator[str]:
    if count > _SHOWN:
        yield f"… và {number(count - _SHOWN)} người nữa"


def _change(change: Change, name: str) -> str:
    line, entry = change.entry.line, change.entry
    new = {
        "name": line.name,
        "unit_id": entry.unit.name if entry.unit else "",
        "cell_id": entry.cell.name if entry.cell else "",
        "kind": "dự bị" if line.kind == "probationary" else "chính thức",
        "exempt": "có" if line.exempt else "không",
    }.get(name, "")
    return f"{_FIELDS[name]} → {new}" if new else _FIELDS[name]


def _person(entry: Entry) -> str:
    return ", ".join(filter(None, (entry.line.name, entry.unit.name if entry.unit else "")))
