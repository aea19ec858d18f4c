//! Values of variables from everywhere they may come from.

use std::sync::Arc;

use lowtide_diagnostic::Diagnostics;
use lowtide_model::Planned;
use lowtide_spec::{Given, NoFiles, Origin, Table, VariableInput, resolve_variables, unknown_variables};

use crate::bodies::read;

fn flag(name: &str, text: &str) -> VariableInput {
    VariableInput { name: name.to_owned(), value: Given::Text(text.to_owned()), from: Origin::Flag }
}

fn file(text: &str) -> Vec<VariableInput> {
    let mut found = Diagnostics::default();
    let table = Table::read(text, 0, &mut found).expect("TOML");
    VariableInput::of_file(table)
}

fn resolved(spec: &str, inputs: &[VariableInput]) -> String {
    match resolve_variables(&read(spec), inputs, Arc::new(NoFiles)) {
        Ok(all) => {
            let shown = |(name, value): (Arc<str>, Planned)| {
                let mark = if value.sensitive { "!" } else { "" };
                format!("{name}={mark}{}", value.known().map_or_else(|| "unknown".to_owned(), |known| known.to_json_text()))
            };
            all.into_iter().map(shown).collect::<Vec<_>>().join(" ")
        }
        Err(wrong) => wrong.iter().map(|one| format!("{}: {}", one.summary, one.detail)).collect::<Vec<_>>().join("\n"),
    }
}

#[test]
fn text_becomes_what_the_type_says() {
    for (ty, text, wanted) in [
        ("string", "5", "\"5\""),
        ("number", "5", "5"),
        ("bool", "true", "true"),
        ("list(string)", "[\"a\", \"b\"]", "[\"a\",\"b\"]"),
        ("list(number)", "[1, 2]", "[1,2]"),
        ("set(string)", "[\"b\", \"a\", \"a\"]", "[\"a\",\"b\"]"),
        ("map(string)", "{ a = \"x\", b = 2 }", "{\"a\":\"x\",\"b\":\"2\"}"),
        ("map(string)", "{ \"a\" : \"x\" }", "{\"a\":\"x\"}"),
        ("object({ a = string, b = optional(number) })", "{ a = \"x\" }", "{\"a\":\"x\",\"b\":null}"),
        ("any", "[1]", "\"[1]\""),
    ] {
        let spec = format!("[variable.v]\ntype = '{ty}'\n");
        assert_eq!(resolved(&spec, &[flag("v", text)]), format!("v={wanted}"), "{ty}");
    }
}

#[test]
fn the_last_input_counts_and_defaults_fill_in() {
    let spec = "[variable.a]\ndefault = 1\n[variable.b]\ndefault = 'd'\nsensitive = true\n[variable.c]\ndefault = 'x'\nnullable = false\n";
    let mut inputs = file("a = 2\nc = '${null}'\nother_stacks = true\n");
    inputs.push(flag("a", "3"));
    assert_eq!(resolved(spec, &inputs), "a=\"3\" b=!\"d\" c=\"x\"");
}

#[test]
fn everything_that_is_missing_is_listed_together() {
    let said = resolved("[variable.a]\n[variable.b]\n[variable.c]\ndefault = 1\n", &[]);
    assert_eq!(said, "Missing variable: No value is given for the variables `a`, `b`, and there is no default.");
}

#[test]
fn what_does_not_fit_says_where_it_comes_from_and_hides_secrets() {
    let said = resolved("[variable.a]\ntype = 'number'\n", &[flag("a", "many")]);
    assert_eq!(said, "Wrong type: The variable `a` takes a number: a number is wanted, this is a string. It is given as --var a=….");
    let said = resolved("[variable.a]\ntype = 'list(string)'\n", &[flag("a", "x, y")]);
    assert_eq!(said, "Wrong type: The variable `a` takes a list(string): this text is none. It is given as --var a=….");
    let said = resolved("[variable.a]\ntype = 'bool'\nsensitive = true\n", &file("a = 5"));
    assert_eq!(
        said,
        "Wrong type: The variable `a` takes a bool (true or false): the given value is none. It is given as `a` in a file of variables."
    );
    let said = resolved("[variable.a]\n", &file("a = '${var.b}'"));
    assert!(said.starts_with("Reference not allowed here"), "{said}");
}

#[test]
fn validations_look_at_other_variables_and_say_their_message() {
    let spec = "[variable.least]\ndefault = 2\n[variable.v]\ntype = 'number'\n[[variable.v.validation]]\n\
                condition = '${var.v >= var.least}'\nerror_message = 'It is at least ${var.least}, not ${var.v}.'\n";
    assert_eq!(resolved(spec, &[flag("v", "2")]), "least=2 v=2");
    assert_eq!(resolved(spec, &[flag("v", "1")]), "Invalid value: The variable `v` has a value it must not have. It is at least 2, not 1.");
}

#[test]
fn names_that_no_stack_declares_are_reported() {
    let stacks = [read("[variable.environment]\n"), read("[variable.size]\n")];
    let environment = VariableInput { from: Origin::Environment, ..flag("whatever", "1") };
    let inputs = [flag("enviroment", "dev"), flag("size", "1"), environment];
    let found = unknown_variables(&stacks, &inputs);
    let said: Vec<_> = found.iter().map(|one| format!("{} {:?}", one.detail, one.hints)).collect();
    assert_eq!(said, ["--var enviroment=… is given, and no stack declares the variable `enviroment`. [\"did you mean `environment`?\"]"]);
}
