//! `lowtide tide run`

use std::{collections::BTreeMap, time::Duration};

use clap::Args;
use lowtide_apply::Stop;
use lowtide_engine::Tick;
use lowtide_plan::Options;
use lowtide_tide::{Cause, Phase, Timestamp};
use serde_json::json;
use tokio::sync::watch;

use super::{
    Which,
    due::{Due, in_order, words},
};
use crate::{
    carry_out::{How, carry_out},
    exit::{Exit, Stopped},
    shell::{Ended, Shell, unless_stopped},
    signals,
    workspace::Workspace,
};

/// How long a running tide sleeps before it looks again: holds and specs may change meanwhile.
const PAUSE: Duration = Duration::from_secs(60);

/// Bring stacks up and take them down as their schedules say, without questions.
///
/// What should be follows from the time, the schedule and holds alone, so whatever was missed is caught up. A mistake in one stack
/// does not stop the others. What requires another comes after it, and goes before it. A stack that was brought up is left to people
/// until it goes.
#[derive(Debug, Args)]
pub struct Run {
    #[command(flatten)]
    which: Which,

    /// Do what is due now, and end: for cron, EventBridge or CI. Otherwise it goes on until it is stopped.
    #[arg(long)]
    once: bool,

    /// How many resources are worked on at once.
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=256))]
    parallelism: u16,

    /// Print what happens as lines of JSON on stdout.
    #[arg(long)]
    pub json: bool,
}

/// How a stack went.
enum Went {
    /// It is as it should be, or went as far as it could.
    Ended(Exit),
    /// It stays up, as something is tagged.
    Kept,
}

impl Run {
    pub fn run(self, shell: &Shell) -> Ended {
        shell.run(|stop| async move {
            loop {
                let exit = self.once(shell, &stop).await?;
                if self.once || exit == Exit::Interrupted {
                    return Ok(exit);
                }
                tokio::select! {
                    () = tokio::time::sleep(PAUSE) => {}
                    () = signals::asked(&stop) => return Ok(Exit::Done),
                }
            }
        })
    }

    /// Does what is due, stack by stack, each for itself: first what goes, then what comes.
    async fn once(&self, shell: &Shell, stop: &watch::Receiver<Stop>) -> Ended {
        let now = self.which.now();
        let mut worst = Exit::Done;
        let mut due = BTreeMap::new();
        for name in self.names(shell)? {
            match Due::load(shell, &self.which, &name, now, stop).await {
                Ok(found) => due.extend(found.map(|one| (name, one))),
                Err(stopped) => match stopped.tell(shell.console, self.json) {
                    Exit::Interrupted => return Ok(Exit::Interrupted),
                    exit => worst = worse(worst, exit),
                },
            }
        }
        let mut order = in_order(&due);
        while let Some((member, waits)) = order.next() {
            if let Some(waits) = waits {
                self.say(shell, &member.stack, &words(&waits), member.should.other(), "none")?;
                continue;
            }
            match self.one(shell, &due[&member.stack], now, stop.clone()).await {
                Ok(Went::Ended(exit)) => worst = worse(worst, exit),
                Ok(Went::Kept) => order.stays_up(&member),
                Err(stopped) => worst = worse(worst, stopped.tell(shell.console, self.json)),
            }
            if worst == Exit::Interrupted {
                break;
            }
        }
        Ok(worst)
    }

    fn names(&self, shell: &Shell) -> Result<Vec<String>, Stopped> {
        if !self.which.stacks.is_empty() {
            return Ok(self.which.stacks.clone());
        }
        let workspace = Workspace::open_with(shell, &self.which.values)?;
        Ok(workspace.engine.project.stacks.keys().map(ToString::to_string).collect())
    }

    async fn one(&self, shell: &Shell, due: &Due, now: Timestamp, stop: watch::Receiver<Stop>) -> Result<Went, Stopped> {
        let Due { loaded, status } = due;
        let mut workspace = Workspace::open_with(shell, &self.which.values)?;
        workspace.load(std::slice::from_ref(&loaded.key.stack))?;
        workspace.show_progress();
        let tick = unless_stopped(&stop, workspace.engine.tick(loaded, now)).await?.map_err(|trouble| workspace.stopped(trouble))?;
        let Some(tick) = tick else { return Ok(Went::Ended(Exit::Done)) };
        let stack = &loaded.key.stack;
        let (should, plans) = match tick {
            Tick::Nothing(should) => {
                let why = match should.cause {
                    Cause::Held(until) => format!("held until {}", status.clock(until)),
                    Cause::Schedule => "as it should be".to_owned(),
                };
                self.say(shell, stack, &format!("is {}, {why}", should.phase.word()), should.phase, "none")?;
                return Ok(Went::Ended(Exit::Done));
            }
            Tick::Kept { by, until } => {
                self.say(shell, stack, &format!("stays up until {}, as {by} is tagged", status.clock(until)), Phase::Up, "none")?;
                return Ok(Went::Kept);
            }
            Tick::Turns(should, plans) => (should, plans),
        };
        self.say(shell, stack, &format!("goes {}", should.phase.word()), should.phase, should.phase.word())?;
        let options = Options { destroy: should.phase == Phase::Down, ..Options::default() };
        let how = How { approved: true, json: self.json, parallelism: self.parallelism.into() };
        let exit = carry_out(shell, &mut workspace, plans, &options, &how, stop).await?;
        if exit == Exit::Done {
            workspace.engine.reached(loaded, should.phase).await.map_err(|trouble| workspace.stopped(trouble))?;
        }
        Ok(Went::Ended(exit))
    }

    fn say(&self, shell: &Shell, stack: &str, words: &str, phase: Phase, action: &str) -> Result<(), Stopped> {
        if self.json {
            let line = json!({ "type": "tide", "format_version": "1.0", "stack": stack, "phase": phase.word(), "action": action });
            return Ok(shell.console.data_line(&line.to_string())?);
        }
        shell.console.talk(&format!("{stack}: {words}"));
        Ok(())
    }
}

/// Returns how both together ended: what failed is not outdone by what somebody else has in hand.
fn worse(one: Exit, other: Exit) -> Exit {
    let rank = |exit: Exit| match exit {
        Exit::Done | Exit::Changes => 0,
        Exit::Held => 1,
        Exit::Failed => 2,
        Exit::Interrupted => 3,
    };
    if rank(other) > rank(one) { other } else { one }
}
