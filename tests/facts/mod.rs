//! What our kinds say of their attributes, held against what others say of them.
//!
//! Where we differ, `tests/reference/differences.toml` says why, and `docs/facts.md` tells it. A difference that is not listed
//! fails, and so does one that is listed and is none any more.

pub mod attributes;
mod cloudformation;

use std::collections::BTreeSet;

use anyhow::Result;
use cloudformation::CloudFormation;
use lowtide_testkit::reference::{Differences, unexplained};

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
