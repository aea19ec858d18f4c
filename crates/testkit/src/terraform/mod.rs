//! Terraform, where it is installed: what a spec is to it, and how it is run without a registry.

mod conversion;

use std::{
    env, fmt, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result};
pub use conversion::{Schemas, convert};
use serde_json::Value;

/// The version of the AWS provider whose schemas stand in `tests/reference`, and whose facts ours are compared with.
pub const PROVIDER: &str = "5.100.0";

/// An installed Terraform with its AWS provider.
pub struct Terraform {
    program: PathBuf,
    plugins: Plugins,
}

/// Where its providers come from.
enum Plugins {
    /// What a settings file of the user's says.
    Settings(PathBuf),
    /// A folder, as `terraform providers mirror` lays it out.
    Mirror(PathBuf),
}

/// What is not installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// There is no `terraform` on the path.
    Program,
    /// It is there, and its AWS provider is not.
    Provider,
}

impl Terraform {
    /// Looks for it, and for its AWS provider: in `TF_CLI_CONFIG_FILE`, or in a mirror among the usual places.
    ///
    /// # Errors
    /// When it is not whole.
    pub fn find() -> Result<Self, Missing> {
        let program = on_path("terraform").ok_or(Missing::Program)?;
        let settings = env::var_os("TF_CLI_CONFIG_FILE").map(PathBuf::from).filter(|path| path.is_file());
        let plugins = settings.map(Plugins::Settings).or_else(|| mirror().map(Plugins::Mirror)).ok_or(Missing::Provider)?;
        Ok(Self { program, plugins })
    }

    /// Returns where the program lies.
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// Returns the variables it runs with, and writes its settings into a folder where the user has none.
    ///
    /// # Errors
    /// When the settings can't be written.
    pub fn environment(&self, folder: &Path) -> Result<Vec<(String, String)>> {
        let settings = match &self.plugins {
            Plugins::Settings(path) => path.clone(),
            Plugins::Mirror(mirror) => {
                let path = folder.join("terraform.rc");
                let text = format!("provider_installation {{\n  filesystem_mirror {{\n    path = {mirror:?}\n  }}\n}}\n");
                fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
                path
            }
        };
        let own = [("TF_CLI_CONFIG_FILE", settings.to_string_lossy().as_ref()), ("TF_IN_AUTOMATION", "1"), ("CHECKPOINT_DISABLE", "1")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let needed = ["PATH", "HOME"].iter().filter_map(|name| Some(((*name).to_owned(), env::var(name).ok()?)));
        Ok(own.into_iter().chain(needed).collect())
    }

    /// Returns the version of the AWS provider that an initialised folder uses.
    ///
    /// # Errors
    /// When terraform does not tell.
    pub fn provider_version(&self, folder: &Path, environment: &[(String, String)]) -> Result<String> {
        let said = self.command(folder, environment, &["version", "-json"]).output().context("starting terraform")?;
        let said: Value = serde_json::from_slice(&said.stdout).context("reading the version of terraform")?;
        let version = said["provider_selections"]["registry.terraform.io/hashicorp/aws"].as_str();
        Ok(version.context("terraform names no AWS provider")?.to_owned())
    }

    /// Returns a command of it in a folder, with these variables and no others.
    pub fn command(&self, folder: &Path, environment: &[(String, String)], arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(arguments).current_dir(folder).env_clear().envs(environment.iter().cloned()).stdin(Stdio::null());
        command
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Program => "terraform is not installed",
            Self::Provider => "terraform is installed, but no mirror with its AWS provider was found: set TF_CLI_CONFIG_FILE",
        })
    }
}

/// Returns where a program lies on the path.
fn on_path(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(program)).find(|path| path.is_file())
}

/// Returns a folder with provider plugins, as `terraform providers mirror` lays it out, among the usual places.
fn mirror() -> Option<PathBuf> {
    let home = env::var_os("HOME").map(|home| PathBuf::from(home).join(".terraform.d"));
    let roots = [Some(PathBuf::from("/opt")), Some(PathBuf::from("/usr/local/share/terraform")), home];
    let folders = roots.into_iter().flatten().filter_map(|root| fs::read_dir(root).ok()).flatten().filter_map(Result::ok);
    folders.map(|folder| folder.path()).find(|path| path.join("registry.terraform.io/hashicorp/aws").is_dir())
}
