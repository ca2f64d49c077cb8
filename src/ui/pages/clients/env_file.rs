//! The `.env` file with a client's id and secret.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// The file as a `data:` URL.
#[must_use]
pub fn env_file(client_id: &str, secret: &str) -> String {
    let text = format!("CLAVIGER_CLIENT_ID={client_id}\nCLAVIGER_CLIENT_SECRET={secret}\n");
    format!(
        "data:text/plain,{}",
        utf8_percent_encode(&text, NON_ALPHANUMERIC)
    )
}

/// The name of that file.
#[must_use]
pub fn env_name(client_name: &str) -> String {
    let words = client_name
        .split(|character: char| !character.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    let slug = words
        .map(str::to_ascii_lowercase)
        .collect::<Vec<_>>()
        .join("-");
    if slug.is_empty() {
        "client.env".to_owned()
    } else {
        format!("{slug}.env")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_carries_both_values() {
        assert_eq!(
            env_file("id_a-b", "key_c"),
            "data:text/plain,CLAVIGER%5FCLIENT%5FID%3Did%5Fa%2Db%0ACLAVIGER%5FCLIENT%5FSECRET%3Dkey%5Fc%0A"
        );
        assert_eq!(
            env_name("Participation dashboard"),
            "participation-dashboard.env"
        );
        assert_eq!(env_name("…"), "client.env");
    }
}
