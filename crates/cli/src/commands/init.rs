//! `lowtide init`

use std::{
    fs::{DirBuilder, OpenOptions},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use clap::Args;
use lowtide_diagnostic::Diagnostic;
use lowtide_model::plain;
use lowtide_spec::{
    Loader,
    project::{Backend, PROJECT_FILE},
};

use crate::{
    arguments::EnvironmentArgument,
    exit::{Exit, Stopped},
    migration,
    shell::{Ended, Shell, unless_stopped},
    state_setup,
    workspace::Workspace,
};

/// Begin a project: its file, two stacks that can be planned as they are, and an environment.
///
/// In a project whose state is in S3, make and verify the bucket and the table instead. That may be repeated: what is there is
/// never loosened, and other things in the same bucket stay as they are.
#[derive(Debug, Args)]
pub struct Init {
    /// The folder of the project, made if it is not there.
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,

    /// Move the states of the project to where `[state]` says they are from now on. Nothing is overwritten, and nothing is deleted.
    #[arg(long)]
    migrate_state: bool,

    /// A folder with the former lowtide.toml in it, which says where the states were; the folder `state` where it is left out.
    #[arg(long, value_name = "FOLDER", requires = "migrate_state")]
    from: Option<PathBuf>,
}

/// What a new project consists of; `PROJECT` stands for its name.
const FILES: [(&str, &str); 4] = [
    ("lowtide.toml", include_str!("skeleton/lowtide.toml")),
    ("specs/base.toml", include_str!("skeleton/base.toml")),
    ("specs/runtime.toml", include_str!("skeleton/runtime.toml")),
    ("environments/dev.toml", include_str!("skeleton/dev.toml")),
];

const IGNORE: (&str, &str) = (".gitignore", "# What Lowtide remembers; it is no secret, but it belongs to one machine.\n/state/\n");

impl Init {
    pub fn run(self, shell: &Shell) -> Ended {
        if !self.folder.join(PROJECT_FILE).is_file() {
            return self.begin(shell);
        }
        let mut loader = Loader::new(&self.folder);
        let project = loader.project().map_err(|wrong| Stopped::Trouble(wrong.into(), loader.sources().clone()))?;
        let shared = match &project.state {
            Backend::S3(s3) => Some(s3),
            Backend::Local { .. } if self.migrate_state => None,
            Backend::Local { .. } => return self.begin(shell),
        };
        let former = self.from.as_deref().map(std::path::absolute).transpose()?;
        shell.enter(Some(&self.folder))?;
        shell.run(|stop| async move {
            let workspace = Workspace::open(shell, &EnvironmentArgument::default())?;
            let old = self.migrate_state.then(|| migration::former(&workspace, former.as_deref())).transpose()?;
            if let Some(s3) = shared {
                unless_stopped(&stop, state_setup::set_up(shell, &workspace, s3)).await??;
            }
            if let Some(old) = old {
                unless_stopped(&stop, migration::run(shell, &workspace, &old)).await??;
            }
            Ok(Exit::Done)
        })
    }

    /// Writes a new project.
    fn begin(self, shell: &Shell) -> Ended {
        let here = if self.folder == Path::new(".") { PathBuf::new() } else { self.folder.clone() };
        let there: Vec<_> = FILES.iter().map(|(name, _)| here.join(name)).filter(|path| path.symlink_metadata().is_ok()).collect();
        if !there.is_empty() {
            return Err(in_the_way(&there).into());
        }
        let name = project_name(&self.folder);
        for (path, text) in FILES {
            write(&here.join(path), &text.replace("PROJECT", &name)).map_err(|error| failed(&here.join(path), &error))?;
            shell.console.talk(&format!("wrote {}", here.join(path).display()));
        }
        match write(&here.join(IGNORE.0), IGNORE.1) {
            Ok(()) => shell.console.talk(&format!("wrote {}", here.join(IGNORE.0).display())),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                shell.console.talk(&format!("left {} as it is; it should hold the line: /state/", here.join(IGNORE.0).display()));
            }
            Err(error) => return Err(failed(&here.join(IGNORE.0), &error).into()),
        }
        let there = if here.as_os_str().is_empty() { String::new() } else { format!(" -C {}", here.display()) };
        shell.console.talk(&format!("\nTo see what it would make: lowtide{there} plan -e dev"));
        Ok(Exit::Done)
    }
}

/// Writes a file that must not be there yet.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        DirBuilder::new().recursive(true).create(folder)?;
    }
    OpenOptions::new().write(true).create_new(true).open(path)?.write_all(text.as_bytes())
}

fn in_the_way(there: &[PathBuf]) -> Diagnostic {
    let names: Vec<_> = there.iter().map(|path| format!("`{}`", path.display())).collect();
    let is = if names.len() == 1 { "is" } else { "are" };
    Diagnostic::error(
        "Files in the way",
        format!("{} {is} there already, and init overwrites nothing. Nothing was written.", names.join(", ")),
    )
    .hint("name another folder: lowtide init DIR")
}

fn failed(path: &Path, error: &std::io::Error) -> Diagnostic {
    Diagnostic::error("File not written", format!("`{}` can't be written: {error}.", path.display()))
}

/// Returns the folder's name, as far as it can name a project.
fn project_name(folder: &Path) -> String {
    let whole = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let name = whole.components().next_back().and_then(|last| last.as_os_str().to_str().map(str::to_owned)).unwrap_or_default();
    let name: String =
        name.chars().map(|letter| if letter.is_ascii_alphanumeric() || letter == '-' || letter == '_' { letter } else { '-' }).collect();
    let name = name.trim_start_matches(|letter: char| !letter.is_ascii_alphabetic()).trim_end_matches('-').to_owned();
    if plain(&name) { name } else { "my-project".to_owned() }
}
