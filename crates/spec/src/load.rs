//! Reading the texts of a project from disk; the only place besides `files` where this crate looks at it.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use lowtide_diagnostic::{Diagnostic, Diagnostics, Place, Sources};

use crate::{
    check::check,
    configuration::{self, Configuration},
    files::{ProjectFiles, read_plain},
    project::{PROJECT_FILE, Project},
    schema::Schema,
    variables::{Origin, VariableInput},
    written::{SOURCE_LIMIT, Table},
};

/// Reads the texts of one project and remembers them for messages.
#[derive(Debug)]
pub struct Loader {
    root: PathBuf,
    sources: Sources,
    /// How many bytes were read.
    read: usize,
    without_files: bool,
}

/// How many bytes all texts of a run may have.
const TOTAL_LIMIT: usize = 64 << 20;

impl Loader {
    /// Returns a loader for the project in a folder.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), sources: Sources::default(), read: 0, without_files: false }
    }

    /// Returns every text that was read.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// Keeps the default values of sensitive variables out of messages from now on. Of files of variables, messages show the values of
    /// those that are declared and sensitive nowhere, and no others: a misspelt name may be that of a secret.
    pub fn hide_sensitive<'a>(&mut self, stacks: impl IntoIterator<Item = &'a Configuration>, inputs: &[VariableInput]) {
        let mut sensitive: BTreeMap<&str, bool> = BTreeMap::new();
        for variable in stacks.into_iter().flat_map(|stack| stack.variables.values()) {
            *sensitive.entry(&variable.name).or_default() |= variable.sensitive;
            variable.default.iter().filter(|_| variable.sensitive).for_each(|default| self.sources.hide(&default.place));
        }
        let mut shown: BTreeMap<usize, Vec<Place>> = BTreeMap::new();
        for input in inputs {
            let Origin::File(name) = &input.from else { continue };
            let places = shown.entry(name.source).or_default();
            places.push(name.clone());
            if sensitive.get(&*input.name) == Some(&false) {
                places.extend(input.places());
            }
        }
        shown.into_iter().for_each(|(source, places)| self.sources.show_only(source, places));
    }

    /// Returns the project's folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Returns the files that expressions may read.
    pub fn files(&self) -> ProjectFiles {
        ProjectFiles::beneath(&self.root)
    }

    /// Checks stacks without the files that expressions read, where these are not there: who only removes what a stack holds needs none.
    pub fn do_without_files(&mut self) {
        self.without_files = true;
    }

    /// Reads `lowtide.toml`.
    ///
    /// # Errors
    /// Returns every mistake in it, or that it can't be read.
    pub fn project(&mut self) -> Result<Project, Diagnostics> {
        if !self.root.join(PROJECT_FILE).exists() {
            let detail = format!("There is no {PROJECT_FILE} in {}.", self.root.display());
            return Err(Diagnostic::error("No project here", detail)
                .hint("go to the project's folder, or make one with `lowtide init`")
                .into());
        }
        let mut found = Diagnostics::default();
        let table = self.table(Path::new(PROJECT_FILE), None, &mut found);
        match table {
            Some(table) if !found.has_errors() => Project::read(table),
            Some(_) | None => Err(found.sorted()),
        }
    }

    /// Reads and checks one stack: a file, or all `.toml` files of a folder but those that end in `.vars.toml`.
    /// `place` is where the path was named. Returns the warnings beside it.
    ///
    /// # Errors
    /// Returns every mistake that can be seen, sorted by place.
    pub fn stack(
        &mut self,
        name: &str,
        spec: &Path,
        place: Option<Place>,
        schema: &Schema,
    ) -> Result<(Configuration, Diagnostics), Diagnostics> {
        let (configuration, found) = self.stack_as_far(name, spec, place, schema);
        found.or(configuration)
    }

    /// Reads and checks one stack and returns it as far as it could be understood, with every mistake that was seen: for
    /// checks that come later and have more to say.
    pub fn stack_as_far(&mut self, name: &str, spec: &Path, place: Option<Place>, schema: &Schema) -> (Configuration, Diagnostics) {
        let mut found = Diagnostics::default();
        let paths = self.spec_files(spec, place.as_ref(), &mut found);
        let tables: Vec<_> = paths.iter().filter_map(|path| self.table(path, place.as_ref(), &mut found)).collect();
        // What a file with broken TOML would have declared is not there: checks would only report that.
        let whole = tables.len() == paths.len() && !paths.is_empty();
        let (configuration, mistakes) = configuration::read(name, tables, schema);
        found.extend(mistakes);
        if whole {
            let files = if self.without_files { self.files().done_without() } else { self.files() };
            found.extend(check(&configuration, schema, &files));
        }
        (configuration, found)
    }

    /// Reads a file with values of variables; `place` is where its path was named.
    ///
    /// # Errors
    /// Returns every mistake in it, or that it can't be read.
    pub fn variables(&mut self, path: &Path, place: Option<Place>) -> Result<Vec<VariableInput>, Diagnostics> {
        let mut found = Diagnostics::default();
        let first = self.sources.iter().count();
        let table = self.table_by(Table::read_secret, path, place.as_ref(), &mut found);
        // Which of its values are sensitive can't be told yet.
        match &table {
            Some(table) => self.sources.show_only(first, table.entries.iter().map(|entry| entry.place.clone())),
            None => self.sources.hide_values(first),
        }
        let inputs = table.map(VariableInput::of_file).unwrap_or_default();
        found.or(inputs).map(|(inputs, _)| inputs)
    }

    fn spec_files(&self, spec: &Path, place: Option<&Place>, found: &mut Diagnostics) -> Vec<PathBuf> {
        let folder = self.root.join(spec);
        if !folder.is_dir() {
            return vec![spec.to_owned()];
        }
        let names =
            std::fs::read_dir(&folder).and_then(|entries| entries.map(|entry| Ok(entry?.file_name())).collect::<Result<Vec<_>, _>>());
        let names = names.unwrap_or_else(|error| {
            found.push(unreadable(spec, &format!("can't be read: {}", error.kind()), place));
            Vec::new()
        });
        let wanted = |name: &str| name.ends_with(".toml") && !name.ends_with(".vars.toml") && !name.starts_with('.');
        let mut paths: Vec<_> =
            names.iter().filter_map(|name| name.to_str()).filter(|name| wanted(name)).map(|name| spec.join(name)).collect();
        paths.sort();
        if paths.is_empty() && !found.has_errors() {
            found.push(unreadable(spec, "is a folder without .toml files", place));
        }
        paths
    }

    fn table(&mut self, path: &Path, place: Option<&Place>, found: &mut Diagnostics) -> Option<Table> {
        self.table_by(Table::read, path, place, found)
    }

    fn table_by(
        &mut self,
        read: fn(&str, usize, &mut Diagnostics) -> Option<Table>,
        path: &Path,
        place: Option<&Place>,
        found: &mut Diagnostics,
    ) -> Option<Table> {
        // What the project names lies beneath it; what the command line names may be anywhere.
        let bytes = match place {
            Some(_) => self.files().read_beneath(path, SOURCE_LIMIT),
            None => read_plain(&self.root.join(path), SOURCE_LIMIT),
        };
        let text = bytes.and_then(|bytes| {
            self.read += bytes.len();
            if self.read > TOTAL_LIMIT {
                return Err(format!("makes more than {TOTAL_LIMIT} bytes together with what was read before it"));
            }
            String::from_utf8(bytes).map_err(|_| "is not UTF-8 text".to_owned())
        });
        match text {
            Ok(text) => {
                let source = self.sources.add(path, text.as_str());
                read(&text, source, found)
            }
            Err(why) => {
                found.push(unreadable(path, &why, place));
                None
            }
        }
    }
}

fn unreadable(path: &Path, why: &str, place: Option<&Place>) -> Diagnostic {
    Diagnostic::error("Unreadable file", format!("`{}` {why}.", path.display())).at(place.cloned())
}
