//! The form that changes several clients at once.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::super::ApiRefusal;
use super::forms::read_day;
use crate::domain::client::{BulkAct, BulkChange, SeenClient};
use crate::domain::complaint::{BulkComplaint, Complaint};
use crate::domain::error::{Error, FieldComplaint};

/// The form about several clients.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkForm {
    /// The form's key; with one, the act is done once, however often the form is sent.
    #[serde(default)]
    pub form_key: String,
    /// The word of a [`BulkAct`].
    #[serde(default)]
    pub act: String,
    /// The clients as they were shown, each as the text of a [`SeenClient`].
    #[serde(default)]
    pub clients: Vec<String>,
    /// To revoke them: their number.
    #[serde(default)]
    pub confirm: String,
    /// The day on which they expire, such as `2026-11-24`.
    #[serde(default)]
    pub expires_on: String,
    /// The address of the list to return to.
    #[serde(default)]
    pub list: String,
}

impl BulkForm {
    /// Parses the form.
    ///
    /// # Errors
    /// [`Error::Invalid`] in `act`, `clients`, `confirm` or `expires_on`.
    pub fn read(&self) -> Result<BulkChange, Error> {
        let act = BulkAct::parse(&self.act)
            .ok_or_else(|| Error::invalid("act", Complaint::ButtonUnknown))?;
        let seen = self.clients.iter().map(|text| text.parse::<SeenClient>());
        let clients: Vec<SeenClient> = seen
            .collect::<Result<_, _>>()
            .map_err(|_| Error::invalid("clients", Complaint::ButtonUnknown))?;
        let count = clients.len();
        let is_confirmed = self.confirm.trim() == count.to_string();
        if act == BulkAct::Revoke && count > 0 && !is_confirmed {
            let complaint = BulkComplaint::BulkNotConfirmed { count };
            return Err(Error::invalid("confirm", complaint.into()));
        }
        let expires_at = match act {
            BulkAct::Expire => match read_day(&self.expires_on) {
                Ok(Some(day)) => Some(day),
                Ok(None) => {
                    let missing = FieldComplaint::new("expires_on", Complaint::DayMissing);
                    return Err(vec![missing].into());
                }
                Err(unread) => return Err(vec![unread].into()),
            },
            BulkAct::Revoke | BulkAct::Suspend | BulkAct::Resume => None,
        };
        Ok(BulkChange {
            act,
            clients,
            expires_at,
        })
    }
}

/// Does one act to several clients, all of them or none, once for each key of the form. Redirects to the list, which says
/// what was done.
///
/// # Errors
/// [`Error::Invalid`] in `confirm` or `expires_on`; [`Error::Conflict`] when a client has changed since it was shown.
#[server(prefix = "/system/do", endpoint = "clients/change-several")]
pub async fn change_clients(#[server(default)] form: BulkForm) -> Result<(), ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()
        .map_err(|problem| ApiRefusal::of(problem, &form))?;
    let refuse = |error| {
        let error = super::in_days(error, Some(console.now()));
        ApiRefusal::of(crate::http::console::problem::refused(error), &form)
    };
    actor
        .require(crate::domain::rights::Right::ChangeClients)
        .map_err(refuse)?;
    let change = form.read().map_err(refuse)?;
    let sent = crate::service::SentForm::new(&form.form_key, "clients/change-several", &form);
    console
        .change_clients_by_form(&actor, &sent, &change)
        .await
        .map_err(refuse)?;
    let list = crate::http::console::own_pages::own_page(&form.list);
    let clients = crate::ui::addresses::CLIENTS;
    let list = list.filter(|page| page.split('?').next() == Some(clients));
    let list = list.unwrap_or_else(|| clients.to_owned());
    let separator = if list.contains('?') { '&' } else { '?' };
    let key = crate::domain::address::in_query(&form.form_key);
    leptos_axum::redirect(&format!("{list}{separator}done={key}"));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(act: &str, clients: &[&str]) -> BulkForm {
        BulkForm {
            act: act.to_owned(),
            clients: clients.iter().map(|text| (*text).to_owned()).collect(),
            ..BulkForm::default()
        }
    }

    #[test]
    fn a_revocation_is_confirmed_by_the_number_of_clients() {
        let mut form = form("revoke", &["id_one:1", "id_two:7"]);
        for (typed, is_read) in [("", false), ("1", false), ("two", false), (" 2 ", true)] {
            typed.clone_into(&mut form.confirm);
            assert_eq!(form.read().is_ok(), is_read, "{typed}");
        }
    }

    #[test]
    fn what_no_page_sends_is_refused() {
        for (form, field) in [
            (form("delete", &["id_one:1"]), "act"),
            (form("suspend", &["id_one"]), "clients"),
            (form("expire", &["id_one:1"]), "expires_on"),
        ] {
            let error = form.read().unwrap_err();
            assert!(error.field(field).is_some(), "{error:?}");
        }
    }
}
