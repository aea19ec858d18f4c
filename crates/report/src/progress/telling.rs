//! Events as lines of text.

use std::{collections::BTreeMap, time::Duration};

use lowtide_model::Address;
use lowtide_plan::{Action, Event, Outcome, StepId};

use super::verbs;
use crate::{
    clean,
    doubt::recovered_text,
    style::{ADDED, BOLD, CHANGED, DESTROYED, MUTED, WARNING, paint},
    words,
};

/// The first wait that is told; each further one after twice the time.
const FIRST_WAIT: Duration = Duration::from_secs(10);
/// No longer than this passes without a word.
const LONGEST_SILENCE: Duration = Duration::from_secs(300);

/// What is said when the user asks to stop.
pub const STOPPING: &str = "Stopping. What is under way comes to a safe point; once more stops at once, and is as safe.";

/// Tells events line by line, and remembers what it needs for that.
#[derive(Debug, Default)]
pub struct Telling {
    running: BTreeMap<StepId, Running>,
}

/// A step under way.
#[derive(Debug)]
struct Running {
    address: Address,
    action: Action,
    next: Duration,
}

impl Telling {
    /// Returns the line for an event, if it deserves one.
    pub fn line(&mut self, event: &Event) -> Option<String> {
        Some(match event {
            Event::Recovered(one) => recovered_text(one),
            Event::Observing { stack, resources } => {
                format!("{}: looking at {}…", clean::line(&stack.stack), words::count(*resources, "resource"))
            }
            Event::Observed { .. } | Event::Applied { .. } => return None,
            Event::Applying { stack, steps } => {
                self.running.clear();
                format!("{}: taking {}…", clean::line(&stack.stack), words::count(*steps, "step"))
            }
            Event::Started { step, address, action } => {
                self.running.insert(*step, Running { address: address.clone(), action: *action, next: FIRST_WAIT });
                format!("{}: {}…", shown(address), verbs(*action)[0])
            }
            Event::Waiting { step, reason, elapsed } => self.waiting(*step, reason, *elapsed)?,
            Event::Retrying { step, fault, attempt } => {
                // The second try, the fourth, the eighth: enough to know, not a flood.
                let running = self.running.get(step).filter(|_| attempt.is_power_of_two())?;
                let fault = clean::shortened(&clean::line(fault), 200);
                format!("{}: {} (try {attempt}) {}", shown(&running.address), paint(WARNING, "trying again"), paint(MUTED, fault))
            }
            Event::Ended { step, address, action, outcome, elapsed } => {
                self.running.remove(step);
                ended(address, *action, outcome, *elapsed)
            }
            Event::Stopping => paint(WARNING, STOPPING),
        })
    }

    /// Returns a line about a wait, at growing intervals.
    fn waiting(&mut self, step: StepId, reason: &str, elapsed: Duration) -> Option<String> {
        let running = self.running.get_mut(&step).filter(|running| elapsed >= running.next)?;
        while running.next <= elapsed {
            running.next += running.next.min(LONGEST_SILENCE);
        }
        let what = format!("still {}", verbs(running.action)[0]);
        let reason = if reason.is_empty() { String::new() } else { format!(", {}", clean::line(reason)) };
        Some(format!("{}: {what}{reason} {}", shown(&running.address), paint(MUTED, format!("({})", words::duration(elapsed)))))
    }
}

/// Returns the line that says how a step went.
pub fn ended(address: &Address, action: Action, outcome: &Outcome, elapsed: Duration) -> String {
    let [doing, done] = verbs(action);
    let time = paint(MUTED, format!("in {}", words::duration(elapsed)));
    let style = match action {
        Action::Create | Action::Adopt => ADDED,
        Action::Update | Action::Read => CHANGED,
        Action::Delete | Action::Forget => DESTROYED,
    };
    let rest = match outcome {
        Outcome::Done(id) => {
            let id = id.as_deref().filter(|id| !id.is_empty() && action != Action::Delete);
            let id = id.map(|id| paint(MUTED, format!(" [{}]", clean::shortened(&clean::line(id), 80)))).unwrap_or_default();
            format!("{} {time}{id}", paint(style, done))
        }
        Outcome::Left(why) => format!("{} {time}, but {}", paint(style, done), clean::line(why)),
        Outcome::Watched(until) => format!("{} {time}, and watched until {}", paint(style, done), words::moment(*until)),
        Outcome::Failed(found) => {
            let after = paint(MUTED, format!("after {}", words::duration(elapsed)));
            format!("{} {after}: {}", paint(DESTROYED, format!("{doing} failed")), clean::line(&found.summary))
        }
        Outcome::Skipped(because) => format!("{}, because {} did not succeed", paint(MUTED, "skipped"), clean::line(&because.to_string())),
        Outcome::Interrupted => format!("{} while {doing}", paint(WARNING, "interrupted")),
    };
    format!("{}: {rest}", shown(address))
}

fn shown(address: &Address) -> String {
    paint(BOLD, clean::line(&address.to_string()))
}
