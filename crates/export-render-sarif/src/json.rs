//! JSON that is appended member by member: what every result has.
//!
//! A derived `Serialize` asks for the name of each of some fifty members, a million times; here names are constants with
//! their commas, quotes and colons. What few results have goes through serde as everywhere.

use export_render_kit::json;
use serde::Serialize;

/// The end of a buffer.
pub(crate) struct Json<'o>(pub(crate) &'o mut Vec<u8>);

impl Json<'_> {
    /// Appends JSON as it stands: brackets, names of members.
    pub(crate) fn raw(&mut self, json: &'static str) -> &mut Self {
        self.0.extend_from_slice(json.as_bytes());
        self
    }

    /// Appends a member whose value is a string; `name` brings its comma, quotes and colon.
    pub(crate) fn member(&mut self, name: &'static str, text: &str) -> &mut Self {
        self.raw(name);
        json::write_text(text, self.0);
        self
    }

    /// Appends a member whose value is a word of ours, with nothing to escape.
    pub(crate) fn word(&mut self, name: &'static str, word: &'static str) -> &mut Self {
        self.raw(name).raw("\"").raw(word).raw("\"")
    }

    /// Appends a member, if its value is known.
    pub(crate) fn maybe(&mut self, name: &'static str, text: Option<&str>) -> &mut Self {
        match text {
            Some(text) => self.member(name, text),
            None => self,
        }
    }

    /// Appends `digits` divided by ten to the power of `places`.
    pub(crate) fn decimal(&mut self, digits: u32, places: u32) -> &mut Self {
        let mut scale = 10_u32.pow(places);
        self.value(&(digits / scale)).raw(".");
        for _ in 0..places {
            scale /= 10;
            let digit = u8::try_from(digits / scale % 10).expect("a digit");
            self.0.push(b'0' + digit);
        }
        self
    }

    /// Appends anything.
    pub(crate) fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> &mut Self {
        json::write(value, self.0).expect("our types have names for their members");
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact() {
        let decimal = |digits, places| {
            let mut out = Vec::new();
            Json(&mut out).decimal(digits, places);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(
            [decimal(98, 1), decimal(100, 1), decimal(43, 5), decimal(0, 5)],
            ["9.8", "10.0", "0.00043", "0.00000"]
        );
    }
}
