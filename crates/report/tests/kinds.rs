//! A small schema, and the description that `explain` is tried on.

use lowtide_model::{Attribute, Description, Fresh, Literal, Need, Removed, Scope, Shape, Source};
use lowtide_spec::Schema;

const PLAIN: Attribute = Attribute::PLAIN;
const TAGS: Attribute = Attribute { name: "tags", doc: "Labels on the thing.", shape: Shape::Map(&Shape::String), open: true, ..PLAIN };
const ID: Attribute = Attribute { name: "id", doc: "Its id.", ..PLAIN };

/// A kind without anything.
const KIND: Description = Description { service: "ec2", import: "ID", ..Description::PLAIN };

const HEALTH: &[Attribute] = &[
    Attribute { name: "path", doc: "The path that is asked for.", need: Need::Default(Literal::Str("/")), ..PLAIN },
    Attribute {
        name: "interval",
        doc: "Seconds between two checks.",
        shape: Shape::Int,
        need: Need::Default(Literal::Int(30)),
        range: Some((5, 300)),
        ..PLAIN
    },
    Attribute { name: "matcher", doc: "Which codes count as healthy.", removed: Removed::Keep, ..PLAIN },
];

/// A target group, with one of each fact.
pub const GROUP: Description = Description {
    kind: "aws_lb_target_group",
    doc: "Where a load balancer sends requests.\n\nTargets register by themselves or are attached; a group belongs to one network and is asked about its health all the time.",
    service: "elasticloadbalancingv2",
    inputs: &[
        Attribute {
            name: "name",
            doc: "Its name, unique in the region.",
            need: Need::Required,
            identity: true,
            range: Some((1, 32)),
            ..PLAIN
        },
        Attribute { name: "protocol", doc: "How targets are spoken to.", one_of: &["HTTP", "HTTPS", "TCP"], replaces: true, ..PLAIN },
        Attribute { name: "vpc_id", doc: "The network.", need: Need::Required, refers: Some("aws_vpc.id"), replaces: true, ..PLAIN },
        Attribute { name: "health_check", doc: "How a target shows that it is well.", shape: Shape::Block(HEALTH), ..PLAIN },
        Attribute {
            name: "stickiness_secret",
            doc: "What cookies are signed with.",
            secret: true,
            unread: true,
            fresh: Some(Fresh::Empty),
            owned_elsewhere: Some("aws_lb_cookie"),
            ..PLAIN
        },
        Attribute { name: "skip_drain", doc: "", shape: Shape::Bool, option: true, ..PLAIN },
        TAGS,
    ],
    outputs: &[ID, Attribute { name: "arn", doc: "Its ARN.", shape: Shape::Arn, predict: Some("arn:…"), renewed_by: &["name"], ..PLAIN }],
    import: "ARN",
    predict: None,
    left_out: &[("target_failover", "only gateway load balancers have it, and they are not supported yet")],
    ..KIND
};

const ROLE: Description = Description {
    kind: "aws_iam_role",
    service: "iam",
    scope: Scope::Global("us-east-1"),
    doc: "Who something may act as.",
    inputs: &[
        Attribute { name: "name", identity: true, need: Need::Required, ..PLAIN },
        Attribute { name: "assume_role_policy", shape: Shape::Policy, need: Need::Required, ..PLAIN },
        TAGS,
    ],
    outputs: &[ID],
    ..KIND
};

const PARAMETER: Description = Description {
    kind: "aws_ssm_parameter",
    doc: "A value kept by name.",
    inputs: &[
        Attribute { name: "name", identity: true, need: Need::Required, ..PLAIN },
        Attribute { name: "type", need: Need::Required, ..PLAIN },
        Attribute { name: "value", secret: true, ..PLAIN },
    ],
    outputs: &[ID, Attribute { name: "version", shape: Shape::Int, ..PLAIN }],
    ..KIND
};

const REGION: Description =
    Description { kind: "aws_region", doc: "The region in use.", source: Source::Data, outputs: &[ID], import: "", ..KIND };

/// Returns all of them.
pub fn schema() -> Schema {
    Schema::new([GROUP, ROLE, PARAMETER, REGION])
}
