//! A tree of named lines with marks, and how it is printed.

use anstyle::Style;

use crate::style::{self, ADDED, CHANGED, DESTROYED, paint};

/// What happens to a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mark {
    /// Nothing: it gives a place to what stands below it.
    #[default]
    None,
    /// It comes.
    Added,
    /// It goes.
    Removed,
    /// It becomes something else.
    Changed,
}

/// A named line and what stands below it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Branch {
    /// What happens to it.
    pub mark: Mark,
    /// Its name; empty for an element or a line of text.
    pub name: String,
    /// What stands beside the name, perhaps painted.
    pub text: String,
    /// What stands below.
    pub below: Vec<Branch>,
    /// Whether it is an element with members, which starts with a bullet instead of a line of its own.
    pub bullet: bool,
}

impl Mark {
    fn sign(self) -> (&'static str, Style) {
        match self {
            Self::None => (" ", Style::new()),
            Self::Added => ("+", ADDED),
            Self::Removed => ("-", DESTROYED),
            Self::Changed => ("~", CHANGED),
        }
    }
}

impl Branch {
    /// Returns a line with a name and a text.
    pub fn leaf(mark: Mark, name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { mark, name: name.into(), text: text.into(), ..Self::default() }
    }

    /// Returns a name with branches below it.
    pub fn node(mark: Mark, name: impl Into<String>, below: Vec<Branch>) -> Self {
        Self { mark, name: name.into(), below, ..Self::default() }
    }

    /// Returns an element with members.
    pub fn bullet(below: Vec<Branch>) -> Self {
        Self { bullet: true, below, ..Self::default() }
    }
}

/// Names longer than this don't push the others' values to the right.
const WIDEST_NAME: usize = 32;

/// Returns the branches as lines, the marks in a column after `margin` spaces.
pub fn printed(branches: &[Branch], margin: usize) -> String {
    let line = |(mark, text): &(Mark, String)| {
        let (sign, style) = mark.sign();
        let sign = if *mark == Mark::None { sign.to_owned() } else { paint(style, sign) };
        format!("{:margin$}{sign} {text}", "").trim_end().to_owned() + "\n"
    };
    lines(branches).iter().map(line).collect()
}

fn lines(branches: &[Branch]) -> Vec<(Mark, String)> {
    let beside = branches.iter().filter(|branch| !branch.text.is_empty() && !branch.name.is_empty());
    let widest = beside.map(|branch| style::width(&branch.name)).filter(|width| *width <= WIDEST_NAME).max().unwrap_or_default();
    let mut all = Vec::new();
    for branch in branches {
        let below = lines(&branch.below);
        if branch.bullet {
            let bulleted = |(at, (mark, text)): (usize, (Mark, String))| (mark, format!("{} {text}", if at == 0 { "•" } else { " " }));
            all.extend(below.into_iter().enumerate().map(bulleted));
            continue;
        }
        let Branch { mark, name, text, .. } = branch;
        let gap = widest.saturating_sub(style::width(name));
        match (name.is_empty(), text.is_empty()) {
            (true, _) => all.push((*mark, text.clone())),
            (false, true) => all.push((*mark, format!("{name}:"))),
            (false, false) => all.push((*mark, format!("{name}:{:gap$} {text}", ""))),
        }
        all.extend(below.into_iter().map(|(mark, text)| (mark, format!("  {text}"))));
    }
    all
}
