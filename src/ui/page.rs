//! A page: what it needs of its request, and how it is answered.
//!
//! A page reads its data first, with plain calls of the console, and is then rendered in one go. So its title and status
//! are those of its data, and nothing is left to be loaded in the browser.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use hydration_context::SsrSharedContext;
use leptos::nonce::Nonce;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::addresses::{CONFIRM, SIGN_IN};
use super::api::ApiRefusal;
use super::components::empty::{Failed, NotFound};
use super::components::frame::{Frame, PageHead, Viewer};
use super::components::notice::{Notice, Tone};
use super::document::{Document, Theme};
use super::locale::Locale;
use super::markers::without_markers;
use crate::domain::address::{in_query, parameter};
use crate::domain::complaint::{AdminComplaint, Complaint};
use crate::domain::error::Error;
use crate::domain::ids::Sequence;
use crate::domain::rights::Right;
use crate::domain::view::RefusedForm;
use crate::http::console::session::{self, Identity};
use crate::http::console::{ConsoleState, compression, problem};
use crate::http::headers::page_policy;
use crate::service::{Actor, Console};

/// A request for a page.
#[derive(Debug)]
pub struct PageRequest {
    /// The state of the console's routes.
    pub state: ConsoleState,
    /// The headers.
    pub headers: HeaderMap,
    /// The address.
    pub uri: Uri,
    /// The administrator, when signed in.
    pub actor: Option<Actor>,
    newest_event: Option<Sequence>,
    refused: Option<RefusedForm>,
}

/// A request for a page behind sign-in.
#[derive(Debug)]
pub struct AdminRequest {
    /// The request.
    pub page: PageRequest,
    /// The administrator.
    pub actor: Actor,
}

/// A page that is ready to be rendered.
pub struct Page {
    title: String,
    status: StatusCode,
    cookies: Vec<HeaderValue>,
    view: Box<dyn FnOnce() -> AnyView + Send>,
}

impl FromRequestParts<ConsoleState> for PageRequest {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &ConsoleState,
    ) -> Result<Self, Self::Rejection> {
        let identity = parts.extensions.get::<Identity>();
        Ok(Self {
            state: state.clone(),
            headers: parts.headers.clone(),
            uri: parts.uri.clone(),
            actor: identity.and_then(|identity| identity.actor.clone()),
            newest_event: identity.and_then(|identity| identity.newest_event),
            refused: parts.extensions.get().cloned(),
        })
    }
}

impl FromRequestParts<ConsoleState> for AdminRequest {
    type Rejection = Response;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &ConsoleState,
    ) -> Result<Self, Self::Rejection> {
        let Ok(page) = PageRequest::from_request_parts(parts, state).await;
        match page.actor.clone() {
            Some(actor) => Ok(Self { page, actor }),
            None => Err(Redirect::to(SIGN_IN).into_response()),
        }
    }
}

impl PageRequest {
    /// The rules for administrators.
    #[must_use]
    pub fn console(&self) -> &Console {
        &self.state.console
    }

    /// The path of the address.
    #[must_use]
    pub fn path(&self) -> &str {
        self.uri.path()
    }

    /// The raw query of the address.
    #[must_use]
    pub fn query(&self) -> &str {
        self.uri.query().unwrap_or_default()
    }

    /// A parameter of the query.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<String> {
        parameter(self.query(), name)
    }

    /// Why the form of a server function was refused, when this page answers it.
    #[must_use]
    pub fn refusal<F: ServerFn>(&self) -> Option<ApiRefusal> {
        let form = self
            .refused
            .as_ref()
            .filter(|form| form.endpoint == F::PATH)?;
        serde_json::from_str(&form.refusal).ok()
    }

    /// The theme of the cookie.
    #[must_use]
    pub fn theme(&self) -> Theme {
        Theme(session::theme(&self.state, &self.headers))
    }

    /// How numbers and dates are written for whoever asked.
    #[must_use]
    pub fn locale(&self) -> Locale {
        let accepted = self.headers.get(header::ACCEPT_LANGUAGE);
        Locale::accepted(
            accepted
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default(),
        )
    }

    /// Answers with a page that has no frame.
    #[must_use]
    pub fn answer(&self, page: Page) -> Response {
        let nonce = Nonce::new();
        let policy = page_policy(&nonce);
        let theme = self.theme();
        let rendered = self.console().now().timestamp();
        let address = self.refused.as_ref().map(|form| form.page.clone());
        let Page {
            title,
            status,
            cookies,
            view,
        } = page;
        let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
        let locale = self.locale();
        let write = || {
            view! {
                <Document title theme locale address rendered nonce=nonce.to_string() files=self.state.site.page_files()>
                    {view()}
                </Document>
            }
            .to_html()
        };
        let html = owner.with(|| locale.during(write));
        owner.cleanup();
        let mut response = (status, Html(without_markers(&html))).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        // A page that deletes the cookie of a secret shows that secret.
        if !cookies.is_empty() {
            headers.insert(header::CACHE_CONTROL, compression::WITH_SECRET);
        }
        for cookie in cookies {
            headers.append(header::SET_COOKIE, cookie);
        }
        response
    }
}

impl AdminRequest {
    /// The rules for administrators.
    #[must_use]
    pub fn console(&self) -> &Console {
        self.page.console()
    }

    /// Whether the administrator has a right.
    #[must_use]
    pub fn may(&self, right: Right) -> bool {
        self.actor.may(right)
    }

    /// Answers with a page in the frame.
    pub async fn answer(self, page: Page) -> Response {
        // Without its counts the frame is still of use.
        let counts = self.console().frame_counts(&self.actor).await.ok();
        let viewer = Viewer {
            email: self.actor.email().to_owned(),
            host: self.console().settings().issuer_host(),
            counts,
            theme: self.page.theme().0,
            path: self.page.path().to_owned(),
            address: self.page.uri.to_string(),
            newest_event: self.page.newest_event,
        };
        let Page {
            title,
            status,
            cookies,
            view,
        } = page;
        let view = Box::new(move || view! { <Frame viewer>{view()}</Frame> }.into_any());
        self.page.answer(Page {
            title,
            status,
            cookies,
            view,
        })
    }

    /// Answers that the administrator may not use the form of this page.
    pub async fn read_only(self, title: &'static str, back: &'static str) -> Response {
        let page = Page::new(title, move || {
            view! {
                <PageHead title/>
                <div class="body">
                    <Notice tone=Tone::Neutral icon="lock">
                        "Your account may read this but not change it. "
                        <a class="link" href=back>"Go back to the list"</a>
                    </Notice>
                </div>
            }
        });
        self.answer(page.with_status(StatusCode::FORBIDDEN)).await
    }

    /// Answers with the page of an error: not found, the question for the password, or a failed load with its reason.
    pub async fn failed(self, what: &'static str, error: Error) -> Response {
        if let Error::NotFound(_) = error {
            let path = self.page.path().to_owned();
            let page = Page::new("Not found", move || {
                view! { <div class="body"><NotFound path/></div> }
            });
            return self.answer(page.with_status(StatusCode::NOT_FOUND)).await;
        }
        if let Error::Forbidden(Complaint::Admin(AdminComplaint::PasswordNeeded)) = error {
            return confirm_first(&self.page.uri.to_string());
        }
        let problem = problem::problem(&error);
        let page = Page::new(what, move || {
            view! { <div class="body narrow"><Failed what refusal=problem.into()/></div> }
        });
        self.answer(page.with_status(problem::status(&error))).await
    }
}

/// Leads to where the password is asked for again, and then to one of these pages.
pub fn confirm_first(next: &str) -> Response {
    Redirect::to(&format!("{CONFIRM}?next={}", in_query(next))).into_response()
}

impl Page {
    /// A page with status 200.
    pub fn new<V: IntoView + 'static>(
        title: impl Into<String>,
        view: impl FnOnce() -> V + Send + 'static,
    ) -> Self {
        Self {
            title: title.into(),
            status: StatusCode::OK,
            cookies: Vec::new(),
            view: Box::new(move || view().into_any()),
        }
    }

    /// The same page with another status.
    #[must_use]
    pub fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// The same page with a cookie.
    #[must_use]
    pub fn with_cookie(mut self, cookie: Option<HeaderValue>) -> Self {
        self.cookies.extend(cookie);
        self
    }
}
