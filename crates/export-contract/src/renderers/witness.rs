//! A pulse and writers that note what a renderer does.

use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use export_core::error::PortError;
use export_core::ports::{Interrupt, Outlet, Pulse};

use crate::memory::MemorySnapshot;

/// Notes every beat, and stops at one of them if told to.
#[derive(Default)]
pub struct WitnessPulse<'a> {
    snapshot: Option<&'a MemorySnapshot>,
    stop: Option<(u64, Interrupt)>,
    meter: Option<Arc<AtomicU64>>,
    beats: Mutex<Vec<Beat>>,
}

#[derive(Clone, Copy)]
struct Beat {
    rows_done: u64,
    read: u64,
    written: u64,
}

impl<'a> WitnessPulse<'a> {
    /// Notes how much of `snapshot` was read at each beat.
    #[must_use]
    pub fn over(snapshot: &'a MemorySnapshot) -> Self {
        Self { snapshot: Some(snapshot), ..Self::default() }
    }

    /// Says stop at the beat with this number, counted from 1, and at each later one.
    #[must_use]
    pub fn stopping_at(self, beat: u64, interrupt: Interrupt) -> Self {
        Self { stop: Some((beat, interrupt)), ..self }
    }

    pub(super) fn metering(self, out: &Meter) -> Self {
        Self { meter: Some(Arc::clone(&out.written)), ..self }
    }

    /// The number of beats.
    #[must_use]
    pub fn beats(&self) -> u64 {
        self.beats.lock().unwrap().len() as u64
    }

    /// What was told at each beat.
    #[must_use]
    pub fn told(&self) -> Vec<u64> {
        self.beats.lock().unwrap().iter().map(|beat| beat.rows_done).collect()
    }

    pub(super) fn read_at_last_beat(&self) -> u64 {
        self.beats.lock().unwrap().last().map_or(0, |beat| beat.read)
    }

    /// The most records that were read between two beats, or before the first one.
    pub(super) fn longest_gap(&self) -> u64 {
        let beats = self.beats.lock().unwrap();
        let reads = std::iter::once(0).chain(beats.iter().map(|beat| beat.read));
        reads.clone().zip(reads.skip(1)).map(|(before, after)| after - before).max().unwrap_or(0)
    }

    /// The most bytes of finished records that had not come out at a beat, if all records are equally long.
    pub(super) fn most_held_back(&self, written: u64, records: u64) -> u64 {
        let beats = self.beats.lock().unwrap();
        let held = |beat: &Beat| (written * beat.rows_done / records).saturating_sub(beat.written);
        beats.iter().map(held).max().unwrap_or(0)
    }
}

impl Pulse for WitnessPulse<'_> {
    fn beat(&self, rows_done: u64) -> Result<(), Interrupt> {
        let read = self.snapshot.map_or(0, MemorySnapshot::read);
        let written = self.meter.as_ref().map_or(0, |written| written.load(Ordering::Relaxed));
        let mut beats = self.beats.lock().unwrap();
        beats.push(Beat { rows_done, read, written });
        match self.stop {
            Some((at, interrupt)) if beats.len() as u64 >= at => Err(interrupt),
            Some(_) | None => Ok(()),
        }
    }
}

/// Counts the bytes that are written to it, and forgets them.
#[derive(Default)]
pub(super) struct Meter {
    written: Arc<AtomicU64>,
}

impl Meter {
    pub(super) fn written(&self) -> u64 {
        self.written.load(Ordering::Relaxed)
    }
}

impl Write for Meter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.written.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Outlet for Meter {
    fn next_file(&mut self, _name: &str, _media_type: &str) -> Result<(), PortError> {
        Ok(())
    }
}

/// Keeps every file, by name; the main artifact's is empty.
#[derive(Debug, Default)]
pub struct Files(Vec<(String, Vec<u8>)>);

impl Files {
    /// Nothing but the main artifact, which is empty so far.
    #[must_use]
    pub fn new() -> Self {
        Self(vec![(String::new(), vec![])])
    }

    /// The bytes of the main artifact.
    #[must_use]
    pub fn main(&self) -> &[u8] {
        &self.0[0].1
    }

    /// The bytes of one file; 0 is the main artifact.
    #[must_use]
    pub fn file(&self, at: usize) -> &[u8] {
        &self.0[at].1
    }

    /// The further files with their names, in order.
    #[must_use]
    pub fn further(&self) -> &[(String, Vec<u8>)] {
        &self.0[1..]
    }
}

impl Write for Files {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let (_, file) = self.0.last_mut().expect("there is always a file");
        file.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Outlet for Files {
    fn next_file(&mut self, name: &str, _media_type: &str) -> Result<(), PortError> {
        assert!(self.0.iter().all(|(known, _)| known != name), "two files are named {name}");
        self.0.push((name.to_owned(), vec![]));
        Ok(())
    }
}

/// A disk that is full behind some bytes.
pub struct FailingWriter {
    room: u64,
}

impl FailingWriter {
    /// Takes `room` bytes, and then none.
    #[must_use]
    pub const fn with_room_for(room: u64) -> Self {
        Self { room }
    }
}

impl Write for FailingWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = u64::try_from(bytes.len()).unwrap_or(u64::MAX).min(self.room);
        if taken == 0 && !bytes.is_empty() {
            return Err(io::Error::new(io::ErrorKind::StorageFull, "no room is left"));
        }
        self.room -= taken;
        Ok(usize::try_from(taken).expect("not more than there were"))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Outlet for FailingWriter {
    fn next_file(&mut self, _name: &str, _media_type: &str) -> Result<(), PortError> {
        Ok(())
    }
}
