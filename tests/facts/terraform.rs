//! Our kinds beside the AWS provider of Terraform, which is asked what it would do with the cases of `conformance/`.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use lowtide_model::{Description, Removed};
use lowtide_testkit::reference::Found;

use super::{
    absent::{default, filled_in, same},
    attributes::{Row, rows},
    oracle::{Answer, Answers, Planned, Question, Stage},
};
use crate::conformance::case::{Case, Edit};

/// What a change does that takes a new resource.
const NEW: &str = "a new one";

/// What becomes of an attribute that is no longer given and stays.
const KEPT: &str = "kept";

/// A case, and what of it is asked.
pub struct Compared {
    description: &'static Description,
    edits: BTreeMap<String, Edit>,
    /// Copies that are otherwise than the case: what follows for what nobody gives is not compared there.
    otherwise: BTreeSet<String>,
    /// What is asked.
    pub question: Question,
}

impl Compared {
    /// Makes a question of a case: updates each on top of the one before, replacements each from the beginning, and so what is asked
    /// only of others, with what it wants besides.
    pub fn of(description: &'static Description, text: &str) -> Result<Self> {
        let mut case = Case::parse(text)?;
        let spec = case.text()?.parse()?;
        let name = case.subject.declared.name.to_string();
        let begin = case.subject()?.clone();
        let (mut stages, mut edits, mut from) = (Vec::new(), BTreeMap::new(), name.clone());
        let mut otherwise = BTreeSet::new();
        for (number, edit) in case.updates.clone().into_iter().enumerate() {
            let edit = of_change(edit, case.subject()?);
            case.edit(&edit)?;
            let stage = Stage { name: format!("{name}_update_{number}"), from, to: case.subject()?.clone() };
            from = stage.name.clone();
            edits.insert(stage.name.clone(), edit);
            stages.push(stage);
        }
        for (number, edit) in case.replaces.clone().into_iter().enumerate() {
            let edit = of_change(edit, &begin);
            begin.clone_into(case.subject()?);
            case.edit(&edit)?;
            let stage = Stage { name: format!("{name}_replace_{number}"), from: name.clone(), to: case.subject()?.clone() };
            otherwise.extend(edit.another_sort.then(|| stage.name.clone()));
            edits.insert(stage.name.clone(), edit);
            stages.push(stage);
        }
        for (number, asked) in case.asked.clone().into_iter().enumerate() {
            begin.clone_into(case.subject()?);
            case.edit(&asked.with)?;
            let from = Stage { name: format!("{name}_with_{number}"), from: format!("{name}_with_{number}"), to: case.subject()?.clone() };
            let edit = of_change(asked.change, &from.to);
            case.edit(&edit)?;
            let stage = Stage { name: format!("{name}_asked_{number}"), from: from.name.clone(), to: case.subject()?.clone() };
            edits.insert(stage.name.clone(), edit);
            otherwise.extend([from.name.clone(), stage.name.clone()]);
            stages.extend([from, stage]);
        }
        Ok(Self { description, edits, otherwise, question: Question { kind: description.kind.to_owned(), spec, name, stages } })
    }

    /// Returns where the provider says something else.
    pub fn differences(&self, answers: &Answers) -> Result<BTreeSet<Found>> {
        let kind = &self.question.kind;
        let found = |path: &str, theirs: &str, ours: &str| -> Found { (kind.clone(), path.to_owned(), theirs.to_owned(), ours.to_owned()) };
        let mut all = BTreeSet::new();
        let (mut planned, mut as_declared) = (Vec::new(), Vec::new());
        for name in self.question.stages.iter().map(|stage| &stage.name).chain([&self.question.name]) {
            let edit = self.edits.get(name);
            match answers.get(&(kind.clone(), name.clone())).with_context(|| format!("{kind}.{name} was asked"))? {
                Answer::Planned(plan) => {
                    planned.push((plan, edit));
                    as_declared.extend((!self.otherwise.contains(name)).then_some(plan));
                }
                Answer::Refused(words) => {
                    let what = edit.map_or_else(|| "all".to_owned(), |edit| named(edit).collect::<Vec<_>>().join(", "));
                    all.insert(found(&what, &format!("refused: {words}"), "taken"));
                }
            }
        }
        all.extend(self.absent(as_declared.into_iter()).iter().map(|(path, theirs, ours)| found(path, theirs, ours)));
        let otherwise: BTreeSet<_> = all.iter().map(|(_, path, ..)| path.clone()).collect();
        for (path, theirs, ours) in planned.iter().filter_map(|(plan, edit)| Some(self.changed((*edit)?, plan))).flatten() {
            // What stays follows from what it is when nobody gives it.
            if theirs != KEPT || !otherwise.contains(&path) {
                all.insert(found(&path, theirs, ours));
            }
        }
        Ok(all)
    }

    /// Returns where attributes that nobody gives become something else.
    fn absent<'a>(&self, plans: impl Iterator<Item = &'a Planned>) -> Vec<(String, String, String)> {
        let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (path, value) in plans.flat_map(|plan| filled_in(plan, self.description.inputs)) {
            all.entry(path).or_default().insert(value);
        }
        let differs = |row: Row| {
            let (theirs, ours) = (all.get(&row.path)?, default(row.attribute));
            // What is another value with each change follows from that change.
            let theirs = if theirs.len() > 1 { "follows from others" } else { theirs.first()? };
            (!same(theirs, &ours)).then(|| (row.path, theirs.to_owned(), ours))
        };
        rows(self.description.inputs).into_iter().filter_map(differs).collect()
    }

    /// Returns what the provider does otherwise with the attributes of a change.
    fn changed(&self, edit: &Edit, planned: &Planned) -> Vec<(String, &'static str, &'static str)> {
        let rows = rows(self.description.inputs);
        let row = |path: &str| rows.iter().find(|row| row.path == path);
        let difference = |name: &str| {
            let (named, unset) = (row(name)?, edit.unset.iter().any(|unset| unset == name));
            // What AWS decides stays when it is no longer given.
            if unset && named.attribute.computed() {
                return None;
            }
            let forced = planned.forced.iter().find(|path| path.as_str() == name || path.starts_with(&format!("{name}.")));
            let stays = planned.before[name] == planned.after[name] && planned.unknown[name] != true;
            let theirs = match forced {
                Some(_) => NEW,
                None if stays => if_else(unset, KEPT, "nothing"),
                None => if_else(unset, "taken away", "in place"),
            };
            let path = forced.map_or(name, String::as_str);
            let row = row(path).unwrap_or(named);
            let replaces = row.replaces || (unset && row.attribute.removed == Removed::Replaces);
            let ours = if_else(replaces, NEW, if_else(unset, "taken away", "in place"));
            (theirs != ours).then(|| (path.to_owned(), theirs, ours))
        };
        named(edit).filter_map(difference).collect()
    }
}

fn if_else(so: bool, yes: &'static str, no: &'static str) -> &'static str {
    if so { yes } else { no }
}

/// Returns what an edit changes: not what is so already.
fn of_change(mut edit: Edit, before: &toml::Table) -> Edit {
    edit.set.retain(|name, value| before.get(name) != Some(value));
    edit.unset.retain(|name| before.contains_key(name));
    edit
}

fn named(edit: &Edit) -> impl Iterator<Item = &str> {
    edit.set.keys().chain(&edit.unset).map(String::as_str)
}
