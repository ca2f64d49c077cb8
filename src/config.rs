//! Every setting: its flag, its variable, its default, and what it is for.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, ValueEnum};
use ipnet::IpNet;

/// What a database URL is when nobody names one.
pub const DEFAULT_DATABASE_URL: &str = "sqlite://data/claviger.db";

/// Where the data lies and how it is sealed. Every command reads these.
#[derive(Args, Clone, Debug)]
pub struct DataSettings {
    /// The database: `sqlite://PATH` or `postgres://USER@HOST/NAME`
    #[arg(long, env = "DATABASE_URL", default_value = DEFAULT_DATABASE_URL, hide_env_values = true, value_name = "URL")]
    pub database_url: String,

    /// The key that seals secrets and signing keys: 32 bytes as base64 or hex. Without it, and without a
    /// file, a SQLite database has its key in a file beside it
    #[arg(
        long,
        env = "CLAVIGER_MASTER_KEY",
        hide_env_values = true,
        value_name = "KEY"
    )]
    pub master_key: Option<MasterKeyText>,

    /// A file that holds the master key
    #[arg(long, env = "CLAVIGER_MASTER_KEY_FILE", value_name = "FILE")]
    pub master_key_file: Option<PathBuf>,

    /// Whether a client's secret can be shown again: `sealed` keeps a copy under the master key, `once` none
    #[arg(long, env = "CLAVIGER_SECRETS", value_enum, default_value_t = SecretsMode::Sealed, value_name = "MODE")]
    pub secrets: SecretsMode,

    /// A TOML file with scopes and permissions in place of the built-in ones
    #[arg(long, env = "CLAVIGER_CATALOG", value_name = "FILE")]
    pub catalog: Option<PathBuf>,
}

/// How the server shows itself. Only `claviger serve` reads these.
#[derive(Args, Clone, Debug)]
pub struct ServerSettings {
    /// The address to listen on
    #[arg(
        long,
        env = "CLAVIGER_ADDR",
        default_value = "127.0.0.1:3000",
        value_name = "ADDRESS"
    )]
    pub addr: SocketAddr,

    /// The address that consumers and administrators use; https, unless it is this machine
    #[arg(
        long,
        env = "CLAVIGER_ISSUER",
        default_value = "http://127.0.0.1:3000",
        value_name = "URL"
    )]
    pub issuer: String,

    /// How long a token lives, unless its client says otherwise
    #[arg(long, env = "CLAVIGER_TOKEN_TTL", default_value = "7200s", value_parser = parse_ttl, value_name = "DURATION")]
    pub token_ttl: Duration,

    /// The beginning of every token, so that a secret scanner can recognise one
    #[arg(long, env = "CLAVIGER_TOKEN_PREFIX", default_value = "clv", value_parser = parse_prefix, value_name = "PREFIX")]
    pub token_prefix: String,

    /// Networks of proxies whose `X-Forwarded-For` is believed, separated by commas
    #[arg(
        long,
        env = "CLAVIGER_TRUSTED_PROXIES",
        value_delimiter = ',',
        value_name = "NETWORKS"
    )]
    pub trusted_proxies: Vec<IpNet>,
}

/// Whether a client's secret can be shown again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SecretsMode {
    /// A copy is kept under the master key; every look at it leaves an entry in the trail.
    Sealed,
    /// No copy is kept: a secret is shown when it is made, and never again.
    Once,
}

/// A master key as it was typed.
#[derive(Clone)]
pub struct MasterKeyText(pub crate::domain::secret::Secret);

impl std::fmt::Debug for MasterKeyText {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(formatter)
    }
}

impl From<String> for MasterKeyText {
    fn from(text: String) -> Self {
        Self(crate::domain::secret::Secret::new(text))
    }
}

#[derive(Parser)]
struct Variables<T: Args> {
    #[command(flatten)]
    settings: T,
}

/// Reads settings from the environment alone.
///
/// # Errors
/// What is wrong with which variable.
pub fn from_environment<T: Args>() -> Result<T, clap::Error> {
    Ok(Variables::<T>::try_parse_from(["claviger"])?.settings)
}

/// Reads a span of time such as `24h`, `7200s` or `0`.
///
/// # Errors
/// The sentence to show.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    if text == "0" {
        return Ok(Duration::ZERO);
    }
    humantime::parse_duration(text)
        .map_err(|_| "write a span of time such as 30m, 24h or 7d".to_owned())
}

fn parse_ttl(text: &str) -> Result<Duration, String> {
    let span = parse_duration(text)?;
    if (Duration::from_secs(1)..=Duration::from_hours(366 * 24)).contains(&span) {
        Ok(span)
    } else {
        Err("a token lives between one second and a year".to_owned())
    }
}

fn parse_prefix(text: &str) -> Result<String, String> {
    let fits = (2..=16).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if fits {
        Ok(text.to_owned())
    } else {
        Err("a prefix has 2 to 16 of a-z and 0-9".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_of_time() {
        assert_eq!(parse_duration("24h"), Ok(Duration::from_hours(24)));
        assert_eq!(parse_duration("0"), Ok(Duration::ZERO));
        assert!(parse_duration("soon").is_err());
        assert!(parse_ttl("0").is_err());
    }

    #[test]
    fn prefixes_stay_recognisable() {
        assert!(parse_prefix("clv").is_ok());
        for prefix in ["c", "CLV", "c_v", "a-very-long-prefix-x"] {
            assert!(parse_prefix(prefix).is_err(), "{prefix}");
        }
    }
}
