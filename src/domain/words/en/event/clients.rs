//! API clients and their permissions.

use super::secrets::time;
use super::sentence::{Detail, EventSentence, moment};
use crate::domain::event::{ClientSnapshot, Event};
use crate::domain::permission::PermissionName;
use crate::domain::scope::ScopeName;
use crate::domain::text::cleaned;

const NAME: &str = "Name";
const EXPIRES: &str = "Expires";

pub(super) fn created(event: &Event) -> EventSentence {
    let Event::ClientCreated {
        name,
        scopes,
        permissions,
        expires_at,
    } = event
    else {
        return EventSentence::default();
    };
    let expires = expires_at.map(|at| Detail::fact(EXPIRES, moment(at)));
    let name = Detail::fact(NAME, name.clone());
    let names: Vec<&str> = scopes.iter().map(ScopeName::as_str).collect();
    let scopes = Detail::fact("Scopes", names.join(", "));
    EventSentence::about("created", "client")
        .with([name, scopes])
        .with(expires)
        .with(each(permissions, Detail::Added))
}

pub(super) fn updated(before: &ClientSnapshot, after: &ClientSnapshot) -> EventSentence {
    let is_only_in = |snapshot: &ClientSnapshot, other: &ClientSnapshot| -> Vec<PermissionName> {
        let names = snapshot.permissions.iter();
        names
            .filter(|name| !other.permissions.contains(name))
            .cloned()
            .collect()
    };
    let name = Detail::changed(NAME, Some(before.name.clone()), Some(after.name.clone()));
    let expires = Detail::changed(
        EXPIRES,
        before.expires_at.map(moment),
        after.expires_at.map(moment),
    );
    let seconds = |ttl: Option<i64>| ttl.map(|ttl| time(ttl.unsigned_abs()));
    let lifetime = Detail::changed(
        "Lifetime of tokens",
        seconds(before.token_ttl),
        seconds(after.token_ttl),
    );
    EventSentence::about("changed the details of", "client")
        .with(name)
        .with(expires)
        .with(lifetime)
        .with(each(&is_only_in(after, before), Detail::Added))
        .with(each(&is_only_in(before, after), Detail::Removed))
}

pub(super) fn revoked(before: &ClientSnapshot) -> EventSentence {
    EventSentence::about("revoked", "client")
        .with([Detail::fact(NAME, before.name.clone())])
        .with(each(&before.permissions, Detail::Removed))
}

pub(super) fn exported(event: &Event) -> EventSentence {
    let Event::ClientsExported {
        search,
        status,
        organization_id,
        scope,
        permission,
    } = event
    else {
        return EventSentence::default();
    };
    let search = Some(cleaned(search)).filter(|search| !search.is_empty());
    let organization = organization_id.map(|id| id.to_string());
    let named = |what: &'static str, name: &Option<String>| {
        let name = name.as_ref();
        name.map(|name| Detail::fact(what, cleaned(name)))
    };
    EventSentence::alone("exported a list of clients")
        .with(search.map(|search| Detail::fact("Search", search)))
        .with([Detail::fact("Status", status.as_str())])
        .with(organization.map(|id| Detail::fact("Organization", id)))
        .with(named("Scope", scope))
        .with(named("Permission", permission))
}

pub(super) fn permissions(granted: &[String], removed: &[String]) -> EventSentence {
    let before = match (granted.len(), removed.len()) {
        (1, 0) => "granted a permission to".to_owned(),
        (count, 0) => format!("granted {count} permissions to"),
        (0, 1) => "removed a permission from".to_owned(),
        (0, count) => format!("removed {count} permissions from"),
        _ => "changed the permissions of".to_owned(),
    };
    EventSentence::about(before, "client")
        .with(granted.iter().cloned().map(Detail::Added))
        .with(removed.iter().cloned().map(Detail::Removed))
}

fn each(permissions: &[PermissionName], detail: fn(String) -> Detail) -> Vec<Detail> {
    let names = permissions.iter().map(ToString::to_string);
    names.map(detail).collect()
}
