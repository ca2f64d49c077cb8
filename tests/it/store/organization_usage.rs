//! The usage of organizations, added up over their clients.

use std::collections::HashMap;

use chrono::TimeDelta;
use claviger::domain::ids::OrganizationId;
use claviger::domain::usage::{
    ClientUsage, DAYS, OrganizationDay, OrganizationUse, OrganizationUsed, day_of,
};

use super::{add_organization, moment, tick};

const ONE: OrganizationId = OrganizationId(1);
const TWO: OrganizationId = OrganizationId(2);
const NEVER: OrganizationId = OrganizationId(3);

fn day(day: i64, organization: OrganizationId, requests: i64) -> OrganizationDay {
    OrganizationDay {
        day,
        organization,
        requests,
    }
}

on_both!(
    requests_add_up_and_last_uses_never_go_back,
    async |database| {
        for (id, name) in [(ONE, "One"), (TWO, "Two"), (NEVER, "Never")] {
            assert_eq!(add_organization(&database.store, name, None).await, id);
        }
        let mut tx = database.store.write().await.unwrap();
        let now = moment();
        let today = day_of(now);
        let used = |organization, ticks: i32| OrganizationUse {
            organization,
            used_at: now - tick() * ticks,
        };
        tx.add_organization_usage(&[]).await.unwrap();
        tx.advance_organization_uses(&[]).await.unwrap();
        for days in [
            vec![
                day(today - 40, TWO, 1_000),
                day(today - 1, ONE, 2),
                day(today, ONE, 3),
            ],
            vec![day(today, ONE, 40), day(today, TWO, 7)],
        ] {
            tx.add_organization_usage(&days).await.unwrap();
        }
        tx.advance_organization_uses(&[used(ONE, 5), used(TWO, 9)])
            .await
            .unwrap();
        tx.advance_organization_uses(&[used(ONE, 6), used(TWO, 8)])
            .await
            .unwrap();
        let usage = async |tx: &mut claviger::store::Tx, all: &[OrganizationId]| {
            tx.list_organization_usage(all, now).await.unwrap()
        };
        let shown = |days: &[i64], ticks: i32| {
            let mut all = [0; DAYS as usize];
            all[DAYS as usize - days.len()..].copy_from_slice(days);
            let usage = ClientUsage {
                days: all,
                last_used_at: Some(now - tick() * ticks),
            };
            OrganizationUsed {
                usage,
                live_tokens: 0,
            }
        };
        let both = HashMap::from([(ONE, shown(&[2, 43], 5)), (TWO, shown(&[7], 8))]);
        assert_eq!(usage(&mut tx, &[ONE, TWO, NEVER]).await, both);
        assert_eq!(usage(&mut tx, &[NEVER]).await, HashMap::new());
        assert_eq!(usage(&mut tx, &[]).await, HashMap::new());

        // One of another node, whose clock is ahead.
        let ahead = now + TimeDelta::hours(1);
        let organization = NEVER;
        tx.advance_organization_uses(&[OrganizationUse {
            organization,
            used_at: ahead,
        }])
        .await
        .unwrap();
        assert_eq!(
            usage(&mut tx, &[NEVER]).await[&NEVER].usage.last_used_at,
            Some(now)
        );
    }
);

on_both!(old_days_go_with_those_of_clients, async |database| {
    let mut tx = database.store.write().await.unwrap();
    let today = day_of(moment());
    let days: Vec<OrganizationDay> = (1..=5).map(|ago| day(today - ago, ONE, ago)).collect();
    tx.add_organization_usage(&days).await.unwrap();
    for deleted in [2, 1, 0] {
        assert_eq!(tx.delete_usage_before(today - 2, 2).await.unwrap(), deleted);
    }
    tx.commit().await.unwrap();
    assert_eq!(database.count("organization_usage_daily").await, 2);
});
