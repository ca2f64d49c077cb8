//! What an installation decided, checked once at the start.

use crate::config::{DataSettings, SecretsMode, ServerSettings};
use crate::domain::catalog::Catalog;

use super::catalog::{self, CatalogError};

/// The installation's decisions.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The scopes and permissions there are.
    pub catalog: Catalog,
    /// Whether a sealed copy of secrets is kept.
    pub secrets: SecretsMode,
    /// Who issues tokens where no organization's host does.
    pub issuer: Issuer,
    /// How long a token lives, in seconds, unless its client says otherwise.
    pub token_ttl: i64,
    /// The beginning of every token.
    pub token_prefix: String,
}

/// The address that consumers and administrators use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer {
    /// `http` or `https`.
    pub scheme: String,
    /// The host, with the port if it is not the usual one.
    pub host: String,
}

impl Issuer {
    /// Reads an issuer: `https://host`, or `http://` for this machine.
    ///
    /// # Errors
    /// The sentence to show.
    pub fn parse(text: &str) -> Result<Self, String> {
        let address = text.strip_suffix('/').unwrap_or(text);
        let (scheme, host) = address
            .split_once("://")
            .ok_or("the issuer begins with https://")?;
        let host = host.to_ascii_lowercase();
        if host.is_empty()
            || !host
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte))
        {
            return Err(
                "the issuer is https:// and a host, without path, query or fragment".to_owned(),
            );
        }
        match scheme {
            "https" => {}
            "http" if is_loopback(&host) => {}
            "http" => {
                return Err(format!(
                    "the issuer {address} is not this machine, so it must begin with https://"
                ));
            }
            _ => return Err("the issuer begins with https://".to_owned()),
        }
        Ok(Self {
            scheme: scheme.to_owned(),
            host,
        })
    }

    /// The issuer as consumers compare it.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.host)
    }

    /// The issuer of an organization's own host.
    #[must_use]
    pub fn at(&self, host: &str) -> String {
        format!("{}://{host}", self.scheme)
    }

    /// Whether consumers and administrators come over TLS.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.scheme == "https"
    }
}

fn is_loopback(host: &str) -> bool {
    let name = if host.starts_with('[') {
        host.split_inclusive(']').next().unwrap_or(host)
    } else {
        host.split(':').next().unwrap_or(host)
    };
    let address = name.trim_start_matches('[').trim_end_matches(']');
    name == "localhost"
        || name.ends_with(".localhost")
        || address
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

impl Settings {
    /// Checks what was set for a server.
    ///
    /// # Errors
    /// What is wrong, for the person who starts it.
    ///
    /// # Panics
    /// Never: a lifetime was checked to be at most a year.
    pub fn for_server(data: &DataSettings, server: &ServerSettings) -> Result<Self, SettingsError> {
        Ok(Self {
            issuer: Issuer::parse(&server.issuer).map_err(SettingsError::Issuer)?,
            token_ttl: i64::try_from(server.token_ttl.as_secs())
                .expect("a lifetime was checked to be at most a year"),
            token_prefix: server.token_prefix.clone(),
            ..Self::for_shell(data)?
        })
    }

    /// Checks what was set for a command that issues no tokens.
    ///
    /// # Errors
    /// What is wrong, for the person who runs it.
    pub fn for_shell(data: &DataSettings) -> Result<Self, SettingsError> {
        Ok(Self {
            catalog: data
                .catalog
                .as_deref()
                .map_or_else(|| Ok(catalog::built_in()), catalog::read)?,
            secrets: data.secrets,
            issuer: Issuer {
                scheme: "http".to_owned(),
                host: "127.0.0.1:3000".to_owned(),
            },
            token_ttl: 7200,
            token_prefix: "clv".to_owned(),
        })
    }

    /// The host of the issuer, for people.
    #[must_use]
    pub fn issuer_host(&self) -> &str {
        &self.issuer.host
    }

    /// Whether a secret can be shown again.
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
    Issuer(String),
    /// The catalogue.
    #[error("{0}")]
    Catalog(#[from] CatalogError),
}

#[cfg(test)]
mod tests {
    use super::*;

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
