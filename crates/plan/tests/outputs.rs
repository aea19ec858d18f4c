//! Outputs and conditions.

use insta::assert_snapshot;

use crate::case::Case;

const NET: &str = "[resource.toy_net.a]\ncidr = '10.0.0.0/16'\n";

#[test]
fn outputs_change_with_what_they_are_made_of() {
    let spec = |size: u8| {
        format!(
            "{NET}size = {size}\n[output.size]\nvalue = '${{toy_net.a.size}}'\n[output.version]\nvalue = '${{toy_net.a.version}}'\n[output.id]\nvalue = '${{toy_net.a.id}}'\n"
        )
    };
    assert_snapshot!(Case::new(&spec(1)).shown(), @r#"
0 create toy_net.a, new
    cidr: "10.0.0.0/16"
    size: 1
    dns: true
output id: none → ?
output size: none → 1
output version: none → ?
"#);
    assert_snapshot!(Case::applied(&spec(1)).then(&spec(2)).shown(), @r#"
0 update toy_net.a (net-1), changed
    size: 1 → 2
output size: 1 → 2
output version: 7 → ?
"#);
    assert_snapshot!(Case::applied(&spec(1)).then(&format!("{NET}size = 1\n")).shown(), @r#"
same toy_net.a
output id: "net-1" → none
output size: 1 → none
output version: 7 → none
"#);
}

#[test]
fn sensitive_outputs_compare_by_digest_and_never_show() {
    let spec = |value: &str| format!("[output.key]\nsensitive = true\nvalue = '{value}'\n");
    assert_snapshot!(Case::new(&spec("${var.secret}")).shown(), @r#"output key: none → ***"#);
    assert!(Case::applied(&spec("${var.secret}")).plan().expect("a plan").is_empty());
    assert_snapshot!(Case::applied(&spec("${var.secret}")).then(&spec("other")).shown(), @r#"output key: *** → ***"#);
}

#[test]
fn a_sensitive_value_in_a_plain_output_is_an_error() {
    assert_snapshot!(Case::new("[output.key]\nvalue = '${var.secret}'\n").shown(), @r#"
Sensitive output: Output `key` holds a sensitive value, and would be shown and published in clear.
    hint: set sensitive = true on the output, or wrap the value in nonsensitive(…) if it may be shown
    places: 1
"#);
}

#[test]
fn a_secret_output_of_a_kind_is_sensitive() {
    assert_snapshot!(Case::new("[resource.toy_base.b]\n[output.key]\nvalue = '${toy_base.b.key}'\n").shown(), @r#"
Sensitive output: Output `key` holds a sensitive value, and would be shown and published in clear.
    hint: set sensitive = true on the output, or wrap the value in nonsensitive(…) if it may be shown
    places: 1
"#);
}

#[test]
fn an_output_turned_sensitive_changes() {
    let spec = |sensitive: bool| format!("[output.x]\nsensitive = {sensitive}\nvalue = 'v'\n");
    assert_snapshot!(Case::applied(&spec(false)).then(&spec(true)).shown(), @r#"output x: "v" → ***"#);
}

#[test]
fn preconditions_hold_or_are_not_known_yet() {
    let spec = |condition: &str| {
        format!("{NET}[[resource.toy_net.a.lifecycle.precondition]]\ncondition = '{condition}'\nerror_message = 'Not so.'\n")
    };
    assert!(Case::new(&spec("${1 < 2}")).plan().is_ok());
    assert_snapshot!(Case::new(&spec("${1 > 2}")).shown(), @r#"
Precondition not met: Not so.
    places: 1
"#);
    let other = format!(
        "{}[resource.toy_host.h]\nnet = 'x'\n[[resource.toy_host.h.lifecycle.precondition]]\ncondition = '${{toy_net.a.version > 2}}'\nerror_message = 'Not so.'\n",
        NET
    );
    assert!(Case::new(&other).plan().is_ok());
    assert_snapshot!(Case::applied(&other.replace("> 2", "> 1")).then(&other.replace("> 2", "> 9")).shown(), @r#"
Precondition not met: Not so.
    places: 1
"#);
}

#[test]
fn postconditions_of_what_stays_hold() {
    let spec = |condition: &str| {
        format!("{NET}[[resource.toy_net.a.lifecycle.postcondition]]\ncondition = '{condition}'\nerror_message = 'Not so.'\n")
    };
    assert!(Case::applied(&spec("${self.version > 2}")).plan().expect("a plan").is_empty());
    assert_snapshot!(Case::applied(NET).then(&spec("${self.version > 9}")).shown(), @r#"
Postcondition not met: Not so.
    places: 1
"#);
}

#[test]
fn all_mistakes_are_told_at_once() {
    let spec = format!(
        "{NET}size = '${{1 / length(toy_host.h.label)}}'\n[resource.toy_host.h]\nnet = 'n'\nlabel = ''\n\
         [resource.toy_net.b]\ncidr = '${{toy_host.h.label}}'\n"
    );
    assert_snapshot!(Case::new(&spec).shown(), @r#"
Division by zero: The right side is zero, so this has no result.
    hint: a conditional can take another value then: d == 0 ? 0 : n / d
    places: 1
Invalid CIDR block: `cidr` must be a block of addresses, such as 10.0.0.0/16; "" is none.
    places: 1
"#);
}
