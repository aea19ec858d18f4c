//! `lowtide completions`

use clap::{Args, CommandFactory};
use clap_complete::Shell as Language;

use crate::{
    arguments::Cli,
    exit::Exit,
    shell::{Ended, Shell},
};

/// Print what makes a shell complete our arguments.
///
/// For bash: lowtide completions bash > ~/.local/share/bash-completion/completions/lowtide
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell.
    #[arg(value_enum, value_name = "SHELL")]
    shell: Language,
}

impl Completions {
    pub fn run(self, shell: &Shell) -> Ended {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "lowtide", &mut script);
        shell.console.data(&String::from_utf8_lossy(&script))?;
        Ok(Exit::Done)
    }
}
