//! Tags: owned key by key; Lowtide's own never show.

use insta::assert_snapshot;
use lowtide_state::Record;

use crate::case::{Case, drop_tag, set_tag};

const SPEC: &str = "[resource.toy_net.it]\ncidr = '10.0.0.0/16'\ntags = { Name = 'a', Team = 't' }\n";

#[test]
fn tags_are_owned_key_by_key() {
    let mut case = Case::applied(SPEC).seen("toy_net.it", |seen| {
        set_tag(seen, "Cost", "12");
        set_tag(seen, "Name", "hacked");
    });
    assert_snapshot!(case.shown(), @r#"
0 update toy_net.it (net-1), changed
    tags.Name: "hacked" → "a"
drift toy_net.it
    tags: {Name: "a", Team: "t"} → {Cost: "12", Name: "hacked", Team: "t"}
"#);
    assert_snapshot!(case.then(&SPEC.replace(", Team = 't'", "")).shown(), @r#"
0 update toy_net.it (net-1), changed
    tags.Name: "hacked" → "a"
    tags.Team: "t" → none
drift toy_net.it
    tags: {Name: "a", Team: "t"} → {Cost: "12", Name: "hacked", Team: "t"}
"#);
}

#[test]
fn no_tags_at_all_takes_away_only_ours() {
    let mut case =
        Case::applied(SPEC).seen("toy_net.it", |seen| set_tag(seen, "Cost", "12")).then("[resource.toy_net.it]\ncidr = '10.0.0.0/16'\n");
    assert_snapshot!(case.shown(), @r#"
0 update toy_net.it (net-1), changed
    tags.Name: "a" → none
    tags.Team: "t" → none
drift toy_net.it
    tags: {Name: "a", Team: "t"} → {Cost: "12", Name: "a", Team: "t"}
"#);
}

#[test]
fn tags_of_the_provider_are_merged_in_and_weaker() {
    let provider = "[provider.aws]\ndefault_tags = { tags = { Team = 'all', Env = 'dev' } }\n";
    assert_snapshot!(Case::new(&format!("{provider}{SPEC}")).shown(), @r#"
0 create toy_net.it, new
    cidr: "10.0.0.0/16"
    dns: true
    tags: {Env: "dev", Name: "a", Team: "t"}
"#);
    assert_snapshot!(Case::applied(SPEC).then(&format!("{provider}{SPEC}")).shown(), @r#"
0 update toy_net.it (net-1), changed
    tags.Env: "dev"
"#);
}

#[test]
fn ignored_tags_belong_to_others() {
    let provider = "[provider.aws]\nignore_tags = { keys = ['Name'], key_prefixes = ['auto-'] }\n";
    let mut case = Case::applied(SPEC).then(&format!("{provider}{SPEC}")).seen("toy_net.it", |seen| {
        set_tag(seen, "Name", "theirs");
        set_tag(seen, "auto-x", "y");
    });
    assert_snapshot!(case.shown(), @r#"
same toy_net.it
nothing to do
"#);
}

#[test]
fn ownership_tags_that_were_taken_away_come_back() {
    let mut case = Case::applied(SPEC).seen("toy_net.it", |seen| {
        drop_tag(seen, "lowtide:stack");
        drop_tag(seen, "lowtide:id");
    });
    assert_snapshot!(case.shown(), @r#"
0 update toy_net.it (net-1), changed
    tags["lowtide:stack"]: "lin-1"
    tags["lowtide:id"]: "op-net-1"
"#);
}

#[test]
fn what_another_stack_or_another_record_owns_is_left_alone() {
    let mut stack = Case::applied(SPEC).seen("toy_net.it", |seen| set_tag(seen, "lowtide:stack", "lin-2"));
    assert_snapshot!(stack.shown(), @r#"
blocked toy_net.it: net-1 is tagged as belonging to another stack (`lowtide:stack` = lin-2), so it is left alone
nothing to do
"#);
    let mut other = Case::applied(SPEC).seen("toy_net.it", |seen| set_tag(seen, "lowtide:id", "op-9")).then("");
    assert_snapshot!(other.shown(), @r#"
blocked toy_net.it: net-1 is tagged as another thing than the one remembered (`lowtide:id` = op-9), so it is left alone
nothing to do
"#);
}

/// A request of ours for the same thing came late and set all of it, its own tag as well.
#[test]
fn what_a_late_request_of_ours_has_tagged_is_ours_and_gets_its_tag_back() {
    let late = |case: Case| case.seen("toy_net.it", |seen| set_tag(seen, "lowtide:id", "op-9"));
    let mut case = late(Case::applied(SPEC).remembered("toy_net.it", |record| {
        let asked = Record { uid: "op-9".to_owned(), ..record.clone() };
        record.lingering = vec![asked.lingering_until(1)];
    }));
    assert_snapshot!(case.shown(), @r#"
0 update toy_net.it (net-1), changed
    tags["lowtide:id"]: "op-9" → "op-net-1"
"#);
}

#[test]
fn what_carries_no_owner_s_tag_is_kept() {
    let untagged = || Case::applied(SPEC).seen("toy_net.it", |seen| drop_tag(seen, "lowtide:stack"));
    for mut case in [untagged().then(""), untagged().destroyed(), untagged().then(&SPEC.replace("10.0", "10.1"))] {
        let plan = case.plan().expect("a plan");
        assert!(plan.steps.is_empty(), "{:?}", plan.steps);
        let [blocked] = &plan.blocked[..] else { panic!("{:?}", plan.blocked) };
        assert!(blocked.why.contains("carries no tag `lowtide:stack`"), "{}", blocked.why);
    }
    // Where its tags can't be read they prove nothing.
    let mut unread = Case::applied(SPEC).destroyed().seen("toy_net.it", |seen| {
        seen.inputs.0.remove("tags");
        seen.unseen.push("tags".to_owned());
    });
    assert_eq!(unread.plan().expect("a plan").summary().delete, 1);
}

#[test]
fn tags_are_unknown_together() {
    let spec = |size: u8| {
        format!(
            "[resource.toy_net.a]\ncidr = '10.0.0.0/16'\nsize = {size}\n[resource.toy_net.b]\ncidr = '10.0.0.0/16'\ntags = {{ V = '${{toy_net.a.version}}' }}\n"
        )
    };
    assert_snapshot!(Case::applied(&spec(1)).then(&spec(2)).shown(), @r#"
0 update toy_net.a (net-1), changed
    size: 1 → 2
1 update toy_net.b (net-2), changed, after 0
    tags.V: "7" → ?
"#);
}

#[test]
fn own_tags_never_become_the_user_s() {
    let spec = |ignored: &str| format!("{SPEC}lifecycle = {{ {ignored} }}\n");
    let ignoring = Case::applied(&spec("ignore_changes = ['tags']"));
    let mut ignoring = ignoring.then(&spec("ignore_changes = ['tags']").replace("'10.0.0.0/16'", "'10.0.0.0/16'\nsize = 4"));
    let plan = ignoring.plan().expect("a plan");
    let tags = plan.steps[0].wish.get("tags").and_then(|tags| tags.as_members()).expect("tags");
    assert_eq!(tags.keys().collect::<Vec<_>>(), ["Name", "Team"]);
    // A record written when they did.
    let mut after = Case::applied(SPEC).remembered("toy_net.it", |record| {
        let mut seen = record.last_observation();
        set_tag(&mut seen, "Name", "a");
        record.inputs.set("tags", seen.inputs.get("tags").cloned().expect("tags"));
    });
    assert!(after.plan().expect("a plan").steps.is_empty());
}
