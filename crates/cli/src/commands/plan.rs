//! `lowtide plan`

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use clap::Args;
use lowtide_diagnostic::Diagnostic;
use lowtide_engine::SavedPlan;

use crate::{
    arguments::{ScopeArguments, ValueArguments},
    exit::{Exit, Stopped},
    in_doubt, plan_file, planning,
    shell::{Ended, Shell},
    workspace::Workspace,
};

/// Show what must be done so that AWS is as the specs say.
///
/// Several stacks are planned in the order in which they require each other; what one does not know yet of another's outputs
/// is shown as known after apply. Nothing is written but the file of --out.
#[derive(Debug, Args)]
pub struct Plan {
    /// The stacks to plan; all when none is named.
    #[arg(value_name = "STACK")]
    stacks: Vec<String>,

    #[command(flatten)]
    values: ValueArguments,

    #[command(flatten)]
    scope: ScopeArguments,

    /// Plan to destroy the stacks.
    #[arg(long)]
    destroy: bool,

    /// Plan to destroy persistent stacks as well.
    #[arg(long, requires = "destroy")]
    allow_persistent: bool,

    /// Print the plan as JSON, in the shape of `terraform show -json PLANFILE`.
    #[arg(long)]
    pub json: bool,

    /// Keep the plan in a file, for `lowtide apply FILE`. It holds no secrets.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Exit with 2 when there are changes, with 0 when there are none.
    #[arg(long)]
    detailed_exitcode: bool,
}

impl Plan {
    pub fn run(self, shell: &Shell) -> Ended {
        shell.run(|stop| async move {
            let mut workspace = Workspace::open_with(shell, &self.values)?;
            let options = workspace.take(self.scope.options(self.destroy));
            if self.destroy {
                workspace.engine.loader.do_without_files();
            }
            let loaded = workspace.load(&self.stacks)?;
            workspace.show_progress();
            let plans = planning::plan(&workspace, &loaded, &options, self.allow_persistent, &stop).await?;
            if self.json {
                shell.console.json(&planning::json(&workspace, &plans))?;
            } else {
                shell.console.data(&planning::text(shell, &workspace, &plans))?;
            }
            in_doubt::warn(shell, &workspace, &plans);
            if let Some(path) = &self.out {
                in_doubt::refuse(&workspace, &plans)?;
                keep(path, &plan_file::of(&workspace, &plans, &options, &self.values)?)?;
                shell.console.talk(&format!("The plan is kept. To apply it: lowtide apply {}", path.display()));
            }
            Ok(if planning::is_blocked(&plans) {
                Exit::Failed
            } else if self.detailed_exitcode && plans.iter().any(|one| !one.plan.is_empty()) {
                Exit::Changes
            } else {
                Exit::Done
            })
        })
    }
}

/// Writes a plan to a file that only we can read; whole, or not at all.
fn keep(path: &Path, plan: &SavedPlan) -> Result<(), Stopped> {
    let write = || -> std::io::Result<()> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        // Made with mode 0600, as every file of this sort.
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(&serde_json::to_vec_pretty(plan)?)?;
        file.write_all(b"\n")?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    };
    write().map_err(|error| {
        let detail = format!("`{}` can't be written: {}. The plan was not kept, and nothing was changed.", path.display(), error.kind());
        Diagnostic::error("Plan not kept", detail).into()
    })
}
