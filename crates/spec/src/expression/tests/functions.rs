//! Functions, by family. What Terraform documents for each is what its row says.

use super::{World, check, evaluate_in, shown};
use crate::expression::{functions, functions::find};

#[test]
fn every_function_is_described_and_found_by_its_name() {
    let mut names = Vec::new();
    for function in functions() {
        assert_eq!(find(function.name).ok(), Some(function), "{}", function.name);
        assert!(function.doc.ends_with('.') && !function.doc.contains('\n'), "{}: {}", function.name, function.doc);
        let parameters = function.parameters.iter().chain(&function.variadic);
        assert!(parameters.clone().all(|parameter| !parameter.name.is_empty()), "{}", function.name);
        names.push(function.name);
    }
    let required = "cidrsubnet cidrsubnets cidrhost cidrnetmask jsonencode jsondecode format formatlist join split lookup merge concat \
        flatten keys values length contains distinct element index slice reverse toset tolist tomap tostring tonumber tobool coalesce \
        coalescelist compact try can replace regex regexall lower upper title trim trimspace trimprefix trimsuffix substr startswith \
        endswith strrev sort sum max min range zipmap one chunklist setproduct setunion setintersection setsubtract transpose alltrue \
        anytrue abs ceil floor parseint pow signum file fileexists filebase64 templatefile base64encode base64decode urlencode sha256 \
        md5 base64sha256 filesha256 filemd5 sensitive nonsensitive issensitive indent chomp";
    for name in required.split_whitespace() {
        assert!(names.contains(&name), "{name} is missing");
    }
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all, "a name stands twice");
}

#[test]
fn strings() {
    check(&[
        ("lower(\"AbÉ\")", "\"abé\""),
        ("upper(\"abé\")", "\"ABÉ\""),
        ("title(\"hello world_x o'neil\")", "\"Hello World_x O'Neil\""),
        ("trim(\"?!hello?!\", \"!?\")", "\"hello\""),
        ("trimspace(\" a b\\n\\n\")", "\"a b\""),
        ("trimprefix(\"helloworld\", \"hello\")", "\"world\""),
        ("trimprefix(\"helloworld\", \"x\")", "\"helloworld\""),
        ("trimsuffix(\"helloworld\", \"world\")", "\"hello\""),
        ("chomp(\"hello\\r\\n\\n\")", "\"hello\""),
        ("strrev(\"häb\")", "\"bäh\""),
        ("startswith(\"hello\", \"he\")", "true"),
        ("startswith(var.arn, \"arn:\")", "true"),
        ("startswith(var.arn, \"x\")", "false"),
        ("startswith(var.arn, \"arn:aws:sns:us\")", "?bool"),
        ("endswith(\"hello\", \"he\")", "false"),
        ("strcontains(\"hello\", \"ell\")", "true"),
        ("substr(\"hello world\", 1, 4)", "\"ello\""),
        ("substr(\"hello world\", -5, -1)", "\"world\""),
        ("substr(\"héllo\", 0, 2)", "\"hé\""),
        ("substr(\"abc\", 5, 1)", "\"\""),
        ("join(\", \", [\"a\", \"b\"], [\"c\"])", "\"a, b, c\""),
        ("join(\"-\", [1, true])", "\"1-true\""),
        ("join(\"-\", var.zones)", "\"a-b\""),
        ("split(\",\", \"a,b,,c\")", "[\"a\", \"b\", \"\", \"c\"]"),
        ("split(\",\", \"\")", "[\"\"]"),
        ("indent(2, \"a\\nb\\nc\")", "\"a\\n  b\\n  c\""),
        ("replace(\"1 + 2 + 3\", \"+\", \"-\")", "\"1 - 2 - 3\""),
        ("replace(\"hello world\", \"/w.*d/\", \"everybody\")", "\"hello everybody\""),
        ("replace(\"a1b22\", \"/([a-z])([0-9]+)/\", \"$2$1 \")", "\"1a 22b \""),
        ("replace(\"a/b\", \"/\", \"-\")", "\"a-b\""),
        ("regex(\"[a-z]+\", \"53453453.345345aaabbbccc23454\")", "\"aaabbbccc\""),
        ("regex(\"(\\\\d\\\\d)-(\\\\d)\", \"x12-3\")", "[\"12\", \"3\"]"),
        ("regex(\"^(?:(?P<scheme>[^:/?#]+):)?(?://(?P<host>[^/?#]*))?\", \"https://a.b/c\")", "{host = \"a.b\", scheme = \"https\"}"),
        ("regexall(\"[a-z]+\", \"1a2bc3\")", "[\"a\", \"bc\"]"),
        ("length(regexall(\"x\", \"abc\")) > 0", "false"),
    ]);
}

#[test]
fn formatting() {
    check(&[
        ("format(\"Hello, %s!\", \"Ander\")", "\"Hello, Ander!\""),
        ("format(\"There are %d lights\", 4)", "\"There are 4 lights\""),
        ("format(\"%05d|%5d|%-5d|%+d\", 42, 42, 42, 42)", "\"00042|   42|42   |+42\""),
        ("format(\"%-10s|%10s|%.2s\", \"a\", \"b\", \"xyz\")", "\"a         |         b|xy\""),
        ("format(\"%q %v %t\", \"a\\\"b\", [1, \"x\"], true)", "\"\\\"a\\\\\\\"b\\\" [1,\\\"x\\\"] true\""),
        ("format(\"%f %.2f %6.1f %e\", 1.5, 2, 3.14159, 1500)", "\"1.500000 2.00    3.1 1.500000e+03\""),
        ("format(\"%x %X %o %b %x\", 255, 255, 8, 5, \"hi\")", "\"ff FF 10 101 6869\""),
        ("format(\"%[2]s %[1]s %[2]s\", \"a\", \"b\")", "\"b a b\""),
        ("format(\"100%% %s\", \"x\")", "\"100% x\""),
        ("format(\"%s %v\", 1.5, null)", "\"1.5 null\""),
        ("format(\"%d\", \"7\")", "\"7\""),
        ("format(\"%#v\", \"a\")", "\"\\\"a\\\"\""),
        ("format(\"%03d-%08.3f\", -5, -3.14159)", "\"-05--003.142\""),
        ("format(\"a%s-%s\", \"b\", var.unknown)", "?\"ab-\"…"),
        ("formatlist(\"Hello, %s!\", [\"V\", \"A\"])", "[\"Hello, V!\", \"Hello, A!\"]"),
        ("formatlist(\"%s, %s!\", \"Hi\", [\"V\", \"A\"])", "[\"Hi, V!\", \"Hi, A!\"]"),
    ]);
}

#[test]
fn collections() {
    check(&[
        ("length([])", "0"),
        ("length({a = 1})", "1"),
        ("length(\"héllo\")", "5"),
        ("keys({b = 1, a = 2})", "[\"a\", \"b\"]"),
        ("values({b = 1, a = 2})", "[2, 1]"),
        ("merge({a = 1, b = 2}, {b = 3}, null)", "{a = 1, b = 3}"),
        ("merge()", "{}"),
        ("merge([{a = 1}, {b = 2}]...)", "{a = 1, b = 2}"),
        ("merge({a = var.password}, {b = 1})", "{a = !\"hunter2\", b = 1}"),
        ("merge({a = 1}, var.unknown_map)", "?map(any)"),
        ("concat([1], [], [2, 3])", "[1, 2, 3]"),
        ("concat([1], var.unknown_list)", "?list(any)"),
        ("flatten([[\"a\", [\"b\"]], [], \"c\"])", "[\"a\", \"b\", \"c\"]"),
        ("flatten([[var.unknown], [\"b\"]])", "[?string, \"b\"]"),
        ("flatten([var.unknown_list, [\"b\"]])", "?list(any)"),
        ("flatten([[var.password], 1])", "[!\"hunter2\", 1]"),
        ("zipmap([\"a\", \"b\"], [1, 2])", "{a = 1, b = 2}"),
        ("chunklist([1, 2, 3], 2)", "[[1, 2], [3]]"),
        ("transpose({a = [\"1\", \"2\"], b = [\"2\"]})", "{1 = [\"a\"], 2 = [\"a\", \"b\"]}"),
        ("lookup({a = 1}, \"a\", 2)", "1"),
        ("lookup({a = 1}, \"b\", 2)", "2"),
        ("lookup({a = 1}, \"b\", null)", "null"),
        ("lookup(var.unknown_map, \"b\", \"x\")", "?string"),
        ("element([\"a\", \"b\", \"c\"], 4)", "\"b\""),
        ("element([\"a\", \"b\", \"c\"], -1)", "\"c\""),
        ("contains([\"a\", \"b\"], \"b\")", "true"),
        ("contains(var.zones, \"z\")", "false"),
        ("contains([\"a\", var.unknown], \"a\")", "true"),
        ("contains([\"a\", var.unknown], \"b\")", "?bool"),
        ("index([\"a\", \"b\"], \"b\")", "1"),
        ("distinct([1, 2, 1])", "[1, 2]"),
        ("slice([1, 2, 3, 4], 1, 3)", "[2, 3]"),
        ("reverse([1, 2])", "[2, 1]"),
        ("sort([\"e\", \"B\", \"a\"])", "[\"B\", \"a\", \"e\"]"),
        ("compact([\"a\", \"\", null, \"b\"])", "[\"a\", \"b\"]"),
        ("one([])", "null"),
        ("one([1])", "1"),
        ("one(toset([\"a\"]))", "\"a\""),
        ("coalesce(null, \"\", \"b\", \"c\")", "\"b\""),
        ("coalesce(var.unknown, \"b\")", "?string"),
        ("coalesce(\"a\", var.unknown)", "\"a\""),
        ("coalesce(var.arn, \"b\")", "?\"arn:aws:sns:\"…"),
        ("coalesce(null, 1, \"x\")", "\"1\""),
        ("coalesce(var.unknown_number, \"x\")", "?string"),
        ("coalesce(var.unknown_any, \"x\")", "?any"),
        ("tolist([1, var.unknown_any])", "[?any, ?any]"),
        ("coalescelist([], null, [1], [2])", "[1]"),
        ("setunion([\"a\"], [\"b\", \"a\"])", "set[\"a\", \"b\"]"),
        ("setintersection([\"a\", \"b\"], [\"b\"])", "set[\"b\"]"),
        ("setsubtract([\"a\", \"b\"], [\"b\"])", "set[\"a\"]"),
        ("setproduct([\"a\", \"b\"], [1, 2])", "[[\"a\", 1], [\"a\", 2], [\"b\", 1], [\"b\", 2]]"),
        ("setproduct(toset([\"a\"]), toset([\"b\"]))", "set[[\"a\", \"b\"]]"),
        ("alltrue([])", "true"),
        ("alltrue([\"true\", false])", "false"),
        ("alltrue([true, var.unknown_bool])", "?bool"),
        ("alltrue([false, var.unknown_bool])", "false"),
        ("anytrue([false, true])", "true"),
        ("anytrue([])", "false"),
    ]);
}

#[test]
fn numbers() {
    check(&[
        ("abs(-12.4)", "12.4"),
        ("ceil(5.1)", "6"),
        ("floor(-5.1)", "-6"),
        ("signum(-13)", "-1"),
        ("max(5, 12, 9)", "12"),
        ("min(var.numbers...)", "1"),
        ("sum([10, 13, 6.5])", "29.5"),
        ("pow(3, 2)", "9"),
        ("pow(2, -2)", "0.25"),
        ("pow(-1, 999999999)", "-1"),
        ("pow(4, 0)", "1"),
        ("parseint(\"100\", 10)", "100"),
        ("parseint(\"FF\", 16)", "255"),
        ("parseint(\"-10\", 2)", "-2"),
        ("parseint(\"aA\", 62)", "656"),
        ("range(3)", "[0, 1, 2]"),
        ("range(1, 4)", "[1, 2, 3]"),
        ("range(1, 8, 2)", "[1, 3, 5, 7]"),
        ("range(4, 1)", "[4, 3, 2]"),
        ("range(10, 5, -2)", "[10, 8, 6]"),
        ("range(0)", "[]"),
    ]);
}

#[test]
fn encodings_and_hashes() {
    check(&[
        ("base64encode(\"Hello World\")", "\"SGVsbG8gV29ybGQ=\""),
        ("base64decode(\"SGVsbG8gV29ybGQ=\")", "\"Hello World\""),
        ("urlencode(\"Hello World!é\")", "\"Hello+World%21%C3%A9\""),
        ("md5(\"hello world\")", "\"5eb63bbbe01eeed093cb22bb8f5acdc3\""),
        ("sha256(\"hello world\")", "\"b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9\""),
        ("base64sha256(\"hello world\")", "\"uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek=\""),
        (
            "jsonencode({b = [1, 2.50, null], a = \"<&>\", c = true})",
            "\"{\\\"a\\\":\\\"\\\\u003c\\\\u0026\\\\u003e\\\",\\\"b\\\":[1,2.5,null],\\\"c\\\":true}\"",
        ),
        ("jsonencode(var.zones)", "\"[\\\"a\\\",\\\"b\\\"]\""),
        ("jsonencode({a = var.unknown})", "?string"),
        ("jsonencode({a = var.password})", "!\"{\\\"a\\\":\\\"hunter2\\\"}\""),
        ("jsondecode(\"{\\\"a\\\": [1, 0.5, null, true, \\\"x\\\"]}\")", "{a = [1, 0.5, null, true, \"x\"]}"),
        (
            "yamlencode({foo = [1, {a = \"b\", c = \"d\"}, []], bar = {baz = null, x = {}}})",
            "\"\\\"bar\\\":\\n  \\\"baz\\\": null\\n  \\\"x\\\": {}\\n\\\"foo\\\":\\n- 1\\n- \\\"a\\\": \\\"b\\\"\\n  \\\"c\\\": \\\"d\\\"\\n- []\\n\"",
        ),
        ("jsondecode(jsonencode({a = {b = []}}))", "{a = {b = []}}"),
    ]);
}

#[test]
fn networks() {
    check(&[
        ("cidrsubnet(\"172.16.0.0/12\", 4, 2)", "\"172.18.0.0/16\""),
        ("cidrsubnet(\"10.1.2.0/24\", 4, 15)", "\"10.1.2.240/28\""),
        ("cidrsubnet(\"10.1.2.3/16\", 8, 1)", "\"10.1.1.0/24\""),
        ("cidrsubnet(\"fd00:fd12:3456:7890::/56\", 16, 162)", "\"fd00:fd12:3456:7800:a200::/72\""),
        ("cidrsubnets(\"10.1.0.0/16\", 4, 4, 8, 4)", "[\"10.1.0.0/20\", \"10.1.16.0/20\", \"10.1.32.0/24\", \"10.1.48.0/20\"]"),
        (
            "cidrsubnets(\"fd00:fd12:3456:7890::/56\", 16, 16, 16, 32)",
            "[\"fd00:fd12:3456:7800::/72\", \"fd00:fd12:3456:7800:100::/72\", \"fd00:fd12:3456:7800:200::/72\", \"fd00:fd12:3456:7800:300::/88\"]",
        ),
        ("[for block in cidrsubnets(\"10.0.0.0/8\", 8, 8) : cidrsubnets(block, 4)]", "[[\"10.0.0.0/20\"], [\"10.1.0.0/20\"]]"),
        ("cidrhost(\"10.12.112.0/20\", 16)", "\"10.12.112.16\""),
        ("cidrhost(\"10.12.112.0/20\", 268)", "\"10.12.113.12\""),
        ("cidrhost(\"10.12.112.0/20\", -1)", "\"10.12.127.255\""),
        ("cidrhost(\"fd00:fd12:3456:7890:00a2::/72\", 34)", "\"fd00:fd12:3456:7890::22\""),
        ("cidrnetmask(\"172.16.0.0/12\")", "\"255.240.0.0\""),
        ("cidrsubnet(\"0.0.0.0/0\", 32, 4294967295)", "\"255.255.255.255/32\""),
        ("cidrsubnet(\"::/0\", 128, 1)", "\"::1/128\""),
        ("cidrhost(\"::/0\", -1)", "\"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff\""),
        ("can(cidrhost(\"10.0.0.0/33\", 0))", "false"),
        ("can(cidrhost(\"10.0.0.0\", 0))", "false"),
    ]);
}

#[test]
fn conversions() {
    check(&[
        ("tostring(1.50)", "\"1.5\""),
        ("tostring(null)", "null"),
        ("tonumber(\"1\")", "1"),
        ("tobool(\"true\")", "true"),
        ("toset([\"b\", \"a\", \"b\"])", "set[\"a\", \"b\"]"),
        ("tolist(toset([\"b\", \"a\"]))", "[\"a\", \"b\"]"),
        ("tolist([1, \"a\"])", "[\"1\", \"a\"]"),
        ("tomap({a = 1, b = \"x\"})", "{a = \"1\", b = \"x\"}"),
        ("toset([var.password, \"a\"])", "!set[\"a\", \"hunter2\"]"),
        ("toset([\"a\", var.unknown])", "set[?string, \"a\"]"),
        ("length(toset([\"a\", var.unknown]))", "?number"),
        ("tolist(var.unknown_list)", "?list(string)"),
        ("type([1])", "\"list(number)\""),
    ]);
}

#[test]
fn attempts() {
    check(&[
        ("try(var.tags.Nope, \"x\")", "\"x\""),
        ("try(var.tags.Name, \"x\")", "\"x\""),
        ("try(aws_vpc.main.id, \"x\")", "?any"),
        ("try(aws_vpc.main.nope, aws_vpc.main.id)", "?string"),
        ("can(var.tags.Nope)", "false"),
        ("can(aws_vpc.main.cidr_block)", "true"),
        ("can(aws_vpc.main.id)", "?bool"),
    ]);
}

#[test]
fn files() {
    check(&[
        ("file(\"hello.txt\")", "\"Hello\\n\""),
        ("file(\"${path.root}/hello.txt\")", "\"Hello\\n\""),
        ("fileexists(\"hello.txt\")", "true"),
        ("fileexists(\"nope.txt\")", "false"),
        ("filebase64(\"binary\")", "\"/wA=\""),
        ("filemd5(\"hello.txt\")", "\"09f7e02f1290be211da707a266f153b3\""),
        ("filesha256(\"hello.txt\")", "\"66a045b452102c59d840ec097d59d9467e13a3f34f6494e539ffd32c1bb35f18\""),
        ("templatefile(\"hello.tftpl\", {name = \"Ann\", items = [1, 2]})", "\"Hello, Ann!\\n- 1\\n- 2\\n\""),
        ("templatefile(\"hello.tftpl\", {name = var.unknown, items = []})", "?\"Hello, \"…"),
        ("templatefile(\"hello.tftpl\", {name = var.password, items = []})", "!\"Hello, hunter2!\\n\""),
    ]);
}

#[test]
fn what_is_made_is_bounded() {
    let long = "a".repeat(1 << 20);
    let world = World::usual().with("long", lowtide_model::Planned::text(long));
    for expression in [
        "replace(var.long, \"a\", var.long)",
        "join(var.long, [\"a\", \"b\", \"c\"])",
        "indent(1000000000, \"a\\nb\")",
        "format(\"%10001s\", \"a\")",
        "base64encode(var.long)",
        "\"${var.long}x\"",
        "range(100000)",
        "setproduct(range(1000), range(1000))",
        "[for a in range(1000) : var.long]",
        "[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : 1]]]",
        "jsonencode([for a in range(60) : var.long])",
        "regexall(\"\", var.long)",
        "pow(10, 1000)",
        "try([for a in range(1000) : [for b in range(1000) : [for c in range(1000) : 1]]], 1)",
    ] {
        let result = evaluate_in(&world, &format!("${{{expression}}}"));
        assert!(result.is_err(), "{expression}: {}", result.map(|value| shown(&value)).unwrap_or_default());
    }
}
