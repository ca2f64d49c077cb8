//! Settings: flags, environment variables, defaults and help texts.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use ipnet::IpNet;

use crate::domain::client::TOKEN_TTL_MAX;
use crate::domain::command::CommandComplaint;

/// The default database URL.
pub const DEFAULT_DATABASE_URL: &str = "sqlite://data/claviger.db";

/// Where the data lies and how it is sealed. Every command reads these.
#[derive(Args, Clone, Debug)]
pub struct DataSettings {
    /// The database: `sqlite://PATH` or `postgres://USER@HOST/NAME`; the password may stand in `PGPASSWORD`
    #[arg(long, env = "DATABASE_URL", default_value = DEFAULT_DATABASE_URL, hide_env_values = true, value_name = "URL")]
    pub database_url: SecretText,

    /// The key that seals secrets and signing keys: 32 bytes as base64 or hex. Without it, and without a
    /// file, a SQLite database has its key in a file beside it
    #[arg(
        long,
        env = "CLAVIGER_MASTER_KEY",
        hide_env_values = true,
        value_name = "KEY"
    )]
    pub master_key: Option<SecretText>,

    /// A file that holds the master key
    #[arg(long, env = "CLAVIGER_MASTER_KEY_FILE", value_name = "FILE")]
    pub master_key_file: Option<PathBuf>,

    /// Whether a client's secret can be shown again: `sealed` keeps a copy under the master key, `once` none
    #[arg(long, env = "CLAVIGER_SECRETS", value_enum, default_value_t = SecretsMode::Sealed, value_name = "MODE")]
    pub secrets: SecretsMode,

    /// Whether clients may exchange a participant's password, or a participant's name alone, for a token:
    /// the grant type `password`
    #[arg(long, env = "CLAVIGER_PASSWORD_GRANT", value_enum, default_value_t = PasswordGrant::On, value_name = "MODE")]
    pub password_grant: PasswordGrant,

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

    /// How long a token lives, unless its client says otherwise: a number and s, m, h or d
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

/// Whether a client's secret can be revealed later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SecretsMode {
    /// A copy is kept under the master key; every look at it leaves an entry in the audit log.
    Sealed,
    /// No copy is kept: a secret is shown when it is made, and never again.
    Once,
}

/// Whether the grant type `password` is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PasswordGrant {
    /// It is, to clients that hold the permission for it.
    On,
    /// It is not: the token endpoint does not know it, and nothing names it.
    Off,
}

/// A typed value that must not be displayed: a master key, or a URL with a password in it.
#[derive(Clone)]
pub struct SecretText(pub crate::domain::secret::Secret);

impl std::fmt::Debug for SecretText {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(formatter)
    }
}

impl From<String> for SecretText {
    fn from(text: String) -> Self {
        Self(crate::domain::secret::Secret::new(text))
    }
}

/// Parses a duration: `0`, or a number and its unit, `s`, `m`, `h` or `d`, such as `90s` or `24h`.
///
/// # Errors
/// What is wrong with it.
pub fn parse_duration(text: &str) -> Result<Duration, CommandComplaint> {
    if text == "0" {
        return Ok(Duration::ZERO);
    }
    let unit = match text.as_bytes().last() {
        Some(b's') => 1,
        Some(b'm') => 60,
        Some(b'h') => 60 * 60,
        Some(b'd') => 24 * 60 * 60,
        _ => return Err(CommandComplaint::DurationUnreadable),
    };
    let number = &text[..text.len() - 1];
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(CommandComplaint::DurationUnreadable);
    }
    let seconds = number.parse::<u64>().ok();
    seconds
        .and_then(|number| number.checked_mul(unit))
        .map(Duration::from_secs)
        .ok_or(CommandComplaint::DurationTooLong)
}

fn parse_ttl(text: &str) -> Result<Duration, CommandComplaint> {
    let span = parse_duration(text)?;
    if (1..=TOKEN_TTL_MAX.unsigned_abs()).contains(&span.as_secs()) {
        Ok(span)
    } else {
        Err(CommandComplaint::TokenTtlInvalid)
    }
}

fn parse_prefix(text: &str) -> Result<String, CommandComplaint> {
    let fits = (2..=16).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if fits {
        Ok(text.to_owned())
    } else {
        Err(CommandComplaint::TokenPrefixInvalid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_of_time() {
        for (text, seconds) in [
            ("0", 0),
            ("0s", 0),
            ("90s", 90),
            ("5m", 300),
            ("24h", 86_400),
            ("007d", 604_800),
            ("18446744073709551615s", u64::MAX),
        ] {
            assert_eq!(
                parse_duration(text),
                Ok(Duration::from_secs(seconds)),
                "{text}"
            );
        }
    }

    #[test]
    fn other_texts_are_no_durations() {
        for text in [
            "", "5", "00", "s", "5M", "5S", "5H", "5D", "5min", "5ms", "1month", "1y", "1w",
            "1h30m", "7d 1h", " 5m", "5m ", "5 m", "+5m", "-5m", "1.5h", "1_000s", "0x5m", "٥m",
            "5µ", "soon",
        ] {
            let refused = parse_duration(text).unwrap_err();
            assert_eq!(refused, CommandComplaint::DurationUnreadable, "{text}");
        }
        for text in [
            "18446744073709551616s",
            "999999999999999999999d",
            "307445734561825861m",
        ] {
            assert_eq!(parse_duration(text), Err(CommandComplaint::DurationTooLong));
        }
        for text in ["0", "0s", "367d", "31622401s"] {
            assert_eq!(parse_ttl(text), Err(CommandComplaint::TokenTtlInvalid));
        }
    }

    #[test]
    fn prefixes_stay_recognisable() {
        assert!(parse_prefix("clv").is_ok());
        for prefix in ["c", "CLV", "c_v", "a-very-long-prefix-x"] {
            assert!(parse_prefix(prefix).is_err(), "{prefix}");
        }
    }
}
