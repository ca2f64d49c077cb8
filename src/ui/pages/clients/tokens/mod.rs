//! `/system/api-clients/:id/tokens`: how much a client is used, its last tokens, what a token is, and why requests were
//! refused.
//!
//! The question what a token is posts to the page itself, so that its text is in no address, and in no answer.

mod acts_as;
mod chart;
mod examine;
mod recent;
mod refused;
pub mod revoke_all;

use axum::Form;
use axum::extract::Path;
use axum::extract::rejection::FormRejection;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;
use serde::Deserialize;

use super::head::{ClientHead, ClientNotices};
use crate::domain::client_tokens::{ClientTokens, ExaminedToken, UsagePeriod};
use crate::domain::error::Error;
use crate::domain::secret::Secret;
use crate::domain::token::TokenId;
use crate::domain::view::ClientPage;
use crate::http::console::{compression, problem};
use crate::ui::addresses::Tab;
use crate::ui::api::ApiRefusal;
use crate::ui::api::clients::UpdateClient;
use crate::ui::api::tokens::RevokeToken;
use crate::ui::components::notice::{Notice, RefusalNotice, Tone};
use crate::ui::components::part::Part;
use crate::ui::page::{AdminRequest, Page};
use chart::UsageCard;
use examine::ExamineCard;
use recent::RecentCard;
use refused::RefusedCard;

/// The question what a token is.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct AskedToken {
    token: String,
}

/// What the page is rendered from.
#[derive(Clone)]
pub struct TokensPage {
    page: ClientPage,
    tokens: ClientTokens,
    period: UsagePeriod,
    /// What the token is that was asked for, or why that cannot be said.
    examined: Option<Result<ExaminedToken, ApiRefusal>>,
    done: Option<Done>,
    /// Why a token was not revoked.
    not_revoked: Option<ApiRefusal>,
    /// The refusal of the details form.
    details: Option<ApiRefusal>,
}

/// What was just done.
#[derive(Clone)]
enum Done {
    /// The token whose id ends like this was revoked.
    Revoked(String),
    /// All tokens were revoked.
    RevokedAll,
}

/// The page.
pub async fn page(Path(id): Path<String>, request: AdminRequest) -> Response {
    answer(request, &id, None).await
}

/// Answers what a token is.
pub async fn examine(
    Path(id): Path<String>,
    request: AdminRequest,
    form: Result<Form<AskedToken>, FormRejection>,
) -> Response {
    let Form(asked) = match form {
        Ok(form) => form,
        Err(rejection) => return rejection.into_response(),
    };
    let token = Secret::new(asked.token);
    let examined = request.console().examine_token(&request.actor, &token);
    let (status, examined) = match examined.await {
        Ok(examined) => (StatusCode::OK, Ok(examined)),
        Err(error) => (
            problem::status(&error),
            Err(ApiRefusal::from(problem::problem(&error))),
        ),
    };
    let mut response = answer(request, &id, Some(examined)).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = status;
    }
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, compression::WITH_SECRET);
    response
}

async fn answer(
    request: AdminRequest,
    id: &str,
    examined: Option<Result<ExaminedToken, ApiRefusal>>,
) -> Response {
    match TokensPage::read(&request, id, examined).await {
        Ok(contents) => {
            let is_refused = matches!(contents.examined, Some(Err(_)));
            let prefix = if is_refused { "Error: " } else { "" };
            let title = format!("{prefix}Tokens of {}", contents.page.client.name);
            let page = Page::new(title, move || view! { <Contents contents/> });
            request.answer(page).await
        }
        Err(error) => {
            request
                .failed("The client could not be loaded", error)
                .await
        }
    }
}

impl TokensPage {
    async fn read(
        request: &AdminRequest,
        id: &str,
        examined: Option<Result<ExaminedToken, ApiRefusal>>,
    ) -> Result<Self, Error> {
        let asked = &request.page;
        let period = match asked.parameter("period").as_deref() {
            Some("day") => UsagePeriod::Day,
            Some("month") => UsagePeriod::Month,
            _ => UsagePeriod::TwoWeeks,
        };
        let revoked = asked.parameter("revoked");
        let revoked = revoked
            .filter(|end| TokenId::is_end(end))
            .map(Done::Revoked);
        let all = asked.parameter("revoked-all").map(|_| Done::RevokedAll);
        let console = request.console();
        Ok(Self {
            page: console.show_client(&request.actor, id).await?,
            tokens: console
                .show_client_tokens(&request.actor, id, period)
                .await?,
            period,
            examined,
            done: revoked.or(all),
            not_revoked: asked.refusal::<RevokeToken>(),
            details: asked.refusal::<UpdateClient>(),
        })
    }
}

/// The loaded page.
#[component]
fn Contents(contents: TokensPage) -> impl IntoView {
    let TokensPage {
        page,
        tokens,
        period,
        examined,
        done,
        not_revoked,
        details,
    } = contents;
    // What was refused has a card of its own below.
    let without_refusal = ClientPage {
        last_refusal: None,
        ..page.clone()
    };
    let ClientTokens {
        usage,
        recent,
        live_tokens,
        refusals,
    } = tokens;
    let (id, now) = (page.client.id.to_string(), page.now);
    let examine_page = page.clone();
    view! {
        <ClientHead page=page.clone() tab=Tab::Tokens details=details.clone()/>
        <div class="body">
            <ClientNotices page=without_refusal details saved=None/>
            {done.map(|done| view! { <DoneNotice done/> })}
            {not_revoked.map(|refusal| view! { <RefusalNotice what="The token was not revoked" refusal/> })}
            <Part name="usage" on_use=true>
                <UsageCard id bars=usage period/>
            </Part>
            <Part name="refused">
                <RefusedCard rows=refusals now/>
            </Part>
            <ExamineCard page=examine_page examined/>
            <Part name="recent">
                <RecentCard page rows=recent live_tokens/>
            </Part>
        </div>
    }
}

/// The notice after a revocation.
#[component]
fn DoneNotice(done: Done) -> impl IntoView {
    let (what, rest) = match done {
        Done::Revoked(end) => (
            format!("Token …{end} revoked."),
            " Its next request gets a 401. The client keeps working.",
        ),
        Done::RevokedAll => (
            "All tokens issued so far are revoked.".to_owned(),
            " The client keeps working and can ask for new ones.",
        ),
    };
    view! {
        <Notice tone=Tone::Accent icon="check">
            <strong>{what}</strong>
            {rest}
        </Notice>
    }
}
