//! The suite of [`Renderer`]: one case for each sentence of its documentation.

mod witness;

use std::sync::Arc;

use export_core::catalogue::{ExportType, Format};
use export_core::code::Code;
use export_core::id::{ExportId, TenantId};
use export_core::ports::{Brief, Interrupt, Outlet, RecordKind, RenderError, Rendered, Renderer, Snapshot};
use export_core::record::FindingRecord;
use export_core::request::ExportRequest;
use export_core::warning::WarningCode;

pub use self::witness::{FailingWriter, Files, WitnessPulse};
use crate::corpus::{self, AT};
use crate::memory::{GeneratedSnapshot, MemorySnapshot};

/// Makes one test of each case. `open` is a function that gives a [`Subject`], and what must live as long:
/// `fn open() -> (renderers::Subject, impl Sized)`. The cases run without an async runtime, as rendering does.
#[macro_export]
macro_rules! renderers_suite {
    ($open:expr) => {
        $crate::renderers_suite! { $open =>
            it_writes_its_format_for_types_that_have_it
            the_same_snapshot_and_brief_give_the_same_bytes
            every_record_is_in_the_file
            hostile_text_stays_text
            a_very_long_text_is_whole_or_warned_of
            a_snapshot_without_records_is_rendered
            rows_told_are_the_records_of_the_snapshot
            a_beat_that_says_stop_is_obeyed_at_once
            beats_come_at_least_every_thousand_records
            beats_never_go_back
            an_error_of_out_ends_rendering
            an_error_of_the_snapshot_ends_rendering
            a_large_snapshot_streams
        }
    };
    ($open:expr => $($case:ident)*) => {$(
        #[test]
        fn $case() {
            let (subject, _guard) = $open();
            $crate::renderers::$case(&subject);
        }
    )*};
}

/// Looks at a file with a foreign reader, and says what is wrong with it: whether each of the records is in it, in this
/// order, with its texts as they are.
pub type Check = fn(&[u8], &[FindingRecord<'static>]) -> Result<(), String>;

/// What the suite needs.
pub struct Subject {
    /// The renderer.
    pub renderer: Arc<dyn Renderer>,
    /// The types of it that list every finding; the others are only tested for what all types have in common.
    pub listing: &'static [ExportType],
    /// For the types that list every finding.
    pub check: Check,
    /// Whether bytes come out while records go in. False for formats that are put together at the end.
    pub streams: bool,
}

impl Subject {
    fn render(&self, kind: ExportType, from: &dyn Snapshot) -> Result<(Rendered, Vec<u8>), RenderError> {
        let mut out = Files::new();
        let rendered = self.render_to(kind, from, &WitnessPulse::default(), &mut out)?;
        let bytes = out.file(listing_file(&rendered)).to_vec();
        Ok((rendered, bytes))
    }

    fn render_to(
        &self,
        kind: ExportType,
        from: &dyn Snapshot,
        pulse: &WitnessPulse<'_>,
        out: &mut dyn Outlet,
    ) -> Result<Rendered, RenderError> {
        let request = request(kind, self.renderer.format());
        let tenant: TenantId = "acme".parse().unwrap();
        let brief = Brief {
            export_id: ExportId::new(AT, &[5; 10]),
            tenant: &tenant,
            request: &request,
            created_at: AT,
            template: None,
            seal: None,
            pulse,
        };
        self.renderer.render(&brief, from, out)
    }

    fn assert_holds(&self, kind: ExportType, snapshot: &MemorySnapshot) {
        let (rendered, bytes) = self.render(kind, snapshot).unwrap();
        let truncated = rendered.warnings.iter().any(|it| it.code == WarningCode::RowsTruncated);
        assert!(!truncated, "{kind}: so few records need no truncation");
        if let Err(problem) = (self.check)(&bytes, snapshot.records()) {
            panic!("{kind} as {}: {problem}", self.renderer.format());
        }
    }
}

/// The file that lists findings: 0 is the main artifact. Lists of different records are in the order of their files, where
/// they have files of their own.
fn listing_file(rendered: &Rendered) -> usize {
    let at = rendered.lists.iter().position(|(kind, _)| *kind == RecordKind::Finding);
    at.filter(|at| *at <= rendered.further_rows.len()).unwrap_or(0)
}

/// The findings in all files; of renderers that do not tell what they list, the rows of the main one.
fn findings_told(rendered: &Rendered) -> Option<u64> {
    let listed = rendered.lists.iter().find(|(kind, _)| *kind == RecordKind::Finding);
    listed.map(|(_, count)| *count).or(rendered.rows)
}

/// A request for `kind` as `format`, with every option at its default.
#[must_use]
pub fn request(kind: ExportType, format: Format) -> ExportRequest {
    let scope = match kind {
        ExportType::AuditLog => {
            r#"{"date_range":{"start":"2026-11-01T00:00:00Z","end":"2026-12-01T00:00:00Z"}}"#
        }
        _ => r#"{"scan_ids":["scan-0"]}"#,
    };
    let body = format!(r#"{{"type":"{kind}","format":"{format}","scope":{scope}}}"#);
    ExportRequest::parse(body.as_bytes()).unwrap()
}

/// The format that it writes, and the types that it can write in that format.
pub fn it_writes_its_format_for_types_that_have_it(subject: &Subject) {
    let (format, types) = (subject.renderer.format(), subject.renderer.types());
    assert!(!types.is_empty(), "a renderer of {format} without types");
    for kind in types {
        assert!(kind.formats().contains(&format), "the contract has no {kind} as {format}");
        let (_, bytes) = subject.render(*kind, &MemorySnapshot::new(corpus::records(50))).unwrap();
        assert!(!bytes.is_empty(), "{kind} as {format} is empty");
    }
    for kind in subject.listing {
        assert!(types.contains(kind), "{kind} is told to list findings and is not a type of the renderer");
    }
}

/// The same snapshot and brief give the same bytes.
pub fn the_same_snapshot_and_brief_give_the_same_bytes(subject: &Subject) {
    for kind in subject.renderer.types() {
        let render = || subject.render(*kind, &MemorySnapshot::new(corpus::records(300))).unwrap();
        let ((first, first_bytes), (second, second_bytes)) = (render(), render());
        assert!(first_bytes == second_bytes, "{kind}: two renderings differ");
        assert_eq!(first, second, "{kind}");
    }
}

/// Every record of the snapshot is in the file.
pub fn every_record_is_in_the_file(subject: &Subject) {
    for kind in subject.listing {
        for count in [1, 2, 400] {
            subject.assert_holds(*kind, &MemorySnapshot::new(corpus::records(count)));
        }
    }
}

/// Hostile text in records stays text.
pub fn hostile_text_stays_text(subject: &Subject) {
    for kind in subject.listing {
        // One at a time first, so that a failure names the text.
        for record in corpus::hostile_records() {
            subject.assert_holds(*kind, &MemorySnapshot::new(vec![record]));
        }
        subject.assert_holds(*kind, &MemorySnapshot::new(corpus::hostile_records()));
    }
}

/// A text that the format cannot hold is shortened with a warning, never silently.
pub fn a_very_long_text_is_whole_or_warned_of(subject: &Subject) {
    for kind in subject.listing {
        let mut record = corpus::record(1);
        record.finding.description = corpus::very_long().into();
        let snapshot = MemorySnapshot::new(vec![record]);
        let (rendered, bytes) = subject.render(*kind, &snapshot).unwrap();
        if !rendered.warnings.iter().any(|it| it.code == WarningCode::TextShortened) {
            (subject.check)(&bytes, snapshot.records()).unwrap();
        }
    }
}

/// No findings are a result too.
pub fn a_snapshot_without_records_is_rendered(subject: &Subject) {
    for kind in subject.renderer.types() {
        let (rendered, bytes) = subject.render(*kind, &MemorySnapshot::new(vec![])).unwrap();
        assert!(!bytes.is_empty(), "{kind}");
        assert!(matches!(rendered.rows, None | Some(0)), "{kind}: {:?} rows", rendered.rows);
    }
    for kind in subject.listing {
        subject.assert_holds(*kind, &MemorySnapshot::new(vec![]));
    }
}

/// The records in the file, for formats that list them; a warning says which are not.
pub fn rows_told_are_the_records_of_the_snapshot(subject: &Subject) {
    for kind in subject.listing {
        let snapshot = MemorySnapshot::new(corpus::records(123));
        let (rendered, _) = subject.render(*kind, &snapshot).unwrap();
        assert_eq!(findings_told(&rendered), Some(123), "{kind}");
        for (list, count) in &rendered.lists {
            assert_eq!(*count, snapshot.facts().records(*list), "{kind}: {list:?}");
        }
        assert_eq!(snapshot.read() % 123, 0, "{kind}: a pass over the records stopped early");
    }
}

/// A beat that says stop is obeyed at once, with its error.
pub fn a_beat_that_says_stop_is_obeyed_at_once(subject: &Subject) {
    let snapshot = MemorySnapshot::new(corpus::records(4_000));
    for kind in subject.listing {
        for (interrupt, code) in
            [(Interrupt::Cancelled, Code::Cancelled), (Interrupt::Deadline, Code::RenderTimeout)]
        {
            for beat in 1..=4 {
                let pulse = WitnessPulse::over(&snapshot).stopping_at(beat, interrupt);
                let stopped = subject.render_to(*kind, &snapshot, &pulse, &mut std::io::sink()).unwrap_err();
                assert_eq!(stopped.code, code, "{kind}: {stopped}");
                assert_eq!(pulse.beats(), beat, "{kind}: it went on to beat");
                assert_eq!(pulse.read_at_last_beat(), snapshot.read(), "{kind}: it went on to read");
            }
        }
    }
}

/// A beat is called at least every 1,000 records.
pub fn beats_come_at_least_every_thousand_records(subject: &Subject) {
    for kind in subject.listing {
        let snapshot = MemorySnapshot::new(corpus::records(4_500));
        let pulse = WitnessPulse::over(&snapshot);
        subject.render_to(*kind, &snapshot, &pulse, &mut std::io::sink()).unwrap();
        let gap = pulse.longest_gap().max(snapshot.read() - pulse.read_at_last_beat());
        assert!(gap <= 1_000, "{kind}: {gap} records without a beat");
    }
}

/// A beat tells how many records are done: never more than there are, and never fewer than before.
pub fn beats_never_go_back(subject: &Subject) {
    for kind in subject.renderer.types() {
        let snapshot = MemorySnapshot::new(corpus::records(2_500));
        let pulse = WitnessPulse::over(&snapshot);
        subject.render_to(*kind, &snapshot, &pulse, &mut std::io::sink()).unwrap();
        let told = pulse.told();
        assert!(told.is_sorted(), "{kind}: {told:?}");
        assert!(told.iter().all(|rows| *rows <= 2_500), "{kind}: {told:?}");
    }
}

/// An error of `out` ends rendering with that error, wherever it comes.
pub fn an_error_of_out_ends_rendering(subject: &Subject) {
    for kind in subject.renderer.types() {
        let snapshot = MemorySnapshot::new(corpus::records(200));
        let size = subject.render(*kind, &snapshot).unwrap().1.len() as u64;
        for room in [0, 1, size / 2, size - 1] {
            let mut out = FailingWriter::with_room_for(room);
            let pulse = WitnessPulse::default();
            let failed = subject.render_to(*kind, &snapshot, &pulse, &mut out).map(drop);
            let failed = failed.expect_err("the last bytes were never written, or their error was lost");
            assert_eq!(failed.code, Code::StorageFull, "{kind} with room for {room} of {size}: {failed}");
        }
    }
}

/// An error of the snapshot ends rendering with that error: never a shorter file.
pub fn an_error_of_the_snapshot_ends_rendering(subject: &Subject) {
    for kind in subject.listing {
        for good in [0, 1, 99, 100] {
            let snapshot = MemorySnapshot::new(corpus::records(100)).broken_behind(good);
            let failed = subject.render(*kind, &snapshot).map(drop).unwrap_err();
            assert_eq!(failed.code, Code::StorageCorrupt, "{kind} behind record {good}: {failed}");
        }
    }
}

/// Memory does not depend on the number of records: bytes come out while records go in.
pub fn a_large_snapshot_streams(subject: &Subject) {
    const RECORDS: u64 = 50_000;
    if !subject.streams {
        return;
    }
    for kind in subject.listing {
        let snapshot = GeneratedSnapshot::new(RECORDS);
        let mut out = witness::Meter::default();
        let pulse = WitnessPulse::default().metering(&out);
        let rendered = subject.render_to(*kind, &snapshot, &pulse, &mut out).unwrap();
        assert_eq!(findings_told(&rendered), Some(RECORDS), "{kind}");
        let held = pulse.most_held_back(out.written(), RECORDS);
        assert!(held <= 4 << 20, "{kind}: {held} bytes of finished records had not come out");
    }
}
