//! Warns of a shared state that is older than what this machine has seen of it.

use std::sync::Arc;

use lowtide_diagnostic::{Diagnostic, Diagnostics, Sources};
use lowtide_ledger::{LastSeen, Mark, WentBack};
use lowtide_report::diagnostics_text;

use crate::shell::Shell;

/// Returns the memory of this machine; none where there is no place for it.
pub fn last_seen(shell: &Shell) -> Option<Arc<LastSeen>> {
    let folder = shell.environment.cache()?.join("lowtide").join("seen");
    let console = shell.console;
    Some(LastSeen::new(folder, move |back| {
        let warning: Diagnostics = [warning(back)].into_iter().collect();
        console.talk(&diagnostics_text(&warning, &Sources::default(), console.width()));
    }))
}

fn warning(back: &WentBack) -> Diagnostic {
    let WentBack { place, seen, now, file } = back;
    let there = match now {
        None => "there is none now".to_owned(),
        Some(now) if now.lineage != seen.lineage => "the one that is there now is another, of another lineage".to_owned(),
        Some(now) => format!("now it is at {}", shown(now)),
    };
    let detail = format!(
        "This machine has seen the state in {place} at {}, and {there}. A state never goes back by itself: somebody has put back an older \
         copy, or removed it. A plan made from it may miss what was made since.",
        shown(seen)
    );
    Diagnostic::warning("State went back", detail)
        .hint("look at `lowtide state history`, and at the versions that the bucket keeps of its objects")
        .hint(format!("if it is meant to be so, delete {}", file.display()))
}

fn shown(mark: &Mark) -> String {
    format!("serial {} of epoch {}", mark.serial, mark.epoch)
}
