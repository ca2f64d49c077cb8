//! The parameters of each grant, beside the client's credentials and the scope.

use super::form::Form;
use crate::domain::secret::Secret;
use crate::domain::text::check_readable;
use crate::service::{Exchange, GrantRequest, GrantType, Impersonation, Login, Registration};

const AUTH_TYPE: &str = "The parameter auth_type is login or impersonate.";

const LOGIN_INCOMPLETE: &str = "A login has the parameters username and password.";

const IMPERSONATED_MISSING: &str = "An impersonation has the parameter username or id.";

const NO_BOOLEAN: &str = "A member of meta is neither true nor false.";

const META_OR_EXTRA_NOT_OBJECT: &str = "The parameter meta or extra is not an object.";

const NO_SUBJECT: &str =
    "A token exchange has the parameters subject_token and subject_token_type.";

const ACTOR_TOKEN_INVALID: &str =
    "The actor_token is an access token, and comes with its actor_token_type.";

const REQUESTED_TYPE_INVALID: &str = "The requested_token_type is an access token's.";

const REASON: &str = "A reason has at most 200 characters, all of them visible.";

/// The token type of an access token (RFC 8693 §3).
pub(super) const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

/// The most characters of a reason.
const REASON_MAX: usize = 200;

/// Reads the parameters of a grant. What is wrong with them is told to an authenticated client only, so that a stranger
/// does not learn which grants there are.
pub(super) fn read<'a>(grant_type: Option<GrantType>, form: &'a Form<'a>) -> GrantRequest<'a> {
    strictly(grant_type, form).unwrap_or_else(GrantRequest::Malformed)
}

fn strictly<'a>(
    grant_type: Option<GrantType>,
    form: &'a Form<'a>,
) -> Result<GrantRequest<'a>, &'static str> {
    Ok(match grant_type {
        Some(GrantType::ClientCredentials) => GrantRequest::ClientCredentials,
        Some(GrantType::Password) => match form.get("auth_type") {
            Some("login") => GrantRequest::Login(Box::new(login(form)?)),
            Some("impersonate") => GrantRequest::Impersonate(Box::new(impersonation(form)?)),
            _ => return Err(AUTH_TYPE),
        },
        Some(GrantType::TokenExchange) => GrantRequest::TokenExchange(Box::new(exchange(form)?)),
        None => GrantRequest::Unsupported,
    })
}

fn login<'a>(form: &'a Form<'a>) -> Result<Login<'a>, &'static str> {
    match (form.get("username"), form.get("password")) {
        (Some(username), Some(password)) => Ok(Login {
            username,
            password: Secret::new(password.to_owned()),
        }),
        _ => Err(LOGIN_INCOMPLETE),
    }
}

fn impersonation<'a>(form: &'a Form<'a>) -> Result<Impersonation<'a>, &'static str> {
    let (id, username) = (form.get("id"), form.get("username"));
    if id.is_none() && username.is_none() {
        return Err(IMPERSONATED_MISSING);
    }
    if form.has_any(&["meta", "extra"]) {
        return Err(META_OR_EXTRA_NOT_OBJECT);
    }
    let accepts_terms = is_true(form, "meta[accept_tos_on_register]")?;
    let is_confirmed = is_true(form, "meta[skip_confirmation_on_register]")?;
    let registers = is_true(form, "meta[register_on_missing]")?;
    Ok(Impersonation {
        id,
        username,
        registration: registers.then(|| Registration {
            name: form.get("meta[name]"),
            email: form.get("meta[email]"),
            accepts_terms,
            is_confirmed,
        }),
        extra: extra(form)?,
    })
}

/// A boolean that is false when it is absent. In a form it is the text `true` or `false`.
fn is_true(form: &Form<'_>, name: &str) -> Result<bool, &'static str> {
    match form.get(name) {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(NO_BOOLEAN),
    }
}

/// The members of `extra` that have a value.
fn extra<'a>(form: &'a Form<'a>) -> Result<Vec<(&'a str, &'a str)>, &'static str> {
    let mut members = Vec::new();
    for (rest, value) in form.beginning_with("extra[") {
        let name = rest.strip_suffix(']').ok_or(META_OR_EXTRA_NOT_OBJECT)?;
        // `extra[a][b]` would be an object in an object, `extra[]` a list.
        if name.is_empty() || name.contains(['[', ']']) {
            return Err(META_OR_EXTRA_NOT_OBJECT);
        }
        members.push((name, value));
    }
    Ok(members)
}

fn exchange<'a>(form: &'a Form<'a>) -> Result<Exchange<'a>, &'static str> {
    let (Some(subject), Some(subject_type)) =
        (form.get("subject_token"), form.get("subject_token_type"))
    else {
        return Err(NO_SUBJECT);
    };
    let actor = match (form.get("actor_token"), form.get("actor_token_type")) {
        (None, None) => None,
        (Some(token), Some(ACCESS_TOKEN)) => Some(Secret::new(token.to_owned())),
        _ => return Err(ACTOR_TOKEN_INVALID),
    };
    let requested = form.get("requested_token_type");
    if requested.is_some_and(|requested| requested != ACCESS_TOKEN) {
        return Err(REQUESTED_TYPE_INVALID);
    }
    let reason = form.get("reason").map(str::trim);
    let is_long = |reason: &str| reason.chars().count() > REASON_MAX;
    if reason.is_some_and(|reason| is_long(reason) || check_readable(reason).is_err()) {
        return Err(REASON);
    }
    let targets = ["resource", "audience"].into_iter();
    Ok(Exchange {
        subject,
        subject_type,
        actor,
        targets: targets.flat_map(|name| form.get_all(name)).collect(),
        reason,
    })
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;
    use proptest::prelude::*;

    use super::super::form::read_form;
    use super::super::json::read_json;
    use super::*;

    /// What is read of a body, as text.
    fn outcome(grant_type: GrantType, body: &str) -> Result<String, &'static str> {
        let headers = HeaderMap::new();
        let fields = if body.starts_with('{') {
            read_json(body.as_bytes())
        } else {
            read_form(body.as_bytes())
        };
        let form = Form::new(&headers, fields.unwrap()).unwrap();
        strictly(Some(grant_type), &form).map(|request| format!("{request:?}"))
    }

    fn password(body: &str) -> Result<String, &'static str> {
        outcome(GrantType::Password, body)
    }

    fn exchange(more: &str) -> Result<String, &'static str> {
        let body = format!("subject_token=7&subject_token_type=x{more}");
        outcome(GrantType::TokenExchange, &body)
    }

    #[test]
    fn a_login_has_both_parts() {
        let read = password("auth_type=login&username=ada&password=xyzzy").unwrap();
        assert!(read.contains("ada") && !read.contains("xyzzy"), "{read}");
        for body in [
            "auth_type=login&username=ada",
            "auth_type=login&username=ada&password=",
            r#"{"auth_type":"login","password":"x","username":null}"#,
        ] {
            assert_eq!(password(body), Err(LOGIN_INCOMPLETE), "{body}");
        }
        for body in [
            "",
            "auth_type=",
            "auth_type=Login",
            "auth_type=magic&username=a",
        ] {
            assert_eq!(password(body), Err(AUTH_TYPE), "{body}");
        }
    }

    #[test]
    fn forms_and_json_say_the_same_of_an_impersonation() {
        let form = "auth_type=impersonate&username=ada&meta[register_on_missing]=true&meta%5Bname%5D=Ada\
                    &meta[accept_tos_on_register]=false&extra[city]=Porto&extra[age]=30&extra[none]=";
        let json = r#"{"auth_type":"impersonate","username":"ada","meta":{"register_on_missing":true,"name":"Ada",
            "accept_tos_on_register":false},"extra":{"city":"Porto","age":30,"none":null}}"#;
        let read = password(form).unwrap();
        assert_eq!(password(json).unwrap(), read);
        assert!(
            read.contains(r#"[("city", "Porto"), ("age", "30")]"#),
            "{read}"
        );
        assert_eq!(password("auth_type=impersonate"), Err(IMPERSONATED_MISSING));
    }

    #[test]
    fn a_boolean_is_true_or_false() {
        let register = |value: &str| {
            let body = format!("auth_type=impersonate&id=1&meta[register_on_missing]={value}");
            Ok(password(&body)?.contains("Some(Registration"))
        };
        assert_eq!(register("true"), Ok(true));
        assert_eq!(register("false"), Ok(false));
        assert_eq!(register(""), Ok(false));
        for value in ["1", "0", "True", "yes", "on", " true"] {
            assert_eq!(register(value), Err(NO_BOOLEAN), "{value}");
        }
        // A switch that would not count is read as strictly.
        let unused = "auth_type=impersonate&id=1&meta[skip_confirmation_on_register]=maybe";
        assert_eq!(password(unused), Err(NO_BOOLEAN));
    }

    #[test]
    fn extra_is_one_flat_object() {
        for more in [
            "extra=x",
            "meta=x",
            "meta=%7B%22register_on_missing%22:true%7D",
            "extra[a][b]=x",
            "extra[]=x",
            "extra[a[b]=x",
            "extra[a]]=x",
            "extra[a=x",
        ] {
            let body = format!("auth_type=impersonate&id=1&{more}");
            assert_eq!(password(&body), Err(META_OR_EXTRA_NOT_OBJECT), "{more}");
        }
        let ignored = "auth_type=impersonate&id=1&extras[a]=x&meta[unknown]=x&meta[a][b]=c";
        assert!(password(ignored).unwrap().contains("extra: []"));
    }

    #[test]
    fn an_exchange_is_read_as_rfc_8693_has_it() {
        assert!(exchange("").is_ok());
        let read = exchange("&resource=r1&resource=r2&audience=a&reason=ticket+7").unwrap();
        assert!(read.contains(r#"["r1", "r2", "a"]"#), "{read}");
        assert!(read.contains("ticket 7"), "{read}");
        assert!(exchange(&format!("&requested_token_type={ACCESS_TOKEN}")).is_ok());
        let with_actor = format!("&actor_token=t&actor_token_type={ACCESS_TOKEN}");
        assert!(exchange(&with_actor).unwrap().contains("actor: Some"));
        let other = "urn:ietf:params:oauth:token-type:jwt";
        for (more, refused) in [
            (
                format!("&requested_token_type={other}"),
                REQUESTED_TYPE_INVALID,
            ),
            ("&actor_token=t".to_owned(), ACTOR_TOKEN_INVALID),
            (
                format!("&actor_token_type={ACCESS_TOKEN}"),
                ACTOR_TOKEN_INVALID,
            ),
            (
                format!("&actor_token=t&actor_token_type={other}"),
                ACTOR_TOKEN_INVALID,
            ),
            (format!("&reason={}", "x".repeat(201)), REASON),
            ("&reason=a%0Ab".to_owned(), REASON),
            ("&reason=a%E2%80%AEb".to_owned(), REASON),
        ] {
            assert_eq!(exchange(&more), Err(refused), "{more}");
        }
        assert!(exchange(&format!("&reason={}", "%C3%A9".repeat(200))).is_ok());
        for body in [
            "subject_token=7",
            "subject_token_type=x",
            "subject_token=&subject_token_type=x",
        ] {
            let read = outcome(GrantType::TokenExchange, body);
            assert_eq!(read, Err(NO_SUBJECT), "{body}");
        }
    }

    proptest! {
        #[test]
        fn any_impersonation_is_flat_and_registers_only_when_told(
            fields in proptest::collection::vec(
                (
                    "(id|username|(meta|extra)(\\[(register_on_missing|name|a|\\[|\\]|)\\]?){0,2})",
                    "(true|false|1||Ada|a b)",
                ),
                0..8,
            ),
        ) {
            let headers = HeaderMap::new();
            let fields = fields.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
            let Ok(form) = Form::new(&headers, fields) else { return Ok(()) };
            let Ok(read) = impersonation(&form) else { return Ok(()) };
            prop_assert!(read.id.is_some() || read.username.is_some());
            for (name, value) in &read.extra {
                prop_assert!(!name.is_empty() && !value.is_empty() && !name.contains(['[', ']']));
                prop_assert_eq!(form.get(&format!("extra[{name}]")), Some(*value));
            }
            let is_asked_for = form.get("meta[register_on_missing]") == Some("true");
            prop_assert_eq!(read.registration.is_some(), is_asked_for);
        }
    }
}
