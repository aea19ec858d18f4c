//! Text with interpolations and directives.

use super::check_text;

#[test]
fn text_and_values() {
    check_text(&[
        ("", "\"\""),
        ("plain $5 100% $ {x}", "\"plain $5 100% $ {x}\""),
        ("${var.count}", "3"),
        ("${ var.count }", "3"),
        ("a${var.count}", "\"a3\""),
        ("${var.count}${var.count}", "\"33\""),
        ("${var.yes}!", "\"true!\""),
        ("$${var.count}", "\"${var.count}\""),
        ("%%{ if }", "\"%{ if }\""),
        ("a$${b}${var.count}", "\"a${b}3\""),
        ("${\"${var.count}\"}", "3"),
        ("${\"a${\"b${var.count}\"}\"}", "\"ab3\""),
        ("é${var.environment}ü", "\"édevü\""),
        ("${var.names}", "[\"a\", \"b\", \"c\"]"),
        ("line\n${var.environment}\n", "\"line\\ndev\\n\""),
    ]);
}

#[test]
fn directives() {
    check_text(&[
        ("%{ if var.yes }a%{ else }b%{ endif }", "\"a\""),
        ("%{ if !var.yes }a%{ endif }", "\"\""),
        ("%{ for n in var.names }${n},%{ endfor }", "\"a,b,c,\""),
        ("%{ for i, n in var.names }${i}=${n};%{ endfor }", "\"0=a;1=b;2=c;\""),
        ("%{ for k, v in var.tags }${k}=${v} %{ endfor }", "\"Name=x Team=core \""),
        ("a  ${~ var.environment ~}  b", "\"adevb\""),
        ("%{ for n in var.names ~}\n- ${n}\n%{ endfor ~}\nend", "\"- a\\n- b\\n- c\\nend\""),
        ("%{ for n in var.names ~}\n  - ${n}\n%{ endfor ~}\nend", "\"  - a\\n  - b\\n  - c\\nend\""),
        ("x%{ if var.yes ~}  a  %{~ else ~}  b  %{~ endif }y", "\"xay\""),
        ("${var.environment}%{ if false }${1 / 0}%{ endif }", "\"dev\""),
    ]);
}

#[test]
fn what_is_unknown_leaves_a_known_start() {
    check_text(&[
        ("${var.unknown}", "?string"),
        ("arn:${var.environment}:${var.unknown}:x", "?\"arn:dev:\"…"),
        ("${var.arn}x", "?\"arn:aws:sns:\"…"),
        ("topic ${var.arn}x${var.password}", "!?\"topic arn:aws:sns:\"…"),
        ("${var.unknown}${var.environment}", "?string"),
        ("a%{ if var.unknown_bool }b%{ endif }c", "?\"a\"…"),
        ("a%{ for x in var.unknown_list }${x}%{ endfor }c", "?\"a\"…"),
    ]);
}
