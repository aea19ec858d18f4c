//! `lowtide tide hold`, `lowtide tide release`

use clap::Args;
use lowtide_diagnostic::Diagnostic;
use lowtide_tide::{Phase, moment};

use super::Which;
use crate::{
    exit::Exit,
    shell::{Ended, Shell},
    workspace::Workspace,
};

/// Hold stacks as they are, up or down, against their schedules.
#[derive(Debug, Args)]
pub struct Hold {
    #[command(flatten)]
    which: Which,

    /// Until when: 22:00 or 2026-11-27T22:00, on the schedule's clock; 2026-11-27T22:00:00Z; or for how long: 90m, 4h, 2d.
    #[arg(long, value_name = "TIME")]
    until: String,
}

/// End what hold began.
#[derive(Debug, Args)]
pub struct Release {
    #[command(flatten)]
    which: Which,
}

impl Hold {
    pub fn run(self, shell: &Shell) -> Ended {
        shell.run(|_| async move {
            let mut workspace = Workspace::open_with(shell, &self.which.values)?;
            let (loaded, now) = (self.which.scheduled(&mut workspace)?, self.which.now());
            for one in &loaded {
                let engine = &workspace.engine;
                let Some(status) = engine.tide(one, now).await.map_err(|trouble| workspace.stopped(trouble))? else { continue };
                let until = moment(&self.until, now, &status.schedule).filter(|until| *until > now).ok_or_else(|| {
                    Diagnostic::error("Invalid time", format!("`{}`, given as --until, is no time that is to come.", self.until))
                        .hint("write 22:00, 2026-11-27T22:00, 2026-11-27T22:00:00Z, or how long: 90m, 4h, 2d")
                })?;
                let held = engine.hold(one, until, now).await.map_err(|trouble| workspace.stopped(trouble))?;
                let phase = held.map_or(status.actual(), |hold| hold.phase);
                // A turn may be under way, or have ended halfway; the tide leaves alone only what it brought up whole.
                let whole = phase == Phase::Down || status.notes.reached == Some(Phase::Up);
                let more = if whole { "" } else { "; the next tick brings what it lacks" };
                shell.console.talk(&format!("{} stays {} until {}{more}.", one.key.stack, phase.word(), status.clock(until)));
            }
            Ok(Exit::Done)
        })
    }
}

impl Release {
    pub fn run(self, shell: &Shell) -> Ended {
        shell.run(|_| async move {
            let mut workspace = Workspace::open_with(shell, &self.which.values)?;
            for one in &self.which.scheduled(&mut workspace)? {
                let held = workspace.engine.release(one).await.map_err(|trouble| workspace.stopped(trouble))?;
                let words = if held { "follows its schedule again" } else { "was not held" };
                shell.console.talk(&format!("{} {words}.", one.key.stack));
            }
            Ok(Exit::Done)
        })
    }
}
