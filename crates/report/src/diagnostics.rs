//! Diagnostics as text: the place in the user's own words, what is wrong, why, and what to do.

use std::fmt::Write;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};
use lowtide_diagnostic::{Diagnostic, Diagnostics, Place, Severity, Source, Sources};

use crate::{
    clean,
    style::{ERROR, HINT, WARNING, paint},
    words,
};

/// Returns all diagnostics, each with its snippet, and a line that counts them; empty when there are none.
pub fn diagnostics_text(all: &Diagnostics, sources: &Sources, width: usize) -> String {
    if all.is_empty() {
        return String::new();
    }
    let mut out: String = all.iter().map(|one| diagnostic_text(one, sources, width) + "\n").collect();
    let style = if all.has_errors() { ERROR } else { WARNING };
    let _ = writeln!(out, "{}", paint(style, format!("{}.", diagnostics_summary(all))));
    out
}

/// Returns how many there are: `2 errors and 1 warning`.
pub fn diagnostics_summary(all: &Diagnostics) -> String {
    let number = |severity| all.iter().filter(|one| one.severity == severity).count();
    let counts = [(number(Severity::Error), "error"), (number(Severity::Warning), "warning")];
    let words: Vec<_> = counts.iter().filter(|(number, _)| *number > 0).map(|(number, noun)| words::count(*number, noun)).collect();
    if words.is_empty() { "no errors".to_owned() } else { words::list(&words) }
}

/// Returns one diagnostic as text, ended by a line break.
pub fn diagnostic_text(one: &Diagnostic, sources: &Sources, width: usize) -> String {
    let mut out = head(one, sources, width);
    out.push('\n');
    let below = width.saturating_sub(4).clamp(40, 110);
    if !one.detail.is_empty() {
        for line in words::wrapped(&clean::paragraphs(&one.detail), below) {
            let _ = writeln!(out, "{}", format!("  {line}").trim_end());
        }
    }
    for (_, words) in one.related.iter().filter(|(place, _)| found(place, sources).is_none()) {
        let _ = writeln!(out, "  see: {}", clean::line(words));
    }
    for hint in &one.hints {
        let mut lines = words::wrapped(&clean::paragraphs(hint), below - 6).into_iter();
        let _ = writeln!(out, "  {} {}", paint(HINT, "hint:"), lines.next().unwrap_or_default());
        lines.for_each(|line| out.push_str(&format!("        {line}\n")));
    }
    out
}

/// Returns title and snippets.
fn head(one: &Diagnostic, sources: &Sources, width: usize) -> String {
    let level = match one.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(clean::line(&one.summary));
    let main = one.place.as_ref().and_then(|place| found(place, sources).map(|found| (place.source, found)));
    let Some((number, (source, span))) = main else {
        return Renderer::styled().render(&[Group::with_title(title)]);
    };
    let mut first = snippet(source).annotation(AnnotationKind::Primary.span(span));
    let mut others = Vec::new();
    for (place, words) in &one.related {
        let Some((source, span)) = found(place, sources) else { continue };
        let label = clean::line(words);
        if place.source == number {
            first = first.annotation(AnnotationKind::Context.span(span).label(label));
        } else {
            others.push(snippet(source).annotation(AnnotationKind::Context.span(span).label(label)));
        }
    }
    Renderer::styled().term_width(width).render(&[title.element(first).elements(others)])
}

fn snippet(source: &Source) -> Snippet<'_, Annotation<'_>> {
    Snippet::source(source.shown()).path(clean::line(&source.path.to_string_lossy()))
}

/// Returns the text of a place and its span there, cut to one line; nothing when it is no place in a text.
fn found<'a>(place: &Place, sources: &'a Sources) -> Option<(&'a Source, std::ops::Range<usize>)> {
    let source = sources.get(place.source)?;
    let covered = source.text.get(place.span())?;
    let first = covered.find('\n').map_or(covered, |end| &covered[..end]).trim_end();
    Some((source, place.start..place.start + first.len()))
}
