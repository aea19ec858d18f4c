//! What holds for every ledger, and what for each.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod aside;
mod checkpoints;
mod conformance;
mod damage;
mod disk;
mod history;
mod holders;
mod last_seen;
mod lease;
mod meanwhile;
mod memory;
mod migration;
mod notes;
mod outputs;
mod policies;
mod races;
mod samples;
mod sealed;
mod trust;
mod wire;

#[test]
fn no_test_file_is_forgotten() {
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests")).unwrap();
    let main = include_str!("main.rs");
    for name in files.map(|file| file.unwrap().file_name().into_string().unwrap()).filter(|name| name != "main.rs") {
        assert!(main.contains(&format!("mod {};", name.trim_end_matches(".rs"))), "{name}");
    }
}
