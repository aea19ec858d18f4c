//! Unknown and sensitive travel.

use super::check;

#[test]
fn unknown_travels_with_its_type() {
    check(&[
        ("aws_vpc.main.id", "?string"),
        ("aws_vpc.main.cidr_block", "\"10.0.0.0/16\""),
        ("var.unknown_number + 1", "?number"),
        ("var.unknown_number > 1", "?bool"),
        ("var.unknown == \"a\"", "?bool"),
        ("var.arn == \"b\"", "false"),
        ("[var.unknown] == [\"a\", \"b\"]", "false"),
        ("var.unknown_bool && false", "false"),
        ("var.unknown_bool && true", "?bool"),
        ("var.unknown_bool || true", "true"),
        ("!var.unknown_bool", "?bool"),
        ("var.unknown_bool ? 1 : 2", "?number"),
        ("var.unknown_bool ? 1 : null", "?number"),
        ("var.unknown_bool ? 1 : \"a\"", "?string"),
        ("var.unknown_bool ? [] : [\"a\"]", "?list(string)"),
        ("var.unknown_bool ? var.names : [1]", "?list(any)"),
        ("var.unknown_list[0]", "?string"),
        ("var.unknown_map.a", "?string"),
        ("var.unknown_any.a[0].b", "?any"),
        ("var.names[var.unknown_number]", "?string"),
        ("var.tags[var.unknown]", "?string"),
        ("var.partly[0]", "\"a\""),
        ("var.partly[1]", "?string"),
        ("var.unknown_list[*]", "?list(string)"),
        ("[for x in var.partly : upper(x)]", "[\"A\", ?string]"),
        ("[for x in var.unknown_list : x]", "?list(any)"),
        ("{for x in var.unknown_list : x => x}", "?map(any)"),
        ("[for x in var.partly : x if x != \"a\"]", "?list(any)"),
        ("{a = var.unknown, b = 1}", "{a = ?string, b = 1}"),
        ("upper(var.unknown)", "?string"),
        ("length(var.partly)", "2"),
    ]);
}

#[test]
fn sensitive_travels_on_the_smallest_part() {
    check(&[
        ("var.password", "!\"hunter2\""),
        ("\"x${var.password}\"", "!\"xhunter2\""),
        ("var.secrets.user", "\"admin\""),
        ("var.secrets.token", "!\"t0k3n\""),
        ("{a = var.password, b = 1}", "{a = !\"hunter2\", b = 1}"),
        ("[var.password, 1]", "[!\"hunter2\", 1]"),
        ("var.hidden[0]", "!\"h1\""),
        ("var.hidden[*]", "![\"h1\", \"h2\"]"),
        ("[for x in var.hidden : x]", "![!\"h1\", !\"h2\"]"),
        ("{for x in [var.password] : x => 1}", "!{hunter2 = 1}"),
        ("[for x in var.names : x if var.password == \"a\"]", "![]"),
        ("var.password == \"x\"", "!false"),
        ("var.password == \"x\" ? 1 : 2", "!2"),
        ("true ? var.password : \"x\"", "!\"hunter2\""),
        ("false ? var.password : \"x\"", "\"x\""),
        ("var.unknown_bool ? var.password : \"x\"", "!?string"),
        ("var.names[length(var.password) - 6]", "!\"b\""),
        ("upper(var.password)", "!\"HUNTER2\""),
        ("length(var.hidden)", "!2"),
        ("var.unknown == var.password", "!?bool"),
        ("sensitive(\"a\")", "!\"a\""),
        ("nonsensitive(var.password)", "\"hunter2\""),
        ("issensitive(var.password)", "true"),
        ("issensitive(var.secrets)", "false"),
        ("can(tonumber(var.password))", "!false"),
        ("try(tonumber(var.password), 1)", "!1"),
        ("try(var.secrets.user, 1)", "\"admin\""),
        ("{(var.password) = 1}", "!{hunter2 = 1}"),
    ]);
}
