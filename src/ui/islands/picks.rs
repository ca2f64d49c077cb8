//! The boxes of a list, `#picks`: one that ticks them all, and their state when the list is loaded again.

use leptos::ev;
use leptos::prelude::*;
use web_sys::{Element, Event, HtmlInputElement};

use super::browser::{around, find, find_all};

/// Follows the boxes of the page.
pub fn listen() {
    window_event_listener(ev::change, |event| {
        if around::<Element>(&event, "#picks").is_none() {
            return;
        }
        if let Some(all) = around::<HtmlInputElement>(&event, "[data-all]") {
            for pick in boxes() {
                pick.set_checked(all.checked());
            }
        }
        sum_up();
    });
    window_event_listener(ev::reset, |event: Event| {
        if around::<Element>(&event, "#picks").is_some() {
            // The boxes are reset after the event.
            set_timeout(sum_up, std::time::Duration::ZERO);
        }
    });
}

/// The values of the ticked boxes.
#[must_use]
pub fn ticked() -> Vec<String> {
    let ticked = boxes().into_iter().filter(HtmlInputElement::checked);
    ticked.map(|pick| pick.value()).collect()
}

/// Ticks the boxes of these values, as far as the list still has them.
pub fn tick(values: &[String]) {
    for pick in boxes() {
        pick.set_checked(values.contains(&pick.value()));
    }
    sum_up();
}

fn boxes() -> Vec<HtmlInputElement> {
    let form = find::<Element>("#picks");
    form.map(|form| find_all(&form, "tbody .check"))
        .unwrap_or_default()
}

/// The box for all is ticked when all are, and neither ticked nor empty when some are.
fn sum_up() {
    let Some(all) = find::<HtmlInputElement>("#picks [data-all]") else {
        return;
    };
    let boxes = boxes();
    let ticked = boxes.iter().filter(|pick| pick.checked()).count();
    all.set_checked(ticked > 0 && ticked == boxes.len());
    all.set_indeterminate(ticked > 0 && ticked < boxes.len());
}
