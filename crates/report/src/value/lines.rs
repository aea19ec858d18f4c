//! Text of several lines: whole, or only what changes with a little around it.

use similar::{ChangeTag, TextDiff};

use super::{Branch, Mark};
use crate::{
    clean,
    style::{ADDED, DESTROYED, MUTED, paint},
};

/// Lines of text shown before the rest is only counted.
const LONGEST: usize = 24;
/// Unchanged lines shown around a change.
const AROUND: usize = 2;

/// Returns the lines of a text, safe for a terminal.
pub fn text_lines(text: &str) -> Vec<String> {
    text.lines().map(clean::paragraphs).collect()
}

/// Returns lines as branches; a long text's end is only counted.
pub fn whole(mark: Mark, lines: Vec<String>) -> Vec<Branch> {
    let more = lines.len().saturating_sub(LONGEST);
    let shown = lines.len() - more;
    let mut all: Vec<_> = lines.into_iter().take(shown).map(|line| Branch::leaf(mark, "", line)).collect();
    if more > 0 {
        all.push(Branch::leaf(mark, "", paint(MUTED, format!("… {more} more lines"))));
    }
    all
}

/// Returns the lines that differ, with a little around them.
pub fn differing(before: &str, after: &str) -> Vec<Branch> {
    let (before, after) = (clean::paragraphs(before), clean::paragraphs(after));
    let difference = TextDiff::from_lines(before.as_str(), after.as_str());
    let mut all = Vec::new();
    for (at, group) in difference.grouped_ops(AROUND).iter().enumerate() {
        if at > 0 {
            all.push(Branch::leaf(Mark::None, "", paint(MUTED, "⋯")));
        }
        for change in group.iter().flat_map(|op| difference.iter_changes(op)) {
            let line = change.value().trim_end_matches('\n');
            all.push(match change.tag() {
                ChangeTag::Equal => Branch::leaf(Mark::None, "", paint(MUTED, line)),
                ChangeTag::Delete => Branch::leaf(Mark::Removed, "", paint(DESTROYED, line)),
                ChangeTag::Insert => Branch::leaf(Mark::Added, "", paint(ADDED, line)),
            });
        }
    }
    all
}
