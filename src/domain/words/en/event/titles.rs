//! Short titles of kinds and topics, for badges and filters.

use crate::domain::audit::{Action, Topic};

/// The title of a kind; a kind of a newer version is its own.
#[must_use]
pub fn title(kind: &str) -> &str {
    match Topic::of_kind(kind) {
        Topic::Clients | Topic::Permissions => of_clients(kind),
        Topic::Secrets | Topic::Tokens => of_secrets(kind),
        Topic::Organizations => of_organizations(kind),
        Topic::Participants => of_participants(kind),
        Topic::SignIns | Topic::Administrators => of_admins(kind),
        Topic::Server => of_server(kind),
    }
}

/// The name of a topic.
#[must_use]
pub fn topic(topic: Topic) -> &'static str {
    match topic {
        Topic::Clients => "Clients",
        Topic::Permissions => "Permissions",
        Topic::Secrets => "Secrets",
        Topic::Tokens => "Tokens",
        Topic::Organizations => "Organizations",
        Topic::Participants => "Participants",
        Topic::SignIns => "Sign-ins",
        Topic::Administrators => "Administrators",
        Topic::Server => "Server",
    }
}

/// What the filter calls an action.
#[must_use]
pub fn action(action: Action) -> String {
    match action {
        Action::Topic(of) => format!("{}: anything", topic(of)),
        Action::Kind(kind) => title(kind).to_owned(),
    }
}

fn of_clients(kind: &str) -> &str {
    match kind {
        "client.created" => "Created client",
        "client.updated" => "Changed client",
        "client.suspended" => "Suspended client",
        "client.resumed" => "Resumed client",
        "client.revoked" => "Revoked client",
        "clients.exported" => "Exported clients",
        "permissions.changed" => "Changed permissions",
        _ => kind,
    }
}

fn of_secrets(kind: &str) -> &str {
    match kind {
        "secret.rotated" => "Made secret",
        "secret.activated" => "First use of a secret",
        "secret.cancelled" => "Cancelled rotation",
        "secret.ended" => "Ended secret",
        "secret.labelled" => "Labelled secret",
        "secret.revealed" => "Revealed secret",
        "token.revoked" => "Revoked token",
        "tokens.revoked" => "Revoked many tokens",
        "tokens.revoked_all" => "Revoked all tokens",
        _ => kind,
    }
}

fn of_organizations(kind: &str) -> &str {
    match kind {
        "organization.created" => "Created organization",
        "organization.archived" => "Archived organization",
        "organization.restored" => "Restored organization",
        "organization.renamed" => "Renamed organization",
        "organization.host_changed" => "Changed host",
        _ => kind,
    }
}

fn of_participants(kind: &str) -> &str {
    match kind {
        "participant.created" => "Created participant",
        "participant.changed" => "Changed participant",
        "participant.blocked" => "Blocked participant",
        "participant.unblocked" => "Unblocked participant",
        "participant.password_set" => "Set password",
        "participant.registered" => "Registered participant",
        "participant.extra_changed" => "Changed extra data",
        "participant.impersonated" => "Impersonated",
        _ => kind,
    }
}

fn of_admins(kind: &str) -> &str {
    match kind {
        "admin.created" => "Created administrator",
        "admin.password_reset" => "Replaced password",
        "admin.invited" => "Invited administrator",
        "admin.invitation_withdrawn" => "Withdrew invitation",
        "admin.joined" => "Joined",
        "admin.role_changed" => "Changed role",
        "admin.disabled" => "Disabled administrator",
        "admin.enabled" => "Enabled administrator",
        "admin.sessions_ended" => "Ended sessions",
        "admin.password_link_made" => "Made password link",
        "admin.password_link_withdrawn" => "Withdrew password link",
        "admin.password_changed" => "Changed own password",
        "admin.signed_in" => "Signed in",
        "admin.signed_out" => "Signed out",
        "admin.sign_in_failed" => "Failed sign-in",
        _ => kind,
    }
}

fn of_server(kind: &str) -> &str {
    match kind {
        "demo.filled" => "Filled demo",
        "audit.exported" => "Exported log",
        _ => kind,
    }
}
