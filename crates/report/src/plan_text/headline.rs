//! The first line of an entry: symbol, address, what happens and why.

use anstyle::Style;

use super::{Entry, Sort, reason};
use crate::{
    clean,
    style::{ADDED, BOLD, CHANGED, DESTROYED, MUTED, READ, REPLACED, paint},
};

impl Sort {
    /// Returns its symbol and colour.
    pub fn sign(self) -> (&'static str, Style) {
        match self {
            Self::Create => ("+", ADDED),
            Self::Update => ("~", CHANGED),
            Self::Replace { create_first: true } => ("+/-", REPLACED),
            Self::Replace { create_first: false } => ("-/+", REPLACED),
            Self::Delete => ("-", DESTROYED),
            Self::Read => ("<=", READ),
            Self::Adopt => ("=", READ),
            Self::Forget => (".", MUTED),
        }
    }

    fn style(self) -> Style {
        self.sign().1
    }
}

/// Returns the first line of an entry.
pub fn headline(entry: &Entry<'_>) -> String {
    let sort = entry.sort();
    let (sign, style) = sort.sign();
    let gap = 4_usize.saturating_sub(sign.len());
    let address = paint(BOLD, clean::line(&entry.step.address.to_string()));
    let (what, why) = (reason::what(entry), reason::why(entry));
    let what = paint(sort.style(), what);
    let why = why.map(|why| clean::line(&format!(": {why}"))).unwrap_or_default();
    format!("{:gap$}{} {address} {what}{why}{}\n", "", paint(style, sign), physical(entry))
}

/// Returns the physical id where it helps to find the thing that is changed or goes.
fn physical(entry: &Entry<'_>) -> String {
    let step = entry.old.unwrap_or(entry.step);
    let id = step.physical_id.as_deref().filter(|id| !id.is_empty());
    id.map(|id| format!("  {}", paint(MUTED, format!("[{}]", clean::shortened(&clean::line(id), 60))))).unwrap_or_default()
}
