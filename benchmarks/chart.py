"""Bars as one SVG, shortest first: medians, with a line from the lowest to the highest run. It brings its own
background, light or dark as the reader's system has it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from statistics import median

from measuring import number

_WIDTH, _MARGIN, _LABEL, _ROW, _BAR = 820, 20, 330, 24, 14
_SCALE_WIDTH = _WIDTH - _LABEL - 2 * _MARGIN - 60
_STYLE = """\
  <style>
    .ground { fill: #ffffff; } text { fill: #1f2328; font: 13px system-ui, sans-serif; }
    .title { font-weight: 600; } .spread { stroke: #1f2328; }
    .own { fill: #1a7f64; } .other { fill: #8c959f; }
    @media (prefers-color-scheme: dark) {
      .ground { fill: #0d1117; } text { fill: #e6edf3; }
      .spread { stroke: #e6edf3; } .own { fill: #3fb391; } .other { fill: #6e7681; }
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


def draw(panels: Sequence[Panel]) -> str:
    top = _MARGIN
    lines: list[str] = []
    for panel in panels:
        lines += _panel(panel, top)
        top += _ROW * (len(panel.bars) + 2)
    titles = "; ".join(panel.title for panel in panels)
    size = f'width="{_WIDTH}" height="{top}" viewBox="0 0 {_WIDTH} {top}"'
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title">',
        f'  <title id="title">{escape(titles)}</title>',
        _STYLE,
        f'  <rect class="ground" width="{_WIDTH}" height="{top}" rx="6"/>',
    ]
    return "\n".join([*head, *lines, "</svg>", ""])


def _panel(panel: Panel, top: int) -> Iterator[str]:
    yield f'  <text class="title" x="{_MARGIN}" y="{top + 12}">{escape(panel.title)}</text>'
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
