//! A sparkline of a client's requests on each of the last days.

use leptos::prelude::*;

use super::badges::thousands;
use crate::domain::usage::{ClientUsage, DAYS};
use crate::ui::markup::push;

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
    let mut contents = String::new();
    push_bars(&mut contents, &usage.days);
    view! {
        <svg class="sparkline" viewBox="0 0 82 20" role="img" aria-label=label(&usage) inner_html=contents></svg>
    }
}

/// Appends the markup of [`Sparkline`].
pub fn push_sparkline(html: &mut String, usage: &ClientUsage) {
    push!(
        html,
        r#"<svg class="sparkline" viewBox="0 0 82 20" role="img" aria-label="{}">"#,
        label(usage)
    );
    push_bars(html, &usage.days);
    html.push_str("</svg>");
}

fn label(usage: &ClientUsage) -> String {
    let requests = usage.requests();
    let noun = if requests == 1 { "request" } else { "requests" };
    format!("{} token {noun} in {DAYS} days", thousands(requests))
}

/// The tick below every day is in the sprite of icons, because it is the same for all. A day without a request has nothing
/// above it.
fn push_bars(html: &mut String, days: &[i64]) {
    html.push_str(r##"<use class="base" href="#days"></use>"##);
    let Some((last, earlier)) = days.split_last() else {
        return;
    };
    let most = days.iter().copied().max().unwrap_or_default();
    let height = |count: i64| match count {
        0 => 0,
        count => (HIGHEST * count / most).max(LOWEST),
    };
    if earlier.iter().any(|count| *count > 0) {
        html.push_str(r#"<path d=""#);
        for (index, count) in earlier.iter().enumerate() {
            push_bar(html, index, height(*count));
        }
        html.push_str(r#""></path>"#);
    }
    if *last > 0 {
        html.push_str(r#"<path class="last" d=""#);
        push_bar(html, earlier.len(), height(*last));
        html.push_str(r#""></path>"#);
    }
}

/// A bar of a height, 4 wide every 6; none of no height.
fn push_bar(path: &mut String, index: usize, height: i64) {
    if height > 0 {
        push!(path, "M{} {}h4v{height}h-4z", 6 * index, 20 - height);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is drawn over the ticks.
    fn bars(days: &[i64]) -> String {
        let mut html = String::new();
        push_bars(&mut html, days);
        let ticks = r##"<use class="base" href="#days"></use>"##;
        html.strip_prefix(ticks).unwrap().to_owned()
    }

    #[test]
    fn bars_are_as_high_as_the_days_were_busy() {
        assert_eq!(
            bars(&[100, 0, 1, 50]),
            r#"<path d="M0 2h4v18h-4zM12 18h4v2h-4z"></path><path class="last" d="M18 11h4v9h-4z"></path>"#
        );
    }

    #[test]
    fn a_day_without_a_request_has_no_bar() {
        assert_eq!(bars(&[0, 0]), "");
        assert_eq!(bars(&[7, 0]), r#"<path d="M0 2h4v18h-4z"></path>"#);
        assert_eq!(
            bars(&[0, 7]),
            r#"<path class="last" d="M6 2h4v18h-4z"></path>"#
        );
    }

    #[test]
    fn there_is_a_tick_for_every_day() {
        let ticks: Vec<String> = (0..usize::from(DAYS))
            .map(|day| format!("M{} 19h4v1h-4z", 6 * day))
            .collect();
        assert_eq!(crate::ui::components::icon::TICKS, ticks.concat());
    }
}
