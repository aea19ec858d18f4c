//! A spec, what is remembered of it, and what AWS says.

use std::{collections::BTreeMap, sync::Arc};

use lowtide_diagnostic::Diagnostics;
use lowtide_graph::{Declarations, Node};
use lowtide_model::{Address, Fresh, Need, Object, Observation, Phase, Place, Planned, Removed, Shape, Source, Type, Value};
use lowtide_plan::{
    Answers, Hidden, Input, Options, Outsider, Plan, Progress, Providers, Request, Sight, Spec, Target, World, advance, answer, as_wished,
    compute, output_path, output_value, published_type, secret_path, value,
};
use lowtide_spec::{Configuration, NoFiles, Schema, Table, Values, check, configuration};
use lowtide_state::{Digest, Digester, OutputValue, Protection, Record, RecordKey, Remembered, StackKey, State, Status};

use crate::{kinds::schema, shown::shown};

/// The state's lineage.
pub const LINEAGE: &str = "lin-1";

/// A spec with its surroundings.
pub struct Case {
    pub configuration: Configuration,
    pub graph: Declarations,
    pub schema: Schema,
    pub values: Values,
    pub beside: Vec<Outsider>,
    pub state: State,
    pub sights: BTreeMap<RecordKey, Sight>,
    /// What there already is, by kind and id.
    pub existing: BTreeMap<(String, String), Sight>,
    pub options: Options,
    /// What was asked for while planning, in order.
    pub asked: Vec<Request>,
}

/// A digester whose digests are legible.
pub struct Plainly;

impl Digester for Plainly {
    fn digest(&self, path: &str, value: &Value) -> Digest {
        Digest { salt: path.to_owned(), hmac: value.to_json().to_string() }
    }

    fn is_of(&self, digest: &Digest, path: &str, value: &Value) -> bool {
        *digest == self.digest(path, value)
    }

    fn fingerprint(&self, bytes: &[u8]) -> String {
        bytes.len().to_string()
    }
}

pub fn address(text: &str) -> Address {
    text.parse().expect("an address")
}

pub fn place() -> Place {
    Place { account: "111122223333".to_owned(), partition: "aws".to_owned(), region: "eu-west-1".to_owned() }
}

pub fn json(text: &str) -> Value {
    Value::from_json(&serde_json::from_str(text).expect("JSON")).expect("small numbers")
}

fn values() -> Values {
    let mut values = Values::new(Arc::new(NoFiles));
    values.set_variable("secret".into(), Planned::text("hunter2").marked(true));
    values.set_variable("on".into(), Planned::from(Value::Bool(true)));
    values
}

impl Case {
    /// Returns a spec that was never applied.
    pub fn new(spec: &str) -> Self {
        let schema = schema();
        let (configuration, graph) = understood(spec, &schema);
        Self {
            configuration,
            graph,
            schema,
            values: values(),
            beside: Vec::new(),
            state: State::new(LINEAGE),
            sights: BTreeMap::new(),
            existing: BTreeMap::new(),
            options: Options::default(),
            asked: Vec::new(),
        }
    }

    /// Returns a spec that was applied to its last word.
    pub fn applied(spec: &str) -> Self {
        let mut case = Self::new(spec);
        case.settle();
        case
    }

    /// Returns the same with another spec.
    pub fn then(mut self, spec: &str) -> Self {
        (self.configuration, self.graph) = understood(spec, &self.schema);
        self
    }

    pub fn destroyed(mut self) -> Self {
        self.options.destroy = true;
        self
    }

    pub fn targeting(mut self, targets: &[&str]) -> Self {
        self.options.targets = targets.iter().map(|text| Target(address(text))).collect();
        self
    }

    pub fn excluding(mut self, excludes: &[&str]) -> Self {
        self.options.excludes = excludes.iter().map(|text| Target(address(text))).collect();
        self
    }

    /// Changes what AWS says of one thing.
    pub fn seen(mut self, text: &str, change: impl FnOnce(&mut Observation)) -> Self {
        let key = self.key(text);
        let Some(Sight::Here(seen)) = self.sights.get_mut(&key) else { panic!("{text} is not to be seen") };
        change(seen);
        self
    }

    pub fn sight(mut self, text: &str, sight: Sight) -> Self {
        self.sights.insert(self.key(text), sight);
        self
    }

    /// Changes what is remembered of one thing.
    pub fn remembered(mut self, text: &str, change: impl FnOnce(&mut Record)) -> Self {
        let key = self.key(text);
        change(self.state.records.get_mut(&key).expect("a record"));
        self
    }

    /// Remembers an older generation of something, still there.
    pub fn deposed(mut self, text: &str, generation: u32, id: &str) -> Self {
        let key = self.key(text);
        let older =
            Record { generation, id: id.to_owned(), uid: format!("op-{id}"), status: Status::Deposed, ..self.state.records[&key].clone() };
        let mut seen = older.last_observation();
        set_tag(&mut seen, "lowtide:id", &older.uid);
        self.sights.insert(older.key(), Sight::Here(Box::new(seen)));
        self.state.records.insert(older.key(), older);
        self
    }

    /// Says that there is one already.
    pub fn there_is(mut self, kind: &str, id: &str, inputs: &str) -> Self {
        let Value::Object(inputs) = json(inputs) else { panic!("an object") };
        let seen = Observation { id: id.to_owned(), inputs: Object(inputs), ..Observation::default() };
        self.existing.insert((kind.to_owned(), id.to_owned()), Sight::Here(Box::new(seen)));
        self
    }

    fn key(&self, text: &str) -> RecordKey {
        self.state.current(&address(text)).expect("a record").key()
    }

    /// Plans, answering what is asked for.
    pub fn plan(&mut self) -> Result<Plan, Diagnostics> {
        let (mut answers, places, providers) = (Answers::default(), self.places(), self.providers());
        self.asked.clear();
        for _ in 0..20 {
            match self.advance(&answers, &places, &providers)? {
                Progress::Done(plan) => return Ok(*plan),
                Progress::Needs(requests) => {
                    for request in requests {
                        assert!(!self.asked.contains(&request), "asked twice: {request:?}");
                        self.asked.push(request.clone());
                        self.answer(&mut answers, request);
                    }
                }
            }
        }
        panic!("planning asks again and again");
    }

    /// Plans as far as these answers allow.
    pub fn advance(
        &self,
        answers: &Answers,
        places: &BTreeMap<Option<Arc<str>>, Place>,
        providers: &Providers,
    ) -> Result<Progress, Diagnostics> {
        let stack = StackKey { project: "toys".to_owned(), environment: "default".to_owned(), stack: "base".to_owned() };
        let spec = Spec {
            stack: &stack,
            configuration: &self.configuration,
            graph: &self.graph,
            schema: &self.schema,
            values: &self.values,
            providers,
            beside: &self.beside,
        };
        advance(&Input { spec, places, state: &self.state, sights: &self.sights, answers, digester: &Plainly, options: &self.options })
    }

    pub fn answer(&self, answers: &mut Answers, request: Request) {
        match &request {
            Request::Look { kind, query, .. } => drop(answers.looked.insert(request.clone(), looked(kind, query))),
            Request::Find { kind, id, .. } => {
                let sight = self.existing.get(&(kind.clone(), id.clone())).cloned().unwrap_or(Sight::Gone);
                answers.found.insert(request, sight);
            }
        }
    }

    /// Returns the plan as text, or what is wrong.
    pub fn shown(&mut self) -> String {
        self.plan().map_or_else(|wrong| crate::shown::complaints(&wrong.sorted()), |plan| shown(&plan))
    }

    /// Returns a world in which nothing is known yet.
    pub fn world<'a>(&'a self, providers: &'a Providers, places: &'a BTreeMap<Option<Arc<str>>, Place>) -> World<'a> {
        World::new(&self.configuration, &self.graph, &self.schema, providers, places, self.values.clone())
    }

    pub fn places(&self) -> BTreeMap<Option<Arc<str>>, Place> {
        let elsewhere = Place { region: "us-west-2".to_owned(), ..place() };
        BTreeMap::from([(None, place()), (Some("west".into()), elsewhere)])
    }

    pub fn providers(&self) -> Providers {
        lowtide_plan::providers(&self.configuration, &self.values).expect("providers")
    }

    /// Remembers and sees everything declared just as it is declared, without asking the planner.
    pub fn settle(&mut self) {
        let (places, providers, configuration, graph) = (self.places(), self.providers(), self.configuration.clone(), self.graph.clone());
        let schema = self.schema.clone();
        let mut world = World::new(&configuration, &graph, &schema, &providers, &places, self.values.clone());
        let mut count = 0;
        for node in graph.in_order() {
            let declared = match node {
                Node::Local(name) => {
                    world.set_local(name).expect("a local");
                    continue;
                }
                Node::Output(_) => continue,
                Node::Declared(declared) => declared,
            };
            let declaration = configuration.declaration(declared).expect("declared");
            let description = schema.of(declared).expect("known");
            for instance in declaration.instances(world.scope()).expect("instances") {
                let wish = world.wish(declaration, description, &instance).expect("a wish");
                let place = world.place(declaration, description, world.scope()).expect("a place");
                let query = wish.known().expect("everything is known once it is applied");
                let value = match description.source {
                    Source::Pure => answer(description, &wish, Some(&compute(description, &query, declaration).expect("computed"))),
                    Source::Data => answer(description, &wish, Some(&looked(description.kind, &query).expect("looked"))),
                    Source::Managed => {
                        count += 1;
                        let address = declared.instance(instance.0.clone());
                        let id = description
                            .identity
                            .and_then(|identity| identity(&query, &place))
                            .unwrap_or_else(|| format!("{}-{}", description.kind.trim_start_matches("toy_"), count));
                        let seen = observed(description, &query, &id, &place);
                        let alias = declaration.provider.as_ref().and_then(|(alias, _)| alias.as_deref());
                        let needed = graph.declarations_behind(node);
                        let dependencies = self.state.records.keys().map(|(address, _)| address);
                        let dependencies = dependencies.filter(|address| needed.contains(&&address.declared)).cloned().collect();
                        let mut record = record(&address, &wish, &seen, alias, &place, dependencies, description);
                        let says = |written: &Option<lowtide_spec::Written>| {
                            let value = written.as_ref().map(|written| written.evaluate_as(&Type::Bool, world.scope()).expect("a value"));
                            value.and_then(|value| value.as_bool()).unwrap_or_default()
                        };
                        record.protection = Protection {
                            prevent_destroy: says(&declaration.lifecycle.prevent_destroy),
                            create_before_destroy: says(&declaration.lifecycle.create_before_destroy),
                        };
                        let after = as_wished(Hidden { description, wish: Some(&wish), record: None }, Some(&seen), &[], &place);
                        self.sights.insert(record.key(), Sight::Here(Box::new(seen)));
                        self.state.records.insert(record.key(), record);
                        after
                    }
                };
                world.set_instance(declared, instance.0, value);
            }
            world.publish(declaration);
        }
        for (name, output) in &configuration.outputs {
            let value = output_value(output, world.scope()).expect("an output");
            let (known, ty) = (value.known().expect("known"), published_type(&value));
            let published = if output.sensitive {
                OutputValue::Sensitive { sensitive: Plainly.digest(&output_path(name), &known), ty }
            } else {
                OutputValue::Clear { value: known, ty }
            };
            self.state.outputs.insert(name.to_string(), published);
        }
    }
}

fn understood(spec: &str, schema: &Schema) -> (Configuration, Declarations) {
    let mut found = Diagnostics::default();
    let spec = format!("{spec}\n[variable.secret]\nsensitive = true\n[variable.on]\ntype = 'bool'\n");
    let table = Table::read(&spec, 0, &mut found).expect("TOML");
    let (configuration, mistakes) = configuration::read("base", vec![table], schema);
    found.extend(mistakes);
    found.extend(check(&configuration, schema, &NoFiles));
    assert!(found.is_empty(), "{found}");
    let graph = Declarations::of(&configuration).expect("no cycle");
    (configuration, graph)
}

fn looked(kind: &str, query: &Object) -> Result<Object, String> {
    assert_eq!(kind, "toy_zones");
    match query.text("state") {
        Some("broken") => Err("The service is away.".to_owned()),
        _ => Ok([("names".to_owned(), json(r#"["a", "b"]"#))].into_iter().collect()),
    }
}

/// What AWS says once it did what was asked for: values for what was not given, nothing of what it never shows.
fn observed(description: &lowtide_model::Description, wish: &Object, id: &str, place: &Place) -> Observation {
    let mut inputs = Object::default();
    for row in description.inputs.iter().filter(|row| !row.unread && !row.option) {
        let decided = || match (row.fresh, row.removed) {
            (Some(Fresh::Value(literal)), _) => value(literal),
            (None, Removed::Keep) => Value::text("decided"),
            (Some(Fresh::Empty) | None, _) => Value::Null,
        };
        inputs.set(row.name, wish.get(row.name).map_or_else(decided, |wish| filled(&row.shape, wish)));
    }
    let mut seen = Observation { id: id.to_owned(), inputs, phase: Phase::Stable, ..Observation::default() };
    if description.tagged() {
        set_tag(&mut seen, "lowtide:stack", LINEAGE);
        set_tag(&mut seen, "lowtide:id", &format!("op-{id}"));
        set_tag(&mut seen, "aws:made-by", "aws");
    }
    for row in description.outputs {
        let value = match (row.name, row.predict) {
            ("id", _) => Value::text(id),
            ("arn", _) => Value::text(format!("arn:{}:toy::{}:role/{id}", place.partition, place.account)),
            (name, _) if row.shape == Shape::Int => Value::from(i64::try_from(name.len()).expect("small")),
            (name, _) => Value::text(format!("{name}-of-{id}")),
        };
        seen.outputs.set(row.name, value);
    }
    seen
}

/// AWS decides what is computed inside blocks.
fn filled(shape: &Shape, wish: &Value) -> Value {
    match (shape, wish) {
        (Shape::Block(rows), Value::Object(members)) => {
            let mut members = members.clone();
            for row in rows.iter().filter(|row| row.computed() && row.need == Need::Optional) {
                members.entry(row.name.to_owned()).or_insert_with(|| Value::text("decided"));
            }
            Value::Object(members)
        }
        (Shape::List(of), Value::List(all)) => Value::List(all.iter().map(|one| filled(of, one)).collect()),
        (Shape::Set(of), Value::Set(all)) => Value::Set(all.iter().map(|one| filled(of, one)).collect()),
        _ => wish.clone(),
    }
}

pub fn set_tag(seen: &mut Observation, key: &str, to: &str) {
    let mut tags = seen.inputs.get("tags").and_then(Value::as_members).cloned().unwrap_or_default();
    tags.insert(key.to_owned(), to.into());
    seen.inputs.set("tags", Value::Map(tags));
}

pub fn drop_tag(seen: &mut Observation, key: &str) {
    let mut tags = seen.inputs.get("tags").and_then(Value::as_members).cloned().unwrap_or_default();
    tags.remove(key);
    seen.inputs.set("tags", Value::Map(tags));
}

fn record(
    address: &Address,
    wish: &lowtide_model::PlannedObject,
    seen: &Observation,
    alias: Option<&str>,
    place: &Place,
    dependencies: Vec<Address>,
    description: &lowtide_model::Description,
) -> Record {
    let mut record = Record {
        address: address.clone(),
        generation: 0,
        provider: alias.map(str::to_owned),
        place: place.clone(),
        id: seen.id.clone(),
        uid: format!("op-{}", seen.id),
        inputs: Object::default(),
        digests: BTreeMap::new(),
        seen: Remembered { inputs: seen.inputs.clone(), outputs: seen.outputs.clone() },
        dependencies,
        status: Status::Ok,
        protection: Default::default(),
        lingering: Vec::new(),
        unknown: BTreeMap::new(),
    };
    for (name, wished) in wish.iter() {
        let known = wished.known().expect("known");
        if wished.holds_sensitive() || description.input(name).is_some_and(|row| row.secret) {
            record.digests.insert(name.clone(), Plainly.digest(&secret_path(&record.uid, name), &known));
            record.seen.inputs.0.remove(name);
        } else {
            record.inputs.set(name.clone(), known);
        }
    }
    record
}
