//! Transports: the app without a socket, a server over a socket, or either behind a proxy that caches responses.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{IpAddr, Ipv6Addr, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tokio::runtime::Handle;

use crate::routes::form;
use crate::support::App;

/// A form to post, with headers.
#[derive(Clone, Copy, Debug)]
pub struct Post<'a> {
    pub path: &'a str,
    pub headers: &'a [(&'a str, &'a str)],
    pub form: &'a str,
}

/// A response.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    /// The head, with header names in lower case.
    pub head: Vec<(String, String)>,
    pub body: String,
}

impl Reply {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub fn header(&self, name: &str) -> &str {
        let found = self.head.iter().find(|(found, _)| found == name);
        found.map_or("", |(_, value)| value.as_str())
    }
}

/// A connection to a node.
pub trait Transport: Send {
    /// Posts, and waits for the response; an error when the connection broke.
    fn post(&mut self, post: Post<'_>) -> std::io::Result<Reply>;
}

/// Posts to a server function as our pages do, with a session's cookie.
pub fn call(
    transport: &mut dyn Transport,
    session: &str,
    endpoint: &str,
    fields: &[(&str, &str)],
) -> std::io::Result<Reply> {
    transport.post(Post {
        path: &format!("/system/do/{endpoint}"),
        headers: &[
            ("accept", "application/json"),
            ("sec-fetch-site", "same-origin"),
            ("cookie", session),
        ],
        form: &form(fields),
    })
}

/// The permissions of a live token; none when it is not active.
pub fn introspect(
    transport: &mut dyn Transport,
    basic: &str,
    token: &str,
) -> Result<Option<Vec<String>>, String> {
    let reply = transport.post(Post {
        path: "/oauth/introspect",
        headers: &[("authorization", basic)],
        form: &format!("token={token}"),
    });
    let reply = reply.map_err(|error| error.to_string())?;
    if reply.status != 200 {
        return Err(format!("{reply:?}"));
    }
    if reply.body == r#"{"active":false}"# {
        return Ok(None);
    }
    let Value::Array(names) = &reply.json()["permissions"] else {
        return Err(format!("{reply:?}"));
    };
    let names = names
        .iter()
        .map(|name| name.as_str().map(ToOwned::to_owned));
    names
        .collect::<Option<_>>()
        .map(Some)
        .ok_or_else(|| format!("{reply:?}"))
}

/// A new token; none when the credentials are refused.
pub fn issue(transport: &mut dyn Transport, basic: &str) -> Result<Option<String>, String> {
    let reply = transport.post(Post {
        path: "/oauth/token",
        headers: &[("authorization", basic)],
        form: "grant_type=client_credentials",
    });
    let reply = reply.map_err(|error| error.to_string())?;
    match reply.status {
        200 => Ok(reply.json()["access_token"].as_str().map(ToOwned::to_owned)),
        401 if reply.json()["error"] == "invalid_client" => Ok(None),
        _ => Err(format!("{reply:?}")),
    }
}

/// An address of an unused network, so that failed guesses do not add up in the throttle.
fn unused_address() -> IpAddr {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    let network = (0x2001_0DB8_u128 << 32) + u128::from(COUNT.fetch_add(1, Ordering::Relaxed));
    Ipv6Addr::from_bits(network << 64).into()
}

/// The app in this process.
pub struct InProcess {
    pub app: App,
    pub runtime: Handle,
}

impl Transport for InProcess {
    fn post(&mut self, post: Post<'_>) -> std::io::Result<Reply> {
        let mut app = self.app.clone();
        app.peer = SocketAddr::new(unused_address(), 1234);
        let answer = self
            .runtime
            .block_on(app.post(post.path, post.headers, post.form));
        let head = answer.headers.iter().map(|(name, value)| {
            (
                name.to_string(),
                value.to_str().unwrap_or_default().to_owned(),
            )
        });
        Ok(Reply {
            status: answer.status.as_u16(),
            head: head.collect(),
            body: answer.body,
        })
    }
}

/// A connection that is kept open to a server that trusts this machine as a proxy.
pub struct Socket {
    address: String,
    open: Option<BufReader<TcpStream>>,
}

impl Socket {
    pub fn to(address: &str) -> Self {
        Self {
            address: address.to_owned(),
            open: None,
        }
    }

    fn exchange(
        &self,
        stream: &mut BufReader<TcpStream>,
        post: Post<'_>,
    ) -> std::io::Result<Reply> {
        let mut text = format!(
            "POST {} HTTP/1.1\r\nHost: {}\r\nX-Forwarded-For: {}\r\nContent-Length: {}\r\n",
            post.path,
            self.address,
            unused_address(),
            post.form.len()
        );
        if post.headers.iter().all(|(name, _)| *name != "content-type") {
            text.push_str("content-type: application/x-www-form-urlencoded\r\n");
        }
        for (name, value) in post.headers {
            text.extend([*name, ": ", *value, "\r\n"]);
        }
        stream
            .get_mut()
            .write_all(format!("{text}\r\n{}", post.form).as_bytes())?;
        read(stream)
    }
}

/// Reads a response, which always has a `Content-Length`.
fn read(stream: &mut BufReader<TcpStream>) -> std::io::Result<Reply> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if line == "\r\n" {
            break;
        }
        lines.push(line.trim_end().to_owned());
    }
    let status = lines[0]
        .split(' ')
        .nth(1)
        .and_then(|text| text.parse().ok());
    let head: Vec<(String, String)> = lines[1..]
        .iter()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length = head.iter().find(|(name, _)| name == "content-length");
    let length = length.and_then(|(_, value)| value.parse().ok());
    let (Some(status), Some(length)) = (status, length) else {
        return Err(std::io::Error::other(format!("not understood: {lines:?}")));
    };
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    Ok(Reply {
        status,
        head,
        body: String::from_utf8(body).map_err(std::io::Error::other)?,
    })
}

impl Transport for Socket {
    fn post(&mut self, post: Post<'_>) -> std::io::Result<Reply> {
        let mut stream = if let Some(open) = self.open.take() {
            open
        } else {
            let stream = TcpStream::connect(&self.address)?;
            stream.set_nodelay(true)?;
            stream.set_read_timeout(Some(Duration::from_mins(1)))?;
            BufReader::new(stream)
        };
        let reply = self.exchange(&mut stream, post)?;
        self.open = Some(stream);
        Ok(reply)
    }
}

/// Cached introspection responses, with how often each may still be repeated.
pub type ResponseCache = Arc<Mutex<HashMap<String, (Reply, u32)>>>;

/// A transport that repeats earlier responses, as a misconfigured caching proxy does.
pub struct StaleProxy {
    pub inner: Box<dyn Transport>,
    pub cache: ResponseCache,
    /// How often a response is repeated.
    pub times: u32,
}

impl Transport for StaleProxy {
    fn post(&mut self, post: Post<'_>) -> std::io::Result<Reply> {
        if post.path != "/oauth/introspect" {
            return self.inner.post(post);
        }
        let name = format!("{post:?}");
        if let Some((reply, left)) = self.cache.lock().unwrap().get_mut(&name)
            && *left > 0
        {
            *left -= 1;
            return Ok(reply.clone());
        }
        let reply = self.inner.post(post)?;
        self.cache
            .lock()
            .unwrap()
            .insert(name, (reply.clone(), self.times));
        Ok(reply)
    }
}
