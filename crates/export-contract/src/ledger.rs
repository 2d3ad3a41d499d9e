//! The suite of [`AuditLedger`]: one case for each sentence of its documentation.

use std::sync::Arc;

use export_core::audit::{AuditAction, AuditEntry};
use export_core::digest::Digest;
use export_core::error::ErrorKind;
use export_core::id::TenantId;
use export_core::ports::{AuditLedger, AuditLog, AuditSource, Checkpoint, NodeId, Unsigned};
use export_seal::chain;
use export_seal::merkle::{Tree, consistency_path, empty_root, node, peaks, verify_consistency};

use crate::audit::all;
use crate::corpus::job as of;

/// A trail with its reader, and what proves it.
pub trait Ledger: AuditLog + AuditSource + AuditLedger {}

impl<T: AuditLog + AuditSource + AuditLedger + ?Sized> Ledger for T {}

/// What every case is given.
pub type Subject = Arc<dyn Ledger>;

/// Makes one test of each case: `async fn open() -> (Arc<dyn Ledger>, impl Sized)`, with an empty trail.
#[macro_export]
macro_rules! ledger_suite {
    ($open:expr) => {
        $crate::cases! { $open => ledger:
            a_size_is_the_number_of_events
            nodes_are_those_of_the_tree_over_the_hashes
            nodes_come_in_the_order_asked_for
            a_subtree_that_is_not_complete_is_not_found
            nodes_prove_that_a_trail_has_only_grown
            a_checkpoint_is_kept_as_it_was_given
            the_first_checkpoint_of_a_size_stays
            a_checkpoint_of_what_is_not_there_is_invalid
            a_checkpoint_is_the_largest_up_to_a_size
            what_has_grown_since_its_checkpoint_is_unsigned
            a_tenant_has_a_log_of_its_own
        }
    };
}

fn acme() -> TenantId {
    of::tenant("acme")
}

fn entry(number: u64) -> AuditEntry<'static> {
    AuditEntry::new("ann", AuditAction::LinkIssued, format!("exp-{number}"))
}

/// Notes `count` more entries, each a second behind the one before.
async fn grow(ledger: &dyn Ledger, tenant: &TenantId, count: u64) {
    let size = ledger.size(tenant).await.unwrap();
    for number in size + 1..=size + count {
        ledger.append(tenant, entry(number), of::second(number)).await.unwrap();
    }
}

/// The tree over the events, by its definition.
async fn tree(ledger: &dyn Ledger, tenant: &TenantId) -> Vec<Digest> {
    all(ledger, tenant).await.iter().map(|event| chain::leaf(&event.hash)).collect()
}

/// The root over leaves (RFC 6962, 2.1), as it is written there.
fn root(leaves: &[Digest]) -> Digest {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            node(&root(left), &root(right))
        }
    }
}

/// A checkpoint of the first `size` events.
async fn checkpoint(ledger: &dyn Ledger, tenant: &TenantId, size: u64, second: u64) -> Checkpoint {
    let leaves = tree(ledger, tenant).await;
    let root = root(&leaves[..usize::try_from(size).unwrap()]);
    let note = format!("log\n{size}\n\n\u{2014} a signature of second {second}\n");
    Checkpoint { size, root, at: of::second(second).wall, note }
}

/// How many events the trail has.
pub async fn a_size_is_the_number_of_events(ledger: Subject) {
    assert_eq!(ledger.size(&acme()).await.unwrap(), 0);
    grow(&*ledger, &acme(), 5).await;
    assert_eq!(ledger.size(&acme()).await.unwrap(), 5);
}

/// The hashes of subtrees, for each size from 1 to 70: they are written with the events.
pub async fn nodes_are_those_of_the_tree_over_the_hashes(ledger: Subject) {
    for size in 1..=70_u64 {
        grow(&*ledger, &acme(), 1).await;
        let leaves = tree(&*ledger, &acme()).await;
        let ids: Vec<_> = (0..=size.ilog2()).flat_map(|level| complete(level, size)).collect();
        let covered = |id: &NodeId| {
            let start = usize::try_from(id.index << id.level).unwrap();
            root(&leaves[start..start + (1 << id.level)])
        };
        let expected: Vec<_> = ids.iter().map(covered).collect();
        assert_eq!(ledger.nodes(&acme(), &ids).await.unwrap(), expected, "of {size} events");
        let peaks = peaks(size);
        assert_eq!(peaks.fold(&ledger.nodes(&acme(), &peaks.nodes()).await.unwrap()), root(&leaves));
    }
}

/// Every complete subtree of a level.
fn complete(level: u32, size: u64) -> impl Iterator<Item = NodeId> {
    let level_of = u8::try_from(level).unwrap();
    (0..size >> level).map(move |index| NodeId { level: level_of, index })
}

/// In the order asked for, also when one is asked for twice, and none if none is.
pub async fn nodes_come_in_the_order_asked_for(ledger: Subject) {
    grow(&*ledger, &acme(), 8).await;
    let tree: Tree = tree(&*ledger, &acme()).await.into_iter().collect();
    let ids = [(0, 7), (3, 0), (0, 0), (1, 2), (0, 7)].map(|(level, index)| NodeId { level, index });
    let expected = ids.map(|id| tree.node(id).unwrap());
    assert_eq!(ledger.nodes(&acme(), &ids).await.unwrap(), expected);
    assert_eq!(ledger.nodes(&acme(), &[]).await.unwrap(), []);
}

/// `NotFound` if one is not complete yet.
pub async fn a_subtree_that_is_not_complete_is_not_found(ledger: Subject) {
    grow(&*ledger, &acme(), 6).await;
    for (level, index) in [(0, 6), (1, 3), (2, 1), (3, 0), (63, 0), (64, 0), (255, 0), (0, u64::MAX)] {
        let ids = [NodeId { level: 0, index: 0 }, NodeId { level, index }];
        let error = ledger.nodes(&acme(), &ids).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::NotFound, "{level}, {index}");
    }
}

/// What is asked for one after the other fits together.
pub async fn nodes_prove_that_a_trail_has_only_grown(ledger: Subject) {
    grow(&*ledger, &acme(), 13).await;
    let before = checkpoint(&*ledger, &acme(), 13, 1).await;
    grow(&*ledger, &acme(), 24).await;
    let after = checkpoint(&*ledger, &acme(), 37, 2).await;
    let mut proof = Vec::new();
    for range in consistency_path(13, 37).unwrap() {
        proof.push(range.fold(&ledger.nodes(&acme(), &range.nodes()).await.unwrap()));
    }
    verify_consistency(13, 37, &proof, &before.root, &after.root).unwrap();
}

/// Keeps a checkpoint.
pub async fn a_checkpoint_is_kept_as_it_was_given(ledger: Subject) {
    assert_eq!(ledger.checkpoint(&acme(), None).await.unwrap(), None);
    grow(&*ledger, &acme(), 7).await;
    for size in [0, 5, 7] {
        let given = checkpoint(&*ledger, &acme(), size, 50 + size).await;
        assert_eq!(ledger.keep_checkpoint(&acme(), given.clone()).await.unwrap(), given);
        assert_eq!(ledger.checkpoint(&acme(), None).await.unwrap(), Some(given));
    }
}

/// One of the same size that is kept already stays, and is given back.
pub async fn the_first_checkpoint_of_a_size_stays(ledger: Subject) {
    grow(&*ledger, &acme(), 3).await;
    let first = checkpoint(&*ledger, &acme(), 3, 1).await;
    let second = checkpoint(&*ledger, &acme(), 3, 2).await;
    ledger.keep_checkpoint(&acme(), first.clone()).await.unwrap();
    assert_eq!(ledger.keep_checkpoint(&acme(), second).await.unwrap(), first);
    assert_eq!(ledger.checkpoint(&acme(), None).await.unwrap(), Some(first));
}

/// `Invalid` if the trail has fewer events, or another root over so many.
pub async fn a_checkpoint_of_what_is_not_there_is_invalid(ledger: Subject) {
    grow(&*ledger, &acme(), 3).await;
    let given = checkpoint(&*ledger, &acme(), 3, 1).await;
    for wrong in [
        Checkpoint { size: 4, ..given.clone() },
        Checkpoint { size: u64::MAX, ..given.clone() },
        Checkpoint { size: 2, ..given.clone() },
        Checkpoint { root: Digest::of(b"another"), ..given.clone() },
    ] {
        let error = ledger.keep_checkpoint(&acme(), wrong).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Invalid, "{error}");
    }
    ledger.keep_checkpoint(&acme(), given.clone()).await.unwrap();
    let wrong = Checkpoint { root: Digest::of(b"another"), ..given };
    assert_eq!(ledger.keep_checkpoint(&acme(), wrong).await.unwrap_err().kind, ErrorKind::Invalid);
}

/// The checkpoint with the largest size that is at most `size`; the newest if none is given.
pub async fn a_checkpoint_is_the_largest_up_to_a_size(ledger: Subject) {
    grow(&*ledger, &acme(), 9).await;
    for size in [8, 3, 5] {
        let given = checkpoint(&*ledger, &acme(), size, size).await;
        ledger.keep_checkpoint(&acme(), given).await.unwrap();
    }
    for (size, expected) in [
        (Some(2), None),
        (Some(3), Some(3)),
        (Some(4), Some(3)),
        (Some(7), Some(5)),
        (Some(u64::MAX), Some(8)),
        (None, Some(8)),
    ] {
        let found = ledger.checkpoint(&acme(), size).await.unwrap();
        assert_eq!(found.map(|it| it.size), expected, "up to {size:?}");
    }
}

/// Trails that have grown since their last checkpoint, by tenant.
pub async fn what_has_grown_since_its_checkpoint_is_unsigned(ledger: Subject) {
    assert_eq!(ledger.unsigned().await.unwrap(), []);
    let globex = of::tenant("globex");
    grow(&*ledger, &globex, 4).await;
    grow(&*ledger, &acme(), 2).await;
    let never = |tenant: &TenantId, size| Unsigned {
        tenant: tenant.clone(),
        size,
        last: None,
        since: of::second(1).wall,
    };
    assert_eq!(ledger.unsigned().await.unwrap(), [never(&acme(), 2), never(&globex, 4)]);

    for (tenant, size) in [(&acme(), 2), (&globex, 1), (&globex, 3)] {
        let given = checkpoint(&*ledger, tenant, size, 60 + size).await;
        ledger.keep_checkpoint(tenant, given).await.unwrap();
    }
    let last = Some((3, of::second(63).wall));
    let grown = Unsigned { tenant: globex.clone(), size: 4, last, since: of::second(4).wall };
    assert_eq!(ledger.unsigned().await.unwrap(), [grown]);

    let given = checkpoint(&*ledger, &globex, 4, 70).await;
    ledger.keep_checkpoint(&globex, given).await.unwrap();
    assert_eq!(ledger.unsigned().await.unwrap(), []);
    grow(&*ledger, &acme(), 1).await;
    let last = Some((2, of::second(62).wall));
    let grown = Unsigned { tenant: acme(), size: 3, last, since: of::second(3).wall };
    assert_eq!(ledger.unsigned().await.unwrap(), [grown]);
}

/// The tenant's trail: nothing of another one counts.
pub async fn a_tenant_has_a_log_of_its_own(ledger: Subject) {
    let globex = of::tenant("globex");
    grow(&*ledger, &acme(), 4).await;
    grow(&*ledger, &globex, 2).await;
    assert_eq!(ledger.size(&globex).await.unwrap(), 2);
    let top = [NodeId { level: 1, index: 0 }];
    let (ours, theirs) =
        (ledger.nodes(&acme(), &top).await.unwrap(), ledger.nodes(&globex, &top).await.unwrap());
    assert_ne!(ours, theirs, "the same entries of another tenant are others");
    let beyond = ledger.nodes(&globex, &[NodeId { level: 2, index: 0 }]).await.unwrap_err();
    assert_eq!(beyond.kind, ErrorKind::NotFound);
    let given = checkpoint(&*ledger, &acme(), 2, 1).await;
    assert_eq!(ledger.keep_checkpoint(&globex, given.clone()).await.unwrap_err().kind, ErrorKind::Invalid);
    ledger.keep_checkpoint(&acme(), given).await.unwrap();
    assert_eq!(ledger.checkpoint(&globex, None).await.unwrap(), None);
}
