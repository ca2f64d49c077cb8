//! The chart of a client's requests.

use leptos::prelude::*;

use crate::domain::Time;
use crate::domain::client_tokens::{UsageBar, UsagePeriod};
use crate::ui::addresses::{Tab, client_page};
use crate::ui::components::badges::day_and_month;
use crate::ui::components::plot::{Plot, PlotBar, PlotRange, PlotRanges, REQUESTS};

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
    let ranges = UsagePeriod::ALL
        .map(|other| PlotRange {
            words: words(other),
            href: match other {
                UsagePeriod::Day => format!("{here}?period=day"),
                UsagePeriod::TwoWeeks => here.clone(),
                UsagePeriod::Month => format!("{here}?period=month"),
            },
            is_current: other == period,
        })
        .to_vec();
    let column = match period {
        UsagePeriod::Day => "Hour",
        UsagePeriod::TwoWeeks | UsagePeriod::Month => "Day",
    };
    view! {
        <section class="card" aria-labelledby="usage">
            <header class="row">
                <h2 id="usage">"Requests"</h2>
                <PlotRanges ranges/>
            </header>
            <div class="pad">
                <Plot
                    what="token requests"
                    period=words(period)
                    column
                    series=REQUESTS
                    bars=plot_bars(&bars, period)
                />
                <p class="hint">"Hours and days are those of UTC."</p>
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

/// The bars with their names. From the last one back, some have their name below.
fn plot_bars(bars: &[UsageBar], period: UsagePeriod) -> Vec<PlotBar> {
    let (every, present) = match period {
        UsagePeriod::Day => (6, "Now"),
        UsagePeriod::TwoWeeks => (3, "Today"),
        UsagePeriod::Month => (7, "Today"),
    };
    let hour = |begin: Time| begin.format("%H:%M").to_string();
    let name = |begin: Time| match period {
        UsagePeriod::Day => format!("{}, {}", day_and_month(begin), hour(begin)),
        UsagePeriod::TwoWeeks | UsagePeriod::Month => day_and_month(begin),
    };
    let label = |begin: Time| match period {
        UsagePeriod::Day => hour(begin),
        UsagePeriod::TwoWeeks | UsagePeriod::Month => day_and_month(begin),
    };
    let bar = |(to_last, bar): (usize, &UsageBar)| PlotBar {
        name: name(bar.begin),
        label: match to_last {
            0 => present.to_owned(),
            _ if to_last.is_multiple_of(every) => label(bar.begin),
            _ => String::new(),
        },
        values: vec![
            bar.counts.issued,
            bar.counts.introspected,
            bar.counts.refused,
        ],
    };
    let to_last = (0..bars.len()).rev();
    to_last.zip(bars).map(bar).collect()
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::domain::usage::Counts;

    #[test]
    fn some_bars_have_their_name_below() {
        let begin: Time = "2026-11-10T00:00:00Z".parse().unwrap();
        let bar = |day| UsageBar {
            begin: begin + TimeDelta::days(day),
            counts: Counts {
                issued: day,
                ..Counts::default()
            },
        };
        let bars: Vec<UsageBar> = (0..14).map(bar).collect();
        let plotted = plot_bars(&bars, UsagePeriod::TwoWeeks);
        let labels: Vec<&str> = plotted.iter().map(|bar| bar.label.as_str()).collect();
        let expected = "|11 Nov|||14 Nov|||17 Nov|||20 Nov|||Today";
        assert_eq!(labels.join("|"), expected);
        assert_eq!(plotted[13].name, "23 Nov");
        assert_eq!(plotted[13].values, [13, 0, 0]);
    }
}
