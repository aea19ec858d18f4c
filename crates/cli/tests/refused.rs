//! What AWS would refuse is said by `lowtide plan`: each project of `refused` gets the output beside it, and AWS is asked for nothing.
//!
//! A project is a spec, or a folder of specs, each of them a stack. To accept what is said now, run with `LOWTIDE_BLESS=1` and look
//! at the difference in git. A refusal that plan did not foresee becomes a file here.

use std::{
    fs,
    path::{Path, PathBuf},
};

use lowtide_testkit::World;
use snapbox::{assert_data_eq, str};
use tokio::runtime::Runtime;

use crate::project::Project;

fn samples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/refused");
    let entries = fs::read_dir(folder).expect("the folder of projects").map(|entry| entry.expect("an entry").path());
    let mut all: Vec<_> = entries.filter(|path| path.is_dir() || path.extension().is_some_and(|end| end == "toml")).collect();
    all.sort();
    all
}

fn project(sample: &Path) -> Project {
    let text = |path: &Path| fs::read_to_string(path).expect("a spec");
    if !sample.is_dir() {
        return Project::of(&text(sample));
    }
    let project = Project::empty();
    let mut file = "[project]\nname = \"demo\"\n".to_owned();
    for entry in fs::read_dir(sample).expect("a folder of specs") {
        let path = entry.expect("an entry").path();
        let (name, stack) = (path.file_name().expect("a name"), path.file_stem().expect("a name"));
        let (name, stack) = (name.to_string_lossy(), stack.to_string_lossy());
        file += &format!("\n[stacks.{stack}]\nspec = \"{name}\"\n");
        project.write(&name, &text(&path));
    }
    project.write("lowtide.toml", &file);
    project
}

#[test]
fn what_aws_would_refuse_is_said_by_plan() {
    let runtime = Runtime::new().expect("a runtime");
    let world = runtime.block_on(World::start()).expect("a simulator");
    let environment = world.environment();
    let environment: Vec<_> = environment.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let bless = std::env::var_os("LOWTIDE_BLESS").is_some();
    let mut different = Vec::new();
    for sample in samples() {
        let said = project(&sample).run_with(&["plan"], &environment);
        let beside = sample.with_extension("report");
        let expected = fs::read_to_string(&beside).unwrap_or_default();
        if !said.starts_with("exit 1\n") {
            different.push(format!("{}: nothing is refused\n{said}", sample.display()));
        } else if bless {
            fs::write(&beside, said).expect("writes what is said");
        } else if said != expected {
            different.push(format!("{}:\n--- expected\n{expected}\n--- said\n{said}", sample.display()));
        }
    }
    assert!(different.is_empty(), "{}\nrun with LOWTIDE_BLESS=1 to accept", different.join("\n"));
    let left = runtime.block_on(world.leftovers()).expect("an inventory");
    assert!(left.is_empty(), "{left:?}");
}

const DATABASE: &str = "[resource.aws_db_instance.main]\nidentifier = 'main'\nengine = 'postgres'\ninstance_class = 'db.t4g.micro'\n\
                        username = 'it'\nmanage_master_user_password = true\nskip_final_snapshot = true\n";

#[test]
fn what_aws_never_does_to_what_is_there_is_said_by_plan() {
    let runtime = Runtime::new().expect("a runtime");
    let world = runtime.block_on(World::start()).expect("a simulator");
    let environment = world.environment();
    let environment: Vec<_> = environment.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let project = Project::of(&format!("{DATABASE}allocated_storage = 40\n"));
    let applied = project.run_with(&["apply", "--yes"], &environment);
    assert!(applied.starts_with("exit 0\n"), "{applied}");
    project.write("main.toml", &format!("{DATABASE}allocated_storage = 20\n"));
    assert_data_eq!(
        project.run_with(&["plan"], &environment),
        str![[r#"
exit 1
--- stdout
--- stderr
main: looking at 1 resource…
error: Impossible change
 --> main.toml:8:21
  |
8 | allocated_storage = 20
  |                     ^^
  It has 40 GiB and can't shrink to 20 GiB: RDS never takes storage away.
  hint: write 40; for less, make a smaller database and move the data there

1 error.

"#]]
    );
}
