//! `cargo xtask new-kind`: the skeleton of a kind, its case, and what to do next.

use std::{fs, path::Path};

use anyhow::{Context, ensure};
use clap::Args;
use lowtide_report::Console;

use crate::root::root;

const KIND: &str = include_str!("kind.rs.txt");
const CASE: &str = include_str!("case.toml.txt");

/// Write the skeleton of a kind and of its case in tests/conformance, and say what comes next.
#[derive(Debug, Args)]
pub struct NewKind {
    /// The folder of the service in crates/services, such as ec2.
    #[arg(value_name = "SERVICE")]
    service: String,

    /// The kind, by its name in the hashicorp/aws provider, such as aws_key_pair.
    #[arg(value_name = "KIND")]
    kind: String,
}

impl NewKind {
    /// Writes both files.
    ///
    /// # Errors
    /// When the service is not there, or the kind is there already.
    pub fn run(self, console: Console) -> anyhow::Result<()> {
        let Self { service, kind } = self;
        let plain = |name: &str| name.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_');
        ensure!(plain(&service) && plain(&kind), "names have lower-case letters, digits and underscores only");
        let thing = kind.strip_prefix("aws_").context("the name of a kind begins with aws_")?;
        let root = root()?;
        let crate_root = root.join("crates/services").join(&service).join("src/lib.rs");
        let list = fs::read_to_string(&crate_root).with_context(|| {
            format!("There is no service `{service}`: copy a small one, such as crates/services/logs, and see crates/catalog")
        })?;
        let service_type = words_after(&list, "impl Service for ").with_context(|| format!("{} has no service", crate_root.display()))?;
        let type_name: String = thing.split('_').map(capitalised).collect();
        let filled = |text: &str| text.replace("{{service}}", service_type).replace("{{kind}}", &kind).replace("{{type}}", &type_name);
        let source = format!("crates/services/{service}/src/{thing}.rs");
        let case = format!("tests/conformance/{kind}.toml");
        write(root, &source, &filled(KIND))?;
        write(root, &case, &filled(CASE))?;
        console.data_line(&format!(
            "Written: {source} and {case}\n\n\
             Next:\n\
             1. Add `mod {thing};` and `.with(Of::<{thing}::{type_name}>::KIND)` to crates/services/{service}/src/lib.rs.\n\
             2. Fill in the attributes, by the names of the hashicorp/aws provider (tests/reference/resource-schemas.json), and the calls.\n\
             \x20  What is left out goes into LEFT_OUT, each with a reason. A good one to copy: crates/services/logs/src/log_group.rs.\n\
             3. Fill in the case, and run it: LOWTIDE_CASE={kind} cargo test -p lowtide-tests\n\
             4. Write its page: cargo xtask docs\n\
             5. Add a note for users: changes/README.md"
        ))?;
        Ok(())
    }
}

fn write(root: &Path, path: &str, text: &str) -> anyhow::Result<()> {
    let whole = root.join(path);
    ensure!(!whole.exists(), "{path} is there already");
    fs::write(&whole, text).with_context(|| format!("Writing {path}"))
}

/// Returns the word after these words.
fn words_after<'a>(text: &'a str, before: &str) -> Option<&'a str> {
    text.split_once(before)?.1.split_whitespace().next()
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}
