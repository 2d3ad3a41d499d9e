//! Many jobs, some threads, and always the same answer.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::refusal::Refusal;

/// More do not help: the file is read as fast as that.
const THREADS: usize = 4;

/// Does the jobs `0..count`, each with the state of its thread, and gives their results in order; the first job that fails is told.
///
/// Jobs are begun in order. So when one fails, all before it have begun, and they are still ended.
pub(crate) fn each<S, T: Send>(
    count: usize,
    state: impl Fn() -> S + Sync,
    job: impl Fn(&mut S, usize) -> Result<T, Refusal> + Sync,
) -> Result<Vec<T>, Refusal> {
    let (next, failed) = (AtomicUsize::new(0), AtomicUsize::new(usize::MAX));
    let work = || {
        let (mut state, mut done) = (state(), Vec::new());
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count || index > failed.load(Ordering::Relaxed) {
                return done;
            }
            let result = job(&mut state, index);
            if result.is_err() {
                failed.fetch_min(index, Ordering::Relaxed);
            }
            done.push((index, result));
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from).clamp(1, THREADS).min(count.max(1));
    let mut done = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut done = work();
        for other in others {
            done.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        done
    });
    done.sort_unstable_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}
