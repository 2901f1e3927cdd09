"""Bars and curves as one SVG. Bars stand shortest first: medians, with a line from the lowest to the highest
run. It brings its own background, light or dark as the reader's system has it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import cycle
from math import log10
from statistics import median

from measuring import number

_WIDTH, _MARGIN, _LABEL, _ROW, _BAR = 820, 20, 330, 24, 14
_CURVE_ROWS, _LINE = 9, 16
_DASHES = ("none", "8 4", "2 3", "8 3 2 3")
_SCALE_WIDTH = _WIDTH - _LABEL - 2 * _MARGIN - 60
_STYLE = """\
  <style>
    .ground { fill: #ffffff; } text { fill: #1f2328; font: 13px system-ui, sans-serif; }
    .title { font-weight: 600; } .spread { stroke: #1f2328; }
    .own { fill: #1a7f64; } .other { fill: #8c959f; } .axis { fill: none; stroke: #8c959f; }
    .curve { fill: none; stroke: #1a7f64; stroke-width: 2; }
    @media (prefers-color-scheme: dark) {
      .ground { fill: #0d1117; } text { fill: #e6edf3; }
      .spread { stroke: #e6edf3; } .own { fill: #3fb391; } .other { fill: #6e7681; }
      .axis { stroke: #6e7681; } .curve { stroke: #3fb391; }
    }
  </style>"""


@dataclass(frozen=True)
class Bar:
    """One program."""

    label: str
    values: Sequence[float]
    own: bool
    """Ours."""


@dataclass(frozen=True)
class Panel:
    """Bars on one scale, which begins at nought."""

    title: str
    bars: Sequence[Bar]


@dataclass(frozen=True)
class Curves:
    """Figures against a number, whose scale is of tenfold steps; the other scale begins at nought."""

    title: str
    points: Mapping[str, Sequence[tuple[float, float]]]
    """By label; all have the same numbers, in order."""


def draw(panels: Sequence[Panel | Curves]) -> str:
    top = _MARGIN
    lines: list[str] = []
    for panel in panels:
        lines += _bars(panel, top) if isinstance(panel, Panel) else _curves(panel, top)
        top += _height(panel)
    titles = "; ".join(panel.title for panel in panels)
    size = f'width="{_WIDTH}" height="{top}" viewBox="0 0 {_WIDTH} {top}"'
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title">',
        f'  <title id="title">{escape(titles)}</title>',
        _STYLE,
        f'  <rect class="ground" width="{_WIDTH}" height="{top}" rx="6"/>',
    ]
    return "\n".join([*head, *lines, "</svg>", ""])


def _height(panel: Panel | Curves) -> int:
    return _ROW * ((len(panel.bars) if isinstance(panel, Panel) else _CURVE_ROWS) + 2)


def _title(text: str, top: int) -> str:
    return f'  <text class="title" x="{_MARGIN}" y="{top + 12}">{escape(text)}</text>'


def _bars(panel: Panel, top: int) -> Iterator[str]:
    yield _title(panel.title, top)
    scale = _SCALE_WIDTH / max(max(bar.values) for bar in panel.bars)
    left = _MARGIN + _LABEL
    for place, bar in enumerate(sorted(panel.bars, key=lambda bar: median(bar.values)), 1):
        y = top + place * _ROW
        middle = y + _BAR / 2
        low, value, high = (scale * each for each in (min(bar.values), median(bar.values), max(bar.values)))
        kind = "own" if bar.own else "other"
        yield f'  <text x="{_MARGIN}" y="{y + 12}">{escape(bar.label)}</text>'
        yield f'  <rect class="{kind}" x="{left}" y="{y}" width="{value:.1f}" height="{_BAR}"/>'
        yield f'  <path class="spread" d="M{left + low:.1f} {middle:g}H{left + high:.1f}"/>'
        yield f'  <text x="{left + high + 6:.1f}" y="{y + 12}">{number(median(bar.values))}</text>'


def _curves(panel: Curves, top: int) -> Iterator[str]:
    yield _title(panel.title, top)
    numbers = [x for x, _ in next(iter(panel.points.values()))]
    first, steps = log10(numbers[0]), log10(numbers[-1] / numbers[0]) or 1
    most = max(y for points in panel.points.values() for _, y in points)
    left, right = 3 * _MARGIN, _WIDTH - _LABEL
    head, foot = top + 2 * _ROW, top + _CURVE_ROWS * _ROW

    def across(x: float) -> float:
        return left + (right - left) * (log10(x) - first) / steps

    def down(y: float) -> float:
        return foot - (foot - head) * y / most

    yield f'  <path class="axis" d="M{left} {head}V{foot}H{right}"/>'
    for y in (0, most):
        yield f'  <text x="{left - 6}" y="{down(y) + 4:.1f}" text-anchor="end">{number(y, 0)}</text>'
    for x in numbers:
        yield f'  <text x="{across(x):.1f}" y="{foot + 18}" text-anchor="middle">{x:,.0f}</text>'
    free = float(foot)
    named = zip(panel.points.items(), cycle(_DASHES), strict=False)
    # The lowest end first, so that no name stands on another.
    for (label, points), dashes in sorted(named, key=lambda each: each[0][1][-1][1]):
        end = down(points[-1][1])
        beside = min(end, free)
        free = beside - _LINE
        path = "L".join(f"{across(x):.1f} {down(y):.1f}" for x, y in points)
        text = escape(f"{label}: {number(points[0][1], 1)} → {number(points[-1][1], 1)}")
        yield f'  <path class="curve" stroke-dasharray="{dashes}" d="M{path}"/>'
        yield f'  <path class="axis" d="M{right + 4} {end:.1f}L{right + 24} {beside:.1f}"/>'
        yield f'  <text x="{right + 30}" y="{beside + 4:.1f}">{text}</text>'
