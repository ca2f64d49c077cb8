//! A sparkline of a client's requests on each of the last days.

use std::fmt::Write as _;

use leptos::prelude::*;

use super::badges::thousands;
use crate::domain::usage::{ClientUsage, DAYS};

/// The height of the highest bar, of 20.
const HIGHEST: i64 = 18;

/// The least height of a bar for a day with requests.
const LOWEST: i64 = 2;

/// One bar a day, today last and in the accent colour. Scaled to each client's highest day; the text has the numbers.
#[component]
pub fn Sparkline(
    /// The usage.
    usage: ClientUsage,
) -> impl IntoView {
    let requests = usage.requests();
    let noun = if requests == 1 { "request" } else { "requests" };
    let label = format!("{} token {noun} in {DAYS} days", thousands(requests));
    let heights = heights(&usage.days);
    let last = heights.len() - 1;
    let base = vec![1; heights.len()];
    view! {
        <svg class="sparkline" viewBox="0 0 82 20" role="img" aria-label=label>
            <path class="base" d=bars(&base, 0)></path>
            <path d=bars(&heights[..last], 0)></path>
            <path class="last" d=bars(&heights[last..], last)></path>
        </svg>
    }
}

fn heights(days: &[i64]) -> Vec<i64> {
    let most = days.iter().copied().max().unwrap_or_default();
    let height = |count: &i64| match *count {
        0 => 0,
        count => (HIGHEST * count / most).max(LOWEST),
    };
    days.iter().map(height).collect()
}

/// Bars of these heights, 4 wide every 6, the first at an index.
fn bars(heights: &[i64], first: usize) -> String {
    let mut path = String::new();
    for (index, height) in heights
        .iter()
        .enumerate()
        .filter(|(_, height)| **height > 0)
    {
        let (x, y) = (6 * (first + index), 20 - height);
        // `fmt::Write` for `String` cannot fail.
        let _ = write!(path, "M{x} {y}h4v{height}h-4z");
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_high_as_the_days_were_busy() {
        assert_eq!(heights(&[0, 1, 50, 100]), [0, 2, 9, 18]);
        assert_eq!(heights(&[0, 0]), [0, 0]);
    }

    #[test]
    fn a_day_without_a_request_has_no_bar() {
        assert_eq!(bars(&[18, 0, 2], 0), "M0 2h4v18h-4zM12 18h4v2h-4z");
        assert_eq!(bars(&[9], 13), "M78 11h4v9h-4z");
    }
}
