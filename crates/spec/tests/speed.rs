//! Large specs stay quick. `cargo test --release -p lowtide-spec -- --ignored --nocapture thirty_thousand` shows the time.

use std::{fmt::Write, time::Instant};

use lowtide_diagnostic::Diagnostics;
use lowtide_spec::{NoFiles, Table, check, configuration};

use crate::kinds::schema;

fn layers(count: usize) -> String {
    let mut text = String::new();
    let width = (count / 10).max(1);
    for at in 0..count {
        let _ = writeln!(text, "[resource.aws_security_group.g{at}]\nname = \"group-{at}\"");
        if at >= width {
            let (a, b) = (at - width, at - width + (at + 1) % width.min(at));
            let _ = writeln!(text, "vpc_id = \"${{aws_security_group.g{a}.id}}\"");
            let _ = writeln!(text, "tags = {{ Name = \"g-${{aws_security_group.g{}.name}}\", Layer = \"{}\" }}", b.min(at - 1), at / width);
        }
    }
    text
}

fn load(text: &str) {
    let schema = schema();
    let mut found = Diagnostics::default();
    let start = Instant::now();
    let table = Table::read(text, 0, &mut found).expect("TOML");
    let read = start.elapsed();
    let (configuration, mistakes) = configuration::read("sample", vec![table], &schema);
    let understood = start.elapsed();
    found.extend(mistakes);
    found.extend(check(&configuration, &schema, &NoFiles));
    assert!(found.is_empty(), "{found}");
    let bytes = text.len();
    #[expect(clippy::print_stderr, reason = "a figure for whoever asks for it")]
    {
        eprintln!("{bytes} bytes: read {read:?}, understood {:?}, checked {:?}", understood - read, start.elapsed() - understood);
    }
}

#[test]
fn three_thousand_resources_load() {
    load(&layers(3_000));
}

#[test]
#[ignore = "a measurement"]
fn thirty_thousand_resources_load() {
    load(&layers(30_000));
}
