//! A project in a folder of its own, and `lowtide` run in it.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use regex::Regex;
use tempfile::TempDir;

/// A stack of one chain of resources that ask nothing of AWS.
pub const CHAIN: &str = r#"[stack]
lifecycle = "ephemeral"

[variable.greeting]
type = "string"
default = "hello"

[variable.password]
type = "string"
default = "correct horse"
sensitive = true

[resource.terraform_data.first]
input = "${var.greeting}"

[resource.terraform_data.second]
input = { greeting = "${terraform_data.first.output}", password = "${var.password}" }

[output.greeting]
value = "${terraform_data.first.output}"

[output.id]
value = "${terraform_data.first.id}"

[output.names]
value = ["a", "b"]

[output.password]
value = "${var.password}"
sensitive = true
"#;

/// A project in a folder of its own.
pub struct Project {
    folder: TempDir,
}

impl Project {
    /// Returns an empty folder.
    pub fn empty() -> Self {
        Self { folder: tempfile::Builder::new().prefix("lowtide-cli-").tempdir().expect("a temporary folder") }
    }

    /// Returns a project with one stack, `main`.
    pub fn of(spec: &str) -> Self {
        let project = Self::empty();
        project.write("lowtide.toml", "[project]\nname = \"demo\"\n\n[stacks.main]\nspec = \"main.toml\"\n");
        project.write("main.toml", spec);
        project
    }

    /// Returns a project with two stacks, of which `top` requires `ground`.
    pub fn of_two() -> Self {
        let project = Self::empty();
        project.write(
            "lowtide.toml",
            "[project]\nname = \"demo\"\n\n[stacks.ground]\nspec = \"ground.toml\"\n\n[stacks.top]\nspec = \"top.toml\"\n\n\
             [environments.dev]\nvariables = \"dev.toml\"\n",
        );
        project.write("dev.toml", "greeting = \"moin\"\n");
        project.write(
            "ground.toml",
            "[variable.greeting]\ndefault = \"hello\"\n\n[resource.terraform_data.base]\ninput = \"${var.greeting}\"\n\n\
             [output.greeting]\nvalue = \"${terraform_data.base.output}\"\n\n[output.id]\nvalue = \"${terraform_data.base.id}\"\n",
        );
        project.write(
            "top.toml",
            "[stack]\nlifecycle = \"ephemeral\"\nrequires = [\"ground\"]\n\n[resource.terraform_data.user]\ninput = \"${stack.ground.id}\"\n\n\
             [output.greeting]\nvalue = \"${upper(stack.ground.greeting)}\"\n",
        );
        project
    }

    /// Returns where a file of it is.
    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Writes a file.
    pub fn write(&self, path: &str, text: &str) {
        let whole = self.path(path);
        std::fs::create_dir_all(whole.parent().expect("a folder")).expect("a folder");
        std::fs::write(whole, text).expect("a file");
    }

    /// Returns the text of a file.
    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).expect("a file")
    }

    /// Returns the names of all files beneath a folder, sorted.
    pub fn files(&self, path: &str) -> Vec<String> {
        let mut all = Vec::new();
        walk(&self.path(path), &mut all);
        let names = all.iter().map(|path| path.strip_prefix(self.folder.path()).expect("beneath").display().to_string());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    }

    /// Runs `lowtide` and returns everything it printed, and its exit code, without what moves.
    pub fn run(&self, arguments: &[&str]) -> String {
        self.run_with(arguments, &[])
    }

    /// The same, with more in the environment.
    pub fn run_with(&self, arguments: &[&str], environment: &[(&str, &str)]) -> String {
        let done = self.command(arguments).envs(environment.iter().copied()).output().expect("the program runs");
        let (out, talk) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
        let section = |name: &str, text: &str| {
            let end = if text.is_empty() || text.ends_with('\n') { "" } else { "⏎\n" };
            format!("--- {name}\n{text}{end}")
        };
        let code = done.status.code().map_or_else(|| "none".to_owned(), |code| code.to_string());
        self.without_what_moves(&format!("exit {code}\n{}{}", section("stdout", &out), section("stderr", &talk)))
    }

    /// Starts `lowtide` and does not wait for it.
    pub fn start(&self, arguments: &[&str], environment: &[(String, String)]) -> Child {
        let environment = environment.iter().map(|(name, value)| (name, value));
        self.command(arguments).envs(environment).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program runs")
    }

    /// Runs `lowtide`, which must succeed, and returns its stdout as it is.
    pub fn stdout(&self, arguments: &[&str]) -> String {
        self.stdout_with(arguments, &[])
    }

    /// The same, with more in the environment.
    pub fn stdout_with(&self, arguments: &[&str], environment: &[(String, String)]) -> String {
        let environment = environment.iter().map(|(name, value)| (name, value));
        let done = self.command(arguments).envs(environment).output().expect("the program runs");
        assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).expect("text")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lowtide"));
        command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null()).env_clear();
        command.envs([("HOME", "/nonexistent"), ("AWS_EC2_METADATA_DISABLED", "true"), ("USER", "tester")]);
        command
    }

    fn without_what_moves(&self, text: &str) -> String {
        let folder = self.folder.path().to_string_lossy();
        let rows = [
            (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "[ID]"),
            (r"[0-9a-f]{64}", "[HASH]"),
            (r"(in|after) [0-9]+\.[0-9] s", "$1 [TIME]"),
            (r#""elapsed_ms":[0-9]+"#, r#""elapsed_ms":[TIME]"#),
            (r"process [0-9]+( on [^,]+)?", "process [PID]"),
            (r"since\s+[0-9: -]+ UTC", "since [DATE]"),
            (r#""since":"[0-9TZ:-]+","tool""#, r#""since":"[WHEN]","tool""#),
            (r"[0-9-]{10} [0-9:]{8} UTC  tester", "[WHEN]  tester"),
            (r#"tester on [^ ",]+"#, "tester on [HOST]"),
            (r"who +command", "who  command"),
            (r"  [0-9a-f]{12}  ", "  [RUN]  "),
            (r#""run":"[0-9a-f]{32}""#, r#""run":"[RUN]""#),
            (r"([0-9]{20})-[0-9a-f]{16}", "$1-[SHORT]"),
            (r"\([0-9a-f]{12}\)", "([SHORT])"),
            (r"(?m)  [0-9a-f]{12}$", "  [SHORT]"),
        ];
        let text = text.replace(&*folder, "[FOLDER]");
        rows.iter().fold(text, |text, (pattern, by)| Regex::new(pattern).expect("a pattern").replace_all(&text, *by).into_owned())
    }
}

fn walk(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.path().is_dir() { walk(&entry.path(), all) } else { all.push(entry.path()) }
    }
}
