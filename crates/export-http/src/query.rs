//! Query strings, read strictly: each parameter once, and none that the route does not know.

use std::fmt::Display;
use std::str::FromStr;

use axum::extract::Query;
use axum::http::Uri;
use export_core::code::Code;
use export_core::problem::{FieldError, Problem};
use export_core::time::{DateBound, Timestamp};

use crate::problem::Refusal;

const DEFAULT_LIMIT: usize = 50;
const MAX_LIMIT: usize = 200;

/// The parameters of one request. What was not taken by the end is unknown, and refused.
pub(crate) struct Parameters {
    given: Vec<(String, String)>,
    known: Vec<&'static str>,
    errors: Vec<FieldError>,
}

impl Parameters {
    pub(crate) fn of(uri: &Uri) -> Self {
        let mut errors = Vec::new();
        let given = Query::try_from_uri(uri).map_or_else(
            |_| {
                errors.push(FieldError::new("/query", "cannot be read as name=value pairs"));
                Vec::new()
            },
            |Query(pairs)| pairs,
        );
        Self { given, known: Vec::new(), errors }
    }

    /// Takes a parameter as it was given; empty counts as a value.
    pub(crate) fn text(&mut self, name: &'static str) -> Option<String> {
        self.known.push(name);
        let mut found = self.given.extract_if(.., |(given, _)| given == name).map(|(_, value)| value);
        let (first, second) = (found.next(), found.next());
        drop(found);
        if second.is_some() {
            self.error(name, "is given more than once");
        }
        first
    }

    /// Takes a parameter that holds a `T`.
    pub(crate) fn word<T: FromStr<Err: Display>>(&mut self, name: &'static str) -> Option<T> {
        let text = self.text(name)?;
        text.parse().map_err(|problem: T::Err| self.error(name, problem)).ok()
    }

    /// Takes the size of a page.
    pub(crate) fn limit(&mut self) -> usize {
        let Some(text) = self.text("limit") else { return DEFAULT_LIMIT };
        let limit = text.parse().ok().filter(|limit| (1..=MAX_LIMIT).contains(limit));
        limit.unwrap_or_else(|| {
            self.error("limit", format!("must be a whole number from 1 to {MAX_LIMIT}"));
            DEFAULT_LIMIT
        })
    }

    /// Takes a time, which may be one relative to `now`.
    pub(crate) fn time(&mut self, name: &'static str, now: Timestamp) -> Option<Timestamp> {
        self.word::<DateBound>(name).map(|bound| bound.resolve(now))
    }

    /// Says that `detail` is wrong with parameter `name`.
    pub(crate) fn error(&mut self, name: &str, detail: impl Display) {
        self.errors.push(FieldError::new(format!("/query/{name}"), detail.to_string()));
    }

    /// Refuses what was wrong, and every parameter that was not taken.
    ///
    /// # Errors
    /// `invalid_parameter`, with each place as `/query/NAME`.
    pub(crate) fn finish(mut self) -> Result<(), Refusal> {
        for (name, _) in &self.given {
            let known = if self.known.is_empty() { "none".to_owned() } else { self.known.join(", ") };
            let place = format!("/query/{}", export_core::strict_json::escape_token(name));
            self.errors
                .push(FieldError::new(place, format!("is not a known parameter; known here: {known}")));
        }
        let detail = match self.errors.as_slice() {
            [] => return Ok(()),
            [one] => format!("{} {}", one.pointer, one.detail),
            many => format!("{} parameters are not valid; see errors", many.len()),
        };
        Err(Box::new(Problem::new(Code::InvalidParameter, detail).with_errors(self.errors)).into())
    }
}
