//! The plans of the statements.

use super::*;
use crate::store::query_plan::plan;
use crate::store::{Missing, Store};

fn text(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// Every combination of conditions, the moments among them.
fn combinations() -> Vec<(Vec<Condition>, [Option<Time>; 2])> {
    let moment = Some(Time::UNIX_EPOCH);
    let mut all = Vec::new();
    for chosen in 0..64 {
        let has = |bit: u32| chosen & (1 << bit) != 0;
        let conditions = EventConditions {
            actors: if has(0) {
                text(&["client:a", "shell:a"])
            } else {
                Vec::new()
            },
            kinds: if has(1) {
                vec!["client.created", "client.revoked"]
            } else {
                Vec::new()
            },
            targets: if has(2) {
                text(&["client:a"])
            } else {
                Vec::new()
            },
            organization: has(3).then_some(OrganizationId(1)),
            since: moment.filter(|_| has(4)),
            until: moment.filter(|_| has(5)),
        };
        let indexed = conditions.indexed();
        for lead in 0..indexed.len().max(1) {
            let mut indexed = indexed.clone();
            if lead < indexed.len() {
                indexed.swap(0, lead);
            }
            all.push((indexed, [conditions.since, conditions.until]));
        }
    }
    all
}

#[tokio::test]
async fn no_page_is_read_from_every_record() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("claviger.db").display());
    let store = Store::open(&url.parse().unwrap(), Missing::Create)
        .await
        .unwrap();
    let mut tx = store.read().await.unwrap();
    for (conditions, moments) in combinations() {
        for is_backwards in [false, true] {
            let stretch = Stretch {
                first: 1,
                last: i64::MAX,
                is_backwards,
            };
            let (statement, window) = page(&conditions, moments, stretch, 51);
            let counts = conditions.iter().map(|condition| count(condition, stretch));
            let all = [Some(statement), window]
                .into_iter()
                .flatten()
                .chain(counts);
            for statement in all {
                let steps = plan(&mut tx, &statement.text).await;
                let message = format!("{}\n{steps}", statement.text);
                // Each record is found in an index; what was found is scanned and sorted, which has a limit.
                let reads: Vec<&str> = steps
                    .lines()
                    .filter(|step| step.contains("audit_events"))
                    .collect();
                assert!(!reads.is_empty(), "{message}");
                for read in reads {
                    assert!(read.starts_with("SEARCH audit_events USING"), "{message}");
                    let is_by_number =
                        read.contains("sequence") || read.contains("INTEGER PRIMARY KEY");
                    assert!(is_by_number, "{message}");
                }
            }
        }
    }
}

#[test]
fn a_page_with_one_condition_needs_no_window() {
    let conditions = EventConditions {
        organization: Some(OrganizationId(7)),
        ..EventConditions::default()
    };
    let stretch = Stretch {
        first: 1,
        last: 9,
        is_backwards: false,
    };
    let (statement, window) = page(&conditions.indexed(), [None, None], stretch, 51);
    assert!(window.is_none());
    assert!(statement.values.contains(&Value::Number(7)));
    let kinds = EventConditions {
        kinds: vec!["client.created"],
        ..conditions
    };
    let (statement, window) = page(&kinds.indexed(), [None, None], stretch, 51);
    assert!(window.is_some());
    assert!(statement.values.contains(&Value::Number(WINDOW)));
}
