//! The app as its users meet it, in a tree that mirrors the addresses.

mod assets;
mod connections;
mod documentation;
mod health;
mod hosts;
mod immediacy;
mod oauth;
mod openapi;
mod overload;
mod system;

use super::support::Fixture;

/// Every row of every table, as text: nothing was written between two that are equal. Failed sign-ins are events of
/// their own, which move the head of the audit log.
pub async fn everything(fixture: &Fixture) -> String {
    let rows = fixture.database.everything().await;
    let others = rows
        .split("\n\n")
        .filter(|table| {
            let table = table.trim_start();
            !table.starts_with("audit_head") && !table.starts_with("audit_days")
        })
        .flat_map(str::lines)
        .filter(|row| !row.is_empty() && !row.contains("admin.sign_in_failed"));
    others.collect::<Vec<_>>().join("\n")
}

/// A form, encoded as a browser encodes it.
pub fn form(fields: &[(&str, &str)]) -> String {
    let encoded = |text: &str| {
        percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
    };
    fields
        .iter()
        .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
        .collect::<Vec<_>>()
        .join("&")
}
