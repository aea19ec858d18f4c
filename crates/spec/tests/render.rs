//! Diagnostics as plain text, for comparison.

use std::fmt::Write;

use lowtide_diagnostic::{Diagnostic, Diagnostics, Place, Severity, Sources};

/// Renders diagnostics as the `.report` files beside the samples hold them.
pub fn render(all: &Diagnostics, sources: &Sources) -> String {
    all.iter().map(|one| diagnostic(one, sources)).collect::<Vec<_>>().join("\n")
}

fn diagnostic(one: &Diagnostic, sources: &Sources) -> String {
    let mut out = String::new();
    let word = if one.severity == Severity::Error { "error" } else { "warning" };
    let at = one.place.as_ref().map_or_else(|| "nowhere".to_owned(), |place| place_of(place, sources));
    let _ = writeln!(out, "{word}: {}\n  at {at}\n  {}", one.summary, one.detail.replace('\n', "\n  "));
    for (place, words) in &one.related {
        let _ = writeln!(out, "  see {}: {words}", place_of(place, sources));
    }
    for hint in &one.hints {
        let _ = writeln!(out, "  hint: {hint}");
    }
    out
}

fn place_of(place: &Place, sources: &Sources) -> String {
    let source = sources.get(place.source).expect("a known source");
    let (line, column) = sources.line_and_column(place).expect("a place in it");
    let covered = source.text.get(place.span()).unwrap_or("?").lines().next().unwrap_or_default();
    format!("{}:{line}:{column} `{covered}`", source.path.file_name().unwrap_or_default().to_string_lossy())
}
