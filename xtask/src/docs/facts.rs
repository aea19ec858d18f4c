//! `docs/facts.md`: what is known of each attribute, and where others say something else.

use std::collections::BTreeMap;

use lowtide_model::{Description, Source};
use lowtide_report::facts_markdown;
use lowtide_testkit::reference::{Difference, Differences};

const HEAD: &str = "# Facts

What a change of each attribute does, what becomes of it when it is not given, and whether Lowtide reads it back. Written by `cargo xtask docs`
from what stands on the attributes in `crates/services` and from `tests/reference/differences.toml`; edit those, not this page.

*In place*: the resource is updated. *A new one*: the resource is replaced. *Refused*: AWS never makes this change, so the plan
refuses it. *Ours*: Lowtide sees to it that AWS has this value. *AWS
decides*: what AWS makes of it stays, and so does the last value when it is no longer given. *Left alone*: never set, it is AWS's; set once
and no longer given, it is taken away. What is in a block follows its block where it is not listed.

Where the facts come from: AWS's resource schemas (those of CloudFormation, as hashicorp/terraform-provider-awscc stores them) say which
properties take a new resource, which can't be set and which are never shown; the hashicorp/aws provider 5.100.0 is asked, by `terraform plan`
without any AWS, what it would do with every change that the conformance suite makes, with changes of what that leaves out, and what it fills in. `tests/facts` compares both with
ours: a difference that is not listed here with its reason fails, and so does one that is listed and is none any more. No AWS account was
asked.
";

/// Returns the page.
pub fn page(kinds: &[&Description], differences: &Differences) -> String {
    let managed = || kinds.iter().filter(|one| one.source == Source::Managed);
    let tables: String = managed().map(|one| format!("\n### {}\n\n{}", one.kind, facts_markdown(one))).collect();
    format!(
        "{HEAD}\n## Where CloudFormation says something else\n\n{}\n## Where Terraform does something else\n\n{}\n## Attributes\n{tables}",
        table(&differences.cloudformation),
        table(&differences.terraform),
    )
}

fn table(differences: &BTreeMap<String, Vec<Difference>>) -> String {
    let line = |kind: &str, one: &Difference| {
        format!("| `{kind}` | `{}` | {} | {} | {} |\n", one.attribute, cell(&one.theirs), cell(&one.ours), cell(&one.why))
    };
    let lines: String = differences.iter().flat_map(|(kind, all)| all.iter().map(move |one| line(kind, one))).collect();
    format!("| kind | attribute | they | we | why |\n|---|---|---|---|---|\n{lines}")
}

/// Returns text in which nothing ends a cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
