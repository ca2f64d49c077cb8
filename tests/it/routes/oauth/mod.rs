//! The OAuth endpoints.

mod cases;
mod credentials;
mod described;
mod impersonation;
mod introspect;
mod introspect_callers;
mod lockout;
mod logins;
mod metadata;
mod methods;
mod parsing;
mod parsing_json;
mod requests;
mod restored_organizations;
mod revoke;
mod tenants;
mod throttle;
mod token;
mod token_exchange;
mod verify;

use axum::body::Body;
use axum::http::{Method, Request};
use claviger::service::CreatedClient;

use crate::support::{App, AppResponse, basic};

/// The endpoints that take forms.
const ENDPOINTS: [&str; 3] = ["/oauth/token", "/oauth/introspect", "/oauth/revoke"];

const FORM: &str = "application/x-www-form-urlencoded";

/// What every answer carries, good or bad.
#[track_caller]
fn assert_kept_from_caches(answer: &AppResponse) {
    assert_eq!(
        answer.header("content-type"),
        "application/json",
        "{answer:?}"
    );
    assert_eq!(answer.header("cache-control"), "no-store", "{answer:?}");
    assert_eq!(answer.header("pragma"), "no-cache", "{answer:?}");
    assert_eq!(
        answer.header("x-content-type-options"),
        "nosniff",
        "{answer:?}"
    );
}

/// A refusal as every endpoint words it: two members in this order, of plain ASCII.
#[track_caller]
fn assert_refused(answer: &AppResponse, status: u16, code: &str) {
    let error = answer.json()["error"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    assert_eq!(
        (answer.status.as_u16(), error.as_str()),
        (status, code),
        "{answer:?}"
    );
    assert_kept_from_caches(answer);
    let description = answer.json()["error_description"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        answer.body,
        format!(r#"{{"error":"{code}","error_description":"{description}"}}"#)
    );
    assert!(
        !description.is_empty()
            && description
                .bytes()
                .all(|byte| (0x20..=0x7E).contains(&byte)),
        "{description}"
    );
    assert!(!description.contains(['"', '\\']), "{description}");
}

/// A failed authentication.
#[track_caller]
fn assert_not_authenticated(answer: &AppResponse) {
    assert_refused(answer, 401, "invalid_client");
    assert_eq!(
        answer.header("www-authenticate"),
        r#"Basic realm="claviger""#
    );
}

/// A client's `Authorization`.
fn authorization(client: &CreatedClient) -> String {
    basic(client.client.id.as_str(), client.secret.expose())
}

/// A client's credentials, as they stand in a form.
fn in_body(client: &CreatedClient) -> String {
    format!(
        "client_id={}&client_secret={}",
        client.client.id,
        client.secret.expose()
    )
}

/// A request as it is, with the headers given and no others.
async fn send(
    app: &App,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> AppResponse {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.send(request.body(Body::from(body.to_owned())).unwrap())
        .await
}
