//! The colours. They add, never carry: everything reads well without them.
//!
//! Rendering functions return text with ANSI codes; [`Console`](crate::Console) takes them out where they are not wanted.

use std::fmt::Display;

use anstyle::{AnsiColor, Style};

/// What comes into being.
pub const ADDED: Style = AnsiColor::Green.on_default();
/// What is changed in place.
pub const CHANGED: Style = AnsiColor::Yellow.on_default();
/// What is replaced, and what forces it.
pub const REPLACED: Style = AnsiColor::Magenta.on_default();
/// What goes away.
pub const DESTROYED: Style = AnsiColor::Red.on_default();
/// What is only read or taken on.
pub const READ: Style = AnsiColor::Cyan.on_default();
/// What may be skipped while reading.
pub const MUTED: Style = Style::new().dimmed();
/// What the eye should find first.
pub const BOLD: Style = Style::new().bold();
/// The word `error`.
pub const ERROR: Style = AnsiColor::Red.on_default().bold();
/// The word `warning`.
pub const WARNING: Style = AnsiColor::Yellow.on_default().bold();
/// The word `hint`.
pub const HINT: Style = AnsiColor::Cyan.on_default().bold();

/// Returns text in a style; empty text stays empty.
pub fn paint(style: Style, text: impl Display) -> String {
    let text = text.to_string();
    if text.is_empty() { text } else { format!("{style}{text}{style:#}") }
}

/// Returns text without its colours.
pub fn unpainted(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

/// Returns how many characters of a painted text are seen.
pub(crate) fn width(text: &str) -> usize {
    unpainted(text).chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_comes_off_again() {
        let text = format!("{} and {}", paint(ADDED, "one"), paint(MUTED, ""));
        assert_eq!(unpainted(&text), "one and ");
        assert_eq!(width(&text), 8);
    }
}
