//! Code samples of a client's token request, in several languages.
//!
//! Ids and secrets consist of unreserved characters, which no language has to escape; a shell needs quotes around a
//! tilde and around the placeholder.

use std::borrow::Cow;

/// The placeholder for a secret that is not on the page.
pub const PLACEHOLDER: &str = "<client secret>";

/// A language of the samples.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// With `curl`.
    #[default]
    Curl,
    /// Browsers, Node, Deno.
    JavaScript,
    /// With `requests`.
    Python,
    /// With `net/http`.
    Ruby,
    /// With `reqwest`.
    Rust,
}

impl Language {
    /// Every language, in the order the page offers them.
    pub const EVERY: [Self; 5] = [
        Self::Curl,
        Self::JavaScript,
        Self::Python,
        Self::Ruby,
        Self::Rust,
    ];

    /// The name in the markup, which the stylesheet uses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Curl => "curl",
            Self::JavaScript => "javascript",
            Self::Python => "python",
            Self::Ruby => "ruby",
            Self::Rust => "rust",
        }
    }

    /// The label.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Curl => "curl",
            Self::JavaScript => "JavaScript",
            Self::Python => "Python",
            Self::Ruby => "Ruby",
            Self::Rust => "Rust",
        }
    }

    /// The template: values in braces, highlighted parts in `«…»`.
    fn template(self) -> &'static str {
        match self {
            Self::Curl => CURL,
            Self::JavaScript => JAVASCRIPT,
            Self::Python => PYTHON,
            Self::Ruby => RUBY,
            Self::Rust => RUST,
        }
    }
}

/// The parameters of a token request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRequest {
    /// The URL of the token endpoint.
    pub url: String,
    /// The client's id.
    pub client_id: String,
    /// The client's scopes, separated by spaces.
    pub scope: String,
}

/// A part of a sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodePart {
    /// Plain text.
    Plain(String),
    /// Highlighted text.
    Value(String),
    /// Highlighted: the text before and after the secret.
    Secret(String, String),
}

impl TokenRequest {
    /// The sample in parts. `secret` decides whether it is quoted for a shell.
    #[must_use]
    pub fn pieces(&self, language: Language, secret: &str) -> Vec<CodePart> {
        let quote = |text: &str| {
            if language == Language::Curl {
                for_shell(text).into_owned()
            } else {
                text.to_owned()
            }
        };
        let template = language.template();
        let mut pieces = Vec::new();
        for (index, part) in template.split(['«', '»']).enumerate() {
            let text = part
                .replace("{url}", &quote(&self.url))
                .replace("{id}", &quote(&self.client_id))
                .replace("{scope}", &quote(&self.scope));
            pieces.push(match text.split_once("{secret}") {
                Some((before, after)) => {
                    let quote_mark = if quote(secret) == secret { "" } else { "'" };
                    CodePart::Secret(
                        format!("{before}{quote_mark}"),
                        format!("{quote_mark}{after}"),
                    )
                }
                None if index % 2 == 1 => CodePart::Value(text),
                None => CodePart::Plain(text),
            });
        }
        pieces.retain(|piece| *piece != CodePart::Plain(String::new()));
        pieces
    }

    /// The sample as text, with the secret.
    #[must_use]
    pub fn text(&self, language: Language, secret: &str) -> String {
        let join = |piece| match piece {
            CodePart::Plain(text) | CodePart::Value(text) => text,
            CodePart::Secret(before, after) => format!("{before}{secret}{after}"),
        };
        self.pieces(language, secret)
            .into_iter()
            .map(join)
            .collect()
    }
}

/// Quotes a text as one word of a POSIX shell.
fn for_shell(text: &str) -> Cow<'_, str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:/".contains(&byte);
    if !text.is_empty() && text.bytes().all(plain) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(format!("'{}'", text.replace('\'', r"'\''")))
}

const CURL: &str = r"curl -X POST {url} \
  -d grant_type=client_credentials \
  -d client_id={id} \
  -d client_secret=«{secret}» \
  -d scope=«{scope}»";

const JAVASCRIPT: &str = r"const response = await fetch(«'{url}'», {
  method: «'POST'»,
  body: new URLSearchParams({
    grant_type: «'client_credentials'»,
    client_id: «'{id}'»,
    client_secret: «'{secret}'»,
    scope: «'{scope}'»,
  }),
});
const { access_token } = await response.json();";

const PYTHON: &str = r#"import requests

response = requests.post(«"{url}"», data={
    «"grant_type"»: «"client_credentials"»,
    «"client_id"»: «"{id}"»,
    «"client_secret"»: «"{secret}"»,
    «"scope"»: «"{scope}"»,
})
access_token = response.json()[«"access_token"»]"#;

const RUBY: &str = r#"require «"net/http"»
require «"json"»

response = Net::HTTP.post_form(URI(«"{url}"»),
  grant_type: «"client_credentials"»,
  client_id: «"{id}"»,
  client_secret: «"{secret}"»,
  scope: «"{scope}"»)
access_token = JSON.parse(response.body)[«"access_token"»]"#;

const RUST: &str = r#"let token: serde_json::Value = reqwest::Client::new()
    .post(«"{url}"»)
    .form(&[
        («"grant_type"», «"client_credentials"»),
        («"client_id"», «"{id}"»),
        («"client_secret"», «"{secret}"»),
        («"scope"», «"{scope}"»),
    ])
    .send().await?
    .json().await?;"#;

#[cfg(test)]
mod tests {
    use super::*;

    fn request(scope: &str) -> TokenRequest {
        TokenRequest {
            url: "https://access.example.org/oauth/token".to_owned(),
            client_id: "id_7Qm2xVd9LrKp-t4W".to_owned(),
            scope: scope.to_owned(),
        }
    }

    #[test]
    fn the_shell_gets_one_word_for_each_value() {
        let text = request("public proposals")
            .text(Language::Curl, "key_pX7wTz2Lq9Vf-RmJ4sKc0eHnYb6AuGd3");
        assert_eq!(
            text,
            "curl -X POST https://access.example.org/oauth/token \\\n  -d grant_type=client_credentials \\\n  \
             -d client_id=id_7Qm2xVd9LrKp-t4W \\\n  -d client_secret=key_pX7wTz2Lq9Vf-RmJ4sKc0eHnYb6AuGd3 \\\n  \
             -d scope='public proposals'"
        );
        assert!(
            request("public")
                .text(Language::Curl, "~home.is.here")
                .contains("client_secret='~home.is.here' \\\n  -d scope=public")
        );
        assert!(
            request("public")
                .text(Language::Curl, PLACEHOLDER)
                .contains("client_secret='<client secret>' ")
        );
    }

    #[test]
    fn every_language_carries_every_value_once() {
        for language in Language::EVERY {
            let text = request("public blogs").text(language, "key_0123456789ab");
            for value in [
                "https://access.example.org/oauth/token",
                "id_7Qm2xVd9LrKp-t4W",
                "key_0123456789ab",
                "public blogs",
            ] {
                assert_eq!(text.matches(value).count(), 1, "{value} in {language:?}");
            }
            assert!(!text.contains(['«', '»']), "{language:?}");
        }
    }
}
