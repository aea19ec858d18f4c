//! A case: a spec, and what is to be done to one of its resources.

use anyhow::{Context, Result};
use lowtide_model::Address;
use toml::{Table, Value};

/// One kind's case.
pub struct Case {
    /// The resource under test.
    pub subject: Address,
    /// What is changed in place, step by step, each on top of the one before.
    pub updates: Vec<Edit>,
    /// What takes a new one, each from the beginning.
    pub replaces: Vec<Edit>,
    /// What is changed behind our back, each from the beginning.
    pub drifts: Vec<Edit>,
    /// What this case can't show, and why, by attribute.
    pub left_out: Table,
    /// Changes of what is left out: others are asked what they would do (`tests/facts`).
    pub asked: Vec<Asked>,
    /// What is left out and nobody else knows either, and why, by attribute.
    pub unasked: Table,
    /// Attributes that nobody can change alone behind our back and then set back, and why.
    pub not_alone: Table,
    /// Whether deleting it sets it back to what it is without us, so that it is never gone.
    pub resets: bool,
    /// Files of the project beside the spec.
    pub files: Table,
    /// The import id, where it is not the physical id; `{attribute}` stands for an input or output.
    pub import: Option<String>,
    spec: Table,
}

/// A change that is not made, and what it wants besides.
#[derive(Clone, Default)]
pub struct Asked {
    /// How the subject is otherwise than the case declares it.
    pub with: Edit,
    /// What is changed then.
    pub change: Edit,
}

/// A change of the subject's attributes.
#[derive(Clone, Default)]
pub struct Edit {
    /// Attributes that are set.
    pub set: Table,
    /// Attributes that are taken away.
    pub unset: Vec<String>,
    /// Whether it makes another sort of the thing, in which something else follows for what nobody gives.
    pub another_sort: bool,
}

impl Case {
    /// Reads a case.
    pub fn parse(text: &str) -> Result<Self> {
        let mut spec: Table = text.parse()?;
        let Some(Value::Table(mut case)) = spec.remove("case") else { anyhow::bail!("a case has a [case] table") };
        let subject = case.get("subject").and_then(Value::as_str).context("a case has a subject")?;
        Ok(Self {
            subject: subject.parse()?,
            updates: edits(case.remove("update"))?,
            replaces: edits(case.remove("replace"))?,
            drifts: edits(case.remove("drift"))?,
            left_out: case.remove("left_out").and_then(|table| table.as_table().cloned()).unwrap_or_default(),
            asked: asked(case.remove("asked"))?,
            unasked: case.remove("unasked").and_then(|table| table.as_table().cloned()).unwrap_or_default(),
            not_alone: case.remove("not_alone").and_then(|table| table.as_table().cloned()).unwrap_or_default(),
            resets: case.get("resets").and_then(Value::as_bool).unwrap_or_default(),
            files: case.remove("files").and_then(|table| table.as_table().cloned()).unwrap_or_default(),
            import: case.get("import").and_then(Value::as_str).map(str::to_owned),
            spec,
        })
    }

    /// Changes the subject.
    pub fn edit(&mut self, edit: &Edit) -> Result<()> {
        let subject = self.subject()?;
        for (name, value) in &edit.set {
            subject.insert(name.clone(), value.clone());
        }
        edit.unset.iter().for_each(|name| drop(subject.remove(name)));
        Ok(())
    }

    /// Returns the attributes the subject declares.
    pub fn subject(&mut self) -> Result<&mut Table> {
        let (kind, name) = (self.subject.kind().to_owned(), self.subject.declared.name.to_string());
        let declared = self.spec.get_mut("resource").and_then(|all| all.get_mut(&kind)).and_then(|all| all.get_mut(&name));
        declared.and_then(Value::as_table_mut).context("the subject is declared")
    }

    /// Returns the spec as it is now.
    pub fn text(&self) -> Result<String> {
        Ok(toml::to_string(&self.spec)?)
    }
}

fn edits(value: Option<Value>) -> Result<Vec<Edit>> {
    Ok(tables(value)?.into_iter().map(|mut table| edit(&mut table, "set", "unset")).collect())
}

fn asked(value: Option<Value>) -> Result<Vec<Asked>> {
    let one = |mut table: Table| Asked { with: edit(&mut table, "with", "without"), change: edit(&mut table, "set", "unset") };
    Ok(tables(value)?.into_iter().map(one).collect())
}

fn edit(table: &mut Table, set: &str, unset: &str) -> Edit {
    let set = table.remove(set).and_then(|set| set.as_table().cloned()).unwrap_or_default();
    let unset = table.remove(unset).and_then(|names| names.as_array().cloned()).unwrap_or_default();
    let another_sort = table.get("another_sort").and_then(Value::as_bool).unwrap_or_default();
    Edit { set, unset: unset.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect(), another_sort }
}

fn tables(value: Option<Value>) -> Result<Vec<Table>> {
    let table = |value: Value| match value {
        Value::Table(table) => Ok(table),
        _ => anyhow::bail!("an edit is a table"),
    };
    match value {
        None => Ok(Vec::new()),
        Some(Value::Array(all)) => all.into_iter().map(table).collect(),
        Some(one) => Ok(vec![table(one)?]),
    }
}
