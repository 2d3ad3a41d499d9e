//! RFC 6962: the vectors of transparency-dev/merkle, and every small tree against the definition.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use export_core::digest::Digest;
use export_seal::merkle::{Tree, empty_root, leaf, node, verify_consistency, verify_inclusion};
use serde_json::Value;

use crate::vectors::{digest, hex, list, read};

fn base64_digest(value: &Value) -> Option<Digest> {
    let bytes = STANDARD.decode(value.as_str()?).unwrap();
    Some(Digest::from_bytes(bytes.try_into().ok()?))
}

/// A proof of hashes of 32 bytes; none if one has another length, which no proof can have.
fn path(value: &Value) -> Option<Vec<Digest>> {
    value.as_array().map_or(Some(Vec::new()), |hashes| hashes.iter().map(base64_digest).collect())
}

/// A root; one case has texts that are none ("don't care"), for which any two different digests will do.
fn stand_in(value: &Value) -> Option<Digest> {
    base64_digest(value).or_else(|| Some(Digest::of(value.as_str()?.as_bytes())))
}

/// The definition of RFC 6962, 2.1, word for word.
fn defined(leaves: &[Digest]) -> Digest {
    match leaves {
        [] => empty_root(),
        [one] => *one,
        _ => {
            let mut split = 1;
            while split * 2 < leaves.len() {
                split *= 2;
            }
            node(&defined(&leaves[..split]), &defined(&leaves[split..]))
        }
    }
}

#[test]
fn hashes_as_the_vectors_do() {
    let vectors = read("rfc6962_merkle.json");
    assert_eq!(empty_root(), digest(&vectors["empty_root_hex"]));
    let inputs = list(&vectors, "leaf_inputs_hex");
    let leaves: Vec<_> = inputs.iter().map(|input| leaf(&hex(input.as_str().unwrap()))).collect();
    for (ours, theirs) in leaves.iter().zip(list(&vectors, "leaf_hashes_hex")) {
        assert_eq!(*ours, digest(theirs));
    }
    for size in 0..=8 {
        let tree: Tree = leaves[..size].iter().copied().collect();
        assert_eq!(tree.root(), digest(&vectors["roots_by_size_hex"][size.to_string()]), "{size}");
    }
}

#[test]
fn inclusion_proofs_of_the_vectors() {
    let (mut good, mut bad) = (0, 0);
    for case in list(&read("rfc6962_merkle.json"), "inclusion") {
        let number = |name: &str| case[name].as_u64();
        let verified = (|| {
            let (index, size) = (number("leafIdx")?, number("treeSize")?);
            let (leaf, root) = (base64_digest(&case["leafHash"])?, base64_digest(&case["root"])?);
            verify_inclusion(index, size, &leaf, &path(&case["proof"])?, &root).ok()
        })();
        assert_eq!(verified.is_none(), case["wantErr"].as_bool().unwrap(), "{}", case["file"]);
        if verified.is_some() { good += 1 } else { bad += 1 }
    }
    assert_eq!((good, bad), (6, 92));
}

#[test]
fn consistency_proofs_of_the_vectors() {
    let (mut good, mut bad) = (0, 0);
    for case in list(&read("rfc6962_merkle.json"), "consistency") {
        let number = |name: &str| case[name].as_u64();
        let verified = (|| {
            let (from, to) = (number("size1")?, number("size2")?);
            let (old, new) = (stand_in(&case["root1"])?, stand_in(&case["root2"])?);
            verify_consistency(from, to, &path(&case["proof"])?, &old, &new).ok()
        })();
        assert_eq!(verified.is_none(), case["wantErr"].as_bool().unwrap(), "{}", case["file"]);
        if verified.is_some() { good += 1 } else { bad += 1 }
    }
    assert_eq!((good, bad), (6, 92));
}

#[test]
fn every_tree_of_up_to_65_leaves_is_the_defined_one_and_proves_all() {
    let leaves: Vec<_> = (0..65_u32).map(|it| leaf(&it.to_be_bytes())).collect();
    for size in 0..=leaves.len() {
        let tree: Tree = leaves[..size].iter().copied().collect();
        let root = tree.root();
        assert_eq!(root, defined(&leaves[..size]));
        for index in 0..size as u64 {
            let path = tree.inclusion(index).unwrap();
            let leaf = &leaves[usize::try_from(index).unwrap()];
            assert_eq!(verify_inclusion(index, size as u64, leaf, &path, &root), Ok(()));
            // Neither at another place nor in a tree of another size, unless the proof is the same for both.
            assert!(verify_inclusion(index + 1, size as u64, leaf, &path, &root).is_err());
            let short = &path[..path.len().saturating_sub(1)];
            assert_eq!(verify_inclusion(index, size as u64, leaf, short, &root).is_ok(), size == 1);
        }
        assert!(tree.inclusion(size as u64).is_none());
        assert!(tree.consistency(0).is_none());
        for old in 1..=size {
            let before = defined(&leaves[..old]);
            let path = tree.consistency(old as u64).unwrap();
            assert_eq!(
                verify_consistency(old as u64, size as u64, &path, &before, &root),
                Ok(()),
                "{old} {size}"
            );
            if old != size {
                assert!(verify_consistency(old as u64, size as u64, &path, &root, &before).is_err());
            }
        }
        assert!(tree.consistency(size as u64 + 1).is_none());
    }
}
