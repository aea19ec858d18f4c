//! A small schema: enough kinds to have one of each shape and fact.

use lowtide_model::{Attribute, Complaint, Description, Literal, Need, PlannedObject, Removed, Shape, Source};
use lowtide_spec::Schema;

const PLAIN: Attribute = Attribute::PLAIN;

const fn optional(name: &'static str, shape: Shape) -> Attribute {
    Attribute { name, shape, ..PLAIN }
}

const fn required(name: &'static str, shape: Shape, doc: &'static str) -> Attribute {
    Attribute { name, shape, doc, need: Need::Required, ..PLAIN }
}

const TAGS: Attribute = Attribute { open: true, ..optional("tags", Shape::Map(&Shape::String)) };
const ID: Attribute = optional("id", Shape::String);
const ARN: Attribute = optional("arn", Shape::Arn);
const NAME: Attribute = Attribute { range: Some((1, 32)), ..optional("name", Shape::String) };

const KIND: Description = Description { service: "ec2", import: "ID", ..Description::PLAIN };

const VPC: Description = Description {
    kind: "aws_vpc",
    inputs: &[
        required("cidr_block", Shape::Cidr, "The network's main block of addresses."),
        Attribute { need: Need::Default(Literal::Bool(true)), ..optional("enable_dns_support", Shape::Bool) },
        Attribute {
            need: Need::Default(Literal::Str("default")),
            one_of: &["default", "dedicated"],
            ..optional("instance_tenancy", Shape::String)
        },
        TAGS,
    ],
    outputs: &[ID, ARN],
    predict: None,
    left_out: &[("ipv4_ipam_pool_id", "address pools (IPAM) are not supported yet")],
    ..KIND
};

const SUBNET: Description = Description {
    kind: "aws_subnet",
    inputs: &[
        required("vpc_id", Shape::String, "The network it lies in."),
        required("cidr_block", Shape::Cidr, "Its block of addresses."),
        Attribute { removed: Removed::Keep, ..optional("availability_zone", Shape::String) },
        TAGS,
    ],
    outputs: &[ID, ARN],
    ..KIND
};

const PORT: Option<(i64, i64)> = Some((0, 65535));

pub const RULE: &[Attribute] = &[
    Attribute { range: PORT, ..required("from_port", Shape::Int, "The first port.") },
    Attribute { range: PORT, ..required("to_port", Shape::Int, "The last port.") },
    required("protocol", Shape::String, "The protocol's name or number."),
    optional("cidr_blocks", Shape::List(&Shape::Cidr)),
    optional("security_groups", Shape::Set(&Shape::String)),
];

const SECURITY_GROUP: Description = Description {
    kind: "aws_security_group",
    inputs: &[
        Attribute { range: Some((1, 255)), ..optional("name", Shape::String) },
        optional("name_prefix", Shape::String),
        optional("vpc_id", Shape::String),
        optional("ingress", Shape::Set(&Shape::Block(RULE))),
        TAGS,
    ],
    outputs: &[ID, ARN],
    checks: &[one_name],
    ..KIND
};

fn one_name(wish: &PlannedObject) -> Vec<Complaint> {
    if wish.get("name").is_some() && wish.get("name_prefix").is_some() {
        let complaint = Complaint::about("name_prefix", "`name_prefix` and `name` both decide the name, and only one of them can.");
        return vec![complaint.hint("remove one of them")];
    }
    Vec::new()
}

const LOAD_BALANCER: Description = Description {
    kind: "aws_lb",
    inputs: &[
        NAME,
        Attribute { range: Some((2, i64::MAX)), ..optional("subnets", Shape::Set(&Shape::String)) },
        Attribute { range: Some((1, 4000)), need: Need::Default(Literal::Int(60)), ..optional("idle_timeout", Shape::Int) },
        optional(
            "access_logs",
            Shape::Block(&[
                required("bucket", Shape::String, "The bucket that logs go to."),
                Attribute { need: Need::Default(Literal::Bool(false)), ..optional("enabled", Shape::Bool) },
            ]),
        ),
        TAGS,
    ],
    outputs: &[ID, ARN, optional("dns_name", Shape::String)],
    ..KIND
};

const LISTENER: Description = Description {
    kind: "aws_lb_listener",
    inputs: &[
        required("load_balancer_arn", Shape::Arn, "The load balancer it belongs to."),
        Attribute { range: Some((1, 65535)), ..optional("port", Shape::Int) },
        required(
            "default_action",
            Shape::List(&Shape::Block(&[
                Attribute { one_of: &["forward", "redirect", "fixed-response"], ..required("type", Shape::String, "What it does.") },
                optional("target_group_arn", Shape::Arn),
            ])),
            "What happens to requests that no rule matches.",
        ),
    ],
    outputs: &[ID, ARN],
    ..KIND
};

const ROLE: Description = Description {
    kind: "aws_iam_role",
    inputs: &[
        NAME,
        required("assume_role_policy", Shape::Policy, "Who may assume the role."),
        Attribute { one_of: &["3600", "7200"], ..optional("max_session_duration", Shape::Int) },
    ],
    outputs: &[ID, ARN],
    ..KIND
};

const TASK_DEFINITION: Description = Description {
    kind: "aws_ecs_task_definition",
    inputs: &[
        required("family", Shape::String, "The name of all its revisions."),
        required("container_definitions", Shape::FilledJson, "The containers."),
    ],
    outputs: &[ARN],
    ..KIND
};

const PARAMETER: Description = Description {
    kind: "aws_ssm_parameter",
    inputs: &[
        required("name", Shape::String, "Its path."),
        Attribute { one_of: &["String", "SecureString"], ..required("type", Shape::String, "How it is stored.") },
        Attribute { secret: true, range: Some((1, 8)), ..required("value", Shape::String, "Its value.") },
    ],
    outputs: &[ARN],
    ..KIND
};

const DISTRIBUTION: Description = Description {
    kind: "aws_cloudfront_distribution",
    inputs: &[required("enabled", Shape::Bool, "Whether it answers.")],
    outputs: &[ID],
    ..KIND
};

const ZONES: Description = Description {
    kind: "aws_availability_zones",
    source: Source::Data,
    inputs: &[optional("state", Shape::String)],
    outputs: &[ID, optional("names", Shape::List(&Shape::String))],
    ..KIND
};

const REGION: Description =
    Description { kind: "aws_region", source: Source::Data, outputs: &[ID, optional("name", Shape::String)], ..KIND };

/// Returns the schema.
pub fn schema() -> Schema {
    Schema::new([VPC, SUBNET, SECURITY_GROUP, LOAD_BALANCER, LISTENER, ROLE, TASK_DEFINITION, PARAMETER, DISTRIBUTION, ZONES, REGION])
}
