//! `[resource.KIND.NAME]` and `[data.KIND.NAME]`: what Lowtide itself reads of them, and the body that belongs to the kind.

use std::sync::Arc;

use lowtide_diagnostic::{Diagnostic, Diagnostics, Place};
use lowtide_model::Declared;

use super::{Condition, Lifecycle, provider, reference};
use crate::{
    expression::Reference,
    schema::Schema,
    timeouts,
    written::{Entry, Form, Table, Written},
};

/// The names that every resource and data source understands, whatever its kind.
pub(crate) const META: [&str; 8] = ["count", "for_each", "enabled", "depends_on", "provider", "region", "lifecycle", "timeouts"];

/// A resource or data source as declared.
#[derive(Clone, Debug, PartialEq)]
pub struct Declaration {
    /// What it is called.
    pub declared: Declared,
    /// Where the name stands.
    pub place: Place,
    /// Whether and how it is repeated.
    pub repeat: Repeat,
    /// Whether it exists at all; `enabled` of the resource or of its lifecycle.
    pub enabled: Option<Written>,
    /// What comes before it, beside what it refers to.
    pub depends_on: Vec<Reference>,
    /// The alias of its provider and where it stands; `None` inside for the one without alias.
    pub provider: Option<(Option<Arc<str>>, Place)>,
    /// Its region, where it is not the provider's.
    pub region: Option<Written>,
    /// How it is treated.
    pub lifecycle: Lifecycle,
    /// How long its operations may take.
    pub timeouts: Option<Table>,
    /// The attributes of its kind.
    pub body: Table,
}

/// Whether and how a declaration is repeated.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Repeat {
    /// It stands for one thing.
    #[default]
    None,
    /// `count`
    Count(Written),
    /// `for_each`
    ForEach(Written),
}

impl Declaration {
    pub(crate) fn read(data: bool, kind: &Arc<str>, entry: Entry, schema: &Schema, found: &mut Diagnostics) -> Option<Self> {
        let Entry { name, place, value } = entry;
        let declared = Declared { module: Vec::new(), data, kind: Arc::clone(kind), name };
        let Form::Table(table) = value.form else {
            not_a_table(&declared, &value, place, found);
            return None;
        };
        // Where a kind has an attribute of such a name, the attribute wins: `enabled` of a CloudFront distribution.
        let inputs = schema.of(&declared);
        let own = |name: &str| matches!(name, "enabled" | "region" | "timeouts") && inputs.is_some_and(|kind| kind.input(name).is_some());
        let mut meta = Vec::new();
        let mut body = Table::empty(place.clone());
        for entry in table.entries {
            if META.contains(&&*entry.name) && !own(&entry.name) { meta.push(entry) } else { body.entries.push(entry) }
        }
        body.entries.shrink_to_fit();
        let mut read = Self {
            declared,
            place,
            repeat: Repeat::None,
            enabled: None,
            depends_on: Vec::new(),
            provider: None,
            region: None,
            lifecycle: Lifecycle::default(),
            timeouts: None,
            body,
        };
        meta.into_iter().for_each(|entry| read.take(entry, found));
        Some(read)
    }

    fn take(&mut self, entry: Entry, found: &mut Diagnostics) {
        match &*entry.name {
            "count" => self.repeated(Repeat::Count(entry.value), &entry.place, found),
            "for_each" => self.repeated(Repeat::ForEach(entry.value), &entry.place, found),
            "enabled" => self.enable(entry.value, found),
            "depends_on" => self.depends_on = reference::list("depends_on", Some(entry.value), found),
            "provider" => self.provider = provider::read_reference(&entry.value, found),
            "region" => self.region = Some(entry.value),
            "lifecycle" => {
                let (lifecycle, enabled) = Lifecycle::read(&format!("`{}`", self.declared), Some(entry.value), self.declared.data, found);
                self.lifecycle = lifecycle;
                enabled.into_iter().for_each(|enabled| self.enable(enabled, found));
            }
            "timeouts" => self.timeouts = timeouts::read(&self.declared, entry.value, found),
            _ => self.body.entries.push(entry),
        }
    }

    fn repeated(&mut self, repeat: Repeat, place: &Place, found: &mut Diagnostics) {
        if self.repeat != Repeat::None {
            let detail = format!("`{}` has both `count` and `for_each`; its instances can have only one sort of key.", self.declared);
            found.push(Diagnostic::error("Both count and for_each", detail).at(place.clone()).hint("keep one of them"));
            return;
        }
        self.repeat = repeat;
    }

    fn enable(&mut self, value: Written, found: &mut Diagnostics) {
        if let Some(first) = &self.enabled {
            let detail = format!("`{}` has `enabled` twice, by itself and in its lifecycle.", self.declared);
            let wrong = Diagnostic::error("Duplicate declaration", detail).at(value.place).with(first.place.clone(), "first given here");
            found.push(wrong.hint("keep one of them"));
            return;
        }
        self.enabled = Some(value);
    }

    /// Returns every reference that decides whether and how often it exists.
    pub fn repeat_references(&self) -> Vec<Reference> {
        let mut all = match &self.repeat {
            Repeat::None => Vec::new(),
            Repeat::Count(written) | Repeat::ForEach(written) => written.references(),
        };
        all.extend(self.enabled.iter().flat_map(Written::references));
        all
    }

    /// Returns every reference in it, `depends_on` and conditions included.
    pub fn references(&self) -> Vec<Reference> {
        let mut all = self.repeat_references();
        all.extend(self.depends_on.iter().cloned());
        all.extend(self.region.iter().flat_map(Written::references));
        all.extend(self.body.references());
        all.extend(self.timeouts.iter().flat_map(Table::references));
        let life = &self.lifecycle;
        all.extend(life.create_before_destroy.iter().chain(&life.prevent_destroy).flat_map(Written::references));
        all.extend(life.replace_triggered_by.iter().cloned());
        all.extend(life.preconditions.iter().chain(&life.postconditions).flat_map(Condition::references));
        all
    }
}

impl Condition {
    /// Returns every reference in it.
    pub fn references(&self) -> Vec<Reference> {
        [&self.condition, &self.error_message].into_iter().flat_map(Written::references).collect()
    }
}

fn not_a_table(declared: &Declared, value: &Written, place: Place, found: &mut Diagnostics) {
    let Declared { data, kind, name, .. } = declared;
    let word = if *data { "data" } else { "resource" };
    let wrong = match &value.form {
        Form::Unreadable => return,
        Form::Array(_) => {
            Diagnostic::error("Wrong type", format!("`{declared}` is declared with double brackets, as if there were several of it."))
                .hint(format!("write [{word}.{kind}.{name}]; to repeat it, use count or for_each"))
        }
        Form::Text(_) | Form::Bool(_) | Form::Number(_) | Form::Table(_) => {
            let detail =
                format!("`{name}` stands where a name is wanted: what belongs to one {kind} goes into a table with a name of its own.");
            Diagnostic::error("Missing name", detail).hint(format!("write [{word}.{kind}.NAME] above it, with a name of your choice"))
        }
    };
    found.push(wrong.at(place));
}
