//! A bar chart of counts by hour or by day. The drawing stretches, the words are HTML, and the numbers are a table, too.

use std::fmt::Write as _;

use leptos::prelude::*;

use super::badges::thousands;
use super::notice::Tone;
use crate::ui::plot_scale::{LINES, short, step};

/// The width and the gap of bars, and the height of the drawing, in its own units.
const WIDTH: i64 = 6;
const GAP: i64 = 4;
const HEIGHT: i64 = 1_000;

/// The least height of a part that is not zero, so that few refusals among many requests are seen.
const LOWEST: i64 = 14;

/// The empty height between two parts of a bar.
const SEAM: i64 = 6;

/// What a part of every bar counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlotSeries {
    /// The name, such as "Issued".
    pub name: &'static str,
    /// The meaning of its colour.
    pub tone: Tone,
}

/// What clients ask for.
pub const REQUESTS: &[PlotSeries] = &[
    PlotSeries {
        name: "Issued",
        tone: Tone::Accent,
    },
    PlotSeries {
        name: "Introspected",
        tone: Tone::Neutral,
    },
    PlotSeries {
        name: "Refused",
        tone: Tone::Danger,
    },
];

/// A bar: the numbers of an hour or of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlotBar {
    /// What it is called in the table, such as "23 Nov".
    pub name: String,
    /// What is written below it; empty where that would be too much.
    pub label: String,
    /// A number for each series, from the bottom.
    pub values: Vec<i64>,
}

/// A link to the same chart of another period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlotRange {
    /// The words, such as "24 hours".
    pub words: &'static str,
    /// The address.
    pub href: String,
    /// Whether it is shown.
    pub is_current: bool,
}

/// The links to the periods of a chart, for the header of its card.
#[component]
pub fn PlotRanges(
    /// The links.
    ranges: Vec<PlotRange>,
) -> impl IntoView {
    let links = ranges
        .into_iter()
        .map(
            |PlotRange {
                 words,
                 href,
                 is_current,
             }| {
                view! {
                    <a href=href aria-current=is_current.then_some("true")>
                        {words}
                    </a>
                }
            },
        )
        .collect_view();
    view! {
        <nav class="pills push" aria-label="Period of the chart">
            {links}
        </nav>
    }
}

/// The chart, its totals, and its numbers as a table.
#[component]
pub fn Plot(
    /// What is counted, such as "token requests".
    what: &'static str,
    /// Over which time, such as "14 days".
    period: &'static str,
    /// What a bar is, such as "Day".
    column: &'static str,
    /// The parts of every bar, from the bottom.
    series: &'static [PlotSeries],
    /// The bars, the oldest first.
    bars: Vec<PlotBar>,
) -> impl IntoView {
    let totals: Vec<i64> = (0..series.len())
        .map(|index| bars.iter().map(|bar| value(bar, index)).sum())
        .collect();
    let label = format!(
        "Bar chart: {what} in {period}: {}",
        in_words(series, &totals)
    );
    let badges = series
        .iter()
        .zip(&totals)
        .map(|(series, total)| {
            let words = format!("{} {}", series.name, thousands(*total));
            // That nothing was refused is no bad news.
            let tone = match (series.tone, total) {
                (Tone::Danger, 0) => Tone::Neutral,
                (tone, _) => tone,
            };
            view! {
                <span class="badge" data-tone=tone.as_str()>
                    {words}
                </span>
            }
        })
        .collect_view();
    view! {
        <figure class="stack">
            <Drawing label series bars=bars.clone()/>
            <figcaption class="stack tight">
                <div class="row">{badges}</div>
                <Numbers column series bars/>
            </figcaption>
        </figure>
    }
}

#[component]
fn Drawing(label: String, series: &'static [PlotSeries], bars: Vec<PlotBar>) -> impl IntoView {
    let highest = bars.iter().map(|bar| bar.values.iter().sum()).max();
    let step = step(highest.unwrap_or_default());
    let scale = (0..=LINES)
        .rev()
        .map(|line| view! { <span>{short(line * step)}</span> })
        .collect_view();
    let mut lines = String::new();
    let width = (WIDTH + GAP) * i64::try_from(bars.len()).unwrap_or_default();
    for line in 0..=LINES {
        // `fmt::Write` for `String` cannot fail.
        let _ = write!(lines, "M0 {}H{width}", HEIGHT * line / LINES);
    }
    let labels = bars
        .iter()
        .map(|bar| view! { <span>{bar.label.clone()}</span> })
        .collect_view();
    let bars = (0..)
        .zip(bars)
        .map(|(index, bar)| {
            let left = index * (WIDTH + GAP) + GAP / 2;
            view! { <Bar bar series left top=LINES * step/> }
        })
        .collect_view();
    view! {
        <div class="plot">
            <div class="y" aria-hidden="true">
                {scale}
            </div>
            <svg
                viewBox=format!("0 0 {width} {HEIGHT}")
                preserveAspectRatio="none"
                role="img"
                aria-label=label
            >
                <path class="grid" d=lines></path>
                {bars}
            </svg>
            <div class="x" aria-hidden="true">
                {labels}
            </div>
        </div>
    }
}

/// One bar, with its numbers where a pointer rests on it.
#[component]
fn Bar(bar: PlotBar, series: &'static [PlotSeries], left: i64, top: i64) -> impl IntoView {
    let title = format!("{}: {}", bar.name, in_words(series, &bar.values));
    let parts = heights(&bar.values, top);
    let mut below = 0;
    let paths = series
        .iter()
        .zip(parts)
        .filter(|(_, height)| *height > 0)
        .map(|(series, height)| {
            let y = HEIGHT - below - height;
            below += height + SEAM;
            let class = match series.tone {
                Tone::Accent => "ok",
                Tone::Danger => "no",
                Tone::Neutral | Tone::Warn => "aside",
            };
            view! { <path class=class d=format!("M{left} {y}h{WIDTH}v{height}h-{WIDTH}z")></path> }
        })
        .collect_view();
    view! {
        <g>
            <title>{title}</title>
            {paths}
        </g>
    }
}

/// The numbers as a table, the newest first.
#[component]
fn Numbers(
    column: &'static str,
    series: &'static [PlotSeries],
    bars: Vec<PlotBar>,
) -> impl IntoView {
    let names = series
        .iter()
        .map(|series| view! { <th scope="col">{series.name}</th> })
        .collect_view();
    let rows = bars
        .into_iter()
        .rev()
        .map(|bar| {
            let values = (0..series.len())
                .map(|index| view! { <td>{thousands(value(&bar, index))}</td> })
                .collect_view();
            view! {
                <tr>
                    <th scope="row">{bar.name}</th>
                    {values}
                </tr>
            }
        })
        .collect_view();
    view! {
        <details>
            <summary>"Show as a table"</summary>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{column}</th>
                        {names}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </details>
    }
}

fn value(bar: &PlotBar, index: usize) -> i64 {
    bar.values.get(index).copied().unwrap_or_default()
}

/// Numbers with their names, such as "12 issued, 3 refused".
fn in_words(series: &[PlotSeries], values: &[i64]) -> String {
    let words = series
        .iter()
        .zip(values)
        .map(|(series, value)| format!("{} {}", thousands(*value), series.name.to_lowercase()));
    words.collect::<Vec<String>>().join(", ")
}

/// The heights of the parts of a bar, where the drawing's top is a number.
fn heights(values: &[i64], top: i64) -> Vec<i64> {
    let height = |value: &i64| match *value {
        0 => 0,
        value => (HEIGHT * value / top.max(1)).max(LOWEST),
    };
    values.iter().map(height).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_among_many_are_seen() {
        assert_eq!(heights(&[1_000, 0, 1], 2_000), [500, 0, LOWEST]);
        assert_eq!(heights(&[0, 0], 0), [0, 0]);
    }

    #[test]
    fn a_bar_says_its_numbers() {
        const SERIES: [PlotSeries; 2] = [
            PlotSeries {
                name: "Issued",
                tone: Tone::Accent,
            },
            PlotSeries {
                name: "Refused",
                tone: Tone::Danger,
            },
        ];
        let words = in_words(&SERIES, &[15_742, 0]);
        assert_eq!(words, "15,742 issued, 0 refused");
    }
}
