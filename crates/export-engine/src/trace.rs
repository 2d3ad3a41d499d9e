//! The trace of a request, so that the worker goes on with it (W3C Trace Context, `traceparent`).

use std::fmt;
use std::str::FromStr;

use crate::Entropy;

tokio::task_local! {
    /// The trace that this task works for. Adapters must not know the engine, and the ports do not carry it: whoever
    /// puts a system together gives them [`current_trace`].
    static CURRENT: Traceparent;
}

/// The trace that the calling task works for, if it works for one: a request, or an attempt of a job.
///
/// It is passed on as it came. The ids of our own spans are not known here, and a service that named one which was never
/// recorded would tear the trace apart.
#[must_use]
pub fn current_trace() -> Option<Traceparent> {
    CURRENT.try_with(|trace| *trace).ok()
}

/// Works for `trace`, if there is one.
pub(crate) async fn within<T>(trace: Option<Traceparent>, work: impl Future<Output = T>) -> T {
    match trace {
        Some(trace) => CURRENT.scope(trace, work).await,
        None => work.await,
    }
}

/// A `traceparent` of version 00: trace id, parent id, flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Traceparent {
    trace: u128,
    parent: u64,
    flags: u8,
}

impl Traceparent {
    /// A new trace.
    #[must_use]
    pub fn fresh(entropy: &dyn Entropy) -> Self {
        let mut bytes = [0; 24];
        entropy.fill(&mut bytes);
        let (trace, parent) = bytes.split_at(16);
        let trace = u128::from_be_bytes(trace.try_into().expect("sixteen bytes"));
        let parent = u64::from_be_bytes(parent.try_into().expect("eight bytes"));
        // The all-zero ids are invalid (Trace Context, 3.2.2.3 and 3.2.2.4).
        Self { trace: trace.max(1), parent: parent.max(1), flags: 1 }
    }

    /// The trace's id in 32 hexadecimal digits.
    #[must_use]
    pub fn trace_id(&self) -> String {
        format!("{:032x}", self.trace)
    }
}

impl fmt::Display for Traceparent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "00-{:032x}-{:016x}-{:02x}", self.trace, self.parent, self.flags)
    }
}

/// The text is no `traceparent` of a version that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not a traceparent")]
pub struct InvalidTraceparent;

impl FromStr for Traceparent {
    type Err = InvalidTraceparent;

    fn from_str(text: &str) -> Result<Self, InvalidTraceparent> {
        let lower_hex = |part: &str, digits: usize| {
            part.len() == digits && part.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        };
        let parts: Vec<&str> = text.split('-').collect();
        let ["00", trace, parent, flags] = parts[..] else { return Err(InvalidTraceparent) };
        if !(lower_hex(trace, 32) && lower_hex(parent, 16) && lower_hex(flags, 2)) {
            return Err(InvalidTraceparent);
        }
        let trace = u128::from_str_radix(trace, 16).map_err(|_| InvalidTraceparent)?;
        let parent = u64::from_str_radix(parent, 16).map_err(|_| InvalidTraceparent)?;
        let flags = u8::from_str_radix(flags, 16).map_err(|_| InvalidTraceparent)?;
        if trace == 0 || parent == 0 { Err(InvalidTraceparent) } else { Ok(Self { trace, parent, flags }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_task_knows_the_trace_that_it_works_for() {
        let trace: Traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".parse().unwrap();
        assert_eq!(current_trace(), None);
        within(Some(trace), async { assert_eq!(current_trace(), Some(trace)) }).await;
        within(None, async { assert_eq!(current_trace(), None) }).await;
    }

    #[test]
    fn reads_what_the_standard_shows_and_refuses_the_rest() {
        let text = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let trace: Traceparent = text.parse().unwrap();
        assert_eq!((trace.to_string().as_str(), trace.trace_id().as_str()), (text, &text[3..35]));
        for bad in [
            "",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-+bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ] {
            assert_eq!(bad.parse::<Traceparent>(), Err(InvalidTraceparent), "{bad}");
        }
    }
}
