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
        let path = site().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, Self::TEXT).unwrap();
        Self(path)
    }
}

/// The folder of the built site.
fn site() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/target/site"))
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

const FOR_GOOD: &str = "public, max-age=31536000, immutable";

#[tokio::test]
async fn a_name_with_a_hash_is_kept_for_good_and_others_are_asked_for_again() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    for (name, caching) in [
        ("pkg/kept-4711.0123456789abcdef.css", FOR_GOOD),
        ("pkg/kept-4711.css", "public, no-cache"),
        ("kept-4711.svg", "public, no-cache"),
    ] {
        let _file = File::new(name);
        let answer = app.get(&format!("/{name}"), &[]).await;
        assert_eq!(answer.status.as_u16(), 200, "{name}");
        assert_eq!(answer.header("cache-control"), caching, "{name}");
        assert_eq!(answer.header("vary"), "accept-encoding", "{name}");
        let known = [("if-none-match", answer.header("etag"))];
        let again = app.get(&format!("/{name}"), &known).await;
        assert_eq!(again.status.as_u16(), 304, "{name}");
        assert_eq!(again.header("cache-control"), caching, "{name}");
    }
    let old = app.get("/pkg/kept-4711.fedcba9876543210.css", &[]).await;
    assert_eq!(
        (old.status.as_u16(), old.header("cache-control")),
        (404, "no-store"),
        "another build's file"
    );
}

/// The files of a build, or, where nothing was built, others in their place.
fn built() -> Vec<File> {
    let pkg = site().join("pkg");
    let is_built = |extension: &str| {
        let files = fs::read_dir(&pkg).into_iter().flatten().flatten();
        let mut names = files.map(|file| file.file_name().into_string().unwrap());
        let length = "claviger.0123456789abcdef".len() + extension.len();
        names.any(|name| name.len() == length && name.ends_with(extension))
    };
    let missing = [".js", ".wasm", ".css"].into_iter();
    let missing = missing.filter(|extension| !is_built(extension));
    missing
        .map(|extension| File::new(&format!("pkg/claviger.0123456789abcdef{extension}")))
        .collect()
}

#[tokio::test]
async fn a_page_loads_the_files_of_its_build() {
    let _files = built();
    let fixture = Fixture::new().await;
    let app = fixture.app();
    let page = app
        .get("/system/sign-in", &[("accept", "text/html")])
        .await
        .body;
    for (before, extension) in [
        (r#"<link rel="stylesheet" href=""#, "css"),
        (r#"<link rel="modulepreload" href=""#, "js"),
        (r#"<link rel="preload" href=""#, "wasm"),
    ] {
        let (_, rest) = page.split_once(before).expect(before);
        let path = rest.split('"').next().unwrap();
        assert!(path.ends_with(&format!(".{extension}")), "{path}");
        let answer = app.get(path, &[]).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("cache-control")),
            (200, FOR_GOOD),
            "{path}"
        );
        if extension != "css" {
            let script = page.split_once(r#"<script type="module""#).unwrap().1;
            let script = script.split("</script>").next().unwrap();
            assert!(script.contains(&format!("'{path}'")), "{script}");
        }
    }
}
