//! Diagnostics as JSON, in the shape of `terraform validate -json`.

use lowtide_diagnostic::{Diagnostic, Diagnostics, Place, Severity, Sources};
use serde_json::{Value as Json, json};

/// The version of the format.
const FORMAT: &str = "1.0";

/// Returns all diagnostics as one document with a version.
pub fn diagnostics_json(all: &Diagnostics, sources: &Sources) -> Json {
    let number = |severity| all.iter().filter(|one| one.severity == severity).count();
    json!({
        "format_version": FORMAT,
        "valid": !all.has_errors(),
        "error_count": number(Severity::Error),
        "warning_count": number(Severity::Warning),
        "diagnostics": all.iter().map(|one| diagnostic_json(one, sources)).collect::<Vec<_>>(),
    })
}

/// Returns one diagnostic as a JSON object.
pub fn diagnostic_json(one: &Diagnostic, sources: &Sources) -> Json {
    let severity = match one.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut object = json!({ "severity": severity, "summary": one.summary, "detail": one.detail, "hints": one.hints });
    if let Some(place) = &one.place {
        if let Some(range) = range(place, sources) {
            object["range"] = range;
        }
        if let Some(snippet) = snippet(place, sources) {
            object["snippet"] = snippet;
        }
    }
    let related: Vec<_> =
        one.related.iter().filter_map(|(place, words)| Some(json!({ "range": range(place, sources)?, "words": words }))).collect();
    if !related.is_empty() {
        object["related"] = related.into();
    }
    object
}

fn range(place: &Place, sources: &Sources) -> Option<Json> {
    let source = sources.get(place.source)?;
    let at = |byte: usize| {
        let (line, column) = sources.line_and_column(&Place { source: place.source, start: byte, end: byte })?;
        Some(json!({ "line": line, "column": column, "byte": byte }))
    };
    Some(json!({ "filename": source.path.to_string_lossy(), "start": at(place.start)?, "end": at(place.end)? }))
}

/// Returns the lines the place is on, and where in them it begins and ends.
fn snippet(place: &Place, sources: &Sources) -> Option<Json> {
    let text = sources.get(place.source)?.shown();
    text.get(place.span())?;
    let start = text[..place.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[place.end..].find('\n').map_or(text.len(), |at| place.end + at);
    Some(json!({
        "context": null,
        "code": text[start..end],
        "start_line": sources.line_and_column(place)?.0,
        "highlight_start_offset": place.start - start,
        "highlight_end_offset": place.end - start,
        "values": [],
    }))
}
