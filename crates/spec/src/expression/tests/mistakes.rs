//! What users read when they get something wrong: place, summary, detail, hints.

use lowtide_diagnostic::{Diagnostic, Place};

use super::World;
use crate::expression::Template;

/// Writes a diagnostic under the text it is about, with the place underlined.
fn report(text: &str) -> String {
    let template = Template::parse(text, &Place::new(0, 0..text.len()), true);
    let found: Vec<Diagnostic> = match template {
        Err(found) => found.into_iter().collect(),
        Ok(template) => template.evaluate(&World::usual()).err().into_iter().collect(),
    };
    let mut out = format!("{}\n", text.replace('\n', "␊"));
    if found.is_empty() {
        out.push_str("nothing is wrong\n");
    }
    for one in found {
        let place = one.place.clone().expect("every mistake has a place");
        let before = text.get(..place.start).expect("a place in the text").chars().count();
        let marked = text.get(place.span()).expect("a place in the text").chars().count().max(1);
        out.push_str(&format!("{}{}\n{}: {}\n", " ".repeat(before), "^".repeat(marked), one.summary, one.detail));
        for hint in one.hints {
            out.push_str(&format!("hint: {hint}\n"));
        }
    }
    out
}

fn reports(texts: &[&str]) -> String {
    texts.iter().map(|text| report(text)).collect::<Vec<_>>().join("\n")
}

#[test]
fn syntax() {
    let written = reports(&[
        "${",
        "${}",
        "${ }",
        "${var.a",
        "${var.a + }",
        "${var.a b}",
        "${'a'}",
        "${var.a = 1}",
        "${var.a & var.b}",
        "${max(1, 2}",
        "${[1, 2}",
        "${{a = 1, a = 2}}",
        "${{a.b = 1}}",
        "${\"a}",
        "x ${1 +} y",
        "%{ if true }x",
        "%{ else }",
        "%{ while }x%{ endwhile }",
        "50%{x}",
        "${a.}",
        "${var.a[}",
        "${1.2.3}",
        "${[for x in y]}",
        "${12345678901234567890123456789012345}",
        &format!("${{{}1{}}}", "(".repeat(80), ")".repeat(80)),
    ]);
    insta::assert_snapshot!(written);
}

#[test]
fn references() {
    let written = reports(&[
        "${terraform.workspace}",
        "${path.module}/x",
        "${module.net.id}",
        "${var}",
        "${locals.a}",
        "${vpc_id}",
        "${data.aws_region}",
        "${stack.base}",
        "${each.item}",
        "${count}",
        "${lowtide.env}",
        "${resource.aws_vpc.main.id}",
        "${foo + bar}",
        "${uper(\"a\")}",
        "${timestamp()}",
        "${uuid()}",
        "${provider::aws::arn_parse(1)}",
        "${upper()}",
        "${upper(\"a\", \"b\")}",
        "${lookup({})}",
    ]);
    insta::assert_snapshot!(written);
}

#[test]
fn values() {
    let written = reports(&[
        "${aws_vpc.main.cidr_blok}",
        "${aws_vpc.main.xyz}",
        "${aws_eip.nat.id}",
        "${aws_subnet.public[\"c\"].id}",
        "${aws_subnet.public[\"a\"].ids}",
        "${var.names[3]}",
        "${var.empty[0]}",
        "${var.names[\"x\"]}",
        "${var.zones[0]}",
        "${var.nothing.x}",
        "${var.nothing[0]}",
        "${var.environment.x}",
        "${var.environment[0]}",
        "${var.unknown_list.x}",
        "${1 / 0}",
        "x${2 * (1 / (var.count - 3))}y",
        "${1 + \"a\"}",
        "${1 + var.names}",
        "${1 + null}",
        "${!5}",
        "${\"a\" ? 1 : 2}",
        "${null ? 1 : 2}",
        "name-${var.nothing}",
        "names-${var.names}",
        "${[for x in 5 : x]}",
        "${[for x in null : x]}",
        "${{for x in var.names : \"k\" => x}}",
        "${{(null) = 1}}",
        "${{([]) = 1}}",
        "${9999999999999999999 * 9999999999999999999}",
        "${upper([])}",
        "${upper(null)}",
        "${join(\",\", [[]])}",
        "${max()}",
        "${max([1, 2])}",
        "${tonumber(\"x\")}",
        "${parseint(\"zz\", 10)}",
        "${cidrsubnet(\"10.0.0.0/40\", 8, 1)}",
        "${cidrsubnet(\"10.0.0.0/16\", 20, 1)}",
        "${cidrsubnet(\"10.0.0.0/16\", 8, 256)}",
        "${cidrhost(\"10.0.0.0/24\", 256)}",
        "${cidrsubnets(\"10.0.0.0/30\", 1, 1, 1)}",
        "${jsondecode(\"{\")}",
        "${base64decode(\"!\")}",
        "${regex(\"(\", \"a\")}",
        "${regex(\"b\", \"a\")}",
        "${format(\"%d\", \"a\")}",
        "${format(\"%s\")}",
        "${format(\"%s\", 1, 2)}",
        "${format(\"%y\", 1)}",
        "${one([1, 2])}",
        "${element([], 0)}",
        "${lookup({a = 1}, \"b\")}",
        "${zipmap([\"a\"], [])}",
        "${coalesce(null, \"\")}",
        "${try(var.tags.Nope, 1 / 0)}",
        "${slice([1], 0, 2)}",
        "${range(1, 2, 0)}",
        "${merge([{a = 1}])}",
        "${file(\"nope\")}",
        "${file(\"binary\")}",
        "${templatefile(\"broken.tftpl\", {})}",
        "${templatefile(\"nested.tftpl\", {})}",
        "${templatefile(\"hello.tftpl\", {name = null, items = []})}",
        "${templatefile(\"hello.tftpl\", {\"a b\" = 1})}",
        "${setproduct(range(1000), range(1000))}",
    ]);
    insta::assert_snapshot!(written);
}

#[test]
fn sensitive_values_are_not_shown() {
    let texts = [
        "${tonumber(var.password)}",
        "${1 + var.password}",
        "${parseint(var.password, 10)}",
        "${var.tags[var.password]}",
        "${var.names[var.password]}",
        "${cidrhost(var.password, 1)}",
        "${jsondecode(var.password)}",
        "${{for x in [1, 2] : var.password => x}}",
        "${lookup({}, var.password)}",
        "${regex(var.password, \"a\")}",
        "${format(var.password, 1)}",
        "${var.secrets.tokn}",
        "${upper(var.hidden)}",
        "${file(var.password)}",
        "${templatefile(var.password, {})}",
        "${try(tonumber(var.password))}",
        "${sum([var.password])}",
        "${tobool(sensitive(5))}",
        "${!sensitive(5)}",
        "${upper(sensitive({hunter2 = 1}))}",
        "${sensitive({hunter2 = 1}).hunter}",
        "${sensitive({hunter2 = 1})[\"hunter\"]}",
        "${templatefile(\"hello.tftpl\", sensitive({\"hunter2 x\" = 1}))}",
    ];
    let written = reports(&texts);
    for secret in ["hunter2 ", "hunter2.", "\"hunter2", "t0k3n", "number 5"] {
        let shown = texts.iter().fold(written.clone(), |written, text| written.replace(text, ""));
        assert!(!shown.contains(secret), "{secret}: {written}");
    }
    insta::assert_snapshot!(written);
}

#[test]
fn every_mistake_of_a_text_is_told() {
    let text = "${foo} ${bar} ${nope(1)}";
    let found = Template::parse(text, &Place::new(0, 0..text.len()), true).expect_err("three mistakes");
    assert_eq!(found.len(), 3);
}

#[test]
fn nothing_is_wrong_at_evaluation_that_could_not_be_placed() {
    let place = Place::new(2, 7..30);
    let template = Template::parse("a ${1 / 0}", &place, false).expect("it parses");
    let wrong = template.evaluate(&World::usual()).expect_err("no result");
    assert_eq!(wrong.place, Some(place));
}
