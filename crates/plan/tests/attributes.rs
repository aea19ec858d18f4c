//! What counts as a difference, attribute by attribute.

use insta::assert_snapshot;
use lowtide_model::Value;

use crate::case::{Case, json};

fn change(kind: &str, before: &str, after: &str) -> String {
    let spec = |body: &str| format!("[resource.{kind}.it]\n{body}\n");
    Case::applied(&spec(before)).then(&spec(after)).shown()
}

fn quiet(before: &str, after: &str) {
    assert_eq!(change("toy_base", before, after), "same toy_base.it\nnothing to do\n");
}

#[test]
fn what_was_never_set_is_left_alone() {
    let mut case = Case::applied("[resource.toy_net.it]\ncidr = '10.0.0.0/16'\n").seen("toy_net.it", |seen| {
        seen.inputs.set("zone", "z".into());
        seen.inputs.set("size", 9.into());
        seen.inputs.set("pool", "p".into());
    });
    assert!(case.plan().expect("a plan").steps.is_empty());
}

#[test]
fn what_is_no_longer_set_follows_its_rule() {
    let net = "cidr = '10.0.0.0/16'\n";
    assert_snapshot!(change("toy_net", &format!("{net}size = 4"), net), @r#"
0 update toy_net.it (net-1), changed
    size: 4 → none
"#);
    assert_snapshot!(change("toy_net", &format!("{net}zone = 'z'"), net), @r#"
same toy_net.it
nothing to do
"#);
    assert_snapshot!(change("toy_net", &format!("{net}pool = 'p'"), net), @r#"
0 delete toy_net.it (net-1), replaced, old one first
1 create toy_net.it #1, replaced, old one first, after 0
    pool: "p" → none  replaces
"#);
    assert_snapshot!(change("toy_net", &format!("{net}dns = false"), net), @r#"
0 update toy_net.it (net-1), changed
    dns: false → true
"#);
}

#[test]
fn a_default_is_enforced() {
    let mut case =
        Case::applied("[resource.toy_net.it]\ncidr = '10.0.0.0/16'\n").seen("toy_net.it", |seen| seen.inputs.set("dns", false.into()));
    assert_snapshot!(case.shown(), @r#"
0 update toy_net.it (net-1), changed
    dns: false → true
drift toy_net.it
    dns: true → false
"#);
}

#[test]
fn null_is_absent_and_empty_is_a_value() {
    quiet("", "settings = '${null}'");
    assert_snapshot!(change("toy_base", "names = ['a']", "names = []"), @r#"
0 update toy_base.it (base-1), changed
    names: {"a"} → {}
"#);
    assert_snapshot!(change("toy_base", "names = ['a']", ""), @r#"
0 update toy_base.it (base-1), changed
    names: {"a"} → none
"#);
    quiet("", "names = []");
}

#[test]
fn a_fresh_value_counts_at_creation_only() {
    let spec = "[resource.toy_base.it]\n";
    assert_snapshot!(Case::new(spec).shown(), @r#"
0 create toy_base.it, new
    force: false
    egress: {}
    keep_days: 30
"#);
    let mut later = Case::applied(spec).seen("toy_base.it", |seen| {
        seen.inputs.set("egress", json(r#"[{"port": 1}]"#));
        seen.inputs.set("keep_days", 90.into());
    });
    assert!(later.plan().expect("a plan").steps.is_empty());
}

#[test]
fn what_another_kind_owns_is_left_alone_until_it_is_set() {
    let spec = "[resource.toy_base.it]\n";
    let rules = json(r#"[{"port": 22, "from": ["10.0.0.0/8"]}]"#)
        .shaped(&crate::kinds::schema().kind("toy_base").and_then(|kind| kind.input("ingress")).expect("ingress").shape.written());
    let mut case = Case::applied(spec).seen("toy_base.it", |seen| seen.inputs.set("ingress", rules));
    let plan = case.plan().expect("a plan");
    assert!(plan.is_empty() && plan.drift.is_empty());
    assert_snapshot!(case.then("[resource.toy_base.it]\ningress = [{ port = 80 }]\n").shown(), @r#"
0 update toy_base.it (base-1), changed
    ingress: {{from: {"10.0.0.0/8"}, port: 22}} → {{port: 80}}
"#);
}

#[test]
fn an_option_is_remembered_and_never_compared() {
    assert_snapshot!(change("toy_base", "", "force = true\nfinal_name = 'last'"), @r#"
0 update toy_base.it (base-1), changed
    force: false → true
    final_name: "last"
"#);
    assert_snapshot!(change("toy_base", "final_name = 'last'", ""), @r#"
0 update toy_base.it (base-1), changed
    final_name: "last" → none
"#);
    quiet("force = false", "");
    quiet("final_name = 'last'", "final_name = 'last'");
}

#[test]
fn a_secret_that_aws_never_shows_compares_with_its_digest() {
    quiet("password = 'old'", "password = 'old'");
    assert_snapshot!(change("toy_base", "password = 'old'", "password = 'new'"), @r#"
0 update toy_base.it (base-1), changed
    password: *** → ***
"#);
    assert_snapshot!(change("toy_base", "password = 'old'", ""), @r#"
0 update toy_base.it (base-1), changed
    password: *** → none
"#);
    assert_snapshot!(change("toy_base", "", "password = '${var.secret}'"), @r#"
0 update toy_base.it (base-1), changed
    password: ***
"#);
}

#[test]
fn a_secret_that_aws_shows_is_compared_and_hidden() {
    quiet("token = 'old'", "token = 'old'");
    assert_snapshot!(change("toy_base", "token = 'old'", "token = 'new'"), @r#"
0 update toy_base.it (base-1), changed
    token: *** → ***
"#);
    let mut case =
        Case::applied("[resource.toy_base.it]\ntoken = 'old'\n").seen("toy_base.it", |seen| seen.inputs.set("token", "stolen".into()));
    assert_snapshot!(case.shown(), @r#"
0 update toy_base.it (base-1), changed
    token: *** → ***
"#);
}

#[test]
fn a_sensitive_value_of_a_plain_attribute_is_hidden_on_both_sides() {
    let spec = |label: &str| format!("[resource.toy_base.it]\nnames = ['{label}', '${{var.secret}}']\n");
    assert_snapshot!(Case::applied(&spec("a")).then(&spec("b")).shown(), @r#"
0 update toy_base.it (base-1), changed
    names: *** → {"b", ***}
"#);
    let mut same = Case::applied(&spec("a"));
    assert!(same.plan().expect("a plan").is_empty());
}

#[test]
fn what_was_sensitive_is_hidden_as_it_is() {
    const SECRET: &str = "[resource.toy_base.it]\nnames = ['${var.secret}']\n";
    for mut case in [
        Case::applied(SECRET).destroyed(),
        Case::applied(SECRET).then(""),
        Case::applied(SECRET).then("[resource.toy_base.it]\nnames = ['b']\n"),
        Case::applied(SECRET).then("[resource.toy_base.it]\n"),
    ] {
        let plan = case.plan().expect("a plan");
        let [step] = &plan.steps[..] else { panic!("{:?}", plan.steps) };
        let names = step.before.as_members().and_then(|all| all.get("names")).expect("names");
        assert!(names.holds_sensitive() && !format!("{:?}", step.after).contains("hunter2"), "{step:?}");
    }
}

#[test]
fn sensitive_tags_are_hidden_one_by_one() {
    let spec = |tags: &str| format!("[resource.toy_net.it]\ncidr = '10.0.0.0/16'\ntags = '${{sensitive({{ Name = \"{tags}\" }})}}'\n");
    assert_snapshot!(Case::applied(&spec("a")).then(&spec("b")).shown(), @r#"
0 update toy_net.it (net-1), changed
    tags.Name: *** → ***
"#);
}

#[test]
fn sensitive_tags_are_taken_away_where_there_are_no_others() {
    let spec = "[resource.toy_net.it]\ncidr = '10.0.0.0/16'\ntags = '${sensitive({ Name = \"a\" })}'\n";
    let mut gone = Case::applied(spec).then("[resource.toy_net.it]\ncidr = '10.0.0.0/16'\n");
    assert_snapshot!(gone.shown(), @r#"
0 update toy_net.it (net-1), changed
    tags.Name: *** → none
"#);
    let after = format!("{:?}", gone.plan().expect("a plan").steps[0].before.as_members().and_then(|all| all.get("tags").cloned()));
    assert!(after.contains("sensitive: true"), "{after}");
}

#[test]
fn json_compares_by_member_and_policies_as_they_are_meant() {
    quiet("settings = '{\"a\": 1, \"b\": [1, 2]}'", "settings = { b = [1, 2], a = 1 }");
    assert_snapshot!(change("toy_base", "settings = { a = 1 }", "settings = { a = 2 }"), @r#"
0 update toy_base.it (base-1), changed
    settings: {a: 1} → {a: 2}
"#);
    let role = |policy: &str| format!("name = 'x'\n[resource.toy_role.it.policy]\n{policy}\n");
    let one = role("Version = '2012-10-17'\nStatement = { Effect = 'Allow', Action = 's3:GetObject', Resource = ['b', 'a'] }");
    let same = role("Version = '2012-10-17'\nStatement = [{ Effect = 'Allow', Action = ['s3:getobject'], Resource = ['a', 'b'] }]");
    assert_eq!(change("toy_role", &one, &same), "same toy_role.it\nnothing to do\n");
    assert_snapshot!(change("toy_role", &one, &one.replace("GetObject", "PutObject")), @r#"
0 update toy_role.it (x), changed
    policy: {Statement: {Action: "s3:GetObject", Effect: "Allow", Resource: ["b", "a"]}, Version: "2012-10-17"} → {Statement: {Action: "s3:PutObject", Effect: "Allow", Resource: ["b", "a"]}, Version: "2012-10-17"}
"#);
}

#[test]
fn json_that_aws_fills_in_may_hold_more_until_it_was_asked_for() {
    let task = |containers: &str| format!("family = 'web'\ncontainers = {containers}\n");
    let asked = task("[{ name = 'web', image = 'a', cpu = 10 }]");
    let spec = |body: &str| format!("[resource.toy_task.it]\n{body}");
    let filled = json(r#"[{"name": "web", "image": "a", "cpu": 10, "mountPoints": [], "essential": true}]"#);
    let mut case = Case::applied(&spec(&asked)).seen("toy_task.it", |seen| seen.inputs.set("containers", filled.clone()));
    assert!(case.plan().expect("a plan").steps.is_empty());
    let mut case = case.then(&spec(&task("[{ name = 'web', image = 'a' }]")));
    assert_snapshot!(case.shown(), @r#"
0 create toy_task.it #1, replaced, new one first
    containers: [{cpu: 10, essential: true, image: "a", mountPoints: [], name: "web"}] → [{image: "a", name: "web"}]  replaces
1 delete toy_task.it (task-1), replaced, new one first, after 0
"#);
}

#[test]
fn members_of_a_block_that_were_never_set_are_left_alone() {
    quiet("storage = { size = 5 }", "storage = { size = 5, device = 'decided' }");
    assert_snapshot!(change("toy_base", "storage = { size = 5 }", "storage = { size = 6 }"), @r#"
0 update toy_base.it (base-1), changed
    storage: {device: "decided", size: 5} → {device: "decided", size: 6}
"#);
}

#[test]
fn a_member_of_a_block_that_is_no_longer_set_is_taken_away() {
    assert_snapshot!(change("toy_base", "storage = { size = 5, throughput = 9 }", "storage = { size = 5 }"), @r#"
0 update toy_base.it (base-1), changed
    storage: {device: "decided", size: 5, throughput: 9} → {device: "decided", size: 5}
"#);
    assert_snapshot!(change("toy_base", "disk = [{ size = 5, throughput = 9 }]", "disk = [{ size = 5 }]"), @r#"
0 update toy_base.it (base-1), changed
    disk: [{device: "decided", size: 5, throughput: 9}] → [{device: "decided", size: 5}]
"#);
    quiet("storage = { size = 5, device = 'sda' }", "storage = { size = 5 }");
}

#[test]
fn a_member_of_a_block_may_take_a_new_resource() {
    assert_snapshot!(change("toy_base", "storage = { size = 5, class = 'a' }", "storage = { size = 5, class = 'b' }"), @r#"
0 delete toy_base.it (base-1), replaced, old one first
1 create toy_base.it #1, replaced, old one first, after 0
    storage: {class: "a", device: "decided", size: 5} → {class: "b", device: "decided", size: 5}  replaces
"#);
    assert_snapshot!(change("toy_base", "disk = [{ size = 5, class = 'a' }]", "disk = [{ size = 5, class = 'b' }]"), @r#"
0 delete toy_base.it (base-1), replaced, old one first
1 create toy_base.it #1, replaced, old one first, after 0
    disk: [{class: "a", device: "decided", size: 5}] → [{class: "b", device: "decided", size: 5}]  replaces
"#);
}

#[test]
fn a_block_that_is_no_longer_set_is_taken_away() {
    assert_snapshot!(change("toy_base", "storage = { size = 5 }", ""), @r#"
0 update toy_base.it (base-1), changed
    storage: {device: "decided", size: 5} → none
"#);
    assert_snapshot!(change("toy_base", "disk = [{ size = 5 }, { size = 6 }]", "disk = [{ size = 6 }]"), @r#"
0 update toy_base.it (base-1), changed
    disk: [{device: "decided", size: 5}, {device: "decided", size: 6}] → [{device: "decided", size: 6}]
"#);
}

#[test]
fn a_set_of_blocks_is_owned_whole_and_pairs_by_what_is_the_same() {
    quiet("egress = [{ port = 1 }, { port = 2 }]", "egress = [{ port = 2 }, { port = 1 }]");
    assert_snapshot!(change("toy_base", "egress = [{ port = 1 }, { port = 2, from = ['10.0.0.0/8'] }]", "egress = [{ port = 2, from = ['10.0.0.0/8', '11.0.0.0/8'] }]"), @r#"
0 update toy_base.it (base-1), changed
    egress: {{from: {"10.0.0.0/8"}, note: "decided", port: 2}, {note: "decided", port: 1}} → {{from: {"10.0.0.0/8", "11.0.0.0/8"}, note: "decided", port: 2}}
"#);
}

#[test]
fn a_value_that_takes_effect_later_is_satisfied() {
    let spec = |size: u8| format!("[resource.toy_net.it]\ncidr = '10.0.0.0/16'\nsize = {size}\n");
    let later = |seen: &mut lowtide_model::Observation| {
        seen.inputs.set("size", 1.into());
        seen.pending.set("size", 3.into());
    };
    assert!(Case::applied(&spec(3)).seen("toy_net.it", later).plan().expect("a plan").steps.is_empty());
    // Another value, and the one from before, must be asked for: AWS would bring 3.
    assert_snapshot!(Case::applied(&spec(3)).then(&spec(4)).seen("toy_net.it", later).shown(), @r#"
0 update toy_net.it (net-1), changed
    size: 3 → 4
"#);
    assert_snapshot!(Case::applied(&spec(3)).then(&spec(1)).seen("toy_net.it", later).shown(), @r#"
0 update toy_net.it (net-1), changed
    size: 3 → 1
"#);
}

#[test]
fn what_takes_effect_later_is_drift_only_if_others_asked_for_it() {
    let spec = |size: u8| format!("[resource.toy_net.it]\ncidr = '10.0.0.0/16'\nsize = {size}\n");
    // We asked for 3 and saw 1 afterwards, since the window had not come: now it has, or has not.
    let waiting = || Case::applied(&spec(3)).remembered("toy_net.it", |record| record.seen.inputs.set("size", 1.into()));
    let pending = |size: i64| {
        move |seen: &mut lowtide_model::Observation| {
            seen.inputs.set("size", 1.into());
            seen.pending.set("size", size.into());
        }
    };
    assert_eq!(waiting().plan().expect("a plan").drift, []);
    assert_eq!(waiting().seen("toy_net.it", pending(3)).plan().expect("a plan").drift, []);
    assert_snapshot!(waiting().seen("toy_net.it", pending(5)).shown(), @r#"
0 update toy_net.it (net-1), changed
    size: 5 → 3
drift toy_net.it
    size: 1 → 5
"#);
    // No longer asked for: what is about to come goes as well.
    let none = "[resource.toy_net.it]\ncidr = '10.0.0.0/16'\n";
    let only_pending = |seen: &mut lowtide_model::Observation| {
        seen.inputs.set("size", Value::Null);
        seen.pending.set("size", 3.into());
    };
    assert_snapshot!(Case::applied(&spec(3)).then(none).seen("toy_net.it", only_pending).shown(), @r#"
0 update toy_net.it (net-1), changed
    size: 3 → none
"#);
}

#[test]
fn a_version_is_as_exact_as_it_is_asked_for_whatever_was_asked_before() {
    let spec = |release: &str| format!("[resource.toy_base.it]\nrelease = '{release}'\nupgrades = true\n");
    let is = |release: &'static str| move |seen: &mut lowtide_model::Observation| seen.inputs.set("release", release.into());
    let plan =
        |before: &str, now: &'static str, after: &str| Case::applied(&spec(before)).then(&spec(after)).seen("toy_base.it", is(now)).shown();
    for (before, now, after) in [("16", "16.4", "16"), ("16.4", "16.4", "16"), ("16", "16.4", "16.4"), ("16.2", "16.4", "16.2")] {
        assert_eq!(plan(before, now, after), "same toy_base.it\nnothing to do\n", "{before} {now} {after}");
    }
    assert_snapshot!(plan("16", "16.4", "17"), @r#"
0 update toy_base.it (base-1), changed
    release: "16.4" → "17"
"#);
}

#[test]
fn a_change_that_aws_never_makes_is_refused() {
    let spec = |release: &str| format!("[resource.toy_base.it]\nrelease = '{release}'\n");
    assert_snapshot!(Case::applied(&spec("17")).then(&spec("16")).shown(), @r#"
Impossible change: There is no way back from 17 to 16.
    places: 1
"#);
    // A new one may begin anywhere.
    assert!(Case::new(&spec("16")).plan().is_ok());
}

#[test]
fn what_aws_did_not_show_this_time_compares_with_what_was_asked_for() {
    let spec = |size: u8| format!("[resource.toy_net.it]\ncidr = '10.0.0.0/16'\nsize = {size}\n");
    let hide = |seen: &mut lowtide_model::Observation| {
        seen.inputs.set("size", Value::Null);
        seen.unseen = vec!["size".to_owned()];
    };
    assert!(Case::applied(&spec(3)).seen("toy_net.it", hide).plan().expect("a plan").is_empty());
    assert_snapshot!(Case::applied(&spec(3)).then(&spec(4)).seen("toy_net.it", hide).shown(), @r#"
0 update toy_net.it (net-1), changed
    size: 3 → 4
"#);
}

#[test]
fn ignored_changes_stay_as_they_are() {
    let spec = |rest: &str, ignored: &str| {
        format!("[resource.toy_base.it]\n{rest}\n[resource.toy_base.it.lifecycle]\nignore_changes = {ignored}\n")
    };
    let quiet = |before: &str, after: &str, ignored: &str| {
        let mut case = Case::applied(&spec(before, ignored)).then(&spec(after, ignored));
        assert_eq!(case.shown(), "same toy_base.it\nnothing to do\n", "{before} to {after}");
    };
    quiet("names = ['a']", "names = ['b']", "['names']");
    quiet("names = ['a']", "", "['names']");
    quiet("", "names = ['a']", "['names']");
    quiet("names = ['a']\nkeep_days = 3", "keep_days = 4", "'all'");
    quiet("password = 'old'", "password = 'new'", "['password']");
    quiet("password = 'old'", "", "['password']");
    quiet("password = 'old'", "password = 'new'", "'all'");
    quiet("tags = { A = '1', B = '2' }", "tags = { A = '2', B = '2' }", "['tags[\"A\"]']");
    quiet("tags = { A = '1' }", "tags = { A = '2', C = '3' }", "['tags']");
    quiet("tags = { A = '1' }", "", "['tags']");
    quiet("storage = { size = 5, throughput = 1 }", "storage = { size = 6, throughput = 1 }", "['storage[0].size']");
    quiet("disk = [{ size = 5 }, { size = 7 }]", "disk = [{ size = 6 }, { size = 7 }]", "['disk[0].size']");
}

#[test]
fn only_what_is_ignored_is_ignored() {
    let spec = |rest: &str| {
        format!("[resource.toy_base.it]\n{rest}\n[resource.toy_base.it.lifecycle]\nignore_changes = ['storage[0].size', 'tags[\"A\"]']\n")
    };
    let before = spec("storage = { size = 5, throughput = 1 }\ntags = { A = '1', B = '1' }");
    let after = spec("storage = { size = 6, throughput = 2 }\ntags = { A = '2', B = '2' }");
    assert_snapshot!(Case::applied(&before).then(&after).shown(), @r#"
0 update toy_base.it (base-1), changed
    storage: {device: "decided", size: 5, throughput: 1} → {device: "decided", size: 5, throughput: 2}
    tags.B: "1" → "2"
"#);
}

#[test]
fn a_word_that_goes_one_way_takes_a_new_one_on_the_way_back() {
    let host = |class: &str| format!("net = 'n'\nclass = '{class}'");
    assert_snapshot!(change("toy_host", &host("small"), &host("large")), @r#"
0 update toy_host.it (host-1), changed
    class: "small" → "large"
"#);
    assert_snapshot!(change("toy_host", &host("large"), &host("small")), @r#"
0 delete toy_host.it (host-1), replaced, old one first
1 create toy_host.it #1, replaced, old one first, after 0
    class: "large" → "small"  replaces
"#);
}

#[test]
fn what_was_left_to_choose_is_as_asked_for_and_goes_one_way_from_what_was_chosen() {
    let host = |class: &str| format!("[resource.toy_host.it]\nnet = 'n'\nclass = '{class}'\n");
    let chosen = || Case::applied(&host("any")).seen("toy_host.it", |seen| seen.inputs.set("class", "large".into()));
    let quiet = "same toy_host.it\nnothing to do\n";
    assert_eq!((chosen().shown(), chosen().then(&host("large")).shown()), (quiet.to_owned(), quiet.to_owned()));
    assert_snapshot!(chosen().then(&host("small")).shown(), @r#"
0 delete toy_host.it (host-1), replaced, old one first
1 create toy_host.it #1, replaced, old one first, after 0
    class: "large" → "small"  replaces
"#);
}
