//! A small state with everything in it.

use std::path::PathBuf;

use lowtide_model::{Address, Object, Place, Type, Value};
use lowtide_state::{
    Attempt, Author, Digest, Entry, Intent, Lingering, Moved, OutputValue, Protection, Record, Remembered, State, Status,
    format::{Base, Chain, Document, Extent, FORMAT, Head, Holder, Label, Outputs, Pointer, Slot, Snapshot, write_snapshot},
};
use serde_json::json;

pub fn object(members: &[(&str, Value)]) -> Object {
    members.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

pub fn digest() -> Digest {
    Digest { salt: "00ff".repeat(8), hmac: "0123456789abcdef".repeat(4) }
}

pub fn vpc() -> Record {
    let inputs = object(&[
        ("cidr_block", "10.0.0.0/16".into()),
        ("tags", Value::Object([("Name".to_owned(), "één \"two\"\n".into())].into())),
        ("share", Value::Number("0.25".parse().unwrap())),
        ("zones", Value::List(vec!["a".into(), Value::Null, true.into()])),
    ]);
    Record {
        address: "aws_vpc.main".parse().unwrap(),
        generation: 0,
        provider: None,
        place: Place { account: "123456789012".to_owned(), partition: "aws".to_owned(), region: "us-west-2".to_owned() },
        id: "vpc-0a1b".to_owned(),
        uid: "01JZ0000000000000000000001".to_owned(),
        inputs: inputs.clone(),
        digests: [].into(),
        seen: Remembered { inputs, outputs: object(&[("arn", "arn:aws:ec2:us-west-2:123456789012:vpc/vpc-0a1b".into())]) },
        dependencies: vec![],
        status: Status::Ok,
        protection: Protection::default(),
        lingering: vec![],
        unknown: [].into(),
    }
}

pub fn deposed() -> Record {
    Record {
        address: "module.db[\"x\"].aws_db_instance.main[2]".parse().unwrap(),
        generation: 3,
        provider: Some("east".to_owned()),
        digests: [("password".to_owned(), digest())].into(),
        dependencies: vec!["aws_vpc.main".parse().unwrap(), "data.aws_region.here".parse().unwrap()],
        status: Status::Deposed,
        protection: Protection { prevent_destroy: true, create_before_destroy: true },
        lingering: vec![lingering()],
        unknown: [("future".to_owned(), json!({"n": 12345678901234567890123u128, "exact": [1.5, -7]}))].into(),
        ..vpc()
    }
}

/// As a state of format 4 has it, which says only until when.
pub fn lingering() -> Lingering {
    Record { digests: [("password".to_owned(), digest())].into(), ..vpc() }.lingering_until(1_767_225_900)
}

pub fn intent() -> Intent {
    let record =
        Record { address: "aws_eip.next".parse().unwrap(), id: String::new(), uid: "01JZ0000000000000000000002".to_owned(), ..vpc() };
    let (op, address) = (record.uid.clone(), record.address.clone());
    Intent { op, attempt: Attempt::Create, address, generation: 0, record: Some(Box::new(record)), until: Some(1_767_225_900) }
}

pub fn state() -> State {
    let mut state = State::new("8c0e5e0c-1d2f-4a3b-9c4d-5e6f70818293");
    state.serial = 7;
    for record in [vpc(), deposed()] {
        state.apply(&Entry::Put { record: Box::new(record) });
    }
    state.apply(&Entry::Intent { intent: Box::new(intent()) });
    let ids = Value::Set(["subnet-b".into(), "subnet-a".into()].into());
    state.outputs = [
        ("ids".to_owned(), OutputValue::Clear { value: ids, ty: Type::Set(Box::new(Type::String)) }),
        ("password".to_owned(), OutputValue::Sensitive { sensitive: digest(), ty: Type::String }),
    ]
    .into();
    state
}

pub fn author() -> Author {
    Author {
        who: "ana on build-7".to_owned(),
        doing: "apply".to_owned(),
        since: "2026-02-03T04:05:06Z".to_owned(),
        plan: Some("89abcdef01234567".repeat(4)),
        run: Some("0f1e2d3c4b5a6978".repeat(2)),
    }
}

pub fn document() -> Document {
    let mut document = Document::new(state(), "lowtide 0.1.0");
    document.author = Some(author());
    document.parent = Some("fedcba9876543210".repeat(4));
    document.unknown = [("later".to_owned(), json!(["kept"]))].into();
    document
}

pub fn snapshot() -> (String, Snapshot) {
    let written = write_snapshot(&document()).unwrap();
    (written.text, written.snapshot)
}

pub fn entries() -> Vec<Entry> {
    vec![
        Entry::Put { record: Box::new(Record { id: "vpc-0c2d".to_owned(), ..vpc() }) },
        Entry::Intent { intent: Box::new(Intent { op: "01JZ0000000000000000000003".to_owned(), ..intent() }) },
        Entry::Resolved {
            address: intent().address,
            generation: 0,
            op: "01JZ0000000000000000000003".to_owned(),
            how: "nothing was made".to_owned(),
        },
        Entry::Forget { address: deposed().address, generation: 3 },
        Entry::Outputs { outputs: state().outputs },
        Entry::Moved { moves: vec![Moved { from: vpc().address, to: moved(), generation: 0 }] },
    ]
}

/// Where the network is in the end.
pub fn moved() -> Address {
    "aws_vpc.main[0]".parse().unwrap()
}

/// A journal on the snapshot.
pub fn journal() -> String {
    let state = state();
    let base = Base { format: FORMAT, lineage: state.lineage, serial: state.serial, hash: snapshot().1.hash, author: Some(author()) };
    let (mut text, mut chain) = Chain::begin(&base);
    for entry in entries() {
        text.push_str(&chain.add(&entry).unwrap().text);
    }
    text
}

/// A head with everything in it.
pub fn head() -> Head {
    Head {
        lineage: state().lineage,
        epoch: 12,
        holder: Some(Holder { run: "01JZ0000000000000000000004".to_owned(), who: "ana, doing apply".to_owned(), lease_ms: 30_000 }),
        beat: "00112233445566778899aabbccddeeff".to_owned(),
        snapshot: Some(Pointer {
            serial: 7,
            sha256: "0123456789abcdef".repeat(4),
            length: 4321,
            outputs: Some("456789abcdef0123".repeat(4)),
        }),
        journal: Extent { first: 3, base: 5, base_chain: "fedcba9876543210".repeat(4), next: 9, fences: vec![3, 5] },
        moved_to: Some("s3://elsewhere/demo".to_owned()),
        write_id: "ffeeddccbbaa99887766554433221100".to_owned(),
        unknown: [("later".to_owned(), json!(["kept"]))].into(),
    }
}

/// The outputs of the state.
pub fn outputs() -> Outputs {
    Outputs { snapshot: "0123456789abcdef".repeat(4), outputs: state().outputs }
}

/// A slot with a journal on the snapshot.
pub fn slot() -> Slot {
    let label = Label { number: 6, epoch: 12, previous: "fedcba9876543210".repeat(4), write_id: head().write_id };
    // A slot is written once, so what stands in it stays in its format.
    Slot { label, lines: "lowtide-journal …\n".to_owned() }
}

/// A file kept in `format/`.
pub fn kept(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("format").join(name)
}
