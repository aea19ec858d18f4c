//! State in S3 that Lowtide encrypts: with KMS and with a passphrase, with DynamoDB and without.

use lowtide_testkit::wire;
use serde_json::{Value as Json, json};

use crate::{
    project::CHAIN,
    shared::{REGION, Shared, flat},
};

/// Stands in state in clear, unless that is encrypted.
const CANARY: &str = "c4n4ry-gr33ting";
const PASSPHRASE: [(&str, &str); 1] = [("LOWTIDE_STATE_PASSPHRASE", "open sesame")];
/// Every command that reads a state, and what it is given.
const READERS: [&[&str]; 12] = [
    &["plan"],
    &["apply", "--yes"],
    &["destroy", "--yes"],
    &["drift"],
    &["show", "main"],
    &["output", "main"],
    &["recover"],
    &["state", "list"],
    &["state", "history", "--verify"],
    &["state", "pull"],
    &["state", "restore", "1", "--yes"],
    &["state", "rm", "terraform_data.second"],
];

/// A way of encrypting: the lines of `[state]`, and what the environment holds.
struct Way {
    sort: &'static str,
    lines: String,
    knows: &'static [(&'static str, &'static str)],
    /// What is said to open it, where lowtide.toml does not say that it is encrypted.
    setting: &'static str,
}

fn ways(shared: &Shared) -> [Way; 2] {
    let key = shared.runtime.block_on(async {
        let authority = shared.world.endpoint().trim_start_matches("http://").to_owned();
        let made = wire::json(&authority, "kms", REGION, "TrentService.CreateKey", &json!({})).await.expect("a key");
        let made: Json = serde_json::from_slice(made.body()).expect("JSON");
        made["KeyMetadata"]["KeyId"].as_str().expect("an id").to_owned()
    });
    let with_key = format!("kms_key_id = \"{key}\"");
    [
        Way { sort: "kms", lines: with_key, knows: &[], setting: "kms_key_id in [state] opens it" },
        Way {
            sort: "passphrase",
            lines: "encryption = \"passphrase\"".to_owned(),
            knows: &PASSPHRASE,
            setting: "encryption = \"passphrase\" in [state] opens it",
        },
    ]
}

fn run(shared: &Shared, way: &Way, words: &[&str]) -> String {
    shared.run_knowing(&shared.project, words, way.knows)
}

fn applied(with_table: bool) -> Shared {
    let shared = Shared::new(with_table);
    shared.project.write("main.toml", &CHAIN.replace("\"hello\"", &format!("\"{CANARY}\"")));
    shared
}

#[test]
fn what_is_encrypted_from_the_start_is_in_no_object() {
    for (with_table, number) in [(true, 0), (false, 1)] {
        let shared = applied(with_table);
        let way = &ways(&shared)[number];
        shared.configure(&shared.project, &way.lines);
        for words in [&["init"][..], &["apply", "--yes"], &["apply", "--yes", "--var", "password=battery"]] {
            let said = run(&shared, way, words);
            assert!(said.starts_with("exit 0\n"), "{words:?}: {said}");
        }
        let held = shared.held();
        for word in [CANARY, "correct horse", "battery", "terraform_data", "open sesame"] {
            assert!(held.holding(word).is_empty(), "{} holds {word}: {:?}", way.sort, held.holding(word));
        }
        let sealed = format!("lowtide-sealed 1 {} ", way.sort);
        assert!(held.texts().count() > 3 && held.texts().all(|(_, bytes)| bytes.starts_with(sealed.as_bytes())));
        assert!(run(&shared, way, &["output", "main"]).contains(CANARY));
        let said = run(&shared, way, &["state", "history", "--verify"]);
        assert!(said.starts_with("exit 0\n") && said.contains("3 snapshots verified, back to serial 0"), "{said}");
        let said = run(&shared, way, &["state", "restore", "1", "--yes"]);
        assert!(said.starts_with("exit 0\n") && said.contains("main is at serial 3 now"), "{said}");
        assert!(run(&shared, way, &["state", "pull"]).contains(CANARY));
        assert!(shared.held().holding(CANARY).is_empty());
        shared.finish();
    }
}

#[test]
fn state_in_clear_is_encrypted_and_back_again() {
    for (with_table, number) in [(true, 0), (false, 1)] {
        let shared = applied(with_table);
        let way = &ways(&shared)[number];
        assert!(shared.run(&["init"]).starts_with("exit 0\n"));
        assert!(shared.run(&["apply", "--yes"]).starts_with("exit 0\n"));
        shared.configure(&shared.project, &way.lines);
        let clear = shared.held();
        let said = flat(&run(&shared, way, &["plan"]));
        assert!(said.starts_with("exit 1") && said.contains("run: lowtide state encrypt"), "{said}");
        if !way.knows.is_empty() {
            let said = flat(&shared.run(&["state", "encrypt"]));
            assert!(said.starts_with("exit 1") && said.contains("LOWTIDE_STATE_PASSPHRASE holds none"), "{said}");
        }
        assert_eq!(shared.held(), clear, "what is refused changes nothing");
        let encrypted = "exit 0\n--- stdout\n--- stderr\nmain: encrypted, as serial 2\n";
        assert_eq!(run(&shared, way, &["state", "encrypt"]), encrypted);
        assert!(run(&shared, way, &["plan"]).contains("No changes."));
        let held = shared.held();
        // Snapshots from before are never changed, and fences of the journal, which say nothing, stay; all else is sealed.
        let in_clear: Vec<_> = held.texts().filter(|(_, bytes)| !bytes.starts_with(b"lowtide-sealed ")).map(|(name, _)| name).collect();
        assert!(in_clear.iter().all(|name| name.contains("/state/0000000000000000000") || name == "slot 0"), "{in_clear:?}");
        assert!(held.holding(CANARY).iter().all(|name| name.contains("/state/00000000000000000001")), "{:?}", held.holding(CANARY));
        let said = flat(&run(&shared, way, &["state", "decrypt"]));
        assert!(said.starts_with("exit 1") && said.contains("error: State is to be encrypted"), "{said}");
        assert_eq!(shared.held(), held);
        let none = if way.sort == "kms" { format!("{}\nencryption = \"none\"", way.lines) } else { String::new() };
        shared.configure(&shared.project, &none);
        let decrypted = "exit 0\n--- stdout\n--- stderr\nmain: in clear, as serial 3\n";
        assert_eq!(run(&shared, way, &["state", "decrypt"]), decrypted);
        assert!(shared.run(&["plan"]).contains("No changes."));
        let said = run(&shared, way, &["state", "history", "--verify"]);
        assert!(said.starts_with("exit 0\n") && said.contains("4 snapshots verified, back to serial 0"), "{said}");
        shared.finish();
    }
}

#[test]
fn what_is_encrypted_is_not_called_damaged_where_nobody_says_how() {
    for (with_table, number) in [(true, 0), (false, 1)] {
        let shared = applied(with_table);
        let way = &ways(&shared)[number];
        shared.configure(&shared.project, &way.lines);
        for words in [&["init"][..], &["apply", "--yes"]] {
            let said = run(&shared, way, words);
            assert!(said.starts_with("exit 0\n"), "{words:?}: {said}");
        }
        let held = shared.held();
        shared.configure(&shared.project, "");
        for words in READERS {
            let said = flat(&shared.run(words));
            assert!(said.starts_with("exit 1 ") && said.contains("it is encrypted") && !said.contains("amaged"), "{words:?}: {said}");
            assert!(said.contains(way.setting), "{words:?}: {said}");
            assert_eq!(shared.held(), held, "{words:?}");
        }
        shared.finish();
    }
}

#[test]
fn another_passphrase_opens_nothing_and_is_not_repeated() {
    let shared = applied(true);
    let way = &ways(&shared)[1];
    shared.configure(&shared.project, &way.lines);
    assert!(run(&shared, way, &["init"]).starts_with("exit 0\n"));
    assert!(run(&shared, way, &["apply", "--yes"]).starts_with("exit 0\n"));
    let held = shared.held();
    let wrong = [("LOWTIDE_STATE_PASSPHRASE", "open barley")];
    // To find out takes as long as it should, so not every command is asked.
    for words in [&["apply", "--yes"][..], &["state", "history", "--verify"], &["state", "restore", "1", "--yes"], &["state", "encrypt"]] {
        let said = flat(&shared.run_knowing(&shared.project, words, &wrong));
        assert!(said.starts_with("exit 1 ") && said.contains("the passphrase is another"), "{words:?}: {said}");
        assert!(!said.contains("barley") && !said.contains("amaged"), "{words:?}: {said}");
        assert_eq!(shared.held(), held, "{words:?}");
    }
    shared.finish();
}
