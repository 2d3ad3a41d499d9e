//! The walk through the results of a log.

use export_core::digest::Digest;
use export_core::error::PortError;
use export_core::finding::Finding;

use super::finding::{Context, Seen};
use super::head::Log;
use super::result::RawResult;
use super::run::{Run, each};
use crate::emit::Emitter;
use crate::format::Scanned;
use crate::input::Input;
use crate::json::JsonReader;
use crate::kit::Sink;

/// Reads the findings of `input` to its end; its digest.
pub(super) fn read(
    input: Input,
    scan: &Scanned<'_>,
    log: &Log,
    emit: &mut Emitter<Finding<'static>>,
) -> Result<Digest, PortError> {
    let mut reader = JsonReader::new(input);
    let mut sink = Sink::new(emit);
    reader.object()?;
    while let Some(member) = reader.member()? {
        if member != "runs" {
            reader.skip()?;
            continue;
        }
        if log.runs.is_empty() {
            sink.doubts.add("The log has no runs: no tool looked at anything", || reader.place());
        }
        let mut runs = log.runs.iter();
        each(&mut reader, |reader| {
            let run = runs.next().ok_or_else(|| reader.invalid("the log changed while it was read"))?;
            let context = Context { scan, run, tool: run.tool.to_lowercase() };
            results(reader, &context, &mut sink)
        })?;
    }
    sink.finish(reader)
}

/// Reads the results of one run.
fn results(reader: &mut JsonReader, context: &Context<'_>, sink: &mut Sink<'_>) -> Result<(), PortError> {
    incomplete(context.run, reader, sink);
    reader.object()?;
    while let Some(member) = reader.member()? {
        if member != "results" {
            reader.skip()?;
            continue;
        }
        each(reader, |reader| {
            let span = reader.span()?;
            let result: RawResult<'_> = reader.parse(&span)?;
            let doubts = &mut sink.doubts;
            let mut doubt = |what| doubts.add(what, || reader.place());
            // What the baseline had and this run has not is over.
            if !is_finding(&result.kind, &mut doubt) || result.baseline == "absent" {
                return Ok(());
            }
            let finding = Seen::of(result, context, &mut doubt).finding(&mut doubt);
            sink.finding(reader, span.len(), finding)
        })?;
    }
    Ok(())
}

/// Whether a result of this kind asks somebody to do something (3.27.9).
fn is_finding(kind: &str, doubt: &mut dyn FnMut(&'static str)) -> bool {
    match kind {
        "" | "fail" | "open" | "review" => true,
        "pass" | "notApplicable" | "informational" => false,
        _ => {
            doubt("A result is of a kind that the standard does not know: it counts as failed");
            true
        }
    }
}

/// Tells what a run may lack.
fn incomplete(run: &Run, reader: &JsonReader, sink: &mut Sink<'_>) {
    for (is_so, what) in [
        (!run.has_results, "A run has no list of results: its tool did not look"),
        (run.has_failed, "The tool says that its run failed, so findings may be missing"),
        (run.is_shortened, "The texts of the rules are larger than 64 MiB: those behind that were left out"),
    ] {
        if is_so {
            sink.doubts.add(what, || reader.place());
        }
    }
}
