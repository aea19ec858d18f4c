//! Diagnostics as text and JSON.

use insta::assert_snapshot;
use lowtide_diagnostic::{Diagnostic, Diagnostics, Place, Sources};
use lowtide_report::{diagnostics_json, diagnostics_summary, diagnostics_text};

use crate::plain;

const TEXT: &str = "[resource.aws_vpc.main]\ncidr_bloc = \"10.0.0.0/16\"\n\n[resource.aws_subnet.a]\nvpc_id = \"${aws_vpc.mian.id}\"\ncidr_block = \"10.0.0.0/20\"\n";

fn found() -> (Diagnostics, Sources) {
    let mut sources = Sources::default();
    let spec = sources.add("specs/base.toml", TEXT);
    let other = sources.add("specs/more.toml", "[resource.aws_vpc.other]\n");
    let at = |words: &str| {
        let start = TEXT.find(words).expect("the words");
        Place::new(spec, start..start + words.len())
    };
    let mut all = Diagnostics::default();
    all.push(
        Diagnostic::error("Provider without region", "No region is set, so Lowtide can't tell where things should be.")
            .hint("set `region` in [provider.aws]\nor AWS_REGION"),
    );
    all.push(
        Diagnostic::error("Unknown attribute", "aws_vpc has no attribute `cidr_bloc`. Lowtide knows every attribute of the kind; `lowtide explain aws_vpc` shows them all, with what they mean.")
            .at(at("cidr_bloc"))
            .hint("did you mean `cidr_block`?"),
    );
    all.push(
        Diagnostic::error("Unknown reference", "There is no resource `aws_vpc.mian`.")
            .at(at("aws_vpc.mian"))
            .with(at("[resource.aws_vpc.main]"), "this one has a similar name")
            .with(Place::new(other, 0..24), "this one is of the same kind"),
    );
    all.push(
        Diagnostic::warning("Unused variable", "Nothing refers to it.").at(Place::new(7, 0..1)).with(Place::new(7, 0..1), "it stood here"),
    );
    all.push(Diagnostic::warning("A whole block", "It spans lines.").at(Place::new(spec, 0..60)));
    (all, sources)
}

#[test]
fn each_has_its_place_and_the_end_counts_them() {
    let (all, sources) = found();
    assert_snapshot!(plain(&diagnostics_text(&all, &sources, 100)));
}

#[test]
fn as_json_they_have_terraforms_shape() {
    let (all, sources) = found();
    assert_snapshot!(format!("{:#}", diagnostics_json(&all, &sources)));
}

#[test]
fn counts_read_well() {
    let all: Diagnostics = [Diagnostic::error("a", ""), Diagnostic::error("b", ""), Diagnostic::warning("c", "")].into_iter().collect();
    assert_eq!(diagnostics_summary(&all), "2 errors and 1 warning");
    assert_eq!(diagnostics_summary(&Diagnostics::default()), "no errors");
}

#[test]
fn places_that_are_none_do_no_harm() {
    let mut sources = Sources::default();
    sources.add("a.toml", "ö\u{1b}[2J = 1");
    for (start, end) in [(0, 0), (1, 1), (0, 1), (5, 900), (8, 8), (9, 3), (10, 10), (11, 11)] {
        let one = Diagnostic::error("x\u{1b}[2J", "d\u{1b}[2J").at(Place { source: 0, start, end });
        let text = diagnostics_text(&one.into(), &sources, 80);
        assert!(plain(&text).contains("x[2J"), "{text}");
    }
}
