//! How many tokens may be live.

use claviger::domain::ids::{ClientNumber, OrganizationId};
use claviger::domain::live_tokens::LiveTokens;
use claviger::domain::usage::{Counts, HourCounts, hour_of};

use super::{add_organization, moment};

const ONE: ClientNumber = ClientNumber(1);

fn live(organization: Option<OrganizationId>, hour: i64, tokens: i64) -> LiveTokens {
    LiveTokens {
        organization,
        hour,
        tokens,
    }
}

on_both!(
    live_tokens_add_up_until_their_hour_is_over,
    async |database| {
        let porto = add_organization(&database.store, "Porto", None).await;
        let mut tx = database.store.write().await.unwrap();
        let hour = hour_of(moment());
        let some = Some(porto);
        tx.add_live_tokens(&[]).await.unwrap();
        tx.add_live_tokens(&[
            live(None, hour, 5),
            live(None, hour + 1, 7),
            live(some, hour - 1, 100),
            live(some, hour, 3),
            live(some, hour + 2, 4),
        ])
        .await
        .unwrap();
        tx.add_live_tokens(&[live(None, hour + 1, 10), live(some, hour, -1)])
            .await
            .unwrap();
        let counts = [hour, hour + 1, hour + 2];
        for (hour, expected) in counts.into_iter().zip([22, 17, 0]) {
            assert_eq!(tx.count_live_tokens(hour).await.unwrap(), expected);
        }
        let used = tx.list_organization_usage(&[porto], moment()).await;
        assert_eq!(used.unwrap()[&porto].live_tokens, 6);

        // What is taken away twice is not less than none.
        tx.add_live_tokens(&[live(None, hour, -100), live(some, hour, -100)])
            .await
            .unwrap();
        assert_eq!(tx.count_live_tokens(hour).await.unwrap(), 0);
        let used = tx.list_organization_usage(&[porto], moment()).await;
        assert_eq!(used.unwrap()[&porto].live_tokens, 0);

        assert_eq!(tx.delete_live_tokens_before(hour, 10).await.unwrap(), 1);
        assert_eq!(tx.delete_live_tokens_before(hour, 10).await.unwrap(), 0);
        assert_eq!(tx.delete_live_tokens_before(hour + 3, 2).await.unwrap(), 2);
        tx.commit().await.unwrap();
        assert_eq!(database.count("live_tokens").await, 2);
    }
);

on_both!(
    a_client_has_those_that_were_not_revoked_with_all,
    async |database| {
        let mut tx = database.store.write().await.unwrap();
        let hour = hour_of(moment());
        let issued = |hour, issued| HourCounts {
            hour,
            client: ONE,
            counts: Counts {
                issued,
                ..Counts::default()
            },
            live_until: hour + 2,
        };
        let other = HourCounts {
            client: ClientNumber(2),
            ..issued(hour, 1_000)
        };
        let rows = [-3, -2, -1].map(|ago| issued(hour + ago, 10 - ago));
        tx.add_usage(&rows).await.unwrap();
        tx.add_usage(&[issued(hour, 4), other]).await.unwrap();
        // A shorter lifetime since then makes no token end earlier.
        let shorter = HourCounts {
            live_until: hour,
            ..issued(hour, 2)
        };
        tx.add_usage(&[shorter]).await.unwrap();
        let mut all = tx
            .list_live_tokens_of_client(ONE, hour - 5..=hour)
            .await
            .unwrap();
        all.sort_unstable();
        assert_eq!(all, [(hour, 12), (hour + 1, 11), (hour + 2, 6)]);
        let near = tx.list_live_tokens_of_client(ONE, hour - 1..=hour).await;
        assert_eq!(near.unwrap().len(), 2);

        tx.keep_revoked_token_count(ONE, hour).await.unwrap();
        tx.add_usage(&[issued(hour, 20)]).await.unwrap();
        let since = tx.list_live_tokens_of_client(ONE, hour - 5..=hour).await;
        assert_eq!(since.unwrap(), [(hour + 2, 20)]);
        tx.keep_revoked_token_count(ONE, hour + 1).await.unwrap();
        let none = tx
            .list_live_tokens_of_client(ONE, hour - 5..=hour + 1)
            .await;
        assert_eq!(none.unwrap(), []);
    }
);
