//! What goes and comes when another state takes the place of the current one, as text.

use lowtide_state::Record;

use crate::{
    clean,
    style::{ADDED, BOLD, CHANGED, DESTROYED, paint},
};

/// Returns a line for each thing that is forgotten, is remembered again, or is remembered in another way.
pub fn exchange_text(going: &[Record], coming: &[Record], changing: &[Record]) -> String {
    let mut parts = Vec::new();
    let mut section = |heading: &str, mark: String, all: &[Record]| {
        if !all.is_empty() {
            let lines: String = all.iter().map(|record| format!("   {mark} {}\n", named(record))).collect();
            parts.push(format!("{}\n{lines}", paint(BOLD, heading)));
        }
    };
    section("Forgotten; these stay in AWS:", paint(DESTROYED, "-"), going);
    section("Remembered again:", paint(ADDED, "+"), coming);
    section("Remembered in another way:", paint(CHANGED, "~"), changing);
    if parts.is_empty() { "The same resources are remembered, in the same way.\n".to_owned() } else { parts.join("\n") }
}

/// Returns a record's address, and what AWS calls the thing.
fn named(record: &Record) -> String {
    format!("{} [{}]", clean::line(&record.address.to_string()), clean::line(&record.id))
}
