//! How a run ends: the exit code, and the last words.

use std::{io, process::ExitCode};

use lowtide_diagnostic::{Diagnostic, Diagnostics, Sources};
use lowtide_engine::Trouble;
use lowtide_report::{Console, diagnostics_json, diagnostics_text};

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done, or there was nothing to do.
    Done = 0,
    /// Something was wrong.
    Failed = 1,
    /// `plan --detailed-exitcode` found changes.
    Changes = 2,
    /// The user stopped it; nothing is lost.
    Interrupted = 3,
    /// Someone else is writing the same state.
    Held = 4,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a run ended before its end.
pub enum Stopped {
    /// Something is wrong, or someone else is at work. The texts that it points into.
    Trouble(Trouble, Sources),
    /// All that is to be said has been said.
    Said(Exit),
    /// The user stopped it before anything was changed.
    Interrupted,
    /// Stdout can't be written.
    Output(io::Error),
}

impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl From<Diagnostic> for Stopped {
    fn from(wrong: Diagnostic) -> Self {
        Self::Trouble(wrong.into(), Sources::default())
    }
}

impl From<Diagnostics> for Stopped {
    fn from(wrong: Diagnostics) -> Self {
        Self::Trouble(wrong.into(), Sources::default())
    }
}

impl Stopped {
    /// Says why: to people on stderr, and to programs on stdout where they read it.
    pub fn tell(self, console: Console, json: bool) -> Exit {
        let (found, sources, exit) = match self {
            Self::Trouble(Trouble::Wrong(found), sources) => (found, sources, Exit::Failed),
            Self::Trouble(Trouble::Held(found), sources) => (found.into(), sources, Exit::Held),
            Self::Said(exit) => return exit,
            Self::Interrupted => {
                console.talk("Interrupted. Nothing was changed.");
                return Exit::Interrupted;
            }
            Self::Output(error) => {
                let detail = format!("Stdout can't be written: {error}.");
                (Diagnostic::error("Output not writable", detail).into(), Sources::default(), Exit::Failed)
            }
        };
        if json {
            // There is one exit code either way.
            let mut document = diagnostics_json(&found, &sources);
            document["type"] = "diagnostics".into();
            let _ = console.json(&document);
        }
        console.talk(&diagnostics_text(&found, &sources, console.width()));
        exit
    }
}

/// Says what is wrong with the arguments, or prints the help or the version that was asked for.
pub fn usage(console: Console, error: &clap::Error) -> Exit {
    let text = error.render().ansi().to_string();
    if error.use_stderr() {
        console.talk(&text);
        return Exit::Failed;
    }
    console.data(&text).map_or(Exit::Failed, |()| Exit::Done)
}

/// Makes a panic say where it was and ask for a report. What it says itself may hold values, and is not shown.
pub fn explain_panics(console: Console) {
    std::panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map_or_else(|| "an unknown place".to_owned(), |place| format!("{}:{}", place.file(), place.line()));
        let version = env!("CARGO_PKG_VERSION");
        console.talk(&format!(
            "error: Internal error\n  Lowtide {version} met a mistake of its own, at {place}.\n  What was done until then is written down, and \
             the next run goes on from there.\n  hint: please report it, with this message and what you did"
        ));
    }));
}

/// Keeps the system from writing our memory to a file when we crash: it holds credentials and secrets.
#[cfg(unix)]
pub fn leave_no_core() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    // Where it can't be had, what the system does is its administrator's business.
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
}

/// Keeps the system from writing our memory to a file, where it does.
#[cfg(not(unix))]
pub fn leave_no_core() {}
