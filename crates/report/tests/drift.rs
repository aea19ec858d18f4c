//! Drift and tides as text, JSON and Markdown.

use insta::assert_snapshot;
use lowtide_plan::{Blocked, Drift, StackDrift};
use lowtide_report::{drift_json, drift_markdown, drift_text, next_json, next_text, tide_json, tide_text};
use lowtide_tide::{Hold, Notes, Phase, Schedule, TideStatus, Timestamp};

use crate::{
    plain,
    sample::{address, change, map, secret, stack, text},
};

fn found() -> Vec<StackDrift> {
    let drift = |at: &str, changes| Drift { address: address(at), changes, gone: false };
    vec![
        StackDrift {
            stack: stack("base"),
            looked: 7,
            changed: vec![drift(
                "aws_lb.main",
                vec![change("idle_timeout", text("60"), text("9|0")), change("token", secret("a"), secret("b"))],
            )],
            missing: vec![address("aws_eip.nat")],
            undeclared: vec![
                drift("aws_vpc.main", vec![change("tags.owner", lowtide_model::Planned::NULL, text("somebody"))]),
                drift("aws_x.y", vec![change("labels", map(&[]), map(&[("a", text("b"))]))]),
            ],
            unseen: vec![Blocked { address: address("aws_iam_role.task"), why: "AccessDenied: not allowed".to_owned() }],
        },
        StackDrift { looked: 3, ..StackDrift::none(stack("runtime")) },
    ]
}

#[test]
fn drift_is_shown_whole() {
    assert_snapshot!(plain(&drift_text(&found(), 110)));
    assert_snapshot!(format!("{:#}", drift_json(&found())));
    assert_snapshot!(drift_markdown(&found()));
}

#[test]
fn tides_are_shown_on_their_own_clock() {
    let at = |text: &str| text.parse::<Timestamp>().expect("a time");
    let schedule = || Schedule::new("America/New_York", "0 8 * * MON-FRI", "0 20 * * MON-FRI").expect("a schedule");
    let now = at("2026-11-27T17:00:00Z");
    let up = TideStatus { stack: "runtime".to_owned(), schedule: schedule(), notes: Notes::default(), resources: 18, open: 0, now };
    let held = Notes { hold: Some(Hold { phase: Phase::Down, until: at("2026-11-27T19:00:00Z") }), reached: None };
    let all = [up.clone(), TideStatus { stack: "edge".to_owned(), notes: held, resources: 1, open: 2, ..up }];
    assert_snapshot!(plain(&tide_text(&all)));
    assert_snapshot!(format!("{:#}", tide_json(&all)));
    assert_snapshot!(next_text(&all, 4));
    assert_snapshot!(format!("{:#}", next_json(&all, 2)));
}
