"""The sizes as a small picture: one line for each kind of work, level where its cost does not grow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from tests.bench.sizes import Grown

WIDTH, HEIGHT = 760, 400
LEFT, RIGHT, TOP, BOTTOM = 56, 230, 44, 52
MOST = 2.0
DRAWN = ("#0b5d6b", "#b4541a", "#5b4b8a", "#2f7d3b", "#8a2f55", "#3a5fa8", "#6b6b1a", "#444444")
STROKES = ("", "8 4", "2 4", "12 4 2 4")


def svg(title: str, found: Sequence[Grown]) -> str:
    """The picture. Names stand beside the lines' ends, and lines differ in their strokes as well as their colours."""
    return "\n".join([*_head(title, found), *_frame(found), *_lines(found), "</svg>", ""])


def _head(title: str, found: Sequence[Grown]) -> Iterator[str]:
    worst = max(found[0].costs, key=lambda name: _factor(found, name, -1))
    told = (
        f"CPU of {len(found[0].costs)} kinds of work at {', '.join(f'{one.registrations:,}' for one in found)}"
        f" registrations in other events, as a factor of the cost with none."
        f" At the most, {worst} costs {_factor(found, worst, -1):.2f} times as much."
    )
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        ' aria-labelledby="title desc" font-family="Inter, system-ui, sans-serif" font-size="12">'
    )
    yield f'<title id="title">{escape(title)}</title>'
    yield f'<desc id="desc">{escape(told)}</desc>'
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>'
    yield f'<text x="{LEFT}" y="22" font-size="15" font-weight="600" fill="#1f1f1f">{escape(title)}</text>'


def _frame(found: Sequence[Grown]) -> Iterator[str]:
    for step in (0.0, 0.5, 1.0, 1.5, 2.0):
        y = _y(step)
        yield f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.0f}" y2="{y:.0f}" stroke="#d9d6d0"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 4:.0f}" text-anchor="end" fill="#444444">{step:g}</text>'
    for at, one in enumerate(found):
        label = f'<text x="{_x(at, found):.0f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle" fill="#444444">'
        yield f"{label}{one.registrations:,}</text>"
    middle = (LEFT + WIDTH - RIGHT) // 2
    under = f'<text x="{middle}" y="{HEIGHT - 10}" text-anchor="middle" fill="#444444">'
    yield f"{under}registrations in other events</text>"


def _lines(found: Sequence[Grown]) -> Iterator[str]:
    names = sorted(found[0].costs, key=lambda name: -_factor(found, name, -1))
    free = float(TOP)
    for number, name in enumerate(names):
        points = [(_x(at, found), _y(_factor(found, name, at))) for at in range(len(found))]
        colour, stroke = DRAWN[number % len(DRAWN)], STROKES[number % len(STROKES)]
        dashes = f' stroke-dasharray="{stroke}"' if stroke else ""
        drawn = " ".join(f"{x:.0f},{y:.1f}" for x, y in points)
        yield f'<polyline points="{drawn}" fill="none" stroke="{colour}" stroke-width="2"{dashes}/>'
        x, y = points[-1]
        free = max(free, y - 7 * len(names) / 2)
        yield f'<line x1="{x:.0f}" y1="{y:.1f}" x2="{x + 14:.0f}" y2="{free:.1f}" stroke="{colour}"/>'
        words = f"{name}: {_factor(found, name, -1):.2f}"
        yield f'<text x="{x + 18:.0f}" y="{free + 4:.1f}" fill="{colour}">{escape(words)}</text>'
        free += 17


def _factor(found: Sequence[Grown], name: str, at: int) -> float:
    return found[at].costs[name] / found[0].costs[name]


def _x(at: int, found: Sequence[Grown]) -> float:
    return LEFT + 24 + at * (WIDTH - LEFT - RIGHT - 48) / max(1, len(found) - 1)


def _y(factor: float) -> float:
    return HEIGHT - BOTTOM - min(MOST, factor) / MOST * (HEIGHT - TOP - BOTTOM)
