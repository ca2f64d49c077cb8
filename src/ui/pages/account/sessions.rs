//! The sessions of whoever is signed in.

use leptos::prelude::*;

use crate::domain::Time;
use crate::domain::admin::AdminSession;
use crate::domain::device::Device;
use crate::ui::addresses::ACCOUNT;
use crate::ui::api::ApiRefusal;
use crate::ui::api::account::{EndOtherSessions, EndOwnSession};
use crate::ui::components::badges::Timestamp;
use crate::ui::components::button::SubmitButton;
use crate::ui::components::field::posts_to;
use crate::ui::components::notice::RefusalNotice;

/// The open sessions, with buttons that end them.
#[component]
pub(super) fn SessionsCard(
    /// The sessions, the last used first.
    sessions: Vec<AdminSession>,
    /// Why one was not ended.
    refusal: Option<ApiRefusal>,
    /// When the page was made.
    now: Time,
) -> impl IntoView {
    let others = sessions.iter().filter(|session| !session.is_this).count();
    let end_others = (others > 0).then(|| {
        view! {
            <form method="post" action={posts_to::<EndOtherSessions>(ACCOUNT)} class="push">
                <SubmitButton label="End all others" pending_label="Ending…" class="small"/>
            </form>
        }
    });
    let rows = sessions
        .into_iter()
        .map(|session| view! { <SessionRow session now/> })
        .collect_view();
    view! {
        <section class="card" aria-labelledby="sessions-title">
            <header class="row">
                <h2 id="sessions-title">"Sessions"</h2>
                {end_others}
            </header>
            {refusal
                .map(|refusal| {
                    view! {
                        <div class="pad">
                            <RefusalNotice what="The session was not ended" refusal/>
                        </div>
                    }
                })}
            <ul class="list">{rows}</ul>
        </section>
    }
}

/// One session.
#[component]
fn SessionRow(session: AdminSession, now: Time) -> impl IntoView {
    let AdminSession {
        handle,
        device,
        address,
        created_at,
        seen_at,
        is_this,
    } = session;
    let name = device_name(device);
    let of = name.clone();
    let end = if is_this {
        view! {
            <span class="badge push" data-tone="accent">
                "This session"
            </span>
        }
        .into_any()
    } else {
        view! {
            <form method="post" action={posts_to::<EndOwnSession>(ACCOUNT)} class="push">
                <input type="hidden" name="session" value=handle/>
                <button class="btn small" type="submit">
                    "End"
                    <span class="sr">" the session of " {of}</span>
                </button>
            </form>
        }
        .into_any()
    };
    let address = address.map(|address| view! { " from " <code>{address}</code> });
    view! {
        <li class="row">
            <div>
                <strong>{name}</strong>
                {address}
                <p class="hint">
                    "Used "
                    <Timestamp at=seen_at now inside=true/>
                    ", signed in "
                    <Timestamp at=created_at now inside=true/>
                    "."
                </p>
            </div>
            {end}
        </li>
    }
}

/// A device in words.
fn device_name(device: Device) -> String {
    match (device.browser, device.system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, Some(system)) => format!("A browser on {system}"),
        (None, None) => "A browser".to_owned(),
    }
}
