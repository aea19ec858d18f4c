//! What is shown of each attribute: changed over the wire by a case, or left out with a reason, and then whether Terraform's provider was
//! asked. `docs/verified.md` tells it.

use std::{collections::BTreeSet, fmt::Write as _, path::Path};

use anyhow::{Context, Result};
use lowtide_model::Description;

use super::{case::Case, cases};

/// Between these the page is written by this test.
const MARKS: [&str; 2] = ["<!-- attributes: written by the conformance suite -->", "<!-- end of attributes -->"];

/// What a case shows of its kind.
struct Shown {
    kind: &'static str,
    /// How many attributes it has, but for those that only say how an operation is done.
    all: usize,
    /// How many of them are changed over the wire.
    changed: usize,
    /// How many of the others Terraform's provider is asked about.
    asked: usize,
    /// The others: attribute, whether it was asked about, why it is not changed.
    others: Vec<(String, bool, String)>,
}

impl Shown {
    fn of(description: &'static Description, case: &Case) -> Self {
        let edits = case.updates.iter().chain(&case.replaces);
        let changed: BTreeSet<_> = edits.flat_map(|edit| edit.set.keys().chain(&edit.unset)).map(String::as_str).collect();
        let asked: BTreeSet<_> =
            case.asked.iter().flat_map(|one| one.change.set.keys().chain(&one.change.unset)).map(String::as_str).collect();
        let rows: Vec<_> = description.inputs.iter().filter(|row| !row.option).collect();
        let is_changed = |name: &str| name == "tags" || changed.contains(name);
        let other = |name: &str| {
            let why = case.left_out.get(name).and_then(toml::Value::as_str).unwrap_or_default();
            (name.to_owned(), asked.contains(name), why.to_owned())
        };
        let others: Vec<_> = rows.iter().filter(|row| !is_changed(row.name)).map(|row| other(row.name)).collect();
        Self {
            kind: description.kind,
            all: rows.len(),
            changed: rows.len() - others.len(),
            asked: others.iter().filter(|(_, asked, _)| *asked).count(),
            others,
        }
    }
}

fn all() -> Result<Vec<Shown>> {
    let (cases, catalog) = (cases()?, lowtide_catalog::all());
    let shown =
        |description: &'static Description| Ok(Shown::of(description, &Case::parse(cases.get(description.kind).context("a case")?)?));
    let mut all = catalog.kinds().map(|kind| shown(kind.description())).collect::<Result<Vec<_>>>()?;
    all.sort_by_key(|one| one.kind);
    Ok(all)
}

fn page(all: &[Shown]) -> Result<String> {
    let sum = |count: fn(&Shown) -> usize| all.iter().map(count).sum::<usize>();
    let (total, changed, asked) = (sum(|one| one.all), sum(|one| one.changed), sum(|one| one.asked));
    let mut text = format!(
        "Of {total} attributes of {} kinds {changed} are changed over the wire. Of the other {}, Terraform's provider was asked about {asked}.\n\n",
        all.len(),
        total - changed
    );
    text.push_str("| Kind | Attributes | Changed over the wire | Others that Terraform was asked about |\n| --- | --- | --- | --- |\n");
    for one in all {
        writeln!(text, "| `{}` | {} | {} | {} |", one.kind, one.all, one.changed, one.asked)?;
    }
    text.push_str("\nNot changed over the wire:\n\n| Kind | Attribute | Terraform was asked | Why |\n| --- | --- | --- | --- |\n");
    for one in all {
        for (name, asked, why) in &one.others {
            writeln!(text, "| `{}` | `{name}` | {} | {why} |", one.kind, if *asked { "yes" } else { "no" })?;
        }
    }
    Ok(text)
}

#[test]
fn every_attribute_is_changed_or_asked_about_or_says_why_not() -> Result<()> {
    let cases = cases()?;
    let mut wrong = Vec::new();
    for one in all()? {
        let case = Case::parse(&cases[one.kind])?;
        let unasked = |name: &str| case.unasked.contains_key(name);
        let silent = one.others.iter().filter(|(name, asked, why)| why.is_empty() || !(*asked || unasked(name)));
        wrong.extend(
            silent.map(|(name, ..)| format!("{}: `{name}` is in no [[case.asked]], and [case.unasked] does not say why", one.kind)),
        );
        let needless = one.others.iter().filter(|(name, asked, _)| *asked && unasked(name));
        wrong.extend(needless.map(|(name, ..)| format!("{}: `{name}` is asked about, and [case.unasked] says that it is not", one.kind)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

#[test]
fn what_is_verified_of_each_attribute_is_told() -> Result<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/verified.md");
    let text = std::fs::read_to_string(&path)?;
    let (before, rest) = text.split_once(MARKS[0]).context("docs/verified.md has a place for it")?;
    let (_, after) = rest.split_once(MARKS[1]).context("that place has an end")?;
    let current = format!("{before}{}\n\n{}\n{}{after}", MARKS[0], page(&all()?)?, MARKS[1]);
    if std::env::var_os("LOWTIDE_BLESS").is_some() {
        std::fs::write(&path, &current)?;
    }
    assert!(std::fs::read_to_string(&path)? == current, "docs/verified.md is not current: run this test with LOWTIDE_BLESS=1");
    Ok(())
}
