//! `lowtide.toml`, and what stacks take from each other.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use lowtide_diagnostic::{Diagnostics, Sources};
use lowtide_spec::{Backend, Project, Table, check::across};

use crate::{bodies::read, render::render};

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
    assert!(matches!(&project.state, Backend::S3(s3) if &*s3.lock_table == "locks"));
    assert!(project.environments["prod"].variables.is_none());
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
