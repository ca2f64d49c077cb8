//! `/system`: the overview, the start page. Its parts are cards, each for itself.

use axum::response::Response;
use leptos::prelude::*;

use crate::domain::rights::Right;
use crate::domain::view::{AnswerTime, BusyClient, Overview, Period};
use crate::ui::addresses::{AUDIT, NEW_CLIENT, Tab, client_page};
use crate::ui::components::audit_log::NewestEntries;
use crate::ui::components::badges::duration;
use crate::ui::components::button::CopyButton;
use crate::ui::components::frame::PageHead;
use crate::ui::components::icon::Icon;
use crate::ui::components::key::DrawnKey;
use crate::ui::components::sparkline::Sparkline;
use crate::ui::numbers::short_time;
use crate::ui::page::{AdminRequest, Page};
use crate::ui::pages::audit::chain::Broken;

mod attention;
mod numbers;
mod traffic;

use attention::Attention;
use numbers::Numbers;
use traffic::TrafficCard;

/// The overview.
pub async fn page(request: AdminRequest) -> Response {
    let period = request.page.parameter("range").unwrap_or_default();
    let loaded = request
        .console()
        .overview(&request.actor, Period::parse(&period))
        .await;
    let may_change = request.may(Right::ChangeClients);
    match loaded {
        Ok(overview) => {
            let page = Page::new("Overview", move || {
                view! { <Contents overview may_change/> }
            });
            request.answer(page).await
        }
        Err(error) => {
            request
                .failed("The overview could not be loaded", error)
                .await
        }
    }
}

#[component]
fn Contents(overview: Overview, may_change: bool) -> impl IntoView {
    let now = overview.now;
    let action = may_change.then(|| {
        view! {
            <a class="btn fill" href=NEW_CLIENT>
                <Icon name="plus"/>
                "New client"
            </a>
        }
        .into_any()
    });
    let expiring = overview.clients.expiring;
    view! {
        <PageHead title="Overview" action/>
        <div class="body">
            {overview.broken_entry.map(|sequence| view! { <Broken sequence/> })}
            <Numbers
                clients=overview.clients
                today=overview.today
                yesterday=overview.yesterday
                live_tokens=overview.live_tokens
            />
            <div class="split">
                <div class="stack loose">
                    <Attention concerns=overview.concerns expiring may_change now/>
                    <TrafficCard period=overview.period traffic=overview.traffic now/>
                    <Busiest clients=overview.busiest/>
                </div>
                <div class="stack loose">
                    <TokenEndpoint url=overview.token_url ttl=overview.token_ttl answer_time=overview.answer_time/>
                    <NewestEntries
                        title="Recent changes"
                        entries=overview.changes
                        none="Nothing was changed lately."
                        all=AUDIT.to_owned()
                        now
                    />
                </div>
            </div>
        </div>
    }
}

/// Where clients ask for tokens. This page is made of the same reads that a request for a token needs, so where they fail
/// there is no page that could say so.
#[component]
fn TokenEndpoint(url: String, ttl: i64, answer_time: Option<AnswerTime>) -> impl IntoView {
    let shown = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
    let shown = shown.to_owned();
    let answer_time = answer_time.map(|time| {
        view! {
            <div>
                <dt>"Answer time, p50 and p99"</dt>
                <dd>{short_time(time.p50)} ", " {short_time(time.p99)}</dd>
                <dd class="hint">"This server, in the last hour"</dd>
            </div>
        }
    });
    view! {
        <section class="card" aria-labelledby="endpoint">
            <header class="row">
                <h2 id="endpoint">"Token endpoint"</h2>
                <span class="status push" data-tone="accent">
                    "Healthy"
                </span>
            </header>
            <div class="pad">
                <div class="row">
                    <code class="value">{shown}</code>
                    <CopyButton text=url label="Copy the token endpoint"/>
                </div>
                <dl class="facts">
                    {answer_time}
                    <div>
                        <dt>"Tokens live for"</dt>
                        <dd>{duration(ttl)} ", unless a client has another lifetime"</dd>
                    </div>
                </dl>
            </div>
        </section>
    }
}

/// The busiest clients.
#[component]
fn Busiest(clients: Vec<BusyClient>) -> impl IntoView {
    let contents = if clients.is_empty() {
        view! { <p class="pad hint">"No client was used in the last 14 days."</p> }.into_any()
    } else {
        let rows = clients
            .into_iter()
            .map(|client| view! { <BusyRow client/> })
            .collect_view();
        view! { <ul class="list">{rows}</ul> }.into_any()
    };
    view! {
        <section class="card" aria-labelledby="busiest">
            <header class="row">
                <h2 id="busiest">"Most active clients"</h2>
                <span class="count push">"14 days"</span>
            </header>
            {contents}
        </section>
    }
}

#[component]
fn BusyRow(client: BusyClient) -> impl IntoView {
    view! {
        <li>
            <DrawnKey cuts=client.id.cuts()/>
            <div>
                <strong>
                    <a href=client_page(client.id.as_str(), Tab::Credentials)>
                        <bdi>{client.name}</bdi>
                    </a>
                </strong>
            </div>
            <Sparkline usage=client.usage/>
        </li>
    }
}
