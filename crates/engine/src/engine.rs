//! The engine: a project, its kinds, its ledger and the way to AWS.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use lowtide_diagnostic::{Diagnostic, Diagnostics, Sources};
use lowtide_graph::Declarations;
use lowtide_observe::Observer;
use lowtide_plan::Listener;
use lowtide_resource::Catalog;
use lowtide_spec::{Configuration, Loader, Project, Schema, VariableInput, check};
use lowtide_state::{Ledger, LedgerFault, StackKey};
use tokio::sync::watch;

use crate::{Connect, connect::Sessions};

/// What stopped a command.
#[derive(Debug)]
pub enum Trouble {
    /// The user must act.
    Wrong(Diagnostics),
    /// Someone else is writing the same state.
    Held(Diagnostic),
}

impl From<Diagnostics> for Trouble {
    fn from(wrong: Diagnostics) -> Self {
        Self::Wrong(wrong)
    }
}

impl From<Diagnostic> for Trouble {
    fn from(wrong: Diagnostic) -> Self {
        Self::Wrong(wrong.into())
    }
}

impl From<LedgerFault> for Trouble {
    fn from(fault: LedgerFault) -> Self {
        let detail = sentence(&fault.to_string());
        match fault {
            LedgerFault::Held { .. } => {
                Self::Held(Diagnostic::error("State in use", detail).hint("wait until the other run is over; plan and show work meanwhile"))
            }
            LedgerFault::Lost { .. } => Diagnostic::error("Lease lost", detail)
                .hint("nothing more was asked of AWS; what was under way is written down, and the next run finds out what became of it")
                .into(),
            LedgerFault::Damaged { .. } => Diagnostic::error("Damaged state", detail)
                .hint("nothing was changed; put back a good copy of the file (the previous snapshot lies beside it), then plan again")
                .into(),
            LedgerFault::Newer { .. } => {
                Diagnostic::error("State of a newer version", detail).hint("use the newer Lowtide; this one leaves the state alone").into()
            }
            LedgerFault::Full { .. } => Diagnostic::error("Disk full", detail)
                .hint("make room there, then run the command again: what was written down is kept, and what became of the rest is found out first")
                .into(),
            LedgerFault::Unusable { .. } => Diagnostic::error("State not usable", detail)
                .hint("check that the place can be reached, the permissions there, and the key or passphrase of an encrypted one")
                .into(),
        }
    }
}

/// Returns words as a sentence.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}

/// One stack as loaded and checked.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// Whose state it is.
    pub key: StackKey,
    /// The spec.
    pub configuration: Configuration,
    /// Its declarations in order.
    pub graph: Declarations,
}

/// A project, its kinds, its ledger and the way to AWS.
pub struct Engine {
    /// Reads the project's texts.
    pub loader: Loader,
    /// `lowtide.toml`.
    pub project: Project,
    /// All kinds.
    pub catalog: Catalog,
    /// The same as plain data.
    pub schema: Schema,
    /// Where state is kept.
    pub ledger: Arc<dyn Ledger>,
    /// The way to AWS.
    pub connect: Arc<dyn Connect>,
    /// Hears what happens.
    pub listener: Arc<dyn Listener>,
    /// How an apply goes about it.
    pub settings: lowtide_apply::Settings,
    /// Whether to stop.
    pub stop: watch::Receiver<lowtide_apply::Stop>,
    /// The environment's name; `default` where none is chosen.
    pub environment: String,
    /// Values of variables, from weakest to strongest.
    pub inputs: Vec<VariableInput>,
}

impl Engine {
    /// Returns every text that was read.
    pub fn sources(&self) -> &Sources {
        self.loader.sources()
    }

    /// Returns the key of a stack's state.
    pub fn key(&self, stack: &str) -> StackKey {
        StackKey { project: self.project.name.to_string(), environment: self.environment.clone(), stack: stack.to_owned() }
    }

    /// Returns a command line for this environment, for hints: `lowtide apply base -e dev`.
    pub fn command(&self, words: &str) -> String {
        match self.environment.as_str() {
            "default" => format!("lowtide {words}"),
            environment => format!("lowtide {words} -e {environment}"),
        }
    }

    /// Loads and checks stacks, in the order in which they require each other; all of the project when none is named.
    ///
    /// # Errors
    /// Returns every mistake of all of them, sorted by place.
    pub fn load(&mut self, names: &[String]) -> Result<(Vec<Loaded>, Diagnostics), Trouble> {
        let mut found = self.unknown_stacks(names);
        let mut all: BTreeMap<Arc<str>, Configuration> = BTreeMap::new();
        // All stacks are loaded, since one may require another; mistakes count only in those that are asked for.
        for (name, entry) in self.project.stacks.clone() {
            let wanted = names.is_empty() || names.iter().any(|one| **one == *name);
            let (configuration, mistakes) =
                self.loader.stack_as_far(&name, Path::new(&entry.spec), Some(entry.place.clone()), &self.schema);
            if wanted {
                // A circle shows beside all other mistakes.
                found.extend(mistakes);
                found.extend(Declarations::of(&configuration).err().into_iter().flatten());
                found.extend(crate::tide::schedule(&configuration).err());
            }
            all.insert(name, configuration);
        }
        self.loader.hide_sensitive(all.values(), &self.inputs);
        if !found.has_errors() {
            found.extend(check::across(&all).into_iter().filter(|_| names.is_empty()));
            found.extend(lowtide_spec::unknown_variables(all.values(), &self.inputs));
        }
        let order = check::stack_order(&all).unwrap_or_else(|wrong| {
            found.extend(wrong);
            Vec::new()
        });
        let mut loaded = Vec::new();
        for name in order.into_iter().filter(|name| names.is_empty() || names.iter().any(|one| **one == **name)) {
            let Some(configuration) = all.remove(&name) else { continue };
            // What is wrong with it was said above.
            if let Ok(graph) = Declarations::of(&configuration) {
                loaded.push(Loaded { key: self.key(&name), configuration, graph });
            }
        }
        if found.has_errors() { Err(found.sorted().into()) } else { Ok((loaded, found.sorted())) }
    }

    fn unknown_stacks(&self, names: &[String]) -> Diagnostics {
        let known: Vec<&str> = self.project.stacks.keys().map(|name| &**name).collect();
        let unknown = names.iter().filter(|name| !known.contains(&name.as_str()));
        unknown
            .map(|name| {
                let wrong = Diagnostic::error("Unknown stack", format!("The project has no stack `{name}`."));
                match lowtide_diagnostic::nearest(name, known.iter().copied()) {
                    Some(near) => wrong.hint(format!("did you mean `{near}`?")),
                    None => wrong.hint(format!("lowtide.toml lists: {}", known.join(", "))),
                }
            })
            .collect()
    }

    pub(crate) fn observer(&self) -> Observer {
        Observer::new(self.catalog.clone(), Arc::new(Sessions(self.connect.clone())))
    }
}
