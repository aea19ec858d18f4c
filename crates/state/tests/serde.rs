//! Records, entries and outputs as JSON.

use lowtide_state::{Entry, OutputValue, Record, format::write_snapshot};
use serde_json::json;

use crate::samples::{deposed, document, entries, vpc};

#[test]
fn what_may_be_left_out_of_a_record_may_be_left_out() {
    let least = json!({
        "address": "aws_vpc.main",
        "place": {"account": "123456789012", "partition": "aws", "region": "us-west-2"},
        "id": "vpc-0a1b",
        "uid": "01JZ0000000000000000000001",
    });
    let read: Record = serde_json::from_value(least).unwrap();
    let expected = Record { inputs: Default::default(), seen: Default::default(), ..vpc() };
    assert_eq!(read, expected);
}

#[test]
fn text_and_json_read_alike_with_exact_numbers() {
    for record in [vpc(), deposed()] {
        let text = serde_json::to_string(&record).unwrap();
        assert_eq!(serde_json::from_str::<Record>(&text).unwrap(), record);
        assert_eq!(serde_json::from_value::<Record>(serde_json::to_value(&record).unwrap()).unwrap(), record);
    }
    for entry in entries() {
        assert_eq!(serde_json::from_str::<Entry>(&serde_json::to_string(&entry).unwrap()).unwrap(), entry);
    }
}

#[test]
fn mistakes_name_their_place() {
    let wrong = |json: serde_json::Value| serde_json::from_value::<Record>(json).unwrap_err().to_string();
    assert_eq!(wrong(json!([])), "this should be an object");
    assert_eq!(wrong(json!({})), "`address` is missing");
    assert!(wrong(json!({"address": "nothing"})).starts_with("`address`: `nothing` is no address"));
    let entry = serde_json::from_value::<Entry>(json!({"entry": "later"})).unwrap_err();
    assert_eq!(entry.to_string(), "there is no entry `later`");
    let output = serde_json::from_value::<OutputValue>(json!({"value": 1, "type": "money"})).unwrap_err();
    assert_eq!(output.to_string(), "`type`: this is no type");
}

#[test]
fn a_record_under_two_keys_is_not_written() {
    let mut document = document();
    let mut twin = vpc();
    twin.generation = 9;
    document.state.records.insert(twin.key(), vpc());
    assert_eq!(write_snapshot(&document).unwrap_err().to_string(), "there are two records of aws_vpc.main, generation 0");
}
