//! A server that runs: started on a free port, asked over a socket, stopped by a signal.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use super::shell::{Folder, Made};
use crate::support::basic;

/// A server process. It is killed when the test ends before it was stopped.
pub struct Server {
    child: Child,
    stdout: Lines,
    address: String,
    /// The first line on stdout.
    pub greeting: String,
}

impl Server {
    /// Starts `claviger` on a free port, and returns when it listens. Its log is in `server.log`.
    pub fn start(folder: &Folder) -> Self {
        let mut command = folder.command(env!("CARGO_BIN_EXE_claviger"));
        command.arg("serve");
        Self::start_as(folder, command)
    }

    /// The same by a command that becomes the server.
    pub fn start_as(folder: &Folder, mut command: Command) -> Self {
        let log = std::fs::File::create(folder.file("server.log")).unwrap();
        let mut child = command
            .env("CLAVIGER_ADDR", "127.0.0.1:0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let stdout = child.stdout.take().unwrap();
        Self::greeted(child, BufReader::new(Box::new(stdout)))
    }

    /// The same where the greeting goes to stderr, with the log.
    pub fn start_on_stderr(mut command: Command) -> Self {
        let mut child = command
            .env("CLAVIGER_ADDR", "127.0.0.1:0")
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stderr = child.stderr.take().unwrap();
        Self::greeted(child, BufReader::new(Box::new(stderr)))
    }

    fn greeted(child: Child, mut stdout: Lines) -> Self {
        let greeting = std::iter::from_fn(|| line(&mut stdout))
            .find(|line| line.starts_with("claviger: listening on "))
            .expect("a server says where it listens");
        let address = greeting
            .strip_prefix("claviger: listening on http://")
            .unwrap()
            .split(',')
            .next()
            .unwrap()
            .to_owned();
        Self {
            child,
            stdout,
            address,
            greeting,
        }
    }

    /// The next line on stdout, for which it waits.
    pub fn next_line(&mut self) -> Option<String> {
        line(&mut self.stdout)
    }

    /// Where it listens.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The number of its process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Ends it at once, whatever it is doing.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Sends it a signal.
    pub fn signal(&self, name: &str) {
        let told = Command::new("kill")
            .args(["-s", name, &self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(told.success());
    }

    /// Waits for its end: the exit code, none after a signal.
    pub fn wait(&mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }

    /// Asks the server to stop, and gives its exit code and whatever else it had printed.
    pub fn stop(mut self) -> (Option<i32>, Vec<String>) {
        self.signal("TERM");
        let mut rest = Vec::new();
        while let Some(line) = self.next_line() {
            rest.push(line);
        }
        (self.child.wait().unwrap().code(), rest)
    }

    /// Sends a request on a connection of its own, and gives the status and the body.
    pub fn ask(&self, method: &str, path: &str, headers: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(30)))
            .unwrap();
        let length = body.len();
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}", self.address).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (
            head.split(' ').nth(1).unwrap().parse().unwrap(),
            body.to_owned(),
        )
    }

    /// Posts a form in a client's name.
    pub fn post(&self, path: &str, client: &Made, form: &str) -> (u16, Value) {
        let basic = basic(&client.id, &client.secret);
        let headers = format!(
            "Authorization: {basic}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        );
        let (status, body) = self.ask("POST", path, &headers, form);
        (status, serde_json::from_str(&body).unwrap())
    }

    /// A token, which must be given.
    pub fn token(&self, client: &Made) -> String {
        let (status, answer) = self.post("/oauth/token", client, "grant_type=client_credentials");
        assert_eq!(status, 200, "{answer}");
        answer["access_token"].as_str().unwrap().to_owned()
    }

    /// The status and the error of a refused request for a token.
    pub fn refusal(&self, client: &Made) -> (u16, String) {
        let (status, answer) = self.post("/oauth/token", client, "grant_type=client_credentials");
        (
            status,
            answer["error"].as_str().unwrap_or_default().to_owned(),
        )
    }

    /// What a client is told about a token.
    pub fn introspect(&self, client: &Made, token: &str) -> Value {
        let (status, answer) = self.post("/oauth/introspect", client, &format!("token={token}"));
        assert_eq!(status, 200, "{answer}");
        answer
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where a server prints.
type Lines = BufReader<Box<dyn Read + Send>>;

fn line(stdout: &mut Lines) -> Option<String> {
    let mut line = String::new();
    (stdout.read_line(&mut line).unwrap() > 0).then(|| line.trim_end().to_owned())
}
