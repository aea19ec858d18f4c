//! Everything the user sees, as pure functions from data to text, and [`Console`], the one writer.

mod clean;
mod console;
mod diagnostics;
mod diagnostics_json;
mod plan_text;
pub mod style;
mod value;
mod words;

pub use console::Console;
pub use diagnostics::{diagnostic_text, diagnostics_summary, diagnostics_text};
pub use diagnostics_json::{diagnostic_json, diagnostics_json};
pub use plan_text::{plan_summary, plan_text, total_summary};
