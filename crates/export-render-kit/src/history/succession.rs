//! Which scans are of one image, through its releases.

use std::collections::BTreeMap;

use export_core::ports::ScanTotals;
use export_core::time::Timestamp;

use super::image_of;

/// The scans of each image: those without a time by id, then the others, oldest first.
pub(super) fn images(scans: &[ScanTotals]) -> Vec<Vec<usize>> {
    let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, it) in scans.iter().enumerate() {
        by_name.entry(image_of(&it.scan)).or_default().push(at);
    }
    let mut images = Vec::new();
    let mut tags: BTreeMap<&str, Vec<Tag>> = BTreeMap::new();
    for (_, mut of_name) in by_name {
        of_name.sort_by_key(|at| (scans[*at].scan.created_at, scans[*at].scan.id.as_str()));
        match Tag::of(&of_name, scans) {
            Some(tag) => tags.entry(scans[of_name[0]].scan.repository()).or_default().push(tag),
            // Nobody knows what came before or after it.
            None => images.push(of_name),
        }
    }
    images.extend(tags.into_values().flat_map(lines));
    images
}

/// The scans of one tag, the last of which has a time.
struct Tag {
    first: Timestamp,
    last: Timestamp,
    scans: Vec<usize>,
}

impl Tag {
    fn of(of_name: &[usize], scans: &[ScanTotals]) -> Option<Self> {
        let times = || of_name.iter().filter_map(|at| scans[*at].scan.created_at);
        let named = !scans[of_name[0]].scan.image.is_empty();
        named.then_some(())?;
        Some(Self { first: times().next()?, last: times().next_back()?, scans: of_name.to_vec() })
    }
}

/// Puts each tag behind the one that ended last before it began; what is still in use is followed by nothing.
fn lines(mut tags: Vec<Tag>) -> Vec<Vec<usize>> {
    tags.sort_by_key(|tag| tag.first);
    let mut lines: Vec<Tag> = Vec::new();
    for tag in tags {
        let ended = lines.iter_mut().filter(|line| line.last < tag.first);
        match ended.max_by_key(|line| line.last) {
            Some(line) => {
                line.last = tag.last;
                line.scans.extend(tag.scans);
            }
            None => lines.push(tag),
        }
    }
    lines.into_iter().map(|line| line.scans).collect()
}
