//! Whatever stands in a spec, reading and checking it gives an answer and never a panic.

use lowtide_diagnostic::Diagnostics;
use lowtide_spec::{NoFiles, Table, check, configuration};
use proptest::{prelude::*, sample::Index};

use crate::kinds::schema;

fn digest(text: &str) -> Diagnostics {
    let mut found = Diagnostics::default();
    let schema = schema();
    if let Some(table) = Table::read(text, 0, &mut found) {
        let (configuration, mistakes) = configuration::read("sample", vec![table], &schema);
        found.extend(mistakes);
        found.extend(check(&configuration, &schema, &NoFiles));
    }
    for one in found.iter() {
        let place = one.place.as_ref().expect("a place");
        assert!(text.get(place.span()).is_some(), "{place:?} is no place in the text: {one:?}");
    }
    found
}

/// Returns the specs that others are tested with.
fn samples() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/samples/valid");
    let paths = std::fs::read_dir(folder).expect("samples").map(|entry| entry.expect("an entry").path());
    let mut paths: Vec<_> = paths.filter(|path| path.is_file()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read_to_string(path).expect("text")).collect()
}

/// Pieces that specs are made of, right and wrong.
fn piece() -> impl Strategy<Value = String> {
    let fixed = prop::sample::select(vec![
        "[resource.aws_vpc.a]\n",
        "[resource.aws_subnet.b]\n",
        "[[resource.aws_security_group.c.ingress]]\n",
        "[resource.aws_lb.d]\n",
        "[resource.aws_iam_role.e]\n",
        "[resource.aws_vpc.a.lifecycle]\n",
        "[data.aws_region.here]\n",
        "[variable.x]\n",
        "[locals]\n",
        "[output.o]\n",
        "[stack]\n",
        "[stack.schedule]\n",
        "[provider.aws]\n",
        "[[provider.aws]]\n",
        "[resource]\n",
        "[variable]\n",
        "module = 1\n",
        "count = 2\n",
        "for_each = { a = 1 }\n",
        "enabled = false\n",
        "depends_on = [\"aws_vpc.a\"]\n",
        "ignore_changes = [\"tags\"]\n",
        "cidr_block = ",
        "vpc_id = ",
        "name = ",
        "type = ",
        "default = ",
        "value = ",
        "tags = ",
        "assume_role_policy = ",
        "ingress = ",
        "requires = ",
        "\"${aws_vpc.a.id}\"\n",
        "\"${aws_vpc.a[0].id}\"\n",
        "\"${each.value}\"\n",
        "\"${var.x + 1}\"\n",
        "'${[for a in var.x : a.b]}'\n",
        "\"10.0.0.0/16\"\n",
        "\"list(object({a=string}))\"\n",
        "{ a = [1, 2.5, \"ö\"] }\n",
        "[]\n",
        "{}\n",
        "7\n",
        "1e400\n",
        "true\n",
        "2024-01-01\n",
        "\"\"\"\nö${\n\"\"\"\n",
        "\"\\u00e9${var.x}\"\n",
    ]);
    prop_oneof![8 => fixed.prop_map(str::to_owned), 1 => "\\PC{0,12}"]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pieces_of_specs_never_panic(pieces in prop::collection::vec(piece(), 0..40)) {
        digest(&pieces.concat());
    }

    #[test]
    fn any_text_never_panics(text in "\\PC*") {
        digest(&text);
    }

    #[test]
    fn changed_specs_never_panic(which in any::<Index>(), at in any::<Index>(), gone in 0usize..20, piece in prop_oneof![piece(), "\\PC{0,8}", "[\u{0}-\u{1f}\u{202e}]{0,4}"]) {
        let samples = samples();
        let text = which.get(&samples);
        let mut letters: Vec<char> = text.chars().collect();
        let at = at.index(letters.len());
        let end = (at + gone).min(letters.len());
        letters.splice(at..end, piece.chars());
        digest(&letters.into_iter().collect::<String>());
    }

    #[test]
    fn types_never_panic(text in "[a-z(){}\\[\\]=,: \"ö]{0,40}") {
        let _ = lowtide_spec::type_expression::parse(&text, &lowtide_diagnostic::Place::new(0, 0..text.len()), true);
    }
}

#[test]
fn what_is_never_meant_is_told() {
    let deep = 100_000;
    for (what, text) in [
        ("lists in lists", format!("[locals]\na = {}{}\n", "[".repeat(deep), "]".repeat(deep))),
        ("tables in tables", format!("[locals]\na = {}1{}\n", "{b = ".repeat(deep), "}".repeat(deep))),
        ("a key of many parts", format!("[locals]\na{} = 1\n", ".b".repeat(deep))),
        ("a header of many parts", format!("[locals{}]\n", ".b".repeat(deep))),
        ("brackets in an expression", format!("[locals]\na = \"${{{}1{}}}\"\n", "(".repeat(deep), ")".repeat(deep))),
        ("a key twice", "[locals]\na = 1\na = 2\n".to_owned()),
        ("a table twice", "[locals]\na = 1\n[locals]\nb = 2\n".to_owned()),
        ("a zero byte", "[locals]\na = \"x\u{0}y\"\n".to_owned()),
        ("a zero byte in a key", "[locals]\na\u{0} = 1\n".to_owned()),
        ("a terminal's escape in a key", "[locals]\n\"a\u{1b}[2J\" = 1\n".to_owned()),
        ("a number of many digits", format!("[locals]\na = {}\n", "9".repeat(deep))),
        ("a number beyond all", "[locals]\na = 1e400\n".to_owned()),
    ] {
        assert!(digest(&text).has_errors(), "{what} is not told");
    }
}
