//! The files of the pages.

use std::fs;
use std::path::PathBuf;

use axum::body::Body;
use axum::http::Request;

use crate::support::Fixture;

/// A file beside those that a build makes, which goes away with the test.
struct File(PathBuf);

impl File {
    const TEXT: &str = "body { margin: 0 }";

    fn new(name: &str) -> Self {
        let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/target/site"));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join(name);
        fs::write(&path, Self::TEXT).unwrap();
        Self(path)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

#[tokio::test]
async fn a_file_can_be_read_and_nothing_else() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    let _file = File::new("read-only-4711.css");
    let path = "/read-only-4711.css";
    let read = app.get(path, &[]).await;
    assert_eq!((read.status.as_u16(), &*read.body), (200, File::TEXT));
    let ask = async |method: &str, site: &str| {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("sec-fetch-site", site);
        app.send(request.body(Body::from("a=b")).unwrap()).await
    };
    let head = ask("HEAD", "none").await;
    assert_eq!((head.status.as_u16(), &*head.body), (200, ""));
    assert_eq!(head.header("content-length"), File::TEXT.len().to_string());
    for name in ["etag", "content-type", "cache-control", "vary"] {
        assert_eq!(head.header(name), read.header(name), "{name}");
    }
    for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
        for site in ["same-origin", "cross-site", "none"] {
            let answer = ask(method, site).await;
            assert_eq!(
                (answer.status.as_u16(), answer.header("allow")),
                (405, "GET, HEAD"),
                "{method} {site}"
            );
            assert!(answer.header("content-type").starts_with("text/plain"));
        }
    }
}

#[tokio::test]
async fn whoever_has_a_file_is_not_sent_it_again() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    let _file = File::new("known-4711.css");
    let path = "/known-4711.css";
    let read = app.get(path, &[]).await;
    let tag = read.header("etag");
    let strong = tag.strip_prefix("W/").unwrap();
    for known in [
        tag,
        strong,
        "*",
        &format!("\"a\", {tag}"),
        &format!("{strong}, \"b\""),
    ] {
        let answer = app.get(path, &[("if-none-match", known)]).await;
        assert_eq!(
            (answer.status.as_u16(), &*answer.body),
            (304, ""),
            "{known}"
        );
        assert_eq!(answer.header("etag"), tag);
        assert_eq!(answer.header("cache-control"), read.header("cache-control"));
    }
    let twice = app
        .get(path, &[("if-none-match", "\"a\""), ("if-none-match", tag)])
        .await;
    assert_eq!(twice.status.as_u16(), 304);
    for other in ["\"a\"", "W/\"a\", W/\"b\"", "x"] {
        let answer = app.get(path, &[("if-none-match", other)]).await;
        assert_eq!(
            (answer.status.as_u16(), &*answer.body),
            (200, File::TEXT),
            "{other}"
        );
    }
}
