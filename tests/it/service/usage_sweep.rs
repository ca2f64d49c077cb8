//! What a sweep leaves of usage.

use chrono::TimeDelta;

use crate::support::Fixture;

use super::usage_flush::issue;

#[tokio::test]
async fn counts_are_swept_after_ninety_days() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    issue(&fixture.tokens, &client).await;
    fixture.tokens.flush_usage().await.unwrap();
    let rows = async || {
        let mut rows = Vec::new();
        for table in [
            "usage_hourly",
            "usage_daily",
            "usage_totals_hourly",
            "secret_uses",
            "client_uses",
            "recent_tokens",
            "live_tokens",
        ] {
            rows.push(fixture.database.count(table).await);
        }
        rows
    };
    fixture.console.sweep().await.unwrap();
    assert_eq!(rows().await, [1, 1, 1, 1, 1, 1, 2]);
    fixture.advance(TimeDelta::days(90));
    fixture.console.sweep().await.unwrap();
    assert_eq!(rows().await, [1, 1, 1, 1, 1, 1, 0]);
    fixture.advance(TimeDelta::days(1));
    fixture.console.sweep().await.unwrap();
    assert_eq!(rows().await, [0, 0, 0, 1, 1, 1, 0], "the last use stays");
}
