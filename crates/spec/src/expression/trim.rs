//! What `~` takes away: white space of the literal text beside an interpolation or directive.
//!
//! As in HCL, a marker reaches as far as its line does: the line break belongs to the line it ends, and the indentation of
//! the line after stays. Text inside quotes has no lines and is trimmed whole.

/// Whether a text has lines for a `~` to stop at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lines {
    /// The string of a spec, or a template file.
    Kept,
    /// A string in quotes inside an expression.
    None,
}

/// Trims the start of the text that follows `~}`.
pub(super) fn after(text: &str, lines: Lines) -> &str {
    let end = match lines {
        Lines::Kept => text.find('\n').map_or(text.len(), |at| at + 1),
        Lines::None => text.len(),
    };
    let first = text[..end].trim_start();
    &text[end - first.len()..]
}

/// Trims the end of the text that comes before `${~` or `%{~`.
pub(super) fn before(text: &str, lines: Lines) -> &str {
    let without_break = text.strip_suffix('\n').unwrap_or(text);
    let start = match lines {
        Lines::Kept => without_break.rfind('\n').map_or(0, |at| at + 1),
        Lines::None => 0,
    };
    &text[..start + text[start..].trim_end().len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_reaches_as_far_as_its_line() {
        for (text, lines, trimmed) in [
            ("  \n  a", Lines::Kept, "  a"),
            ("  a\n", Lines::Kept, "a\n"),
            (" \n\n a", Lines::Kept, "\n a"),
            (" \n\n a", Lines::None, "a"),
        ] {
            assert_eq!(after(text, lines), trimmed, "{text:?}");
        }
        for (text, lines, trimmed) in
            [("a\n  ", Lines::Kept, "a\n"), ("a  \n", Lines::Kept, "a"), ("a\n\n", Lines::Kept, "a\n"), ("a\n \n ", Lines::None, "a")]
        {
            assert_eq!(before(text, lines), trimmed, "{text:?}");
        }
    }
}
