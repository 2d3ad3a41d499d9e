//! Where in an element something stands.

use std::fmt;

use export_core::strict_json::escape_token;

/// A place below an element, as a list from the inside out that lives on the stack of whoever walks.
#[derive(Debug, Clone, Copy, Default)]
pub struct Path<'a>(Option<(&'a Path<'a>, Step<'a>)>);

#[derive(Debug, Clone, Copy)]
enum Step<'a> {
    Member(&'a str),
    Item(usize),
}

impl<'a> Path<'a> {
    /// The element itself.
    pub const ROOT: Path<'static> = Path(None);

    pub(crate) const fn member(&'a self, name: &'a str) -> Self {
        Self(Some((self, Step::Member(name))))
    }

    pub(crate) const fn item(&'a self, index: usize) -> Self {
        Self(Some((self, Step::Item(index))))
    }

    /// The JSON pointer (RFC 6901): `/licenses/0/license/id`.
    #[must_use]
    pub fn pointer(&self) -> String {
        self.steps(|step, pointer| match step {
            Step::Member(name) => pointer.extend(["/", &escape_token(name)]),
            Step::Item(index) => pointer.push_str(&format!("/{index}")),
        })
    }

    /// The kind of place, the same for all items of a list: `.licenses[].license.id`.
    #[must_use]
    pub fn field(&self) -> String {
        self.steps(|step, field| match step {
            Step::Member(name) => field.extend([".", name]),
            Step::Item(_) => field.push_str("[]"),
        })
    }

    pub(crate) fn depth(&self) -> usize {
        let mut depth = 0;
        let mut at = self;
        while let Some((outer, _)) = at.0 {
            depth += 1;
            at = outer;
        }
        depth
    }

    fn steps(&self, mut write: impl FnMut(Step<'_>, &mut String) + Copy) -> String {
        match self.0 {
            None => String::new(),
            Some((outer, step)) => {
                let mut text = outer.steps(write);
                write(step, &mut text);
                text
            }
        }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.pointer())
    }
}
