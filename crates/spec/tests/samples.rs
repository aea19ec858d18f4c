//! `samples/valid` loads without a word; each of `samples/invalid` gets the report beside it.
//!
//! To accept what is reported now, run with `LOWTIDE_BLESS=1` and look at the difference in git. A bug report becomes a file.

use std::{
    fs,
    path::{Path, PathBuf},
};

use lowtide_spec::Loader;

use crate::{kinds::schema, render::render};

fn samples(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples").join(folder);
    let entries = fs::read_dir(folder).expect("the folder of samples").map(|entry| entry.expect("an entry").path());
    let mut paths: Vec<_> = entries.filter(|path| path.is_dir() || path.extension().is_some_and(|end| end == "toml")).collect();
    paths.sort();
    paths
}

/// Returns what is said of a sample: a spec, or a folder that is one.
fn report(path: &Path) -> String {
    let mut loader = Loader::new(path.parent().expect("a folder around it"));
    let name = path.file_name().expect("a name");
    match loader.stack("sample", Path::new(name), None, &schema()) {
        Ok((_, warnings)) => render(&warnings, loader.sources()),
        Err(found) => render(&found, loader.sources()),
    }
}

#[test]
fn valid_samples_load_without_a_word() {
    for path in samples("valid") {
        assert_eq!(report(&path), "", "{}", path.display());
    }
}

#[test]
fn invalid_samples_get_their_reports() {
    let bless = std::env::var_os("LOWTIDE_BLESS").is_some();
    let mut different = Vec::new();
    let all = samples("invalid");
    assert!(all.len() >= 30, "samples are missing");
    for path in all {
        let said = report(&path);
        let beside = path.with_extension("report");
        let expected = fs::read_to_string(&beside).unwrap_or_default();
        if said.is_empty() {
            different.push(format!("{}: nothing is reported", path.display()));
        } else if bless {
            fs::write(&beside, said).expect("writes the report");
        } else if said != expected {
            different.push(format!("{}:\n--- expected\n{expected}\n--- reported\n{said}", path.display()));
        }
    }
    assert!(different.is_empty(), "{}\nrun with LOWTIDE_BLESS=1 to accept", different.join("\n"));
}

#[test]
fn every_report_has_its_sample() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples/invalid");
    for entry in fs::read_dir(folder).expect("the folder of samples") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|end| end == "report") {
            assert!(path.with_extension("toml").exists() || path.with_extension("").exists(), "{} is alone", path.display());
        }
    }
}
