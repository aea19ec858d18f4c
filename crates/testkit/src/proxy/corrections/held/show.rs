//! An answer in which states are put: XML or JSON.

use bytes::Bytes;
use http::Response;
use serde_json::{Value, json};

use super::super::mend;
use super::table::{Kind, State, name_of};
use crate::proxy::xml::Element;

/// An answer, read.
pub(super) enum Answer {
    Xml(Element),
    Json(Value),
}

impl Answer {
    /// Reads an answer; one without a body has nothing to show.
    pub(super) fn read(reply: &Response<Bytes>) -> anyhow::Result<Option<Self>> {
        let body = reply.body().trim_ascii_start();
        match body.first() {
            Some(b'<') => Ok(Some(Self::Xml(Element::parse(&String::from_utf8_lossy(body))?))),
            Some(b'{') => Ok(Some(Self::Json(serde_json::from_slice(body)?))),
            _ => Ok(None),
        }
    }

    /// The names of all things in it that have a state.
    pub(super) fn names(&self, kind: &Kind) -> Vec<String> {
        let mut names = Vec::new();
        match self {
            Self::Xml(root) => names_in_xml(root, kind, &mut names),
            Self::Json(root) => names_in_json(root, kind, &mut names),
        }
        names
    }

    /// Puts a word where the thing of this name shows its state.
    pub(super) fn put(&mut self, kind: &Kind, name: &str, word: &str) {
        match self {
            Self::Xml(root) => put_in_xml(root, kind, name, word),
            Self::Json(root) => put_in_json(root, kind, name, word),
        }
    }

    pub(super) fn reply(&self) -> Response<Bytes> {
        match self {
            Self::Xml(root) => mend::xml_reply(root),
            Self::Json(root) => mend::json_reply(root),
        }
    }

    /// The same, with status and headers of the answer it was read from.
    pub(super) fn reply_like(&self, reply: Response<Bytes>) -> Response<Bytes> {
        reply.map(|_| match self {
            Self::Xml(root) => Bytes::from(root.document()),
            Self::Json(root) => Bytes::from(root.to_string()),
        })
    }
}

fn names_in_xml(element: &Element, kind: &Kind, names: &mut Vec<String>) {
    if let (Some(id), true) = (element.child(kind.id), element.child(kind.state.first()).is_some()) {
        names.push(name_of(&id.text).to_owned());
    }
    element.children.iter().for_each(|child| names_in_xml(child, kind, names));
}

fn put_in_xml(element: &mut Element, kind: &Kind, name: &str, word: &str) {
    let is_it = element.child(kind.id).is_some_and(|id| name_of(&id.text) == name);
    let first = kind.state.first();
    if let (true, Some(state)) = (is_it, element.children.iter_mut().find(|child| child.name == first)) {
        match kind.state {
            State::Inside(_, inner) => state.set(inner, word),
            State::Here(_) | State::Deployment(_) => word.clone_into(&mut state.text),
        }
    }
    element.children.iter_mut().for_each(|child| put_in_xml(child, kind, name, word));
}

fn names_in_json(value: &Value, kind: &Kind, names: &mut Vec<String>) {
    if let (Some(id), true) = (value[kind.id].as_str(), value.get(kind.state.first()).is_some()) {
        names.push(name_of(id).to_owned());
    }
    match value {
        Value::Object(fields) => fields.values().for_each(|inner| names_in_json(inner, kind, names)),
        Value::Array(items) => items.iter().for_each(|inner| names_in_json(inner, kind, names)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn put_in_json(value: &mut Value, kind: &Kind, name: &str, word: &str) {
    if value[kind.id].as_str().is_some_and(|id| name_of(id) == name) && value.get(kind.state.first()).is_some() {
        match kind.state {
            State::Here(field) => value[field] = json!(word),
            State::Inside(field, inner) => value[field][inner] = json!(word),
            State::Deployment(field) => put_in_deployment(value, field, word),
        }
    }
    match value {
        Value::Object(fields) => fields.values_mut().for_each(|inner| put_in_json(inner, kind, name, word)),
        Value::Array(items) => items.iter_mut().for_each(|inner| put_in_json(inner, kind, name, word)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// While a deployment is in progress none of its tasks runs yet; while a service drains the tasks that ran still do.
fn put_in_deployment(service: &mut Value, status: &str, word: &str) {
    if word == "DRAINING" {
        service[status] = json!(word);
        service["desiredCount"] = json!(0);
        return;
    }
    none_runs_yet(service);
    for deployment in service["deployments"].as_array_mut().into_iter().flatten() {
        deployment["rolloutState"] = json!(word);
        none_runs_yet(deployment);
    }
}

fn none_runs_yet(tasks: &mut Value) {
    tasks["pendingCount"] = tasks["desiredCount"].clone();
    tasks["runningCount"] = json!(0);
}
