//! Where lines end.

use crate::fonts::cluster;

/// Words shorter than this are broken only if nothing else helps.
const LONG: usize = 16;
/// Words shorter than this are broken only if they don't fit into a line of their own.
const LONGER: usize = 30;
/// How far a line looks back for a good place.
const SEPARATORS: &str = "/.-@:_,";
/// Second best, in a piece that has no separator where it must break.
const SIGNS: &str = "?&=+~#%;|!()[]{}<>\"'\\*";

/// A character with what is drawn on it, as one step of a line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cluster {
    /// Its byte offset.
    pub(crate) at: u32,
    pub(crate) width: f32,
    pub(crate) first: char,
}

/// One line: from byte to byte, with the spaces that end it, and its width without them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Line {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) width: f32,
    /// Lines that would have followed were dropped.
    pub(crate) cut: bool,
}

/// Breaks `clusters`, which end at byte `end`, into lines of `width`, at most `limit` of them.
///
/// Lines end at spaces, between ideographs, and in long words behind `/ . - @ : _ ,`. A piece that does not
/// fit into a line of its own is broken where it must be.
pub(crate) fn lines(clusters: &[Cluster], end: u32, width: f32, limit: usize, out: &mut Vec<Line>) {
    let mut filler = Filler { clusters, end, width, start: 0, used: 0.0, ink: 0.0, limit, out };
    let mut at = 0;
    while at < clusters.len() && !filler.full() {
        let word = word_end(clusters, at);
        let next = spaces_end(clusters, word);
        filler.word(at, word);
        filler.spaces(word, next);
        at = next;
    }
    filler.finish(at);
}

struct Filler<'a> {
    clusters: &'a [Cluster],
    end: u32,
    width: f32,
    /// The first cluster of the line.
    start: usize,
    /// Its width with and without the spaces at its end.
    used: f32,
    ink: f32,
    limit: usize,
    out: &'a mut Vec<Line>,
}

impl Filler<'_> {
    fn full(&self) -> bool {
        self.out.len() >= self.limit
    }

    fn word(&mut self, from: usize, to: usize) {
        let width: f32 = self.clusters[from..to].iter().map(|it| it.width).sum();
        if self.fits(width) {
            self.take(width);
            return;
        }
        // A long path begins on the line it is met on; a shorter word gets a line of its own.
        let begins_here = to - from >= LONGER && has_break(&self.clusters[from..to]);
        if from > self.start && !begins_here {
            self.end_line(from);
            if self.full() || self.fits(width) {
                self.take(width);
                return;
            }
        }
        self.pieces(from, to);
    }

    /// Fills lines with the parts of a word that is too wide for one.
    fn pieces(&mut self, from: usize, to: usize) {
        let mut at = from;
        while at < to && !self.full() {
            let cluster = self.clusters[at];
            if self.fits(cluster.width) || at == self.start {
                self.take(cluster.width);
                at += 1;
                continue;
            }
            let floor = self.start.max(from);
            let best = best_break(&self.clusters[floor..to], at - floor).map(|it| floor + it);
            let cut = match best {
                Some(cut) => cut,
                None if self.start < from => from,
                None => at,
            };
            self.end_line(cut);
            at = cut;
        }
    }

    fn spaces(&mut self, from: usize, to: usize) {
        self.used += self.clusters[from..to].iter().map(|it| it.width).sum::<f32>();
    }

    fn fits(&self, width: f32) -> bool {
        // A thousandth of a point: sums of floats in another order must not wrap a line.
        self.used + width <= self.width + 0.001
    }

    fn take(&mut self, width: f32) {
        self.used += width;
        self.ink = self.used;
    }

    /// Ends the line before cluster `next`.
    fn end_line(&mut self, next: usize) {
        let clusters = &self.clusters[self.start..next];
        let visible = clusters.iter().rposition(|it| it.first != ' ').map_or(0, |last| last + 1);
        let width = clusters[..visible].iter().map(|it| it.width).sum();
        let start = self.byte(self.start);
        self.out.push(Line { start, end: self.byte(next), width, cut: false });
        (self.start, self.used, self.ink) = (next, 0.0, 0.0);
    }

    fn finish(&mut self, at: usize) {
        let more = self.start < self.clusters.len();
        if !self.full() && (more || self.out.is_empty()) {
            let start = self.byte(self.start);
            self.out.push(Line { start, end: self.byte(at), width: self.ink, cut: false });
        } else if more && let Some(last) = self.out.last_mut() {
            last.cut = true;
        }
    }

    fn byte(&self, cluster: usize) -> u32 {
        self.clusters.get(cluster).map_or(self.end, |it| it.at)
    }
}

fn word_end(clusters: &[Cluster], from: usize) -> usize {
    let mut at = from;
    while at < clusters.len() && clusters[at].first != ' ' {
        let (here, next) = (clusters[at].first, clusters.get(at + 1).map(|it| it.first));
        at += 1;
        let between = cluster::is_ideograph(here) || next.is_some_and(cluster::is_ideograph);
        if between && !cluster::opens(here) && !next.is_some_and(cluster::closes) {
            break;
        }
    }
    at
}

fn spaces_end(clusters: &[Cluster], from: usize) -> usize {
    let spaces = clusters[from..].iter().take_while(|it| it.first == ' ').count();
    from + spaces
}

fn has_break(word: &[Cluster]) -> bool {
    word.len() >= LONG && (1..word.len()).any(|at| is_break(word, at, SEPARATORS))
}

/// The last good place at or before `limit` to end a line within `word`.
fn best_break(word: &[Cluster], limit: usize) -> Option<usize> {
    let last = |signs: &str| (1..=limit).rev().find(|at| is_break(word, *at, signs));
    last(SEPARATORS).or_else(|| last(SIGNS))
}

/// Whether a line may end before `at`: behind a separator, but not within a row of them nor within the
/// numbers of a version, for nobody reads `4.` and `17.0` as one.
fn is_break(word: &[Cluster], at: usize, signs: &str) -> bool {
    let Some(next) = word.get(at).map(|it| it.first) else { return false };
    let before = word[at - 1].first;
    signs.contains(before) && !signs.contains(next) && !(before == '.' && next.is_ascii_digit())
}

#[cfg(test)]
mod tests;
