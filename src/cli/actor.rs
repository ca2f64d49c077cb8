//! The user who runs a command, by user id. Names in the environment can be forged.

use crate::domain::visible::visible;
use crate::service::Actor;

/// The variable in which sudo stores the calling user's id.
const SUDO_UID: &str = "SUDO_UID";

/// The actor of this process: the real user, and the user that sudo names as its caller, if any.
pub fn shell() -> Actor {
    let sudo = std::env::var(SUDO_UID).ok();
    Actor::Shell {
        user: user_text(uzers::get_current_uid(), sudo.as_deref(), name),
    }
}

/// `root`, or `root (sudo by ada)`. A number without a name in the user database is written as `uid 1234`.
fn user_text(real: u32, sudo: Option<&str>, name: impl Fn(u32) -> Option<String>) -> String {
    let named = |number| name(number).unwrap_or_else(|| format!("uid {number}"));
    let caller = sudo
        .filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))
        .and_then(|text| text.parse().ok())
        .filter(|caller| *caller != real);
    let user = match caller {
        Some(caller) => format!("{} (sudo by {})", named(real), named(caller)),
        None => named(real),
    };
    visible(&user)
}

/// The name in the user database (`getpwuid_r`); none also when the database cannot be read.
fn name(number: u32) -> Option<String> {
    let user = uzers::get_user_by_uid(number)?;
    let name = user.name().to_string_lossy().into_owned();
    Some(name).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn users(number: u32) -> Option<String> {
        match number {
            0 => Some("root".to_owned()),
            1000 => Some("ada".to_owned()),
            1001 => Some("x\u{1b}[31m\n".to_owned()),
            _ => None,
        }
    }

    #[test]
    fn a_user_is_named_by_the_user_database_alone() {
        for (real, sudo, expected) in [
            (0, None, "root"),
            (1000, None, "ada"),
            (1234, None, "uid 1234"),
            (1001, None, "x\\u{1b}[31m\\n"),
            (0, Some("1000"), "root (sudo by ada)"),
            (1000, Some("1234"), "ada (sudo by uid 1234)"),
            (0, Some("0"), "root"),
            (0, Some(""), "root"),
            (0, Some("ada"), "root"),
            (0, Some("+1000"), "root"),
            (0, Some("-1"), "root"),
            (0, Some("1000\n"), "root"),
            (0, Some("4294967296"), "root"),
        ] {
            assert_eq!(user_text(real, sudo, users), expected, "{real} {sudo:?}");
        }
    }

    #[test]
    fn the_user_database_of_this_machine_knows_its_first_user() {
        assert_eq!(name(0).as_deref(), Some("root"));
        assert_eq!(name(4_000_000_123), None);
    }
}
