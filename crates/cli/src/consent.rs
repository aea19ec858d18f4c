//! Asking whether to go on.

use std::io::BufRead;

use lowtide_apply::Stop;
use lowtide_diagnostic::Diagnostic;
use tokio::sync::watch;

use crate::{
    exit::{Exit, Stopped},
    shell::{Shell, unless_stopped},
};

/// Asks whether to go on; where nobody can be asked, `hints` say what else may be done.
///
/// # Errors
/// When the answer is not yes, or there is none.
pub async fn ask(shell: &Shell, what: &str, hints: &[&str], stop: &watch::Receiver<Stop>) -> Result<(), Stopped> {
    if !shell.console.can_ask() {
        let detail = "There is no terminal on which to ask whether to go on. Nothing was done.";
        let needed = Diagnostic::error("Approval needed", detail);
        return Err(hints.iter().fold(needed, |needed, hint| needed.hint(*hint)).into());
    }
    shell.console.ask(&format!("\n{what} Type yes to go on: "));
    let answer = tokio::task::spawn_blocking(|| {
        let mut answer = String::new();
        std::io::stdin().lock().read_line(&mut answer).map(|_| answer)
    });
    let answer = match unless_stopped(stop, answer).await {
        Ok(answer) => answer.map_err(std::io::Error::other).flatten().unwrap_or_default(),
        Err(stopped) => {
            shell.console.talk("");
            return Err(stopped);
        }
    };
    if answer.trim().eq_ignore_ascii_case("yes") {
        shell.console.talk("");
        return Ok(());
    }
    shell.console.talk("Nothing was done.");
    Err(Stopped::Said(Exit::Failed))
}
