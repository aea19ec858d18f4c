//! Files of variables hold secrets: whatever is wrong with one, no message repeats a value of it.
//!
//! What renders messages shows their words and lines of [`Source::shown`](lowtide_diagnostic::Source::shown), so these are looked at.

use std::{fs, path::Path, sync::Arc};

use lowtide_diagnostic::{Diagnostic, Diagnostics, Sources};
use lowtide_spec::{Configuration, Loader, NoFiles, resolve_variables, unknown_variables};

use crate::bodies::read;

const CANARY: &str = "abc123canary";

/// Declares a secret, a number, a text and a map.
const SPEC: &str = "[variable.db_password]\nsensitive = true\n[variable.size]\ntype = 'number'\n[variable.name]\n\
                    [variable.tags]\ntype = 'map(string)'\n[variable.pins]\ntype = 'list(number)'\nsensitive = true\n";

/// Goes through all that is done with a file of variables, and returns what was said.
fn said_of(text: &str) -> (Diagnostics, Sources) {
    let folder = Folder::new(text);
    let mut loader = Loader::new(&folder.0);
    let stack: Configuration = read(SPEC);
    let mut found = Diagnostics::default();
    match loader.variables(Path::new("dev.vars.toml"), None) {
        Ok(inputs) => {
            loader.hide_sensitive([&stack], &inputs);
            found.extend(unknown_variables([&stack], &inputs));
            found.extend(resolve_variables(&stack, &inputs, Arc::new(NoFiles)).err().into_iter().flatten());
        }
        Err(wrong) => found = wrong,
    }
    (found, loader.sources().clone())
}

/// Everything that a rendered message may hold.
fn shown(one: &Diagnostic, sources: &Sources) -> String {
    let words = one.related.iter().map(|(_, words)| words).chain(&one.hints).chain([&one.summary, &one.detail]);
    let texts = sources.iter().map(|source| source.shown().into_owned());
    words.cloned().chain(texts).collect::<Vec<_>>().join("\n")
}

#[test]
fn no_message_about_a_file_of_variables_repeats_a_value() {
    for text in [
        "db_password = CANARY\n",
        "db_password = CANARY-x/y+z==\n",
        "db_pasword = \"CANARY\"\n",
        "db_pasword = { user = \"u\", password = \"CANARY\" }\n",
        "db_pasword = [\"x\", \"CANARY\"]\n",
        "db_pasword = \"\"\"\nfirst\nsecond = CANARY\n\"\"\"\n",
        "db_pasword = '''\nCANARY\n'''\n",
        "[db_pasword]\nCANARY = 1\nother = \"CANARY\"\n",
        "[db.CANARY]\nkey = 1\n",
        "db_pasword.CANARY = 1\n",
        "[[db_pasword]]\nx = \"CANARY\"\n",
        "size = \"x\" # was CANARY\nunknown = 1\n",
        "db_password = [\"CANARY\"]\n",
        "pins = [\"CANARY\"]\n",
        "pins = { CANARY = \"CANARY\" }\n",
        "db_password = { CANARY = 1 }\n",
        "db_password = \"CANARY\"\ndb_password = \"CANARY2\"\n",
        "[db]\nCANARY = 1\nCANARY = 2\n",
        "[CANARY]\n[CANARY]\n",
        "db_password = \"CANARY\n",
        "db_password = \"\"\"CANARY\nCANARY = CANARY\n",
        "db_password = 'CANARY\nsize = 3\n",
        "db_password = 2024-01-01CANARY\n",
        "db_password = 2024-01-01T00:00:00 CANARY\n",
        "db_password = \"CANARY\" \"\n",
        "db_password = \"CANARY ${\"\n",
        "db_password = \"${CANARY}\"\n",
        "db_password = \"${var.CANARY}\"\n",
        "db_password = \"${CANARY(1)}\"\n",
        "db_password = \"${{}.CANARY}\"\n",
        "db_password = \"${tonumber('CANARY')}\"\n",
        "db_password = '${tonumber(\"CANARY\")}'\n",
        "db_password = '${file(\"CANARY\")}'\n",
        "db_password = \"\\qCANARY\"\n",
        "db_password \"CANARY\"\n",
        "CANARY\n",
        "\"CANARY\" \"x\"\n",
        "db_password: CANARY\n",
        "{ \"SecretString\": \"CANARY\" }\n",
        "[default]\naws_secret_access_key = CANARY\n",
        "[default]\naws_secret_access_key=CANARY\naws_session_token=CANARY==\n",
        "[default]\naws_secret_access_key = \"CANARY\"\n",
        "-----BEGIN PRIVATE KEY-----\nxCANARY\nCANARY==\n-----END PRIVATE KEY-----\n",
        "export DB_PASSWORD=CANARY\n",
        "db_password = {\nCANARY = 1\n",
        "db_password = [\nCANARY = 1\n",
    ] {
        let (found, sources) = said_of(&text.replace("CANARY", CANARY));
        assert!(!found.is_empty(), "nothing is said of {text}");
        for one in found.iter() {
            let shown = shown(one, &sources);
            assert!(!shown.contains(CANARY), "{text}\n{one:#?}\n{shown}");
        }
    }
}

#[test]
fn numbers_and_dates_are_not_repeated_either() {
    for text in ["db_pasword = 739182\n", "db_pasword = 7391-82-01\n", "db_password = 1739-10-18\n", "db_pasword = 739182e99\n"] {
        let (found, sources) = said_of(text);
        let all: String = found.iter().map(|one| shown(one, &sources)).collect();
        assert!(!found.is_empty() && !all.contains("739"), "{text}\n{all}");
    }
}

#[test]
fn names_and_the_values_of_what_is_declared_and_not_sensitive_are_shown() {
    let text = "db_password = \"a-1\" # b\nsize = \"many\"\ntags = { a = [1] }\nnam = \"x\"\n[db]\nkey = 1\n";
    let (found, sources) = said_of(text);
    assert!(found.has_errors());
    let shown = sources.get(0).map(|source| source.shown().into_owned()).unwrap_or_default();
    assert_eq!(shown, "db_password = \"***\" * *\nsize = \"many\"\ntags = { a = [1] }\nnam = \"*\"\n*db]\n*** * *\n");
}

#[test]
fn a_file_of_another_tool_is_not_shown() {
    let (found, sources) = said_of("[default]\naws_secret_access_key = abc123canary\n");
    let said: Vec<_> = found.iter().map(|one| format!("{} {} {:?}", one.summary, one.detail, one.hints)).collect();
    let wanted = "Invalid TOML This value is no string, number, bool, array or table. [\"text stands in quotes: NAME = \\\"…\\\"\"]";
    assert_eq!(said, [wanted]);
    let shown = sources.get(0).map(|source| source.shown().into_owned()).unwrap_or_default();
    assert_eq!(shown, "*********\n********************* * ************\n");
}

/// A folder with a file of variables, gone when the test is over.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(text: &str) -> Self {
        static NUMBER: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("lowtide-secret-files-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder");
        fs::write(path.join("dev.vars.toml"), text).expect("a file");
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
