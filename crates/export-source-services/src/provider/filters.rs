//! Whether lists are filtered: the client would leave out what does not belong to a range, and a check must see it.

use export_core::scan::ScanRef;

use super::run::{Run, Seen, told};

impl Run<'_> {
    /// A list by image has the scan, and none of another.
    pub(super) async fn filters_by_image(&self, scan: &ScanRef) -> Seen {
        let refs = [Some(scan.image.as_str()), scan.image_digest.as_deref()];
        for image in refs.into_iter().flatten() {
            let listed = self.list(&[("image_ref", image)]).await.map_err(|error| told(&error))?;
            let listed = listed.ok_or("status 404")?;
            if !listed.iter().any(|it| it.scan.id == scan.id) {
                return Err(format!("{image}: {} is missing", scan.id));
            }
            if let Some(other) = listed.iter().find(|it| !it.is_of(image)) {
                return Err(format!("{image}: {} is a scan of another", other.scan.id));
            }
        }
        Ok(scan.image.clone())
    }

    /// A list by time has the scan, and none of another time.
    pub(super) async fn filters_by_time(&self, scan: &ScanRef, at: &str) -> Seen {
        let listed = self.list(&[("from", at), ("to", at)]).await.map_err(|error| told(&error))?;
        let listed = listed.ok_or("status 404")?;
        if !listed.iter().any(|it| it.scan.id == scan.id) {
            return Err(format!("from={at}&to={at}: {} is missing; both ends are included", scan.id));
        }
        match listed.iter().find(|it| it.scan.created_at != scan.created_at) {
            Some(other) => Err(format!("from={at}&to={at}: {} was made at another time", other.scan.id)),
            None => Ok(at.to_owned()),
        }
    }
}
