//! The examples in the OpenAPI description.

use claviger::http::oauth::openapi;

use super::authorization;
use super::cases::{PASSWORD, Tenants};

#[tokio::test]
async fn requests_for_tokens_are_granted_as_they_are_described() {
    let tenants = Tenants::new().await;
    tenants.participant(tenants.o1, "ada", PASSWORD).await;
    let header = authorization(&tenants.client);
    let headers = [("authorization", header.as_str())];
    let document = openapi::value();
    let body = &document["paths"]["/oauth/token"]["post"]["requestBody"];
    let examples = &body["content"]["application/json"]["examples"];
    for (name, example) in examples.as_object().unwrap() {
        let asking = tenants
            .app
            .post_json("/oauth/token", &headers, &example["value"]);
        let answer = asking.await;
        assert_eq!(answer.status.as_u16(), 200, "{name}: {answer:?}");
    }
    assert_eq!(examples.as_object().unwrap().len(), 3);
}
