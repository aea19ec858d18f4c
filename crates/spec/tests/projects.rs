//! `lowtide.toml`, and what stacks take from each other.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use lowtide_diagnostic::{Diagnostics, Sources};
use lowtide_spec::{
    Backend, Configuration, Loader, Project, Table,
    check::{across, stack_order},
    expression::Files,
};

use crate::{bodies::read, kinds::schema, render::render};

fn project(text: &str) -> Result<Project, String> {
    let mut sources = Sources::default();
    let source = sources.add("lowtide.toml", text);
    let mut found = Diagnostics::default();
    let table = Table::read(text, source, &mut found).expect("TOML");
    Project::read(table).map_err(|wrong| render(&wrong, &sources))
}

#[test]
fn a_project_has_stacks_environments_and_a_place_for_state() {
    let text = r#"
[project]
name = "durable-code"
allowed_account_ids = ["123456789012"]

[state]
backend = "s3"
bucket = "state"
lock_table = "locks"
region = "us-west-2"

[stacks.base]
spec = "specs/base.toml"

[environments.dev]
variables = "environments/dev.toml"

[environments.prod]
"#;
    let project = project(text).expect("a sound project");
    assert_eq!(&*project.name, "durable-code");
    assert_eq!(project.stacks["base"].spec, PathBuf::from("specs/base.toml"));
    assert!(matches!(&project.state, Backend::S3(s3) if s3.lock_table.as_deref() == Some("locks") && s3.lease.is_none()));
    assert!(project.environments["prod"].variables.is_none());
}

#[test]
fn state_in_s3_alone_needs_no_table() {
    let text = "[project]\nname = 'x'\n[state]\nbackend = 's3'\nbucket = 'b-1'\nregion = 'eu-west-1'\nlease = '1m'\nbucket_owner = '123456789012'\n[stacks.a]\nspec = 'a.toml'\n";
    let Backend::S3(s3) = project(text).expect("a sound project").state else { panic!("it is in S3") };
    assert_eq!((s3.lock_table, s3.lease), (None, Some(Duration::from_secs(60))));
    assert_eq!(s3.bucket_owner.as_deref(), Some("123456789012"));
    for (wrong, summary) in [("'b-1'", "Invalid value"), ("'123456789012'", "Invalid value"), ("'1m'", "Invalid duration")] {
        let found = project(&text.replace(wrong, "'1s'")).expect_err("it is wrong");
        assert!(found.contains(summary), "{found}");
    }
}

#[test]
fn state_is_local_unless_said_otherwise() {
    let project = project("[project]\nname = 'x'\n[stacks.a]\nspec = 'a.toml'\n").expect("a sound project");
    assert_eq!(project.state, Backend::Local { path: PathBuf::from("state") });
}

#[test]
fn every_mistake_of_a_project_is_reported() {
    let text = r#"
[project]
nam = "x"
allowed_account_ids = ["12345"]

[state]
backend = "s4"

[stacks.base]
spec = "../base.toml"

[stacks."a b"]
spec = "a.toml"

[environments.dev]
variable = "dev.toml"

[enviroments.prod]
"#;
    insta::assert_snapshot!(project(text).expect_err("mistakes"), @r#"
error: Missing key
  at lowtide.toml:2:1 `[project]`
  The table `project` needs `name`.
  hint: add `name = "my-project"`

error: Unknown key
  at lowtide.toml:3:1 `nam`
  The table `project` has no key `nam`.
  hint: did you mean `name`?

error: Invalid value
  at lowtide.toml:4:25 `12345`
  `12345` is no AWS account: an account has twelve digits.

error: Unknown backend
  at lowtide.toml:7:12 `s4`
  State can't be kept in `s4`.
  hint: did you mean `s3`?

error: Invalid path
  at lowtide.toml:10:9 `../base.toml`
  "../base.toml" leads out of the project's folder; what belongs to a project lies beneath it.
  hint: give a path from the folder of lowtide.toml, without `..`

error: Invalid name
  at lowtide.toml:12:9 `"a b"`
  "a b" can't be a name in `stacks`.
  hint: a name starts with a letter or _ and goes on with letters, digits, _ and -

error: Unknown key
  at lowtide.toml:16:1 `variable`
  The table `environments.dev` has no key `variable`.
  hint: did you mean `variables`?

error: Unknown key
  at lowtide.toml:18:2 `enviroments`
  The project file has no key `enviroments`.
  hint: did you mean `environments`?
"#);
}

#[test]
fn stacks_know_each_others_outputs() {
    let base = read("[output.vpc_id]\nvalue = 1\n");
    let mut runtime = read("[stack]\nrequires = ['base', 'bse']\n[locals]\na = '${stack.base.vpc_idd}'\nb = '${stack.base.vpc_id}'\n");
    runtime.stack.name = "runtime".into();
    let mut base = base;
    base.stack.name = "base".into();
    let stacks: BTreeMap<Arc<str>, _> = [("base".into(), base), ("runtime".into(), runtime)].into();
    let said: Vec<_> = across(&stacks).iter().map(|one| format!("{} {:?}", one.detail, one.hints)).collect();
    assert_eq!(
        said,
        [
            "There is no stack `bse` in this project. [\"did you mean `base`?\"]",
            "The stack `base` has no output `vpc_idd`. [\"did you mean `vpc_id`?\"]",
        ]
    );
}

fn stacks<const COUNT: usize>(all: [(&str, &str); COUNT]) -> BTreeMap<Arc<str>, Configuration> {
    let stack = |(name, requires): (&str, &str)| {
        let mut stack = read(&format!("[stack]\nrequires = [{requires}]\n"));
        stack.stack.name = name.into();
        (name.into(), stack)
    };
    all.map(stack).into()
}

#[test]
fn stacks_come_after_what_they_require() {
    let order = stack_order(&stacks([("app", "'runtime', 'base'"), ("base", ""), ("runtime", "'base', 'elsewhere'")]));
    assert_eq!(order.map(|names| names.join(" ")), Ok("base runtime app".to_owned()));
    let wrong = stack_order(&stacks([("a", "'b'"), ("b", "'c'"), ("c", "'a'")])).expect_err("a circle");
    let said: Vec<_> = wrong.iter().map(|one| &*one.detail).collect();
    assert_eq!(said, ["The stacks require each other in a circle: `a` → `b` → `c` → `a`. None of them could be applied first."]);
}

/// Makes a folder of its own for one test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("makes the folder");
    folder
}

#[test]
fn a_project_is_loaded_from_its_folder() {
    let root = folder("loaded");
    fs::write(root.join("lowtide.toml"), "[project]\nname = 'x'\n[stacks.base]\nspec = 'base.toml'\n").expect("writes");
    fs::write(root.join("base.toml"), "[output.x]\nvalue = '${file(\"text\")}'\n").expect("writes");
    fs::write(root.join("text"), "hello").expect("writes");
    fs::write(root.join("dev.toml"), "a = 1\nb = [2]\n").expect("writes");
    fs::write(root.join("broken.toml"), [0xff, 0xfe]).expect("writes");
    let mut loader = Loader::new(&root);
    let project = loader.project().expect("a sound project");
    let (base, warnings) = loader.stack("base", &project.stacks["base"].spec, None, &schema()).expect("a sound stack");
    assert!(base.outputs.contains_key("x") && warnings.is_empty());
    assert_eq!(loader.variables(Path::new("dev.toml"), None).map(|all| all.len()), Ok(2));
    for (path, why) in [("broken.toml", "is not UTF-8 text"), ("lost.toml", "can't be read: entity not found")] {
        let wrong = loader.variables(Path::new(path), None).expect_err(path);
        assert_eq!(wrong.to_string(), format!("Unreadable file: `{path}` {why}.\n"));
    }
}

#[test]
fn a_folder_without_a_project_says_what_to_do() {
    let wrong = Loader::new(folder("empty")).project().expect_err("no project");
    assert!(wrong.iter().all(|one| one.summary == "No project here"));
}

#[test]
#[cfg(unix)]
fn what_is_no_plain_file_is_not_opened() {
    use std::os::unix::fs::symlink;
    let root = folder("special");
    symlink("loop", root.join("loop.toml")).expect("links");
    symlink("loop.toml", root.join("loop")).expect("links");
    let made = std::process::Command::new("mkfifo").arg(root.join("pipe.toml")).status().expect("mkfifo is there");
    assert!(made.success());
    fs::create_dir(root.join("folder.toml")).expect("makes");
    fs::write(root.join("long.toml"), vec![b'#'; 10 * 1024 * 1024 + 1]).expect("writes");
    let mut loader = Loader::new(&root);
    for (path, why) in [
        ("loop.toml", "can't be read: filesystem loop or indirection limit (e.g. symlink loop)"),
        ("pipe.toml", "is not a plain file"),
        ("folder.toml", "is not a plain file"),
        ("/dev/zero", "is not a plain file"),
        ("long.toml", "has more than 10485760 bytes"),
    ] {
        let wrong = loader.variables(Path::new(path), None).expect_err(path);
        let told = wrong.to_string().replace(&root.display().to_string(), "");
        assert!(told.contains(path) && told.contains(why), "{told}");
        let read = Loader::new(&root).files().read(path);
        assert!(read.is_err(), "{path}: a function reads it");
    }
}

#[test]
#[cfg(unix)]
fn links_may_lead_around_inside_but_not_out() {
    use std::os::unix::fs::symlink;
    let root = folder("links");
    let outside = folder("outside");
    fs::write(outside.join("secret"), "secret").expect("writes");
    fs::write(root.join("plain"), "plain").expect("writes");
    symlink(outside.join("secret"), root.join("out")).expect("links");
    symlink(&outside, root.join("folder")).expect("links");
    symlink("plain", root.join("in")).expect("links");
    let files = Loader::new(&root).files();
    assert_eq!(files.read("in").map(|bytes| bytes.len()), Ok(5));
    for path in ["out", "folder/secret"] {
        assert_eq!(files.read(path), Err(format!("`{path}` is a link that leads out of the project's folder")));
    }
    // What a project of others names is not shown in messages; what the command line names may be anywhere.
    let mut loader = Loader::new(&root);
    fs::write(root.join("lowtide.toml"), "[project]\nname = 'x'\n[stacks.a]\nspec = 'out'\n[stacks.b]\nspec = 'folder'\n").expect("writes");
    fs::write(outside.join("b.toml"), "secret").expect("writes");
    let project = loader.project().expect("a sound project");
    for (stack, file) in [("a", "out"), ("b", "folder/b.toml")] {
        let stack = &project.stacks[stack];
        let wrong = loader.stack("x", &stack.spec, Some(stack.place.clone()), &schema()).expect_err("it leads out").to_string();
        assert!(wrong.contains(&format!("`{file}` is a link that leads out of the project's folder")), "{wrong}");
        assert!(!wrong.contains("secret"), "{wrong}");
    }
    let named = loader.variables(&outside.join("b.toml"), None).expect_err("it is no TOML").to_string();
    assert!(!named.contains("leads out"), "{named}");
}

#[test]
fn all_texts_together_have_a_limit() {
    let root = folder("many");
    fs::write(root.join("long.toml"), vec![0xff; 10 * 1024 * 1024]).expect("writes");
    let mut loader = Loader::new(&root);
    for _ in 0..6 {
        let wrong = loader.variables(Path::new("long.toml"), None).expect_err("it is no text").to_string();
        assert!(wrong.contains("is not UTF-8"), "{wrong}");
    }
    let wrong = loader.variables(Path::new("long.toml"), None).expect_err("it is one too many").to_string();
    assert!(wrong.contains("`long.toml` makes more than 67108864 bytes together with what was read before it"), "{wrong}");
}
