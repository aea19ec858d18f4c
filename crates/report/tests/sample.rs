//! Plans and their parts, made by hand.

use lowtide_diagnostic::{Diagnostic, Diagnostics};
use lowtide_model::{Address, Content, Path, Place, Planned, PlannedObject, Step as Into, Type, Value};
use lowtide_plan::{Action, Blocked, Change, Drift, Kept, Move, OutputChange, Plan, Reason, Step, Unchanged};
use lowtide_state::StackKey;

pub fn address(text: &str) -> Address {
    text.parse().expect("an address")
}

pub fn stack(name: &str) -> StackKey {
    StackKey { project: "durable-code".to_owned(), environment: "dev".to_owned(), stack: name.to_owned() }
}

pub fn place() -> Place {
    Place { account: "123456789012".to_owned(), partition: "aws".to_owned(), region: "us-west-2".to_owned() }
}

pub fn json(text: &str) -> Planned {
    Value::from_json(&serde_json::from_str(text).expect("JSON")).expect("small numbers").into()
}

pub fn text(text: &str) -> Planned {
    Planned::text(text)
}

pub fn number(value: i64) -> Planned {
    Content::Number(value.into()).into()
}

pub fn later() -> Planned {
    Planned::unknown(Type::String)
}

pub fn secret(text: &str) -> Planned {
    Planned::text(text).marked(true)
}

pub fn map(all: &[(&str, Planned)]) -> Planned {
    Content::Map(all.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()).into()
}

pub fn object(all: &[(&str, Planned)]) -> Planned {
    Planned::object(all.iter().map(|(name, value)| ((*name).to_owned(), value.clone())))
}

/// Returns a path written with dots; numbers are indices, `*` an element.
pub fn path(text: &str) -> Path {
    let step = |part: &str| match part.parse() {
        Ok(index) => Into::Index(index),
        Err(_) if part == "*" => Into::Element,
        Err(_) => Into::Name(part.to_owned()),
    };
    Path(text.split('.').map(step).collect())
}

pub fn change(at: &str, before: Planned, after: Planned) -> Change {
    Change { path: path(at), before, after, replaces: false }
}

pub fn forces(at: &str, before: Planned, after: Planned) -> Change {
    Change { replaces: true, ..change(at, before, after) }
}

/// Returns a step; its values are those of its changes.
pub fn step(at: &str, action: Action, reason: Reason, changes: Vec<Change>) -> Step {
    let side = |of: fn(&Change) -> &Planned| {
        Planned::object(changes.iter().filter(|one| one.path.0.len() == 1).map(|one| (one.path.to_string(), of(one).clone())))
    };
    let before = if matches!(action, Action::Create | Action::Read) { Planned::NULL } else { side(|one| &one.before) };
    let after = if matches!(action, Action::Delete | Action::Forget) { Planned::NULL } else { side(|one| &one.after) };
    Step {
        id: 0,
        address: address(at),
        generation: 0,
        physical_id: None,
        action,
        reason,
        changes,
        before,
        after,
        wish: PlannedObject::default(),
        place: place(),
        provider: None,
        pair: None,
        create_first: false,
        needs: Vec::new(),
    }
}

/// Returns a new thing with these attributes, and outputs that AWS decides.
pub fn create(at: &str, given: &[(&str, Planned)], decided: &[&str]) -> Step {
    let changes = given.iter().map(|(name, value)| change(name, Planned::NULL, value.clone())).collect();
    let mut step = step(at, Action::Create, Reason::New, changes);
    let decided = decided.iter().map(|name| ((*name).to_owned(), later()));
    let given = given.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
    step.after = Planned::object(given.chain(decided));
    step
}

pub fn with_id(mut step: Step, id: &str) -> Step {
    step.physical_id = Some(id.to_owned());
    step
}

/// Returns the two steps of a replacement.
pub fn replace(at: &str, reason: Reason, create_first: bool, before: Planned, changes: Vec<Change>) -> [Step; 2] {
    let mut new = step(at, Action::Create, reason.clone(), changes);
    (new.create_first, new.generation) = (create_first, 1);
    let mut old = with_id(step(at, Action::Delete, reason, Vec::new()), "old-1");
    (old.create_first, old.before) = (create_first, before);
    if create_first { [new, old] } else { [old, new] }
}

/// Returns a plan of these steps; neighbours of one address that create and delete are a replacement.
pub fn plan(name: &str, steps: Vec<Step>) -> Plan {
    let mut steps = steps;
    steps.iter_mut().enumerate().for_each(|(at, step)| step.id = at);
    for at in 1..steps.len() {
        let (one, other) = (&steps[at - 1], &steps[at]);
        let both = [one.action, other.action];
        if one.address == other.address && both.contains(&Action::Create) && both.contains(&Action::Delete) {
            steps[at - 1].pair = Some(at);
            steps[at].pair = Some(at - 1);
        }
    }
    Plan {
        stack: stack(name),
        lineage: "3f0c".to_owned(),
        serial: 7,
        destroy: false,
        place: place(),
        steps,
        moves: Vec::new(),
        known: std::collections::BTreeMap::new(),
        dependencies: std::collections::BTreeMap::new(),
        unchanged: Vec::new(),
        kept: Vec::new(),
        blocked: Vec::new(),
        drift: Vec::new(),
        outputs: Vec::new(),
        warnings: Diagnostics::default(),
    }
}

pub fn output(name: &str, before: Planned, after: Planned) -> OutputChange {
    OutputChange { name: name.to_owned(), changed: before != after, before, after, sensitive: false }
}

const TRUST: &str = r#"{"Version": "2012-10-17", "Statement": [
    {"Sid": "Tasks", "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ecs-tasks.amazonaws.com"}},
    {"Sid": "Lambda", "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}]}"#;
const TRUST_NOW: &str = r#"{"Version": "2012-10-17", "Statement": [
    {"Sid": "Tasks", "Effect": "Allow", "Action": ["sts:AssumeRole", "sts:TagSession"], "Principal": {"Service": "ecs-tasks.amazonaws.com"}}]}"#;
const SCRIPT: &str = "#!/bin/sh\nset -e\nyum update -y\nyum install -y nginx\nsystemctl enable nginx\nsystemctl start nginx\nsystemctl status nginx\necho done\n";

fn rule(port: i64, from: &str) -> Planned {
    object(&[
        ("from_port", number(port)),
        ("to_port", number(port)),
        ("protocol", text("tcp")),
        ("cidr_blocks", Planned::list([text(from)])),
    ])
}

/// Returns a plan that has one of everything.
pub fn everything() -> Plan {
    let create = vec![
        create(
            "aws_vpc.main",
            &[
                ("cidr_block", text("10.0.0.0/16")),
                ("enable_dns_support", Content::Bool(true).into()),
                ("tags", map(&[("Environment", text("dev")), ("Name", text("durable")), ("cost centre", text("42"))])),
            ],
            &["arn", "id", "main_route_table_id", "owner_id"],
        ),
        create(
            "aws_subnet.public[\"a\"]",
            &[
                ("availability_zone", text("us-west-2a")),
                ("cidr_block", text("10.0.0.0/20")),
                ("vpc_id", later()),
                ("arn_of_log", Planned::unknown_text("arn:aws:logs:us-west-2:123456789012:log-group:")),
            ],
            &["id"],
        ),
        create(
            "aws_lb_target_group.web",
            &[
                ("health_check", Planned::list([object(&[("interval", number(30)), ("path", text("/health")), ("port", Planned::NULL)])])),
                ("name", text("web")),
                ("stickiness_secret", secret("hunter2")),
                ("subnets", Planned::set([text("subnet-1"), text("subnet-2")])),
                ("listeners", Planned::list([rule(80, "0.0.0.0/0"), rule(443, "10.0.0.0/8")])),
            ],
            &[],
        ),
    ];
    let update = vec![
        with_id(
            step(
                "aws_security_group.alb",
                Action::Update,
                Reason::Changed,
                vec![
                    change("description", text("old words"), text("new words")),
                    change(
                        "ingress",
                        Planned::set([rule(80, "0.0.0.0/0"), rule(443, "0.0.0.0/0"), rule(22, "10.0.0.0/8")]),
                        Planned::set([rule(443, "0.0.0.0/0"), rule(80, "192.168.0.0/16")]),
                    ),
                    change("tags.Name", text("alb"), text("web")),
                    change("tags.Owner", Planned::NULL, text("me")),
                ],
            ),
            "sg-0123456789abcdef0",
        ),
        with_id(
            step("aws_iam_role.task", Action::Update, Reason::Changed, vec![change("assume_role_policy", json(TRUST), json(TRUST_NOW))]),
            "task",
        ),
        with_id(
            step(
                "aws_launch_template.web",
                Action::Update,
                Reason::Changed,
                vec![
                    change("user_data", text(SCRIPT), text(&SCRIPT.replace("nginx", "httpd").replace("systemctl enable httpd\n", ""))),
                    change("password", secret("hunter2"), secret("hunter3")),
                    change(
                        "task_definition",
                        text("arn:aws:ecs:us-west-2:123456789012:task-definition/durable-code-dev-backend-with-a-long-name:7"),
                        text("arn:aws:ecs:us-west-2:123456789012:task-definition/durable-code-dev-backend-with-a-long-name:8"),
                    ),
                    change("order", json(r#"["a", "b", "c", "d"]"#), json(r#"["a", "c", "x", "d"]"#)),
                    change("version", number(3), later()),
                ],
            ),
            "lt-1",
        ),
    ];
    let lb = object(&[("name", text("old-alb")), ("internal", Content::Bool(false).into()), ("idle_timeout", number(60))]);
    let asked = vec![
        forces("name", Planned::NULL, text("new-alb")),
        change("internal", Planned::NULL, Content::Bool(false).into()),
        change("idle_timeout", Planned::NULL, number(120)),
        change("drop_invalid", Planned::NULL, Content::Bool(true).into()),
    ];
    let task = json(r#"[{"name": "web", "image": "nginx:1", "cpu": 256}, {"name": "log", "image": "fluent", "cpu": 64}]"#);
    let task_now = json(r#"[{"name": "web", "image": "nginx:2", "cpu": 256}, {"name": "log", "image": "fluent", "cpu": 64}]"#);
    let definition = vec![forces("container_definitions", task.clone(), task_now)];
    let mut steps = create;
    steps.extend(update);
    steps.extend(replace("aws_lb.main", Reason::Replaced, false, lb, asked));
    steps.extend(replace("aws_ecs_task_definition.web", Reason::Replaced, true, object(&[("container_definitions", task)]), definition));
    steps.extend(replace("aws_eip.nat", Reason::Triggered(vec![address("aws_vpc.main")]), false, Planned::object([]), Vec::new()));
    steps.push(with_id(step("aws_subnet.public[\"c\"]", Action::Delete, Reason::NoInstance, Vec::new()), "subnet-9"));
    steps.push(with_id(step("aws_instance.old", Action::Delete, Reason::NotDeclared, Vec::new()), "i-1"));
    steps.push(step("data.aws_region.here", Action::Read, Reason::New, vec![change("name", Planned::NULL, later())]));
    steps.push(with_id(step("aws_nat_gateway.a", Action::Adopt, Reason::New, Vec::new()), "nat-1"));
    steps.push(step("aws_route.gone", Action::Forget, Reason::GoneOutside, Vec::new()));
    let mut plan = plan("base", steps);
    plan.moves.push(Move { from: address("aws_eip.one"), to: address("aws_eip.one[0]") });
    plan.kept.push(Kept { address: address("aws_ecr_repository.web"), why: "`prevent_destroy` is set".to_owned() });
    plan.blocked.push(Blocked { address: address("aws_kms_key.data"), why: "reading it is denied (kms:DescribeKey)".to_owned() });
    plan.unchanged.push(Unchanged { address: address("aws_internet_gateway.main"), values: object(&[("id", text("igw-1"))]) });
    plan.drift.push(Drift {
        address: address("aws_security_group.alb"),
        changes: vec![change("description", text("old words"), text("somebody's words"))],
        gone: false,
    });
    plan.drift.push(Drift { address: address("aws_route.gone"), changes: Vec::new(), gone: true });
    plan.outputs.push(output("alb_dns_name", text("old-alb.example.com"), later()));
    plan.outputs.push(output("vpc_id", Planned::NULL, later()));
    plan.outputs.push(output("legacy", text("x"), Planned::NULL));
    plan.outputs.push(output("same", text("x"), text("x")));
    plan.outputs.push(OutputChange { sensitive: true, ..output("token", text("hunter2"), text("hunter3")) });
    plan.warnings
        .push(Diagnostic::warning("Deprecated argument", "`acl` is deprecated; use `aws_s3_bucket_acl`.").hint("it still works for now"));
    plan
}
