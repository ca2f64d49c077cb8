//! Texts that people give stay text on every page, on whatever thread the page is put together.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use claviger::domain::catalog::Permission;
use claviger::domain::client::NewClient;
use claviger::domain::ids::OrganizationId;
use claviger::domain::participant::{ParticipantRequest, TypedParticipant};
use claviger::domain::role::Role;
use claviger::domain::rotation::{OldSecrets, Rotation};
use claviger::service::{Settings, catalog};
use tokio::task::JoinSet;

use super::{Browser, form, leads_to};
use crate::support::{AppResponse, Engine, Fixture, new_client, secret, settings, shell};

mod pages;

use pages::{
    ADMIN, Page, REFRESH, SCRIPT, page, pages, pages_of, pages_of_organizations, refused,
    refused_participant,
};

/// How often each page is loaded, at the least.
const LOADS: usize = 200;

/// How many loads are under way at once.
const LANES: usize = 8;

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
    let created = fixture.console.create_client(&shell(), &new, None).await;
    let id = created.unwrap().client.id.to_string();
    let rotation = Rotation {
        label: "</p><img src=x onerror=1><!--&lt;b&gt;".to_owned(),
        old: OldSecrets::UntilFirstUse(std::time::Duration::ZERO),
    };
    let rotated = fixture.console.rotate_secret(&shell(), &id, rotation).await;
    rotated.unwrap();
    id
}

/// A participant of this name in the first organization.
async fn participant(fixture: &Fixture) {
    let request = ParticipantRequest {
        organization_id: OrganizationId(1),
        typed: TypedParticipant {
            nickname: "ada".to_owned(),
            email: "<b>ada&lt;@example.org".to_owned(),
            name: SCRIPT.to_owned(),
        },
        password: secret(""),
    };
    let added = fixture.console.create_participant(&shell(), &request).await;
    added.unwrap();
}

/// What is wrong with the markup of a page, if anything.
fn fault(page: &Page, answer: &AppResponse) -> Option<String> {
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
        .replace('<', "&lt;")
        .replace('>', "&gt;");
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

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_people_write_is_markup_on_no_page() {
    let fixture = fixture().await;
    let browser = Browser::of(&fixture, ADMIN, Role::Owner).await;
    let mut pages = pages();
    for name in [REFRESH, SCRIPT] {
        let id = client(&fixture, name).await;
        pages.extend(pages_of(&id, name, false));
    }
    participant(&fixture).await;
    let revoked = client(&fixture, REFRESH).await;
    let confirmed = fixture.console.revoke_client(&shell(), &revoked).await;
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

/// The refused forms about the secrets of a client.
fn refused_secrets(id: &str, too_long: &str) -> Vec<Page> {
    let here = format!("/system/api-clients/{id}");
    vec![
        refused(
            &format!("{here}/rotate"),
            &format!("New secret for {SCRIPT}"),
            "clients/rotate",
            &[
                ("form[id]", id),
                ("form[label]", too_long),
                ("form[old]", "now"),
                ("form[grace]", "3600"),
            ],
        ),
        refused(
            &format!("{here}/secrets/1"),
            &format!("Secret 1 of {SCRIPT}"),
            "clients/label-secret",
            &[
                ("form[id]", id),
                ("form[number]", "1"),
                ("form[label]", too_long),
            ],
        ),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nor_where_a_form_comes_back_refused() {
    let fixture = fixture().await;
    let browser = Browser::of(&fixture, ADMIN, Role::Owner).await;
    let id = client(&fixture, SCRIPT).await;
    let here = format!("/system/api-clients/{id}");
    let too_long = SCRIPT.repeat(3);
    let mut pages = refused_secrets(&id, &too_long);
    pages.extend(vec![
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
        refused_participant(&too_long),
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
            &[("form[id]", &id), ("form[granted][]", SCRIPT)],
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
    ]);
    assert_eq!(load(&browser, pages).await, [""; 0]);
}
