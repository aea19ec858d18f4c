//! Readers of [`Event`]s: bars on a terminal, plain lines elsewhere, JSON lines for programs, and the
//! tally that the closing words come from. Each is a [`Listener`]; several may hear at once.

mod bars;
mod ending;
mod json_lines;
mod lines;
mod tally;
mod telling;

pub use bars::Bars;
pub use ending::ending_text;
pub use json_lines::{JsonLines, event_json};
pub use lines::Lines;
pub use tally::{Ending, Tally};

use lowtide_plan::{Action, Event, Listener};

/// Several listeners that hear the same.
#[derive(Default)]
pub struct All(Vec<Box<dyn Listener>>);

impl All {
    /// Returns a listener that passes everything on to these.
    pub fn new(listeners: Vec<Box<dyn Listener>>) -> Self {
        Self(listeners)
    }
}

impl Listener for All {
    fn hear(&self, event: &Event) {
        self.0.iter().for_each(|listener| listener.hear(event));
    }
}

/// Returns a teller: given each event in turn, it returns the line that the event deserves, if any.
pub fn event_line() -> impl FnMut(&Event) -> Option<String> {
    let mut telling = telling::Telling::default();
    move |event| telling.line(event)
}

/// Returns the words for an action under way and for one that is done.
fn verbs(action: Action) -> [&'static str; 2] {
    match action {
        Action::Create => ["creating", "created"],
        Action::Update => ["updating", "updated"],
        Action::Delete => ["destroying", "destroyed"],
        Action::Read => ["reading", "read"],
        Action::Adopt => ["taking on", "taken on"],
        Action::Forget => ["forgetting", "forgotten"],
    }
}
