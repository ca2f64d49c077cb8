//! The settings of an installation, checked once at the start.

use crate::config::{DataSettings, PasswordGrant, SecretsMode, ServerSettings};
use crate::domain::catalog::{Catalog, CatalogError};
use crate::domain::host::{Authority, default_port};
use crate::domain::start::IssuerComplaint;
use crate::service::catalog;

/// The settings of an installation.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The scopes and permissions.
    pub catalog: Catalog,
    /// Whether sealed copies of secrets are kept.
    pub secrets: SecretsMode,
    /// Whether the grant type `password` is offered.
    pub password_grant: PasswordGrant,
    /// The issuer of tokens, except at tenant hosts.
    pub issuer: Issuer,
    /// The lifetime of a token in seconds, unless its client has one of its own.
    pub token_ttl: i64,
    /// The prefix of every token.
    pub token_prefix: String,
}

/// The base URL that consumers and administrators use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer {
    /// `http` or `https`.
    pub scheme: String,
    /// The host, with the port if it is not the scheme's default.
    pub authority: Authority<'static>,
}

/// The default issuer.
const DEFAULT_ISSUER: &str = "http://127.0.0.1:3000";

impl Issuer {
    /// Reads an issuer: `https://host`, or `http://` for this machine.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, IssuerComplaint> {
        let (scheme, rest) = text
            .split_once("://")
            .ok_or(IssuerComplaint::SchemeInvalid)?;
        let scheme = scheme.to_ascii_lowercase();
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        // The setting is not quoted: it may hold a password.
        let authority = Authority::parse(rest).ok_or(IssuerComplaint::HostInvalid)?;
        match scheme.as_str() {
            "https" => {}
            "http" if authority.host.is_loopback() => {}
            "http" => {
                let issuer = format!("{scheme}://{authority}");
                return Err(IssuerComplaint::NotSecure { issuer });
            }
            _ => return Err(IssuerComplaint::SchemeInvalid),
        }
        let port = authority
            .port
            .filter(|port| default_port(&scheme) != Some(*port));
        Ok(Self {
            authority: Authority {
                port,
                ..authority.into_owned()
            },
            scheme,
        })
    }

    /// The issuer as consumers compare it.
    #[must_use]
    pub fn url(&self) -> String {
        self.at(&self.authority)
    }

    /// The issuer of a tenant host, with the port of the request.
    #[must_use]
    pub fn at(&self, authority: &Authority<'_>) -> String {
        authority.origin(&self.scheme)
    }

    /// Whether consumers and administrators use TLS.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.scheme == "https"
    }
}

impl Settings {
    /// Checks the settings of a server.
    ///
    /// # Errors
    /// Which setting is wrong, for the operator.
    ///
    /// # Panics
    /// Never: the lifetime was checked to be at most a year.
    pub fn for_server(data: &DataSettings, server: &ServerSettings) -> Result<Self, SettingsError> {
        Ok(Self {
            issuer: Issuer::parse(&server.issuer)?,
            token_ttl: i64::try_from(server.token_ttl.as_secs())
                .expect("a lifetime was checked to be at most a year"),
            token_prefix: server.token_prefix.clone(),
            ..Self::for_shell(data)?
        })
    }

    /// Checks the settings of a command that issues no tokens.
    ///
    /// # Errors
    /// Which setting is wrong, for the operator.
    pub fn for_shell(data: &DataSettings) -> Result<Self, SettingsError> {
        Ok(Self {
            catalog: data
                .catalog
                .as_deref()
                .map_or_else(|| Ok(catalog::built_in()), catalog::read)?,
            secrets: data.secrets,
            password_grant: data.password_grant,
            issuer: Issuer::parse(DEFAULT_ISSUER)?,
            token_ttl: 7200,
            token_prefix: "clv".to_owned(),
        })
    }

    /// The host of the issuer, with its port if it has one, for people.
    #[must_use]
    pub fn issuer_host(&self) -> String {
        self.issuer.authority.to_string()
    }

    /// Whether the grant type `password` is offered.
    #[must_use]
    pub fn has_password_grant(&self) -> bool {
        self.password_grant == PasswordGrant::On
    }

    /// Whether a secret can be revealed later.
    #[must_use]
    pub fn secrets_recoverable(&self) -> bool {
        self.secrets == SecretsMode::Sealed
    }
}

/// Why a setting cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The issuer.
    #[error("{0}")]
    Issuer(#[from] IssuerComplaint),
    /// The catalogue.
    #[error("{0}")]
    Catalog(#[from] CatalogError),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_kept_in_one_form() {
        for (text, url) in [
            ("https://Access.Example.ORG", "https://access.example.org"),
            ("https://access.example.org./", "https://access.example.org"),
            (
                "https://access.example.org:443",
                "https://access.example.org",
            ),
            (
                "HTTPS://access.example.org:8443",
                "https://access.example.org:8443",
            ),
            (
                "https://access.example.org:80",
                "https://access.example.org:80",
            ),
            ("https://zugänge.example", "https://xn--zugnge-dua.example"),
            (
                "https://xn--zugnge-dua.example",
                "https://xn--zugnge-dua.example",
            ),
            ("https://[2001:DB8:0:0::1]", "https://[2001:db8::1]"),
            ("http://127.1:80", "http://127.0.0.1"),
            ("http://[0::1]:3000", "http://[::1]:3000"),
            ("http://LOCALHOST.:3000", "http://localhost:3000"),
        ] {
            assert_eq!(Issuer::parse(text).unwrap().url(), url, "{text}");
        }
    }

    #[test]
    fn an_issuer_is_a_scheme_and_a_host() {
        for text in [
            "https://:",
            "https://[",
            "https://]",
            "https://[]",
            "https://::1",
            "https://::",
            "https://.",
            "https://-",
            "https://a..b",
            "https://a:b",
            "https://a:0",
            "https://a:65536",
            "https://a:80:80",
            "https://a b",
            " https://a",
            "https://a ",
            "https://a\n",
            "https://u:p@a",
            "https://@a",
            "https://a//",
            "https://a/b",
            "https://a/?",
            "https://a?",
            "https://a#",
            "https://a#b",
            "https://a\\b",
            "https://[fe80::1%25eth0]",
            "https:///a",
            "https:a",
            "https:/a",
            "https:",
            "//a",
            "",
        ] {
            let refused = Issuer::parse(text).unwrap_err();
            let is_secure = !matches!(refused, IssuerComplaint::NotSecure { .. });
            assert!(is_secure, "{text}: {refused}");
        }
        let message = Issuer::parse("https://ada:hunter2@a")
            .unwrap_err()
            .to_string();
        assert!(!message.contains("hunter2"), "{message}");
    }

    #[test]
    fn an_issuer_off_this_machine_is_https() {
        for text in [
            "http://127.0.0.1:3000",
            "http://localhost:3000/",
            "http://[::1]:80",
            "https://access.example.org",
        ] {
            assert!(Issuer::parse(text).is_ok(), "{text}");
        }
        for text in [
            "http://access.example.org",
            "http://127.0.0.1.example.org",
            "ftp://x",
            "access.example.org",
            "https://a/b",
            "https://a?b",
            "https://",
        ] {
            assert!(Issuer::parse(text).is_err(), "{text}");
        }
    }
}
