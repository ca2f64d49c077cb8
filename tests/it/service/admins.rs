//! Administrators: made by an owner, one for each address.

use claviger::domain::admin::Admin;
use claviger::domain::error::Error;
use claviger::domain::ids::AdminId;
use claviger::domain::role::Role;

use crate::support::{Fixture, noon, secret, shell};

use super::administrators::signed_in;
use super::{PASSWORD, admin, field, footprint, visitor};

#[tokio::test]
async fn an_administrator_of_every_role_can_be_made_and_sign_in() {
    let fixture = Fixture::new().await;
    for (place, role) in (1..).zip(Role::EVERY) {
        let typed = format!(" {}@Example.org ", role.as_str());
        let made = fixture
            .console
            .create_admin(&shell(), &typed, role, &secret(PASSWORD))
            .await
            .unwrap();
        let email = format!("{}@example.org", role.as_str());
        assert_eq!(
            made,
            Admin {
                id: AdminId(place),
                email: email.clone(),
                role,
                created_at: noon(),
                disabled_at: None
            }
        );
        fixture
            .console
            .sign_in(&visitor("192.0.2.1"), &email, &secret(PASSWORD))
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn what_is_wrong_is_refused_by_its_field_and_leaves_nothing() {
    let fixture = Fixture::new().await;
    fixture
        .console
        .create_admin(&shell(), "ada@example.org", Role::Owner, &secret(PASSWORD))
        .await
        .unwrap();
    let before = footprint(&fixture.database).await;
    for (wrong, email, password) in [
        ("email", "ada", PASSWORD),
        ("email", "ADA@example.org", PASSWORD),
        ("password", "bea@example.org", "short"),
        ("password", "bea@example.org", "123456789012"),
        ("password", "bea@example.org", "bea@example.org"),
    ] {
        let refused = fixture
            .console
            .create_admin(&shell(), email, Role::Manager, &secret(password))
            .await;
        assert_eq!(field(refused), wrong, "{email} {password}");
    }
    let nobody = fixture
        .console
        .reset_admin_password(&shell(), "bea@example.org", &secret(PASSWORD))
        .await;
    assert!(matches!(nobody, Err(Error::NotFound(_))), "{nobody:?}");
    let weak = fixture
        .console
        .reset_admin_password(&shell(), "ada@example.org", &secret("short"))
        .await;
    assert_eq!(field(weak), "password");
    assert_eq!(footprint(&fixture.database).await, before);
}

#[tokio::test]
async fn only_an_owner_decides_over_administrators() {
    let fixture = Fixture::new().await;
    let ada = ("ada@example.org", &secret(PASSWORD));
    let (owner, _) = signed_in(&fixture, "owner@example.org", Role::Owner).await;
    fixture
        .console
        .create_admin(&owner, ada.0, Role::Manager, ada.1)
        .await
        .unwrap();
    let before = footprint(&fixture.database).await;
    for role in [Role::Manager, Role::Auditor] {
        let actor = admin(role);
        let made = fixture
            .console
            .create_admin(&actor, "bea@example.org", Role::Auditor, ada.1)
            .await;
        assert!(
            matches!(made, Err(Error::Forbidden(_))),
            "{role:?}: {made:?}"
        );
        let reset = fixture
            .console
            .reset_admin_password(&actor, ada.0, ada.1)
            .await;
        assert!(
            matches!(reset, Err(Error::Forbidden(_))),
            "{role:?}: {reset:?}"
        );
        let checked = fixture.console.check_database(&actor).await;
        assert!(
            matches!(checked, Err(Error::Forbidden(_))),
            "{role:?}: {checked:?}"
        );
    }
    assert_eq!(footprint(&fixture.database).await, before);
}
