//! What every command is handed: the console, the environment, and a runtime when it needs one.

use std::{future::Future, path::Path};

use lowtide_apply::Stop;
use lowtide_diagnostic::{Diagnostic, Diagnostics, Sources};
use lowtide_report::{Console, diagnostics_text};
use tokio::sync::watch;

use crate::{
    arguments::Common,
    environment::Environment,
    exit::{Exit, Stopped},
    signals,
};

/// How a command ends.
pub type Ended = Result<Exit, Stopped>;

/// What every command is handed.
pub struct Shell {
    /// The one way to print.
    pub console: Console,
    /// The id of this run, 32 hexadecimal digits: all that it asks of AWS names it, and so does what it writes down.
    pub run: String,
    /// The environment.
    pub environment: Environment,
    /// Options that reach beyond one command.
    pub common: Common,
}

impl Shell {
    /// Goes to the folder where work is to be done.
    ///
    /// # Errors
    /// When there is no such folder.
    pub fn enter(&self, directory: Option<&Path>) -> Result<(), Stopped> {
        let Some(directory) = directory else { return Ok(()) };
        std::env::set_current_dir(directory).map_err(|error| {
            let detail = format!("`{}`, given as -C, can't be entered: {}.", directory.display(), error.kind());
            Diagnostic::error("No such folder", detail).into()
        })
    }

    /// Tells people what they are warned of, if anything.
    pub fn warn(&self, warnings: &Diagnostics, sources: &Sources) {
        if !warnings.is_empty() {
            self.console.talk(&diagnostics_text(warnings, sources, self.console.width()));
        }
    }

    /// Does what takes time. Until something is written, the first signal ends it; `work` is handed the means to see to
    /// that itself from then on.
    ///
    /// # Errors
    /// As `work`.
    pub fn run<F: Future<Output = Ended>>(&self, work: impl FnOnce(watch::Receiver<Stop>) -> F) -> Ended {
        let workers = std::thread::available_parallelism().map_or(2, |cores| cores.get().min(4));
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(workers).enable_all().build()?;
        let ended = runtime.block_on(async { work(signals::listen(self.console)).await });
        // A question that nobody answered still waits for its line.
        runtime.shutdown_background();
        ended
    }
}

/// Does something that changes nothing, until it is done or somebody asks to stop.
///
/// # Errors
/// When somebody asked to stop.
pub async fn unless_stopped<T>(stop: &watch::Receiver<Stop>, work: impl Future<Output = T>) -> Result<T, Stopped> {
    tokio::select! {
        done = work => Ok(done),
        () = signals::asked(stop) => Err(Stopped::Interrupted),
    }
}
