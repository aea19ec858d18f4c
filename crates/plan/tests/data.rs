//! Data sources.

use insta::assert_snapshot;

use crate::case::Case;

#[test]
fn what_data_says_may_decide_which_instances_there_are() {
    let spec = "[data.toy_zones.all]\n[resource.toy_net.n]\nfor_each = '${toset(data.toy_zones.all.names)}'\ncidr = '10.0.0.0/16'\n";
    let mut case = Case::new(spec);
    assert_snapshot!(case.shown(), @r#"
0 create toy_net.n["b"], new
    cidr: "10.0.0.0/16"
    dns: true
1 create toy_net.n["a"], new
    cidr: "10.0.0.0/16"
    dns: true
"#);
    assert_eq!(case.asked.len(), 1);
    assert!(Case::applied(spec).plan().expect("a plan").is_empty());
}

#[test]
fn data_that_depends_on_what_is_not_there_is_read_while_applying() {
    let spec = "[resource.toy_net.a]\ncidr = '10.0.0.0/16'\n[data.toy_zones.z]\nstate = '${toy_net.a.id}'\n[resource.toy_base.b]\nnames = '${data.toy_zones.z.names}'\n";
    assert_snapshot!(Case::new(spec).shown(), @r#"
0 create toy_net.a, new
    cidr: "10.0.0.0/16"
    dns: true
1 read data.toy_zones.z, new, after 0
2 create toy_base.b, new, after 0 1
    force: false
    egress: {}
    keep_days: 30
    names: ?
"#);
    let waits = "[resource.toy_net.a]\ncidr = '10.0.0.0/16'\nsize = 1\n[data.toy_zones.z]\ndepends_on = ['toy_net.a']\n[resource.toy_base.b]\nnames = '${data.toy_zones.z.names}'\n";
    assert!(Case::applied(waits).plan().expect("a plan").is_empty());
    assert_snapshot!(Case::applied(waits).then(&waits.replace("size = 1", "size = 2")).shown(), @r#"
0 update toy_net.a (net-1), changed
    size: 1 → 2
1 read data.toy_zones.z, new, after 0
2 update toy_base.b (base-2), changed, after 0 1
    names: {"a", "b"} → ?
"#);
}

#[test]
fn data_that_can_not_be_read_is_an_error_at_its_place() {
    assert_snapshot!(Case::new("[data.toy_zones.z]\nstate = 'broken'\n[output.z]\nvalue = '${data.toy_zones.z.names}'\n").shown(), @r#"
Data source not read: `data.toy_zones.z` could not be read. The service is away.
    places: 1
"#);
}

#[test]
fn pure_data_follows_at_once_or_with_what_it_is_made_of() {
    let spec = "[data.toy_greeting.g]\nname = 'you'\n[output.g]\nvalue = '${data.toy_greeting.g.text}'\n";
    let mut case = Case::new(spec);
    assert_snapshot!(case.shown(), @r#"output g: none → "hello you""#);
    assert!(case.asked.is_empty());
    let later = "[resource.toy_net.a]\ncidr = '10.0.0.0/16'\n[data.toy_greeting.g]\nname = '${toy_net.a.id}'\n[resource.toy_host.h]\nnet = 'n'\nlabel = '${data.toy_greeting.g.text}'\n";
    assert_snapshot!(Case::new(later).shown(), @r#"
0 create toy_net.a, new
    cidr: "10.0.0.0/16"
    dns: true
1 read data.toy_greeting.g, new, after 0
2 create toy_host.h, new, after 0 1
    net: "n"
    label: ?
"#);
    assert!(Case::applied(later).plan().expect("a plan").is_empty());
}

#[test]
fn pure_data_complains_at_its_attribute() {
    assert_snapshot!(Case::new("[data.toy_greeting.g]\nname = ''\n").shown(), @r#"
Invalid arguments: Nobody can be greeted without a name.
    places: 1
"#);
}

#[test]
fn a_destroy_asks_for_nothing() {
    let spec = "[data.toy_zones.all]\n[resource.toy_net.n]\nfor_each = '${toset(data.toy_zones.all.names)}'\ncidr = '10.0.0.0/16'\n[resource.toy_role.r]\nname = 'x'\n";
    let mut case = Case::applied(spec).destroyed();
    assert_snapshot!(case.shown(), @r#"
0 delete toy_role.r (x), destroyed
1 delete toy_net.n["b"] (net-3), destroyed
2 delete toy_net.n["a"] (net-2), destroyed
"#);
    assert!(case.asked.is_empty());
}
