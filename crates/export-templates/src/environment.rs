//! The environment that templates run in: names from a closed set, strict, escaped, and of bounded cost.

use std::collections::BTreeMap;

use export_render_kit::charts::Mark;
use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value};

use crate::templates::Limits;
use crate::{bounded, format, style, tidy};

/// An environment over `sources`, which is all that a template can name.
pub(crate) fn environment(sources: BTreeMap<String, String>, limits: Limits) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_loader(move |name| Ok(sources.get(name).cloned()));
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_formatter(print);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(limits.fuel));
    environment.set_recursion_limit(limits.recursion);
    // Only for the column of a mistake: what the engine notes down besides never leaves `TemplateError`.
    environment.set_debug(true);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.expect("the delimiters are the default ones"));

    environment.remove_filter("safe");
    environment.remove_global("debug");
    bounded::replace_filters(&mut environment);
    environment.add_global("tokens", Value::from_safe_string(style::tokens_css()));
    environment.add_filter("wrap", |text: &str| Value::from_safe_string(tidy::wrap(text)));
    environment.add_filter("count", format::count);
    environment.add_filter("mark", mark);
    environment
}

/// Prints a value: text is escaped here whatever the template says of escaping, so that
/// `{% autoescape false %}` changes nothing.
fn print(out: &mut Output<'_>, _: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    let written = match value.as_str() {
        Some(text) if value.is_safe() => out.write_str(text),
        Some(text) => out.write_str(&tidy::escape(text)),
        None => out.write_str(&tidy::escape(&bounded::text(value)?)),
    };
    written.map_err(Error::from)
}

/// The mark of a severity, by its word: a letter on the shape that the style sheet has for it.
fn mark(word: &str) -> Result<Value, Error> {
    let mark =
        Mark::from_word(word).ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "not a severity"))?;
    let (word, letter) = (mark.word(), mark.letter());
    let class = word.to_lowercase();
    Ok(Value::from_safe_string(format!(
        r#"<span class="mark mark-{class}" role="img" aria-label="{word}">{letter}</span>"#
    )))
}
