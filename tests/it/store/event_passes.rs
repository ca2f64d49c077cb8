//! Verifying the chain a stretch at a time, and keeping how far.

use claviger::domain::event::Event;
use claviger::domain::ids::Sequence;
use claviger::store::{ChainPosition, Pass, PassState};

use super::events::append;
use super::moment;

on_both!(a_chain_is_verified_in_stretches, async |database| {
    let store = &database.store;
    append(store, vec![Event::ClientSuspended {}; 5]).await;
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.find_newest_event().await.unwrap(), Sequence(5));
    let mut from = ChainPosition::default();
    for end in [2, 4, 5, 5] {
        let stretch = tx.verify_events_after(&from, 2, moment()).await.unwrap();
        assert_eq!(
            (stretch.end.sequence, stretch.broken, stretch.newest),
            (Sequence(end), None, Sequence(5))
        );
        from = stretch.end;
    }
});

on_both!(
    what_was_verified_cannot_be_replaced_or_cut_off,
    async |database| {
        let store = &database.store;
        append(store, vec![Event::ClientSuspended {}; 5]).await;
        let start = ChainPosition::default();
        let mut tx = store.read().await.unwrap();
        let end = tx
            .verify_events_after(&start, 9, moment())
            .await
            .unwrap()
            .end;
        let middle = tx
            .verify_events_after(&start, 3, moment())
            .await
            .unwrap()
            .end;
        drop(tx);
        // The end is cut off, and the head says so, too.
        database
            .execute("DELETE FROM audit_events WHERE sequence > 3")
            .await;
        let head = "UPDATE audit_head SET sequence = 3, hash = (SELECT hash FROM audit_events WHERE sequence = 3)";
        database.execute(head).await;
        let mut tx = store.read().await.unwrap();
        let whole = tx.verify_events_after(&start, 9, moment()).await.unwrap();
        assert_eq!(whole.broken, None, "the log alone does not show it");
        let cut = tx.verify_events_after(&end, 9, moment()).await.unwrap();
        assert_eq!(cut.broken, Some(Sequence(4)));
        drop(tx);
        // What was cut off is written anew.
        append(store, vec![Event::ClientResumed {}; 2]).await;
        let mut tx = store.read().await.unwrap();
        let other = tx.verify_events_after(&end, 9, moment()).await.unwrap();
        assert_eq!(other.broken, Some(Sequence(5)));
        let follows = tx.verify_events_after(&middle, 9, moment()).await.unwrap();
        assert_eq!((follows.broken, follows.end.sequence), (None, Sequence(5)));
    }
);

on_both!(each_pass_keeps_how_far_it_came, async |database| {
    let mut tx = database.store.write().await.unwrap();
    assert_eq!(tx.find_newest_event().await.unwrap(), Sequence(0));
    assert_eq!(tx.find_pass(Pass::New).await.unwrap(), None);
    let first = PassState {
        position: ChainPosition {
            sequence: Sequence(7),
            hash: vec![1; 32],
        },
        at: moment(),
        ended_at: None,
        broken: Some(Sequence(8)),
    };
    tx.save_pass(Pass::New, &first).await.unwrap();
    let second = PassState {
        position: ChainPosition::default(),
        ended_at: Some(moment()),
        broken: None,
        ..first.clone()
    };
    tx.save_pass(Pass::Again, &second).await.unwrap();
    assert_eq!(tx.find_pass(Pass::New).await.unwrap(), Some(first));
    assert_eq!(
        tx.find_pass(Pass::Again).await.unwrap().as_ref(),
        Some(&second)
    );
    tx.save_pass(Pass::New, &second).await.unwrap();
    assert_eq!(tx.find_pass(Pass::New).await.unwrap(), Some(second));
});
