//! `cargo xtask demo`: the whole life of the reference project, by the real binary, against a simulator.
//!
//! `story` is what is shown, `project` runs commands as a user would, `printed` shows what they say, `outsider` changes things
//! behind our back.

mod outsider;
mod printed;
mod project;
mod story;

use clap::Args;
use lowtide_report::Console;
use lowtide_testkit::World;

use self::project::Project;

/// Show Lowtide at work: plan, apply, drift and destroy the reference project.
///
/// Needs Rust and Python 3, no AWS account and no credentials: AWS is played by moto, which is installed into a virtual
/// environment in ~/.cache/lowtide at the first run. The project is copied to a temporary folder.
#[derive(Debug, Args)]
pub struct Demo {
    /// Keep the project folder, with its state, when all went well. It is always kept when something did not.
    #[arg(long)]
    keep: bool,

    /// Show all that the commands print; without it the middle of what is long is left out.
    #[arg(long)]
    whole: bool,
}

impl Demo {
    /// Runs the demo.
    ///
    /// # Errors
    /// When anything is not as it should be; says what, and where the project folder is.
    pub fn run(self, console: Console) -> anyhow::Result<()> {
        console.data_line("Building lowtide; the first build takes a while, for the AWS SDKs are large.")?;
        let binary = lowtide_testkit::binary::build()?;
        let runtime = tokio::runtime::Runtime::new()?;
        console.data_line("Starting moto, an AWS simulator, and the proxy that counts the calls.")?;
        let world = runtime.block_on(World::start())?;
        let mut project = Project::copy(console, binary, &world, self.whole)?;
        let told = story::tell(&mut project, &world, &runtime);
        if told.is_err() || self.keep {
            console.data_line(&format!("\nThe project folder is kept: {}", project.keep().display()))?;
        }
        told
    }
}
