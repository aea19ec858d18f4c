//! Why a step went wrong, in words for people.

use lowtide_diagnostic::Diagnostic;
use lowtide_plan::{Action, Step};
use lowtide_resource::{Class, Fault};

use super::{Going, batch::not_written};
use crate::{again_in, work::Trouble};

impl Going<'_> {
    /// Says what went wrong with a step, where it is declared, and what to do.
    pub(super) fn explain(&self, step: &Step, trouble: &Trouble) -> Diagnostic {
        let doing = match step.action {
            Action::Create => "created",
            Action::Update => "updated",
            Action::Delete => "destroyed",
            Action::Read => "read",
            Action::Adopt => "adopted",
            Action::Forget => "forgotten",
        };
        let what = format!("`{}` could not be {doing}", step.address);
        let place = self.job.world.configuration.declaration(&step.address.declared).map(|declaration| declaration.place.clone());
        let next = "the next apply goes on from where this one stopped";
        let diagnostic = match trouble {
            Trouble::Fault(fault) => explain_fault(&what, fault),
            Trouble::Impatient { doing, minutes } => {
                Diagnostic::error("Took too long", format!("{what}: after {minutes} minutes AWS still says: {doing}."))
                    .hint(format!("wait and apply again, {next}; or give it longer with timeouts"))
            }
            Trouble::Broken(why) => Diagnostic::error("Broken", format!("{what}: AWS says it has failed: {why}")).hint(next),
            Trouble::Unlike(names) => {
                let list = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
                Diagnostic::error(
                    "Not taken by AWS",
                    format!("{what} as asked for: AWS took the request, but {list} reads back otherwise."),
                )
                .hint(next)
            }
            Trouble::Foreign(said) => {
                Diagnostic::error("Already exists", format!("{what}: there is one already, and it is not this stack's ({said})."))
                    .hint(format!("to take it on, run: lowtide import {} '{}' ID", self.job.plan.stack.stack, step.address))
            }
            Trouble::Untellable => {
                let detail = format!(
                    "{what}: there is one of its name now that the plan did not show, and nothing tells whose it is. It was left alone."
                );
                Diagnostic::error("Not known whose it is", detail).hint("plan again: the plan then shows what is there")
            }
            Trouble::InDoubt => {
                let detail =
                    format!("{what}: the reply was lost, and its request may still arrive. It is left open, as nobody waits for it.");
                Diagnostic::error("Operation in doubt", detail).hint(again_in(self.job.settings.settle_window))
            }
            Trouble::NotWritten => not_written(step),
        };
        diagnostic.at(place)
    }
}

fn explain_fault(what: &str, fault: &Fault) -> Diagnostic {
    let diagnostic = |summary: &str| Diagnostic::error(summary, format!("{what}. AWS says: {fault}"));
    match fault.class {
        Class::Denied => diagnostic("Access denied")
            .hint(format!("the credentials in use may not call {}:{}; allow it, or use others", fault.service, fault.operation)),
        Class::Unauthenticated => diagnostic("No valid credentials").hint("log in again, or check AWS_PROFILE and the AWS_… variables"),
        Class::Unreachable => diagnostic("Endpoint unreachable").hint("check the network, the region and AWS_ENDPOINT_URL"),
        Class::Limit => diagnostic("Quota reached").hint("ask AWS for a higher quota, or free some of it"),
        Class::InUse => diagnostic("Still in use").hint("something outside this stack may use it; remove that first"),
        Class::Throttled => diagnostic("Throttled for too long").hint("apply again, with a lower --parallelism"),
        Class::Ambiguous => diagnostic("Reply lost").hint("apply again: what may have happened is looked for first"),
        Class::NotYet | Class::Busy | Class::NotFound | Class::AlreadyExists | Class::Invalid | Class::Other => {
            diagnostic("Refused by AWS")
        }
    }
}
