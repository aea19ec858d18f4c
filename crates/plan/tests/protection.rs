//! What must not be destroyed.

use insta::assert_snapshot;
use lowtide_plan::Sight;

use crate::case::Case;

const NET: &str = "[resource.toy_net.a]\ncidr = '10.0.0.0/16'\n";
const KEEP: &str = "[resource.toy_net.a.lifecycle]\nprevent_destroy = true\n";

fn protected(case: Case) -> Case {
    case.remembered("toy_net.a", |record| record.protection.prevent_destroy = true)
}

#[test]
fn a_replacement_of_what_is_protected_is_an_error() {
    let spec = format!("{NET}{KEEP}");
    assert_snapshot!(protected(Case::applied(&spec)).then(&spec.replace("10.0.", "10.1.")).shown(), @r#"
Protected resource: `toy_net.a` would be destroyed and made anew, and its lifecycle says `prevent_destroy`.
    hint: take back the change that forces this, or prevent_destroy
    places: 1
"#);
}

#[test]
fn taking_a_protected_declaration_out_is_an_error_unless_it_is_gone() {
    assert_snapshot!(protected(Case::applied(NET)).then("").shown(), @r#"
Protected resource: `toy_net.a` is no longer declared and would be destroyed, but it was declared with `prevent_destroy`.
    hint: declare it again, or declare it without prevent_destroy once before taking it out
    places: 0
"#);
    assert_snapshot!(protected(Case::applied(NET)).sight("toy_net.a", Sight::Gone).then("").shown(), @r#"0 forget toy_net.a (net-1), not declared"#);
}

#[test]
fn the_spec_s_protection_holds_where_it_is_declared() {
    let spec = |count: u8, keep: bool| {
        format!("[resource.toy_net.a]\ncount = {count}\ncidr = '10.0.0.0/16'\nlifecycle = {{ prevent_destroy = {keep} }}\n")
    };
    let applied = |keep| Case::applied(&spec(2, keep)).remembered("toy_net.a[1]", |record| record.protection.prevent_destroy = keep);
    assert_snapshot!(applied(true).then(&spec(1, true)).shown(), @r#"
Protected resource: `toy_net.a[1]` has no instance any more and would be destroyed, and its lifecycle says `prevent_destroy`.
    hint: let it keep its instance, or take prevent_destroy back
    places: 1
"#);
    assert_snapshot!(applied(true).then(&spec(1, false)).shown(), @r#"
0 delete toy_net.a[1] (net-2), no instance
1 update toy_net.a[0] (net-1), protected
"#);
    assert_snapshot!(applied(false).then(&spec(1, true)).shown(), @r#"
Protected resource: `toy_net.a[1]` has no instance any more and would be destroyed, and its lifecycle says `prevent_destroy`.
    hint: let it keep its instance, or take prevent_destroy back
    places: 1
"#);
}

#[test]
fn a_destroy_keeps_what_is_protected_and_what_it_stands_on() {
    let spec = format!(
        "{NET}[resource.toy_host.h]\nnet = '${{toy_net.a.id}}'\n[resource.toy_host.h.lifecycle]\nprevent_destroy = true\n\
         [resource.toy_base.b]\nnames = ['${{toy_host.h.id}}']\n"
    );
    assert_snapshot!(Case::applied(&spec).destroyed().shown(), @r#"
0 delete toy_base.b (base-3), destroyed
kept toy_host.h: its lifecycle says prevent_destroy
kept toy_net.a: toy_host.h needs it
"#);
}

#[test]
fn a_destroy_takes_destroy_time_options_from_the_spec() {
    let before = "[resource.toy_base.b]\n";
    let plan = Case::applied(before).then("[resource.toy_base.b]\nforce = true\n").destroyed().plan().expect("a plan");
    assert_eq!(plan.steps[0].wish.get("force").and_then(lowtide_model::Planned::as_bool), Some(true));
}

#[test]
fn a_destroy_goes_on_where_the_spec_can_not_be_evaluated() {
    let before = "[resource.toy_net.a]\ncidr = '10.0.0.0/16'\n[resource.toy_base.b]\nnames = ['${toy_net.a.id}']\n";
    let broken = "[resource.toy_net.a]\ncidr = '10.0.0.0/16'\nsize = '${1 / (var.on ? 0 : 1)}'\n[resource.toy_base.b]\nnames = ['${toy_net.a.id}']\n";
    assert_snapshot!(Case::applied(before).then(broken).destroyed().shown(), @r#"
0 delete toy_base.b (base-2), destroyed
1 delete toy_net.a (net-1), destroyed, after 0
"#);
}

#[test]
fn another_protection_is_an_update_that_changes_nothing_else() {
    let spec = |keep: &str| format!("{NET}{keep}");
    assert_snapshot!(Case::applied(NET).then(&spec(KEEP)).shown(), @r#"0 update toy_net.a (net-1), protected"#);
    assert_snapshot!(protected(Case::applied(NET)).shown(), @r#"0 update toy_net.a (net-1), protected"#);
    assert_snapshot!(protected(Case::applied(NET)).then(&spec(KEEP)).shown(), @r#"
same toy_net.a
nothing to do
"#);
    let first = "[resource.toy_net.a.lifecycle]\ncreate_before_destroy = true\n";
    assert_snapshot!(Case::applied(NET).then(&spec(first)).shown(), @r#"0 update toy_net.a (net-1), protected"#);
    let also_changed = spec(KEEP).replace("/16'\n", "/16'\nsize = 3\n");
    assert_snapshot!(Case::applied(NET).then(&also_changed).shown(), @r#"
0 update toy_net.a (net-1), changed
    size: 3
"#);
}
