//! Operations that an earlier run left in doubt, in words.

use lowtide_model::Address;
use lowtide_plan::{Recovered, Recovery};
use lowtide_state::{Attempt, Intent, Record};

use crate::{
    clean,
    style::{BOLD, paint},
    words,
};

/// Returns the line that says what became of an operation.
pub fn recovered_text(one: &Recovered) -> String {
    let how = match &one.how {
        Recovery::Adopted(id) => format!("was made by an earlier run ({}), and is in the state now", clean::line(id)),
        Recovery::Nothing => "was not made by an earlier run that was at it; the next apply makes it if it is still asked for".to_owned(),
        Recovery::Free => "has not been made so far by an earlier run that was at it; an apply makes it if it is still asked for, and a \
             destroy waits whether it still appears"
            .to_owned(),
        Recovery::Seen => format!("was being {} when an earlier run ended; the plan sees what there is", attempted(one.attempt)),
        Recovery::Open(until) => {
            format!("is left open: a request of an earlier run may still arrive until {}; the next run sees to it", words::moment(*until))
        }
        Recovery::Gone => "stays gone, and is watched no longer".to_owned(),
        Recovery::Back(id) => format!(
            "was deleted and is there again ({}); the next destroy deletes it, or an apply where it is not declared",
            clean::line(id)
        ),
    };
    format!("{} {how}", whose(&one.stack.stack, &one.address))
}

/// Returns the line that says that an operation of a stack is in doubt, and by which command people find out.
pub fn in_doubt_text(stack: &str, intent: &Intent, command: &str) -> String {
    let doing = attempted(intent.attempt);
    let whose = whose(stack, &intent.address);
    format!("{whose} is in doubt: an earlier run ended while it was being {doing}. To find out: {command}")
}

/// Returns the line that says that what a stack deleted may come back, and by which command people find out.
pub fn watched_text(stack: &str, record: &Record, command: &str) -> String {
    let until = record.lingers_until().map(words::moment).unwrap_or_default();
    let whose = whose(stack, &record.address);
    format!("{whose} is deleted, and a request whose reply was lost may make it anew until {until}. To find out: {command}")
}

fn whose(stack: &str, address: &Address) -> String {
    format!("{}: {}", clean::line(stack), paint(BOLD, clean::line(&address.to_string())))
}

fn attempted(attempt: Attempt) -> &'static str {
    match attempt {
        Attempt::Create => "created",
        Attempt::Update => "updated",
        Attempt::Delete => "destroyed",
    }
}
