//! The pages, and the forms that they post.

mod administrators;
mod audit;
mod bulk;
mod catalog;
mod client_changes;
mod client_dialogs;
mod client_form;
mod client_secrets;
mod client_tokens;
mod clients;
mod compression;
mod concurrent_pages;
mod csrf;
mod ended_sessions;
mod find;
mod form_answers;
mod form_keys;
mod guard;
mod headers;
mod live;
mod locale;
mod malformed_forms;
mod markup;
mod organization_choice;
mod organization_page;
mod organization_pages;
mod organizations;
mod overview;
mod participant_import;
mod participant_lists;
mod participants;
mod permission_copies;
mod permissions;
mod secrets;
mod setup;
mod sign_in;
mod signed_out_forms;
mod stepped_up;
mod transfers;
mod unknown_ids;
mod usage;

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{Method, Request};
use claviger::domain::role::Role;
use claviger::service::Visitor;
use leptos::server_fn::axum::server_fn_paths;

use super::form;
use crate::support::{App, AppResponse, Fixture, secret, shell};

const EMAIL: &str = "ada@example.org";
const PASSWORD: &str = "a sentence as a password";
const FORM: &str = "application/x-www-form-urlencoded";

/// A browser: it keeps cookies, says that its posts come from a page of ours, and follows nothing by itself.
#[derive(Clone)]
pub struct Browser {
    pub app: App,
    pub cookies: BTreeMap<String, String>,
}

impl Browser {
    pub fn new(fixture: &Fixture) -> Self {
        Self {
            app: fixture.app(),
            cookies: BTreeMap::new(),
        }
    }

    /// The browser of an owner who is signed in.
    pub async fn signed_in(fixture: &Fixture) -> Self {
        Self::of(fixture, EMAIL, Role::Owner).await
    }

    /// The browser of a new administrator who is signed in.
    pub async fn of(fixture: &Fixture, email: &str, role: Role) -> Self {
        fixture
            .console
            .create_admin(&shell(), email, role, &secret(PASSWORD))
            .await
            .unwrap();
        let session = fixture
            .console
            .sign_in(&Visitor::default(), email, &secret(PASSWORD))
            .await
            .unwrap();
        let mut browser = Self::new(fixture);
        browser
            .cookies
            .insert("claviger".to_owned(), session.id.expose().to_owned());
        browser
    }

    /// Goes to a page.
    pub async fn open(&mut self, path: &str) -> AppResponse {
        self.send(
            Method::GET,
            path,
            &[("accept", "text/html"), ("sec-fetch-site", "same-origin")],
            "",
        )
        .await
    }

    /// Posts a form of the page at `back`, as without script.
    pub async fn submit(
        &mut self,
        endpoint: &str,
        back: &str,
        fields: &[(&str, &str)],
    ) -> AppResponse {
        let address = format!("/system/do/{endpoint}?{}", form(&[("back", back)]));
        let headers = [
            ("accept", "text/html,application/xhtml+xml,*/*;q=0.8"),
            ("content-type", FORM),
            ("sec-fetch-site", "same-origin"),
        ];
        self.send(Method::POST, &address, &headers, &form(fields))
            .await
    }

    /// Calls a server function, as the script of a page does.
    pub async fn call(&mut self, endpoint: &str, fields: &[(&str, &str)]) -> AppResponse {
        self.call_raw(endpoint, &form(fields)).await
    }

    /// The same with a body as it is.
    pub async fn call_raw(&mut self, endpoint: &str, body: &str) -> AppResponse {
        let headers = [
            ("accept", "application/json"),
            ("content-type", FORM),
            ("sec-fetch-site", "same-origin"),
        ];
        self.send(
            Method::POST,
            &format!("/system/do/{endpoint}"),
            &headers,
            body,
        )
        .await
    }

    /// Sends a request with these headers and the cookies, and keeps the cookies of the answer.
    pub async fn send(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> AppResponse {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if !cookies.is_empty() {
            request = request.header("cookie", cookies.join("; "));
        }
        let answer = self
            .app
            .send(request.body(Body::from(body.to_owned())).unwrap())
            .await;
        for cookie in answer.headers.get_all("set-cookie") {
            let (pair, attributes) = cookie.to_str().unwrap().split_once("; ").unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0;") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }
}

/// Where an answer leads.
#[track_caller]
fn leads_to(answer: &AppResponse) -> String {
    assert_eq!(answer.status.as_u16(), 303, "{answer:?}");
    assert_eq!(answer.body, "", "a redirect says nothing else");
    answer.header("location").to_owned()
}

/// What a script is told when it is refused.
#[track_caller]
fn assert_refused(answer: &AppResponse, status: u16, sentence: &str) {
    assert_eq!(answer.status.as_u16(), status, "{answer:?}");
    assert!(answer.body.contains(sentence), "{}", answer.body);
    assert_eq!(answer.header("cache-control"), "no-store, no-transform");
}

/// The page that answers a refused form.
struct RefusedPage {
    /// Its address, without the query.
    address: String,
    /// The fields that have an error, in the order of the page.
    fields: Vec<String>,
}

/// Reads the page that answers a refused form.
#[track_caller]
fn refusal(answer: &AppResponse) -> RefusedPage {
    assert!(answer.status.is_client_error(), "{answer:?}");
    assert!(!answer.headers.contains_key("location"), "{answer:?}");
    assert_eq!(answer.header("cache-control"), "no-store, no-transform");
    let address = answer
        .body
        .split_once("data-address=\"")
        .and_then(|(_, rest)| rest.split(['"', '?']).next())
        .unwrap_or_else(|| panic!("{answer:?}"));
    let field = |id: &str| {
        let id = id.strip_prefix("organization-").unwrap_or(id);
        match id {
            "organization" => "organization_id".to_owned(),
            id => id.trim_start_matches("ed-").to_owned(),
        }
    };
    let fields = answer
        .body
        .split("id=\"")
        .filter_map(|rest| rest.split('"').next()?.strip_suffix("-error"))
        .map(field)
        .collect();
    RefusedPage {
        address: address.to_owned(),
        fields,
    }
}

/// A text as the value of an attribute.
fn in_attribute(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('"', "&quot;");
    escaped.replace('<', "&lt;").replace('>', "&gt;")
}

/// Every address that forms post to, without what all have in common.
fn endpoints() -> Vec<&'static str> {
    let mut names: Vec<&str> = server_fn_paths()
        .map(|(path, _)| path.strip_prefix("/system/do/").unwrap())
        .collect();
    names.sort_unstable();
    names
}
