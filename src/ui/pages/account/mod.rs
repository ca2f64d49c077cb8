//! `/system/account`: the account of whoever is signed in.

mod sessions;
mod settings;

use axum::response::Response;
use leptos::prelude::*;

use sessions::SessionsCard;
use settings::{AppearanceCard, PasswordCard};

use crate::domain::Time;
use crate::domain::admin::AdminSession;
use crate::ui::api::ApiRefusal;
use crate::ui::api::account::{ChangeOwnPassword, EndOtherSessions, EndOwnSession};
use crate::ui::components::frame::PageHead;
use crate::ui::components::notice::{Notice, Tone};
use crate::ui::page::{AdminRequest, Page};

/// What the page shows.
#[derive(Clone, Debug)]
struct Shown {
    email: String,
    sessions: Vec<AdminSession>,
    theme: Option<String>,
    /// What was just done, as the address names it.
    saved: Option<String>,
    password: Option<ApiRefusal>,
    end: Option<ApiRefusal>,
    now: Time,
}

/// The page.
pub async fn page(request: AdminRequest) -> Response {
    let asked = &request.page;
    let (password, end) = (
        asked.refusal::<ChangeOwnPassword>(),
        asked.refusal::<EndOwnSession>(),
    );
    let end = end.or_else(|| asked.refusal::<EndOtherSessions>());
    match request.console().list_own_sessions(&request.actor).await {
        Ok(sessions) => {
            let shown = Shown {
                email: request.actor.email().to_owned(),
                sessions,
                theme: asked.theme().0,
                saved: asked.parameter("saved"),
                password,
                end,
                now: request.console().now(),
            };
            let page = Page::new("Your account", move || view! { <Contents shown/> });
            request.answer(page).await
        }
        Err(error) => {
            request
                .failed("Your account could not be loaded", error)
                .await
        }
    }
}

/// The loaded page.
#[component]
fn Contents(shown: Shown) -> impl IntoView {
    let Shown {
        email,
        sessions,
        theme,
        saved,
        password,
        end,
        now,
    } = shown;
    let done = match saved.as_deref() {
        Some("password") => Some((
            "The password was changed.",
            " Your other sessions have ended.",
        )),
        Some("sessions") => Some(("Ended.", " Whoever used it has to sign in again.")),
        _ => None,
    };
    let done = done.map(|(strong, rest)| {
        view! {
            <Notice tone=Tone::Accent icon="check">
                <strong>{strong}</strong>
                {rest}
            </Notice>
        }
    });
    let name = email.clone();
    view! {
        <PageHead title="Your account">
            <p class="sub">"Signed in as " <bdi>{name}</bdi> "."</p>
            {done}
        </PageHead>
        <div class="body narrow">
            <PasswordCard email refusal=password/>
            <SessionsCard sessions refusal=end now/>
            <AppearanceCard theme/>
        </div>
    }
}
