//! Checks across declarations: what is one value by reference is one, known or not.

use insta::assert_snapshot;
use lowtide_model::Planned;
use lowtide_plan::Outsider;

use crate::case::{Case, address};

const NETS: &str = "[resource.toy_net.one]\ncidr = '10.0.0.0/16'\n[resource.toy_net.two]\ncidr = '10.1.0.0/16'\n";

fn host(name: &str, net: &str, label: &str) -> String {
    format!("[resource.toy_host.{name}]\nnet = '{net}'\nlabel = '{label}'\n")
}

#[test]
fn two_of_one_net_are_seen_whatever_way_the_reference_goes() {
    let locals = "[locals]\nnets = ['${toy_net.one.id}', '${toy_net.two.id}']\n";
    let hosts =
        [host("a", "${toy_net.one.id}", "only-x"), host("b", "${local.nets[0]}", "only-x"), host("c", "${local.nets[1]}", "only-x")]
            .concat();
    let spec = format!("{locals}{NETS}{hosts}");
    assert_snapshot!(Case::new(&spec).shown(), @r#"
Conflicting resources: It is called `only-x`, and so is `toy_host.a`.
    places: 2
"#);
    // The same where the nets are there and their ids are known.
    assert_snapshot!(Case::applied(&spec).shown(), @r#"
Conflicting resources: It is called `only-x`, and so is `toy_host.a`.
    places: 2
"#);
}

#[test]
fn what_is_made_of_a_reference_is_not_the_same_any_more() {
    let hosts = [host("a", "${toy_net.one.id}", "only-x"), host("b", "in-${toy_net.one.id}", "only-x")].concat();
    assert_eq!(Case::new(&format!("{NETS}{hosts}")).plan().expect("a plan").summary().create, 4);
}

#[test]
fn what_is_doubtful_is_a_warning() {
    let hosts = [host("a", "${toy_net.one.id}", "only-x"), host("b", "${toy_net.one.id}", "only-X")].concat();
    assert_snapshot!(Case::applied(&format!("{NETS}{hosts}")).shown(), @r#"
same toy_net.two
same toy_net.one
same toy_host.b
same toy_host.a
Conflicting resources: It is called `only-X`, and so is `toy_host.a`.
    places: 2
nothing to do
"#);
}

#[test]
fn a_required_stack_counts_as_far_as_it_was_planned() {
    let mut case = Case::new(&host("a", "net-1", "only-x"));
    let values = [("net", "net-1"), ("label", "only-x")].map(|(name, text)| (name.to_owned(), Planned::text(text)));
    let place = case.configuration.declaration(&address("toy_host.a").declared).expect("declared").place.clone();
    case.beside.push(Outsider { name: "ground/toy_host.z".into(), kind: "toy_host".into(), place, values: Planned::object(values) });
    assert_snapshot!(case.shown(), @r#"
Conflicting resources: It is called `only-x`, and so is `ground/toy_host.z`.
    places: 2
"#);
}

#[test]
fn a_destroy_is_not_held_up() {
    let hosts = [host("a", "${toy_net.one.id}", "only-x"), host("b", "${toy_net.one.id}", "only-x")].concat();
    let plan = Case::applied(&format!("{NETS}{hosts}")).destroyed().plan().expect("a plan");
    assert_eq!(plan.summary().delete, 4);
}
