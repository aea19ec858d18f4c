//! Everything the user sees, as pure functions from data to text, and [`Console`], the one writer.
//!
//! Text comes with ANSI colours, which the console takes out where they are not wanted; JSON comes as
//! [`serde_json::Value`], with a version. What comes from AWS or from users is made safe for a terminal on its way, and
//! what is sensitive is masked here whatever the caller forgot. To show something new: a function from its data to text in
//! a file of its own, on top of `value` where it shows values, and a snapshot of the whole output in `tests`.

mod clean;
mod console;
mod diagnostics;
mod diagnostics_json;
mod doubt;
mod drift;
mod exchange;
mod explain;
pub mod graph;
mod history;
mod json;
mod outputs;
mod plan_json;
mod plan_text;
pub mod progress;
mod state_json;
mod state_text;
pub mod style;
mod tide;
mod value;
mod words;

pub use console::Console;
pub use diagnostics::{diagnostic_text, diagnostics_summary, diagnostics_text};
pub use diagnostics_json::{diagnostic_json, diagnostics_json};
pub use doubt::{in_doubt_text, recovered_text, watched_text};
pub use drift::{drift_json, drift_markdown, drift_text};
pub use exchange::exchange_text;
pub use explain::{explain_attribute, explain_kind, facts_markdown, kind_markdown, kinds_text};
pub use graph::{graph_dot, graph_mermaid};
pub use history::{history_json, history_text, history_verdict, shortened};
pub use outputs::{output_text, outputs_json, outputs_text};
pub use plan_json::{PlanDocument, plan_json};
pub use plan_text::{plan_summary, plan_text, total_summary};
pub use progress::ending_text;
pub use state_json::state_json;
pub use state_text::{state_list, state_show, state_text};
pub use tide::{next_json, next_text, tide_json, tide_text};
pub use words::count;
