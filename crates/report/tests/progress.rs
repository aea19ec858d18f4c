//! Progress and the closing words.

use std::time::Duration;

use insta::assert_snapshot;
use lowtide_diagnostic::{Diagnostic, Sources};
use lowtide_plan::{Action, Event, Listener, Outcome, Recovered, Recovery};
use lowtide_report::{
    ending_text,
    progress::{Tally, event_json, event_line},
};
use lowtide_state::Attempt;

use crate::{
    plain,
    sample::{address, stack},
};

fn seconds(time: u64) -> Duration {
    Duration::from_secs(time)
}

fn ended(step: usize, at: &str, action: Action, outcome: Outcome) -> Event {
    Event::Ended { step, address: address(at), action, outcome, elapsed: Duration::from_millis(1_240) }
}

fn events() -> Vec<Event> {
    let started = |step, at: &str, action| Event::Started { step, address: address(at), action };
    let recovered = |at: &str, attempt, how| Event::Recovered(Recovered { stack: stack("base"), address: address(at), attempt, how });
    let mut all = vec![
        recovered("aws_eip.nat", Attempt::Create, Recovery::Adopted("eipalloc-1".to_owned())),
        recovered("aws_vpc.old", Attempt::Create, Recovery::Nothing),
        recovered("aws_ecs_service.web", Attempt::Create, Recovery::Free),
        recovered("aws_lb.main", Attempt::Update, Recovery::Seen),
        recovered("aws_vpc.late", Attempt::Create, Recovery::Open(1_767_225_900)),
        recovered("aws_iam_role.gone", Attempt::Delete, Recovery::Gone),
        recovered("aws_iam_role.back", Attempt::Delete, Recovery::Back("back".to_owned())),
        Event::Observing { stack: stack("base"), resources: 43 },
        Event::Observed { stack: stack("base") },
        Event::Applying { stack: stack("base"), steps: 9 },
        started(0, "aws_vpc.main", Action::Create),
        ended(0, "aws_vpc.main", Action::Create, Outcome::Done(Some("vpc-123".to_owned()))),
        started(1, "aws_nat_gateway.a", Action::Create),
    ];
    all.extend((1..240).map(|second| Event::Waiting { step: 1, reason: "provisioning".to_owned(), elapsed: seconds(second) }));
    all.extend((2..9).map(|attempt| Event::Retrying { step: 1, fault: "Throttling: rate\u{1b} exceeded".to_owned(), attempt }));
    let failed = Diagnostic::error("Access denied", "ec2:CreateNatGateway is denied for arn:aws:iam::123456789012:user/ci.");
    all.extend([
        ended(1, "aws_nat_gateway.a", Action::Create, Outcome::Failed(failed)),
        ended(2, "aws_route.out", Action::Create, Outcome::Skipped(address("aws_nat_gateway.a"))),
        ended(3, "aws_subnet.x", Action::Update, Outcome::Skipped(address("aws_nat_gateway.a"))),
        ended(4, "aws_lb.main", Action::Delete, Outcome::Done(None)),
        ended(5, "aws_lb.main", Action::Create, Outcome::Done(Some("arn".to_owned()))),
        ended(6, "aws_kms_key.data", Action::Delete, Outcome::Left("AWS keeps it for seven days".to_owned())),
        ended(8, "aws_iam_role.web", Action::Delete, Outcome::Watched(1_767_225_900)),
        Event::Stopping,
        ended(7, "aws_ecs_service.web", Action::Update, Outcome::Interrupted),
        Event::Applied { stack: stack("base"), elapsed: seconds(254) },
    ]);
    all
}

#[test]
fn lines_tell_enough_and_are_no_flood() {
    let mut teller = event_line();
    let lines: Vec<_> = events().iter().filter_map(&mut teller).map(|line| plain(&line)).collect();
    assert_snapshot!(lines.join("\n"));
}

#[test]
fn as_json_each_event_is_a_line() {
    let few = events().into_iter().filter(|event| !matches!(event, Event::Waiting { .. } | Event::Retrying { .. }));
    let lines: Vec<_> = few.map(|event| event_json(&event, &Sources::default()).to_string()).collect();
    assert_snapshot!(lines.join("\n"));
}

#[test]
fn the_end_says_what_failed_and_what_to_do() {
    let tally = Tally::default();
    events().iter().for_each(|event| tally.hear(event));
    let ending = tally.endings().pop().expect("one ending");
    assert_snapshot!(plain(&ending_text(&ending, false, &Sources::default(), 100)));
}

#[test]
fn a_good_end_is_one_line() {
    let tally = Tally::default();
    tally.hear(&Event::Applying { stack: stack("base"), steps: 3 });
    tally.hear(&ended(0, "aws_vpc.a", Action::Create, Outcome::Done(None)));
    tally.hear(&ended(1, "aws_vpc.b", Action::Update, Outcome::Done(None)));
    tally.hear(&Event::Applied { stack: stack("base"), elapsed: seconds(14) });
    tally.hear(&Event::Applying { stack: stack("runtime"), steps: 1 });
    tally.hear(&ended(0, "aws_vpc.c", Action::Delete, Outcome::Done(None)));
    tally.hear(&Event::Applied { stack: stack("runtime"), elapsed: seconds(2) });
    let ends: Vec<_> = tally
        .endings()
        .iter()
        .map(|ending| plain(&ending_text(ending, ending.stack.stack == "runtime", &Sources::default(), 100)))
        .collect();
    let expected =
        ["Apply complete: 1 created, 1 updated, 0 replaced, 0 destroyed in 14 s.\n", "Destroy complete: 1 destroyed in 2.0 s.\n"];
    assert_eq!(ends, expected);
}
