//! `count`, `for_each`, moves between addresses.

use insta::assert_snapshot;
use lowtide_model::{Key, Planned};

use crate::case::Case;

fn counted(count: &str) -> String {
    format!("[resource.toy_net.it]\n{count}\ncidr = '10.0.0.0/16'\n")
}

#[test]
fn fewer_or_more_instances() {
    assert_snapshot!(Case::applied(&counted("count = 2")).then(&counted("count = 1")).shown(), @r#"
0 delete toy_net.it[1] (net-2), no instance
same toy_net.it[0]
"#);
    assert_snapshot!(Case::applied(&counted("count = 1")).then(&counted("count = 2")).shown(), @r#"
0 create toy_net.it[1], new
    cidr: "10.0.0.0/16"
    dns: true
same toy_net.it[0]
"#);
    assert_snapshot!(Case::applied(&counted("enabled = true")).then(&counted("enabled = false")).shown(), @r#"0 delete toy_net.it (net-1), no instance"#);
}

#[test]
fn each_key_has_its_own() {
    let spec = |keys: &str| format!("[resource.toy_role.it]\nfor_each = '${{toset([{keys}])}}'\nname = 'n-${{each.key}}'\n");
    assert_snapshot!(Case::applied(&spec("\"a\", \"b\"")).then(&spec("\"b\", \"c\"")).shown(), @r#"
0 delete toy_role.it["a"] (n-a), no instance
1 create toy_role.it["c"], new
    name: "n-c"
same toy_role.it["b"]
"#);
}

#[test]
fn one_thing_becomes_the_first_of_several_and_back() {
    assert_snapshot!(Case::applied(&counted("")).then(&counted("count = 2")).shown(), @r#"
move toy_net.it to toy_net.it[0]
0 create toy_net.it[1], new
    cidr: "10.0.0.0/16"
    dns: true
same toy_net.it[0]
"#);
    assert_snapshot!(Case::applied(&counted("count = 2")).then(&counted("")).shown(), @r#"
move toy_net.it[0] to toy_net.it
0 delete toy_net.it[1] (net-2), no instance
same toy_net.it
"#);
}

#[test]
fn the_same_name_under_another_address_is_a_move() {
    let role = |name: &str| format!("[resource.toy_role.{name}]\nname = 'x'\nnote = 'n'\n");
    assert_snapshot!(Case::applied(&role("old")).then(&role("new")).shown(), @r#"
move toy_role.old to toy_role.new
same toy_role.new
"#);
    assert_snapshot!(Case::applied(&role("old")).then(&role("new").replace("'n'", "'m'")).shown(), @r#"
move toy_role.old to toy_role.new
0 update toy_role.new (x), changed
    note: "n" → "m"
"#);
}

#[test]
fn a_move_carries_what_stands_on_it() {
    let spec = |net: &str, to: &str| {
        format!("[resource.toy_net.it]\n{net}\ncidr = '10.0.0.0/16'\n[resource.toy_host.one]\nnet = '${{toy_net.it{to}.id}}'\n")
    };
    let (before, after) = (spec("", ""), spec("count = 1", "[0]"));
    assert_snapshot!(Case::applied(&before).then(&after).shown(), @r#"
move toy_net.it to toy_net.it[0]
same toy_net.it[0]
same toy_host.one
"#);
    // What stood on it by its old address goes before it is replaced.
    let without = "[resource.toy_net.it]\ncount = 1\ncidr = '10.1.0.0/16'\n";
    assert_snapshot!(Case::applied(&before).then(without).shown(), @r#"
move toy_net.it to toy_net.it[0]
0 delete toy_host.one (host-2), not declared
1 delete toy_net.it[0] (net-1), replaced, old one first, after 0
2 create toy_net.it[0] #1, replaced, old one first, after 1
    cidr: "10.0.0.0/16" → "10.1.0.0/16"  replaces
"#);
}

#[test]
fn names_that_shift_are_freed_before_they_are_taken() {
    let spec = |names: &str, count: u8| {
        format!("[locals]\nnames = [{names}]\n[resource.toy_role.it]\ncount = {count}\nname = '${{local.names[count.index]}}'\n")
    };
    assert_snapshot!(Case::applied(&spec("'a', 'b', 'c'", 3)).then(&spec("'b', 'c'", 2)).shown(), @r#"
0 delete toy_role.it[2] (c), no instance
1 delete toy_role.it[1] (b), replaced, old one first
2 create toy_role.it[1] #1, replaced, old one first, after 0 1
    name: "b" → "c"  replaces
3 delete toy_role.it[0] (a), replaced, old one first
4 create toy_role.it[0] #1, replaced, old one first, after 1 3
    name: "a" → "b"  replaces
"#);
}

#[test]
fn names_that_swap_have_no_order() {
    let spec = |a: &str, b: &str| format!("[resource.toy_role.a]\nname = '{a}'\n[resource.toy_role.b]\nname = '{b}'\n");
    assert_snapshot!(Case::applied(&spec("x", "y")).then(&spec("y", "x")).shown(), @r#"
0 delete toy_role.a (x), replaced, old one first
1 delete toy_role.b (y), replaced, old one first
2 create toy_role.a #1, replaced, old one first, after 0 1
    name: "x" → "y"  replaces
3 create toy_role.b #1, replaced, old one first, after 0 1
    name: "y" → "x"  replaces
"#);
}

#[test]
fn only_the_part_of_what_is_new_is_new() {
    let spec = |b: &str| {
        format!(
            "[resource.toy_net.n]\nfor_each = {{ a = '10.0.0.0/16', b = '{b}' }}\ncidr = '${{each.value}}'\n\
             [resource.toy_host.h]\nfor_each = {{ a = 1, b = 2 }}\nnet = '${{toy_net.n[each.key].id}}'\n"
        )
    };
    assert_snapshot!(Case::applied(&spec("10.1.0.0/16")).then(&spec("10.2.0.0/16")).shown(), @r#"
0 delete toy_host.h["b"] (host-4), part of toy_net.n["b"], which is new, old one first
1 delete toy_net.n["b"] (net-2), replaced, old one first, after 0
2 create toy_net.n["b"] #1, replaced, old one first, after 1
    cidr: "10.1.0.0/16" → "10.2.0.0/16"  replaces
3 create toy_host.h["b"] #1, part of toy_net.n["b"], which is new, old one first, after 0 2
    net: "net-2" → ?  replaces
same toy_net.n["a"]
same toy_host.h["a"]
"#);
}

#[test]
fn two_declarations_of_one_thing_are_an_error() {
    let spec = "[resource.toy_role.a]\nname = 'x'\n[resource.toy_role.b]\nname = 'x'\n";
    assert_snapshot!(Case::new(spec).shown(), @r#"
Declared twice: `toy_role.b` and `toy_role.a` are both the toy_role `x` (account 111122223333, us-east-1), and one thing can have only one declaration.
    hint: take one of them out, or give it another name
    places: 2
"#);
}

#[test]
fn a_count_that_is_not_known_yet_is_an_error() {
    let spec = "[resource.toy_net.a]\ncidr = '10.0.0.0/16'\n[resource.toy_net.b]\ncount = '${toy_net.a.version}'\ncidr = '10.0.0.0/16'\n";
    assert_snapshot!(Case::new(spec).shown(), @r#"
Value not known yet: `count` decides which instances there are, so it must be known when planning. `toy_net.a.version` is known only after apply.
    hint: use keys that stand in the spec, and refer to what is made later in the values only
    hint: or apply in two steps: first what it depends on, with --target
    places: 2
"#);
}

#[test]
fn a_stack_has_a_limit() {
    let spec = format!("[resource.toy_role.a]\nname = 'x'\n{}", counted("count = 100000"));
    assert_snapshot!(Case::new(&spec).shown(), @r#"
Too many resources: With the 100000 of `toy_net.it` the stack has more than 100000 instances, which is as many as one may have.
    hint: divide it into several stacks
    places: 1
"#);
}

#[test]
fn what_is_renewed_is_seen_as_if_all_were_put_together_anew() {
    let indices = |all: &[u64]| all.iter().map(|index| Some(Key::Index(*index))).collect::<Vec<_>>();
    let names = |all: &[&str]| all.iter().map(|name| Some(Key::Name((*name).into()))).collect::<Vec<_>>();
    for (repeat, first, renewed) in [
        ("count = 4", indices(&[0, 1, 2, 3]), indices(&[3, 0, 2, 0])),
        ("count = 4", indices(&[1, 2]), indices(&[1, 2, 0, 3, 1])),
        ("count = 4", indices(&[]), indices(&[0, 1])),
        ("for_each = '${toset([\"a\", \"b\"])}'", names(&["a", "b"]), names(&["b", "a", "c"])),
        ("for_each = '${toset([\"a\", \"b\"])}'", names(&[]), names(&["b"])),
        ("", vec![None], vec![None]),
    ] {
        let case = Case::new(&counted(repeat));
        let (providers, places) = (case.providers(), case.places());
        let (mut world, mut anew) = (case.world(&providers, &places), case.world(&providers, &places));
        let declaration = world.configuration.declarations().next().expect("it is declared");
        for key in first {
            world.set_instance(&declaration.declared, key.clone(), Planned::text("before"));
            anew.set_instance(&declaration.declared, key, Planned::text("before"));
        }
        world.publish(declaration);
        for (turn, key) in renewed.into_iter().enumerate() {
            let value = Planned::text(turn.to_string());
            world.renew(declaration, key.clone(), value.clone());
            anew.set_instance(&declaration.declared, key.clone(), value);
            anew.publish(declaration);
            let (seen, whole) = (world.scope().declared(&declaration.declared), anew.scope().declared(&declaration.declared));
            assert_eq!(seen, whole, "{repeat}: {key:?} in turn {turn}");
            assert_eq!(world.instance(&declaration.declared, key.as_ref()), anew.instance(&declaration.declared, key.as_ref()));
        }
    }
}
