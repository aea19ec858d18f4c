//! Terraform, run on one configuration and a forged state until it takes both.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use anyhow::{Context, Result, bail, ensure};
use lowtide_testkit::terraform::{Schemas, Terraform, convert};
use serde_json::{Map, Value, json};

use super::{Name, Question, forged};

/// All questions as one configuration, what is refused of it, the forged state and the last plan.
pub struct Oracle<'a> {
    terraform: &'a Terraform,
    schemas: &'a Schemas,
    folder: &'a Path,
    environment: Vec<(String, String)>,
    pub modules: BTreeMap<String, Value>,
    pub refused: BTreeMap<Name, String>,
    pub state: BTreeMap<Name, Value>,
    pub planned: BTreeMap<Name, Value>,
}

impl<'a> Oracle<'a> {
    /// Writes all questions down, and starts with an empty state.
    pub fn new(terraform: &'a Terraform, schemas: &'a Schemas, folder: &'a Path, questions: &[&Question]) -> Result<Self> {
        let mut environment = terraform.environment(folder)?;
        environment.push(("AWS_ENDPOINT_URL".to_owned(), "http://127.0.0.1:9".to_owned()));
        let modules = questions.iter().map(|question| Ok((question.kind.clone(), module(question, schemas)?))).collect::<Result<_>>()?;
        let (refused, state, planned) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let oracle = Self { terraform, schemas, folder, environment, modules, refused, state, planned };
        oracle.write()?;
        oracle.run(&["init", "-no-color", "-input=false"])?;
        Ok(oracle)
    }

    /// Returns the version of the provider that is asked.
    pub fn provider_version(&self) -> Result<String> {
        self.terraform.provider_version(self.folder, &self.environment)
    }

    /// Plans until every copy is what its configuration says, or nothing settles any more; returns the first plan, made from nothing.
    pub fn settle(&mut self) -> Result<BTreeMap<Name, Value>> {
        self.plan(&BTreeSet::new())?;
        let first = self.planned.clone();
        let mut unsettled = BTreeSet::new();
        loop {
            let state = self.planned.iter().map(|(name, change)| (name.clone(), self.filled(name, change))).collect();
            if state == self.state {
                break;
            }
            self.state = state;
            self.plan(&unsettled)?;
            let moves = |change: &Value| change["actions"] != json!(["no-op"]);
            let moving: BTreeSet<_> =
                self.planned.iter().filter(|(_, change)| moves(change)).map(|((module, ..), _)| module.clone()).collect();
            if moving.is_empty() || moving == unsettled {
                break;
            }
            unsettled = moving;
        }
        Ok(first)
    }

    fn filled(&self, name: &Name, change: &Value) -> Value {
        self.forged(name, change).filled(&|kind, other, attribute| self.referred(&name.0, kind, other, attribute))
    }

    /// Returns an attribute of another resource of a module, as it will stand in the state.
    fn referred(&self, module: &str, kind: &str, name: &str, attribute: &str) -> Option<Value> {
        let name = (module.to_owned(), kind.to_owned(), name.to_owned());
        let forged = self.forged(&name, self.planned.get(&name)?);
        Some(forged.attribute(attribute, &|kind, other, attribute| self.referred(module, kind, other, attribute)))
    }

    fn forged<'b>(&'b self, (module, kind, name): &'b Name, change: &'b Value) -> forged::Planned<'b> {
        let given = &self.modules[module]["resource"][kind][name];
        let (after, unknown, schema) = (&change["after"], &change["after_unknown"], self.schemas.of(kind));
        forged::Planned { kind, name, given, after, unknown, schema }
    }

    /// Plans these modules, or all, and again without what the provider refuses.
    pub fn plan(&mut self, targets: &BTreeSet<String>) -> Result<()> {
        let targets: Vec<_> = targets.iter().map(|module| format!("-target=module.{module}")).collect();
        loop {
            self.write()?;
            let mut command =
                self.terraform.command(self.folder, &self.environment, &["plan", "-json", "-refresh=false", "-input=false", "-out=p"]);
            command.args(&targets);
            let said = command.output().context("starting terraform")?;
            if said.status.success() {
                break;
            }
            let before = self.refused.len();
            for line in String::from_utf8_lossy(&said.stdout).lines() {
                self.heard(line)?;
            }
            ensure!(self.refused.len() > before, "terraform plan failed:\n{}", String::from_utf8_lossy(&said.stdout));
        }
        let shown: Value = serde_json::from_str(&self.run(&["show", "-json", "p"])?).context("reading the plan")?;
        for change in shown["resource_changes"].as_array().into_iter().flatten().filter(|change| change["index"].is_null()) {
            let text = |member: &str| change[member].as_str().unwrap_or_default().to_owned();
            let module = text("module_address").trim_start_matches("module.").to_owned();
            self.planned.insert((module, text("type"), text("name")), change["change"].clone());
        }
        Ok(())
    }

    /// Takes what is refused out of the configuration.
    fn heard(&mut self, line: &str) -> Result<()> {
        let Ok(said) = serde_json::from_str::<Value>(line) else { return Ok(()) };
        let diagnostic = &said["diagnostic"];
        if diagnostic["severity"] != "error" {
            return Ok(());
        }
        let words =
            format!("{}: {}", diagnostic["summary"].as_str().unwrap_or_default(), diagnostic["detail"].as_str().unwrap_or_default());
        let address = diagnostic["address"].as_str().unwrap_or_default();
        let mut parts = address.split(['.', '[']);
        let (Some("module"), Some(module), Some(kind), Some(name)) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
            bail!("terraform says: {words}\n{line}");
        };
        let resources = self.modules.get_mut(module).and_then(|module| module["resource"].as_object_mut()).context("a module is ours")?;
        if let Some(all) = resources.get_mut(kind).and_then(Value::as_object_mut) {
            all.remove(name);
        }
        resources.retain(|_, all| all.as_object().is_some_and(|all| !all.is_empty()));
        let name = (module.to_owned(), kind.to_owned(), name.to_owned());
        self.state.remove(&name);
        self.planned.remove(&name);
        self.refused.insert(name, words);
        Ok(())
    }

    fn write(&self) -> Result<()> {
        for (kind, module) in &self.modules {
            fs::create_dir_all(self.folder.join(kind))?;
            fs::write(self.folder.join(kind).join("main.tf.json"), module.to_string())?;
        }
        let modules: Map<_, _> = self.modules.keys().map(|kind| (kind.clone(), json!({ "source": format!("./{kind}") }))).collect();
        let provider = json!({
            "region": "us-west-2", "access_key": "x", "secret_key": "x", "max_retries": 0, "skip_credentials_validation": true,
            "skip_requesting_account_id": true, "skip_metadata_api_check": true, "skip_region_validation": true,
        });
        let root = json!({
            "terraform": { "required_providers": { "aws": { "source": "hashicorp/aws" } } },
            "provider": { "aws": provider }, "module": modules,
        });
        fs::write(self.folder.join("main.tf.json"), root.to_string())?;
        let resources = self.state.iter().map(|((module, kind, name), attributes)| {
            (module.as_str(), kind.as_str(), name.as_str(), attributes, &self.schemas.of(kind)["schema_version"])
        });
        Ok(fs::write(self.folder.join("terraform.tfstate"), forged::state(resources).to_string())?)
    }

    fn run(&self, arguments: &[&str]) -> Result<String> {
        let done = self.terraform.command(self.folder, &self.environment, arguments).output().context("starting terraform")?;
        ensure!(done.status.success(), "terraform {arguments:?} failed:\n{}", String::from_utf8_lossy(&done.stderr));
        Ok(String::from_utf8(done.stdout)?)
    }
}

/// Returns the configuration of one kind: its spec, and the subject once more for each change.
fn module(question: &Question, schemas: &Schemas) -> Result<Value> {
    let mut spec = question.spec.clone();
    let all = spec.get_mut("resource").and_then(|all| all.get_mut(&question.kind)).and_then(toml::Value::as_table_mut);
    let all = all.context("the subject is declared")?;
    for stage in &question.stages {
        all.insert(stage.name.clone(), stage.to.clone().into());
    }
    convert(&toml::to_string(&spec)?, schemas)
}
