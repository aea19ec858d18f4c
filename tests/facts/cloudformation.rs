//! Our kinds beside AWS's own resource schemas, those of CloudFormation.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use lowtide_model::Description;
use lowtide_testkit::reference::Found;
use serde::Deserialize;

use super::attributes::{Row, rows};

/// CloudFormation's resource schemas as hashicorp/terraform-provider-awscc stores them.
const FACTS: &str = include_str!("../reference/cloudformation-facts.json");

/// What its names are called here where that does not follow from them.
const NAMES: &str = include_str!("../reference/cloudformation-names.toml");

/// What CloudFormation says of our kinds.
pub struct CloudFormation {
    kinds: BTreeMap<String, Facts>,
    names: BTreeMap<String, Names>,
}

/// Its paths, with slashes, to ours.
type Names = BTreeMap<String, Vec<String>>;

/// What it says of one type, by its paths or, once translated, by ours.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Facts {
    create_only: BTreeSet<String>,
    conditional_create_only: BTreeSet<String>,
    read_only: BTreeSet<String>,
    write_only: BTreeSet<String>,
}

impl CloudFormation {
    /// Reads the reference.
    pub fn read() -> Result<Self> {
        #[derive(Deserialize)]
        struct File {
            kinds: BTreeMap<String, Facts>,
        }
        let file: File = serde_json::from_str(FACTS).context("reading CloudFormation's facts")?;
        Ok(Self { kinds: file.kinds, names: toml::from_str(NAMES).context("reading CloudFormation's names")? })
    }

    /// Returns the kinds it says something of.
    pub fn kinds(&self) -> impl Iterator<Item = &str> {
        self.kinds.keys().map(String::as_str)
    }

    /// Returns where a kind differs.
    pub fn differences(&self, description: &Description) -> Vec<Found> {
        let Some(facts) = self.kinds.get(description.kind) else { return Vec::new() };
        let facts = facts.in_our_words(self.names.get(description.kind));
        let of_row = |row: Row| {
            let all = facts.differences(&row).into_iter();
            all.map(|[theirs, ours]| (description.kind.to_owned(), row.path.clone(), theirs.to_owned(), ours.to_owned()))
                .collect::<Vec<_>>()
        };
        rows(description.inputs).into_iter().flat_map(of_row).collect()
    }

    /// Returns what can't be compared: facts on what has no attribute here and is not left out, and names that mean nothing.
    pub fn unmatched(&self, description: &Description) -> Vec<String> {
        let Some(facts) = self.kinds.get(description.kind) else { return Vec::new() };
        let ours: BTreeSet<_> = [description.inputs, description.outputs].into_iter().flat_map(rows).map(|row| row.path).collect();
        let left_out: BTreeSet<_> = description.left_out.iter().map(|(path, _)| (*path).to_owned()).collect();
        let names = self.names.get(description.kind);
        let known = |theirs: &str| match names.and_then(|names| names.get(theirs)) {
            Some(_) => true,
            None => ours.contains(&ours_of(theirs)) || within(&left_out, &ours_of(theirs)),
        };
        let lost = facts.of_inputs().filter(|theirs| !known(theirs)).map(|theirs| format!("{}: nothing is {theirs}", description.kind));
        let names = || names.into_iter().flatten();
        let idle = names().filter(|(theirs, _)| !facts.all().any(|one| one == *theirs));
        let idle = idle.map(|(theirs, _)| format!("{}: {theirs} is named, and there is no fact about it", description.kind));
        let missing = names().flat_map(|(_, paths)| paths).filter(|path| !ours.contains(*path) && !left_out.contains(*path));
        let missing = missing.map(|path| format!("{}: there is no {path}", description.kind));
        lost.chain(idle).chain(missing).collect::<BTreeSet<_>>().into_iter().collect()
    }
}

impl Facts {
    /// Returns the paths of what a user may set.
    fn of_inputs(&self) -> impl Iterator<Item = &String> {
        self.create_only.iter().chain(&self.conditional_create_only).chain(&self.write_only)
    }

    fn all(&self) -> impl Iterator<Item = &String> {
        self.of_inputs().chain(&self.read_only)
    }

    fn in_our_words(&self, names: Option<&Names>) -> Self {
        let translated = |theirs: &String| match names.and_then(|names| names.get(theirs)) {
            Some(ours) => ours.clone(),
            None => vec![ours_of(theirs)],
        };
        let all = |paths: &BTreeSet<String>| paths.iter().flat_map(translated).collect();
        Self {
            create_only: all(&self.create_only),
            conditional_create_only: all(&self.conditional_create_only),
            read_only: all(&self.read_only),
            write_only: all(&self.write_only),
        }
    }

    /// Returns what they say and what we say, where that is not the same.
    fn differences(&self, row: &Row) -> Vec<[&'static str; 2]> {
        let replaces = within(&self.create_only, &row.path);
        let may_replace = replaces || within(&self.conditional_create_only, &row.path);
        // What a name starts with lives and dies with the name.
        let of_a_name = row.path.ends_with("_prefix");
        // What takes effect at creation alone, such as the id of a pool, may be hidden afterwards.
        let hidden = within(&self.write_only, &row.path);
        let all = [
            (replaces && !row.replaces, ["a new one", "in place"]),
            (row.replaces && !row.repeats && !may_replace && !of_a_name, ["in place", "a new one"]),
            (hidden && !row.unseen, ["never shown", "read back"]),
            (row.attribute.unread && !hidden, ["shown", "never read back"]),
            (self.read_only.contains(&row.path), ["decided by AWS", "may be set"]),
        ];
        all.into_iter().filter_map(|(so, says)| so.then_some(says)).collect()
    }
}

/// Returns whether a path or what it lies in is among some.
fn within(paths: &BTreeSet<String>, path: &str) -> bool {
    path.match_indices('.').map(|(at, _)| &path[..at]).chain([path]).any(|path| paths.contains(path))
}

/// Returns `RootBlockDevice/*/KMSKeyId` as `root_block_device.kms_key_id`.
fn ours_of(path: &str) -> String {
    path.split('/').filter(|part| *part != "*").map(snake).collect::<Vec<_>>().join(".")
}

fn snake(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut all = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let after_small = at > 0 && !letters[at - 1].is_uppercase();
        let before_small = at > 0 && letters.get(at + 1).is_some_and(|next| next.is_lowercase());
        if letter.is_uppercase() && (after_small || before_small) {
            all.push('_');
        }
        all.extend(letter.to_lowercase());
    }
    all
}
