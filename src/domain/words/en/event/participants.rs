//! Participants of organizations.

use super::sentence::{Detail, EventSentence};
use crate::domain::event::{Event, ImpersonationGrant};
use crate::domain::participant::ParticipantDetails;

pub(super) fn created(event: &Event) -> EventSentence {
    let Event::ParticipantCreated {
        nickname,
        email,
        name,
        has_password,
    } = event
    else {
        return EventSentence::default();
    };
    let made = ParticipantDetails {
        nickname: nickname.clone(),
        email: email.clone(),
        name: name.clone(),
    };
    let password = if *has_password { "set" } else { "none" };
    EventSentence::about("created", "participant")
        .with(differences(None, &made))
        .with([Detail::fact("Password", password)])
}

pub(super) fn changed(before: &ParticipantDetails, after: &ParticipantDetails) -> EventSentence {
    EventSentence::about("changed", "participant").with(differences(Some(before), after))
}

pub(super) fn registered(details: &ParticipantDetails) -> EventSentence {
    EventSentence::about("registered", "participant").with(differences(None, details))
}

pub(super) fn extra_changed(names: &[String]) -> EventSentence {
    EventSentence::about("changed what is kept about", "participant")
        .with([Detail::fact("Added or replaced", names.join(", "))])
}

pub(super) fn impersonated(grant: ImpersonationGrant, reason: Option<&str>) -> EventSentence {
    let grant = match grant {
        ImpersonationGrant::Password => "without a password",
        ImpersonationGrant::TokenExchange => "by token exchange",
    };
    EventSentence::about("got a token on behalf of", "participant")
        .and(grant)
        .with(reason.map(|reason| Detail::fact("Reason", reason)))
}

fn differences(before: Option<&ParticipantDetails>, after: &ParticipantDetails) -> Vec<Detail> {
    let values = |details: &ParticipantDetails| {
        [
            details.nickname.to_string(),
            details.email.to_string(),
            details.name.clone(),
        ]
    };
    let olds = before.map(values);
    ["Nickname", "Email", "Name"]
        .into_iter()
        .zip(values(after))
        .enumerate()
        .filter_map(|(index, (name, new))| match &olds {
            Some(olds) => Detail::changed(name, Some(olds[index].clone()), Some(new)),
            None => Some(Detail::fact(name, new)),
        })
        .collect()
}
