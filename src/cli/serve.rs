//! `claviger serve`: opens the store, puts the service over it, mounts the wire and the pages, and stops
//! gracefully.

use std::net::SocketAddr;
use std::sync::LazyLock;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use clap::Args;
use leptos::config::LeptosOptions;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::{AxumRouteListing, LeptosRoutes, ResponseOptions, generate_route_list};
use tokio::net::TcpSocket;
use tokio::time::{Instant, MissedTickBehavior};
use tower_http::limit::RequestBodyLimitLayer;

use super::{arguments, open, output, signals};
use crate::config::{DataSettings, ServerSettings};
use crate::domain::complaint::Complaint;
use crate::domain::view::RefusedForm;
use crate::http::connections::{self, Timeouts};
use crate::http::{self, State};
use crate::service::{Service, Settings};
use crate::store::Missing;
use crate::ui::app::App;
use crate::ui::shell::{Theme, shell};

/// The longest form that a page posts, in bytes.
const LONGEST_FORM: usize = 64 * 1024;

/// How many connections may wait to be accepted, as `TcpListener::bind` has it.
const BACKLOG: u32 = 1024;

/// How long the last counts may take to be written, and the database's connections to be closed.
const CLOSING: Duration = Duration::from_secs(30);

/// How often what has ended is swept away.
const SWEEP_EVERY: Duration = Duration::from_mins(10);

/// How often what was counted is written.
const FLUSH_EVERY: Duration = Duration::from_secs(1);

/// What `claviger serve` takes.
#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    data: DataSettings,
    #[command(flatten)]
    server: ServerSettings,
}

/// Starts the server as the environment says.
///
/// # Errors
/// As [`run`], and what is wrong with which variable.
pub async fn run_from_environment() -> output::Done {
    run(&Arguments {
        data: arguments::from_environment()?,
        server: arguments::from_environment()?,
    })
    .await
}

/// Starts the server, and returns when it was told to stop and has answered what was under way.
///
/// # Errors
/// What keeps it from starting, for the person who starts it.
pub async fn run(arguments: &Arguments) -> output::Done {
    let settings = Settings::for_server(&arguments.data, &arguments.server)?;
    let addr = arguments.server.addr;
    let taken = || format!("cannot listen on {addr}");
    // Before anything is made, and listened on when there is something to answer with.
    let socket = bind(addr).with_context(taken)?;
    let service = open::service(&arguments.data, settings, Missing::Create).await?;
    let listener = socket.listen(BACKLOG).with_context(taken)?;
    let address = listener.local_addr()?;
    // Whoever reads the next line may send a signal at once.
    let told_to_stop = signals::told_to_stop()?;
    let issuer = service.settings().issuer.url();
    announce(&format!(
        "claviger: listening on http://{address}, known as {issuer}"
    ));
    if let Some(code) = service.offer_setup().await? {
        announce(&format!(
            "claviger: set-up link {issuer}/system/setup?code={code} (works once, until the next start)"
        ));
    }
    warn_of_missing_proxies(&service, &arguments.server);
    let state = State::new(service.clone(), arguments.server.trusted_proxies.clone());
    let sweeping = tokio::spawn(sweep(service.clone()));
    let flushing = tokio::spawn(flush(service.clone()));
    connections::serve(listener, app(state), Timeouts::default(), told_to_stop).await;
    sweeping.abort();
    flushing.abort();
    let closing = async {
        // What the last requests left. A failure was logged where it happened, and there is no next time.
        let _ = service.finish_usage().await;
        let _ = service.report_refusals(true).await;
        service.close().await;
    };
    // A database that does not answer keeps nobody from going.
    let _ = tokio::time::timeout(CLOSING, closing).await;
    Ok(())
}

/// The server itself speaks no TLS, so before an https issuer stands a proxy, whose address every request then has.
fn warn_of_missing_proxies(service: &Service, server: &ServerSettings) {
    if service.settings().issuer.is_secure() && server.trusted_proxies.is_empty() {
        tracing::warn!(
            "the issuer is https but CLAVIGER_TRUSTED_PROXIES is not set: every request seems to come from the proxy, so \
             wrong guesses of one network hold up all of them, and log and audit log name the proxy. Set it to the \
             address of the proxy, such as 10.0.0.5/32"
        );
    }
}

/// An address of this server's own, as `TcpListener::bind` has it: right after another that has just ended, too.
fn bind(addr: SocketAddr) -> std::io::Result<TcpSocket> {
    let socket = if addr.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    socket.set_reuseaddr(true)?;
    socket.bind(addr)?;
    Ok(socket)
}

/// Everything that answers: the wire, the pages, and the files of the pages.
pub fn app(state: State) -> Router {
    let options = LeptosOptions::builder()
        .output_name("claviger")
        .site_root("target/site")
        .site_pkg_dir("pkg")
        .build();
    let context = {
        let state = state.clone();
        move || provide_page_context(&state)
    };
    let document = {
        let options = options.clone();
        move || shell(options.clone())
    };
    let missing = leptos_axum::render_app_async_with_context(context.clone(), document.clone());
    let pages = Router::new()
        .leptos_routes_with_context(&options, routes(), context, document)
        .fallback(move |request: Request| file_or_missing(request, missing.clone()))
        .with_state(options)
        .layer(middleware::from_fn_with_state(
            state.clone(),
            http::pages::identify,
        ));
    // A layer stands before one route; after a form this one goes on to another.
    let pages = Router::new()
        .fallback_service(pages)
        .layer(middleware::from_fn(http::forms::lead_on))
        .layer(middleware::from_fn(http::pages::require_same_origin))
        .layer(RequestBodyLimitLayer::new(LONGEST_FORM))
        .layer(middleware::from_fn_with_state(
            state.clone(),
            http::hosts::require_own_host,
        ))
        .layer(middleware::from_fn_with_state(
            state.clone(),
            http::elsewhere::answer,
        ))
        .layer(middleware::from_fn_with_state(
            state.clone(),
            http::security::harden,
        ));
    http::router(state).merge(pages)
}

/// The addresses of the pages. The list is made once: while the framework makes it, no page of this process can
/// load anything.
pub fn routes() -> Vec<AxumRouteListing> {
    static ROUTES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| generate_route_list(App));
    ROUTES.clone()
}

/// What pages and server functions find in their context.
fn provide_page_context(state: &State) {
    provide_context(state.clone());
    if let Some(parts) = use_context::<axum::http::request::Parts>() {
        provide_context(Theme(http::session::theme(state, &parts.headers)));
        if let Some(refused) = parts.extensions.get::<RefusedForm>() {
            provide_context(refused.clone());
        }
    }
    if let (Some(nonce), Some(response)) =
        (leptos::nonce::use_nonce(), use_context::<ResponseOptions>())
    {
        response.insert_header(
            header::CONTENT_SECURITY_POLICY,
            http::security::page_policy(&nonce.to_string()),
        );
    }
}

async fn file_or_missing<F, Answer>(request: Request, missing: F) -> Response
where
    F: FnOnce(Request) -> Answer,
    Answer: Future<Output = Response>,
{
    if let Some(file) = http::assets::find(&request) {
        return file;
    }
    if !http::session::accepts_html(request.headers()) {
        return (
            StatusCode::NOT_FOUND,
            [(header::CONTENT_TYPE, "text/plain; charset=utf-8")],
            format!("{}\n", Complaint::NothingHere),
        )
            .into_response();
    }
    let mut response = missing(request).await;
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

async fn sweep(service: Service) {
    // Not at once: the clock of a machine that has just started may not be set yet.
    let mut ticks = tokio::time::interval_at(Instant::now() + SWEEP_EVERY, SWEEP_EVERY);
    loop {
        ticks.tick().await;
        // A failure was logged where it happened; the next sweep takes what this one left.
        if let Ok(count) = service.sweep().await {
            tracing::debug!(count, "swept");
        }
    }
}

async fn flush(service: Service) {
    let mut ticks = tokio::time::interval(FLUSH_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        // A failure was logged where it happened; the next flush takes what this one left.
        let _ = service.flush_usage().await;
        let _ = service.report_refusals(false).await;
    }
}

/// Prints what whoever starts the server needs to know; on stderr where stdout takes nothing, which keeps no server from
/// serving.
fn announce(line: &str) {
    if output::print(line).is_err() {
        output::complain(line);
    }
}
