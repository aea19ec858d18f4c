//! Before a name is taken: is there one already, and whose is it?

use insta::assert_snapshot;
use lowtide_plan::{Request, Sight};

use crate::case::Case;

const ROLE: &str = "[resource.toy_role.it]\nname = 'x'\nnote = 'n'\n";
const GRANT: &str = "[resource.toy_grant.it]\nrole = '${toy_role.it.id}'\nname = 'g'\ndocument = { Statement = [] }\n";

#[test]
fn a_stranger_with_the_name_is_an_error_that_says_how_to_import() {
    assert_snapshot!(Case::new(ROLE).there_is("toy_role", "x", r#"{"name": "x", "tags": {"lowtide:stack": "lin-2"}}"#).shown(), @r#"
Already exists: `toy_role.it` is to be created, but there already is one with the id `x` (account 111122223333, us-east-1), and it does not belong to this stack. Creating it would take it over or fail.
    hint: to take it on, run: lowtide import base 'toy_role.it' 'x'
    hint: or give this one another name
    places: 1
"#);
    assert_snapshot!(Case::new(ROLE).there_is("toy_role", "x", r#"{"name": "x"}"#).shown(), @r#"
Already exists: `toy_role.it` is to be created, but there already is one with the id `x` (account 111122223333, us-east-1), and it does not belong to this stack. Creating it would take it over or fail.
    hint: to take it on, run: lowtide import base 'toy_role.it' 'x'
    hint: or give this one another name
    places: 1
"#);
}

#[test]
fn what_an_interrupted_run_of_ours_made_is_adopted() {
    let tags = r#"{"name": "x", "tags": {"lowtide:stack": "lin-1", "lowtide:id": "op-7"}}"#;
    assert_snapshot!(Case::new(ROLE).there_is("toy_role", "x", tags).shown(), @r#"
0 adopt toy_role.it (x), new
    note: "n"
"#);
}

#[test]
fn a_part_without_tags_belongs_to_whom_the_whole_belongs() {
    let both = format!("{ROLE}{GRANT}");
    let there = r#"{"role": "x", "name": "g", "document": {"Statement": []}}"#;
    assert_snapshot!(Case::applied(ROLE).then(&both).there_is("toy_grant", "x:g", there).shown(), @r#"
0 adopt toy_grant.it (x:g), new
same toy_role.it
"#);
    let foreign = GRANT.replace("${toy_role.it.id}", "theirs");
    assert_snapshot!(Case::new(&foreign).there_is("toy_grant", "theirs:g", there).shown(), @r#"
Already exists: `toy_grant.it` is to be created, but there already is one with the id `theirs:g` (account 111122223333, us-east-1), and it does not belong to this stack. Creating it would take it over or fail.
    hint: to take it on, run: lowtide import base 'toy_grant.it' 'theirs:g'
    hint: or give this one another name
    places: 1
"#);
}

#[test]
fn a_part_of_what_is_replaced_is_new() {
    let both = format!("{ROLE}{GRANT}");
    let there = r#"{"role": "x", "name": "g", "document": {"Statement": []}}"#;
    let mut case = Case::applied(ROLE).then(&both).there_is("toy_grant", "x:g", there);
    case.options.replace = vec![crate::case::address("toy_role.it")];
    assert_snapshot!(case.shown(), @r#"
0 delete toy_role.it (x), replace requested, old one first
1 create toy_role.it #1, replace requested, old one first, after 0
2 create toy_grant.it, new, after 1
    role: "x"
    name: "g"
    document: {Statement: []}
"#);
}

#[test]
fn only_known_names_are_looked_for_and_once() {
    let unknown = "[resource.toy_net.n]\ncidr = '10.0.0.0/16'\n[resource.toy_role.it]\nname = 'r-${toy_net.n.version}'\n[resource.toy_role.other]\nname = 'o'\npolicy = { Statement = [{ Resource = '${toy_net.n.id}' }] }\n";
    let mut case = Case::new(unknown);
    case.plan().expect("a plan");
    let ids: Vec<_> = case.asked.iter().map(|request| if let Request::Find { id, .. } = request { id.as_str() } else { "" }).collect();
    assert_eq!(ids, ["o"], "the name decides, not what else is unknown");
}

fn unseen(mut case: Case, kind: &str, id: &str) -> Case {
    case.existing.insert((kind.to_owned(), id.to_owned()), Sight::Unseen("access denied".to_owned()));
    case
}

#[test]
fn what_may_not_be_looked_up_is_not_taken_for_free() {
    let both = format!("{ROLE}{GRANT}");
    assert_snapshot!(unseen(Case::new(ROLE), "toy_role", "x").shown(), @r#"
blocked toy_role.it: whether there already is one with the id x can't be told (access denied)
nothing to do
"#);
    assert_snapshot!(unseen(Case::applied(ROLE).then(&both), "toy_grant", "x:g").shown(), @r#"
same toy_role.it
blocked toy_grant.it: whether there already is one with the id x:g can't be told (access denied)
nothing to do
"#);
}

#[test]
fn what_needs_something_that_may_not_be_looked_up_waits_as_well() {
    let base = "[resource.toy_base.b]\nnames = ['${toy_grant.it.id}']\n[resource.toy_net.n]\ncidr = '10.0.0.0/16'\n";
    assert_snapshot!(unseen(Case::new(&format!("{ROLE}{GRANT}{base}")), "toy_role", "x").shown(), @r#"
0 create toy_net.n, new
    cidr: "10.0.0.0/16"
    dns: true
blocked toy_role.it: whether there already is one with the id x can't be told (access denied)
blocked toy_grant.it: it needs toy_role.it, which can't be planned now
blocked toy_base.b: it needs toy_grant.it, which can't be planned now
"#);
    let there = base.replace("${toy_grant.it.id}", "other");
    let refers = format!("{ROLE}{GRANT}{base}");
    assert_snapshot!(unseen(Case::applied(&there).then(&refers), "toy_role", "x").shown(), @r#"
same toy_net.n
blocked toy_role.it: whether there already is one with the id x can't be told (access denied)
blocked toy_grant.it: it needs toy_role.it, which can't be planned now
blocked toy_base.b: it needs toy_grant.it, which can't be planned now
nothing to do
"#);
}

#[test]
fn what_is_read_of_something_that_may_not_be_looked_up_waits_as_well() {
    let zones = "[data.toy_zones.z]\nstate = '${toy_role.it.unique}'\n[resource.toy_base.b]\nnames = '${data.toy_zones.z.names}'\n";
    assert_snapshot!(unseen(Case::new(&format!("{ROLE}{zones}")), "toy_role", "x").shown(), @r#"
blocked toy_role.it: whether there already is one with the id x can't be told (access denied)
blocked data.toy_zones.z: it needs toy_role.it, which can't be planned now
blocked toy_base.b: it needs toy_role.it, which can't be planned now
nothing to do
"#);
}

#[test]
fn a_name_that_another_resource_gives_up_is_not_taken_on_but_made_anew() {
    let before = "[resource.toy_role.a]\nname = 'x'\n";
    let after = "[resource.toy_role.a]\nname = 'y'\n[resource.toy_role.b]\nname = 'x'\n";
    let ours = r#"{"name": "x", "tags": {"lowtide:stack": "lin-1", "lowtide:id": "op-x"}}"#;
    assert_snapshot!(Case::applied(before).then(after).there_is("toy_role", "x", ours).shown(), @r#"
0 delete toy_role.a (x), replaced, old one first
1 create toy_role.a #1, replaced, old one first, after 0
    name: "x" → "y"  replaces
2 create toy_role.b, new, after 0
    name: "x"
"#);
}

#[test]
fn a_secret_is_not_asked_with() {
    let mut case = Case::new("[resource.toy_role.it]\nname = 'x'\nnote = '${var.secret}'\n");
    case.plan().expect("a plan");
    assert!(!format!("{:?}", case.asked).contains("hunter2"));
}
