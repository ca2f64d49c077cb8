//! `/system/organizations/archived`: the archived organizations, each with a button to restore it.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::domain::organization::Organization;
use crate::domain::rights::Right;
use crate::ui::addresses::{ARCHIVED_ORGANIZATIONS, ORGANIZATIONS};
use crate::ui::api::organizations::{RestoreOrganization, list_archived_organizations};
use crate::ui::components::badges::date;
use crate::ui::components::button::SubmitButton;
use crate::ui::components::empty::{Empty, Failed};
use crate::ui::components::field::{PostForm, refusal_of};
use crate::ui::components::notice::RefusalNotice;
use crate::ui::components::table::{Column, Table};
use crate::ui::refused::form_action;
use crate::ui::viewer::{use_may, watch_session};

const COLUMNS: &[Column] = &[
    Column::new("Organization"),
    Column::new("Archived"),
    Column::with_class("ID", "end"),
    Column::new(""),
];

/// The list of archived organizations.
#[component]
pub fn ArchivedOrganizationsPage() -> impl IntoView {
    let answer = Resource::new(|| (), |()| list_archived_organizations());
    watch_session(move || answer.get().and_then(Result::err));
    let restore = form_action::<RestoreOrganization>();
    let refusal = refusal_of(restore);
    let contents = move || {
        Suspend::new(async move {
            match answer.await {
                Ok(list) if list.is_empty() => view! {
                    <div class="body">
                        <Empty title="No archived organizations">
                            <p>"What is archived is listed here, and can be restored."</p>
                        </Empty>
                    </div>
                }
                .into_any(),
                Ok(list) => view! { <ArchivedTable list restore/> }.into_any(),
                Err(refusal) => view! {
                    <div class="body">
                        <Failed what="The archived organizations could not be loaded" refusal/>
                    </div>
                }
                .into_any(),
            }
        })
    };
    view! {
        <Title text="Archived organizations"/>
        <header class="page-head">
            <div class="row title">
                <h1>"Archived organizations"</h1>
            </div>
            <p class="sub">
                "Restoring one lets its clients work again. Tokens that were issued before stay dead, and it has no host until it is given one. "
                <a class="link" href=ORGANIZATIONS>
                    "Back to the organizations"
                </a>
            </p>
            {move || refusal.get().map(|refusal| view! { <RefusalNotice what="The organization was not restored" refusal/> })}
        </header>
        <Transition>{contents}</Transition>
    }
}

/// Every archived organization, by name.
#[component]
fn ArchivedTable(
    list: Vec<Organization>,
    restore: ServerAction<RestoreOrganization>,
) -> impl IntoView {
    let rows = list
        .into_iter()
        .map(|organization| view! { <ArchivedRow organization restore/> })
        .collect_view();
    view! {
        <Table class="orgs" caption="Archived organizations by name" columns=COLUMNS>
            {rows}
        </Table>
    }
}

#[component]
fn ArchivedRow(
    organization: Organization,
    restore: ServerAction<RestoreOrganization>,
) -> impl IntoView {
    let may_change = use_may(Right::ChangeOrganizations);
    let Organization {
        id,
        name,
        archived_at,
        ..
    } = organization;
    let pending = Signal::derive(move || {
        let is_this = restore
            .input()
            .with(|input| input.as_ref().is_some_and(|input| input.id == id));
        restore.pending().get() && is_this
    });
    let label = format!("Restore {name}");
    let action = move || {
        let label = label.clone();
        may_change.get().then(|| {
            view! {
                <PostForm action=restore back=ARCHIVED_ORGANIZATIONS>
                    <input type="hidden" name="id" value=id.0/>
                    <SubmitButton
                        label="Restore"
                        pending_label="Restoring…"
                        pending
                        class="quiet small"
                        attr:aria-label=label
                    />
                </PostForm>
            }
        })
    };
    view! {
        <tr role="row">
            <th role="rowheader" scope="row">
                {name}
            </th>
            <td role="cell">{archived_at.map(date)}</td>
            <td role="cell" class="end" data-label="(ID)">
                <code>{id.0}</code>
            </td>
            <td role="cell" class="end do">
                {action}
            </td>
        </tr>
    }
}
