//! Texts that people give stay text on every page, on whatever thread the page is put together.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use claviger::domain::admin::Role;
use claviger::domain::catalog::Permission;
use claviger::domain::client::NewClient;
use claviger::service::{Settings, catalog};
use tokio::task::JoinSet;

use super::{Browser, form, leads_to};
use crate::support::{Answer, Engine, Fixture, new_client, settings, shell};

/// How often each page is loaded, at the least.
const LOADS: usize = 200;

/// How many loads are under way at once.
const LANES: usize = 8;

/// What a browser would act on, if it were written as it is.
const REFRESH: &str = r#"</title><meta http-equiv=refresh content="0;url=//other.example">"#;
const SCRIPT: &str = r#"</script><script>alert(1)</script>"><img src=x onerror=1><!--&lt;b&gt;"#;
const ADMIN: &str = "</title><img/src=x/onerror=1>@example.org";

/// A page that shows such a text, and what its title says.
#[derive(Clone, Debug)]
struct Page {
    address: String,
    title: String,
    /// Where a form is posted to that the page answers, and what is in it.
    form: Option<(&'static str, Vec<(&'static str, String)>)>,
}

impl Page {
    async fn load(&self, browser: &mut Browser) -> Answer {
        let Some((endpoint, fields)) = &self.form else {
            return browser.open(&self.address).await;
        };
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, text)| (*name, text.as_str()))
            .collect();
        let answer = browser.submit(endpoint, &self.address, &fields).await;
        assert!(answer.status.is_client_error(), "{self:?}: {answer:?}");
        answer
    }
}

fn page(address: impl Into<String>, title: impl Into<String>) -> Page {
    Page {
        address: address.into(),
        title: title.into(),
        form: None,
    }
}

/// A page that answers a form which it refuses.
fn refused(
    address: &str,
    title: &str,
    endpoint: &'static str,
    fields: &[(&'static str, &str)],
) -> Page {
    let fields = fields
        .iter()
        .map(|(name, text)| (*name, (*text).to_owned()));
    Page {
        form: Some((endpoint, fields.collect())),
        ..page(address, title)
    }
}

/// A fixture in which every text that a person can give is one of those.
async fn fixture() -> Fixture {
    let mut catalog = catalog::built_in();
    let spoil = |permission: &mut Permission| {
        SCRIPT.clone_into(&mut permission.label);
        REFRESH.clone_into(&mut permission.description);
    };
    for scope in &mut catalog.scopes {
        SCRIPT.clone_into(&mut scope.label);
        REFRESH.clone_into(&mut scope.description);
        for group in &mut scope.groups {
            SCRIPT.clone_into(&mut group.label);
            group.permissions.iter_mut().for_each(spoil);
        }
    }
    catalog.unscoped.iter_mut().for_each(spoil);
    let settings = Settings {
        catalog,
        ..settings()
    };
    Fixture::on(Engine::Sqlite, settings).await
}

/// A client of this name in an organization of the same name.
async fn client(fixture: &Fixture, name: &str) -> String {
    let organization = fixture.organization(name, "").await;
    let new = NewClient {
        name: Some(name.to_owned()),
        ..new_client(Some(organization), &["public", "blogs"], &["blogs.read"])
    };
    let created = fixture.service.create_client(&shell(), &new, None).await;
    created.unwrap().client.id.to_string()
}

/// The pages of a client.
fn pages_of(id: &str, name: &str, revoked: bool) -> Vec<Page> {
    let here = format!("/system/api-clients/{id}");
    let filter = form(&[("filter", SCRIPT)]);
    let ask = if revoked {
        page(format!("{here}/revoke"), format!("Revoke {name}"))
    } else {
        page(format!("{here}/revoke?{filter}"), format!("Revoke {name}"))
    };
    vec![
        page(&here, name),
        page(format!("{here}?saved"), name),
        page(
            format!("{here}/permissions"),
            format!("Permissions of {name}"),
        ),
        page(
            format!("{here}/permissions?{filter}"),
            format!("Permissions of {name}"),
        ),
        ask,
    ]
}

/// The pages of the fixture.
fn pages() -> Vec<Page> {
    let query = |name: &str, text: &str| form(&[(name, text)]);
    let clients = |query: &str| page(format!("/system/api-clients?{query}"), "API clients");
    vec![
        clients(""),
        clients(&query("q", "img src")),
        clients(&query("q", SCRIPT)),
        clients(&query("q", REFRESH)),
        clients("organization=1"),
        clients(&query("scope", SCRIPT)),
        clients(&query("status", REFRESH)),
        page("/system/api-clients/new", "New client"),
        page("/system/api-clients/new?organization=2", "New client"),
        page(
            format!("/system/api-clients/new?{}", query("organization", SCRIPT)),
            "New client",
        ),
        page("/system/organizations", "Organizations"),
        page("/system/organizations?created=1", "Organizations"),
        page("/system/organizations/new", "Add organization"),
        page(format!("/system/setup?{}", query("code", SCRIPT)), "Set up"),
        page(
            "/system/api-clients/%3C%2Ftitle%3E%3Cimg%20src=x%3E",
            "Not found",
        ),
        page("/system/%3C%2Ftitle%3E%3Cimg%20src=x%3E", "Not found"),
    ]
}

/// What is wrong with the markup of a page, if anything.
fn fault(page: &Page, answer: &Answer) -> Option<String> {
    let body = &answer.body;
    for raw in [
        "<meta http-equiv",
        "<img",
        "<script>alert",
        "<!--&lt;",
        "<!--&amp;",
    ] {
        if body.contains(raw) {
            return Some(format!("{raw} stands in {}", page.address));
        }
    }
    let count = |text: &str| body.matches(text).count();
    let own = count("<script nonce=") + count("<script type=\"module\" nonce=");
    if count("<script") != own || count("</script>") != own {
        return Some(format!("{} has a script that is not ours", page.address));
    }
    let title = body
        .split_once("<title>")
        .and_then(|(_, rest)| rest.split_once("</title>"))
        .map(|(title, _)| title);
    let expected = format!("{} · Claviger", page.title)
        .replace('&', "&amp;")
        .replace('<', "&lt;");
    (title != Some(&expected)).then(|| format!("{} is titled {title:?}", page.address))
}

/// Loads every page so often, several at a time, and tells what was wrong.
async fn load(browser: &Browser, pages: Vec<Page>) -> Vec<String> {
    let pages = Arc::new(pages);
    let next = Arc::new(AtomicUsize::new(0));
    let mut lanes = JoinSet::new();
    for _ in 0..LANES {
        let (browser, pages, next) = (browser.clone(), Arc::clone(&pages), Arc::clone(&next));
        lanes.spawn(async move {
            let mut faults = Vec::new();
            loop {
                let turn = next.fetch_add(1, Ordering::Relaxed);
                if turn >= pages.len() * LOADS {
                    return faults;
                }
                let page = &pages[turn % pages.len()];
                // A copy each time: what a page shows once, each copy shows.
                let answer = page.load(&mut browser.clone()).await;
                assert!(answer.body.contains("</html>"), "{page:?}: {answer:?}");
                faults.extend(fault(page, &answer));
            }
        });
    }
    let mut faults = lanes.join_all().await.concat();
    faults.sort();
    faults.dedup();
    faults
}

/// The pages that show an organization's name beside the list: its host, and what was archived.
async fn pages_of_organizations(fixture: &Fixture) -> Vec<Page> {
    let archived = fixture.organization(REFRESH, "").await;
    let done = fixture
        .service
        .archive_organization(&shell(), archived)
        .await;
    done.unwrap();
    let host = |id: i64, name: &str| {
        page(
            format!("/system/organizations/{id}/host"),
            format!("Host of {name}"),
        )
    };
    vec![
        host(fixture.organization(SCRIPT, "").await, SCRIPT),
        host(archived, REFRESH),
        page("/system/organizations/archived", "Archived organizations"),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_people_write_is_markup_on_no_page() {
    let fixture = fixture().await;
    let browser = Browser::of(&fixture, ADMIN, Role::Owner).await;
    let mut pages = pages();
    for name in [REFRESH, SCRIPT] {
        let id = client(&fixture, name).await;
        pages.extend(pages_of(&id, name, false));
    }
    let revoked = client(&fixture, REFRESH).await;
    let confirmed = fixture.service.revoke_client(&shell(), &revoked).await;
    confirmed.unwrap();
    pages.extend(pages_of(&revoked, REFRESH, true));
    pages.push(page(
        format!("/system/api-clients?revoked={revoked}"),
        "API clients",
    ));
    pages.extend(pages_of_organizations(&fixture).await);
    assert_eq!(load(&browser, pages).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nor_on_the_page_after_a_form() {
    let fixture = fixture().await;
    let organization = fixture.organization(SCRIPT, "").await.to_string();
    let mut browser = Browser::of(&fixture, ADMIN, Role::Owner).await;
    let made = browser
        .submit(
            "clients/create",
            "/system/api-clients/new",
            &[
                ("form[name]", REFRESH),
                ("form[organization_id]", &organization),
                ("form[scopes][]", "blogs"),
            ],
        )
        .await;
    let address = leads_to(&made);
    let shown = browser.clone().open(&address).await;
    assert!(shown.body.contains("Client created."), "{shown:?}");
    assert_eq!(load(&browser, vec![page(address, REFRESH)]).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nor_before_somebody_has_signed_in() {
    let fixture = fixture().await;
    let browser = Browser::new(&fixture);
    let pages = vec![
        page(
            format!(
                "/system/sign-in?{}",
                form(&[("next", SCRIPT), ("ended", REFRESH)])
            ),
            "Sign in",
        ),
        page(
            format!("/system/setup?{}", form(&[("code", REFRESH)])),
            "Set up",
        ),
    ];
    assert_eq!(load(&browser, pages).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nor_where_a_form_comes_back_refused() {
    let fixture = fixture().await;
    let browser = Browser::of(&fixture, ADMIN, Role::Owner).await;
    let id = client(&fixture, SCRIPT).await;
    let here = format!("/system/api-clients/{id}");
    let too_long = SCRIPT.repeat(3);
    let pages = vec![
        refused(
            "/system/api-clients/new",
            "Error: New client",
            "clients/create",
            &[
                ("form[name]", &too_long),
                ("form[organization_id]", SCRIPT),
                ("form[scopes][]", SCRIPT),
                ("form[expiry]", REFRESH),
                ("form[expires_on]", SCRIPT),
            ],
        ),
        refused(
            "/system/organizations/new",
            "Add organization",
            "organizations/create",
            &[("form[name]", &too_long), ("form[host]", SCRIPT)],
        ),
        refused(
            &format!("{here}/revoke"),
            &format!("Revoke {SCRIPT}"),
            "clients/revoke",
            &[("id", &id), ("confirm", REFRESH)],
        ),
        refused(
            &format!("{here}/permissions"),
            &format!("Permissions of {SCRIPT}"),
            "permissions/save",
            &[
                ("form[id]", &id),
                ("form[version]", "1"),
                ("form[granted][]", SCRIPT),
            ],
        ),
        refused(
            &here,
            SCRIPT,
            "clients/update",
            &[
                ("form[id]", &id),
                ("form[version]", "1"),
                ("form[name]", &too_long),
                ("form[expires_on]", REFRESH),
            ],
        ),
        refused(
            "/system/setup",
            "Set up",
            "set-up",
            &[
                ("form[code]", SCRIPT),
                ("form[email]", ADMIN),
                ("password", "x"),
            ],
        ),
    ];
    assert_eq!(load(&browser, pages).await, [""; 0]);
}
