//! The top-level tables of one or several files become one configuration.

use std::{collections::BTreeMap, fmt::Display, sync::Arc};

use lowtide_diagnostic::{Diagnostic, Diagnostics, Place};
use lowtide_model::{Declared, plain};

use super::{Configuration, Declaration, Local, Output, StackTable, Variable, did_you_mean, provider};
use crate::{
    schema::Schema,
    written::{Entry, Form, Table, Written},
};

const TABLES: [&str; 7] = ["stack", "variable", "locals", "provider", "data", "resource", "output"];

/// What a table that comes in a later version is for, and what to do meanwhile.
const LATER: [(&str, &str); 5] = [
    ("module", "write its resources into the spec; a stack may be a folder of several files"),
    ("moved", "run `lowtide state mv OLD NEW`"),
    ("import", "run `lowtide import ADDRESS ID`"),
    ("removed", "remove the resource from the spec and run `lowtide state rm ADDRESS`, which leaves the thing itself in AWS"),
    ("check", "use precondition and postcondition in the lifecycle of a resource"),
];

/// Reads the files of one stack. What can't be understood is reported and left out.
pub fn read(name: &str, files: Vec<Table>, schema: &Schema) -> (Configuration, Diagnostics) {
    let place = files.first().map_or(Place::new(0, 0..0), |file| file.place.clone());
    let mut reading = Reading { into: Configuration::empty(name, place), stack_at: None, schema, found: Diagnostics::default() };
    files.into_iter().flat_map(|file| file.entries).for_each(|entry| reading.top(entry));
    (reading.into, reading.found)
}

struct Reading<'a> {
    into: Configuration,
    stack_at: Option<Place>,
    schema: &'a Schema,
    found: Diagnostics,
}

impl Reading<'_> {
    fn top(&mut self, entry: Entry) {
        match &*entry.name {
            "stack" => self.stack(entry),
            "variable" => self.variables(entry),
            "locals" => self.locals(entry),
            "provider" => self.providers(entry.value),
            "resource" => self.declarations(false, entry),
            "data" => self.declarations(true, entry),
            "output" => self.outputs(entry),
            _ => self.stranger(&entry),
        }
    }

    fn stack(&mut self, entry: Entry) {
        if let Some(first) = self.stack_at.replace(entry.place.clone()) {
            let detail = "The files of a folder are one stack, and [stack] stands in two of them.";
            let wrong = Diagnostic::error("Duplicate declaration", detail).at(entry.place).with(first, "first given here");
            self.found.push(wrong.hint("keep one of them"));
            return;
        }
        let name = Arc::clone(&self.into.stack.name);
        self.into.stack = StackTable::read(&name, entry.value, &mut self.found);
    }

    fn variables(&mut self, entry: Entry) {
        for entry in self.named_tables("variable", entry.value) {
            let Some(read) = Variable::read(entry, &mut self.found) else { continue };
            let place = read.place.clone();
            keep(&mut self.into.variables, Arc::clone(&read.name), read, &place, |one| &one.place, "variable", &mut self.found);
        }
    }

    fn locals(&mut self, entry: Entry) {
        let Some(table) = self.table("locals", entry.value) else { return };
        for Entry { name, place, value } in table.entries {
            if self.well_named("local", &name, &place) {
                let read = Local { name: Arc::clone(&name), place: place.clone(), value };
                keep(&mut self.into.locals, name, read, &place, |one| &one.place, "local", &mut self.found);
            }
        }
    }

    fn outputs(&mut self, entry: Entry) {
        for entry in self.named_tables("output", entry.value) {
            let Some(read) = Output::read(entry, &mut self.found) else { continue };
            let place = read.place.clone();
            keep(&mut self.into.outputs, Arc::clone(&read.name), read, &place, |one| &one.place, "output", &mut self.found);
        }
    }

    fn providers(&mut self, written: Written) {
        for read in provider::read_all(written, &mut self.found) {
            let place = read.place.clone();
            let shown = read.alias.as_deref().map_or_else(|| "aws".to_owned(), |alias| format!("aws.{alias}"));
            if let Some(first) = self.into.providers.get(&read.alias) {
                self.found.push(duplicate("provider", &shown, place, first.place.clone()));
                continue;
            }
            self.into.providers.insert(read.alias.clone(), read);
        }
    }

    fn declarations(&mut self, data: bool, entry: Entry) {
        let word = if data { "data" } else { "resource" };
        for kind in self.named(word, "KIND.NAME", entry.value) {
            let Entry { name: kind, value, .. } = kind;
            let Some(table) = self.table(&format!("{word}.{kind}"), value) else { continue };
            for entry in table.entries {
                if !self.well_named(word, &entry.name, &entry.place) {
                    continue;
                }
                let Some(read) = Declaration::read(data, &kind, entry, self.schema, &mut self.found) else { continue };
                let all = if data { &mut self.into.data } else { &mut self.into.resources };
                let (key, place): (Declared, _) = (read.declared.clone(), read.place.clone());
                keep(all, key, read, &place, |one| &one.place, word, &mut self.found);
            }
        }
    }

    fn table(&mut self, name: &str, written: Written) -> Option<Table> {
        match written.form {
            Form::Table(table) => Some(table),
            Form::Unreadable => None,
            Form::Text(_) | Form::Bool(_) | Form::Number(_) | Form::Array(_) => {
                let wrong = Diagnostic::error("Wrong type", format!("`{name}` must be a table, this is {}.", written.sort()));
                self.found.push(wrong.at(written.place).hint(format!("write [{name}…] on a line of its own")));
                None
            }
        }
    }

    /// Returns the entries of a table whose keys are names the user chose.
    fn named(&mut self, word: &str, rest: &str, written: Written) -> Vec<Entry> {
        let Some(table) = self.table(&format!("{word}.{rest}"), written) else { return Vec::new() };
        table.entries.into_iter().filter(|entry| self.well_named(word, &entry.name, &entry.place)).collect()
    }

    /// Returns the entries of a table of tables whose keys are names the user chose.
    fn named_tables(&mut self, word: &str, written: Written) -> Vec<Entry> {
        let mut all = self.named(word, "NAME", written);
        all.retain(|Entry { name, place, value }| {
            let sound = matches!(value.form, Form::Table(_) | Form::Unreadable);
            if !sound {
                let detail =
                    format!("`{name}` stands where a name is wanted: what belongs to one {word} goes into a table with a name of its own.");
                let wrong = Diagnostic::error("Missing name", detail).at(place.clone());
                self.found.push(wrong.hint(format!("write [{word}.NAME] above it, with a name of your choice")));
            }
            sound
        });
        all
    }

    fn well_named(&mut self, word: &str, name: &str, place: &Place) -> bool {
        if !plain(name) {
            let detail = format!("{name:?} can't name a {word}, since expressions could not refer to it.");
            let wrong = Diagnostic::error("Invalid name", detail).at(place.clone());
            self.found.push(wrong.hint("a name starts with a letter or _ and goes on with letters, digits, _ and -"));
        }
        plain(name)
    }

    fn stranger(&mut self, entry: &Entry) {
        let name = &*entry.name;
        let wrong = if let Some((_, meanwhile)) = LATER.iter().find(|(later, _)| *later == name) {
            let detail = format!("`{name}` is part of the language and comes in a later version of Lowtide; this one can't use it.");
            Diagnostic::error("Not supported yet", detail).hint(format!("meanwhile, {meanwhile}"))
        } else if name == "terraform" {
            let detail = "A spec has no `terraform` table: kinds and their versions are built into Lowtide, and where state is kept stands in lowtide.toml.";
            Diagnostic::error("Not needed here", detail).hint("remove it; for a backend, write [state] in lowtide.toml")
        } else {
            let wrong = Diagnostic::error("Unknown table", format!("A spec has no table `{name}`."));
            let all = TABLES.into_iter().chain(LATER.iter().map(|(later, _)| *later));
            did_you_mean(wrong, name, all, || format!("a spec takes: {}", TABLES.join(", ")))
        };
        self.found.push(wrong.at(entry.place.clone()));
    }
}

fn keep<K: Ord + Display, V>(
    all: &mut BTreeMap<K, V>,
    key: K,
    value: V,
    place: &Place,
    place_of: impl Fn(&V) -> &Place,
    word: &str,
    found: &mut Diagnostics,
) {
    match all.get(&key) {
        Some(first) => found.push(duplicate(word, &key, place.clone(), place_of(first).clone())),
        None => {
            all.insert(key, value);
        }
    }
}

fn duplicate(word: &str, name: &dyn Display, place: Place, first: Place) -> Diagnostic {
    let across = if place.source == first.source { "" } else { " The files of a folder are one stack, so names count across them." };
    let detail = format!("The {word} `{name}` is declared twice.{across}");
    let wrong = Diagnostic::error("Duplicate declaration", detail).at(place).with(first, "first declared here");
    wrong.hint(if word == "provider" {
        "remove one, or give one of them another alias"
    } else {
        "remove one, or give one of them another name"
    })
}
