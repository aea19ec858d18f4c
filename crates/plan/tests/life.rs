//! Created, left alone, changed, replaced, gone.

use insta::assert_snapshot;
use lowtide_model::{Observation, Phase};
use lowtide_plan::{Action, Reason, Sight};
use lowtide_state::{Attempt, Intent, Status};

use crate::case::{Case, address, drop_tag, set_tag};

const NET: &str = "[resource.toy_net.main]\ncidr = '10.0.0.0/16'\nsize = 2\n";
const NET_AND_HOST: &str = "[resource.toy_net.main]\ncidr = '10.0.0.0/16'\n[resource.toy_host.one]\nnet = '${toy_net.main.id}'\nlabel = 'v${toy_net.main.version}'\n";

#[test]
fn what_is_declared_and_not_there_is_created() {
    assert_snapshot!(Case::new(NET_AND_HOST).shown(), @r#"
0 create toy_net.main, new
    cidr: "10.0.0.0/16"
    dns: true
1 create toy_host.one, new, after 0
    net: ?
    label: v?
"#);
}

#[test]
fn what_is_as_declared_stays() {
    assert_snapshot!(Case::applied(NET_AND_HOST).shown(), @r#"
same toy_net.main
same toy_host.one
nothing to do
"#);
}

#[test]
fn what_differs_is_changed_in_place_and_renews_the_outputs_that_follow() {
    let spec = "[resource.toy_net.main]\ncidr = '10.0.0.0/16'\nsize = 3\n[resource.toy_host.one]\nnet = '${toy_net.main.id}'\nlabel = 'v${toy_net.main.version}'\n";
    assert_snapshot!(Case::applied(NET_AND_HOST).then(spec).shown(), @r#"
0 update toy_net.main (net-1), changed
    size: 3
1 update toy_host.one (host-2), changed, after 0
    label: "v7" → v?
"#);
}

#[test]
fn a_replacing_attribute_takes_a_new_one_and_new_parts() {
    let spec = NET_AND_HOST.replace("10.0.", "10.1.");
    assert_snapshot!(Case::applied(NET_AND_HOST).then(&spec).shown(), @r#"
0 delete toy_host.one (host-2), part of toy_net.main, which is new, old one first
1 delete toy_net.main (net-1), replaced, old one first, after 0
2 create toy_net.main #1, replaced, old one first, after 1
    cidr: "10.0.0.0/16" → "10.1.0.0/16"  replaces
3 create toy_host.one #1, part of toy_net.main, which is new, old one first, after 0 2
    net: "net-1" → ?  replaces
    label: "v7" → v?
"#);
}

#[test]
fn another_spelling_of_a_block_is_no_change() {
    assert!(Case::applied(NET).then(&NET.replace("10.0.0.0", "10.0.0.9")).plan().expect("a plan").is_empty());
}

#[test]
fn an_unknown_value_of_a_replacing_attribute_perhaps_replaces() {
    let spec = |size: u8| {
        format!(
            "[resource.toy_net.main]\ncidr = '10.0.0.0/16'\nsize = {size}\n[resource.toy_task.web]\nfamily = 'v${{toy_net.main.version}}'\n"
        )
    };
    assert_snapshot!(Case::applied(&spec(1)).then(&spec(2)).shown(), @r#"
0 update toy_net.main (net-1), changed
    size: 1 → 2
1 create toy_task.web #1, perhaps replaced, new one first, after 0
    family: "v7" → v?  replaces
2 delete toy_task.web (task-2), perhaps replaced, new one first, after 1
"#);
}

#[test]
fn what_somebody_removed_is_made_again_with_what_stands_on_it() {
    assert_snapshot!(Case::applied(NET_AND_HOST).sight("toy_net.main", Sight::Gone).shown(), @r#"
0 delete toy_host.one (host-2), part of toy_net.main, which is new, old one first
1 create toy_net.main, gone outside
    cidr: "10.0.0.0/16"
    dns: true
2 create toy_host.one #1, part of toy_net.main, which is new, old one first, after 0 1
    net: "net-1" → ?  replaces
    label: "v7" → v?
drift toy_net.main gone
"#);
}

#[test]
fn what_may_not_be_read_is_blocked_and_the_rest_goes_on() {
    let case = Case::applied(NET_AND_HOST).sight("toy_net.main", Sight::Unseen("access denied".to_owned()));
    assert_snapshot!(case.then(&NET_AND_HOST.replace("'v$", "'w$").replace("10.0.", "10.1.")).shown(), @r#"
0 update toy_host.one (host-2), changed
    label: "v7" → "w7"
blocked toy_net.main: access denied
"#);
}

#[test]
fn what_is_no_longer_declared_goes_after_what_stood_on_it() {
    assert_snapshot!(Case::applied(NET_AND_HOST).then("").shown(), @r#"
0 delete toy_host.one (host-2), not declared
1 delete toy_net.main (net-1), not declared, after 0
"#);
}

#[test]
fn what_is_no_longer_declared_and_already_gone_is_forgotten() {
    assert_snapshot!(Case::applied(NET).sight("toy_net.main", Sight::Gone).then("").shown(), @r#"0 forget toy_net.main (net-1), not declared"#);
}

#[test]
fn what_is_no_longer_declared_and_may_not_be_read_is_blocked() {
    assert_snapshot!(Case::applied(NET).sight("toy_net.main", Sight::Unseen("access denied".to_owned())).then("").shown(), @r#"
blocked toy_net.main: access denied
nothing to do
"#);
}

/// It is drift until that is written down; what is ignored stays drift.
#[test]
fn what_changed_outside_to_what_is_declared_now_is_remembered() {
    let seven = |seen: &mut Observation| seen.inputs.set("size", 7.into());
    let now = NET.replace("size = 2", "size = 7");
    assert_snapshot!(Case::applied(NET).then(&now).seen("toy_net.main", seven).shown(), @r#"
0 update toy_net.main (net-1), met
drift toy_net.main
    size: 2 → 7
"#);
    let ignoring = |spec: &str| format!("{spec}[resource.toy_net.main.lifecycle]\nignore_changes = ['size']\n");
    assert_snapshot!(Case::applied(&ignoring(NET)).seen("toy_net.main", seven).shown(), @r#"
same toy_net.main
drift toy_net.main
    size: 2 → 7
nothing to do
"#);
}

#[test]
fn what_changed_outside_is_drift_and_is_set_right() {
    let case = Case::applied(NET).seen("toy_net.main", |seen| {
        seen.inputs.set("size", 7.into());
        seen.inputs.set("zone", "elsewhere".into());
    });
    let mut case = case;
    assert_snapshot!(case.shown(), @r#"
0 update toy_net.main (net-1), changed
    size: 7 → 2
drift toy_net.main
    size: 2 → 7
"#);
}

#[test]
fn what_is_broken_is_replaced() {
    let broken = Phase::Failed { replace: true, why: "out of capacity".to_owned() };
    assert_snapshot!(Case::applied(NET).seen("toy_net.main", |seen| seen.phase = broken).shown(), @r#"
0 delete toy_net.main (net-1), broken: out of capacity, old one first
1 create toy_net.main #1, broken: out of capacity, old one first, after 0
"#);
}

#[test]
fn what_an_interrupted_run_left_half_done_is_gone_on_with() {
    let mut case = Case::applied(NET).remembered("toy_net.main", |record| record.status = Status::Partial);
    let plan = case.plan().expect("a plan");
    assert_eq!(plan.steps.iter().map(|step| (step.action, step.changes.len())).collect::<Vec<_>>(), [(Action::Update, 0)]);
}

#[test]
fn a_replacement_may_be_asked_for() {
    let mut case = Case::applied(NET_AND_HOST);
    case.options.replace = vec![address("toy_net.main")];
    let plan = case.plan().expect("a plan");
    let reasons: Vec<_> = plan.steps.iter().filter(|step| step.action == Action::Create).map(|step| step.reason.clone()).collect();
    assert_eq!(reasons, [Reason::ReplaceRequested, Reason::ParentReplaced(address("toy_net.main"))]);
}

#[test]
fn another_region_takes_a_new_one() {
    let west = "[[provider.aws]]\nregion = 'eu-west-1'\n[[provider.aws]]\nalias = 'west'\nregion = 'us-west-2'\n";
    let spec = |line: &str| format!("{west}[resource.toy_net.main]\n{line}\ncidr = '10.0.0.0/16'\n");
    assert_snapshot!(Case::applied(&spec("")).then(&spec("provider = 'aws.west'")).shown(), @r#"
0 delete toy_net.main (net-1), was in account 111122223333, eu-west-1, old one first
1 create toy_net.main #1, was in account 111122223333, eu-west-1, old one first, after 0
    cidr: "10.0.0.0/16"
    dns: true
"#);
    let role = |line: &str| format!("{west}[resource.toy_role.main]\n{line}\nname = 'x'\n");
    let mut global = Case::applied(&role("")).then(&role("provider = 'aws.west'"));
    assert!(global.plan().expect("a plan").is_empty(), "what is global stays");
}

#[test]
fn what_was_in_another_region_is_deleted_only_if_it_is_there_and_ours() {
    let spec = |region: &str| format!("[resource.toy_net.main]\nregion = '{region}'\ncidr = '10.0.0.0/16'\n");
    let moved = || Case::applied(&spec("eu-west-1")).then(&spec("eu-north-1"));
    let theirs = |seen: &mut Observation| set_tag(seen, "lowtide:stack", "lin-2");
    assert_snapshot!(moved().seen("toy_net.main", theirs).shown(), @r#"
blocked toy_net.main: net-1 is tagged as belonging to another stack (`lowtide:stack` = lin-2), so it is left alone
nothing to do
"#);
    assert_snapshot!(moved().seen("toy_net.main", |seen| drop_tag(seen, "lowtide:stack")).shown(), @r#"
blocked toy_net.main: net-1 would be deleted, and carries no tag `lowtide:stack`: nothing shows that it belongs to this stack. An apply that keeps it sets the tag; `lowtide state rm` leaves it to others
nothing to do
"#);
    assert_snapshot!(moved().sight("toy_net.main", Sight::Unseen("access denied".to_owned())).shown(), @r#"
blocked toy_net.main: access denied
nothing to do
"#);
    assert_snapshot!(moved().sight("toy_net.main", Sight::Gone).shown(), @r#"
0 create toy_net.main, gone outside
    cidr: "10.0.0.0/16"
    dns: true
drift toy_net.main gone
"#);
    let lingers = |record: &mut lowtide_state::Record| record.lingering = vec![record.lingering_until(9)];
    assert_snapshot!(moved().sight("toy_net.main", Sight::Gone).remembered("toy_net.main", lingers).shown(), @r#"
0 create toy_net.main #1, gone outside
    cidr: "10.0.0.0/16"
    dns: true
1 delete toy_net.main (net-1), deposed, after 0
drift toy_net.main gone
"#);
}

#[test]
fn an_account_s_own_region_follows_the_resource() {
    let spec = |region: &str| format!("[resource.toy_net.main]\nregion = '{region}'\ncidr = '10.0.0.0/16'\n");
    let plan = Case::applied(&spec("eu-west-1")).then(&spec("eu-north-1")).plan().expect("a plan");
    let regions: Vec<_> = plan.steps.iter().map(|step| (step.action, step.place.region.as_str())).collect();
    assert_eq!(regions, [(Action::Delete, "eu-west-1"), (Action::Create, "eu-north-1")]);
}

#[test]
fn a_kind_that_asks_nothing_is_as_it_is_remembered() {
    let spec = "[resource.toy_note.a]\ntext = 'x'\ntriggers = { v = '1' }\n";
    let mut case = Case::applied(spec);
    case.sights.clear();
    assert!(case.plan().expect("a plan").is_empty());
    assert_snapshot!(case.then(&spec.replace("'1'", "'2'")).shown(), @r#"
0 delete toy_note.a (note-1), replaced, old one first
1 create toy_note.a #1, replaced, old one first, after 0
    triggers: {v: "1"} → {v: "2"}  replaces
"#);
}

#[test]
fn an_unknown_kind_in_state_is_an_error() {
    let mut case = Case::applied(NET).then("");
    let (key, record) = case.state.records.pop_first().expect("a record");
    let other = address("toy_lost.main");
    case.state.records.insert((other.clone(), key.1), lowtide_state::Record { address: other, ..record });
    assert_snapshot!(case.shown(), @r#"
Unknown kind in state: The state holds `toy_lost.main`, but this Lowtide knows no kind `toy_lost`, so it can't be destroyed.
    hint: use a Lowtide that has this kind
    places: 0
"#);
}

/// Says that a run ended before it knew whether it had made this generation.
fn asked_for(mut case: Case, text: &str, generation: u32) -> Case {
    let address = address(text);
    let (op, attempt) = ("op-9".to_owned(), Attempt::Create);
    let intent = Intent { op, attempt, address, generation, record: None, until: None };
    case.state.pending.insert(intent.key(), intent);
    case
}

#[test]
fn what_an_interrupted_run_was_about_to_make_is_made_as_that_one() {
    assert_snapshot!(asked_for(Case::new(NET), "toy_net.main", 1).shown(), @r#"
0 create toy_net.main #1, new
    cidr: "10.0.0.0/16"
    size: 2
    dns: true
"#);
    let replaced = Case::applied(NET).then(&NET.replace("10.0.", "10.1."));
    assert_snapshot!(asked_for(replaced, "toy_net.main", 1).shown(), @r#"
0 delete toy_net.main (net-1), replaced, old one first
1 create toy_net.main #1, replaced, old one first, after 0
    cidr: "10.0.0.0/16" → "10.1.0.0/16"  replaces
"#);
}

#[test]
fn what_is_gone_while_its_successor_is_in_doubt_is_forgotten_and_the_successor_made() {
    let gone = Case::applied(NET).sight("toy_net.main", Sight::Gone);
    assert_snapshot!(asked_for(gone, "toy_net.main", 1).shown(), @r#"
0 create toy_net.main #1, gone outside
    cidr: "10.0.0.0/16"
    size: 2
    dns: true
1 forget toy_net.main (net-1), deposed, after 0
drift toy_net.main gone
"#);
}
