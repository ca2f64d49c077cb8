//! The chart of a client's requests: bars that stretch with the page, the words in HTML, and the numbers as a table.

use std::fmt::Write as _;

use leptos::prelude::*;

use crate::domain::client_tokens::{UsageBar, UsagePeriod};
use crate::domain::usage::Counts;
use crate::ui::addresses::{Tab, client_page};
use crate::ui::components::badges::thousands;

/// How many parts the axis has.
const STEPS: i64 = 4;

/// The card with the chart.
#[component]
pub(super) fn UsageCard(
    /// The client's id.
    id: String,
    /// The bars, the oldest first.
    bars: Vec<UsageBar>,
    /// The time that they cover.
    period: UsagePeriod,
) -> impl IntoView {
    let here = client_page(&id, Tab::Tokens);
    let pills = UsagePeriod::ALL.map(|other| {
        let href = match other {
            UsagePeriod::Day => format!("{here}?period=day"),
            UsagePeriod::TwoWeeks => here.clone(),
            UsagePeriod::Month => format!("{here}?period=month"),
        };
        let current = (other == period).then_some("true");
        view! { <a href=href aria-current=current>{words(other)}</a> }
    });
    let total = bars.iter().fold(Counts::default(), |mut sum, bar| {
        sum += bar.counts;
        sum
    });
    view! {
        <section class="card" aria-labelledby="usage">
            <header class="row">
                <h2 id="usage">"Requests"</h2>
                <nav class="pills push" aria-label="Time shown">
                    {pills.into_iter().collect_view()}
                </nav>
            </header>
            <div class="pad">
                <figure class="stack">
                    <Plot bars=bars.clone() period total/>
                    <figcaption class="stack tight">
                        <div class="row">
                            <span class="badge" data-tone="accent">"Issued " {thousands(total.issued)}</span>
                            <span class="badge" data-tone="neutral">"Introspected " {thousands(total.introspected)}</span>
                            <span class="badge" data-tone="danger">"Refused " {thousands(total.refused)}</span>
                            <span class="hint">"Times are in UTC."</span>
                        </div>
                        <Numbers bars period/>
                    </figcaption>
                </figure>
            </div>
        </section>
    }
}

fn words(period: UsagePeriod) -> &'static str {
    match period {
        UsagePeriod::Day => "24 hours",
        UsagePeriod::TwoWeeks => "14 days",
        UsagePeriod::Month => "30 days",
    }
}

/// The drawing and its axes.
#[component]
fn Plot(bars: Vec<UsageBar>, period: UsagePeriod, total: Counts) -> impl IntoView {
    let highest = bars.iter().map(|bar| bar.counts.requests()).max();
    let top = axis_top(highest.unwrap_or_default());
    let label = format!(
        "Bar chart: {} token requests issued, {} introspections and {} refused requests in {}",
        thousands(total.issued),
        thousands(total.introspected),
        thousands(total.refused),
        words(period),
    );
    let grid: String = (0..=STEPS).fold(String::new(), |mut path, step| {
        // `fmt::Write` for `String` cannot fail.
        let _ = write!(path, "M0 {}H100", step * 100 / STEPS);
        path
    });
    let ticks = (0..=STEPS).rev();
    let ticks = ticks.map(|step| view! { <span>{shortly(top / STEPS * step)}</span> });
    let places = bars.len();
    let drawn = bars
        .iter()
        .enumerate()
        .map(|(place, bar)| {
            let title = in_words(bar, period);
            let [issued, introspected, refused] =
                stacked(bar.counts, top).map(|part| rectangle(place, places, part));
            view! {
                <g>
                    <title>{title}</title>
                    <path class="ok" d=issued></path>
                    <path class="mid" d=introspected></path>
                    <path class="no" d=refused></path>
                </g>
            }
        })
        .collect_view();
    let names = bars.iter().enumerate().map(|(place, bar)| {
        let is_named = (places - 1 - place).is_multiple_of(every(period));
        view! { <span>{is_named.then(|| name(bar, period, place + 1 == places))}</span> }
    });
    view! {
        <div class="plot">
            <div class="y" aria-hidden="true">{ticks.collect_view()}</div>
            <svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label=label>
                <path class="grid" d=grid></path>
                {drawn}
            </svg>
            <div class="x" aria-hidden="true">{names.collect_view()}</div>
        </div>
    }
}

/// The numbers of the chart, the newest first.
#[component]
fn Numbers(bars: Vec<UsageBar>, period: UsagePeriod) -> impl IntoView {
    let (head, format) = match period {
        UsagePeriod::Day => ("Hour", "%-d %b %H:%M"),
        UsagePeriod::TwoWeeks | UsagePeriod::Month => ("Day", "%-d %b"),
    };
    let rows = bars.iter().rev().map(|bar| {
        view! {
            <tr>
                <th scope="row">{bar.begin.format(format).to_string()}</th>
                <td>{thousands(bar.counts.issued)}</td>
                <td>{thousands(bar.counts.introspected)}</td>
                <td>{thousands(bar.counts.refused)}</td>
            </tr>
        }
    });
    view! {
        <details>
            <summary>"Show as a table"</summary>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{head}</th>
                        <th scope="col">"Issued"</th>
                        <th scope="col">"Introspected"</th>
                        <th scope="col">"Refused"</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </details>
    }
}

/// How many bars one name is for.
fn every(period: UsagePeriod) -> usize {
    match period {
        UsagePeriod::Day => 6,
        UsagePeriod::TwoWeeks => 3,
        UsagePeriod::Month => 7,
    }
}

fn name(bar: &UsageBar, period: UsagePeriod, is_last: bool) -> String {
    match period {
        UsagePeriod::Day if is_last => "Now".to_owned(),
        UsagePeriod::Day => bar.begin.format("%H:%M").to_string(),
        UsagePeriod::TwoWeeks | UsagePeriod::Month if is_last => "Today".to_owned(),
        UsagePeriod::TwoWeeks | UsagePeriod::Month => bar.begin.format("%-d %b").to_string(),
    }
}

fn in_words(bar: &UsageBar, period: UsagePeriod) -> String {
    let begin = match period {
        UsagePeriod::Day => bar.begin.format("%-d %b, %H:%M"),
        UsagePeriod::TwoWeeks | UsagePeriod::Month => bar.begin.format("%-d %b"),
    };
    let Counts {
        issued,
        introspected,
        refused,
    } = bar.counts;
    format!(
        "{begin}: {} issued, {} introspected, {} refused",
        thousands(issued),
        thousands(introspected),
        thousands(refused)
    )
}

/// The number at the top of the axis: a round one whose quarters are whole.
fn axis_top(highest: i64) -> i64 {
    let mut unit = 1;
    loop {
        for step in 1..=5 {
            let top = STEPS * step * unit;
            if top >= highest {
                return top;
            }
        }
        unit *= 10;
    }
}

/// A number for an axis, such as "1.6k".
fn shortly(number: i64) -> String {
    let (tenths, unit) = match number {
        ..=999 => return number.to_string(),
        1_000..=999_999 => (number / 100, "k"),
        _ => (number / 100_000, "M"),
    };
    match tenths % 10 {
        0 => format!("{}{unit}", thousands(tenths / 10)),
        rest => format!("{}.{rest}{unit}", thousands(tenths / 10)),
    }
}

/// A part of a bar: its upper edge and its height, in hundredths of a percent of the drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Part {
    top: i64,
    height: i64,
}

/// The parts of a bar, from the ground up. One that is not empty is always seen.
fn stacked(counts: Counts, top: i64) -> [Part; 3] {
    const SEEN: i64 = 100;
    let mut ground = 10_000;
    [counts.issued, counts.introspected, counts.refused].map(|count| {
        let height = match count {
            0 => 0,
            count => (count * 10_000 / top).max(SEEN),
        };
        ground = (ground - height).max(0);
        Part {
            top: ground,
            height,
        }
    })
}

/// A part of the bar at a place of several, as a path.
fn rectangle(place: usize, places: usize, part: Part) -> String {
    if part.height == 0 {
        return String::new();
    }
    let width = 10_000 / i64::try_from(places.max(1)).unwrap_or(1);
    let left = width * i64::try_from(place).unwrap_or_default() + width / 5;
    let width = width * 3 / 5;
    let [left, width, top, height] = [left, width, part.top, part.height].map(hundredths);
    format!("M{left} {top}h{width}v{height}h-{width}z")
}

fn hundredths(number: i64) -> String {
    format!("{}.{:02}", number / 100, number % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_ends_at_a_round_number() {
        let tops = [0, 1, 4, 5, 9, 21, 400, 401, 1_330, 25_013].map(axis_top);
        assert_eq!(tops, [4, 4, 4, 8, 12, 40, 400, 800, 1_600, 40_000]);
        let texts = [0, 400, 1_600, 2_000, 1_250_000].map(shortly);
        assert_eq!(texts, ["0", "400", "1.6k", "2k", "1.2M"]);
    }

    #[test]
    fn bars_are_stacked_and_few_requests_are_seen() {
        let counts = Counts {
            issued: 200,
            introspected: 0,
            refused: 1,
        };
        let [issued, introspected, refused] = stacked(counts, 400);
        assert_eq!((issued.top, issued.height), (5_000, 5_000));
        assert_eq!(introspected.height, 0);
        assert_eq!((refused.top, refused.height), (4_900, 100));
        assert_eq!(rectangle(1, 10, refused), "M12.00 49.00h6.00v1.00h-6.00z");
        assert_eq!(rectangle(0, 10, introspected), "");
    }
}
