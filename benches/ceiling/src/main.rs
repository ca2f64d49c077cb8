//! What an HTTP stack can do at best: the same routes and the same requests as the server's, read by a bare
//! Axum handler, answered with JSON of the same size, and nothing decided.

use std::net::SocketAddr;

use axum::extract::Form;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::routing::post;
use axum::serve::ListenerExt;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use tokio::net::{TcpListener, TcpSocket};
use tokio::runtime::Builder;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Deserialize)]
struct Grant {
    grant_type: String,
}

#[derive(Deserialize)]
struct Token {
    token: String,
}

/// As long as the answer to `POST /oauth/token`.
#[derive(Serialize)]
struct Issued {
    access_token: &'static str,
    token_type: &'static str,
    expires_in: u32,
    scope: &'static str,
    created_at: u64,
}

/// As long as the answer to `POST /oauth/introspect`.
#[derive(Serialize)]
struct Active {
    active: bool,
    scope: &'static str,
    client_id: &'static str,
    token_type: &'static str,
    iat: u64,
    exp: u64,
    sub: &'static str,
    aud: &'static str,
    iss: &'static str,
    jti: &'static str,
    permissions: [&'static str; 20],
    organization_id: u64,
}

#[derive(Serialize)]
struct Nothing {}

const TOKEN: &str = "clv_AQABr8nK3bqGmB1v0tYx5oQe7ZhUjW2dLfCkS9aXpN4iVgTzRcEwMyHuOsPlDxqK8tJbY1nF0rAeGvUZ6hQkW3mTcXoLpSdIyBf7jE";

async fn issue(headers: HeaderMap, Form(grant): Form<Grant>) -> Json<Issued> {
    let is_known = headers.contains_key(AUTHORIZATION) && grant.grant_type == "client_credentials";
    Json(Issued {
        access_token: if is_known { TOKEN } else { "" },
        token_type: "Bearer",
        expires_in: 7200,
        scope: "public proposals meetings",
        created_at: 1_795_435_200,
    })
}

async fn introspect(headers: HeaderMap, Form(form): Form<Token>) -> Json<Active> {
    Json(Active {
        active: headers.contains_key(AUTHORIZATION) && !form.token.is_empty(),
        scope: "public proposals meetings",
        client_id: "id_h3Zt0WcYq8Nv-1Bs",
        token_type: "Bearer",
        iat: 1_795_435_200,
        exp: 1_795_442_400,
        sub: "id_h3Zt0WcYq8Nv-1Bs",
        aud: "http://127.0.0.1:3000",
        iss: "http://127.0.0.1:3000",
        jti: "6f1d0c2b9a8e7f5d4c3b2a190817263544536271809f8e7d",
        permissions: ["proposals.proposals.read"; 20],
        organization_id: 2,
    })
}

async fn revoke(headers: HeaderMap, Form(form): Form<Token>) -> Json<Nothing> {
    std::hint::black_box((headers.contains_key(AUTHORIZATION), form.token));
    Json(Nothing {})
}

fn app() -> Router {
    Router::new()
        .route("/oauth/token", post(issue))
        .route("/oauth/introspect", post(introspect))
        .route("/oauth/revoke", post(revoke))
}

async fn serve(listener: TcpListener) -> std::io::Result<()> {
    let listener = listener.tap_io(|connection| {
        let _ = connection.set_nodelay(true);
    });
    axum::serve(listener, app()).await
}

/// A listener that shares its port with others of this process; the kernel spreads the connections.
fn listen_beside(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseport(true)?;
    socket.bind(address)?;
    socket.listen(1024)
}

/// One runtime that moves work between its threads.
fn serve_shared(address: SocketAddr) -> std::io::Result<()> {
    Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(async {
            let listener = TcpListener::bind(address).await?;
            println!("ceiling: listening on http://{}", listener.local_addr()?);
            serve(listener).await
        })
}

/// A runtime with one thread for each core, which nothing leaves.
fn serve_per_core(address: SocketAddr) -> std::io::Result<()> {
    let first = Builder::new_current_thread().enable_all().build()?;
    first.block_on(async {
        let listener = listen_beside(address)?;
        let address = listener.local_addr()?;
        for _ in 1..std::thread::available_parallelism()?.get() {
            std::thread::spawn(move || -> std::io::Result<()> {
                let runtime = Builder::new_current_thread().enable_all().build()?;
                runtime.block_on(async { serve(listen_beside(address)?).await })
            });
        }
        println!("ceiling: listening on http://{address}");
        serve(listener).await
    })
}

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments
        .next()
        .unwrap_or_else(|| "127.0.0.1:3001".to_owned());
    let address = address.parse().map_err(std::io::Error::other)?;
    match arguments.next().as_deref() {
        None => serve_shared(address),
        Some("per-core") => serve_per_core(address),
        Some(other) => Err(std::io::Error::other(format!(
            "expected per-core, not {other}"
        ))),
    }
}
