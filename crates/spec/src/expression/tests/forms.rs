//! Operators, conditionals, `for`, splats, indexes, constructors.

use super::check;

#[test]
fn literals_and_constructors() {
    check(&[
        ("1", "1"),
        ("1.50", "1.5"),
        ("0.1 + 0.2", "0.3"),
        ("-3", "-3"),
        ("1e3", "1000"),
        ("true", "true"),
        ("null", "null"),
        (r#""a\tb\u00e9""#, "\"a\\tbé\""),
        ("[]", "[]"),
        ("[1, \"a\", true,]", "[1, \"a\", true]"),
        ("{}", "{}"),
        ("{a = 1, b = \"x\"}", "{a = 1, b = \"x\"}"),
        ("{a: 1, \"b c\": 2}", "{a = 1, b c = 2}"),
        ("{(local.name) = 1}", "{durable = 1}"),
        ("{\"${local.name}-x\" = 1}", "{durable-x = 1}"),
        ("{1 = 2, true = 3, null = 4}", "{1 = 2, null = 4, true = 3}"),
        ("{\n a = 1\n b = 2\n}", "{a = 1, b = 2}"),
        ("{(var.unknown) = 1}", "?map(any)"),
    ]);
}

#[test]
fn operators() {
    check(&[
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("7 / 2", "3.5"),
        ("7 % 3", "1"),
        ("-7 % 3", "-1"),
        ("\"5\" + 1", "6"),
        ("\"5\" < 6", "true"),
        ("1 == 1.0", "true"),
        ("1 == \"1\"", "false"),
        ("null == null", "true"),
        ("null == \"\"", "false"),
        ("[1, 2] == [1, 2]", "true"),
        ("{a = 1} == {a = 2}", "false"),
        ("1 != 2", "true"),
        ("!true", "false"),
        ("!false && true || false", "true"),
        ("-var.count", "-3"),
        ("2 >= 2 && 2 <= 2 && 3 > 2", "true"),
        ("1 < 2 == true", "true"),
    ]);
}

#[test]
fn conditionals_take_one_side_and_leave_the_other_alone() {
    check(&[
        ("true ? 1 : 2", "1"),
        ("false ? 1 : 2", "2"),
        ("true ? 1 : 1 / 0", "1"),
        ("false && 1 / 0 == 1", "false"),
        ("true || 1 / 0 == 1", "true"),
        ("var.nothing == null ? \"default\" : var.nothing", "\"default\""),
        ("true ? 1 : \"x\"", "\"1\""),
        ("false ? [] : [\"x\"]", "[\"x\"]"),
        ("true ? false ? 1 : 2 : 3", "2"),
        ("length(var.names) > 0 ? var.names[0] : null", "\"a\""),
    ]);
}

#[test]
fn for_goes_through_every_collection() {
    check(&[
        ("[for n in var.names : upper(n)]", "[\"A\", \"B\", \"C\"]"),
        ("[for i, n in var.names : \"${i}${n}\"]", "[\"0a\", \"1b\", \"2c\"]"),
        ("[for n in var.names : n if n != \"b\"]", "[\"a\", \"c\"]"),
        ("{for k, v in var.tags : lower(k) => v}", "{name = \"x\", team = \"core\"}"),
        ("{for n in var.names : (n == \"a\" ? \"x\" : \"y\") => n...}", "{x = [\"a\"], y = [\"b\", \"c\"]}"),
        ("[for k, v in var.zones : \"${k}${v}\"]", "[\"aa\", \"bb\"]"),
        ("[for k, s in aws_subnet.public : s.id]", "[\"subnet-a\", \"subnet-b\"]"),
        ("[for a in [[1, 2], [3]] : [for b in a : b * 10]]", "[[10, 20], [30]]"),
        ("{for i in range(3) : i => i * i}", "{0 = 0, 1 = 1, 2 = 4}"),
        ("[for a in [1] : [for a in [2] : a]]", "[[2]]"),
        ("[for x in [] : x]", "[]"),
        ("{for x in [] : x => x}", "{}"),
    ]);
}

#[test]
fn indexes_and_attributes() {
    check(&[
        ("var.names[1]", "\"b\""),
        ("var.names[\"1\"]", "\"b\""),
        ("var.names.1", "\"b\""),
        ("var.names[var.count - 1]", "\"c\""),
        ("var.tags[\"Name\"]", "\"x\""),
        ("var.tags.Name", "\"x\""),
        ("aws_subnet.public[\"a\"].id", "\"subnet-a\""),
        ("aws_subnet.public[\"a\"].tags[\"Name\"]", "\"subnet-a\""),
        ("aws_eip.nat[1].id", "\"eip-1\""),
        ("aws_eip.nat.1.id", "\"eip-1\""),
        ("aws_eip.nat[count.index].id", "\"eip-1\""),
        ("{a = [1, 2]}.a[1]", "2"),
        ("[[1], [2]][1][0]", "2"),
        ("data.aws_region.here.name", "\"us-west-2\""),
        ("stack.base.subnet_ids[0]", "\"s1\""),
        ("each.value.size + 1", "5"),
        ("\"${each.key}-${lowtide.environment}\"", "\"k-dev\""),
    ]);
}

#[test]
fn splats() {
    check(&[
        ("aws_eip.nat[*].id", "[\"eip-0\", \"eip-1\"]"),
        ("aws_eip.nat.*.id", "[\"eip-0\", \"eip-1\"]"),
        ("aws_eip.nat.*.id[0]", "\"eip-0\""),
        ("aws_eip.nat[*].tags[\"Name\"]", "[\"eip-0\", \"eip-1\"]"),
        ("aws_eip.nat[*]", "[{id = \"eip-0\", tags = {Name = \"eip-0\"}}, {id = \"eip-1\", tags = {Name = \"eip-1\"}}]"),
        ("values(aws_subnet.public)[*].id", "[\"subnet-a\", \"subnet-b\"]"),
        ("var.nothing[*]", "[]"),
        ("var.environment[*]", "[\"dev\"]"),
        ("aws_vpc.main[*].cidr_block", "[\"10.0.0.0/16\"]"),
        ("var.zones[*]", "[\"a\", \"b\"]"),
        ("[[{a = 1}], [{a = 2}]][*][0].a", "[1, 2]"),
    ]);
}
