//! What was found of a trail, for machines and for people.

use export_core::id::TenantId;
use export_seal::trail::{Broken, Checked};
use serde_json::{Value, json};

use crate::bytes;

/// What was found of one trail.
pub(super) struct Trail {
    pub(super) tenant: TenantId,
    /// The first event that is there; 0 if none is.
    pub(super) first: u64,
    pub(super) checked: Checked,
    /// Checkpoints of the database that a trusted key has signed.
    pub(super) signed: u64,
    /// Those that a revoked key has signed: nothing proves that they are older.
    pub(super) revoked: u64,
    /// Those that neither has.
    pub(super) unsigned: u64,
    pub(super) broken: Option<Broken>,
}

impl Trail {
    pub(super) fn machine(&self) -> Value {
        let Self { tenant, first, checked, signed, revoked, unsigned, broken } = self;
        json!({
            "tenant": tenant,
            "verdict": if broken.is_some() { "broken" } else { "whole" },
            "code": broken.map(Broken::code),
            "seq": broken.map(Broken::seq),
            "message": broken.map(|broken| broken.to_string()),
            "first": Some(first).filter(|first| **first > 0),
            "last": checked.last,
            "hash": checked.hash,
            "root": checked.root.map(|root| format!("sha256:{root}")),
            "checkpoints": {
                "compared": checked.checkpoints, "signed": signed, "revoked": revoked, "unsigned": unsigned,
            },
        })
    }

    pub(super) fn human(&self) -> String {
        let Self { tenant, checked, broken, .. } = self;
        let mut text = match broken {
            None => format!("{tenant}: whole, {}\n", self.events()),
            Some(broken) => {
                format!("{tenant}: BROKEN at event {}: {broken} [{}]\n", broken.seq(), broken.code())
            }
        };
        if broken.is_none() {
            text += &format!("  hash         {}\n", checked.hash);
            if let Some(root) = checked.root {
                text += &format!("  root         sha256:{root}\n");
            }
        } else if self.is_part() {
            text += &format!("  checked      {}\n", self.events());
        }
        text += &format!("  checkpoints  {} compared{}\n", checked.checkpoints, self.signatures());
        if self.is_part() {
            text += "  A part of a log cannot be compared with checkpoints: export it from its first event on for that.\n";
        } else if checked.checkpoints == 0 {
            text += "  Without a checkpoint, a trail that was cut at its end or written anew looks whole: give one with --checkpoint.\n";
        }
        text
    }

    const fn is_part(&self) -> bool {
        self.first > 1
    }

    fn events(&self) -> String {
        let last = bytes::count(self.checked.last);
        if self.is_part() {
            format!("events {} to {last}; the first is taken as it stands", bytes::count(self.first))
        } else {
            format!("up to event {last}")
        }
    }

    fn signatures(&self) -> String {
        let mut text = String::new();
        let counts = [
            (self.signed, "signed by trusted keys"),
            (self.revoked, "by revoked keys, which do not count"),
            (self.unsigned, "by none of them"),
        ];
        for (number, what) in counts.iter().filter(|(number, _)| *number > 0) {
            text += &format!(", {number} {what}");
        }
        text
    }
}
