"""The chart of docs/performance.md: requests a second against the yardsticks, light and dark."""

from xml.sax.saxutils import escape

WIDTH = 760
LABELS = 190
BAR, GAP, TITLE, PANEL_GAP, HEAD, FOOT = 24, 10, 34, 26, 44, 34
FIGURES = 150

STYLE = """
  .surface { fill: #ffffff } .title, .value { fill: #1c2024 } .label, .note { fill: #60646c }
  .axis { stroke: #b9bbc6 } .ours { fill: #2b59c3 } .yardstick { fill: #a3a8b3 }
  text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; font-size: 13px }
  .head { font-size: 15px; font-weight: 600 } .title { font-weight: 600 } .value { font-variant-numeric: tabular-nums }
  .note { font-size: 11px }
  @media (prefers-color-scheme: dark) {
    .surface { fill: #16181d } .title, .value { fill: #edeef0 } .label, .note { fill: #b0b4ba }
    .axis { stroke: #5a6169 } .ours { fill: #7da2f7 } .yardstick { fill: #60656f }
  }
"""


def draw(panels, where):
    """An SVG of (title, [(label, kind, requests a second, microseconds of processor)]). Bars begin at zero, on one scale."""
    most = max(rate for _, bars in panels for _, _, rate, _ in bars)
    scale = (WIDTH - LABELS - FIGURES - 20) / most
    parts, top = [], HEAD
    for title, bars in panels:
        parts.append(text(20, top + 18, title, "title"))
        top += TITLE
        height = len(bars) * (BAR + GAP) - GAP
        for number, (label, kind, rate, cost) in enumerate(bars):
            y = top + number * (BAR + GAP)
            middle = y + BAR / 2 + 4.5
            parts.append(text(LABELS - 10, middle, label, "label", anchor="end"))
            parts.append(bar(LABELS, y, rate * scale, kind))
            parts.append(text(LABELS + rate * scale + 8, middle, f"{rate:,.0f}/s · {cost:.0f} µs", "value"))
        parts.append(f'<path class="axis" d="M{LABELS} {top - 4}v{height + 8}"/>')
        top += height + PANEL_GAP
    height = top + FOOT - PANEL_GAP + 10
    parts.append(text(20, height - 14, f"Measured {where}, load generator on the same machine.", "note"))
    described = "; ".join(
        f"{title}: " + ", ".join(f"{label} {rate:,.0f} a second, {cost:.0f} µs" for label, _, rate, cost in bars)
        for title, bars in panels
    )
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" height="{height:.0f}" role="img" '
        f'aria-labelledby="name what">',
        '<title id="name">Requests a second, and microseconds of processor per request</title>',
        f'<desc id="what">{escape(described)}</desc>',
        f"<style>{STYLE}</style>",
        f'<rect class="surface" width="{WIDTH}" height="{height:.0f}" rx="8"/>',
        text(20, 28, "Requests a second · µs of processor per request", "title head"),
        *parts,
        "</svg>",
    ]) + "\n"


def bar(x, y, length, kind):
    """Square where it begins, round where it ends."""
    round_ = min(4, length / 2)
    return (
        f'<path class="{kind}" d="M{x} {y}h{length - round_:.1f}q{round_} 0 {round_} {round_}v{BAR - 2 * round_}'
        f'q0 {round_} {-round_} {round_}h{round_ - length:.1f}z"/>'
    )


def text(x, y, words, kind, anchor="start"):
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'
