//! `explain` and the reference.

use insta::assert_snapshot;
use lowtide_report::{explain_attribute, explain_kind, kind_markdown, kinds_text};

use crate::{
    kinds::{GROUP, schema},
    plain,
};

#[test]
fn a_kind_is_explained_whole() {
    assert_snapshot!(plain(&explain_kind(&GROUP, 90)));
}

#[test]
fn the_reference_says_the_same() {
    assert_snapshot!(kind_markdown(&GROUP));
}

#[test]
fn one_attribute_is_explained_alone() {
    assert_snapshot!(plain(&explain_attribute(&GROUP, "health_check.interval", 90).expect("an attribute")));
    let wrong = explain_attribute(&GROUP, "health_check.intervall", 90).expect_err("no attribute");
    assert_eq!(wrong.detail, "`aws_lb_target_group.health_check` has no attribute `intervall`.");
    assert_eq!(wrong.hints, ["did you mean `interval`?"]);
}

#[test]
fn kinds_are_listed() {
    assert_snapshot!(plain(&kinds_text(&schema())));
}
