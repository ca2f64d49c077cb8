//! To what precision last uses are kept.

use chrono::DateTime;

use super::*;

const ONE: SecretNumber = SecretNumber(1);

fn seen(second: i64, network: u64) -> SeenUse {
    let at = DateTime::from_timestamp(second, 0).unwrap();
    SeenUse { at, network }
}

#[test]
fn a_last_use_is_kept_to_the_minute_and_that_from_another_network_always() {
    let counters = ClientCounters::new(ClientNumber(7), None, std::iter::once(ONE));
    for (used, kept) in [
        (seen(1_000, 1), true),
        (seen(1_001, 1), false),
        (seen(1_059, 1), false),
        (seen(1_060, 1), true),
        (seen(1_061, 2), true),
        (seen(1_062, 1), true),
        (seen(1_063, 1), false),
        // The clock was set back: what was written stays, but nothing waits for an hour.
        (seen(500, 1), true),
        (seen(501, 1), false),
    ] {
        counters.used(ONE, used);
        let expected = kept.then_some((ONE, used));
        assert_eq!(
            counters.take(0, Time::UNIX_EPOCH).uses,
            Vec::from_iter(expected),
            "{used:?}"
        );
    }
}

#[test]
fn of_several_kept_uses_the_last_is_taken() {
    let counters = ClientCounters::new(ClientNumber(7), None, std::iter::once(ONE));
    for second in [1_000, 1_060, 1_130, 1_140] {
        counters.used(ONE, seen(second, 1));
    }
    assert_eq!(
        counters.take(0, Time::UNIX_EPOCH).uses,
        [(ONE, seen(1_130, 1))]
    );
    assert_eq!(counters.take(0, Time::UNIX_EPOCH).uses, []);
}
