//! More than one way to authenticate in a request, and ways that are not offered.

use super::{ENDPOINTS, assert_not_authenticated, assert_refused, authorization};
use crate::support::Fixture;

const GRANT: &str = "grant_type=client_credentials&token=x";

#[tokio::test]
async fn two_ways_at_once_are_refused() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let header = authorization(&client);
    let (id, secret) = (&client.client.id, client.secret.expose());
    for endpoint in ENDPOINTS {
        let answers = [
            app.post(
                endpoint,
                &[("authorization", &header), ("authorization", &header)],
                GRANT,
            )
            .await,
            app.post(
                endpoint,
                &[("authorization", &header), ("authorization", "Bearer x")],
                GRANT,
            )
            .await,
            app.post(
                endpoint,
                &[("authorization", &header)],
                &format!("{GRANT}&client_secret={secret}"),
            )
            .await,
            app.post(
                endpoint,
                &[("authorization", &header)],
                &format!("{GRANT}&client_id={id}&client_secret={secret}"),
            )
            .await,
            app.post(
                endpoint,
                &[("authorization", &header)],
                &format!("{GRANT}&client_id=another"),
            )
            .await,
            app.post(
                endpoint,
                &[("authorization", "Bearer x")],
                &format!("{GRANT}&client_id={id}&client_secret={secret}"),
            )
            .await,
            app.post(
                endpoint,
                &[("authorization", "Bearer x")],
                &format!("{GRANT}&client_id={id}"),
            )
            .await,
        ];
        for answer in answers {
            assert_refused(&answer, 400, "invalid_request");
            assert!(!answer.headers.contains_key("www-authenticate"));
        }
    }
}

/// Every way to say who calls, those too that are not offered; each pair of two is refused, and what is not offered is no
/// way in.
#[tokio::test]
async fn any_two_ways_are_refused_and_each_that_is_not_offered_fails() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let (id, header) = (&client.client.id, authorization(&client));
    let bearer = format!("Bearer {}", app.issued(&client, "").await);
    let assertion_type =
        "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer";
    let secret = format!("client_secret={}", client.secret.expose());
    let in_headers = [&*header, &bearer, "Digest x", "DPoP x"];
    let in_forms = [
        &*secret,
        "client_assertion=x",
        assertion_type,
        "access_token=x",
    ];
    let both = format!("client_assertion=x&{assertion_type}");
    for endpoint in ENDPOINTS {
        let ask = async |authorization: &[&str], form: &str| {
            let headers: Vec<_> = authorization
                .iter()
                .map(|line| ("authorization", *line))
                .collect();
            app.post(endpoint, &headers, &format!("{GRANT}&{form}"))
                .await
        };
        for authorization in in_headers {
            for other in in_headers {
                assert_refused(
                    &ask(&[authorization, other], "").await,
                    400,
                    "invalid_request",
                );
            }
            for form in in_forms.iter().chain([&&*both]) {
                assert_refused(&ask(&[authorization], form).await, 400, "invalid_request");
            }
        }
        for form in [
            format!("client_id={id}&{secret}&client_assertion=x"),
            format!("client_id={id}&{secret}&{assertion_type}"),
            format!("client_id={id}&{secret}&access_token=x"),
            format!("client_id={id}&client_assertion=x&access_token=x"),
        ] {
            assert_refused(&ask(&[], &form).await, 400, "invalid_request");
        }
        for form in [
            &*both,
            "client_assertion=x",
            assertion_type,
            "access_token=x",
        ] {
            assert_not_authenticated(&ask(&[], form).await);
            assert_not_authenticated(&ask(&[], &format!("{form}&client_id={id}")).await);
        }
        // An empty parameter is none.
        let empty = "client_assertion=&client_assertion_type=&access_token=&client_secret=";
        assert_eq!(ask(&[&header], empty).await.status.as_u16(), 200);
    }
}
