//! Which instances a declaration has.

use lowtide_model::{Declared, Key, Planned};

use crate::bodies::{read, values};

fn instances(head: &str) -> String {
    let configuration = read(&format!("[resource.aws_vpc.it]\n{head}\n"));
    match configuration.resources[&Declared::resource("aws_vpc", "it")].instances(&values()) {
        Ok(all) => {
            let shown = |(key, value): &(Option<Key>, Option<Planned>)| {
                let key = key.as_ref().map_or_else(|| "it".to_owned(), ToString::to_string);
                let value = value.as_ref().map_or_else(String::new, |value| format!("={}", value.as_str().unwrap_or("…")));
                key + &value
            };
            all.iter().map(shown).collect::<Vec<_>>().join(" ")
        }
        Err(wrong) => wrong.iter().map(|one| format!("{}: {}", one.summary, one.detail)).collect::<Vec<_>>().join("\n"),
    }
}

#[test]
fn one_none_or_several() {
    for (head, wanted) in [
        ("", "it"),
        ("enabled = false", ""),
        ("enabled = '${1 == 1}'", "it"),
        ("count = 2", "[0] [1]"),
        ("count = '${0}'", ""),
        ("for_each = { b = 'x', a = 'y' }", "[\"a\"]=y [\"b\"]=x"),
        ("for_each = '${toset([\"b\", \"a\"])}'", "[\"a\"]=a [\"b\"]=b"),
        ("for_each = { a = '${var.later}' }", "[\"a\"]=…"),
        ("for_each = { a = '${var.secret}' }", "[\"a\"]=hunter2"),
        ("for_each = { a = 'x' }\nenabled = false", ""),
    ] {
        assert_eq!(instances(head), wanted, "{head}");
    }
}

#[test]
fn what_is_not_known_yet_is_named() {
    let said = instances("for_each = '${toset([var.later])}'");
    assert_eq!(
        said,
        "Value not known yet: `for_each` decides which instances there are, so it must be known when planning. `var.later` is known only after apply."
    );
    assert!(instances("count = '${var.later}'").starts_with("Value not known yet"));
    assert!(instances("enabled = '${var.later}'").starts_with("Value not known yet"));
}

#[test]
fn sensitive_values_do_not_decide() {
    for head in ["for_each = '${toset([var.secret])}'", "count = '${length(var.secret)}'", "enabled = '${var.secret == \"x\"}'"] {
        assert!(instances(head).starts_with("Sensitive value not allowed here"), "{head}");
    }
}
