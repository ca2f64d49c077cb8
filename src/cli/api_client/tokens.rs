//! `api-client tokens` and `api-client revoke-tokens`.

use serde::Serialize;
use serde_json::json;

use super::super::output;
use super::common::{Format, IdArguments};
use crate::domain::client_tokens::{ActsAs, RecentTokenRow};
use crate::domain::command::{ClientChange, Done, Next};
use crate::domain::ids::ParticipantId;
use crate::domain::visible::visible;
use crate::domain::words::en::tokens::dead;
use crate::service::{Actor, Console};

/// A token as printed. The order of the members is part of the interface.
#[derive(Serialize)]
struct TokenRow {
    id: String,
    live: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    why_not: Option<&'static str>,
    participant: Option<ParticipantId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nickname: Option<String>,
    scope: String,
    address: Option<String>,
    issued_at: String,
    expires_at: String,
}

/// Prints the last tokens of a client, the newest first.
pub(super) async fn list(
    console: &Console,
    actor: &Actor,
    arguments: &IdArguments,
) -> output::CommandResult {
    for token in console.list_recent_tokens(actor, &arguments.id).await? {
        let row = row(token);
        match arguments.format {
            Format::Json => output::print(&output::json(&row)?)?,
            Format::Text => output::print(&text(&row))?,
        }
    }
    Ok(())
}

/// Revokes every token of a client that was issued so far.
pub(super) async fn revoke_all(
    console: &Console,
    actor: &Actor,
    arguments: &IdArguments,
) -> output::CommandResult {
    let client = console.revoke_all_tokens(actor, &arguments.id).await?;
    let printed = output::print(&match arguments.format {
        Format::Json => json!({"tokens_revoked": true, "id": client.id}).to_string(),
        Format::Text => format!("tokens_revoked=true\nid={}", client.id),
    });
    printed.map_err(|cause| {
        let done = Done::Client {
            id: client.id.clone(),
            change: ClientChange::TokensRevoked,
        };
        output::unreported(&cause, done, Next::Nothing)
    })
}

fn row(token: RecentTokenRow) -> TokenRow {
    let (participant, nickname) = match token.acts_as {
        ActsAs::Client => (None, None),
        ActsAs::Participant { id, nickname, .. } => (Some(id), nickname),
    };
    let time = |at: crate::domain::Time| at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    TokenRow {
        id: token.id.to_string(),
        live: token.dead.is_none(),
        why_not: token.dead.map(dead),
        participant,
        nickname,
        scope: token.scope,
        address: token.address.map(|address| address.to_string()),
        issued_at: time(token.issued_at),
        expires_at: time(token.expires_at),
    }
}

fn text(row: &TokenRow) -> String {
    let mut lines = vec![format!("id={}", row.id), format!("live={}", row.live)];
    lines.extend(row.why_not.map(|why| format!("why_not={why}")));
    let participant = row.participant.map(|id| id.to_string());
    lines.push(format!("participant={}", participant.unwrap_or_default()));
    let nickname = row.nickname.as_deref();
    lines.extend(nickname.map(|nickname| format!("nickname={}", visible(nickname))));
    lines.push(format!("scope={}", row.scope));
    lines.push(format!(
        "address={}",
        row.address.as_deref().unwrap_or_default()
    ));
    lines.push(format!("issued_at={}", row.issued_at));
    lines.push(format!("expires_at={}", row.expires_at));
    lines.join("\n")
}
