//! What a command prints, as it is shown: all of what is short, beginning and end of what is long.

use std::collections::VecDeque;

use lowtide_report::Console;

const BEGINNING: usize = 24;
const END: usize = 48;

/// The lines of one command, shown as they come.
pub struct Printed {
    console: Console,
    whole: bool,
    shown: usize,
    /// What came after the beginning and is not shown yet.
    held: VecDeque<String>,
}

impl Printed {
    /// Returns a command's lines before the first; `whole` shows all of them.
    pub fn new(console: Console, whole: bool) -> Self {
        Self { console, whole, shown: 0, held: VecDeque::new() }
    }

    /// Shows a line, or holds it back.
    pub fn line(&mut self, line: String) -> std::io::Result<()> {
        if self.whole || self.shown < BEGINNING {
            self.shown += 1;
            return self.show(&line);
        }
        self.held.push_back(line);
        Ok(())
    }

    /// Shows the end; and what would be left out as well when the command did not end as it should.
    pub fn end(mut self, as_expected: bool) -> std::io::Result<()> {
        if as_expected && self.held.len() > END {
            let left_out = self.held.len() - END;
            self.held.drain(..left_out);
            self.console.data_line(&format!("  : {left_out} lines are left out here (--whole shows them)"))?;
        }
        self.held.iter().try_for_each(|line| self.show(line))
    }

    fn show(&self, line: &str) -> std::io::Result<()> {
        self.console.data(&format!("{}\n", format!("  | {line}").trim_end()))
    }
}
