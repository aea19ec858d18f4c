//! States and outputs.

use std::collections::BTreeMap;

use insta::assert_snapshot;
use lowtide_model::{Object, Type, Value};
use lowtide_report::{output_text, outputs_json, outputs_text, state_json, state_list, state_show, state_text};
use lowtide_state::{Digest, OutputValue, Protection, Record, Remembered, State, Status};

use crate::{
    kinds::schema,
    plain,
    sample::{address, place, stack},
};

fn value(json: &str) -> Value {
    Value::from_json(&serde_json::from_str(json).expect("JSON")).expect("small numbers")
}

fn object(json: &str) -> Object {
    Object(value(json).as_members().expect("an object").clone())
}

fn record(at: &str, id: &str, inputs: &str, outputs: &str) -> Record {
    Record {
        address: address(at),
        generation: 0,
        provider: None,
        place: place(),
        id: id.to_owned(),
        uid: "u-1".to_owned(),
        inputs: object(inputs),
        digests: BTreeMap::new(),
        seen: Remembered { inputs: object(inputs), outputs: object(outputs) },
        dependencies: Vec::new(),
        status: Status::Ok,
        protection: Protection::default(),
        lingering: Vec::new(),
        unknown: BTreeMap::new(),
    }
}

fn digest() -> Digest {
    Digest { salt: "00".to_owned(), hmac: "ff".to_owned() }
}

/// Returns a small state.
pub fn state() -> State {
    let mut state = State::new("3f0c");
    state.serial = 7;
    let group = r#"{"name": "web", "vpc_id": "vpc-1", "health_check": {"path": "/health", "interval": 15}, "tags": {"Name": "web"}}"#;
    let mut group = record("aws_lb_target_group.web", "arn:aws:tg/web", group, r#"{"arn": "arn:aws:tg/web", "id": "arn:aws:tg/web"}"#);
    group.protection.prevent_destroy = true;
    group.dependencies.push(address("aws_vpc.main"));
    let trust = r#"{"name": "task", "assume_role_policy": {"Version": "2012-10-17", "Statement": []}}"#;
    let role = record("aws_iam_role.task", "task", trust, r#"{"id": "task"}"#);
    let mut old = Record { generation: 1, status: Status::Partial, ..role.clone() };
    old.id = "task-2".to_owned();
    let deposed = Record { status: Status::Deposed, ..role };
    let mut parameter = record("aws_ssm_parameter.token", "/token", r#"{"name": "/token", "type": "SecureString"}"#, r#"{"version": 3}"#);
    parameter.digests.insert("value".to_owned(), digest());
    let kept = record("aws_ecr_repository.web", "web", r#"{"name": "web"}"#, r#"{"url": "123.dkr.ecr/web"}"#);
    for record in [group, deposed, old, parameter, kept] {
        state.records.insert(record.key(), record);
    }
    let clear = |json: &str, ty| OutputValue::Clear { value: value(json), ty };
    state.outputs.insert("alb_dns_name".to_owned(), clear(r#""alb.example.com""#, Type::String));
    state.outputs.insert("subnets".to_owned(), clear(r#"["subnet-1", "subnet-2"]"#, Type::List(Box::new(Type::String))));
    state.outputs.insert("token".to_owned(), OutputValue::Sensitive { sensitive: digest(), ty: Type::String });
    state
}

#[test]
fn a_state_shows_each_record() {
    assert_snapshot!(plain(&state_text(&stack("base"), &state(), &schema(), 100)));
}

#[test]
fn a_state_has_terraforms_shape() {
    assert_snapshot!(format!("{:#}", state_json(&state(), &schema())));
}

#[test]
fn addresses_are_listed_and_one_is_shown() {
    let state = state();
    assert_snapshot!(state_list(&state));
    let role = state_show(&state, &address("aws_iam_role.task"), &schema(), 100).expect("a record");
    assert!(plain(&role).contains("deposed, generation 0"), "{role}");
    assert_eq!(state_show(&state, &address("aws_iam_role.other"), &schema(), 100), None);
}

#[test]
fn outputs_are_masked_unless_asked_for() {
    let outputs = state().outputs;
    assert_snapshot!(plain(&outputs_text(&outputs, 100)));
    let masked = outputs_json(&outputs, &BTreeMap::new());
    assert_eq!(masked["token"], serde_json::json!({ "sensitive": true, "type": "string", "value": null }));
    let clear = BTreeMap::from([("token".to_owned(), Value::text("hunter2"))]);
    assert_eq!(outputs_json(&outputs, &clear)["token"]["value"], "hunter2");
    assert_eq!(output_text(&Value::text("as it is")), "as it is");
    assert_eq!(output_text(&value(r#"["a"]"#)), "[\n  \"a\"\n]");
}
