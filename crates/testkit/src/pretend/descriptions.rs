//! What the pretend kinds are, as plain data.

use lowtide_model::{Attribute, Create, Description, Fresh, Literal, Need, Object, Order, Place, Removed, Scope, Shape, Source};

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

/// Physical ids of things of any kind, which must be there.
const USES: Attribute = Attribute { refers: Some("any.id"), ..optional("uses", Shape::Set(&Shape::String)) };

/// The same, of things that can't go while they are held.
const HOLDS: Attribute = Attribute { name: "holds", ..USES };

const KIND: Description = Description { service: "pretend", import: "ID", ..Description::PLAIN };

/// Created with a token; takes a while; its label can only be set once it is there.
pub const NET: Description = Description {
    kind: "pretend_net",
    inputs: &[
        Attribute { replaces: true, ..required("cidr", Shape::Cidr) },
        optional("size", Shape::Int),
        optional("label", Shape::String),
        Attribute { removed: Removed::Keep, ..optional("zone", Shape::String) },
        Attribute { removed: Removed::Replaces, ..optional("pool", Shape::String) },
        Attribute { need: Need::Default(Literal::Bool(true)), ..optional("dns", Shape::Bool) },
        USES,
        HOLDS,
        TAGS,
    ],
    outputs: &[ID, Attribute { renewed_by: &["size"], ..optional("version", Shape::Int) }],
    create: Create::Token { minutes: 60 },
    waits_until_stable: true,
    ..KIND
};

/// A part of a net, told only by its tag; takes a while to go.
pub const HOST: Description = Description {
    kind: "pretend_host",
    inputs: &[
        Attribute { parent: true, replaces: true, refers: Some("pretend_net.id"), ..required("net", Shape::String) },
        optional("label", Shape::String),
        USES,
        HOLDS,
        TAGS,
    ],
    outputs: &[ID],
    ..KIND
};

/// Its name is its key.
pub const ROLE: Description = Description {
    kind: "pretend_role",
    inputs: &[NAME, optional("policy", Shape::Policy), optional("note", Shape::String), USES, HOLDS, TAGS],
    outputs: &[
        Attribute { predict: Some("{name}"), ..ID },
        Attribute { predict: Some("arn:{partition}:pretend::{account}:role/{name}"), ..optional("arn", Shape::Arn) },
        optional("unique", Shape::String),
    ],
    create: Create::Key,
    scope: Scope::Global("us-east-1"),
    identity: Some(by_name),
    ..KIND
};

/// A part of a role without tags; creating it sets it, whatever was there.
pub const GRANT: Description = Description {
    kind: "pretend_grant",
    inputs: &[
        Attribute { parent: true, identity: true, replaces: true, refers: Some("pretend_role.id"), ..required("role", Shape::String) },
        NAME,
        required("document", Shape::Policy),
    ],
    outputs: &[Attribute { predict: Some("{role}:{name}"), ..ID }],
    create: Create::Put,
    scope: Scope::Global("us-east-1"),
    identity: Some(by_role_and_name),
    ..KIND
};

/// Its name is its key, and creating it sets it; its note can only be set once it is there.
pub const ALARM: Description = Description {
    kind: "pretend_alarm",
    inputs: &[NAME, optional("note", Shape::String), TAGS],
    outputs: &[Attribute { predict: Some("{name}"), ..ID }],
    create: Create::Put,
    identity: Some(by_name),
    ..KIND
};

/// A part of a role without tags, whose name is its key: creating it again is refused.
pub const GATE: Description = Description {
    kind: "pretend_gate",
    inputs: &[
        Attribute { parent: true, identity: true, replaces: true, refers: Some("pretend_role.id"), ..required("role", Shape::String) },
        NAME,
        optional("note", Shape::String),
    ],
    outputs: &[Attribute { predict: Some("{role}:{name}"), ..ID }],
    create: Create::Key,
    scope: Scope::Global("us-east-1"),
    identity: Some(by_role_and_name),
    ..KIND
};

/// Revisioned: every input replaces, the new one comes first.
pub const TASK: Description = Description {
    kind: "pretend_task",
    inputs: &[
        Attribute { replaces: true, ..required("family", Shape::String) },
        Attribute { replaces: true, ..optional("containers", Shape::FilledJson) },
        Attribute { replaces: true, ..USES },
        Attribute { replaces: true, ..HOLDS },
        TAGS,
    ],
    outputs: &[ID, optional("revision", Shape::Int)],
    replace: Order::CreateFirst,
    ..KIND
};

const RULE: &[Attribute] =
    &[Attribute { key: true, ..required("port", Shape::Int) }, optional("from", Shape::Set(&Shape::Cidr)), optional("note", Shape::String)];

const STORAGE: &[Attribute] = &[
    required("size", Shape::Int),
    optional("throughput", Shape::Int),
    Attribute { removed: Removed::Keep, ..optional("device", Shape::String) },
];

/// Everything else: secrets, options, blocks, sets, JSON, fresh values, parts owned elsewhere.
pub const BASE: Description = Description {
    kind: "pretend_base",
    inputs: &[
        Attribute { secret: true, unread: true, ..optional("password", Shape::String) },
        Attribute { secret: true, ..optional("token", Shape::String) },
        Attribute { option: true, need: Need::Default(Literal::Bool(false)), ..optional("force", Shape::Bool) },
        optional("storage", Shape::Block(STORAGE)),
        Attribute {
            fresh: Some(Fresh::Empty),
            owned_elsewhere: Some("pretend_rule"),
            ..optional("egress", Shape::Set(&Shape::Block(RULE)))
        },
        Attribute { owned_elsewhere: Some("pretend_rule"), ..optional("ingress", Shape::Set(&Shape::Block(RULE))) },
        Attribute { fresh: Some(Fresh::Value(Literal::Int(30))), ..optional("keep_days", Shape::Int) },
        optional("settings", Shape::Json),
        USES,
        HOLDS,
        TAGS,
    ],
    outputs: &[ID, Attribute { secret: true, ..optional("key", Shape::String) }],
    ..KIND
};

/// Asks nothing of AWS.
pub const NOTE: Description = Description {
    kind: "pretend_note",
    inputs: &[optional("text", Shape::Any), Attribute { replaces: true, ..optional("triggers", Shape::Set(&Shape::String)) }],
    outputs: &[ID, Attribute { predict: Some("{text}"), renewed_by: &["text"], ..optional("echo", Shape::Any) }],
    create: Create::NoCall,
    scope: Scope::Nowhere,
    ..KIND
};

/// A data source.
pub const ZONES: Description = Description {
    kind: "pretend_zones",
    source: Source::Data,
    inputs: &[optional("state", Shape::String)],
    outputs: &[optional("names", Shape::List(&Shape::String))],
    ..KIND
};

fn by_name(wish: &Object, _: &Place) -> Option<String> {
    wish.text("name").map(str::to_owned)
}

fn by_role_and_name(wish: &Object, _: &Place) -> Option<String> {
    Some(format!("{}:{}", wish.text("role")?, wish.text("name")?))
}
