//! A made-up cloud: enough kinds to have one of each idempotency class, shape and fact.

use lowtide_model::{
    Attribute, Beside, Complaint, Create, Description, Fresh, Governed, Literal, Need, Neighbour, Object, Order, Place, PlannedObject,
    Removed, Scope, Shape, Source, Transition, Value, equality::compare_versions,
};
use lowtide_spec::Schema;

const PLAIN: Attribute = Attribute::PLAIN;

const fn optional(name: &'static str, shape: Shape) -> Attribute {
    Attribute { name, shape, ..PLAIN }
}

const fn required(name: &'static str, shape: Shape) -> Attribute {
    Attribute { name, shape, need: Need::Required, ..PLAIN }
}

const TAGS: Attribute = Attribute { open: true, ..optional("tags", Shape::Map(&Shape::String)) };
const ID: Attribute = optional("id", Shape::String);
const NAME: Attribute = Attribute { identity: true, replaces: true, ..required("name", Shape::String) };

const KIND: Description = Description { service: "toy", import: "ID", ..Description::PLAIN };

/// A token kind: replaced by its block, with something that AWS decides, a default, and each rule of removal.
const NET: Description = Description {
    kind: "toy_net",
    inputs: &[
        Attribute { replaces: true, ..required("cidr", Shape::Cidr) },
        optional("size", Shape::Int),
        Attribute { removed: Removed::Keep, ..optional("zone", Shape::String) },
        Attribute { removed: Removed::Replaces, ..optional("pool", Shape::String) },
        Attribute { need: Need::Default(Literal::Bool(true)), ..optional("dns", Shape::Bool) },
        TAGS,
    ],
    outputs: &[ID, Attribute { renewed_by: &["size"], ..optional("version", Shape::Int) }],
    create: Create::Token { minutes: 60 },
    ..KIND
};

/// A part with tags of its own, that can't move to another net.
const HOST: Description = Description {
    kind: "toy_host",
    inputs: &[
        Attribute { parent: true, replaces: true, ..required("net", Shape::String) },
        optional("label", Shape::String),
        Attribute {
            one_way: Some(("large", "small")),
            chooses: Some("any"),
            one_of: &["small", "large", "any"],
            ..optional("class", Shape::String)
        },
        TAGS,
    ],
    outputs: &[ID],
    relations: &[other_label],
    follows: &[gates],
    ..KIND
};

/// What hosts of a net go through.
const GATE: Description = Description {
    kind: "toy_gate",
    inputs: &[Attribute { parent: true, replaces: true, ..required("net", Shape::String) }, TAGS],
    outputs: &[ID],
    ..KIND
};

/// What moves the size of a net, which it names by the last part of its id.
const SCALER: Description = Description {
    kind: "toy_scaler",
    inputs: &[required("of", Shape::String), required("least", Shape::Int), required("most", Shape::Int), TAGS],
    outputs: &[ID],
    governs: Some(sizes),
    ..KIND
};

fn sizes(scaler: &Object) -> Option<Governed> {
    let number = |name: &str| scaler.get(name).and_then(Value::as_i64);
    let range = number("least")?..=number("most")?;
    Some(Governed { kind: "toy_net", resource: scaler.text("of")?.to_owned(), block: None, attribute: "size", range })
}

/// A kind whose name is its key.
const ROLE: Description = Description {
    kind: "toy_role",
    inputs: &[NAME, optional("policy", Shape::Policy), optional("note", Shape::String), TAGS],
    outputs: &[
        Attribute { predict: Some("{name}"), ..ID },
        Attribute { predict: Some("arn:{partition}:toy::{account}:role/{name}"), ..optional("arn", Shape::Arn) },
        optional("unique", Shape::String),
    ],
    create: Create::Key,
    scope: Scope::Global("us-east-1"),
    identity: Some(by_name),
    ..KIND
};

/// A sub-object without tags.
const GRANT: Description = Description {
    kind: "toy_grant",
    inputs: &[
        Attribute { parent: true, identity: true, replaces: true, ..required("role", Shape::String) },
        NAME,
        Attribute { need: Need::Required, ..optional("document", Shape::Policy) },
    ],
    outputs: &[Attribute { predict: Some("{role}:{name}"), ..ID }],
    create: Create::Put,
    scope: Scope::Global("us-east-1"),
    identity: Some(by_role_and_name),
    ..KIND
};

/// A revisioned kind: every input replaces, the new one comes first.
const TASK: Description = Description {
    kind: "toy_task",
    inputs: &[
        Attribute { replaces: true, ..required("family", Shape::String) },
        Attribute { replaces: true, ..optional("containers", Shape::FilledJson) },
        TAGS,
    ],
    outputs: &[ID, optional("revision", Shape::Int)],
    replace: Order::CreateFirst,
    ..KIND
};

const RULE: &[Attribute] = &[
    Attribute { key: true, ..required("port", Shape::Int) },
    optional("from", Shape::Set(&Shape::Cidr)),
    Attribute { removed: Removed::Keep, ..optional("note", Shape::String) },
];

const STORAGE: &[Attribute] = &[
    required("size", Shape::Int),
    Attribute { replaces: true, ..optional("class", Shape::String) },
    optional("throughput", Shape::Int),
    Attribute { removed: Removed::Keep, ..optional("device", Shape::String) },
];

/// Everything else: secrets, options, blocks, sets, JSON, fresh values, parts owned elsewhere.
const BASE: Description = Description {
    kind: "toy_base",
    inputs: &[
        Attribute { secret: true, unread: true, ..optional("password", Shape::String) },
        Attribute { secret: true, ..optional("token", Shape::String) },
        Attribute { option: true, need: Need::Default(Literal::Bool(false)), ..optional("force", Shape::Bool) },
        Attribute { option: true, ..optional("final_name", Shape::String) },
        optional("storage", Shape::Block(STORAGE)),
        optional("disk", Shape::List(&Shape::Block(STORAGE))),
        Attribute { fresh: Some(Fresh::Empty), ..optional("egress", Shape::Set(&Shape::Block(RULE))) },
        Attribute { owned_elsewhere: Some("toy_rule"), ..optional("ingress", Shape::Set(&Shape::Block(RULE))) },
        Attribute { fresh: Some(Fresh::Value(Literal::Int(30))), ..optional("keep_days", Shape::Int) },
        optional("settings", Shape::Json),
        Attribute { upgraded_by: Some("upgrades"), ..optional("release", Shape::String) },
        optional("upgrades", Shape::Bool),
        optional("names", Shape::Set(&Shape::String)),
        TAGS,
    ],
    outputs: &[ID, Attribute { secret: true, ..optional("key", Shape::String) }],
    checks: &[not_both],
    transitions: &[Transition { attribute: "release", refuses: "an older one", check: never_back }],
    ..KIND
};

/// A kind that asks nothing of AWS.
const NOTE: Description = Description {
    kind: "toy_note",
    inputs: &[optional("text", Shape::Any), Attribute { replaces: true, ..optional("triggers", Shape::Map(&Shape::String)) }],
    outputs: &[ID, optional("seen", Shape::String)],
    create: Create::NoCall,
    ..KIND
};

/// A data source that asks.
const ZONES: Description = Description {
    kind: "toy_zones",
    source: Source::Data,
    inputs: &[optional("state", Shape::String)],
    outputs: &[optional("names", Shape::List(&Shape::String))],
    ..KIND
};

/// A data source that thinks.
const GREETING: Description = Description {
    kind: "toy_greeting",
    source: Source::Pure,
    inputs: &[required("name", Shape::String)],
    outputs: &[optional("text", Shape::String)],
    compute: Some(greet),
    ..KIND
};

fn by_name(wish: &Object, _: &Place) -> Option<String> {
    wish.text("name").map(str::to_owned)
}

fn by_role_and_name(wish: &Object, _: &Place) -> Option<String> {
    Some(format!("{}:{}", wish.text("role")?, wish.text("name")?))
}

fn greet(query: &Object) -> Result<Object, Vec<Complaint>> {
    let name = query.text("name").unwrap_or_default();
    if name.is_empty() {
        return Err(vec![Complaint::about("name", "Nobody can be greeted without a name.")]);
    }
    Ok([("text".to_owned(), Value::text(format!("hello {name}")))].into_iter().collect())
}

fn not_both(wish: &PlannedObject) -> Vec<Complaint> {
    let both = wish.get("password").is_some() && wish.get("token").is_some();
    if both { vec![Complaint::about("token", "A token and a password exclude each other.")] } else { Vec::new() }
}

fn never_back(now: &Object, wish: &PlannedObject) -> Vec<Complaint> {
    let (Some(now), Some(wish)) = (now.text("release"), wish.text("release")) else { return Vec::new() };
    let back = compare_versions(wish, now) == std::cmp::Ordering::Less;
    if back { vec![Complaint::about("release", format!("There is no way back from {now} to {wish}."))] } else { Vec::new() }
}

/// A host goes through the gates of its net, though it does not name them.
fn gates(host: &Neighbour<'_>, beside: &dyn Beside) -> Vec<usize> {
    let all = host.get("net").map(|net| beside.whose("toy_gate", "net", net)).unwrap_or_default();
    all.iter().map(|gate| gate.number).collect()
}

/// Of one net only one host has a label that starts with `only-`; what only looks alike is doubtful.
fn other_label(host: &Neighbour<'_>, beside: &dyn Beside) -> Vec<Complaint> {
    let all = host.get("net").map(|net| beside.whose("toy_host", "net", net)).unwrap_or_default();
    let others = all.into_iter().filter(|other| other.number < host.number);
    let same = |other: &Neighbour<'_>| {
        let (mine, theirs) = (host.text("label").filter(|label| label.starts_with("only-"))?, other.text("label")?);
        let detail = format!("It is called `{mine}`, and so is `{}`.", other.name);
        mine.eq_ignore_ascii_case(theirs).then(|| Complaint::about("label", detail).beside(other).doubtful(mine != theirs))
    };
    others.filter_map(|other| same(&other)).collect()
}

/// Returns the schema.
pub fn schema() -> Schema {
    Schema::new([NET, HOST, GATE, SCALER, ROLE, GRANT, TASK, BASE, NOTE, ZONES, GREETING])
}
