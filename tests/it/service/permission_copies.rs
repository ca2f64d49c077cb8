//! Permissions of one client beside those of another: compared, and copied.

use claviger::domain::client::Client;
use claviger::domain::error::Error;
use claviger::domain::permission::PermissionSwitch;
use claviger::domain::view::{CopiedRest, NamedClient};
use claviger::service::PermissionCopy;
use serde_json::json;

use crate::support::{Fixture, NAME, shell};

use super::{audit_log, field, footprint, kinds, names};

fn held(client: &Client) -> Vec<String> {
    client.permissions.iter().map(ToString::to_string).collect()
}

/// Two clients: the first may have less than the second has.
async fn two(fixture: &Fixture) -> (Client, Client) {
    let porto = fixture.organization("Porto", "").await;
    let this = fixture
        .client_of(Some(porto), &["blogs"], &["blogs.read", "oauth.login"])
        .await;
    let granted = ["proposals.read", "blogs.destroy", "blogs.read"];
    let scopes = ["public", "proposals", "blogs"];
    let other = fixture.client_of(Some(porto), &scopes, &granted).await;
    (this.client, other.client)
}

fn copy(this: &Client, other: &Client, rest: CopiedRest) -> PermissionCopy {
    PermissionCopy {
        from: other.id.to_string(),
        seen_from: other.version,
        seen: this.version,
        rest,
    }
}

async fn copied(fixture: &Fixture, to: &Client, copy: &PermissionCopy) -> Result<Client, Error> {
    let console = &fixture.console;
    console
        .copy_permissions(&shell(), to.id.as_str(), copy)
        .await
}

async fn revoke(fixture: &Fixture, client: &Client) {
    let console = &fixture.console;
    console
        .revoke_client(&shell(), client.id.as_str())
        .await
        .unwrap();
}

#[tokio::test]
async fn a_comparison_tells_what_each_has_and_what_cannot_be() {
    let fixture = Fixture::new().await;
    let (this, other) = two(&fixture).await;
    let found = fixture.console.compare_permissions(&this, &other);
    let missing: Vec<&str> = found.missing.iter().map(|one| &*one.name).collect();
    assert_eq!(missing, ["blogs.destroy"]);
    assert_eq!(found.only_here, ["oauth.login"]);
    assert_eq!(found.common, ["blogs.read"]);
    let impossible = &found.impossible[..];
    assert_eq!(impossible.len(), 1);
    assert_eq!(
        (&*impossible[0].permission.name, &*impossible[0].scope),
        ("proposals.read", "proposals")
    );
    assert_eq!(found.differences(), 3);
    assert!(found.other_has("blogs.destroy") && !found.other_has("oauth.login"));
    let same = fixture.console.compare_permissions(&this, &this);
    assert_eq!(same.differences(), 0);
}

#[tokio::test]
async fn a_set_is_copied_in_one_change() {
    let fixture = Fixture::new().await;
    let (this, other) = two(&fixture).await;
    let id = this.id.as_str();
    let keeping = copy(&this, &other, CopiedRest::Keep);
    let kept = copied(&fixture, &this, &keeping).await.unwrap();
    assert_eq!(held(&kept), ["blogs.read", "oauth.login", "blogs.destroy"]);
    let removing = copy(&kept, &other, CopiedRest::Remove);
    let alike = copied(&fixture, &this, &removing).await.unwrap();
    assert_eq!(held(&alike), ["blogs.read", "blogs.destroy"]);
    let target = format!("client:{id}");
    let log = audit_log(&fixture, &target).await;
    let told: Vec<serde_json::Value> = log[..2]
        .iter()
        .map(|entry| serde_json::from_str(&entry.event.data()).unwrap())
        .collect();
    assert_eq!(
        told,
        [
            json!({"granted": [], "removed": ["oauth.login"]}),
            json!({"granted": ["blogs.destroy"], "removed": []}),
        ]
    );
    // Where nothing changes, there is no event and no version.
    let before = footprint(&fixture.database).await;
    let again = copy(&alike, &other, CopiedRest::Remove);
    let same = copied(&fixture, &this, &again).await;
    assert_eq!(same.unwrap().version, alike.version);
    assert_eq!(footprint(&fixture.database).await, before);
    assert_eq!(kinds(&fixture, &target).await.len(), 3);
}

#[tokio::test]
async fn nothing_is_copied_that_was_seen_otherwise() {
    let fixture = Fixture::new().await;
    let (this, other) = two(&fixture).await;
    let itself = copy(&this, &this, CopiedRest::Keep);
    assert_eq!(field(copied(&fixture, &this, &itself).await), "from");
    let nobody = PermissionCopy {
        from: "id_nobody".to_owned(),
        ..copy(&this, &other, CopiedRest::Keep)
    };
    let refused = copied(&fixture, &this, &nobody).await;
    assert!(matches!(refused, Err(Error::NotFound(_))));
    for changed in [&this, &other] {
        let seen = copy(
            &fixture.reload(&this).await,
            &fixture.reload(&other).await,
            CopiedRest::Keep,
        );
        let switches = PermissionSwitch::each(&names(&["blogs.write"]), true);
        let changed_id = changed.id.as_str();
        let console = &fixture.console;
        let granted = console
            .set_permissions(&shell(), changed_id, &switches)
            .await;
        granted.unwrap();
        let before = footprint(&fixture.database).await;
        let refused = copied(&fixture, &this, &seen).await;
        let Err(Error::Conflict(complaint)) = refused else {
            panic!("{refused:?}")
        };
        let code = if changed.id == other.id {
            "source_changed_meanwhile"
        } else {
            "changed_meanwhile"
        };
        assert_eq!(complaint.code(), code);
        assert_eq!(footprint(&fixture.database).await, before);
    }
}

#[tokio::test]
async fn a_revoked_client_can_be_copied_from_but_not_to() {
    let fixture = Fixture::new().await;
    let (this, other) = two(&fixture).await;
    revoke(&fixture, &other).await;
    let other = fixture.reload(&other).await;
    let from_revoked = copy(&this, &other, CopiedRest::Keep);
    let this = copied(&fixture, &this, &from_revoked).await.unwrap();
    assert!(this.holds("blogs.destroy"));
    let to_revoked = copy(&other, &this, CopiedRest::Keep);
    let refused = copied(&fixture, &other, &to_revoked).await;
    assert!(matches!(refused, Err(Error::Conflict(_))));
}

#[tokio::test]
async fn a_client_is_named_by_its_id_or_its_whole_name() {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("Porto", "").await;
    let one = fixture.client_of(Some(porto), &["blogs"], &[]).await.client;
    let two = fixture.client_of(Some(porto), &["blogs"], &[]).await.client;
    let named = async |text: &str| {
        let found = fixture.console.find_named_client(&shell(), text).await;
        match found.unwrap() {
            NamedClient::One(client) => vec![client.id.to_string()],
            NamedClient::Several(choices) => {
                let ids = choices.into_iter().map(|choice| choice.id);
                std::iter::once("?".to_owned()).chain(ids).collect()
            }
        }
    };
    let (first, second) = (one.id.to_string(), two.id.to_string());
    assert_eq!(named(&first).await, std::slice::from_ref(&first));
    // The other one's name only begins so.
    assert_eq!(
        named(&NAME.to_uppercase()).await,
        std::slice::from_ref(&first)
    );
    assert_eq!(
        named(&format!("  {NAME}  2 ")).await,
        std::slice::from_ref(&second)
    );
    assert_eq!(named("particip").await, ["?", &second, &first]);
    for nothing in ["", "nothing like it", "id_nobody"] {
        assert_eq!(named(nothing).await, ["?"], "{nothing}");
    }
    let basel = fixture.organization("Basel", "").await;
    let third = fixture.client_of(Some(basel), &["blogs"], &[]).await.client;
    let third = third.id.to_string();
    assert_eq!(named(NAME).await, ["?", &third, &second, &first]);
}
