//! Whole outputs, as snapshots, and the law that nothing sensitive is ever shown.

mod diagnostics;
mod drift;
mod explain;
mod graphs;
mod kinds;
mod plans;
mod plans_json;
mod progress;
mod sample;
mod secrets;
mod states;

/// Returns text without its colours, after checking that what remains can't steer a terminal.
fn plain(text: &str) -> String {
    let plain = lowtide_report::style::unpainted(text);
    assert!(!plain.chars().any(|letter| letter.is_control() && letter != '\n'), "{plain:?}");
    plain
}
