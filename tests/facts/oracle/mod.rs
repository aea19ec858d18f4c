//! Terraform as an oracle: what its AWS provider plans for a thing and for a change of it, without any AWS.
//!
//! All cases are modules of one configuration. Each has its subject once as it is, and once for each change. Terraform plans
//! that against a state that nobody applied: until what refers to others settles, and then with each changed subject as it was
//! before its change. Nothing is read: the provider would have to ask a closed port.

mod forged;
mod planner;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use lowtide_testkit::terraform::{PROVIDER, Schemas, Terraform};
use planner::Oracle;
use serde_json::Value;
use toml::Table;

/// What is asked of the oracle about one kind.
pub struct Question {
    /// The kind.
    pub kind: String,
    /// A spec that declares one.
    pub spec: Table,
    /// Its name in the spec.
    pub name: String,
    /// What it should become, each by the name of a copy.
    pub stages: Vec<Stage>,
}

/// One change.
pub struct Stage {
    /// The name of the copy that is changed.
    pub name: String,
    /// The name of the copy as which it begins.
    pub from: String,
    /// Its attributes after the change.
    pub to: Table,
}

/// What the provider would do, by kind and name.
pub type Answers = BTreeMap<(String, String), Answer>;

/// What the provider would do with one copy.
#[derive(Clone, Debug)]
pub enum Answer {
    /// It has a plan.
    Planned(Planned),
    /// It takes no such configuration, in its own words.
    Refused(String),
}

/// A plan for one copy.
#[derive(Clone, Debug)]
pub struct Planned {
    /// Its configuration, as Terraform reads it.
    pub given: Value,
    /// What it would have been, made from nothing.
    pub fresh: Value,
    /// Where AWS would have decided that.
    pub decided: Value,
    /// What it was.
    pub before: Value,
    /// What it becomes.
    pub after: Value,
    /// Where it is not known yet.
    pub unknown: Value,
    /// The paths that take a new one.
    pub forced: Vec<String>,
}

/// A resource of the configuration: module, type, name.
type Name = (String, String, String);

fn subject(question: &Question, name: &str) -> Name {
    (question.kind.clone(), question.kind.clone(), name.to_owned())
}

/// Asks everything at once; nothing where its provider is another one than [`PROVIDER`], whose version is then told.
pub fn ask<'a>(terraform: &Terraform, schemas: &Schemas, questions: impl Iterator<Item = &'a Question>) -> Result<Result<Answers, String>> {
    let questions: Vec<_> = questions.collect();
    let folder = tempfile::tempdir()?;
    let mut oracle = Oracle::new(terraform, schemas, folder.path(), &questions)?;
    let version = oracle.provider_version()?;
    if version != PROVIDER {
        return Ok(Err(version));
    }
    let fresh = oracle.settle()?;
    let kept = oracle.planned.clone();
    let begins: BTreeMap<Name, Value> = questions
        .iter()
        .flat_map(|question| question.stages.iter().map(|stage| (subject(question, &stage.name), subject(question, &stage.from))))
        .filter_map(|(name, from)| Some((name, oracle.state.get(&from)?.clone())))
        .collect();
    oracle.state.extend(begins);
    oracle.plan(&BTreeSet::new())?;
    let mut answers = Answers::new();
    for question in &questions {
        let names = question.stages.iter().map(|stage| stage.name.as_str()).chain([question.name.as_str()]);
        for short in names {
            let name = subject(question, short);
            let answer = match oracle.refused.get(&name) {
                Some(words) => Answer::Refused(words.clone()),
                None => Answer::Planned(answer(&oracle, &name, &fresh, &kept)?),
            };
            answers.insert((question.kind.clone(), short.to_owned()), answer);
        }
    }
    Ok(Ok(answers))
}

/// Returns what the last plan does with a copy, and what the first made of it.
fn answer(oracle: &Oracle<'_>, name: &Name, fresh: &BTreeMap<Name, Value>, kept: &BTreeMap<Name, Value>) -> Result<Planned> {
    let change = oracle.planned.get(name).with_context(|| format!("{name:?} has a plan"))?;
    let noise = paths(&kept[name]);
    ensure!(noise.is_empty(), "{name:?}: takes a new one for {noise:?} though nothing was changed: a stand-in is not like AWS's");
    let forced = paths(change);
    let given = oracle.modules[&name.0]["resource"][&name.1][&name.2].clone();
    let [before, after, unknown] = ["before", "after", "after_unknown"].map(|member| change[member].clone());
    let [fresh, decided] = ["after", "after_unknown"].map(|member| fresh[name][member].clone());
    Ok(Planned { given, fresh, decided, before, after, unknown, forced })
}

/// Returns the paths that take a new one, without places in lists.
fn paths(change: &Value) -> Vec<String> {
    let path = |path: &Value| path.as_array().into_iter().flatten().filter_map(Value::as_str).collect::<Vec<_>>().join(".");
    change["replace_paths"].as_array().into_iter().flatten().map(path).collect()
}
