//! Two tools that are led through the same life: Lowtide, and Terraform where it is installed.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use lowtide_testkit::terraform::{Missing, Schemas, Terraform, convert};
use serde_json::json;
use tempfile::TempDir;

use crate::command::{Took, measure};

/// What is written down once and done by both tools: stacks in order, each with its spec, and values of variables.
pub struct Case {
    /// Stacks with their specs, each after those it requires.
    pub stacks: Vec<(String, String)>,
    /// Values of variables, as a TOML file.
    pub variables: String,
}

/// What a tool does with one stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// Makes all of it.
    Create,
    /// Finds that there is nothing to do.
    Plan,
    /// Destroys all of it.
    Destroy,
}

/// One of the tools in a folder of its own, with a case written down.
pub enum Tool {
    /// The binary of this project.
    Lowtide(Place),
    /// Terraform.
    Terraform(Place),
}

/// Where a tool runs.
pub struct Place {
    folder: TempDir,
    program: PathBuf,
    environment: Vec<(String, String)>,
}

impl Tool {
    /// Writes a case down for Lowtide.
    ///
    /// # Errors
    /// When a file can't be written.
    pub fn lowtide(program: PathBuf, environment: Vec<(String, String)>, case: &Case) -> Result<Self> {
        let place = Place::new(program, environment)?;
        let mut project = "[project]\nname = \"bench\"\n\n[environments.bench]\nvariables = \"variables.toml\"\n".to_owned();
        for (name, spec) in &case.stacks {
            project.push_str(&format!("\n[stacks.{name}]\nspec = \"{name}.toml\"\n"));
            place.write(&format!("{name}.toml"), spec)?;
        }
        place.write("lowtide.toml", &project)?;
        place.write("variables.toml", &case.variables)?;
        Ok(Self::Lowtide(place))
    }

    /// Writes a case down for Terraform, a folder a stack; `None` where it is not installed.
    ///
    /// # Errors
    /// When a file can't be written, or Terraform is there and its AWS provider is not.
    pub fn terraform(mut environment: Vec<(String, String)>, case: &Case, schemas: &Schemas) -> Result<Option<Self>> {
        let terraform = match Terraform::find() {
            Ok(terraform) => terraform,
            Err(Missing::Program) => return Ok(None),
            Err(missing @ Missing::Provider) => bail!("{missing}"),
        };
        let place = Place::new(terraform.program().to_owned(), Vec::new())?;
        environment.extend(terraform.environment(place.folder.path())?);
        let place = Place { environment, ..place };
        let variables: serde_json::Value = toml::from_str(&case.variables).context("reading the variables")?;
        for (name, spec) in &case.stacks {
            let mut whole = convert(spec, schemas)?;
            let declared = whole["variable"].as_object().cloned().unwrap_or_default();
            let values: serde_json::Map<_, _> = variables
                .as_object()
                .into_iter()
                .flatten()
                .filter(|(name, _)| declared.contains_key(*name))
                .map(|(a, b)| (a.clone(), b.clone()))
                .collect();
            let provider = &mut whole["provider"]["aws"];
            *provider = json!({ "region": provider["region"], "default_tags": provider["default_tags"], "skip_metadata_api_check": true, "s3_use_path_style": true });
            place.write(&format!("{name}/main.tf.json"), &whole.to_string())?;
            place.write(&format!("{name}/terraform.tfvars.json"), &json!(values).to_string())?;
            let folder = place.folder.path().join(name);
            let mut init = terraform.command(&folder, &place.environment, &["init", "-no-color", "-input=false"]);
            let done = init.output().context("starting terraform")?;
            ensure!(done.status.success(), "terraform init of {name} failed:\n{}", String::from_utf8_lossy(&done.stderr));
        }
        Ok(Some(Self::Terraform(place)))
    }

    /// Does something with a stack.
    ///
    /// # Errors
    /// When the command fails, and when there is something to do where nothing should be.
    pub fn run(&self, doing: Doing, stack: &str) -> Result<Took> {
        match self {
            Self::Lowtide(place) => {
                let base = ["-e", "bench"];
                let arguments: &[&str] = match doing {
                    Doing::Create => &["apply", stack, "--yes"],
                    Doing::Plan => &["plan", stack, "--detailed-exitcode"],
                    Doing::Destroy => &["destroy", stack, "--yes", "--allow-persistent"],
                };
                place.measure(&[arguments, &base].concat(), place.folder.path())
            }
            Self::Terraform(place) => {
                let arguments: &[&str] = match doing {
                    Doing::Create => &["apply", "-auto-approve", "-input=false", "-no-color"],
                    Doing::Plan => &["plan", "-detailed-exitcode", "-input=false", "-no-color"],
                    Doing::Destroy => &["destroy", "-auto-approve", "-input=false", "-no-color"],
                };
                place.measure(arguments, &place.folder.path().join(stack))
            }
        }
    }
}

impl Place {
    fn new(program: PathBuf, environment: Vec<(String, String)>) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("lowtide-bench-").tempdir()?;
        Ok(Self { folder, program, environment: surrounded(environment) })
    }

    /// Writes a file, and returns where it is.
    fn write(&self, name: &str, text: &str) -> Result<PathBuf> {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap_or(&path))?;
        fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
        Ok(path)
    }

    fn measure(&self, arguments: &[&str], folder: &Path) -> Result<Took> {
        measure(&self.program, arguments, folder, &self.environment)
    }
}

/// Returns variables with those that every program needs.
fn surrounded(mut environment: Vec<(String, String)>) -> Vec<(String, String)> {
    environment.extend(["PATH", "HOME"].iter().filter_map(|name| Some(((*name).to_owned(), env::var(name).ok()?))));
    environment
}
