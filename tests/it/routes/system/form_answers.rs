//! What follows a plain form: a page of this server, and what was refused and typed on no other way than in the answer.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use claviger::domain::catalog::Scope;
use claviger::domain::role::Role;
use claviger::service::{Settings, catalog};
use serde_json::json;

use super::{Browser, EMAIL, PASSWORD, endpoints, form, in_attribute, leads_to, refusal};
use crate::support::{AppResponse, Engine, Fixture, secret, settings, shell};

const SIGN_IN: &str = "/system/sign-in";

/// A fixture with an owner, and a browser that does not know them.
async fn with_owner() -> (Fixture, Browser) {
    let fixture = Fixture::new().await;
    let made = fixture
        .console
        .create_admin(&shell(), EMAIL, Role::Owner, &secret(PASSWORD))
        .await;
    made.unwrap();
    let browser = Browser::new(&fixture);
    (fixture, browser)
}

async fn sign_in(browser: &mut Browser, email: &str, password: &str, next: &str) -> AppResponse {
    let fields = [
        ("form[next]", next),
        ("form[email]", email),
        ("password", password),
    ];
    browser.submit("sign-in", SIGN_IN, &fields).await
}

#[tokio::test]
async fn the_way_on_stays_in_the_house() {
    let (fixture, mut browser) = with_owner().await;
    for next in [
        "",
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/systematic",
        "/system/do/sign-out",
        "/system/x/%2e%2e/do/sign-out",
        "/system/../..//evil.example",
        "/system/%2e%2e/%2E.//evil.example",
        "/system/%252e%252e/%252e%252e//evil.example",
        "/system/..%2f..%2f%2fevil.example",
        "/system/..%5c..%5cevil.example",
        "/system/\t..//evil.example",
        "javascript:alert(1)",
        "/system/\r\nx: y",
        "/system/ü",
    ] {
        assert_eq!(
            leads_to(&sign_in(&mut browser, EMAIL, PASSWORD, next).await),
            "/system",
            "{next:?}"
        );
    }
    let answer = sign_in(&mut browser, EMAIL, PASSWORD, "/system/x/../organizations").await;
    assert_eq!(leads_to(&answer), "/system/organizations");
    let mut browser = Browser::new(&fixture);
    for back in [
        "https://evil.example/",
        "//evil.example",
        "/nothing",
        "/system/do/sign-out",
        "/system/../..//evil.example",
        "/system/%2e%2e//evil.example",
        "/system/..%2f/evil.example",
        "/system/\t//evil.example",
    ] {
        let answer = browser
            .submit(
                "sign-in",
                back,
                &[("form[email]", EMAIL), ("password", "wrong")],
            )
            .await;
        assert_eq!(
            leads_to(&answer),
            "/system/sign-in?next=/system",
            "{back:?}"
        );
        let answer = browser.submit("theme", back, &[("theme", "dark")]).await;
        assert_eq!(leads_to(&answer), "/system", "{back:?}");
    }
}

/// A query as the framework writes it into the address of a page whose form was refused.
fn forged(endpoint: &str) -> [String; 3] {
    let typed = json!({"email": "canary@example.org", "name": "canary", "code": "canary", "next": "canary"});
    let refused = json!({
        "reason": {"Refused": {"status": 403, "code": "canary", "detail": "A canary sentence.", "errors": []}},
        "typed": typed.to_string(),
    });
    let path = format!("/system/do/{endpoint}");
    let error = URL_SAFE.encode(refused.to_string());
    let plain = form(&[("__path", &path), ("__err", &error)]);
    [
        plain.clone(),
        plain
            .replace("__", "%5F_")
            .replace("%5F_path", "%5f%5F%70ath"),
        form(&[("__err", &error), ("x", "y"), ("__path", &path)]),
    ]
}

#[tokio::test]
async fn an_address_puts_no_words_on_a_page() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let here = format!("/system/api-clients/{}", client.client.id);
    let mut stranger = Browser::new(&fixture);
    let mut owner = Browser::signed_in(&fixture).await;
    let of_owner = [
        "/system".to_owned(),
        "/system/api-clients".to_owned(),
        "/system/api-clients/new".to_owned(),
        here.clone(),
        format!("{here}/permissions"),
        format!("{here}/revoke"),
        format!("{here}/rotate"),
        format!("{here}/secrets/1"),
        format!("{here}/tokens"),
        format!("{here}/tokens/revoke"),
        "/system/organizations".to_owned(),
        "/system/organizations/new".to_owned(),
        "/system/nothing".to_owned(),
    ];
    let of_stranger = [
        SIGN_IN.to_owned(),
        "/system/setup".to_owned(),
        "/nothing".to_owned(),
    ];
    for endpoint in endpoints() {
        for query in forged(endpoint) {
            for page in &of_owner {
                assert_says_nothing(&mut owner, page, &query).await;
            }
            for page in &of_stranger {
                assert_says_nothing(&mut stranger, page, &query).await;
            }
        }
    }
}

async fn assert_says_nothing(browser: &mut Browser, page: &str, query: &str) {
    let plain = browser.open(page).await;
    let answer = browser.open(&format!("{page}?{query}")).await;
    let title = |answer: &AppResponse| {
        let (_, rest) = answer.body.split_once("<title>").unwrap();
        rest.split_once("</title>").unwrap().0.to_owned()
    };
    assert_eq!(
        (answer.status, title(&answer)),
        (plain.status, title(&plain)),
        "{page}?{query}"
    );
    for said in ["canary", "role=\"alert\"", "data-address"] {
        assert!(
            plain.body.contains(said) == answer.body.contains(said),
            "{said}: {page}?{query}"
        );
    }
}

#[tokio::test]
async fn what_was_typed_is_in_no_address_and_in_no_cookie() {
    let fixture = Fixture::new().await;
    let code = fixture.console.offer_setup().await.unwrap().unwrap();
    let mut browser = Browser::new(&fixture);
    let page = browser.open(&format!("/system/setup?code={code}")).await;
    let action = page.body.split_once(" action=\"").unwrap().1;
    let action = action.split('"').next().unwrap();
    assert_eq!(action, "/system/do/set-up?back=/system/setup");

    let fields = [
        ("form[code]", code.as_str()),
        ("form[email]", "Canary@Example.org"),
        ("password", "pw-canary"),
    ];
    let refused = browser.submit("set-up", "/system/setup", &fields).await;
    let wrong = sign_in(&mut browser, "Canary@Example.org", "pw-canary", "").await;
    for (answer, status, endpoint) in [(refused, 422, "set-up"), (wrong, 401, "sign-in")] {
        assert_eq!(answer.status.as_u16(), status, "{endpoint}");
        let headers = format!("{:?}", answer.headers).to_lowercase();
        assert!(
            !headers.contains("canary") && !headers.contains(&code.to_lowercase()),
            "{headers}"
        );
        assert!(!answer.headers.contains_key("set-cookie"), "{headers}");
        assert!(!answer.headers.contains_key("location"), "{headers}");
        assert!(
            answer.body.contains(r#"value="Canary@Example.org""#),
            "{endpoint}"
        );
        assert!(!answer.body.contains("pw-canary"), "{endpoint}");
    }
    let page = browser.open("/system/setup").await;
    assert!(
        !page.body.contains("Canary"),
        "the next page does not know of it"
    );
}

#[tokio::test]
async fn a_long_form_comes_back_whole() {
    let mut catalog = catalog::built_in();
    let many = (0..60).map(|number| Scope {
        name: format!("a_scope_with_a_rather_long_name_{number}"),
        ..catalog.scopes[1].clone()
    });
    let mut many: Vec<Scope> = many.collect();
    for scope in &mut many {
        scope.groups.clear();
    }
    catalog.scopes.extend(many.clone());
    let settings = Settings {
        catalog,
        ..settings()
    };
    let fixture = Fixture::on(Engine::Sqlite, settings).await;
    let mut browser = Browser::signed_in(&fixture).await;
    let name = "Ä \"long\" <name> & more ".repeat(400);
    let mut fields = vec![("form[name]", name.as_str()), ("form[expiry]", "90")];
    fields.extend(
        many.iter()
            .map(|scope| ("form[scopes][]", scope.name.as_str())),
    );
    let new = "/system/api-clients/new?organization=1";
    let answer = browser.submit("clients/create", new, &fields).await;
    assert_eq!(answer.status.as_u16(), 422);
    assert_eq!(refusal(&answer).address, "/system/api-clients/new");
    let typed = format!(r#"value="{}""#, in_attribute(&name));
    assert!(answer.body.contains(&typed));
    for scope in &many {
        let field = answer
            .body
            .split_once(&format!(r#"value="{}""#, scope.name));
        let (before, after) = field.unwrap_or_else(|| panic!("{}", scope.name));
        let tag = format!(
            "{}{}",
            before.rsplit('<').next().unwrap(),
            after.split('>').next().unwrap()
        );
        assert!(tag.contains(" checked"), "{tag}");
    }
}

/// The worst that fits into a form: every byte of it takes many in the answer.
#[tokio::test]
async fn the_longest_form_comes_back_whole() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    for character in ["\\", "\0", "\""] {
        let encoded = form(&[("form[name]", character)]).len() - "form%5Bname%5D=".len();
        let name = character.repeat(64_000 / encoded);
        let answer = browser
            .submit(
                "organizations/create",
                "/system/organizations/new",
                &[("form[name]", &name)],
            )
            .await;
        assert_eq!(refusal(&answer).address, "/system/organizations/new");
        assert_eq!(answer.status.as_u16(), 422);
        let typed = format!(r#"value="{}""#, in_attribute(&name));
        assert!(answer.body.contains(&typed), "{character:?}");
    }
}

#[tokio::test]
async fn a_form_that_is_held_up_says_for_how_long() {
    let (_fixture, mut browser) = with_owner().await;
    for _ in 0..10 {
        sign_in(&mut browser, EMAIL, "wrong", "").await;
    }
    let answer = sign_in(&mut browser, EMAIL, PASSWORD, "").await;
    assert_eq!(answer.status.as_u16(), 429);
    assert_eq!(answer.header("retry-after"), "900");
    assert!(answer.body.contains("Too many attempts"));
}
