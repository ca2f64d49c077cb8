//! A change made by a command is in force at once in the server that runs beside it.

use insta::assert_snapshot;
use serde_json::json;

use super::server::Server;
use super::shell::{Folder, Made, block_on};
use crate::support::{MASTER_KEY, fresh_database};

/// A system client that may look at everybody's tokens.
fn make_inspector(folder: &Folder) -> Made {
    folder.make("--scope system --permission system.tokens.introspect")
}

#[test]
fn a_client_made_while_the_server_runs_gets_a_token_and_may_ask_about_it() {
    let folder = Folder::furnished();
    let server = Server::start(&folder);
    let unknown = Made {
        id: "reader".to_owned(),
        secret: "written-on-a-wall".to_owned(),
    };
    assert_eq!(server.refusal(&unknown), (401, "invalid_client".to_owned()));
    let reader = folder.make("--scope public,blogs --permission blogs.read --organization-id 2 --id reader --secret written-on-a-wall");
    let mut answer = server.introspect(&reader, &server.token(&reader));
    for generated in ["iat", "exp", "jti"] {
        answer[generated] = json!("…");
    }
    assert_snapshot!(serde_json::to_string_pretty(&answer).unwrap(), @r#"
    {
      "active": true,
      "aud": "http://127.0.0.1:3000",
      "client_id": "reader",
      "exp": "…",
      "iat": "…",
      "iss": "http://127.0.0.1:3000",
      "jti": "…",
      "organization_id": 2,
      "permissions": [
        "blogs.read"
      ],
      "scope": "public blogs",
      "sub": "reader",
      "token_type": "Bearer"
    }
    "#);
}

#[test]
fn a_grant_and_a_removal_are_in_the_very_next_introspection() {
    let folder = Folder::furnished();
    let server = Server::start(&folder);
    let reader = folder.make("--scope blogs --organization-id 2");
    let token = server.token(&reader);
    assert_eq!(server.introspect(&reader, &token)["permissions"], json!([]));
    folder.api_client(&format!(
        "grant --id {} --permission blogs.read,blogs.write",
        reader.id
    ));
    assert_eq!(
        server.introspect(&reader, &token)["permissions"],
        json!(["blogs.read", "blogs.write"])
    );
    folder.api_client(&format!(
        "revoke --id {} --permission blogs.read",
        reader.id
    ));
    assert_eq!(
        server.introspect(&reader, &token)["permissions"],
        json!(["blogs.write"])
    );
}

#[test]
fn a_deleted_client_is_out_at_once() {
    let folder = Folder::furnished();
    let server = Server::start(&folder);
    let inspector = make_inspector(&folder);
    let reader = folder.make("--scope blogs --organization-id 2");
    let token = server.token(&reader);
    assert_eq!(
        server.introspect(&inspector, &token)["client_id"],
        json!(reader.id)
    );
    assert_eq!(
        folder
            .api_client(&format!("delete --id {}", reader.id))
            .code,
        Some(0)
    );
    assert_eq!(
        server.introspect(&inspector, &token),
        json!({"active": false})
    );
    assert_eq!(server.refusal(&reader), (401, "invalid_client".to_owned()));
}

#[test]
fn a_suspended_client_rests_and_its_tokens_with_it() {
    let folder = Folder::furnished();
    let server = Server::start(&folder);
    let inspector = make_inspector(&folder);
    let reader = folder.make("--scope blogs --organization-id 2");
    let token = server.token(&reader);
    folder.api_client(&format!("suspend --id {}", reader.id));
    assert_eq!(
        server.introspect(&inspector, &token),
        json!({"active": false})
    );
    assert_eq!(server.refusal(&reader), (401, "invalid_client".to_owned()));
    folder.api_client(&format!("resume --id {}", reader.id));
    assert_eq!(server.introspect(&inspector, &token)["active"], json!(true));
    server.token(&reader);
}

#[test]
fn an_old_secret_goes_on_until_it_is_ended_with_the_tokens_made_with_it() {
    let folder = Folder::furnished();
    let server = Server::start(&folder);
    let first = folder.make("--scope blogs --organization-id 2");
    let old_token = server.token(&first);
    let second = folder
        .api_client(&format!("rotate --id {}", first.id))
        .made();
    server.token(&first);
    let token = server.token(&second);
    let third = folder
        .api_client(&format!("rotate --id {} --keep-old 0", first.id))
        .made();
    assert_eq!(server.refusal(&first), (401, "invalid_client".to_owned()));
    assert_eq!(server.refusal(&second), (401, "invalid_client".to_owned()));
    for dead in [&old_token, &token] {
        assert_eq!(server.introspect(&third, dead), json!({"active": false}));
    }
    assert_eq!(
        server.introspect(&third, &server.token(&third))["active"],
        json!(true)
    );
}

#[test]
fn an_archived_organization_takes_its_clients_along() {
    let folder = Folder::furnished();
    let server = Server::start(&folder);
    let inspector = make_inspector(&folder);
    let reader = folder.make("--scope blogs --organization-id 2");
    let token = server.token(&reader);
    assert_eq!(folder.claviger("organization archive --id 2").code, Some(0));
    assert_eq!(
        server.introspect(&inspector, &token),
        json!({"active": false})
    );
    assert_eq!(server.refusal(&reader), (401, "invalid_client".to_owned()));
}

#[test]
fn on_postgresql_a_change_is_in_force_as_quickly() {
    let folder = Folder::empty()
        .with("DATABASE_URL", &block_on(fresh_database()))
        .with("CLAVIGER_MASTER_KEY", MASTER_KEY);
    folder.claviger("organization create --name Porto");
    let server = Server::start(&folder);
    let inspector = make_inspector(&folder);
    let reader = folder.make("--scope blogs --organization-id 1");
    let token = server.token(&reader);
    folder.api_client(&format!("grant --id {} --permission blogs.read", reader.id));
    assert_eq!(
        server.introspect(&inspector, &token)["permissions"],
        json!(["blogs.read"])
    );
    folder.api_client(&format!("delete --id {}", reader.id));
    assert_eq!(
        server.introspect(&inspector, &token),
        json!({"active": false})
    );
    assert_eq!(server.refusal(&reader), (401, "invalid_client".to_owned()));
    assert_eq!(server.stop().0, Some(0));
}
