use super::*;

fn wishes() -> Wishes {
    let names = [("read", true), ("write", false), ("delete", false)];
    Wishes::new(names.map(|(name, held)| (name.to_owned(), held)))
}

fn held(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

fn request(positions: &[usize], on: bool) -> Request {
    Request {
        positions: positions.to_vec(),
        on,
    }
}

fn shown(wishes: &Wishes) -> Vec<(bool, State)> {
    let shown = (0..3).map(|position| wishes.shown(position));
    shown.map(|Shown { on, state }| (on, state)).collect()
}

#[test]
fn a_wish_is_sent_and_saved() {
    let mut wishes = wishes();
    wishes.wish(1, true);
    assert_eq!(wishes.shown(1).state, State::Saving);
    assert!(!wishes.is_held(1));
    let sent = wishes.next_request().unwrap();
    assert_eq!(sent, request(&[1], true));
    assert_eq!(wishes.next_request(), None);
    assert_eq!(wishes.answered(&sent, &held(&["read", "write"]), 2), [1]);
    assert!(wishes.is_held(1));
    assert_eq!(wishes.shown(1).state, State::Saved);
    wishes.fade(&[1]);
    assert_eq!(wishes.shown(1).state, State::Settled);
    assert_eq!(wishes.unsaved(), "");
}

#[test]
fn one_switch_has_one_request_and_the_last_wish_counts() {
    let mut wishes = wishes();
    wishes.wish(1, true);
    let sent = wishes.next_request().unwrap();
    for on in [false, true, false] {
        wishes.wish(1, on);
        assert_eq!(wishes.next_request(), None);
    }
    assert!(
        wishes
            .answered(&sent, &held(&["read", "write"]), 2)
            .is_empty()
    );
    let sent = wishes.next_request().unwrap();
    assert_eq!(sent, request(&[1], false));
    assert_eq!(wishes.answered(&sent, &held(&["read"]), 3), [1]);
    assert_eq!(wishes.next_request(), None);
}

#[test]
fn what_was_moved_back_needs_no_request() {
    let mut wishes = wishes();
    wishes.wish(1, true);
    wishes.wish(1, false);
    assert_eq!(wishes.next_request(), None);
    assert_eq!(wishes.shown(1).state, State::Settled);

    wishes.wish(1, true);
    let sent = wishes.next_request().unwrap();
    wishes.wish(1, false);
    wishes.refused(&sent, "No.");
    assert_eq!(wishes.next_request(), None);
    assert_eq!(wishes.shown(1).state, State::Settled);
}

#[test]
fn other_switches_have_requests_of_their_own_up_to_a_limit() {
    let names = (0..7).map(|number| (number.to_string(), false));
    let mut wishes = Wishes::new(names);
    for position in 0..4 {
        wishes.wish(position, true);
        assert_eq!(wishes.next_request(), Some(request(&[position], true)));
    }
    for position in 4..7 {
        wishes.wish(position, true);
        assert_eq!(wishes.next_request(), None);
    }
    wishes.refused(&request(&[0], true), "No.");
    assert_eq!(wishes.next_request(), Some(request(&[4, 5, 6], true)));
}

#[test]
fn what_others_changed_appears_where_nothing_is_wanted() {
    let mut wishes = wishes();
    wishes.wish(1, true);
    let first = wishes.next_request().unwrap();
    wishes.wish(0, false);
    let second = wishes.next_request().unwrap();
    // Another administrator granted "delete" and removed "write" after it.
    wishes.answered(&first, &held(&["read", "delete"]), 5);
    let expected = [
        (false, State::Saving),
        (false, State::Saved),
        (true, State::Settled),
    ];
    assert_eq!(shown(&wishes), expected);
    wishes.answered(&second, &held(&["delete"]), 6);
    assert_eq!(wishes.shown(0).state, State::Saved);
}

#[test]
fn an_answer_that_was_overtaken_is_no_news() {
    let mut wishes = wishes();
    wishes.wish(1, true);
    let first = wishes.next_request().unwrap();
    wishes.wish(2, true);
    let second = wishes.next_request().unwrap();
    wishes.answered(&second, &held(&["read", "write", "delete"]), 3);
    assert_eq!(wishes.answered(&first, &held(&["read", "write"]), 2), [1]);
    assert!(wishes.is_held(2));
}

#[test]
fn what_is_refused_goes_back_and_can_be_wanted_again() {
    let mut wishes = wishes();
    wishes.wish(1, true);
    let sent = wishes.next_request().unwrap();
    assert_eq!(wishes.refused(&sent, "Not saved. Not this one."), [1]);
    let sentence = "Not saved. Not this one. This permission is still off.".to_owned();
    let expected = Shown {
        on: false,
        state: State::Refused(sentence),
    };
    assert_eq!(wishes.shown(1), expected);
    wishes.retry(1);
    assert_eq!(wishes.next_request(), Some(request(&[1], true)));
}

#[test]
fn what_is_unknown_is_said_to_be_unknown_and_asked_again() {
    let mut wishes = wishes();
    wishes.wish(1, true);
    for seconds in [Some(2), Some(5), Some(10), None] {
        let sent = wishes.next_request().unwrap();
        assert_eq!(sent, request(&[1], true));
        assert_eq!(wishes.unanswered(&sent), seconds);
        let expected = Shown {
            on: true,
            state: State::Unknown { is_asking: false },
        };
        assert_eq!(wishes.shown(1), expected);
        assert_eq!(wishes.next_request(), None);
        wishes.ask_again([1]);
    }
    assert_eq!(wishes.unsaved(), "+write");
    let sent = wishes.next_request().unwrap();
    assert_eq!(wishes.answered(&sent, &held(&["read", "write"]), 2), [1]);
    assert_eq!(wishes.shown(1).state, State::Saved);
}

#[test]
fn what_may_have_been_done_is_undone_by_a_request() {
    let mut wishes = wishes();
    wishes.wish(1, true);
    let sent = wishes.next_request().unwrap();
    wishes.unanswered(&sent);
    wishes.wish(1, false);
    assert_eq!(wishes.next_request(), Some(request(&[1], false)));
}

#[test]
fn after_the_session_the_wishes_stay() {
    let mut wishes = wishes();
    wishes.wish(1, true);
    let sent = wishes.next_request().unwrap();
    wishes.stop(&sent, Stop::SessionEnded);
    assert_eq!(wishes.next_request(), None);
    assert!(wishes.shown(1).on);
    assert_eq!(
        wishes.shown(1).state,
        State::Refused(SESSION_ENDED.to_owned())
    );
    assert_eq!(wishes.unsaved(), "+write");
    // The next wish tries whether the person has signed in elsewhere, with those before.
    wishes.wish(2, true);
    assert_eq!(wishes.next_request(), Some(request(&[1, 2], true)));
}

#[test]
fn unsaved_wishes_are_taken_up() {
    let mut wishes = wishes();
    wishes.wish(0, false);
    wishes.wish(2, true);
    let unsaved = wishes.unsaved();
    assert_eq!(unsaved, "-read +delete");

    let mut later = self::wishes();
    later.take_up(&unsaved);
    later.take_up("+unknown +read");
    later.take_up("");
    assert_eq!(later.unsaved(), "+delete");
}

#[test]
fn what_others_granted_shows_and_what_is_wanted_stays() {
    let mut wishes = wishes();
    wishes.wish(2, true);
    let sent = wishes.next_request().unwrap();
    assert_eq!(wishes.learned(&held(&["write"]), 4), 2);
    let positions: Vec<bool> = shown(&wishes).iter().map(|(on, _)| *on).collect();
    assert_eq!(positions, [false, true, true]);
    // An answer that is older than what was learned says nothing of the others.
    assert_eq!(wishes.answered(&sent, &held(&["read", "delete"]), 3), [2]);
    assert!(!wishes.is_held(0));
    assert_eq!(wishes.learned(&held(&["read"]), 2), 0);
    assert!(wishes.is_held(1));
}
