//! A progress line on standard error.

use std::borrow::Cow;
use std::time::Duration;

use export_core::export::{Progress, Stage};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::output::Output;

/// A progress line; invisible where standard error is no terminal, and gone when it is dropped.
pub(crate) struct Meter {
    bar: ProgressBar,
    stage: Option<(Stage, bool)>,
}

impl Meter {
    /// A line that says `what`.
    pub(crate) fn new(output: Output, what: impl Into<Cow<'static, str>>) -> Self {
        let target = if output.quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(None, target).with_prefix(what).with_style(spinner());
        bar.enable_steady_tick(Duration::from_millis(120));
        Self { bar, stage: None }
    }

    /// Shows how far it is.
    pub(crate) fn show(&mut self, progress: Progress) {
        let shape = (progress.stage, progress.rows_total.is_some());
        if self.stage != Some(shape) {
            self.stage = Some(shape);
            self.bar.set_style(if shape.1 { bar() } else { spinner() });
            self.bar.set_message(words(progress.stage));
        }
        if let Some(total) = progress.rows_total {
            self.bar.set_length(total);
        }
        self.bar.set_position(progress.rows_done);
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

fn words(stage: Stage) -> &'static str {
    match stage {
        Stage::Queued => "waiting",
        Stage::Gather => "reading",
        Stage::Sort => "sorting",
        Stage::Render => "writing",
        Stage::Store => "storing",
        Stage::Done => "done",
    }
}

fn spinner() -> ProgressStyle {
    style("{spinner} {prefix}: {msg} {human_pos} findings, {elapsed}")
}

fn bar() -> ProgressStyle {
    style("{spinner} {prefix}: {msg} [{bar:30}] {human_pos} of {human_len} findings, {elapsed}")
        .progress_chars("=> ")
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).expect("the template is one of ours")
}

/// A line for a download of `size` bytes.
pub(crate) fn bytes(output: Output, what: String, size: u64) -> ProgressBar {
    let target = if output.quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    ProgressBar::with_draw_target(Some(size), target).with_prefix(what).with_style(
        style("{spinner} {prefix}: [{bar:30}] {bytes} of {total_bytes}, {eta}").progress_chars("=> "),
    )
}
