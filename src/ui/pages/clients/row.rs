//! The rows of the list of clients, written as text: twenty-five of them as components would cost more than half of the
//! page's time. A test compares them with the components that other pages have.

use crate::domain::Time;
use crate::domain::client::ClientState;
use crate::domain::scope::{SYSTEM, ScopeName, Scopes};
use crate::domain::view::ClientRow;
use crate::ui::addresses::CLIENTS;
use crate::ui::components::badges::{status_tone, status_word, when};
use crate::ui::components::key::push_outline;
use crate::ui::components::sparkline::push_sparkline;
use crate::ui::markup::{Escaped, push};

/// How many scopes are named; the others are a number.
const NAMED_SCOPES: usize = 2;

/// About how many bytes a row takes.
const ROW_SIZE: usize = 2_600;

/// How the rows are shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct RowStyle {
    /// Whether a row can be chosen for an act.
    pub(super) has_box: bool,
    /// When the list was made.
    pub(super) now: Time,
}

/// The rows of a table.
pub(super) fn rows(clients: &[ClientRow], style: RowStyle) -> String {
    let mut html = String::with_capacity(clients.len() * ROW_SIZE);
    for client in clients {
        push_row(&mut html, client, style);
    }
    html
}

fn push_row(html: &mut String, row: &ClientRow, style: RowStyle) {
    let client = &row.summary.client;
    html.push_str(if row.state == ClientState::Revoked {
        r#"<tr role="row" class="gone">"#
    } else {
        r#"<tr role="row">"#
    });
    // An id consists of unreserved characters.
    let (id, name) = (client.id.as_str(), Escaped(&client.name));
    if style.has_box {
        push!(
            html,
            r#"<td role="cell"><label class="hit"><input class="check" type="checkbox" name="client" value="{id}" aria-label="Select {name}"></label></td>"#
        );
    }
    html.push_str(r#"<th role="rowheader" scope="row" class="who"><svg class="key" viewBox="0 0 28 16" aria-hidden="true"><path fill-rule="evenodd" d=""#);
    push_outline(html, client.id.cuts());
    push!(
        html,
        r##""></path></svg><a class="lead" href="{CLIENTS}/{id}" title="{name}"><bdi>{name}</bdi></a><span class="id"><code>{id}</code><button class="icon-btn needs-js" type="button" title="Copy" aria-label="Copy client ID of {name}" data-copy="{id}"><svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><use href="#copy"></use></svg><svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><use href="#check"></use></svg></button></span></th>"##
    );
    match &row.summary.organization {
        Some(organization) => push!(
            html,
            r#"<td role="cell" class="in"><bdi>{}</bdi></td>"#,
            Escaped(organization)
        ),
        None => html.push_str(
            r#"<td role="cell" class="in"><span class="hint">All organizations</span></td>"#,
        ),
    }
    html.push_str(r#"<td role="cell" class="in">"#);
    push_scopes(html, &client.scopes);
    push_granted(html, row.granted, row.grantable);
    // What `islands::live` writes anew when the client is used.
    html.push_str(r#"<td role="cell" class="beside" data-requests>"#);
    push_sparkline(html, &row.usage);
    html.push_str(r#"</td><td role="cell" class="beside nowrap" data-last-used>"#);
    push_last_used(html, row.usage.last_used_at, style.now);
    push!(
        html,
        r#"</td><td role="cell" class="top"><span class="status" data-tone="{}">{}</span></td></tr>"#,
        status_tone(row.state).as_str(),
        status_word(row.state)
    );
}

fn push_scopes(html: &mut String, scopes: &Scopes) {
    let cut = NAMED_SCOPES.min(scopes.len());
    html.push_str(r#"<ul class="chips" aria-label="Scopes">"#);
    for scope in &scopes[..cut] {
        let class = if scope.as_str() == SYSTEM {
            "chip system"
        } else {
            "chip"
        };
        push!(
            html,
            r#"<li class="{class}">{}</li>"#,
            Escaped(scope.as_str())
        );
    }
    let rest = &scopes[cut..];
    if !rest.is_empty() {
        let names: Vec<&str> = rest.iter().map(ScopeName::as_str).collect();
        let names = names.join(", ");
        let names = Escaped(&names);
        push!(
            html,
            r#"<li class="chip more" title="{names}">+{}<span class="sr"> more: {names}</span></li>"#,
            rest.len()
        );
    }
    html.push_str("</ul></td>");
}

/// How many permissions a client has of those it could have.
fn push_granted(html: &mut String, granted: usize, grantable: usize) {
    push!(
        html,
        r#"<td role="cell" class="fold"><span class="nowrap">{granted}<span class="hint"> / {grantable}</span></span>"#
    );
    if grantable > 0 {
        push!(
            html,
            r#"<meter value="{granted}" max="{grantable}" aria-label="{granted} of {grantable} permissions granted"></meter>"#
        );
    }
    html.push_str("</td>");
}

pub(super) fn push_last_used(html: &mut String, at: Option<Time>, now: Time) {
    let Some(at) = at else {
        html.push_str("Never");
        return;
    };
    let when = when(at, now, false);
    push!(
        html,
        r#"<time datetime="{}" title="{}">{}</time>"#,
        when.moment,
        when.exact,
        when.words
    );
}

#[cfg(test)]
mod tests {
    use leptos::prelude::*;

    use super::*;
    use crate::domain::client::{Client, ClientId, ClientSummary, Lifecycle};
    use crate::domain::ids::{ClientNumber, Version};
    use crate::domain::usage::ClientUsage;
    use crate::ui::components::badges::{LastUsed, ScopeChips, StatusBadge};
    use crate::ui::components::button::CopyButton;
    use crate::ui::components::key::DrawnKey;
    use crate::ui::components::sparkline::Sparkline;

    fn now() -> Time {
        "2026-11-23T12:00:00Z".parse().unwrap()
    }

    fn row(scopes: &str, last_used_at: Option<Time>) -> ClientRow {
        let lifecycle = Lifecycle::Live {
            suspended_at: None,
            expires_at: None,
        };
        ClientRow {
            state: lifecycle.state(now()),
            granted: 3,
            grantable: 6,
            usage: ClientUsage {
                last_used_at,
                ..ClientUsage::default()
            },
            summary: ClientSummary {
                organization: Some("R&D".to_owned()),
                client: Client {
                    id: ClientId::parse("id_7Qm2xVd9LrKp-t4W").unwrap(),
                    number: ClientNumber(1),
                    name: "Open data".to_owned(),
                    organization_id: None,
                    scopes: Scopes::stored(scopes),
                    permissions: Vec::new(),
                    token_ttl: None,
                    lifecycle,
                    generation: 0,
                    created_at: now(),
                    created_by: "shell:tester".to_owned(),
                    tokens_since: crate::domain::ids::Version(0),
                    version: Version(1),
                },
            },
        }
    }

    fn written(row: &ClientRow, has_box: bool) -> String {
        let style = RowStyle {
            has_box,
            now: now(),
        };
        rows(std::slice::from_ref(row), style)
    }

    /// A component's markup without the framework's markers. Of an element's attributes the framework writes the class last.
    fn of(view: impl IntoView) -> String {
        let html = Owner::new_root(None).with(|| view.into_view().to_html());
        let html = html.replace("<!>", "");
        html.split_inclusive('>').map(class_first).collect()
    }

    /// A tag, and the text before it, with its class before the other attributes.
    fn class_first(part: &str) -> String {
        let Some((before, rest)) = part.split_once(" class=\"") else {
            return part.to_owned();
        };
        let (class, after) = rest.split_once('"').unwrap();
        let (name, others) = match before[before.find('<').unwrap()..].find(' ') {
            Some(at) => before.split_at(before.find('<').unwrap() + at),
            None => (before, ""),
        };
        format!("{name} class=\"{class}\"{others}{after}")
    }

    #[test]
    fn a_row_has_what_the_components_have() {
        let used = now() - chrono::TimeDelta::minutes(5);
        for (scopes, used) in [("system", None), ("public blogs pages system", Some(used))] {
            let row = row(scopes, used);
            let html = written(&row, true);
            let client = row.summary.client.clone();
            let copy = CopyButton(crate::ui::components::button::CopyButtonProps {
                text: client.id.to_string(),
                label: "Copy client ID of Open data".to_owned(),
            });
            let parts = [
                of(view! { <DrawnKey cuts=client.id.cuts()/> }),
                of(copy),
                of(view! { <ScopeChips scopes=client.scopes limit=2/> }),
                of(view! { <Sparkline usage=row.usage.clone()/> }),
                of(view! { <LastUsed at=used now=now()/> }),
                of(view! { <StatusBadge state=row.state/> }),
            ];
            for part in parts {
                assert!(html.contains(&part), "{part}\n{html}");
            }
        }
    }

    #[test]
    fn a_box_is_there_only_for_whom_it_is_of_use() {
        let row = row("public", None);
        assert!(written(&row, true).contains(r#"aria-label="Select Open data""#));
        assert!(!written(&row, false).contains("checkbox"));
        assert!(written(&row, false).contains("<bdi>R&amp;D</bdi>"));
    }
}
