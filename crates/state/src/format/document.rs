//! A state with what stands around it in its file.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::{Unreadable, canonical, upgrade};
use crate::{Author, Intent, Record, State, fields::Fields};

/// A state with what stands around it in its file.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// The state.
    pub state: State,
    /// The hash of the state before it; none for the first.
    pub parent: Option<String>,
    /// What wrote it: `lowtide 0.1.0`.
    pub tool: String,
    /// The run that wrote it; none where it is older than format 3.
    pub author: Option<Author>,
    /// What a newer version wrote and this one does not know.
    pub unknown: BTreeMap<String, Json>,
}

impl Document {
    /// Returns the first document of a state.
    pub fn new(state: State, tool: impl Into<String>) -> Self {
        Self { state, parent: None, tool: tool.into(), author: None, unknown: BTreeMap::new() }
    }

    /// Returns it as written by a run.
    #[must_use]
    pub fn by(self, author: Option<Author>) -> Self {
        Self { author, ..self }
    }

    /// Returns the document that follows this one, whose hash is given, with a changed state; or with another one of the lineage, whose
    /// serial may be the higher of the two. Its author is still to be told.
    #[must_use]
    pub fn next(&self, hash: &str, state: State, tool: &str) -> Self {
        let state = State { serial: self.state.serial.max(state.serial) + 1, ..state };
        Self { state, parent: Some(hash.to_owned()), tool: tool.to_owned(), author: None, unknown: self.unknown.clone() }
    }

    /// Returns its canonical text.
    pub(crate) fn text(&self) -> String {
        let mut all: serde_json::Map<String, Json> = self.unknown.clone().into_iter().collect();
        let records: Vec<Json> = self.state.records.values().map(canonical::json).collect();
        let known = [
            ("format", json!(upgrade::FORMAT)),
            ("lineage", json!(self.state.lineage)),
            ("serial", json!(self.state.serial)),
            ("parent", json!(self.parent)),
            ("tool", json!(self.tool)),
            ("author", canonical::json(&self.author)),
            ("records", Json::Array(records)),
            ("pending", Json::Array(self.state.pending.values().map(canonical::json).collect())),
            ("outputs", canonical::json(&self.state.outputs)),
        ];
        all.extend(known.map(|(name, value)| (name.to_owned(), value)));
        canonical::canonical(&Json::Object(all))
    }

    /// Reads it from JSON of a format that the header told.
    pub(crate) fn from_json(mut json: Json, format: u32) -> Result<Self, Unreadable> {
        let told = json.get("format").and_then(Json::as_u64);
        if told != Some(u64::from(format)) {
            return Err(Unreadable::Header { why: format!("it says format {format}, but the content is of another") });
        }
        upgrade::upgrade(&mut json, format, upgrade::STEPS, |step| step.document)?;
        Self::from_current(json).map_err(|why| Unreadable::Malformed { why })
    }

    fn from_current(json: Json) -> Result<Self, String> {
        let mut fields = Fields::of(json)?;
        let _: u32 = fields.take("format")?;
        let state = State {
            lineage: fields.take("lineage")?,
            serial: fields.take("serial")?,
            records: records(fields.take("records")?)?,
            pending: fields.take::<Vec<Intent>>("pending")?.into_iter().map(|intent| (intent.key(), intent)).collect(),
            outputs: fields.take("outputs")?,
        };
        Ok(Self {
            state,
            parent: fields.take("parent")?,
            tool: fields.take("tool")?,
            author: fields.take("author")?,
            unknown: fields.rest(),
        })
    }
}

fn records(all: Vec<Json>) -> Result<BTreeMap<crate::RecordKey, Record>, String> {
    let mut records = BTreeMap::new();
    for (at, json) in all.into_iter().enumerate() {
        let record = Record::from_json(json).map_err(|why| format!("record {at}: {why}"))?;
        let key = record.key();
        if let Some(twice) = records.insert(key, record) {
            return Err(format!("there are two records of {}, generation {}", twice.address, twice.generation));
        }
    }
    Ok(records)
}
