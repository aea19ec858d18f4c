//! Whatever a state holds, it reads back as it was written.

use std::collections::BTreeMap;

use lowtide_model::{Address, Declared, Key, Object, Place, Type, Value};
use lowtide_state::{
    Attempt, Author, Digest, Entry, Intent, Lingering, Moved, OutputValue, Protection, Record, Remembered, State, Status,
    format::{Base, Chain, Document, FORMAT, read_journal, read_snapshot, write_snapshot},
};
use proptest::{collection, option, prelude::*, sample::select};

use crate::samples;

/// Values as JSON can tell them: no sets, no maps.
fn value() -> impl Strategy<Value = Value> {
    let number = (any::<i64>(), 0u32..19).prop_map(|(digits, scale)| {
        let text = format!("{:0width$}", digits.unsigned_abs(), width = scale as usize + 1);
        let (whole, fraction) = text.split_at(text.len() - scale as usize);
        let sign = if digits < 0 { "-" } else { "" };
        Value::Number(if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }.parse().unwrap())
    });
    let long = "[1-9][0-9]{20,26}".prop_map(|text| Value::Number(text.parse().unwrap()));
    let leaf = prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::Bool), number, long, any::<String>().prop_map(Value::String)];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            collection::vec(inner.clone(), 0..4).prop_map(Value::List),
            collection::btree_map(any::<String>(), inner, 0..4).prop_map(Value::Object),
        ]
    })
}

fn object() -> impl Strategy<Value = Object> {
    collection::btree_map(any::<String>(), value(), 0..4).prop_map(Object)
}

fn name() -> impl Strategy<Value = String> {
    "[a-z_][a-z0-9_-]{0,8}"
}

fn key() -> impl Strategy<Value = Option<Key>> {
    option::of(prop_oneof![any::<u64>().prop_map(Key::Index), any::<String>().prop_map(|name| Key::Name(name.into()))])
}

fn address() -> impl Strategy<Value = Address> {
    (collection::vec((name(), key()), 0..3), any::<bool>(), name(), name(), key()).prop_map(|(module, data, kind, name, key)| Address {
        declared: Declared {
            module: module.into_iter().map(|(name, key)| (name.into(), key)).collect(),
            data,
            kind: format!("k{kind}").into(),
            name: name.into(),
        },
        key,
    })
}

fn digest() -> impl Strategy<Value = Digest> {
    (any::<String>(), any::<String>()).prop_map(|(salt, hmac)| Digest { salt, hmac })
}

prop_compose! {
    fn lingering()(
        until in any::<u32>(),
        uid in any::<String>(),
        inputs in object(),
        digests in collection::btree_map(any::<String>(), digest(), 0..3),
    ) -> Lingering {
        Lingering { until: until.into(), uid, inputs, digests }
    }
}

prop_compose! {
    fn record()(
        address in address(),
        generation in any::<u32>(),
        provider in option::of(any::<String>()),
        (account, partition, region, id, uid) in any::<(String, String, String, String, String)>(),
        (inputs, seen, outputs) in (object(), object(), object()),
        digests in collection::btree_map(any::<String>(), digest(), 0..3),
        dependencies in collection::vec(address(), 0..3),
        status in select(&[Status::Ok, Status::Partial, Status::Deposed, Status::Deleting][..]),
        (prevent_destroy, create_before_destroy) in any::<(bool, bool)>(),
        lingering in collection::vec(lingering(), 0..2),
        unknown in collection::btree_map("later_[a-z]{1,4}", value().prop_map(|value| value.to_json()), 0..2),
    ) -> Record {
        Record {
            address, generation, provider, id, uid, inputs, digests, dependencies, status, lingering, unknown,
            place: Place { account, partition, region },
            seen: Remembered { inputs: seen, outputs },
            protection: Protection { prevent_destroy, create_before_destroy },
        }
    }
}

fn ty() -> impl Strategy<Value = Type> {
    let leaf = select(&[Type::Any, Type::Bool, Type::Number, Type::String][..]);
    leaf.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|of| Type::List(Box::new(of))),
            collection::vec(inner.clone(), 0..3).prop_map(Type::Tuple),
            collection::btree_map(any::<String>(), inner, 0..3).prop_map(Type::object),
        ]
    })
}

fn output() -> impl Strategy<Value = OutputValue> {
    let set = collection::btree_set(any::<String>().prop_map(Value::String), 0..4).prop_map(Value::Set);
    let map = collection::btree_map(any::<String>(), any::<bool>().prop_map(Value::Bool), 0..4).prop_map(Value::Map);
    prop_oneof![
        (value(), ty()).prop_map(|(value, ty)| OutputValue::Clear { value, ty }),
        set.prop_map(|value| OutputValue::Clear { value, ty: Type::Set(Box::new(Type::String)) }),
        map.prop_map(|value| OutputValue::Clear { value, ty: Type::Map(Box::new(Type::Bool)) }),
        (digest(), ty()).prop_map(|(sensitive, ty)| OutputValue::Sensitive { sensitive, ty }),
    ]
}

fn outputs() -> impl Strategy<Value = BTreeMap<String, OutputValue>> {
    collection::btree_map(any::<String>(), output(), 0..3)
}

fn author() -> impl Strategy<Value = Author> {
    let known = any::<(Option<String>, Option<String>)>();
    (any::<(String, String, String)>(), known).prop_map(|((who, doing, since), (plan, run))| Author { who, doing, since, plan, run })
}

prop_compose! {
    fn document()(
        lineage in any::<String>(),
        serial in any::<u64>(),
        records in collection::vec(record(), 0..4),
        pending in collection::vec(intent(), 0..3),
        outputs in outputs(),
        parent in option::of(any::<String>()),
        (tool, author) in (any::<String>(), option::of(author())),
        unknown in collection::btree_map("later_[a-z]{1,4}", value().prop_map(|value| value.to_json()), 0..2),
    ) -> Document {
        let records = records.into_iter().map(|record| (record.key(), record)).collect();
        let pending = pending.into_iter().map(|intent| (intent.key(), intent)).collect();
        Document { state: State { lineage, serial, records, pending, outputs }, parent, tool, author, unknown }
    }
}

prop_compose! {
    fn intent()(
        op in any::<String>(),
        attempt in select(&[Attempt::Create, Attempt::Update, Attempt::Delete][..]),
        address in address(),
        generation in any::<u32>(),
        record in option::of(record().prop_map(Box::new)),
        until in option::of(any::<u32>().prop_map(u64::from)),
    ) -> Intent {
        Intent { op, attempt, address, generation, record, until }
    }
}

prop_compose! {
    fn moved()(from in address(), to in address(), generation in any::<u32>()) -> Moved {
        Moved { from, to, generation }
    }
}

fn entry() -> impl Strategy<Value = Entry> {
    prop_oneof![
        record().prop_map(|record| Entry::Put { record: Box::new(record) }),
        (address(), any::<u32>()).prop_map(|(address, generation)| Entry::Forget { address, generation }),
        collection::vec(moved(), 0..3).prop_map(|moves| Entry::Moved { moves }),
        intent().prop_map(|intent| Entry::Intent { intent: Box::new(intent) }),
        (address(), any::<u32>(), any::<String>(), any::<String>()).prop_map(|(address, generation, op, how)| Entry::Resolved {
            address,
            generation,
            op,
            how
        }),
        outputs().prop_map(|outputs| Entry::Outputs { outputs }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) })]

    #[test]
    fn states_read_back_equal(document in document()) {
        let written = write_snapshot(&document).unwrap();
        prop_assert_eq!(&written.snapshot.document, &document);
        let read = read_snapshot(written.text.as_bytes()).unwrap();
        prop_assert_eq!(&read, &written.snapshot);
        prop_assert_eq!(write_snapshot(&read.document).unwrap().text, written.text);
    }

    #[test]
    fn journals_read_back_equal((lineage, serial, hash) in any::<(String, u64, String)>(), author in option::of(author()), entries in collection::vec(entry(), 1..5)) {
        let base = Base { format: FORMAT, lineage, serial, hash, author };
        let (mut text, mut chain) = Chain::begin(&base);
        for entry in &entries {
            let line = chain.add(entry).unwrap();
            prop_assert_eq!(&line.entry, entry);
            text.push_str(&line.text);
        }
        let read = read_journal(text.as_bytes()).unwrap().unwrap();
        prop_assert_eq!((read.base, read.entries, read.torn), (base, entries, false));
    }

    #[test]
    fn nothing_else_is_a_state_or_breaks_the_reader(bytes in any::<Vec<u8>>(), header in "lowtide-(state|journal) [0-9]{1,11} [0-9a-f]{64} [0-9{]{1,21}\n") {
        let mut framed = header.into_bytes();
        framed.extend(&bytes);
        for text in [bytes, framed] {
            prop_assert!(read_snapshot(&text).is_err());
            prop_assert!(!matches!(read_journal(&text), Ok(Some(_))));
        }
    }
}

#[test]
fn sets_and_maps_in_records_read_back_as_lists_and_objects() {
    let mut record = samples::vpc();
    record.inputs.set("zones", Value::Set([Value::from("b"), Value::from("a")].into()));
    let mut chain = Chain::begin(&Base { format: FORMAT, lineage: String::new(), serial: 0, hash: String::new(), author: None }).1;
    let Entry::Put { record } = chain.add(&Entry::Put { record: Box::new(record) }).unwrap().entry else { panic!("it was put") };
    assert_eq!(record.inputs.get("zones"), Some(&Value::List(vec!["a".into(), "b".into()])));
}

#[test]
fn what_a_float_would_round_reads_back_equal() {
    for text in ["-2230738156062835.3", "2230738156062835.2", "0.1", "9007199254740993", "1234567890.123456789012345678"] {
        let mut document = samples::document();
        for record in document.state.records.values_mut() {
            record.inputs.set("size", Value::List(vec![Value::Number(text.parse().unwrap())]));
        }
        let written = write_snapshot(&document).unwrap();
        assert_eq!(written.snapshot.document, document, "{text}");
        assert_eq!(read_snapshot(written.text.as_bytes()).unwrap().document, document, "{text}");
    }
}
