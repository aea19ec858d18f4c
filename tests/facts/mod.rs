//! What our kinds say of their attributes, held against what others say of them.
//!
//! Where we differ, `tests/reference/differences.toml` says why, and `docs/facts.md` tells it. A difference that is not listed
//! fails, and so does one that is listed and is none any more.

mod absent;
pub mod attributes;
mod cloudformation;
mod oracle;
mod terraform;

use std::collections::BTreeSet;

use anyhow::Result;
use cloudformation::CloudFormation;
use lowtide_testkit::{
    reference::{Differences, unexplained},
    terraform::{PROVIDER, Schemas, Terraform},
};
use terraform::Compared;

use crate::conformance;

#[test]
fn what_cloudformation_says_is_so_or_the_difference_has_a_reason() -> Result<()> {
    let reference = CloudFormation::read()?;
    let catalog = lowtide_catalog::all();
    let descriptions = || catalog.kinds().map(|kind| kind.description());
    let found: BTreeSet<_> = descriptions().flat_map(|one| reference.differences(one)).collect();
    let mut wrong = unexplained(&Differences::read()?.cloudformation, &found);
    wrong.extend(descriptions().flat_map(|one| reference.unmatched(one)));
    wrong.extend(reference.kinds().filter(|kind| catalog.kind(kind).is_none()).map(|kind| format!("{kind} is no kind of the catalog")));
    println!("{} kinds compared, {} differences", reference.kinds().count(), found.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

#[test]
fn what_terraform_would_do_is_done_or_the_difference_has_a_reason() -> Result<()> {
    let terraform = match Terraform::find() {
        Ok(terraform) => terraform,
        Err(missing) => {
            println!("not compared: {missing}");
            return Ok(());
        }
    };
    let schemas = Schemas::parse(include_str!("../reference/resource-schemas.json"))?;
    let (cases, catalog) = (conformance::cases()?, lowtide_catalog::all());
    let ours = cases.iter().filter(|(name, _)| schemas.of(name).is_object());
    let described = ours.filter_map(|(name, text)| Some((catalog.kind(name)?.description(), text)));
    let compared = described.map(|(description, text)| Compared::of(description, text)).collect::<Result<Vec<_>>>()?;
    let answers = match oracle::ask(&terraform, &schemas, compared.iter().map(|one| &one.question))? {
        Ok(answers) => answers,
        Err(version) => {
            println!("not compared: the AWS provider of terraform is {version}, and the facts are those of {PROVIDER}");
            return Ok(());
        }
    };
    let mut found = BTreeSet::new();
    for one in &compared {
        found.extend(one.differences(&answers)?);
    }
    println!("{} kinds compared in {} plans of a thing, {} differences", compared.len(), answers.len(), found.len());
    let wrong = unexplained(&Differences::read()?.terraform, &found);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}
