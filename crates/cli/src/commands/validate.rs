//! `lowtide validate`

use clap::Args;
use lowtide_diagnostic::Diagnostics;
use lowtide_report::{count, diagnostics_json};
use lowtide_spec::unknown_variables;

use crate::{
    arguments::ValueArguments,
    exit::Exit,
    shell::{Ended, Shell},
    workspace::Workspace,
};

/// Check the specs without asking AWS.
///
/// All mistakes are told at once, each with its place. Resources are checked beside each other as far as what they are told by is
/// known without AWS. Files of variables are checked as well: the chosen environment's, or
/// those of all environments when none is chosen.
#[derive(Debug, Args)]
pub struct Validate {
    /// The stacks to check; all when none is named.
    #[arg(value_name = "STACK")]
    stacks: Vec<String>,

    #[command(flatten)]
    values: ValueArguments,

    /// Print the diagnostics as JSON on stdout.
    #[arg(long)]
    pub json: bool,
}

impl Validate {
    pub fn run(self, shell: &Shell) -> Ended {
        let mut workspace = Workspace::open_with(shell, &self.values)?;
        let (stacks, mut found) = match workspace.load_quietly(&self.stacks) {
            Ok((loaded, warnings)) => {
                let every = self.values.chosen.environment.is_none() && self.stacks.is_empty();
                let of_files = if every { environments(&mut workspace, &loaded) } else { Diagnostics::default() };
                let together = workspace.engine.imagine(&loaded).into_iter().flat_map(|one| one.found);
                (loaded.len(), warnings.into_iter().chain(of_files).chain(together).collect())
            }
            Err(wrong) => (0, wrong),
        };
        found = found.sorted();
        let failed = found.has_errors();
        if self.json {
            shell.console.json(&diagnostics_json(&found, workspace.engine.sources()))?;
        } else {
            shell.warn(&found, workspace.engine.sources());
            if !failed {
                shell.console.talk(&format!("Valid: {}.", count(stacks, "stack")));
            }
        }
        Ok(if failed { Exit::Failed } else { Exit::Done })
    }
}

/// Checks the files of variables of all environments.
fn environments(workspace: &mut Workspace<'_>, loaded: &[lowtide_engine::Loaded]) -> Diagnostics {
    let mut found = Diagnostics::default();
    let files: Vec<_> = workspace.engine.project.environments.values().filter_map(|one| one.variables.clone()).collect();
    for (path, place) in files {
        match workspace.engine.loader.variables(&path, Some(place)) {
            Ok(inputs) => found.extend(unknown_variables(loaded.iter().map(|one| &one.configuration), &inputs)),
            Err(wrong) => found.extend(wrong),
        }
    }
    found
}
