//! The last tokens of a client, each with a button that revokes it.

use leptos::prelude::*;

use super::acts_as::{ActsAs, TokenScopes, left};
use crate::domain::Time;
use crate::domain::client_tokens::{LiveCount, RecentTokenRow};
use crate::domain::token::Dead;
use crate::domain::usage::{RECENT_TOKENS, TokenGrant};
use crate::domain::view::ClientPage;
use crate::domain::words::en::tokens::dead;
use crate::ui::addresses::{Tab, client_page, revoke_tokens};
use crate::ui::api::tokens::RevokeToken;
use crate::ui::components::badges::{Timestamp, up_to};
use crate::ui::components::field::posts_to;
use crate::ui::components::notice::Tone;
use crate::ui::components::table::{Column, Table};

const COLUMNS: &[Column] = &[
    Column::new("Token"),
    Column::new("Acts as"),
    Column::new("Scopes"),
    Column::new("Asked from"),
    Column::new("Issued"),
    Column::new("State"),
    Column::new(""),
];

/// How many tokens are shown at once; older ones are folded away.
const UNFOLDED: usize = 10;

/// The card with the last tokens.
#[component]
pub(super) fn RecentCard(
    /// The client.
    page: ClientPage,
    /// The tokens, the newest first.
    rows: Vec<RecentTokenRow>,
    /// How many of all its tokens are live.
    live_tokens: LiveCount,
) -> impl IntoView {
    let id = page.client.id.to_string();
    let is_live = !page.client.lifecycle.is_revoked();
    let may_revoke = page.may_change && is_live;
    let live = live_count(live_tokens);
    let all = may_revoke.then(|| {
        view! {
            <a class="btn small warns push" href=revoke_tokens(&id)>
                "Revoke all…"
            </a>
        }
    });
    let is_empty = rows.is_empty();
    let hint = (!is_empty).then(|| {
        let shown = format!(
            "The last {RECENT_TOKENS} tokens. Only the end of each token’s ID is shown; the token itself is not kept. \
             A revoked token gets "
        );
        view! {
            <p class="hint">
                {shown} <code>"401 invalid_token"</code>
                " on its next request; the client itself keeps working."
            </p>
        }
    });
    let now = page.now;
    let contents = if is_empty {
        view! { <p class="pad hint">"This client has asked for no token yet."</p> }.into_any()
    } else {
        folded(rows, now, may_revoke.then_some(id.as_str())).into_any()
    };
    view! {
        <section class="card" aria-labelledby="recent">
            <header class="row">
                <h2 id="recent">"Recent tokens"</h2>
                <span class="count">{live}</span>
                {all}
            </header>
            {contents}
        </section>
        {hint}
    }
}

/// How many tokens are live, in words.
fn live_count(live_tokens: LiveCount) -> String {
    match live_tokens {
        LiveCount::Exactly(count) => format!("{count} live"),
        LiveCount::AtMost(count) => format!("{} live", up_to(count)),
    }
}

/// The newest tokens, and the older ones folded away.
fn folded(mut rows: Vec<RecentTokenRow>, now: Time, client: Option<&str>) -> impl IntoView + use<> {
    let older = rows.split_off(rows.len().min(UNFOLDED));
    let older = (!older.is_empty()).then(|| {
        let words = match older.len() {
            1 => "Show one older token".to_owned(),
            count => format!("Show {count} older tokens"),
        };
        view! {
            <details>
                <summary class="pad">{words}</summary>
                {table("Older tokens, newest first", older, now, client)}
            </details>
        }
    });
    view! {
        {table("The last tokens, newest first", rows, now, client)}
        {older}
    }
}

fn table(
    caption: &'static str,
    rows: Vec<RecentTokenRow>,
    now: Time,
    client: Option<&str>,
) -> impl IntoView + use<> {
    let rows = rows
        .into_iter()
        .map(|row| token_row(row, now, client))
        .collect_view();
    view! {
        <Table class="tokens" caption columns=COLUMNS>
            {rows}
        </Table>
    }
}

/// One token; with the client's id, where it may be revoked.
fn token_row(row: RecentTokenRow, now: Time, client: Option<&str>) -> impl IntoView + use<> {
    let RecentTokenRow {
        id,
        acts_as,
        grant,
        scope,
        address,
        issued_at,
        expires_at,
        dead,
        handle,
    } = row;
    let end = id.end();
    let form = client.filter(|_| dead.is_none()).map(|client| {
        let here = client_page(client, Tab::Tokens);
        view! {
            <form method="post" action={posts_to::<RevokeToken>(&here)}>
                <input type="hidden" name="id" value=client.to_owned()/>
                <input type="hidden" name="token" value=handle/>
                <button class="btn quiet small warns" type="submit" data-pending="Revoking…">
                    <span>"Revoke" <span class="sr">" token …" {end.clone()}</span></span>
                </button>
            </form>
        }
    });
    let asked_from = address.map_or_else(|| "Unknown".to_owned(), |address| address.to_string());
    view! {
        <tr role="row" class=dead.map(|_| "gone")>
            <th role="rowheader" scope="row">
                <code class="nowrap" title=id.to_string()>"…" {end.clone()}</code>
            </th>
            <td role="cell" class="full">
                <ActsAs acting=acts_as/>
            </td>
            <td role="cell" class="full">
                <TokenScopes scope/>
            </td>
            <td role="cell" class="full">{asked_from} <small>{grant_name(grant)}</small></td>
            <td role="cell" class="nowrap" data-before="Issued">
                <Timestamp at=issued_at now/>
            </td>
            <td role="cell">
                <State dead expires_at now/>
            </td>
            <td role="cell" class="end do">{form}</td>
        </tr>
    }
}

fn grant_name(grant: TokenGrant) -> &'static str {
    match grant {
        TokenGrant::ClientCredentials => "client credentials",
        TokenGrant::Login => "login",
        TokenGrant::Impersonation => "impersonation",
        TokenGrant::TokenExchange => "token exchange",
    }
}

/// Whether a token is live, how long still, and if not, why.
#[component]
fn State(dead: Option<Dead>, expires_at: Time, now: Time) -> impl IntoView {
    let (tone, word, rest) = match dead {
        None => (
            Tone::Accent,
            "Live",
            format!("{} left", left(expires_at, now)),
        ),
        Some(Dead::Expired) => (Tone::Neutral, "Ended", String::new()),
        Some(Dead::Revoked) => (Tone::Danger, "Revoked", String::new()),
        Some(Dead::RevokedWithAll) => (Tone::Danger, "Revoked", "with all".to_owned()),
        Some(reason) => (Tone::Warn, "Not live", self::dead(reason).to_owned()),
    };
    view! {
        <span class="status" data-tone=tone.as_str()>{word}</span>
        {(!rest.is_empty()).then(|| view! { <small>{rest}</small> })}
    }
}
