//! In which order things happen.

use insta::assert_snapshot;

use crate::case::{Case, address};

const HEAD: &str = "[resource.toy_net.a]\ncidr = '10.0.0.0/16'\n";

/// Returns a case in which an earlier run has made a successor of something, and not deleted the older one.
fn replaced(spec: &str, text: &str, older: &str) -> Case {
    let mut case = Case::applied(spec);
    let key = (address(text), 0);
    let record = case.state.records.remove(&key).expect("a record");
    let newer = lowtide_state::Record { generation: 1, ..record };
    let sight = case.sights.remove(&key).expect("seen");
    case.sights.insert(newer.key(), sight);
    case.state.records.insert(newer.key(), newer);
    case.deposed(text, 0, older)
}

fn first(kind: &str, name: &str) -> String {
    format!("[resource.{kind}.{name}.lifecycle]\ncreate_before_destroy = true\n")
}

#[test]
fn the_new_one_comes_first_where_the_kind_says_so_and_dependants_move_between() {
    let spec =
        |family: &str| format!("[resource.toy_task.t]\nfamily = '{family}'\n[resource.toy_base.b]\nnames = ['${{toy_task.t.id}}']\n");
    assert_snapshot!(Case::applied(&spec("a")).then(&spec("b")).shown(), @r#"
0 create toy_task.t #1, replaced, new one first
    family: "a" → "b"  replaces
1 update toy_base.b (base-2), changed, after 0
    names: {"task-1"} → {?}
2 delete toy_task.t (task-1), replaced, new one first, after 0 1
"#);
}

#[test]
fn create_before_destroy_spreads_to_what_it_stands_on() {
    let spec = |cidr: &str| {
        format!("[resource.toy_net.a]\ncidr = '{cidr}'\n[resource.toy_host.h]\nnet = '${{toy_net.a.id}}'\n{}", first("toy_host", "h"))
    };
    assert_snapshot!(Case::applied(&spec("10.0.0.0/16")).then(&spec("10.1.0.0/16")).shown(), @r#"
0 create toy_net.a #1, replaced, new one first
    cidr: "10.0.0.0/16" → "10.1.0.0/16"  replaces
1 create toy_host.h #1, part of toy_net.a, which is new, new one first, after 0
    net: "net-1" → ?  replaces
2 delete toy_host.h (host-2), part of toy_net.a, which is new, new one first, after 1
3 delete toy_net.a (net-1), replaced, new one first, after 0 1 2
"#);
}

#[test]
fn a_fixed_name_can_not_be_there_twice() {
    let spec = |triggers: &str| format!("[resource.toy_role.r]\nname = 'x'\n{triggers}");
    let mut case = Case::applied(&spec("")).then(&spec(&first("toy_role", "r")));
    case.options.replace = vec![address("toy_role.r")];
    assert_snapshot!(case.shown(), @r#"
Name still taken: `toy_role.r` is to be replaced by a new one that comes first, but both would have the name `x`.
    hint: take back create_before_destroy, here and on what refers to it, or let the name change with what forces the replacement
    places: 1
"#);
}

#[test]
fn a_fixed_name_that_create_before_destroy_spreads_to_is_an_error_too() {
    let spec = "[resource.toy_role.r]\nname = 'x'\n[resource.toy_grant.g]\nrole = '${toy_role.r.name}'\nname = 'g'\ndocument = { Statement = [] }\n[resource.toy_task.t]\nfamily = '${toy_role.r.unique}'\n";
    let mut case = Case::applied(spec);
    case.options.replace = vec![address("toy_role.r")];
    assert_snapshot!(case.shown(), @r#"
Name still taken: `toy_role.r` is to be replaced by a new one that comes first, but both would have the name `x`.
    hint: take back create_before_destroy, here and on what refers to it, or let the name change with what forces the replacement
    places: 1
"#);
}

#[test]
fn what_referred_to_something_lets_go_of_it_before_it_goes() {
    let before = format!("{HEAD}[resource.toy_base.b]\nnames = ['${{toy_net.a.id}}']\n");
    assert_snapshot!(Case::applied(&before).then("[resource.toy_base.b]\nnames = ['other']\n").shown(), @r#"
0 update toy_base.b (base-2), changed
    names: {"net-1"} → {"other"}
1 delete toy_net.a (net-1), not declared, after 0
"#);
}

#[test]
fn what_referred_to_something_lets_go_of_it_before_it_is_replaced() {
    let before = format!("{HEAD}[resource.toy_base.b]\nnames = ['${{toy_net.a.id}}']\n");
    let after = before.replace("10.0.", "10.1.").replace("${toy_net.a.id}", "other");
    assert_snapshot!(Case::applied(&before).then(&after).shown(), @r#"
0 update toy_base.b (base-2), changed
    names: {"net-1"} → {"other"}
1 delete toy_net.a (net-1), replaced, old one first, after 0
2 create toy_net.a #1, replaced, old one first, after 1
    cidr: "10.0.0.0/16" → "10.1.0.0/16"  replaces
"#);
}

#[test]
fn a_dependant_of_what_is_replaced_old_first_moves_afterwards() {
    let spec = |cidr: &str| format!("[resource.toy_net.a]\ncidr = '{cidr}'\n[resource.toy_base.b]\nnames = ['${{toy_net.a.id}}']\n");
    assert_snapshot!(Case::applied(&spec("10.0.0.0/16")).then(&spec("10.1.0.0/16")).shown(), @r#"
0 delete toy_net.a (net-1), replaced, old one first
1 create toy_net.a #1, replaced, old one first, after 0
    cidr: "10.0.0.0/16" → "10.1.0.0/16"  replaces
2 update toy_base.b (base-2), changed, after 1
    names: {"net-1"} → {?}
"#);
}

#[test]
fn a_whole_chain_is_replaced_from_its_end_and_made_from_its_beginning() {
    let spec = |cidr: &str| {
        format!(
            "[resource.toy_net.a]\ncidr = '{cidr}'\n[resource.toy_host.h]\nnet = '${{toy_net.a.id}}'\n[resource.toy_host.i]\nnet = '${{toy_host.h.id}}'\n"
        )
    };
    assert_snapshot!(Case::applied(&spec("10.0.0.0/16")).then(&spec("10.1.0.0/16")).shown(), @r#"
0 delete toy_host.i (host-3), part of toy_host.h, which is new, old one first
1 delete toy_host.h (host-2), part of toy_net.a, which is new, old one first, after 0
2 delete toy_net.a (net-1), replaced, old one first, after 1
3 create toy_net.a #1, replaced, old one first, after 2
    cidr: "10.0.0.0/16" → "10.1.0.0/16"  replaces
4 create toy_host.h #1, part of toy_net.a, which is new, old one first, after 1 3
    net: "net-1" → ?  replaces
5 create toy_host.i #1, part of toy_host.h, which is new, old one first, after 0 4
    net: "host-2" → ?  replaces
"#);
}

#[test]
fn older_generations_go_after_what_stands_on_the_address() {
    let spec = "[resource.toy_net.a]\ncidr = '10.0.0.0/16'\n[resource.toy_base.b]\nnames = ['${toy_net.a.id}']\n";
    let mut case = replaced(spec, "toy_net.a", "net-old");
    assert_snapshot!(case.shown(), @r#"
0 delete toy_net.a (net-old), deposed
same toy_net.a
same toy_base.b
"#);
    assert_snapshot!(case.destroyed().shown(), @r#"
0 delete toy_base.b (base-2), destroyed
1 delete toy_net.a #1 (net-1), destroyed, after 0
2 delete toy_net.a (net-old), destroyed, after 0
"#);
}

#[test]
fn a_new_one_never_takes_the_place_of_an_older_generation() {
    let mut case = Case::applied(HEAD);
    let key = (address("toy_net.a"), 0);
    case.state.records.get_mut(&key).expect("the net").status = lowtide_state::Status::Deposed;
    assert_snapshot!(case.shown(), @r#"
0 create toy_net.a #1, new
    cidr: "10.0.0.0/16"
    dns: true
1 delete toy_net.a (net-1), deposed, after 0
"#);
}

#[test]
fn an_older_generation_goes_after_its_successor_is_whole_or_made() {
    let partial = |record: &mut lowtide_state::Record| record.status = lowtide_state::Status::Partial;
    assert_snapshot!(replaced(HEAD, "toy_net.a", "net-old").remembered("toy_net.a", partial).shown(), @r#"
0 update toy_net.a #1 (net-1), changed
1 delete toy_net.a (net-old), deposed, after 0
"#);
    assert_snapshot!(replaced(HEAD, "toy_net.a", "net-old").then(&HEAD.replace("10.0.", "10.1.")).shown(), @r#"
0 delete toy_net.a #1 (net-1), replaced, old one first
1 create toy_net.a #2, replaced, old one first, after 0
    cidr: "10.0.0.0/16" → "10.1.0.0/16"  replaces
2 delete toy_net.a (net-old), deposed, after 1
"#);
}

#[test]
fn an_older_generation_goes_before_its_successor_where_that_takes_its_name() {
    let mut case = Case::applied("[resource.toy_role.r]\nname = 'x'\n");
    case.state.records.values_mut().for_each(|record| record.status = lowtide_state::Status::Deposed);
    assert_snapshot!(case.shown(), @r#"
0 delete toy_role.r (x), deposed
1 create toy_role.r #1, new, after 0
    name: "x"
"#);
}

#[test]
fn an_older_generation_goes_before_what_it_stands_on_is_made_anew() {
    let spec = |cidr: &str| format!("[resource.toy_net.a]\ncidr = '{cidr}'\n[resource.toy_host.h]\nnet = '${{toy_net.a.id}}'\n");
    assert_snapshot!(replaced(&spec("10.0.0.0/16"), "toy_host.h", "host-old").then(&spec("10.1.0.0/16")).shown(), @r#"
0 delete toy_host.h (host-old), deposed
1 delete toy_host.h #1 (host-2), part of toy_net.a, which is new, old one first
2 delete toy_net.a (net-1), replaced, old one first, after 0 1
3 create toy_net.a #1, replaced, old one first, after 2
    cidr: "10.0.0.0/16" → "10.1.0.0/16"  replaces
4 create toy_host.h #2, part of toy_net.a, which is new, old one first, after 1 3
    net: "net-1" → ?  replaces
"#);
}

#[test]
fn replace_triggered_by_follows_what_changes() {
    let spec = |size: u8, trigger: &str| {
        format!(
            "[resource.toy_net.a]\ncidr = '10.0.0.0/16'\nsize = {size}\n[resource.toy_base.b]\n\
             [resource.toy_base.b.lifecycle]\nreplace_triggered_by = ['{trigger}']\n"
        )
    };
    assert_snapshot!(Case::applied(&spec(1, "toy_net.a")).then(&spec(2, "toy_net.a")).shown(), @r#"
0 delete toy_base.b (base-2), triggered by toy_net.a, old one first
1 update toy_net.a (net-1), changed
    size: 1 → 2
2 create toy_base.b #1, triggered by toy_net.a, old one first, after 0 1
"#);
    assert_snapshot!(Case::applied(&spec(1, "toy_net.a.size")).then(&spec(2, "toy_net.a.size")).shown(), @r#"
0 delete toy_base.b (base-2), triggered by toy_net.a, old one first
1 update toy_net.a (net-1), changed
    size: 1 → 2
2 create toy_base.b #1, triggered by toy_net.a, old one first, after 0 1
"#);
    assert_snapshot!(Case::applied(&spec(1, "toy_net.a.cidr")).then(&spec(2, "toy_net.a.cidr")).shown(), @r#"
0 update toy_net.a (net-1), changed
    size: 1 → 2
same toy_base.b
"#);
}

#[test]
fn one_more_instance_triggers_nothing() {
    let spec = |count: u8| {
        format!(
            "[resource.toy_net.a]\ncount = {count}\ncidr = '10.0.0.0/16'\n[resource.toy_base.b]\n\
             [resource.toy_base.b.lifecycle]\nreplace_triggered_by = ['toy_net.a']\n"
        )
    };
    assert_snapshot!(Case::applied(&spec(1)).then(&spec(2)).shown(), @r#"
0 create toy_net.a[1], new
    cidr: "10.0.0.0/16"
    dns: true
same toy_net.a[0]
same toy_base.b
"#);
}

#[test]
fn a_stack_is_destroyed_from_its_end() {
    let spec = format!(
        "{HEAD}[resource.toy_host.h]\nnet = '${{toy_net.a.id}}'\n[resource.toy_base.b]\ndepends_on = ['toy_host.h']\n[output.id]\nvalue = '${{toy_net.a.id}}'\n"
    );
    assert_snapshot!(Case::applied(&spec).destroyed().shown(), @r#"
0 delete toy_base.b (base-3), destroyed
1 delete toy_host.h (host-2), destroyed, after 0
2 delete toy_net.a (net-1), destroyed, after 1
output id: "net-1" → none
"#);
}

#[test]
fn a_reference_that_changed_no_value_still_counts_when_destroying() {
    let before = format!("{HEAD}[resource.toy_base.b]\n");
    let after = format!("{HEAD}[resource.toy_base.b]\ndepends_on = ['toy_net.a']\n");
    let mut case = Case::applied(&before).then(&after);
    assert!(case.plan().expect("a plan").is_empty());
    assert_snapshot!(case.destroyed().shown(), @r#"
0 delete toy_base.b (base-2), destroyed
1 delete toy_net.a (net-1), destroyed, after 0
"#);
}

#[test]
fn what_a_kind_stands_on_unsaid_comes_before_it_and_goes_after() {
    let gate = "[resource.toy_gate.g]\nnet = '${toy_net.a.id}'\n";
    let host = "[resource.toy_host.h]\nnet = '${toy_net.a.id}'\n";
    let spec = format!("{HEAD}{host}{gate}");
    let mut new = Case::new(&spec);
    assert_snapshot!(new.shown(), @r#"
0 create toy_net.a, new
    cidr: "10.0.0.0/16"
    dns: true
1 create toy_gate.g, new, after 0
    net: ?
2 create toy_host.h, new, after 0 1
    net: ?
"#);
    let plan = new.plan().expect("a plan");
    assert_eq!(plan.dependencies[&address("toy_host.h")], [address("toy_gate.g"), address("toy_net.a")]);
    // The record of one made before does not say so; the spec does.
    assert_snapshot!(Case::applied(&spec).destroyed().shown(), @r#"
0 delete toy_host.h (host-2), destroyed
1 delete toy_gate.g (gate-3), destroyed, after 0
2 delete toy_net.a (net-1), destroyed, after 0 1
"#);
}

#[test]
fn what_a_kind_stands_on_unsaid_comes_with_it() {
    let spec = format!(
        "{HEAD}[resource.toy_host.h]\nnet = '${{toy_net.a.id}}'\n[resource.toy_gate.g]\nnet = '${{toy_net.a.id}}'\n\
         [resource.toy_net.other]\ncidr = '10.1.0.0/16'\n[resource.toy_gate.other]\nnet = '${{toy_net.other.id}}'\n"
    );
    assert_snapshot!(Case::new(&spec).targeting(&["toy_host.h"]).shown(), @r#"
0 create toy_net.a, new
    cidr: "10.0.0.0/16"
    dns: true
1 create toy_gate.g, new, after 0
    net: ?
2 create toy_host.h, new, after 0 1
    net: ?
"#);
    assert_snapshot!(Case::applied(&spec).targeting(&["toy_gate.g"]).destroyed().shown(), @r#"
0 delete toy_host.h (host-3), destroyed
1 delete toy_gate.g (gate-5), destroyed, after 0
"#);
    assert_snapshot!(Case::new(&spec).excluding(&["toy_gate.g"]).shown(), @r#"
0 create toy_net.a, new
    cidr: "10.0.0.0/16"
    dns: true
1 create toy_net.other, new
    cidr: "10.1.0.0/16"
    dns: true
2 create toy_gate.other, new, after 1
    net: ?
"#);
}

#[test]
fn what_is_said_counts_more_than_what_is_not() {
    let spec = format!(
        "{HEAD}[resource.toy_host.h]\nnet = '${{toy_net.a.id}}'\n[resource.toy_gate.g]\nnet = '${{toy_net.a.id}}'\ndepends_on = ['toy_host.h']\n"
    );
    assert_snapshot!(Case::new(&spec).shown(), @r#"
0 create toy_net.a, new
    cidr: "10.0.0.0/16"
    dns: true
1 create toy_host.h, new, after 0
    net: ?
2 create toy_gate.g, new, after 0 1
    net: ?
"#);
}

#[test]
fn what_takes_the_room_of_something_comes_after_it_has_gone() {
    let host = |name: &str| format!("{HEAD}[resource.toy_host.{name}]\nnet = '${{toy_net.a.id}}'\nlabel = 'only-one'\n");
    assert_snapshot!(Case::applied(&host("b")).then(&host("a")).shown(), @r#"
0 delete toy_host.b (host-2), not declared
1 create toy_host.a, new, after 0
    net: "net-1"
    label: "only-one"
same toy_net.a
"#);
}
