//! Trails that were changed, and where that is found.

use export_core::audit::{AuditAction, AuditEntry, AuditEvent};
use export_core::digest::Digest;
use export_core::id::TenantId;
use export_core::time::Timestamp;
use export_seal::chain::{genesis, leaf, link};
use export_seal::merkle::{Frontier, Tree};
use export_seal::trail::{Broken, Checked, Head, TrailCheck};

fn acme() -> TenantId {
    "acme".parse().unwrap()
}

fn entry(seq: u64) -> AuditEntry<'static> {
    AuditEntry::new("ann", AuditAction::LinkIssued, format!("exp-{seq}")).with("artifact", "report.pdf")
}

/// Gives every event the hash that fits, as somebody with access to the store could.
fn chained(mut events: Vec<AuditEvent<'static>>) -> Vec<AuditEvent<'static>> {
    let mut before = genesis();
    for event in &mut events {
        event.hash = link(&before, &acme(), event.seq, event.at, &event.entry);
        before = event.hash;
    }
    events
}

fn trail(count: u64) -> Vec<AuditEvent<'static>> {
    let event = |seq| AuditEvent {
        seq,
        at: Timestamp::from_millis(1_000 * i64::try_from(seq).unwrap()),
        entry: entry(seq),
        hash: genesis(),
    };
    chained((1..=count).map(event).collect())
}

fn head(events: &[AuditEvent<'_>], size: usize) -> Head {
    let leaves = events[..size].iter().map(|event| leaf(&event.hash));
    Head { size: size as u64, root: leaves.collect::<Tree>().root() }
}

fn check(mut check: TrailCheck, events: &[AuditEvent<'_>]) -> Result<Checked, Broken> {
    for event in events {
        check.event(event.seq, event.at, &event.entry, &event.hash)?;
    }
    check.finish()
}

fn whole(events: &[AuditEvent<'_>], anchors: &[Head]) -> Result<Checked, Broken> {
    check(TrailCheck::new(acme()).anchored(anchors.iter().copied()), events)
}

#[test]
fn the_edge_of_a_tree_goes_on_as_the_tree_does() {
    let (mut tree, mut edge) = (Tree::default(), Frontier::default());
    assert_eq!(edge.root(), tree.root());
    for number in 0..300_u64 {
        let hash = Digest::of(&number.to_be_bytes());
        tree.push(hash);
        for (id, hash) in edge.push(hash) {
            assert_eq!(tree.node(id), Some(hash));
        }
        assert_eq!((edge.size(), edge.root()), (tree.size(), tree.root()));
    }
}

#[test]
fn a_trail_that_is_whole_has_its_last_hash_and_its_root() {
    for count in 0..=70 {
        let events = trail(count as u64);
        let anchors: Vec<_> = (0..=count).rev().map(|size| head(&events, size)).collect();
        let checked = whole(&events, &anchors).unwrap();
        assert_eq!(checked.root, Some(head(&events, count).root));
        assert_eq!(checked.hash, events.last().map_or(genesis(), |event| event.hash));
        assert_eq!((checked.last, checked.checkpoints), (count as u64, count as u64 + 1));
    }
}

#[test]
fn what_was_changed_without_the_chain_is_found_at_its_place() {
    let events = trail(9);
    let changed = |change: fn(&mut Vec<AuditEvent<'static>>)| {
        let mut events = events.clone();
        change(&mut events);
        whole(&events, &[]).unwrap_err()
    };
    assert_eq!(changed(|it| drop(it.remove(4))), Broken::Gap { seq: 5 });
    assert_eq!(changed(|it| drop(it.remove(0))), Broken::Gap { seq: 1 });
    assert_eq!(changed(|it| it.swap(2, 6)), Broken::Gap { seq: 3 });
    assert_eq!(changed(|it| it.insert(3, it[2].clone())), Broken::Gap { seq: 4 });
    assert_eq!(changed(|it| it[5].entry.actor = "eve".into()), Broken::ChainBroken { seq: 6 });
    assert_eq!(changed(|it| it[5].at = it[0].at), Broken::ChainBroken { seq: 6 });
    assert_eq!(changed(|it| it[5].entry.action = AuditAction::ExportFailed), Broken::ChainBroken { seq: 6 });
    assert_eq!(changed(|it| it[5].entry.target = "exp-1".into()), Broken::ChainBroken { seq: 6 });
    assert_eq!(changed(|it| it[5].entry.detail.clear()), Broken::ChainBroken { seq: 6 });
    assert_eq!(changed(|it| it[5].hash = genesis()), Broken::ChainBroken { seq: 6 });
    let swapped = changed(|it| {
        it.swap(2, 6);
        (it[2].seq, it[6].seq) = (3, 7);
    });
    assert_eq!(swapped, Broken::ChainBroken { seq: 3 });
    let other = TrailCheck::new("globex".parse().unwrap());
    assert_eq!(check(other, &events), Err(Broken::ChainBroken { seq: 1 }), "a trail has one owner");
}

#[test]
fn a_tail_that_was_cut_off_is_found_by_a_checkpoint_alone() {
    let events = trail(9);
    let cut = &events[..6];
    assert!(whole(cut, &[head(&events, 3)]).is_ok());
    let broken = whole(cut, &[head(&events, 9), head(&events, 3)]).unwrap_err();
    assert_eq!(broken, Broken::Truncated { seq: 7, size: 9 });
    assert_eq!(whole(&[], &[head(&events, 9)]), Err(Broken::Truncated { seq: 1, size: 9 }));
}

#[test]
fn a_chain_that_was_computed_anew_is_found_by_a_checkpoint_alone() {
    let events = trail(9);
    let mut forged = events.clone();
    forged[4].entry.actor = "eve".into();
    let forged = chained(forged);
    assert!(whole(&forged, &[head(&events, 4)]).is_ok());
    let anchors = [head(&events, 7), head(&events, 2), head(&events, 4), head(&events, 9)];
    let broken = whole(&forged, &anchors).unwrap_err();
    assert_eq!(broken, Broken::RootMismatch { seq: 7, sound: 4 });
    assert_eq!((broken.code(), broken.seq()), ("root_mismatch", 7));
    let split = [head(&events, 4), head(&events, 6), head(&forged, 6)];
    assert_eq!(
        whole(&events, &split),
        Err(Broken::RootMismatch { seq: 6, sound: if split[1] < split[2] { 6 } else { 4 } })
    );
    let nothing = Head { size: 0, root: genesis() };
    assert_eq!(whole(&events, &[nothing]), Err(Broken::RootMismatch { seq: 0, sound: 0 }));
}

#[test]
fn a_part_of_a_trail_is_checked_behind_its_first_event() {
    let events = trail(9);
    let behind = |seq: usize| TrailCheck::behind(acme(), seq as u64, events[seq - 1].hash);
    let checked = check(behind(4).anchored([head(&events, 9)]), &events[4..7]).unwrap();
    assert_eq!((checked.last, checked.hash), (7, events[6].hash));
    assert_eq!((checked.root, checked.checkpoints), (None, 0));
    assert_eq!(check(behind(4), &events[5..]), Err(Broken::Gap { seq: 5 }));
    let wrong = TrailCheck::behind(acme(), 4, events[2].hash);
    assert_eq!(check(wrong, &events[4..]), Err(Broken::ChainBroken { seq: 5 }));
}
