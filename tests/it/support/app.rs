//! The whole router, called without a socket, and its responses.

use std::io::Read;
use std::net::SocketAddr;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, Response, StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use claviger::server::router;
use claviger::service::{CreatedClient, Services};
use flate2::read::GzDecoder;
use ipnet::IpNet;
use serde_json::Value;

use super::site;

/// The router over the service of a fixture.
#[derive(Clone)]
pub struct App {
    server: router::App,
    /// The peer address of requests.
    pub peer: SocketAddr,
    /// The `Host` of requests.
    pub host: String,
}

/// A response of the app.
#[derive(Debug)]
pub struct AppResponse {
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// The content, without its coding.
    pub body: String,
    /// How many bytes were sent for it.
    pub length: usize,
}

impl App {
    pub fn new(services: Services) -> Self {
        Self::behind(services, Vec::new())
    }

    /// The app behind trusted proxies in these networks.
    pub fn behind(services: Services, proxies: Vec<IpNet>) -> Self {
        Self {
            server: router::app(&services, proxies, site()),
            peer: "192.0.2.1:1234".parse().unwrap(),
            host: "127.0.0.1:3000".to_owned(),
        }
    }

    /// The same app with another peer address.
    pub fn from(&self, address: &str) -> Self {
        Self {
            peer: format!("{address}:1234").parse().unwrap(),
            ..self.clone()
        }
    }

    /// The same app with another `Host`.
    pub fn at(&self, host: &str) -> Self {
        Self {
            host: host.to_owned(),
            ..self.clone()
        }
    }

    /// The same, with the body as it comes.
    pub async fn answer(&self, mut request: Request<Body>) -> Response<Body> {
        request
            .headers_mut()
            .entry(header::HOST)
            .or_insert(self.host.parse().unwrap());
        self.server.answer(request, self.peer).await
    }

    /// Sends a request as it is; `Host` and the peer's address are added.
    pub async fn send(&self, request: Request<Body>) -> AppResponse {
        let (parts, body) = self.answer(request).await.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let mut content = Vec::new();
        match parts.headers.get("content-encoding") {
            Some(coding) if coding == "gzip" => {
                GzDecoder::new(&*body).read_to_end(&mut content).unwrap();
            }
            _ => content.extend_from_slice(&body),
        }
        AppResponse {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&content).into_owned(),
            length: body.len(),
        }
    }

    pub async fn get(&self, path: &str, headers: &[(&str, &str)]) -> AppResponse {
        self.send(request(Method::GET, path, headers, Body::empty()))
            .await
    }

    /// Posts a form.
    pub async fn post(&self, path: &str, headers: &[(&str, &str)], form: &str) -> AppResponse {
        let mut all = vec![("content-type", "application/x-www-form-urlencoded")];
        all.extend(headers);
        self.send(request(
            Method::POST,
            path,
            &all,
            Body::from(form.to_owned()),
        ))
        .await
    }

    /// Posts JSON.
    pub async fn post_json(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> AppResponse {
        let mut all = vec![("content-type", "application/json")];
        all.extend(headers);
        self.send(request(
            Method::POST,
            path,
            &all,
            Body::from(body.to_string()),
        ))
        .await
    }

    /// Requests a token with HTTP Basic; `more` is the rest of the form, such as `&scope=public`.
    pub async fn token(&self, client: &CreatedClient, more: &str) -> AppResponse {
        let basic = basic(client.client.id.as_str(), client.secret.expose());
        self.post(
            "/oauth/token",
            &[("authorization", &basic)],
            &format!("grant_type=client_credentials{more}"),
        )
        .await
    }

    /// Requests a token, and panics when it is refused.
    pub async fn issued(&self, client: &CreatedClient, more: &str) -> String {
        let answer = self.token(client, more).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.json()["access_token"].as_str().unwrap().to_owned()
    }

    /// Introspects a token with the client's own credentials.
    pub async fn introspect(&self, client: &CreatedClient, token: &str) -> Value {
        let basic = basic(client.client.id.as_str(), client.secret.expose());
        let answer = self
            .post(
                "/oauth/introspect",
                &[("authorization", &basic)],
                &format!("token={token}"),
            )
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.json()
    }
}

impl AppResponse {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The cookies that were set, as the value of a `Cookie` header.
    pub fn cookies(&self) -> String {
        let set = self
            .headers
            .get_all("set-cookie")
            .iter()
            .map(|value| value.to_str().unwrap());
        set.filter_map(|cookie| cookie.split(';').next())
            .collect::<Vec<_>>()
            .join("; ")
    }
}

/// The value of an `Authorization` header.
pub fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}

fn request(method: Method, path: &str, headers: &[(&str, &str)], body: Body) -> Request<Body> {
    let mut builder = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        builder = builder.header(*name, *value);
    }
    builder.body(body).unwrap()
}
