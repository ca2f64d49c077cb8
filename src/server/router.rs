//! The routes, grouped by caller, each group with its own layers.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{ConnectInfo, FromRequestParts, State as Extract};
use axum::http::{Request, StatusCode, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, any_service, get, post};
use axum::{BoxError, Router};
use ipnet::IpNet;
use leptos::context::provide_context;
use leptos_axum::handle_server_fns_with_context;
use tokio::runtime::Handle;
use tokio::task::JoinSet;
use tower::ServiceExt;
use tower_http::limit::RequestBodyLimitLayer;

use crate::domain::complaint::Complaint;
use crate::http::console::assets::Site;
use crate::http::console::transfers::Transfers;
use crate::http::console::{self, ConsoleState, transfer_pages};
use crate::http::headers::{self, ResponseHeaders};
use crate::http::oauth::{self, Endpoint, OAuthState};
use crate::http::peer::Proxies;
use crate::http::{health, program_paths};
use crate::service::Services;
use crate::ui::addresses::{IMPORT_PARTICIPANTS, LIVE, TRANSFERS};
use crate::ui::app;
use crate::ui::page::PageRequest;
use crate::ui::pages::{live, not_found};

/// The longest body of a form, in bytes.
const LONGEST_FORM: usize = 64 * 1024;

/// What answers requests.
#[derive(Clone, Debug)]
pub struct App {
    programs: OAuthState,
    router: Router,
    /// Where pages are answered: not on the thread that is to answer the next token request.
    pages: Handle,
}

impl App {
    /// Answers a request from this peer.
    pub async fn answer<B>(&self, request: Request<B>, peer: SocketAddr) -> Response
    where
        B: HttpBody<Data = Bytes> + Send + Unpin + 'static,
        B::Error: Into<BoxError>,
    {
        if let Some(endpoint) = Endpoint::at(request.uri().path()) {
            return endpoint.answer(&self.programs, request, peer).await;
        }
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        // Aborted when the client is gone and this is dropped.
        let mut answering = JoinSet::new();
        answering.spawn_on(self.router.clone().oneshot(request), &self.pages);
        match answering.join_next().await {
            Some(Ok(Ok(response))) => response,
            // After a panic the layer that adds the headers has no answer to add them to.
            Some(Err(_)) | None => {
                let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
                self.programs.response_headers.add_to(&mut response);
                response
            }
        }
    }
}

/// The whole server. Programs and browsers share no handler, no layer but the headers, and no service. Pages are answered on
/// the runtime of the caller.
///
/// # Panics
/// Outside a runtime.
#[must_use]
pub fn app(services: &Services, proxies: Vec<IpNet>, site: Site) -> App {
    let is_secure = services.console.settings().issuer.is_secure();
    let response_headers = Arc::new(ResponseHeaders::new(is_secure));
    let proxies = Arc::new(Proxies::new(proxies, services.console.clock().clone()));
    let programs = OAuthState {
        tokens: services.tokens.clone(),
        proxies: Arc::clone(&proxies),
        response_headers: Arc::clone(&response_headers),
    };
    let browsers = ConsoleState {
        console: services.console.clone(),
        proxies,
        api_description: Arc::new(oauth::openapi::value()),
        transfers: Transfers::default(),
        site,
    };
    let router = public(&response_headers)
        .with_state(programs.clone())
        .merge(administrators(&browsers, &response_headers));
    App {
        programs,
        router,
        pages: Handle::current(),
    }
}

/// What programs without credentials may read: metadata and description for discovery, and health checks.
#[must_use]
pub fn public_endpoints() -> Vec<(&'static str, MethodRouter<OAuthState>)> {
    vec![
        (
            "/.well-known/oauth-authorization-server",
            get(oauth::describe).fallback(oauth::get_only),
        ),
        (
            "/openapi.json",
            get(oauth::openapi::serve).fallback(oauth::get_only),
        ),
        ("/health/live", get(health::live).fallback(oauth::get_only)),
        (
            "/health/ready",
            get(health::ready).fallback(oauth::get_only),
        ),
    ]
}

fn public(response_headers: &Arc<ResponseHeaders>) -> Router<OAuthState> {
    let endpoints = public_endpoints().into_iter();
    let router = endpoints.fold(Router::new(), |router, (path, endpoint)| {
        router.route(path, endpoint)
    });
    router.layer(from_fn_with_state(
        Arc::clone(response_headers),
        headers::harden,
    ))
}

/// Browsers of administrators: pages, forms and static files. Layers run from the last to the first.
fn administrators(state: &ConsoleState, response_headers: &Arc<ResponseHeaders>) -> Router {
    let context = {
        let state = state.clone();
        move || provide_context(state.clone())
    };
    let call =
        move |request: Request<Body>| handle_server_fns_with_context(context.clone(), request);
    let pages = app::router()
        .route(LIVE, get(live::stream))
        .route(
            &format!("{TRANSFERS}/{{key}}"),
            get(transfer_pages::show).post(transfer_pages::cancel),
        )
        .route(
            "/system/do/{*function}",
            post(call).fallback(file_or_missing),
        )
        .fallback(file_or_missing)
        .with_state(state.clone())
        .layer(from_fn_with_state(state.clone(), console::pages::identify));
    // This page reads what it is sent itself, up to axum's limit of 2 MB, so that it can say what is too long.
    let import = pages.clone();
    let pages = pages.layer(RequestBodyLimitLayer::new(LONGEST_FORM));
    // A layer wraps one route; after a form this one calls another route.
    Router::new()
        .route(IMPORT_PARTICIPANTS, any_service(import))
        .fallback_service(pages)
        .layer(from_fn_with_state(
            state.clone(),
            console::forms::answer_form,
        ))
        .layer(console::compression::layer())
        .layer(from_fn(console::pages::require_same_origin))
        .layer(from_fn_with_state(
            state.clone(),
            console::hosts::require_own_host,
        ))
        .layer(from_fn_with_state(
            Arc::clone(response_headers),
            program_paths::answer_unrouted,
        ))
        .layer(from_fn_with_state(
            Arc::clone(response_headers),
            headers::harden,
        ))
}

async fn file_or_missing(
    Extract(state): Extract<ConsoleState>,
    request: Request<Body>,
) -> Response {
    if let Some(file) = state.site.answer(&request) {
        return file;
    }
    if !console::session::accepts_html(request.headers()) {
        return (
            StatusCode::NOT_FOUND,
            [
                (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
                // A file of a build that another node has already.
                (header::CACHE_CONTROL, "no-store"),
            ],
            format!("{}\n", Complaint::NothingHere),
        )
            .into_response();
    }
    let (mut parts, _) = request.into_parts();
    let Ok(request) = PageRequest::from_request_parts(&mut parts, &state).await;
    not_found::page(&request)
}
