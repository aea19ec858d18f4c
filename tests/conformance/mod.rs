//! Every kind of the catalog, led through its life. A kind without a case, and a case without a kind, fail the suite.
//!
//! `LOWTIDE_CASE=aws_subnet` runs one case.

mod behind;
pub mod case;
mod coverage;
mod shown;
mod unreadable;
mod walk;

use std::{collections::BTreeMap, path::Path};

use anyhow::{Context, Result};
use case::Case;

use crate::bench::Bench;

/// Returns the cases by kind.
pub fn cases() -> Result<BTreeMap<String, String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance");
    let mut all = BTreeMap::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "toml") {
            let name = path.file_stem().context("a case has a name")?.to_string_lossy().into_owned();
            all.insert(name, std::fs::read_to_string(&path)?);
        }
    }
    Ok(all)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_lives() -> Result<()> {
    let chosen = std::env::var("LOWTIDE_CASE").ok();
    let mut bench = Bench::start().await?;
    let mut failed = Vec::new();
    let (mut drifts, mut total) = (Vec::new(), behind::Drifts::default());
    let cases = cases()?;
    let chosen = |name: &String| chosen.as_ref().is_none_or(|chosen| chosen.split(',').any(|one| one == name));
    for (name, text) in cases.iter().filter(|(name, _)| chosen(name)) {
        bench.reset().await?;
        let walked = match Case::parse(text) {
            Ok(case) => walk::walk(&bench, case).await,
            Err(error) => Err(error),
        };
        match walked {
            Ok(found) => {
                println!("{name}: lives");
                total.injected += found.injected;
                total.found += found.found;
                drifts.push((name, found));
            }
            Err(error) => {
                println!("{name}: {error:#}");
                failed.push(name.clone());
            }
        }
    }
    println!("changes behind our back, found by drift / made:");
    for (name, one) in &drifts {
        println!("{name:<42} {:>3} / {:>3}", one.found, one.injected);
        one.refused.iter().for_each(|words| println!("    {words}"));
    }
    println!("{:<42} {:>3} / {:>3}", "together", total.found, total.injected);
    assert!(failed.is_empty(), "{} of {} kinds do not live: {}", failed.len(), cases.len(), failed.join(", "));
    Ok(())
}

#[test]
fn every_kind_has_a_case_that_forgets_nothing() -> Result<()> {
    let cases = cases()?;
    let catalog = lowtide_catalog::all();
    let mut wrong = Vec::new();
    for kind in catalog.kinds() {
        let description = kind.description();
        match cases.get(description.kind).map(|text| Case::parse(text)) {
            None => wrong.push(format!("{} has no case in tests/conformance", description.kind)),
            Some(Err(error)) => wrong.push(format!("{}: {error:#}", description.kind)),
            Some(Ok(case)) => {
                let forgotten = coverage::forgotten(description, &case);
                if !forgotten.is_empty() {
                    wrong.push(format!("{}: the case changes none of: {}", description.kind, forgotten.join(", ")));
                }
                let named = coverage::always_named(description, &case);
                if !named.is_empty() {
                    wrong.push(format!("{}: no replacement of the case leaves it to us: {}", description.kind, named.join(", ")));
                }
            }
        }
    }
    wrong.extend(cases.keys().filter(|name| catalog.kind(name).is_none()).map(|name| format!("{name} is no kind of the catalog")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

#[test]
fn every_attribute_of_the_terraform_provider_is_there_or_left_out_with_a_reason() {
    let mut wrong = Vec::new();
    for kind in lowtide_catalog::all().kinds() {
        let description = kind.description();
        let strange = coverage::strange(description);
        if !strange.is_empty() {
            wrong.push(format!("{} has attributes that the provider has not, or not so: {}", description.kind, strange.join(", ")));
        }
        let Some(found) = coverage::coverage(description) else {
            if description.kind.starts_with("aws_") {
                wrong.push(format!("{} is not in tests/reference/resource-schemas.json", description.kind));
            }
            continue;
        };
        println!("{:<42} {:>2} of {:>2} attributes", description.kind, found.covered, found.all);
        if !found.unexplained.is_empty() {
            wrong.push(format!("{} lacks without a reason: {}", description.kind, found.unexplained.join(", ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
