//! `--target` and `--exclude`.

use insta::assert_snapshot;

use crate::case::Case;

const SPEC: &str = "[resource.toy_net.a]\ncidr = '10.0.0.0/16'\n[resource.toy_host.h]\nnet = '${toy_net.a.id}'\n[resource.toy_host.i]\nnet = '${toy_host.h.id}'\n[resource.toy_base.alone]\n";

#[test]
fn a_target_brings_what_it_needs() {
    assert_snapshot!(Case::new(SPEC).targeting(&["toy_host.h"]).shown(), @r#"
0 create toy_net.a, new
    cidr: "10.0.0.0/16"
    dns: true
1 create toy_host.h, new, after 0
    net: ?
"#);
}

#[test]
fn an_exclude_leaves_out_what_needs_it() {
    assert_snapshot!(Case::new(SPEC).excluding(&["toy_host.h"]).shown(), @r#"
0 create toy_base.alone, new
    force: false
    egress: {}
    keep_days: 30
1 create toy_net.a, new
    cidr: "10.0.0.0/16"
    dns: true
"#);
}

#[test]
fn one_instance_may_be_a_target() {
    let spec = "[resource.toy_net.a]\ncount = 2\ncidr = '10.0.0.0/16'\n";
    assert_snapshot!(Case::new(spec).targeting(&["toy_net.a[1]"]).shown(), @r#"
0 create toy_net.a[1], new
    cidr: "10.0.0.0/16"
    dns: true
"#);
}

#[test]
fn a_destroy_with_a_target_takes_what_needs_it() {
    assert_snapshot!(Case::applied(SPEC).destroyed().targeting(&["toy_host.h"]).shown(), @r#"
0 delete toy_host.i (host-3), destroyed
1 delete toy_host.h (host-2), destroyed, after 0
"#);
    assert_snapshot!(Case::applied(SPEC).destroyed().excluding(&["toy_host.h"]).shown(), @r#"
0 delete toy_host.i (host-3), destroyed
1 delete toy_base.alone (base-4), destroyed
"#);
}

#[test]
fn a_destroy_with_a_target_takes_what_needed_it_and_is_no_longer_declared() {
    let now = "[resource.toy_net.a]\ncidr = '10.0.0.0/16'\n[resource.toy_base.alone]\n";
    assert_snapshot!(Case::applied(SPEC).then(now).destroyed().targeting(&["toy_net.a"]).shown(), @r#"
0 delete toy_host.i (host-3), destroyed
1 delete toy_host.h (host-2), destroyed, after 0
2 delete toy_net.a (net-1), destroyed, after 1
"#);
}

#[test]
fn what_is_no_longer_declared_goes_only_if_it_is_meant() {
    let now = SPEC.replace("[resource.toy_base.alone]\n", "");
    assert_snapshot!(Case::applied(SPEC).then(&now).targeting(&["toy_net.a"]).shown(), @r#"
same toy_net.a
nothing to do
"#);
    assert_snapshot!(Case::applied(SPEC).then(&now).targeting(&["toy_base.alone"]).shown(), @r#"0 delete toy_base.alone (base-4), not declared"#);
}

#[test]
fn outputs_of_what_stays_stay() {
    let spec = format!("{SPEC}[output.net]\nvalue = '${{toy_net.a.id}}'\n[output.alone]\nvalue = '${{toy_base.alone.id}}'\n");
    assert_snapshot!(Case::applied(&spec).destroyed().targeting(&["toy_base.alone"]).shown(), @r#"
0 delete toy_base.alone (base-4), destroyed
output alone: "base-4" → none
"#);
}
