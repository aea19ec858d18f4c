//! Which things take their time, and how AWS calls what they are meanwhile.

use std::pin::Pin;

use serde_json::{Value, json};

use super::show::Answer;
use crate::proxy::exchange::Exchange;
use crate::proxy::xml::Element;

/// One sort of things.
pub(super) struct Kind {
    pub(super) service: &'static str,
    /// The fields of a request that name it; none where its path does.
    asked_by: &'static [&'static str],
    /// Where it has its name in an answer.
    pub(super) id: &'static str,
    pub(super) state: State,
    /// Operations that show it. In a path `*` stands for any name.
    looks: &'static [&'static str],
    /// Operations that make or change it, and its state from then on.
    pub(super) begins: &'static [(&'static str, &'static str)],
    pub(super) deletes: Option<Deletes>,
    /// What is refused while it is held.
    pub(super) busy: &'static [Busy],
    #[expect(dead_code, reason = "for the reader of this table")]
    page: &'static str,
}

/// Where a thing shows its state.
pub(super) enum State {
    /// In this field.
    Here(&'static str),
    /// In a field of this field.
    Inside(&'static str, &'static str),
    /// A service of ECS: in this field when it drains, in its deployments when one is in progress.
    Deployment(&'static str),
}

impl State {
    pub(super) fn first(&self) -> &'static str {
        match self {
            Self::Here(field) | Self::Inside(field, _) | Self::Deployment(field) => field,
        }
    }
}

/// How it goes.
pub(super) struct Deletes {
    pub(super) operation: &'static str,
    pub(super) word: &'static str,
    /// The answer to the request when it is taken: none when moto is to refuse it.
    pub(super) answer: for<'a> fn(&'a Exchange<'a>) -> Asking<'a>,
}

/// The question that has to be asked before it goes.
type Asking<'a> = Pin<Box<dyn Future<Output = anyhow::Result<Option<Answer>>> + Send + 'a>>;

/// Operations that are refused in some states.
pub(super) struct Busy {
    pub(super) operations: &'static [&'static str],
    pub(super) words: &'static [&'static str],
    pub(super) status: u16,
    pub(super) code: &'static str,
    pub(super) message: &'static str,
}

impl Kind {
    pub(super) fn is_about(&self, operation: &str) -> bool {
        self.looks.iter().any(|looks| is(looks, operation))
            || self.begin(operation).is_some()
            || self.deletes.as_ref().is_some_and(|deletes| is(deletes.operation, operation))
            || self.busy.iter().any(|busy| busy.is_about(operation))
    }

    /// The state in which an operation puts it.
    pub(super) fn begin(&self, operation: &str) -> Option<&'static str> {
        self.begins.iter().find(|(begins, _)| is(begins, operation)).map(|(_, word)| *word)
    }

    /// The name of the thing that a request is about.
    pub(super) fn asked(&self, exchange: &Exchange<'_>) -> Option<String> {
        if self.asked_by.is_empty() {
            let paths = self.looks.iter().chain(self.busy.iter().flat_map(|busy| busy.operations));
            return paths.filter_map(|pattern| name_in(pattern, &exchange.call.operation)).next().map(str::to_owned);
        }
        let body = exchange.json();
        let field = |name: &&str| exchange.field(name).or_else(|| body[*name].as_str().map(str::to_owned));
        let parts = self.asked_by.iter().map(field).collect::<Option<Vec<_>>>()?;
        let names: Vec<_> = parts.iter().map(|part| name_of(part)).collect();
        // The ARN of a part tells of what it is a part.
        let is_whole = names.last().is_some_and(|last| names.len() > 1 && last.contains('/'));
        Some(if is_whole { names.last()?.to_string() } else { names.join("/") })
    }
}

impl Busy {
    pub(super) fn is_about(&self, operation: &str) -> bool {
        self.operations.iter().any(|busy| is(busy, operation))
    }
}

/// Whether an operation is the one that a row names.
pub(super) fn is(pattern: &str, operation: &str) -> bool {
    let (wanted, parts) = (pattern.split('/'), operation.trim_end_matches('/').split('/'));
    wanted.clone().count() == parts.clone().count() && wanted.zip(parts).all(|(wanted, part)| wanted == "*" || wanted == part)
}

/// The part of a path that stands for a name in the row.
fn name_in<'a>(pattern: &str, operation: &'a str) -> Option<&'a str> {
    let at = pattern.split('/').position(|part| part == "*").filter(|_| is(pattern, operation))?;
    operation.split('/').nth(at)
}

/// The name within an ARN or in the id of a change: what follows the sort of thing. A name is itself.
pub(super) fn name_of(id: &str) -> &str {
    let id = id.strip_prefix("/change/").unwrap_or(id);
    match id.split_once('/') {
        Some((_, name)) if id.starts_with("arn:") => name,
        _ => id,
    }
}

pub(super) const KINDS: &[Kind] = &[
    Kind {
        service: "ec2",
        asked_by: &["NatGatewayId"],
        id: "natGatewayId",
        state: State::Here("state"),
        looks: &["DescribeNatGateways"],
        begins: &[("CreateNatGateway", "pending")],
        deletes: Some(Deletes { operation: "DeleteNatGateway", word: "deleting", answer: |exchange| Box::pin(nat_gateway_goes(exchange)) }),
        busy: &[],
        page: "Amazon EC2 API Reference, NatGateway, state",
    },
    Kind {
        service: "elasticloadbalancing",
        asked_by: &["LoadBalancerArn"],
        id: "LoadBalancerArn",
        state: State::Inside("State", "Code"),
        looks: &["DescribeLoadBalancers"],
        begins: &[("CreateLoadBalancer", "provisioning")],
        // It is not shown from the moment that it is deleted.
        deletes: None,
        busy: &[],
        page: "Elastic Load Balancing API Reference, LoadBalancerState",
    },
    Kind {
        service: "rds",
        asked_by: &["DBInstanceIdentifier"],
        id: "DBInstanceIdentifier",
        state: State::Here("DBInstanceStatus"),
        looks: &["DescribeDBInstances"],
        begins: &[("CreateDBInstance", "creating"), ("ModifyDBInstance", "modifying")],
        deletes: Some(Deletes { operation: "DeleteDBInstance", word: "deleting", answer: |exchange| Box::pin(database_goes(exchange)) }),
        busy: &[
            Busy {
                operations: &["ModifyDBInstance"],
                words: &["creating", "modifying", "deleting"],
                status: 400,
                code: "InvalidDBInstanceState",
                message: "Database instance is not in available state.",
            },
            Busy {
                operations: &["DeleteDBInstance"],
                words: &["deleting"],
                status: 400,
                code: "InvalidDBInstanceState",
                message: "The database instance is already being deleted.",
            },
        ],
        page: "Amazon RDS User Guide, Viewing Amazon RDS DB instance status; API Reference, ModifyDBInstance",
    },
    Kind {
        service: "ecs",
        asked_by: &["cluster", "service"],
        id: "serviceArn",
        state: State::Deployment("status"),
        looks: &["DescribeServices"],
        begins: &[("CreateService", "IN_PROGRESS"), ("UpdateService", "IN_PROGRESS")],
        deletes: Some(Deletes { operation: "DeleteService", word: "DRAINING", answer: |exchange| Box::pin(service_goes(exchange)) }),
        busy: &[Busy {
            operations: &["UpdateService"],
            words: &["DRAINING"],
            status: 400,
            code: "ServiceNotActiveException",
            message: "Service was not ACTIVE.",
        }],
        page: "Amazon ECS API Reference, DeleteService; Deployment, rolloutState",
    },
    Kind {
        service: "dynamodb",
        asked_by: &["TableName"],
        id: "TableName",
        state: State::Here("TableStatus"),
        looks: &["DescribeTable"],
        begins: &[("CreateTable", "CREATING"), ("UpdateTable", "UPDATING")],
        deletes: Some(Deletes { operation: "DeleteTable", word: "DELETING", answer: |exchange| Box::pin(table_goes(exchange)) }),
        busy: &[
            Busy {
                operations: &["UpdateTable"],
                words: &["CREATING", "UPDATING", "DELETING"],
                status: 400,
                code: "ResourceInUseException",
                message: "Attempt to change a resource which is still in use.",
            },
            Busy {
                operations: &["DeleteTable"],
                words: &["CREATING", "UPDATING"],
                status: 400,
                code: "ResourceInUseException",
                message: "Attempt to change a resource which is still in use.",
            },
        ],
        page: "Amazon DynamoDB API Reference, TableDescription, TableStatus; UpdateTable; DeleteTable",
    },
    Kind {
        service: "lambda",
        asked_by: &[],
        id: "FunctionName",
        state: State::Here("State"),
        looks: &["GET /2015-03-31/functions/*", "GET /2015-03-31/functions/*/configuration"],
        begins: &[("POST /2015-03-31/functions", "Pending")],
        deletes: None,
        busy: &[Busy {
            operations: &["PUT /2015-03-31/functions/*/configuration", "PUT /2015-03-31/functions/*/code"],
            words: &["Pending"],
            status: 409,
            code: "ResourceConflictException",
            message: "The operation cannot be performed at this time. The function is currently in the following state: Pending",
        }],
        page: "AWS Lambda Developer Guide, Lambda function states; API Reference, UpdateFunctionCode",
    },
    Kind {
        service: "route53",
        asked_by: &[],
        id: "Id",
        state: State::Here("Status"),
        looks: &["GET /2013-04-01/change/*"],
        begins: &[
            ("POST /2013-04-01/hostedzone", "PENDING"),
            ("DELETE /2013-04-01/hostedzone/*", "PENDING"),
            ("POST /2013-04-01/hostedzone/*/rrset", "PENDING"),
            ("POST /2013-04-01/hostedzone/*/associatevpc", "PENDING"),
            ("POST /2013-04-01/hostedzone/*/disassociatevpc", "PENDING"),
        ],
        deletes: None,
        busy: &[],
        page: "Amazon Route 53 API Reference, ChangeInfo; GetChange",
    },
];

async fn nat_gateway_goes(exchange: &Exchange<'_>) -> anyhow::Result<Option<Answer>> {
    let id = exchange.field("NatGatewayId").unwrap_or_default();
    let found = exchange.ask_query("DescribeNatGateways", &[("NatGatewayId.1".to_owned(), id.clone())]).await?;
    let is_live = found.members("natGatewaySet").iter().any(|gateway| gateway.text_at(&["state"]) != "deleted");
    let answer = Element::with_children("DeleteNatGatewayResponse", vec![Element::with_text("natGatewayId", &id)]);
    Ok(is_live.then_some(Answer::Xml(answer)))
}

async fn database_goes(exchange: &Exchange<'_>) -> anyhow::Result<Option<Answer>> {
    let field = "DBInstanceIdentifier";
    let Ok(found) = exchange.ask_query("DescribeDBInstances", &[(field.to_owned(), exchange.field(field).unwrap_or_default())]).await
    else {
        return Ok(None);
    };
    let instance = found.members("DBInstances").first().copied().cloned();
    Ok(instance.filter(|instance| instance.text_at(&["DeletionProtection"]) != "true").map(|instance| {
        let result = Element::with_children("DeleteDBInstanceResult", vec![instance]);
        Answer::Xml(Element::with_children("DeleteDBInstanceResponse", vec![result]))
    }))
}

async fn service_goes(exchange: &Exchange<'_>) -> anyhow::Result<Option<Answer>> {
    let body = exchange.json();
    let found = exchange.ask_json("DescribeServices", &json!({"cluster": body["cluster"], "services": [body["service"]]})).await;
    let service = found.ok().and_then(|found| found["services"].get(0).cloned()).filter(|service| service["status"] == "ACTIVE");
    let may_go = |service: &Value| body["force"] == true || service["desiredCount"] == 0;
    Ok(service.filter(may_go).map(|service| Answer::Json(json!({ "service": service }))))
}

async fn table_goes(exchange: &Exchange<'_>) -> anyhow::Result<Option<Answer>> {
    let found = exchange.ask_json("DescribeTable", &json!({"TableName": exchange.json()["TableName"]})).await;
    let table = found.ok().map(|found| found["Table"].clone()).filter(|table| table["DeletionProtectionEnabled"] != true);
    Ok(table.map(|table| Answer::Json(json!({ "TableDescription": table }))))
}
