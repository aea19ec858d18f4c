//! A secret, planted in a variable, is led through every command with the program itself and a simulator. It may be in the
//! requests that need it, and nowhere else: no file, no word, no document.

use std::path::Path;

use lowtide_testkit::{Fault, Match, What, World};
use tokio::runtime::Runtime;

use crate::project::Project;

const CANARY: &str = "c4n4ry-s3cr3t";
/// The same in base64, as AWS may repeat it.
const ENCODED: &str = "YzRuNHJ5LXMzY3IzdA==";

const SPEC: &str = r#"[stack]
lifecycle = "ephemeral"

[variable.secret]
type = "string"
sensitive = true

[variable.note]
type = "string"
default = "first"

[locals]
whole = "user:${var.secret}"

[resource.aws_ssm_parameter.password]
name = "/secrets/password"
type = "SecureString"
value = "${local.whole}"
description = "${var.note}"

[resource.aws_cloudwatch_log_group.main]
name = "/secrets"
tags = { Secret = "${var.secret}" }

[resource.terraform_data.copy]
input = { list = ["${var.secret}"], text = "${var.note}" }
triggers_replace = ["${var.secret}"]

[output.secret]
value = "${aws_ssm_parameter.password.value}"
sensitive = true

[output.note]
value = "${var.note}"
"#;

struct Planted {
    project: Project,
    world: World,
    runtime: Runtime,
    said: String,
}

impl Planted {
    fn new() -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let world = runtime.block_on(World::start()).expect("a simulator");
        let project = Project::of(SPEC);
        project.write(
            "lowtide.toml",
            "[project]\nname = \"demo\"\n\n[stacks.main]\nspec = \"main.toml\"\n\n[environments.dev]\nvariables = \"dev.toml\"\n",
        );
        project.write("dev.toml", &format!("secret = \"{CANARY}\"\n"));
        Self { project, world, runtime, said: String::new() }
    }

    /// Runs the program and returns what it said, which must not be the secret.
    fn run(&mut self, arguments: &[&str]) -> String {
        let environment = self.world.environment();
        let environment: Vec<_> = environment.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let said = self.project.run_with(arguments, &environment);
        assert!(!holds(&said), "{arguments:?} says it:\n{said}");
        self.said.push_str(&said);
        said
    }

    /// No file that the program wrote holds the secret.
    fn is_in_no_file(&self) {
        for name in self.project.files("") {
            let bytes = std::fs::read(self.project.path(&name)).expect("a file");
            let given = Path::new(&name) == Path::new("dev.toml");
            assert!(given || !holds(&String::from_utf8_lossy(&bytes)), "{name} holds it");
        }
    }
}

fn holds(text: &str) -> bool {
    text.contains(CANARY) || text.contains(ENCODED) || text.contains("s3cr3t")
}

#[test]
fn a_planted_secret_is_in_no_file_and_no_word() {
    let mut planted = Planted::new();
    let dev = ["-e", "dev"];
    let with = |words: &[&'static str]| [words, &dev[..]].concat();
    for words in
        [&["validate"][..], &["plan"], &["plan", "--json"], &["plan", "--out", "kept"], &["show", "kept"], &["show", "kept", "--json"]]
    {
        planted.run(&with(words));
    }
    let refusal =
        What::Error { status: 400, code: "ValidationException".to_owned(), message: format!("Value 'user:{CANARY}' ({ENCODED}) is bad") };
    planted.world.proxy().inject(Fault { on: Match::operation("ssm", "PutParameter").nth(1), what: refusal });
    let refused = planted.run(&with(&["-v", "apply", "--yes"]));
    assert!(refused.starts_with("exit 1") && refused.contains("(sensitive)"), "{refused}");
    planted.is_in_no_file();
    let applied = planted.run(&with(&["-v", "apply", "--yes"]));
    assert!(applied.starts_with("exit 0"), "{applied}");
    planted.is_in_no_file();
    for words in [
        &["plan"][..],
        &["plan", "--json", "--var", "note=second"],
        &["plan", "--var", "note=second", "--var", "secret=another"],
        &["drift"],
        &["drift", "--json"],
        &["drift", "--markdown"],
        &["show", "main"],
        &["show", "main", "--json"],
        &["state", "list"],
        &["state", "show", "main", "aws_ssm_parameter.password", "terraform_data.copy", "aws_cloudwatch_log_group.main"],
        &["output", "main"],
        &["output", "main", "--json"],
        &["graph"],
        &["recover"],
    ] {
        let said = planted.run(&with(words));
        assert!(said.starts_with("exit 0") || said.starts_with("exit 2"), "{words:?}: {said}");
    }
    assert!(planted.run(&with(&["apply", "--yes", "--var", "note=second"])).starts_with("exit 0"));
    planted.is_in_no_file();
    assert!(planted.run(&with(&["destroy", "--yes"])).starts_with("exit 0"));
    planted.is_in_no_file();
    let left = planted.runtime.block_on(planted.world.leftovers()).expect("an inventory");
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn what_was_sensitive_stays_secret_when_it_goes_or_comes_back() {
    let mut planted = Planted::new();
    let with = |words: &[&'static str]| [words, &["-e", "dev"]].concat();
    let tags = "tags = { Secret = \"${var.secret}\" }";
    let group = format!("[resource.aws_cloudwatch_log_group.main]\nname = \"/secrets\"\n{tags}\n");
    assert!(SPEC.contains(&group), "the spec declares it so");
    assert!(planted.run(&with(&["apply", "--yes"])).starts_with("exit 0"));
    for spec in [SPEC.to_owned(), SPEC.replace(tags, "tags = { Secret = \"plain\" }"), SPEC.replace(tags, ""), SPEC.replace(&group, "")] {
        planted.project.write("main.toml", &spec);
        for words in [&["plan", "--json"][..], &["plan", "--out", "kept"], &["show", "kept", "--json"], &["plan", "--destroy", "--json"]] {
            let said = planted.run(&with(words));
            assert!(said.starts_with("exit 0") || said.starts_with("exit 2"), "{words:?}: {said}");
        }
        planted.is_in_no_file();
    }
    planted.project.write("main.toml", SPEC);
    for words in [
        &["state", "rm", "aws_cloudwatch_log_group.main"][..],
        &["import", "main", "aws_cloudwatch_log_group.main", "/secrets"],
        &["state", "show", "main", "aws_cloudwatch_log_group.main"],
        &["show", "main", "--json"],
        &["state", "pull", "main"],
        &["drift", "--json"],
    ] {
        let said = planted.run(&with(words));
        assert!(said.starts_with("exit 0") || said.starts_with("exit 2"), "{words:?}: {said}");
        planted.is_in_no_file();
    }
    assert!(planted.run(&with(&["apply", "--yes", "--json"])).starts_with("exit 0"));
    assert!(planted.run(&with(&["destroy", "--yes", "--json"])).starts_with("exit 0"));
    planted.is_in_no_file();
}

/// What a crash leaves behind is no file of our memory.
#[cfg(target_os = "linux")]
#[test]
fn no_core_is_written() {
    let mut planted = Planted::new();
    // An apply that waits can be looked at.
    planted
        .world
        .proxy()
        .inject(Fault { on: Match::operation("ssm", "PutParameter"), what: What::Delay(std::time::Duration::from_secs(3)) });
    let mut running = planted.project.start(&["apply", "--yes", "-e", "dev"], &planted.world.environment());
    while planted.world.proxy().count("ssm", "PutParameter") == 0 {
        assert!(running.try_wait().expect("a process").is_none(), "it ends too early");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", running.id())).expect("its limits");
    let core: Vec<_> =
        limits.lines().filter(|line| line.starts_with("Max core file size")).flat_map(str::split_whitespace).skip(4).take(2).collect();
    assert_eq!(core, ["0", "0"], "{limits}");
    running.wait().expect("it ends");
    planted.world.proxy().clear_faults();
    planted.run(&["destroy", "--yes", "-e", "dev"]);
}
