//! One document from statements and other documents.

use std::collections::BTreeMap;

use lowtide_model::{Complaint, Path, Policy, Set, Step, Value};

use super::{Condition, PolicyDocument, Principals, Statement, text::Json};

/// The order in which a statement's members are written.
const ORDER: [&str; 9] = ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition"];

/// A document under construction.
#[derive(Default)]
struct Document {
    version: String,
    id: Option<String>,
    statements: Vec<Entry>,
}

struct Entry {
    sid: Option<String>,
    json: Json,
}

/// Returns the whole document.
pub fn whole(query: &PolicyDocument) -> Result<Json, Vec<Complaint>> {
    let mut complaints = Vec::new();
    let mut document = Document::default();
    let mut sids = Vec::new();
    for (at, source) in query.source_policy_documents.iter().flatten().enumerate() {
        let Some(source) = parsed("source_policy_documents", at, source, &mut complaints) else { continue };
        for sid in source.statements.iter().filter_map(|statement| statement.sid.clone()) {
            if sids.contains(&sid) {
                complaints.push(twice("source_policy_documents", at, &sid));
            }
            sids.push(sid);
        }
        document.merge(source);
    }
    document.merge(own(query, &mut complaints));
    for (at, other) in query.override_policy_documents.iter().flatten().enumerate() {
        if let Some(other) = parsed("override_policy_documents", at, other, &mut complaints) {
            document.merge(other);
        }
    }
    if complaints.is_empty() { Ok(document.json()) } else { Err(complaints) }
}

impl Document {
    /// Takes another one in: its id, the newer version, its statements in the places of those with their sid.
    fn merge(&mut self, other: Self) {
        self.id = other.id.filter(|id| !id.is_empty()).or(self.id.take());
        self.version = other.version.max(std::mem::take(&mut self.version));
        for statement in other.statements {
            match self.statements.iter_mut().find(|old| old.sid.is_some() && old.sid == statement.sid) {
                Some(old) => *old = statement,
                None => self.statements.push(statement),
            }
        }
    }

    fn json(self) -> Json {
        let mut members = Vec::new();
        if !self.version.is_empty() {
            members.push(("Version".to_owned(), Json::text(self.version)));
        }
        members.extend(self.id.map(|id| ("Id".to_owned(), Json::text(id))));
        if !self.statements.is_empty() {
            members.push(("Statement".to_owned(), Json::List(self.statements.into_iter().map(|statement| statement.json).collect())));
        }
        Json::Object(members)
    }
}

fn twice(attribute: &str, at: usize, sid: &str) -> Complaint {
    let path = Path::of(attribute).then(Step::Index(at));
    Complaint::at(path, format!("There is another statement with the sid `{sid}`.")).hint("give each statement a sid of its own, or none")
}

/// Reads a document that was given as structure or as text.
fn parsed(attribute: &str, at: usize, policy: &Policy, complaints: &mut Vec<Complaint>) -> Option<Document> {
    let structure = match &policy.0 {
        // Terraform skips empty ones, which conditional expressions give.
        Value::Null => return None,
        Value::String(text) if text.is_empty() => return None,
        Value::String(text) => Policy::parse(text).map(|policy| policy.0),
        other => Some(other.clone()),
    };
    let Some(members) = structure.as_ref().and_then(Value::as_members) else {
        let path = Path::of(attribute).then(Step::Index(at));
        complaints.push(Complaint::at(path, "This is no policy document: a policy document is a JSON object."));
        return None;
    };
    let text = |name: &str| members.get(name).and_then(Value::as_str).map(str::to_owned);
    let statements = match members.get("Statement") {
        None | Some(Value::Null) => Vec::new(),
        Some(some) => some.elements().unwrap_or_else(|| vec![some]),
    };
    let entry = |statement: &Value| {
        let sid = statement.as_members().and_then(|members| members.get("Sid")).and_then(Value::as_str);
        Entry { sid: sid.filter(|sid| !sid.is_empty()).map(str::to_owned), json: Json::of(statement, &ORDER) }
    };
    Some(Document { version: text("Version").unwrap_or_default(), id: text("Id"), statements: statements.into_iter().map(entry).collect() })
}

/// Returns the document of the data source's own statements.
fn own(query: &PolicyDocument, complaints: &mut Vec<Complaint>) -> Document {
    let mut statements: Vec<Entry> = Vec::new();
    for (at, statement) in query.statement.iter().flatten().enumerate() {
        let sid = statement.sid.clone().filter(|sid| !sid.is_empty());
        if let Some(sid) = sid.as_ref().filter(|sid| statements.iter().any(|other| other.sid.as_ref() == Some(sid))) {
            complaints.push(twice("statement", at, sid));
        }
        if query.version == "2008-10-17" && holds_variable(statement) {
            let detail = "Version 2008-10-17 of the policy language has no variables, and this statement holds `&{`.".to_owned();
            let path = Path::of("statement").then(Step::Index(at));
            complaints.push(Complaint::at(path, detail).hint("leave `version` out"));
        }
        statements.push(Entry { sid, json: written(statement) });
    }
    Document { version: query.version.clone(), id: query.policy_id.clone(), statements }
}

fn written(statement: &Statement) -> Json {
    let mut members = Vec::new();
    let mut put = |name: &str, json: Option<Json>| members.extend(json.map(|json| (name.to_owned(), json)));
    put("Sid", statement.sid.clone().filter(|sid| !sid.is_empty()).map(Json::text));
    put("Effect", Some(Json::text(statement.effect.clone())));
    put("Action", texts(statement.actions.as_ref()));
    put("NotAction", texts(statement.not_actions.as_ref()));
    put("Resource", texts(statement.resources.as_ref()));
    put("NotResource", texts(statement.not_resources.as_ref()));
    put("Principal", principals(statement.principals.as_ref()));
    put("NotPrincipal", principals(statement.not_principals.as_ref()));
    put("Condition", conditions(statement.condition.as_ref()));
    Json::Object(members)
}

/// Returns a set in falling order; a single value stands alone.
fn texts(all: Option<&Set<String>>) -> Option<Json> {
    one_or_list(falling(all?.iter().map(|text| with_variables(text)).collect()))
}

fn falling(mut all: Vec<String>) -> Vec<String> {
    all.sort_by(|a, b| b.cmp(a));
    all.dedup();
    all
}

fn one_or_list(mut all: Vec<String>) -> Option<Json> {
    match all.len() {
        0 => None,
        1 => all.pop().map(Json::text),
        _ => Some(Json::List(all.into_iter().map(Json::text).collect())),
    }
}

fn principals(all: Option<&Set<Principals>>) -> Option<Json> {
    let all = all.filter(|all| !all.is_empty())?;
    if let [Principals { r#type, identifiers }] = all.as_slice()
        && r#type == "*"
        && identifiers.as_slice() == ["*"]
    {
        return Some(Json::text("*"));
    }
    let mut by_type: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for one in all.iter() {
        by_type.entry(&one.r#type).or_default().extend(one.identifiers.iter().map(|text| with_variables(text)));
    }
    let members = by_type.into_iter().filter_map(|(kind, who)| Some((kind.to_owned(), one_or_list(falling(who))?)));
    Some(Json::Object(members.collect()))
}

/// Returns conditions by test and variable. The values keep their order.
fn conditions(all: Option<&Set<Condition>>) -> Option<Json> {
    let mut tests: BTreeMap<&str, BTreeMap<&str, Vec<String>>> = BTreeMap::new();
    for one in all?.iter() {
        let values = tests.entry(&one.test).or_default().entry(&one.variable).or_default();
        values.extend(one.values.iter().map(|text| with_variables(text)));
    }
    let test = |(test, variables): (&str, BTreeMap<&str, Vec<String>>)| {
        let members = variables.into_iter().filter_map(|(variable, values)| Some((variable.to_owned(), one_or_list(values)?)));
        (test.to_owned(), Json::Object(members.collect()))
    };
    let tests: Vec<_> = tests.into_iter().map(test).collect();
    (!tests.is_empty()).then_some(Json::Object(tests))
}

/// `&{` stands for the policy language's `${`, which templates take for their own.
fn with_variables(text: &str) -> String {
    text.replace("&{", "${")
}

fn holds_variable(statement: &Statement) -> bool {
    let sets = [&statement.resources, &statement.not_resources];
    let principals = [&statement.principals, &statement.not_principals].into_iter().flatten().flat_map(|all| all.iter());
    let texts = sets.into_iter().flatten().flat_map(|all| all.iter());
    let values = statement.condition.iter().flat_map(|all| all.iter()).flat_map(|one| one.values.iter());
    texts.chain(principals.flat_map(|one| one.identifiers.iter())).chain(values).any(|text| text.contains("&{"))
}
