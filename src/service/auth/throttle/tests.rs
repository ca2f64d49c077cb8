//! Windows of many networks and accounts.

use super::attempt::tests::{HERE, clock, fail, wait};
use super::*;

/// Fails in network after network until one has to wait, and returns how often.
fn failures_in(throttle: &Throttle, networks: impl Iterator<Item = String>) -> usize {
    let mut failures = 0;
    for address in networks {
        while wait(throttle, "ada", &address).is_none() {
            fail(throttle, "ada", &address);
            failures += 1;
        }
    }
    failures
}

#[test]
fn many_networks_allow_hardly_more_guesses_at_one_account() {
    let throttle = Throttle::new(clock());
    let of_48 = (0..=0xFFFF).map(|network| format!("2001:db8:1:{network:x}::1"));
    assert_eq!(failures_in(&throttle, of_48), 40);
    let of_32 = (0..=0xFFFF).map(|network| format!("2001:db8:{network:x}::1"));
    assert_eq!(failures_in(&throttle, of_32), 40, "80 in all");
    let of_16 = (0..=0xFF).map(|network| format!("198.51.{network}.1"));
    assert_eq!(failures_in(&throttle, of_16), 40);
    for address in ["2001:db9::1", "198.52.0.1"] {
        assert_eq!(wait(&throttle, "ada", address), None);
    }
    assert_eq!(wait(&throttle, "bea", "2001:db8:1::1"), None);
}

#[test]
fn cheap_guesses_evict_no_other_window() {
    let throttle = Throttle::new(clock());
    for _ in 0..10 {
        fail(&throttle, "ada", HERE);
    }
    let here = Some(HERE.parse().unwrap());
    for name in 0..200_000 {
        let unknown = throttle.attempt(GuessTarget::GeneratedSecret, &name.to_string(), here);
        assert_eq!(unknown.check(), Ok(()), "another account is another matter");
        unknown.fail();
    }
    assert_eq!(wait(&throttle, "ada", HERE), Some(900));
}

#[test]
fn a_clock_that_was_ahead_closes_no_window_for_long() {
    let clock = clock();
    let throttle = Throttle::new(clock.clone());
    clock.advance(TimeDelta::days(1));
    for _ in 0..10 {
        fail(&throttle, "ada", HERE);
    }
    assert_eq!(wait(&throttle, "ada", HERE), Some(900));
    clock.advance(-TimeDelta::minutes(14));
    let back = wait(&throttle, "ada", HERE);
    assert_eq!(back, Some(1740), "a clock set back a little opens nothing");
    clock.advance(-TimeDelta::days(1));
    assert_eq!(wait(&throttle, "ada", HERE), None);
    fail(&throttle, "ada", HERE);
    assert_eq!(
        wait(&throttle, "ada", HERE),
        None,
        "and counting begins anew"
    );
}

#[test]
fn guesses_at_participants_close_one_account_and_never_all() {
    let throttle = Throttle::new(clock());
    let here = Some(HERE.parse().unwrap());
    let login = |client, name: &str| {
        let target = GuessTarget::ParticipantPassword(ClientNumber(client));
        throttle.attempt(target, name, here)
    };
    let participant = |name: &str| login(1, name);
    for number in 0..30 {
        for _ in 0..10 {
            participant(&number.to_string()).fail();
        }
    }
    assert_eq!(participant("0").check(), Err(900));
    assert_eq!(participant("ada").check(), Ok(()));
    assert_eq!(login(2, "0").check(), Ok(()), "through another client");
    for target in [
        GuessTarget::ChosenSecret,
        GuessTarget::GeneratedSecret,
        GuessTarget::Password,
    ] {
        assert_eq!(throttle.attempt(target, "0", here).check(), Ok(()));
    }
}

#[test]
fn few_logins_are_queued_at_once_for_a_client_and_more_for_all() {
    let throttle = Throttle::new(clock());
    let reserve = |client, address: String| {
        let target = GuessTarget::ParticipantPassword(ClientNumber(client));
        let mut attempt = throttle.attempt(target, "ada", Some(address.parse().unwrap()));
        // One secret, so that only the queue can be full.
        attempt.reserve(&[7; 32]).map(|()| attempt)
    };
    let many = |client, count: usize| {
        let reserved = (0..count).map(|_| reserve(client, HERE.to_owned()));
        reserved.filter_map(Result::ok).collect::<Vec<_>>()
    };
    let first = many(1, 20);
    assert_eq!(first.len(), 8);
    let second = many(2, 20);
    assert_eq!(second.len(), 8, "another client has places of its own");
    assert!(reserve(3, HERE.to_owned()).is_err());
    assert!(
        reserve(1, "192.0.77.1".to_owned()).is_err(),
        "16 in the /16"
    );
    assert!(reserve(1, "198.51.100.1".to_owned()).is_ok());
    drop(first);
    assert_eq!(many(3, 20).len(), 8);
}
