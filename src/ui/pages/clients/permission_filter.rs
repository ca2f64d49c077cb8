//! The permission filter: without script a form, with script it applies while typing.

use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use web_sys::{FormData, HtmlFormElement};

use super::sections::{GrantedFilter, PermissionFilter};
use super::switch_queue::SwitchQueue;
use crate::domain::address::in_query;
use crate::ui::components::choice::PillRadio;
use crate::ui::components::icon::Icon;

/// The id of the form that the fields belong to.
const FORM: &str = "perm-filter";

/// The filter's fields.
#[component]
pub fn FilterRow(
    /// The filter.
    filter: RwSignal<PermissionFilter>,
    /// The switch queue, for the granted permissions.
    queue: StoredValue<SwitchQueue>,
    /// The address of the page.
    #[prop(into)]
    here: String,
) -> impl IntoView {
    let form = NodeRef::<html::Form>::new();
    let read = {
        let here = here.clone();
        move || {
            if let Some(form) = form.get_untracked() {
                apply(filter, queue, &here, &form);
            }
        }
    };
    // Applies what was typed before hydration.
    Effect::new({
        let read = read.clone();
        move || {
            if form.get().is_some() {
                read();
            }
        }
    });
    let (typed, chosen) = filter.with_untracked(|filter| (filter.text.clone(), filter.show));
    let pill = |(show, label): (GrantedFilter, &'static str)| {
        view! { <PillRadio name="show" value=show.as_str() label checked=show == chosen form=FORM/> }
    };
    view! {
        <div
            class="row"
            role="search"
            aria-label="Permissions"
            on:input={
                let read = read.clone();
                move |_| read()
            }
            on:change=move |_| read()
        >
            <form
                id=FORM
                action=here
                method="get"
                hidden
                node_ref=form
                on:submit=move |event: SubmitEvent| event.prevent_default()
            ></form>
            <TextField typed/>
            <fieldset class="pills">
                <legend class="sr">"Show"</legend>
                {GrantedFilter::EVERY.map(pill)}
            </fieldset>
            <button class="btn no-js" type="submit" form=FORM>"Filter"</button>
        </div>
    }
}

/// The text to search for in labels and names.
#[component]
fn TextField(typed: String) -> impl IntoView {
    view! {
        <div class="find">
            <Icon name="search"/>
            <input
                class="input"
                type="search"
                name="filter"
                form=FORM
                placeholder="Filter permissions"
                aria-label="Filter permissions by label or string"
                autocomplete="off"
                value=typed
            />
        </div>
    }
}

/// Clears the fields and the filter.
pub fn clear(filter: RwSignal<PermissionFilter>, here: &str) {
    use leptos::wasm_bindgen::JsCast;
    let find = |selector: &str| {
        let found = document().query_selector(selector).ok().flatten();
        found.and_then(|element| element.dyn_into::<web_sys::HtmlInputElement>().ok())
    };
    if let Some(all) = find("[name=show][value=all]") {
        all.set_checked(true);
    }
    if let Some(text) = find("[name=filter]") {
        text.set_value("");
        // On failure the focus stays.
        let _ = text.focus();
    }
    set(filter, PermissionFilter::default(), here);
}

fn apply(
    filter: RwSignal<PermissionFilter>,
    queue: StoredValue<SwitchQueue>,
    here: &str,
    form: &HtmlFormElement,
) {
    let Ok(fields) = FormData::new_with_form(form) else {
        return;
    };
    let text = |name: &str| fields.get(name).as_string().unwrap_or_default();
    let (text, show) = (text("filter"), GrantedFilter::parse(&text("show")));
    let granted =
        filter.with_untracked(|filter| (filter.show == show).then(|| filter.granted.clone()));
    let granted = granted.unwrap_or_else(|| queue.with_value(SwitchQueue::granted));
    set(
        filter,
        PermissionFilter {
            text,
            show,
            granted,
        },
        here,
    );
}

/// Sets the filter, and the address, so that a reload restores it.
fn set(filter: RwSignal<PermissionFilter>, new: PermissionFilter, here: &str) {
    if filter.with_untracked(|filter| *filter == new) {
        return;
    }
    let address = if new.is_set() {
        format!(
            "{here}?filter={}&show={}",
            in_query(new.text.trim()),
            new.show.as_str()
        )
    } else {
        here.to_owned()
    };
    if let Ok(history) = window().history() {
        // The filter works even if the address cannot be changed.
        let _ = history
            .state()
            .and_then(|state| history.replace_state_with_url(&state, "", Some(&address)));
    }
    filter.set(new);
}
