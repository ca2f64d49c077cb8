//! The newest changes, a sentence each.

use leptos::prelude::*;

use crate::domain::Time;
use crate::domain::audit::AuditRow;
use crate::ui::addresses::AUDIT;
use crate::ui::components::audit_entry::{EntrySentence, icon};
use crate::ui::components::badges::Timestamp;
use crate::ui::components::icon::Icon;

#[component]
pub(super) fn RecentChanges(
    /// The changes, the newest first.
    changes: Vec<AuditRow>,
    /// When the page was made.
    now: Time,
) -> impl IntoView {
    let contents = if changes.is_empty() {
        view! { <p class="pad hint">"Nothing was changed lately."</p> }.into_any()
    } else {
        let rows = changes
            .into_iter()
            .map(|change| view! { <Row change now/> })
            .collect_view();
        view! { <ul class="list">{rows}</ul> }.into_any()
    };
    view! {
        <section class="card" aria-labelledby="recent">
            <header class="row">
                <h2 id="recent">"Recent changes"</h2>
                <a class="link push" href=AUDIT>"Audit log"</a>
            </header>
            {contents}
        </section>
    }
}

#[component]
fn Row(change: AuditRow, now: Time) -> impl IntoView {
    let AuditRow { entry, names } = change;
    let icon = icon(&entry.kind);
    let sentence = entry
        .record
        .map(|record| view! { <EntrySentence record names here=None/> });
    view! {
        <li>
            <Icon name=icon/>
            <div>{sentence}</div>
            <span class="count"><Timestamp at=entry.at now/></span>
        </li>
    }
}
