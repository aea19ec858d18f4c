//! Plans as text.

use insta::assert_snapshot;
use lowtide_diagnostic::Sources;
use lowtide_model::Planned;
use lowtide_plan::{Action, Plan, Reason};
use lowtide_report::{plan_summary, plan_text};

use crate::{
    plain,
    sample::{change, create, everything, plan, replace, step, text, with_id},
};

fn shown(plans: &[Plan]) -> String {
    plain(&plan_text(plans, &Sources::default(), 110))
}

#[test]
fn a_plan_shows_everything_that_happens() {
    assert_snapshot!(shown(&[everything()]));
}

#[test]
fn colour_only_adds() {
    let update = with_id(step("aws_vpc.main", Action::Update, Reason::Changed, vec![change("tags.Name", text("a"), text("b"))]), "vpc-1");
    let plan = plan("base", vec![create("aws_eip.a", &[("domain", text("vpc"))], &["id"]), update]);
    let coloured = plan_text(&[plan], &Sources::default(), 110);
    assert_snapshot!(coloured.replace('\u{1b}', "␛"));
}

#[test]
fn nothing_to_do_is_one_line() {
    assert_snapshot!(shown(&[plan("base", Vec::new())]));
    let mut gone = plan("runtime", Vec::new());
    gone.destroy = true;
    assert_eq!(plan_summary(&gone), "Nothing to destroy. runtime is empty.");
}

#[test]
fn several_stacks_each_have_a_heading() {
    let base = plan("base", vec![create("aws_vpc.main", &[("cidr_block", text("10.0.0.0/16"))], &["id"])]);
    let mut runtime = plan("runtime", vec![with_id(step("aws_lb.main", Action::Delete, Reason::Destroyed, Vec::new()), "arn:aws:lb/1")]);
    runtime.destroy = true;
    assert_snapshot!(shown(&[base, runtime, plan("edge", Vec::new())]));
}

#[test]
fn an_update_that_only_remembers_something_says_so() {
    let said = [
        (Reason::Protected, "stays as it is: what its lifecycle says of its end is written down"),
        (Reason::Met, "stays as it is: somebody else has made it as it is declared now, which is written down"),
    ];
    for (reason, words) in said {
        let update = with_id(step("aws_vpc.main", Action::Update, reason, Vec::new()), "vpc-1");
        assert!(shown(&[plan("base", vec![update])]).contains(words), "{words}");
    }
}

#[test]
fn every_reason_has_its_words() {
    let address = || "aws_vpc.main".parse().expect("an address");
    let reasons = [
        Reason::Replaced,
        Reason::PerhapsReplaced,
        Reason::ReplaceRequested,
        Reason::Triggered(vec![address(), address()]),
        Reason::ParentReplaced(address()),
        Reason::PlaceChanged(crate::sample::place()),
        Reason::Broken("it never became ready".to_owned()),
    ];
    let mut steps = Vec::new();
    for (at, reason) in reasons.into_iter().enumerate() {
        let changes = if at < 2 { vec![crate::sample::forces("vpc_id", text("vpc-1"), crate::sample::later())] } else { Vec::new() };
        steps.extend(replace(&format!("aws_thing.t{at}"), reason, at % 2 == 0, Planned::object([]), changes));
    }
    steps.push(step("aws_thing.again", Action::Create, Reason::GoneOutside, Vec::new()));
    steps.push(step("aws_thing.n[3]", Action::Delete, Reason::NoInstance, Vec::new()));
    steps.push(step("aws_thing.one", Action::Delete, Reason::NoInstance, Vec::new()));
    steps.push(step("aws_thing.deposed", Action::Delete, Reason::Deposed, Vec::new()));
    assert_snapshot!(shown(&[plan("base", steps)]));
}

#[test]
fn own_tags_are_not_shown_one_by_one() {
    let changes = vec![
        change("tags.Name", text("a"), text("b")),
        change("tags.lowtide:stack", Planned::NULL, text("3f0c")),
        change("tags.lowtide:keep-until", Planned::NULL, text("18:00")),
    ];
    assert_snapshot!(shown(&[plan("base", vec![with_id(step("aws_vpc.main", Action::Adopt, Reason::New, changes), "vpc-1")])]));
}

#[test]
fn nothing_from_outside_steers_the_terminal() {
    let nasty = "\u{1b}[2J\u{202e}x\r\n\u{9b}31m";
    let mut plan = plan("base", vec![create("aws_vpc.main", &[("a", text(nasty)), ("b\u{1b}[2J", text("\u{7}"))], &[])]);
    plan.stack.project = nasty.to_owned();
    plan.steps[0].physical_id = Some(nasty.to_owned());
    plan.kept.push(lowtide_plan::Kept { address: "aws_vpc.x[\"\u{1b}c\"]".parse().expect("an address"), why: nasty.to_owned() });
    let out = shown(&[plan]);
    assert!(!out.contains('\u{202e}') && !out.contains('\u{1b}'), "{out}");
}
