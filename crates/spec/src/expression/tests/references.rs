//! References are found without evaluating.

use lowtide_diagnostic::Place;

use crate::expression::{Reference, Template};

fn found(text: &str) -> Vec<String> {
    let template = Template::parse(text, &Place::new(0, 100..100 + text.len()), true).expect("it parses");
    let show = |reference: &Reference| {
        let place = reference.place.span();
        let words = text.get(place.start - 100..place.end - 100).expect("a place in the text");
        let key = reference.key.as_ref().map(|key| format!(" {key}")).unwrap_or_default();
        let attribute = reference.attribute.as_ref().map(|attribute| format!(" .{attribute}")).unwrap_or_default();
        format!("{:?}{key}{attribute} at {words}", reference.root).replace("module: [], ", "")
    };
    template.references().iter().map(show).collect()
}

#[test]
fn each_reference_has_its_root_key_attribute_and_place() {
    let declared = |text: &str| format!("Declared(Declared {{ data: false, kind: \"{text}\", name: \"main\" }})");
    for (text, wanted) in [
        ("plain", vec![]),
        ("${aws_vpc.main.id}", vec![format!("{} .id at aws_vpc.main.id", declared("aws_vpc"))]),
        ("${ aws_vpc.main.id }", vec![format!("{} .id at aws_vpc.main.id", declared("aws_vpc"))]),
        ("x-${aws_vpc.main.id}-y", vec![format!("{} .id at aws_vpc.main.id", declared("aws_vpc"))]),
        ("${aws_vpc.main}", vec![format!("{} at aws_vpc.main", declared("aws_vpc"))]),
        ("${foo.main.baz.x}", vec![format!("{} .baz at foo.main.baz", declared("foo"))]),
        ("${aws_s.main[\"a\"].id.x}", vec![format!("{} [\"a\"] .id at aws_s.main[\"a\"].id", declared("aws_s"))]),
        ("${aws_s.main[0].id}", vec![format!("{} [0] .id at aws_s.main[0].id", declared("aws_s"))]),
        ("${aws_s.main.0.id}", vec![format!("{} [0] .id at aws_s.main.0.id", declared("aws_s"))]),
        ("${aws_s.main[*].id}", vec![format!("{} .id at aws_s.main[*].id", declared("aws_s"))]),
        ("${aws_s.main.*.id}", vec![format!("{} .id at aws_s.main.*.id", declared("aws_s"))]),
        (
            "${aws_s.main[var.i].id}",
            vec!["Variable(\"i\") at var.i".to_owned(), format!("{} .id at aws_s.main[var.i].id", declared("aws_s"))],
        ),
        (
            "${data.aws_region.here.name}",
            vec!["Declared(Declared { data: true, kind: \"aws_region\", name: \"here\" }) .name at data.aws_region.here.name".to_owned()],
        ),
        ("${stack.base.ids[0]}", vec!["Stack(\"base\", \"ids\") [0] at stack.base.ids[0]".to_owned()]),
        ("${[for x in var.xs : x.y + local.z]}", vec!["Variable(\"xs\") at var.xs".to_owned(), "Local(\"z\") at local.z".to_owned()]),
        (
            "%{ if var.a }${each.value.b}%{ else }${self.c}%{ endif }",
            vec!["Variable(\"a\") at var.a".to_owned(), "EachValue .b at each.value.b".to_owned(), "Itself .c at self.c".to_owned()],
        ),
        (
            "${{(var.k) = count.index, each = lowtide.stack}}",
            vec![
                "Variable(\"k\") at var.k".to_owned(),
                "CountIndex at count.index".to_owned(),
                "Run(\"stack\") at lowtide.stack".to_owned(),
            ],
        ),
        ("${max(var.a, path.root)} $${var.no}", vec!["Variable(\"a\") at var.a".to_owned(), "PathRoot at path.root".to_owned()]),
    ] {
        assert_eq!(found(text), wanted, "{text}");
    }
}

#[test]
fn where_places_can_not_be_told_they_are_the_whole_string() {
    let place = Place::new(3, 40..90);
    let template = Template::parse("a ${var.b}", &place, false).expect("it parses");
    assert_eq!(template.references().first().map(|reference| reference.place.clone()), Some(place));
}

#[test]
fn a_bare_expression_needs_no_braces() {
    let place = Place::new(0, 10..30);
    for (text, words) in [("aws_vpc.main", 10..22), ("aws_s.a[\"k\"]", 10..22)] {
        let template = Template::parse_expression(text, &place, true).expect("it parses");
        assert_eq!(template.references().first().map(|reference| reference.place.span()), Some(words), "{text}");
    }
}

#[test]
fn only_literal_text_is_literal() {
    for (text, literal) in [
        ("", Some("")),
        ("a $b %c", Some("a $b %c")),
        ("$${a}", Some("${a}")),
        ("%%{a}", Some("%{a}")),
        ("a${1}", None),
        ("${\"a\"}", Some("a")),
    ] {
        let template = Template::parse(text, &Place::new(0, 0..text.len()), true).expect("it parses");
        assert_eq!(template.literal(), literal, "{text}");
    }
}
