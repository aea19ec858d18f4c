//! Bodies by the shapes of their kind, and the way back to expressions.

use std::sync::Arc;

use lowtide_diagnostic::Diagnostics;
use lowtide_model::{Content, Declared, Path, Planned, PlannedObject, Step, Type};
use lowtide_spec::{Configuration, NoFiles, Table, Values, configuration, evaluate_body, to_expression};

use crate::kinds::schema;

pub fn read(text: &str) -> Configuration {
    let mut found = Diagnostics::default();
    let table = Table::read(text, 0, &mut found).expect("TOML");
    let (configuration, mistakes) = configuration::read("sample", vec![table], &schema());
    assert!(found.is_empty() && mistakes.is_empty(), "{found}{mistakes}");
    configuration
}

pub fn values() -> Values {
    let mut values = Values::new(Arc::new(NoFiles));
    values.set_variable("secret".into(), Planned::text("hunter2").marked(true));
    values.set_variable("later".into(), Planned::unknown(Type::Any));
    values.set_variable("name".into(), Planned::text("x"));
    values
}

fn evaluate(kind: &str, body: &str) -> Result<PlannedObject, Diagnostics> {
    let configuration = read(&format!("[resource.{kind}.it]\n{body}"));
    let declared = Declared::resource(kind, "it");
    let schema = schema();
    evaluate_body(&configuration.resources[&declared].body, schema.kind(kind).expect("the kind"), &values())
}

fn shown(object: &PlannedObject) -> String {
    object.known().map_or_else(|| format!("{object:?}"), |known| known.to_json().to_string())
}

fn evaluated(kind: &str, body: &str) -> String {
    evaluate(kind, body).map_or_else(|wrong| wrong.to_string(), |object| shown(&object))
}

#[test]
fn defaults_are_filled_in_and_null_is_absent() {
    let body = "cidr_block = '10.0.0.0/16'\nenable_dns_support = '${null}'\ntags = { A = 1, B = '${null}' }";
    let wanted = r#"{"cidr_block":"10.0.0.0/16","enable_dns_support":true,"instance_tenancy":"default","tags":{"A":"1"}}"#;
    assert_eq!(evaluated("aws_vpc", body), wanted);
    assert_eq!(evaluated("aws_security_group", "tags = {}\ningress = []"), r#"{"ingress":[],"tags":{}}"#, "empty collections are values");
}

#[test]
fn a_block_is_a_table_an_array_of_one_or_an_expression() {
    let wanted = r#"{"access_logs":{"bucket":"b","enabled":false},"idle_timeout":60}"#;
    for body in [
        "access_logs = { bucket = 'b' }",
        "access_logs = [{ bucket = 'b' }]",
        "[[resource.aws_lb.it.access_logs]]\nbucket = 'b'",
        "access_logs = '${{ bucket = \"b\" }}'",
        "access_logs = '${[{ bucket = \"b\", enabled = null }]}'",
    ] {
        assert_eq!(evaluated("aws_lb", body), wanted, "{body}");
    }
    for body in ["access_logs = []", "access_logs = '${null}'", "access_logs = '${[]}'"] {
        assert_eq!(evaluated("aws_lb", body), r#"{"idle_timeout":60}"#, "{body}");
    }
}

#[test]
fn block_sets_come_from_tables_and_from_expressions() {
    let wanted = r#"{"ingress":[{"from_port":1,"protocol":"tcp","to_port":2}]}"#;
    for body in [
        "ingress = { from_port = 1, to_port = '2', protocol = 'tcp' }",
        "ingress = [{ from_port = 1, to_port = 2, protocol = 'tcp' }, { from_port = 1, to_port = 2, protocol = 'tcp' }]",
        "ingress = ['${{ from_port = 1, to_port = 2, protocol = \"tcp\", cidr_blocks = null }}']",
        "ingress = '${[for port in [1] : { from_port = port, to_port = port + 1, protocol = \"tcp\" }]}'",
    ] {
        assert_eq!(evaluated("aws_security_group", body), wanted, "{body}");
    }
}

#[test]
fn json_is_structure_however_it_was_written() {
    let wanted = r#"{"assume_role_policy":{"Statement":[{"Effect":"Allow"}]}}"#;
    for body in [
        "assume_role_policy = { Statement = [{ Effect = 'Allow' }] }",
        "assume_role_policy = '{\"Statement\": [{\"Effect\": \"Allow\"}]}'",
        "assume_role_policy = '${{ Statement = [{ Effect = \"Allow\" }] }}'",
    ] {
        assert_eq!(evaluated("aws_iam_role", body), wanted, "{body}");
    }
}

#[test]
fn json_holds_unknown_and_sensitive_members() {
    let object = evaluate("aws_iam_role", "assume_role_policy = { A = '${var.later}', B = '${var.secret}' }").expect("fits");
    let policy = object.get("assume_role_policy").and_then(Planned::as_members).expect("structure");
    assert!(policy["A"].is_unknown() && policy["B"].sensitive);
    let whole = evaluate("aws_iam_role", "assume_role_policy = '${var.later}'").expect("fits");
    assert_eq!(whole.get("assume_role_policy").map(Planned::ty), Some(Type::String));
}

#[test]
fn unknown_values_fit_everywhere_and_get_their_type() {
    let body = "name = '${var.later}'\nsubnets = ['a', '${var.later}']\nidle_timeout = '${var.later}'\naccess_logs = '${var.later}'";
    let object = evaluate("aws_lb", body).expect("fits");
    assert_eq!(object.get("name").map(Planned::ty), Some(Type::String));
    assert_eq!(object.get("idle_timeout").map(Planned::ty), Some(Type::Number));
    assert!(matches!(object.get("access_logs").map(Planned::ty), Some(Type::Object(_))));
    assert_eq!(object.get("subnets").and_then(Planned::as_elements).map(<[Planned]>::len), Some(2));
}

#[test]
fn marks_travel_and_secrets_are_marked() {
    let object = evaluate("aws_ssm_parameter", "name = '/${var.secret}'\ntype = 'String'\nvalue = 'open'").expect("fits");
    assert!(object.get("name").is_some_and(|value| value.sensitive));
    assert!(object.get("value").is_some_and(|value| value.sensitive));
    assert!(!object.get("type").is_some_and(|value| value.sensitive));
}

#[test]
fn sensitive_values_are_not_shown() {
    for (kind, body) in [
        ("aws_vpc", "cidr_block = '${var.secret}'"),
        ("aws_vpc", "cidr_block = '10.0.0.0/8'\ninstance_tenancy = '${var.secret}'"),
        ("aws_vpc", "cidr_block = '10.0.0.0/8'\nenable_dns_support = '${var.secret}'"),
        ("aws_lb", "idle_timeout = '${var.secret}'"),
        ("aws_iam_role", "assume_role_policy = '${var.secret}'"),
    ] {
        let wrong = evaluate(kind, body).expect_err(body);
        assert!(wrong.iter().all(|one| !format!("{one:?}").contains("hunter2")), "{wrong}");
    }
}

#[test]
fn places_are_told_by_path() {
    let text = "[resource.aws_security_group.it]\nname = 'a'\n\n[[resource.aws_security_group.it.ingress]]\nfrom_port = 443\n";
    let configuration = read(text);
    let body = &configuration.resources[&Declared::resource("aws_security_group", "it")].body;
    let covered = |path: &Path| body.place_of(path).and_then(|place| text.get(place.span()));
    let rule = Path::of("ingress").then(Step::Element);
    assert_eq!(covered(&Path::of("name")), Some("'a'"));
    assert_eq!(covered(&rule.then(Step::Name("from_port".to_owned()))), Some("443"));
    assert_eq!(covered(&rule.then(Step::Name("to_port".to_owned()))), Some("[[resource.aws_security_group.it.ingress]]"));
    assert_eq!(covered(&Path::of("tags")), None);
}

#[test]
fn expressions_see_text_lists_of_one_and_nulls() {
    let schema = schema();
    let object = evaluate("aws_lb", "access_logs = { bucket = 'b' }\nsubnets = ['a', 'b']").expect("fits");
    let seen = to_expression(schema.kind("aws_lb").expect("the kind"), &object);
    let members = seen.as_members().expect("an object");
    assert!(members["dns_name"].is_null() && members["name"].is_null());
    let logs = members["access_logs"].as_elements().expect("a list");
    assert_eq!(logs[0].as_members().and_then(|all| all["bucket"].as_str()), Some("b"));
    let role = evaluate("aws_iam_role", "assume_role_policy = { Statement = [], Id = '${var.name}' }").expect("fits");
    let seen = to_expression(schema.kind("aws_iam_role").expect("the kind"), &role);
    assert_eq!(seen.as_members().and_then(|all| all["assume_role_policy"].as_str()), Some(r#"{"Id":"x","Statement":[]}"#));
}

#[test]
fn expressions_see_unknown_json_as_unknown_text_and_keep_marks() {
    let schema = schema();
    let role = evaluate("aws_iam_role", "assume_role_policy = { A = '${var.later}', B = '${var.secret}' }").expect("fits");
    let seen = to_expression(schema.kind("aws_iam_role").expect("the kind"), &role);
    let policy = &seen.as_members().expect("an object")["assume_role_policy"];
    assert!(policy.sensitive && matches!(&policy.content, Content::Unknown(unknown) if unknown.ty == Type::String));
    let empty = to_expression(schema.kind("aws_security_group").expect("the kind"), &PlannedObject::default());
    let members = empty.as_members().expect("an object");
    assert_eq!(members["ingress"], Planned::set([]));
}
