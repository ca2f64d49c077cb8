//! The pages that show what people write, with addresses, titles and forms.

use super::super::{Browser, form};
use crate::support::{AppResponse, Fixture, shell};
use claviger::domain::ids::OrganizationId;

/// What a browser would act on, if it were written as it is.
pub(super) const REFRESH: &str =
    r#"</title><meta http-equiv=refresh content="0;url=//other.example">"#;
pub(super) const SCRIPT: &str =
    r#"</script><script>alert(1)</script>"><img src=x onerror=1><!--&lt;b&gt;"#;
pub(super) const ADMIN: &str = "</title><img/src=x/onerror=1>@example.org";

/// A page that shows such a text, and what its title says.
#[derive(Clone, Debug)]
pub(super) struct Page {
    pub(super) address: String,
    pub(super) title: String,
    /// Where a form is posted to that the page answers, and what is in it.
    form: Option<(&'static str, Vec<(&'static str, String)>)>,
}

impl Page {
    pub(super) async fn load(&self, browser: &mut Browser) -> AppResponse {
        let Some((endpoint, fields)) = &self.form else {
            return browser.open(&self.address).await;
        };
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, text)| (*name, text.as_str()))
            .collect();
        let answer = browser.submit(endpoint, &self.address, &fields).await;
        assert!(answer.status.is_client_error(), "{self:?}: {answer:?}");
        answer
    }
}

pub(super) fn page(address: impl Into<String>, title: impl Into<String>) -> Page {
    Page {
        address: address.into(),
        title: title.into(),
        form: None,
    }
}

/// A page that answers a form which it refuses.
pub(super) fn refused(
    address: &str,
    title: &str,
    endpoint: &'static str,
    fields: &[(&'static str, &str)],
) -> Page {
    let fields = fields
        .iter()
        .map(|(name, text)| (*name, (*text).to_owned()));
    Page {
        form: Some((endpoint, fields.collect())),
        ..page(address, title)
    }
}

/// The pages of a client.
pub(super) fn pages_of(id: &str, name: &str, revoked: bool) -> Vec<Page> {
    let here = format!("/system/api-clients/{id}");
    let filter = form(&[("filter", SCRIPT)]);
    let ask = if revoked {
        page(format!("{here}/revoke"), format!("Revoke {name}"))
    } else {
        page(format!("{here}/revoke?{filter}"), format!("Revoke {name}"))
    };
    let verb = if revoked {
        "No client to revoke"
    } else {
        "Revoke 1 client"
    };
    vec![
        page(
            format!("/system/api-clients/do?do=revoke&client={id}&{filter}&client=%3Cimg"),
            verb,
        ),
        page(&here, name),
        page(format!("{here}?saved"), name),
        page(format!("{here}/rotate"), format!("New secret for {name}")),
        page(
            format!("{here}/permissions"),
            format!("Permissions of {name}"),
        ),
        page(
            format!("{here}/permissions?{filter}"),
            format!("Permissions of {name}"),
        ),
        page(
            format!("{here}/permissions?{}", form(&[("compare", SCRIPT)])),
            format!("Permissions of {name}"),
        ),
        page(format!("{here}/activity"), format!("Activity of {name}")),
        ask,
        page(format!("{here}/tokens"), format!("Tokens of {name}")),
        page(
            format!(
                "{here}/tokens?period=month&{}",
                form(&[("revoked", SCRIPT)])
            ),
            format!("Tokens of {name}"),
        ),
        page(
            format!("{here}/tokens/revoke"),
            format!("Revoke all tokens of {name}"),
        ),
    ]
}

/// The pages of the fixture.
pub(super) fn pages() -> Vec<Page> {
    let query = |name: &str, text: &str| form(&[(name, text)]);
    let clients = |query: &str| page(format!("/system/api-clients?{query}"), "API clients");
    vec![
        page("/system", "Overview"),
        page("/system?range=24h", "Overview"),
        page("/system?range=90d", "Overview"),
        page(format!("/system?{}", query("range", SCRIPT)), "Overview"),
        clients(""),
        clients(&query("q", "img src")),
        clients(&query("q", SCRIPT)),
        clients(&query("q", REFRESH)),
        clients("sort=name"),
        clients(&form(&[("sort", "used"), ("q", SCRIPT)])),
        clients("organization=1"),
        clients(&query("scope", SCRIPT)),
        clients(&query("status", REFRESH)),
        page("/system/api-clients/new", "New client"),
        page("/system/api-clients/new?organization=2", "New client"),
        page(
            format!("/system/api-clients/new?{}", query("organization", SCRIPT)),
            "New client",
        ),
        page("/system/organizations", "Organizations"),
        page("/system/organizations?created=1", "Organizations"),
        page(
            format!("/system/organizations?{}", query("q", SCRIPT)),
            "Organizations",
        ),
        page("/system/organizations/new", "Add organization"),
        page("/system/catalogue", "Catalogue"),
        clients(&query("permission", SCRIPT)),
        page("/system/participants", "Participants"),
        page("/system/participants?organization=1", "Participants"),
        page(
            format!(
                "/system/participants?{}",
                form(&[("organization", SCRIPT), ("q", REFRESH)])
            ),
            "Participants",
        ),
        page("/system/participants/new?organization=1", "Add participant"),
        page(
            "/system/participants/import?organization=1",
            "Import participants",
        ),
        page("/system/participants/1", SCRIPT),
        page("/system/participants/1/block", format!("Block {SCRIPT}")),
        page(format!("/system/setup?{}", query("code", SCRIPT)), "Set up"),
        page(
            "/system/api-clients/%3C%2Ftitle%3E%3Cimg%20src=x%3E",
            "Not found",
        ),
        page("/system/%3C%2Ftitle%3E%3Cimg%20src=x%3E", "Not found"),
    ]
    .into_iter()
    .chain(pages_of_the_server())
    .collect()
}

/// The pages about administrators, the account and the audit log.
fn pages_of_the_server() -> Vec<Page> {
    let query = |name: &str, text: &str| form(&[(name, text)]);
    vec![
        page("/system/administrators", "Administrators"),
        page("/system/administrators/invite", "Invite administrator"),
        page("/system/account", "Your account"),
        page(
            format!("/system/confirm?{}", query("next", SCRIPT)),
            "Confirm it is you",
        ),
        page(
            format!("/system/invitation?{}", query("code", SCRIPT)),
            "Invitation",
        ),
        page("/system/audit", "Audit log"),
        page(
            format!(
                "/system/audit?{}",
                form(&[("actor", SCRIPT), ("client", REFRESH)])
            ),
            "Audit log",
        ),
        page(
            format!("/system/audit/export?{}", query("actor", SCRIPT)),
            "Export the audit log",
        ),
    ]
}

/// The pages that show an organization's name beside the list: its host, and what was archived.
pub(super) async fn pages_of_organizations(fixture: &Fixture) -> Vec<Page> {
    let archived = fixture.organization(REFRESH, "").await;
    let done = fixture
        .console
        .archive_organization(&shell(), archived)
        .await;
    done.unwrap();
    let host = |id: OrganizationId, name: &str| {
        page(
            format!("/system/organizations/{id}/host"),
            format!("Host of {name}"),
        )
    };
    let script = fixture.organization(SCRIPT, "").await;
    let own = |id: OrganizationId, part: &str, title: String| {
        page(format!("/system/organizations/{id}{part}"), title)
    };
    vec![
        own(script, "", SCRIPT.to_owned()),
        own(script, "?renamed", SCRIPT.to_owned()),
        own(script, "/host?from=page", format!("Host of {SCRIPT}")),
        own(script, "/rename", format!("Rename {SCRIPT}")),
        own(script, "/archive", format!("Archive {SCRIPT}")),
        own(archived, "", REFRESH.to_owned()),
        own(archived, "/restore", format!("Restore {REFRESH}")),
        host(script, SCRIPT),
        host(archived, REFRESH),
        page("/system/organizations/archived", "Archived organizations"),
    ]
}

/// The form for a new participant, refused.
pub(super) fn refused_participant(name: &str) -> Page {
    refused(
        "/system/participants/new?organization=1",
        "Error: Add participant",
        "participants/create",
        &[
            ("form[nickname]", SCRIPT),
            ("form[email]", REFRESH),
            ("form[name]", name),
        ],
    )
}
