//! The notice about a rotation that waits for the first use of the new secret.

use leptos::prelude::*;

use super::last_use::network_of;
use crate::domain::Time;
use crate::domain::rotation::SecretState;
use crate::domain::view::{ClientPage, SecretRow};
use crate::ui::addresses::{Tab, client_page, secret_page};
use crate::ui::api::ApiRefusal;
use crate::ui::api::secrets::CancelRotation;
use crate::ui::components::badges::{Timestamp, duration};
use crate::ui::components::button::SubmitButton;
use crate::ui::components::field::posts_to;
use crate::ui::components::notice::{Notice, RefusalNotice, Tone};

/// Why a rotation was not cancelled.
#[component]
pub fn WaitingRefusal(
    /// The refusal, if this page answers it.
    refusal: Option<ApiRefusal>,
) -> impl IntoView {
    refusal.map(|refusal| view! { <RefusalNotice what="The rotation was not cancelled" refusal/> })
}

/// The notice, with what still uses the older secrets; nothing where no secret waits.
#[component]
pub fn Waiting(
    /// The client.
    page: ClientPage,
) -> impl IntoView {
    let ClientPage {
        client,
        secrets,
        may_change,
        now,
        ..
    } = page;
    let waiting = secrets.iter().find_map(|row| match row.state(now) {
        SecretState::Pending { grace } => Some((row.clone(), grace)),
        _ => None,
    });
    let (row, grace) = waiting?;
    let is_older = |other: &&SecretRow| other.number < row.number && other.state(now).is_live();
    let older: Vec<SecretRow> = secrets.iter().filter(is_older).cloned().collect();
    let id = client.id.to_string();
    // Where every older secret was ended, this is the only one that works, and cannot be cancelled.
    let may_cancel = may_change && !older.is_empty();
    let sentence = sentence(grace, older.len());
    let end = match older.as_slice() {
        [only] if may_change => Some(secret_page(&id, only.number)),
        _ => None,
    };
    let uses = older
        .into_iter()
        .map(|row| still_used(&row, now))
        .collect_view();
    let title = format!("Secret {} has not been used yet.", row.number);
    Some(view! {
        <Notice tone=Tone::Warn icon="clock">
            <div class="stack tight">
            <p>
                <strong>{title}</strong>
                {sentence}
            </p>
            {uses}
            {may_cancel
                .then(|| {
                    view! {
                        <div class="row">
                            <form method="post" action={posts_to::<CancelRotation>(&client_page(&id, Tab::Credentials))}>
                                <input type="hidden" name="id" value=id.clone()/>
                                <input type="hidden" name="number" value=row.number.to_string()/>
                                <SubmitButton label="Cancel rotation" pending_label="Cancelling…" class="small"/>
                            </form>
                            {end
                                .map(|href| {
                                    view! {
                                        <a class="btn small" href=href>
                                            "End the old one now…"
                                        </a>
                                    }
                                })}
                        </div>
                    }
                })}
            </div>
        </Notice>
    })
}

/// What becomes of the older secrets.
fn sentence(grace: i64, older: usize) -> String {
    match (grace, older) {
        (_, 0) => " The older secrets were ended, so it is the only one that works.".to_owned(),
        (0, 1) => {
            " With its first use the older secret is revoked, and the tokens made with it stop working.".to_owned()
        }
        (0, _) => {
            " With its first use the older secrets are revoked, and the tokens made with them stop working."
                .to_owned()
        }
        (_, 1) => format!(
            " After its first use the older secret goes on for {}. Then it ends by itself.",
            duration(grace)
        ),
        _ => format!(
            " After its first use the older secrets go on for {}. Then they end by themselves.",
            duration(grace)
        ),
    }
}

/// The use of an older secret.
fn still_used(row: &SecretRow, now: Time) -> AnyView {
    let number = row.number;
    match row.last_used_at {
        Some(at) => {
            let network = network_of(row);
            view! {
                <p>
                    {format!("Secret {number} is still used: last ")}
                    <Timestamp at now inside=true/>
                    {network}
                    "."
                </p>
            }
            .into_any()
        }
        None => view! { <p>{format!("Secret {number} was never used.")}</p> }.into_any(),
    }
}
