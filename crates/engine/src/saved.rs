//! Plans kept in files: `plan --out`, `apply PLANFILE`.
//!
//! A file holds no secrets, and no values but those of variables that stood on the command line: what the plan was decided from,
//! and a keyed fingerprint of what was decided.
//! Applying it plans again from the same spec and state; only if exactly the same is decided, it is done.

use std::collections::{BTreeMap, BTreeSet};

use lowtide_diagnostic::Diagnostic;
use lowtide_plan::{Options, Target};
use lowtide_spec::{Given, Origin, VariableInput};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{Engine, StackPlan};

const FORMAT: u32 = 1;

/// A plan as it is kept in a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SavedPlan {
    /// The file's format.
    pub lowtide_plan: u32,
    /// The version that wrote it.
    pub version: String,
    /// The project.
    pub project: String,
    /// The environment.
    pub environment: String,
    /// SHA-256 over every text the plan was made from, by path.
    pub texts: BTreeMap<String, String>,
    /// Values of variables from the command line, but for sensitive ones.
    #[serde(default)]
    pub variables: BTreeMap<String, String>,
    /// The sensitive variables that had a value on the command line; it must be given again.
    #[serde(default)]
    pub withheld: BTreeSet<String>,
    /// Files with values of variables, from the project's folder.
    #[serde(default)]
    pub variable_files: Vec<String>,
    /// Whether the stacks are destroyed.
    pub destroy: bool,
    /// `--target`
    #[serde(default)]
    pub targets: Vec<String>,
    /// `--exclude`
    #[serde(default)]
    pub excludes: Vec<String>,
    /// `--replace`
    #[serde(default)]
    pub replace: Vec<String>,
    /// The stacks, in order.
    pub stacks: Vec<SavedStack>,
}

/// One stack of a saved plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SavedStack {
    /// Its name.
    pub stack: String,
    /// The lineage of the state; empty where there was none.
    pub lineage: String,
    /// The state's serial.
    pub serial: u64,
    /// The state's hash.
    pub state_hash: String,
    /// The account.
    pub account: String,
    /// The region.
    pub region: String,
    /// Keyed fingerprint of every step, output and move.
    pub fingerprint: String,
}

impl Engine {
    /// Returns plans in the form that is kept in a file. Whoever knows them adds the files of variables.
    pub fn save(&self, plans: &[StackPlan], options: &Options) -> SavedPlan {
        let texts = |targets: &[Target]| targets.iter().map(|target| target.0.to_string()).collect();
        // Of several values the last one counts.
        let given: BTreeMap<&str, &str> = self.inputs.iter().filter_map(on_command_line).collect();
        let declares = |plan: &StackPlan, name: &str| {
            plan.prepared.loaded.configuration.variables.get(name).is_some_and(|variable| variable.sensitive)
        };
        let sensitive = |name: &str| plans.iter().any(|plan| declares(plan, name));
        SavedPlan {
            lowtide_plan: FORMAT,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            project: self.project.name.to_string(),
            environment: self.environment.clone(),
            texts: self.texts(),
            variables: given.iter().filter(|(name, _)| !sensitive(name)).map(|(name, text)| (name.to_string(), text.to_string())).collect(),
            withheld: given.keys().filter(|name| sensitive(name)).map(ToString::to_string).collect(),
            variable_files: Vec::new(),
            destroy: plans.iter().any(|plan| plan.plan.destroy),
            targets: texts(&options.targets),
            excludes: texts(&options.excludes),
            replace: options.replace.iter().map(ToString::to_string).collect(),
            stacks: plans.iter().map(saved_stack).collect(),
        }
    }

    /// Checks that plans made now are the ones in the file.
    ///
    /// # Errors
    /// Says what is another: project, environment, texts, state, account, or what is decided.
    pub fn is_saved(&self, saved: &SavedPlan, plans: &[StackPlan]) -> Result<(), Diagnostic> {
        let stale =
            |what: String| Diagnostic::error("Plan is stale", what).hint("make a new plan with --out, look at it, and apply that one");
        if saved.project != *self.project.name || saved.environment != self.environment {
            let here = format!("{}/{}", self.project.name, self.environment);
            return Err(stale(format!("The plan is for {}/{}, and this is {here}.", saved.project, saved.environment)));
        }
        let texts = self.texts();
        if let Some(path) = saved.texts.keys().chain(texts.keys()).find(|path| saved.texts.get(*path) != texts.get(*path)) {
            return Err(stale(format!("`{path}` has changed since the plan was made.")));
        }
        let now: Vec<_> = plans.iter().map(saved_stack).collect();
        for (before, now) in saved.stacks.iter().zip(&now) {
            if (&before.lineage, before.serial, &before.state_hash) != (&now.lineage, now.serial, &now.state_hash) {
                return Err(stale(format!(
                    "The state of `{}` has moved on from serial {} to {}.",
                    before.stack, before.serial, now.serial
                )));
            }
            if (&before.account, &before.region) != (&now.account, &now.region) {
                return Err(stale(format!(
                    "The plan is for account {} in {}, and the credentials lead to {} in {}.",
                    before.account, before.region, now.account, now.region
                )));
            }
            if before.fingerprint != now.fingerprint {
                return Err(stale(format!(
                    "What must happen to `{}` is no longer what the plan says: AWS, a variable or a file has changed.",
                    before.stack
                )));
            }
        }
        if saved.stacks.len() == now.len() { Ok(()) } else { Err(stale("The plan is for other stacks.".to_owned())) }
    }

    fn texts(&self) -> BTreeMap<String, String> {
        self.sources().iter().map(|source| (source.path.display().to_string(), hex(&Sha256::digest(source.text.as_bytes())))).collect()
    }
}

impl SavedPlan {
    /// Reads the text of a plan file.
    ///
    /// # Errors
    /// When it is none, or of a newer version.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        let format = serde_json::from_str::<serde_json::Value>(text).ok().and_then(|json| json.get("lowtide_plan")?.as_u64());
        match format {
            Some(format) if format > u64::from(FORMAT) => {
                let detail = format!("The plan file has format {format}; this version reads up to {FORMAT}.");
                Err(Diagnostic::error("Plan of a newer version", detail).hint("use the Lowtide that made it"))
            }
            Some(_) => serde_json::from_str(text).map_err(|error| {
                Diagnostic::error("Damaged plan file", format!("It can't be read: {error}.")).hint("make a new plan with --out")
            }),
            None => Err(Diagnostic::error("No plan file", "The file is not one that `lowtide plan --out` wrote.")
                .hint("make one with: lowtide plan --out FILE")),
        }
    }

    /// Returns the options the plan was made with.
    ///
    /// # Errors
    /// When an address in it can't be read.
    pub fn options(&self) -> Result<Options, Diagnostic> {
        let parse = |text: &String| {
            text.parse().map_err(|error: lowtide_model::NoAddress| Diagnostic::error("Damaged plan file", format!("{error}.")))
        };
        Ok(Options {
            destroy: self.destroy,
            targets: self.targets.iter().map(|text| parse(text).map(Target)).collect::<Result<_, _>>()?,
            excludes: self.excludes.iter().map(|text| parse(text).map(Target)).collect::<Result<_, _>>()?,
            replace: self.replace.iter().map(parse).collect::<Result<_, _>>()?,
        })
    }
}

fn on_command_line(input: &VariableInput) -> Option<(&str, &str)> {
    match (&input.from, &input.value) {
        (Origin::Flag, Given::Text(text)) => Some((&input.name, text)),
        (Origin::Flag, Given::Toml(_)) | (Origin::File(_) | Origin::Environment, _) => None,
    }
}

fn saved_stack(one: &StackPlan) -> SavedStack {
    let plan = &one.plan;
    SavedStack {
        stack: plan.stack.stack.clone(),
        lineage: plan.lineage.clone(),
        serial: plan.serial,
        state_hash: one.prepared.state_hash.clone(),
        account: plan.place.account.clone(),
        region: plan.place.region.clone(),
        fingerprint: fingerprint(one),
    }
}

/// Returns what tells what was decided. It is keyed, so that sensitive values in a plan can't be guessed from it.
pub(crate) fn fingerprint(one: &StackPlan) -> String {
    let plan = &one.plan;
    let decided = format!("{:?}\n{:?}\n{:?}\n{:?}", plan.steps, plan.moves, plan.outputs, plan.kept);
    one.prepared.digester.fingerprint(decided.as_bytes())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
