//! Which scans a scope stands for.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use export_core::error::{ErrorKind, PortError};
use export_core::id::ScanId;
use export_core::ports::{Missing, Resolution};
use export_core::request::{DateRange, OnSourceError, Scope};
use export_core::scan::ScanRef;
use export_core::time::{DateBound, Timestamp};
use export_core::warning::Warning;
use futures::{StreamExt as _, TryStreamExt as _, stream};

use crate::emit::refused;
use crate::files::Files;
use crate::scan::Contents;

/// Folders whose files are looked at at the same time.
const CONCURRENT: usize = 8;

/// A scan, and all that an image reference may call it.
#[derive(Debug, Clone)]
struct Candidate {
    scan: ScanRef,
    names: Vec<String>,
}

/// Resolves `scope`, reading the heads of files only.
pub(crate) async fn resolve(
    files: &Files,
    scope: &Scope,
    on_error: OnSourceError,
) -> Result<Resolution, PortError> {
    let range = scope.date_range.as_ref().map(|range| absolute(files, range)).transpose()?;
    let looks_at_all = scope.scan_ids.is_empty() || !scope.image_refs.is_empty();
    let folders = if looks_at_all { files.scans().await? } else { scope.scan_ids.clone() };
    let looked_at = stream::iter(folders.into_iter().map(|id| look_at(files, scope, id, on_error)))
        .buffered(CONCURRENT)
        .try_collect::<Vec<_>>()
        .await?;
    let (mut candidates, mut unreadable) = (Vec::new(), Vec::new());
    for found in looked_at {
        match found {
            LookedAt::Scan(candidate) => candidates.push(candidate),
            LookedAt::Refused(scan) => unreadable.push(scan),
            LookedAt::Nothing => {}
        }
    }
    let mut resolution = select(scope, range, candidates);
    // What is there and cannot be read is not missing.
    resolution.missing.scan_ids.retain(|id| !unreadable.iter().any(|scan| scan.id == *id));
    resolution.warnings = unreadable.into_iter().map(|scan| scan.warning).collect();
    Ok(resolution)
}

/// What a folder turned out to be.
enum LookedAt {
    Scan(Candidate),
    /// A scan that cannot be read, and may be left out.
    Refused(Refused),
    /// No scan, or none that an image reference can mean.
    Nothing,
}

/// A scan that cannot be read.
struct Refused {
    id: ScanId,
    warning: Warning,
}

/// Looks at one folder.
async fn look_at(
    files: &Files,
    scope: &Scope,
    id: ScanId,
    on_error: OnSourceError,
) -> Result<LookedAt, PortError> {
    let Some(folder) = files.scan(&id).await? else { return Ok(LookedAt::Nothing) };
    let wanted = id.clone();
    let look =
        move |files: &Files| Contents::of(files, &wanted, &folder, on_error, true)?.of_a_scan(files, &wanted);
    let contents = files.blocking(look).await;
    let contents = match contents {
        Ok(contents) => contents,
        // A scope that names images does not name this scan, and its image is not known: it cannot be meant.
        Err(error)
            if error.kind == ErrorKind::Invalid
                && !scope.image_refs.is_empty()
                && !scope.scan_ids.contains(&id) =>
        {
            tracing::warn!(scan = %id, %error, "a scan that cannot be read was passed over");
            return Ok(LookedAt::Nothing);
        }
        Err(error) if on_error == OnSourceError::Warn => {
            let warning = refused(&error).ok_or(error)?;
            return Ok(LookedAt::Refused(Refused { id, warning }));
        }
        Err(error) => return Err(error),
    };
    let names = contents.names().map(str::to_owned).collect();
    Ok(contents.scan(&id).map_or(LookedAt::Nothing, |scan| LookedAt::Scan(Candidate { scan, names })))
}

fn absolute(files: &Files, range: &DateRange) -> Result<(Timestamp, Timestamp), PortError> {
    match (range.start, range.end) {
        (DateBound::At(start), DateBound::At(end)) => Ok((start, end)),
        (DateBound::Ago(_), _) | (_, DateBound::Ago(_)) => {
            Err(files.error(ErrorKind::Invalid, "the date range is relative: resolve the request first"))
        }
    }
}

fn select(scope: &Scope, range: Option<(Timestamp, Timestamp)>, candidates: Vec<Candidate>) -> Resolution {
    let in_range = |scan: &ScanRef| match (range, scan.created_at) {
        (None, _) => true,
        (Some((start, end)), Some(at)) => start <= at && at <= end,
        (Some(_), None) => false,
    };
    let mut chosen: BTreeMap<ScanId, ScanRef> = BTreeMap::new();
    let mut missing = Missing::default();
    for id in &scope.scan_ids {
        match candidates.iter().find(|candidate| candidate.scan.id == *id) {
            Some(found) => drop(chosen.insert(id.clone(), found.scan.clone())),
            None if missing.scan_ids.contains(id) => {}
            None => missing.scan_ids.push(id.clone()),
        }
    }
    for image in &scope.image_refs {
        let matching = candidates.iter().filter(|it| it.names.contains(image) && in_range(&it.scan));
        match matching.min_by_key(|candidate| newest_first(&candidate.scan)) {
            Some(found) => drop(chosen.insert(found.scan.id.clone(), found.scan.clone())),
            None if missing.image_refs.contains(image) => {}
            None => missing.image_refs.push(image.clone()),
        }
    }
    let mut scans: Vec<ScanRef> = if scope.scan_ids.is_empty() && scope.image_refs.is_empty() {
        candidates.into_iter().map(|candidate| candidate.scan).filter(in_range).collect()
    } else {
        chosen.into_values().collect()
    };
    scans.sort_by_key(newest_first);
    Resolution { scans, missing, warnings: Vec::new() }
}

/// Sorts scans: newest first, those without a time last, then by id.
fn newest_first(scan: &ScanRef) -> (Reverse<Option<Timestamp>>, ScanId) {
    (Reverse(scan.created_at), scan.id.clone())
}
