//! Plain lines, for pipes and logs.

use std::sync::{Mutex, PoisonError};

use lowtide_plan::{Event, Listener};

use super::telling::Telling;
use crate::Console;

/// Tells what happens line by line, to stderr.
#[derive(Debug, Default)]
pub struct Lines {
    console: Console,
    telling: Mutex<Telling>,
}

impl Lines {
    /// Returns a teller.
    pub fn new(console: Console) -> Self {
        Self { console, telling: Mutex::default() }
    }
}

impl Listener for Lines {
    fn hear(&self, event: &Event) {
        let mut telling = self.telling.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(line) = telling.line(event) {
            self.console.talk(&line);
        }
    }
}
