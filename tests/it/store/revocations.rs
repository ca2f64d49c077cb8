//! How many tokens clients revoked one by one.

use claviger::domain::ids::ClientNumber;
use claviger::store::RevocationCount;

fn revoked(hour: i64, client: i64, revoked: i64) -> RevocationCount {
    RevocationCount {
        hour,
        client: ClientNumber(client),
        revoked,
    }
}

on_both!(
    revocations_are_added_up_by_client_and_hour,
    async |database| {
        let mut tx = database.store.write().await.unwrap();
        let mut count = async |added: &[RevocationCount]| {
            let mut counts = tx.count_revocations(added).await.unwrap();
            counts.sort_unstable();
            counts
        };
        let both = [revoked(7, 1, 2), revoked(7, 2, 100)];
        assert_eq!(count(&both).await, both);
        let added = [revoked(7, 1, 1), revoked(7, 2, 1)];
        assert_eq!(count(&added).await, [revoked(7, 1, 3), revoked(7, 2, 101)]);
        assert_eq!(count(&[revoked(7, 2, 5)]).await, [revoked(7, 2, 106)]);
        let later = [revoked(8, 2, 1)];
        assert_eq!(count(&later).await, later, "another hour");
        assert_eq!(count(&[]).await, []);
        let many: Vec<_> = (100..160).map(|client| revoked(7, client, 1)).collect();
        assert_eq!(count(&many).await, many);
    }
);

on_both!(
    the_counts_of_hours_that_are_over_are_taken_out,
    async |database| {
        let mut tx = database.store.write().await.unwrap();
        let counts = [
            revoked(6, 1, 3),
            revoked(7, 1, 4),
            revoked(7, 2, 5),
            revoked(8, 1, 6),
        ];
        tx.count_revocations(&counts).await.unwrap();
        let taken = tx.take_revocation_counts_before(8).await.unwrap();
        assert_eq!(taken, counts[..3]);
        assert_eq!(tx.take_revocation_counts_before(8).await.unwrap(), []);
        for (hour, number) in [(8, 7), (7, 1)] {
            let added = [revoked(hour, 1, 1)];
            let counts = tx.count_revocations(&added).await.unwrap();
            assert_eq!(counts, [revoked(hour, 1, number)], "{hour}");
        }
    }
);
