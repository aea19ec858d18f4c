//! The one place that prints. Data goes to stdout, talk to stderr; colours stay only where they are wanted.

use std::{
    borrow::Cow,
    io::{self, ErrorKind, IsTerminal, Write},
};

use crate::clean::colours_only;

/// The way out: everything the user sees goes through it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Console;

impl Console {
    /// Returns the console of this process.
    pub fn new() -> Self {
        Self
    }

    /// Writes data to stdout: as it is, or on a terminal without what could steer it. A reader that went away is no error: nobody is left to tell.
    ///
    /// # Errors
    /// When stdout can't be written for another reason, such as a full disk.
    pub fn data(&self, text: &str) -> io::Result<()> {
        let text = if io::stdout().is_terminal() { colours_only(text).into() } else { Cow::Borrowed(text) };
        let mut out = anstream::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            done => done,
        }
    }

    /// Writes data to stdout and ends the line if it is not ended.
    ///
    /// # Errors
    /// As [`Console::data`].
    pub fn data_line(&self, text: &str) -> io::Result<()> {
        if text.ends_with('\n') { self.data(text) } else { self.data(&format!("{text}\n")) }
    }

    /// Writes a JSON document to stdout: indented on a terminal, on one line elsewhere.
    ///
    /// # Errors
    /// As [`Console::data`].
    pub fn json(&self, document: &serde_json::Value) -> io::Result<()> {
        self.data_line(&if io::stdout().is_terminal() { format!("{document:#}") } else { document.to_string() })
    }

    /// Writes talk to stderr and ends the line if it is not ended. When stderr is gone there is nobody to talk to.
    pub fn talk(&self, text: &str) {
        let mut out = anstream::stderr().lock();
        let end = if text.ends_with('\n') { "" } else { "\n" };
        let _ = out.write_all(format!("{}{end}", colours_only(text)).as_bytes()).and_then(|()| out.flush());
    }

    /// Writes a question to stderr and leaves the cursor behind it.
    pub fn ask(&self, question: &str) {
        let mut out = anstream::stderr().lock();
        let _ = out.write_all(colours_only(question).as_bytes()).and_then(|()| out.flush());
    }

    /// Returns whether somebody watches: whether talk goes to a terminal.
    pub fn is_watched(&self) -> bool {
        io::stderr().is_terminal()
    }

    /// Returns whether somebody can answer: whether questions reach a terminal and answers come from one.
    pub fn can_ask(&self) -> bool {
        self.is_watched() && io::stdin().is_terminal()
    }

    /// Returns whether talk keeps its colours.
    pub fn is_coloured(&self) -> bool {
        anstream::AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never
    }

    /// Returns how many columns there are; 100 where there is no terminal.
    pub fn width(&self) -> usize {
        let size = terminal_size::terminal_size_of(io::stdout()).or_else(|| terminal_size::terminal_size_of(io::stderr()));
        size.map_or(100, |(terminal_size::Width(columns), _)| usize::from(columns).clamp(60, 160))
    }
}
