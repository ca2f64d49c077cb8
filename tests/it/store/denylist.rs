//! Tokens that were revoked one by one, and how far their denials were swept away.

use claviger::domain::ids::Version;
use claviger::domain::token::{Lifetime, SweepWatermark, TokenId};

use super::{change, moment, tick};

/// A lifetime from so many ticks to so many ticks after a moment.
fn lifetime(from: i32, to: i32) -> Lifetime {
    Lifetime {
        issued_at: moment() + tick() * from,
        expires_at: moment() + tick() * to,
    }
}

on_both!(
    denylist_entries_are_listed_since_a_version,
    async |database| {
        let (mut tx, first) = change(&database.store).await;
        tx.insert_denylist(&[(TokenId([1; 24]), lifetime(0, 1))], first)
            .await
            .unwrap();
        let second = tx.raise_directory_version().await.unwrap();
        tx.insert_denylist(&[(TokenId([0xAB; 24]), lifetime(-3, -2))], second)
            .await
            .unwrap();
        assert_eq!(
            tx.list_denylist(first).await.unwrap(),
            [(TokenId([0xAB; 24]), lifetime(-3, -2))],
            "ended or not"
        );
        assert_eq!(
            tx.list_denylist(Version::BEFORE_ALL).await.unwrap().len(),
            2
        );
        assert_eq!(tx.list_denylist(second).await.unwrap(), []);
    }
);

on_both!(a_token_may_be_denied_by_two_changes, async |database| {
    let entry = (TokenId([7; 24]), lifetime(0, 1));
    let (mut tx, first) = change(&database.store).await;
    // Of one change it is one row, however often it is named.
    tx.insert_denylist(&[entry, entry], first).await.unwrap();
    let second = tx.raise_directory_version().await.unwrap();
    tx.insert_denylist(&[entry], second).await.unwrap();
    let all = tx.list_denylist(Version::BEFORE_ALL).await.unwrap();
    assert_eq!(all, [entry, entry]);
    assert_eq!(tx.list_denylist(first).await.unwrap(), [entry]);
    let swept = tx.raise_directory_version().await.unwrap();
    let end = entry.1.expires_at;
    assert_eq!(tx.sweep_denylist(end, swept, 10).await.unwrap(), 2);
    assert_eq!(tx.list_denylist(Version::BEFORE_ALL).await.unwrap(), []);
});

fn watermark(version: i64, lifetime: Lifetime) -> SweepWatermark {
    SweepWatermark {
        version: Version(version),
        lifetime,
    }
}

on_both!(
    swept_denials_leave_a_mark_that_covers_them,
    async |database| {
        let (mut tx, version) = change(&database.store).await;
        for (byte, life) in [
            (1, lifetime(-9, -1)),
            (2, lifetime(-8, 0)),
            (3, lifetime(-2, -1)),
            (4, lifetime(-1, 1)),
        ] {
            tx.insert_denylist(&[(TokenId([byte; 24]), life)], version)
                .await
                .unwrap();
        }
        assert_eq!(tx.list_sweep_watermarks().await.unwrap(), []);
        assert_eq!(tx.sweep_denylist(moment(), Version(7), 9).await.unwrap(), 3);
        assert_eq!(
            tx.list_sweep_watermarks().await.unwrap(),
            [watermark(7, lifetime(-2, 0))]
        );
        assert_eq!(
            tx.list_denylist(Version::BEFORE_ALL).await.unwrap(),
            [(TokenId([4; 24]), lifetime(-1, 1))]
        );
    }
);

on_both!(
    a_part_of_a_sweep_takes_what_ended_first_and_covers_no_more,
    async |database| {
        let (mut tx, version) = change(&database.store).await;
        for (byte, life) in [
            (1, lifetime(-2, 0)),
            (2, lifetime(-9, -3)),
            (3, lifetime(-8, -1)),
        ] {
            tx.insert_denylist(&[(TokenId([byte; 24]), life)], version)
                .await
                .unwrap();
        }
        for (at, swept, covered, left) in [
            (7, 2, lifetime(-8, -1), 1),
            (8, 1, lifetime(-2, 0), 0),
            (9, 0, lifetime(-2, 0), 0),
        ] {
            let part = tx.sweep_denylist(moment(), Version(at), 2).await;
            assert_eq!(part.unwrap(), swept);
            assert_eq!(
                tx.list_sweep_watermarks().await.unwrap(),
                [watermark(at.min(8), covered)]
            );
            let entries = tx.list_denylist(Version::BEFORE_ALL).await.unwrap();
            assert_eq!(entries.len(), left);
        }
    }
);

on_both!(
    marks_whose_time_is_over_become_part_of_the_next,
    async |database| {
        let (mut tx, version) = change(&database.store).await;
        assert_eq!(tx.sweep_denylist(moment(), Version(1), 9).await.unwrap(), 0);
        assert_eq!(tx.list_sweep_watermarks().await.unwrap(), []);
        for (at, life, covered) in [
            (2, lifetime(-5, -2), lifetime(-5, -2)),
            (4, lifetime(-9, -1), lifetime(-5, -1)),
            (6, lifetime(-4, -3), lifetime(-4, -1)),
        ] {
            tx.insert_denylist(&[(TokenId([1; 24]), life)], version)
                .await
                .unwrap();
            assert_eq!(
                tx.sweep_denylist(moment(), Version(at), 9).await.unwrap(),
                1
            );
            let watermarks = [watermark(at, covered)];
            assert_eq!(tx.list_sweep_watermarks().await.unwrap(), watermarks);
            assert_eq!(
                tx.sweep_denylist(moment(), Version(at + 1), 9)
                    .await
                    .unwrap(),
                0
            );
            assert_eq!(tx.list_sweep_watermarks().await.unwrap(), watermarks);
        }
        tx.commit().await.unwrap();
        assert_eq!(database.count("denylist").await, 0);
    }
);

on_both!(
    the_mark_of_a_clock_that_was_ahead_stays_apart_until_its_time_is_over,
    async |database| {
        let (mut tx, version) = change(&database.store).await;
        let mut sweep = async |at, life, by| {
            tx.insert_denylist(&[(TokenId([1; 24]), life)], version)
                .await
                .unwrap();
            let swept = tx
                .sweep_denylist(moment() + tick() * by, Version(at), 9)
                .await;
            assert_eq!(swept.unwrap(), 1);
            tx.list_sweep_watermarks().await.unwrap()
        };
        let far = watermark(2, lifetime(90, 95));
        assert_eq!(sweep(2, lifetime(90, 95), 99).await, [far]);
        let near = watermark(3, lifetime(-2, -1));
        assert_eq!(sweep(3, lifetime(-2, -1), 0).await, [far, near]);
        let nearer = watermark(4, lifetime(1, 2));
        assert_eq!(sweep(4, lifetime(1, 2), 3).await, [far, nearer]);
        let both = watermark(5, lifetime(90, 95));
        assert_eq!(sweep(5, lifetime(50, 60), 95).await, [both]);
    }
);
