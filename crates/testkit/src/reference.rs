//! Where our kinds differ from what others say of the same things, and why: `tests/reference/differences.toml`.
//!
//! Tests hold it against the kinds, both ways: a difference that is not there fails, and so does one that is no more. `cargo
//! xtask docs` renders it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde::Deserialize;

const TEXT: &str = include_str!("../../../tests/reference/differences.toml");

/// All differences, by reference and kind.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Differences {
    /// From AWS's own resource schemas, those of CloudFormation.
    pub cloudformation: BTreeMap<String, Vec<Difference>>,
    /// From the `hashicorp/aws` provider of Terraform.
    pub terraform: BTreeMap<String, Vec<Difference>>,
}

/// One difference about one attribute.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(deny_unknown_fields)]
pub struct Difference {
    /// The attribute, by its path: `root_block_device.volume_size`.
    pub attribute: String,
    /// What the reference says.
    pub theirs: String,
    /// What our kind says.
    pub ours: String,
    /// Why that is right, so that it can be looked up.
    pub why: String,
}

impl Differences {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is not as it should be.
    pub fn read() -> Result<Self> {
        toml::from_str(TEXT).context("reading tests/reference/differences.toml")
    }
}

/// A difference as it was found: kind, attribute, what they say, what we say.
pub type Found = (String, String, String, String);

/// Returns, in words, what was found and is not listed, what is listed and was not found, and what is listed without a reason.
pub fn unexplained(listed: &BTreeMap<String, Vec<Difference>>, found: &BTreeSet<Found>) -> Vec<String> {
    let rows = || listed.iter().flat_map(|(kind, all)| all.iter().map(move |one| (kind, one)));
    let key = |kind: &str, one: &Difference| (kind.to_owned(), one.attribute.clone(), one.theirs.clone(), one.ours.clone());
    let keys: BTreeSet<Found> = rows().map(|(kind, one)| key(kind, one)).collect();
    let words = |(kind, attribute, theirs, ours): &Found| format!("{kind}.{attribute}: they say `{theirs}`, we say `{ours}`");
    let new = found.difference(&keys).map(|one| format!("{}, and no reason is listed", words(one)));
    let stale = keys.difference(found).map(|one| format!("{}: listed, and not so any more", words(one)));
    let bare = rows().filter(|(_, one)| one.why.trim().is_empty()).map(|(kind, one)| format!("{kind}.{}: no reason", one.attribute));
    let twice = rows().count() - keys.len();
    new.chain(stale).chain(bare).chain((twice > 0).then(|| format!("{twice} rows are there twice"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(attribute: &str, why: &str) -> Difference {
        let [theirs, ours] = ["a new one", "in place"].map(str::to_owned);
        Difference { attribute: attribute.to_owned(), theirs, ours, why: why.to_owned() }
    }

    fn found(attribute: &str) -> Found {
        ["aws_x", attribute, "a new one", "in place"].map(str::to_owned).into()
    }

    #[test]
    fn what_is_found_must_be_listed_and_what_is_listed_must_be_found() {
        let listed = BTreeMap::from([("aws_x".to_owned(), vec![row("same", "because"), row("stale", "because"), row("bare", " ")])]);
        let wrong = unexplained(&listed, &BTreeSet::from([found("same"), found("new"), found("bare")]));
        assert_eq!(
            wrong,
            [
                "aws_x.new: they say `a new one`, we say `in place`, and no reason is listed",
                "aws_x.stale: they say `a new one`, we say `in place`: listed, and not so any more",
                "aws_x.bare: no reason",
            ]
        );
    }
}
