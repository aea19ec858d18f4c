//! The format of states and journals: kept files, arbitrary states, every kind of damage.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod answers;
mod arbitrary;
mod damage;
mod export;
mod golden;
mod history;
mod hostile;
mod moved;
mod samples;
mod schema;
mod serde;

#[test]
fn no_test_file_is_forgotten() {
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests")).unwrap();
    let main = include_str!("main.rs");
    for name in files.map(|file| file.unwrap().file_name().into_string().unwrap()).filter(|name| name != "main.rs") {
        assert!(main.contains(&format!("mod {};", name.trim_end_matches(".rs"))), "{name}");
    }
}
