//! The chart of all clients' requests.

use leptos::prelude::*;

use crate::domain::Time;
use crate::domain::usage::{day_of, hour_of};
use crate::domain::view::{Period, Traffic};
use crate::ui::addresses::overview;
use crate::ui::components::badges::day_and_month;
use crate::ui::components::plot::{Plot, PlotBar, PlotRange, PlotRanges, REQUESTS};

#[component]
pub(super) fn TrafficCard(
    /// The period.
    period: Period,
    /// Its hours or days.
    traffic: Vec<Traffic>,
    /// When the page was made.
    now: Time,
) -> impl IntoView {
    let ranges = Period::EVERY
        .map(|choice| PlotRange {
            words: words_of(choice),
            href: overview(choice),
            is_current: choice == period,
        })
        .to_vec();
    let column = match period {
        Period::Day => "Hour",
        Period::Fortnight | Period::Quarter => "Day",
    };
    view! {
        <section class="card" aria-labelledby="traffic">
            <header class="row">
                <h2 id="traffic">"Token requests"</h2>
                <PlotRanges ranges/>
            </header>
            <div class="pad">
                <Plot what="token requests" period=words_of(period) column series=REQUESTS bars=bars(period, traffic, now)/>
                <p class="count">"Hours and days are those of UTC."</p>
            </div>
        </section>
    }
}

fn words_of(period: Period) -> &'static str {
    match period {
        Period::Day => "24 hours",
        Period::Fortnight => "14 days",
        Period::Quarter => "90 days",
    }
}

/// The bars. From the present one back, each sixth hour, each third day, or each third week
/// of a quarter has its name below it.
fn bars(period: Period, traffic: Vec<Traffic>, now: Time) -> Vec<PlotBar> {
    let count = traffic.len();
    let bar = |(index, traffic): (usize, Traffic)| {
        let begins = traffic.begins;
        let (name, present, every) = match period {
            Period::Day if day_of(begins) == day_of(now) => {
                (begins.format("%H:%M").to_string(), "Now", 6)
            }
            Period::Day => (begins.format("%H:%M yesterday").to_string(), "Now", 6),
            Period::Fortnight => (day_and_month(begins), "Today", 3),
            Period::Quarter => (day_and_month(begins), "Today", 21),
        };
        let is_named = (count - 1 - index).is_multiple_of(every);
        let label = match period {
            _ if !is_named => String::new(),
            _ if hour_of(now) - hour_of(begins) < 1 || index + 1 == count => present.to_owned(),
            Period::Day => begins.format("%H:%M").to_string(),
            Period::Fortnight | Period::Quarter => name.clone(),
        };
        let counts = traffic.counts;
        PlotBar {
            name,
            label,
            values: vec![counts.issued, counts.introspected, counts.refused],
        }
    };
    traffic.into_iter().enumerate().map(bar).collect()
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::domain::usage::{Counts, beginning_of};

    fn labels(period: Period, hours: i64, count: i64) -> Vec<String> {
        let now: Time = "2026-11-23T01:30:00Z".parse().unwrap();
        let last = hour_of(now) / hours * hours;
        let traffic = (0..count)
            .rev()
            .map(|back| Traffic {
                begins: beginning_of(last) - TimeDelta::hours(hours * back),
                counts: Counts::default(),
            })
            .collect();
        let bars = bars(period, traffic, now);
        let names = [&bars[0], &bars[bars.len() - 1]].map(|bar| bar.name.clone());
        let labels = bars.into_iter().map(|bar| bar.label);
        names
            .into_iter()
            .chain(labels.filter(|label| !label.is_empty()))
            .collect()
    }

    #[test]
    fn bars_are_named_back_from_the_present() {
        assert_eq!(
            labels(Period::Fortnight, 24, 14),
            [
                "10 Nov", "23 Nov", "11 Nov", "14 Nov", "17 Nov", "20 Nov", "Today"
            ]
        );
        assert_eq!(
            labels(Period::Quarter, 24, 90),
            [
                "26 Aug", "23 Nov", "31 Aug", "21 Sep", "12 Oct", "2 Nov", "Today"
            ]
        );
        assert_eq!(
            labels(Period::Day, 1, 24),
            ["02:00 yesterday", "01:00", "07:00", "13:00", "19:00", "Now"]
        );
    }
}
