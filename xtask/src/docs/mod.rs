//! `cargo xtask docs`: what is rendered from the code: the reference, one page a kind, and the page of facts.

mod facts;

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, bail};
use clap::Args;
use lowtide_model::{Description, Source};
use lowtide_report::{Console, kind_markdown};
use lowtide_testkit::reference::Differences;

use crate::root::root;

const FOLDER: &str = "docs/reference";
const FACTS: &str = "docs/facts.md";

/// Write docs/reference, a page for each kind and data source and an index, and docs/facts.md.
#[derive(Debug, Args)]
pub struct Docs {
    /// Write nothing; fail when a page is not as it would be written.
    #[arg(long)]
    check: bool,
}

impl Docs {
    /// Writes or compares what is rendered.
    ///
    /// # Errors
    /// When a file can't be read or written, or, with `--check`, when one is not current.
    pub fn run(self, console: Console) -> anyhow::Result<()> {
        let root = root()?;
        let (wanted, found) = (pages()?, present(root)?);
        let stale: Vec<&String> = wanted.iter().filter(|(name, text)| found.get(*name) != Some(*text)).map(|(name, _)| name).collect();
        let gone: Vec<&String> = found.keys().filter(|name| !wanted.contains_key(*name)).collect();
        if self.check {
            let names: Vec<_> = stale.iter().chain(&gone).map(|name| name.as_str()).collect();
            if !names.is_empty() {
                bail!("The reference is not current: {}. Run `cargo xtask docs`", names.join(", "));
            }
            return Ok(console.data_line(&format!("The reference is current: {} pages.", wanted.len()))?);
        }
        fs::create_dir_all(root.join(FOLDER)).with_context(|| format!("Making {FOLDER}"))?;
        for name in &stale {
            fs::write(root.join(name), &wanted[*name]).with_context(|| format!("Writing {name}"))?;
        }
        for name in &gone {
            fs::remove_file(root.join(name)).with_context(|| format!("Removing {name}"))?;
        }
        Ok(console.data_line(&format!("The reference: {} pages, {} written, {} removed.", wanted.len(), stale.len(), gone.len()))?)
    }
}

/// Returns every page by its path.
fn pages() -> anyhow::Result<BTreeMap<String, String>> {
    let catalog = lowtide_catalog::all();
    let all: BTreeMap<String, &Description> = catalog.descriptions().map(|one| (title(one), one)).collect();
    let mut pages: BTreeMap<_, _> = all.iter().map(|(title, one)| (format!("{FOLDER}/{title}.md"), kind_markdown(one))).collect();
    pages.insert(format!("{FOLDER}/README.md"), index(&all));
    pages.insert(FACTS.to_owned(), facts::page(&all.values().copied().collect::<Vec<_>>(), &Differences::read()?));
    Ok(pages)
}

/// Returns the name of a page. A kind and a data source may have one name: the address tells them apart.
fn title(description: &Description) -> String {
    match description.source {
        Source::Managed => description.kind.to_owned(),
        Source::Data | Source::Pure => format!("data.{}", description.kind),
    }
}

fn index(all: &BTreeMap<String, &Description>) -> String {
    let section = |heading: &str, managed: bool| {
        let of_section = all.iter().filter(|(_, one)| (one.source == Source::Managed) == managed);
        let lines = of_section.map(|(title, one)| format!("- [`{}`]({title}.md): {}\n", one.kind, first_sentence(one.doc)));
        format!("\n## {heading}\n\n{}", lines.collect::<String>())
    };
    let head = "# Reference\n\nEvery kind and data source, as `lowtide explain` tells it. Written by `cargo xtask docs`; edit the doc comments in \
                `crates/services`, not these pages.\n";
    format!("{head}{}{}", section("Resources", true), section("Data sources", false))
}

fn first_sentence(doc: &str) -> &str {
    let line = doc.trim().lines().next().unwrap_or_default();
    line.split_inclusive(". ").next().unwrap_or(line).trim()
}

/// Returns the pages that are there, by their paths.
fn present(root: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let folder = root.join(FOLDER);
    let mut names = vec![FACTS.to_owned()];
    if folder.exists() {
        for entry in fs::read_dir(&folder).with_context(|| format!("Reading {FOLDER}"))? {
            names.push(format!("{FOLDER}/{}", entry?.file_name().to_string_lossy()));
        }
    }
    let there = names.into_iter().filter(|name| root.join(name).exists());
    let read = |name: String| {
        let text = fs::read_to_string(root.join(&name)).with_context(|| format!("Reading {name}"))?;
        Ok((name, text))
    };
    there.map(read).collect()
}
