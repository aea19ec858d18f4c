//! `cargo xtask docs`: the reference, one page a kind, rendered from the code.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, bail};
use clap::Args;
use lowtide_model::{Description, Source};
use lowtide_report::{Console, kind_markdown};

use crate::root::root;

const FOLDER: &str = "docs/reference";

/// Write docs/reference: a page for each kind and data source, and an index.
#[derive(Debug, Args)]
pub struct Docs {
    /// Write nothing; fail when a page is not as it would be written.
    #[arg(long)]
    check: bool,
}

impl Docs {
    /// Writes or compares the reference.
    ///
    /// # Errors
    /// When a file can't be read or written, or, with `--check`, when one is not current.
    pub fn run(self, console: Console) -> anyhow::Result<()> {
        let folder = root()?.join(FOLDER);
        let (wanted, found) = (pages(), present(&folder)?);
        let stale: Vec<&String> = wanted.iter().filter(|(name, text)| found.get(*name) != Some(*text)).map(|(name, _)| name).collect();
        let gone: Vec<&String> = found.keys().filter(|name| !wanted.contains_key(*name)).collect();
        if self.check {
            let names: Vec<_> = stale.iter().chain(&gone).map(|name| name.as_str()).collect();
            if !names.is_empty() {
                bail!("{FOLDER} is not current: {}. Run `cargo xtask docs`", names.join(", "));
            }
            return Ok(console.data_line(&format!("{FOLDER} is current: {} pages.", wanted.len()))?);
        }
        fs::create_dir_all(&folder).with_context(|| format!("Making {}", folder.display()))?;
        for name in &stale {
            fs::write(folder.join(name), &wanted[*name]).with_context(|| format!("Writing {FOLDER}/{name}"))?;
        }
        for name in &gone {
            fs::remove_file(folder.join(name)).with_context(|| format!("Removing {FOLDER}/{name}"))?;
        }
        Ok(console.data_line(&format!("{FOLDER}: {} pages, {} written, {} removed.", wanted.len(), stale.len(), gone.len()))?)
    }
}

/// Returns every page by the name of its file.
fn pages() -> BTreeMap<String, String> {
    let catalog = lowtide_catalog::all();
    let all: BTreeMap<String, &Description> = catalog.descriptions().map(|one| (title(one), one)).collect();
    let mut pages: BTreeMap<_, _> = all.iter().map(|(title, one)| (format!("{title}.md"), kind_markdown(one))).collect();
    pages.insert("README.md".to_owned(), index(&all));
    pages
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

/// Returns the pages that are there.
fn present(folder: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    if !folder.exists() {
        return Ok(BTreeMap::new());
    }
    let page = |entry: std::io::Result<fs::DirEntry>| {
        let entry = entry?;
        Ok((entry.file_name().to_string_lossy().into_owned(), fs::read_to_string(entry.path())?))
    };
    fs::read_dir(folder)?.map(page).collect::<anyhow::Result<_>>().with_context(|| format!("Reading {}", folder.display()))
}
