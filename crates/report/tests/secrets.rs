//! The law: what is sensitive is never shown, in text or JSON, however deep it lies; and nothing panics.

use std::collections::BTreeMap;

use lowtide_diagnostic::Sources;
use lowtide_model::{Content, Planned, Type};
use lowtide_plan::{Action, Drift, OutputChange, Plan, Reason};
use lowtide_report::{PlanDocument, plan_json, plan_text, style::unpainted};
use proptest::prelude::*;

use crate::{
    kinds::schema,
    sample::{address, change, create, output, plan, replace, step},
};

const CANARY: &str = "c4n4ry-c4n4ry";

/// Any value, with sensitive parts here and there that hold the canary.
fn value() -> impl Strategy<Value = Planned> {
    let hidden = prop_oneof![
        Just(Planned::text(CANARY)),
        Just(Planned::text(format!("line\n{CANARY}\nline"))),
        Just(Planned::text(format!("{{\"a\": \"{CANARY}\"}}"))),
        Just(Planned::unknown_text(CANARY)),
        Just(Planned::list([Planned::text(CANARY)])),
        Just(Planned::object([(CANARY.to_owned(), Planned::text(CANARY))])),
    ]
    .prop_map(|value| value.marked(true));
    let open = prop_oneof![
        Just(Planned::NULL),
        any::<bool>().prop_map(|value| Content::Bool(value).into()),
        any::<i32>().prop_map(|value| Content::Number(i64::from(value).into()).into()),
        "\\PC{0,90}".prop_map(Planned::text),
        "[a-c\\n\u{1b}\"{}\\[\\]]{0,12}".prop_map(Planned::text),
        Just(Planned::unknown(Type::String)),
        Just(Planned::unknown_text("arn:")),
    ];
    let leaf = prop_oneof![1 => hidden, 3 => open];
    leaf.prop_recursive(4, 40, 4, |inner| {
        let named = prop::collection::btree_map(prop::sample::select(vec!["a", "b", "name", "x y"]), inner.clone(), 0..4);
        let owned =
            |all: BTreeMap<&str, Planned>| all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<BTreeMap<_, _>>();
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Planned::list),
            prop::collection::vec(inner, 0..4).prop_map(Planned::set),
            named.clone().prop_map(move |all| Content::Object(owned(all)).into()),
            named.prop_map(move |all| Content::Map(owned(all)).into()),
        ]
    })
}

/// A plan that shows two values in every place where values are shown.
fn shows(before: &Planned, after: &Planned) -> Plan {
    let both = |name: &str| change(name, before.clone(), after.clone());
    let mut steps = vec![
        create("aws_vpc.a", &[("a", before.clone()), ("b", after.clone())], &["id"]),
        step("aws_vpc.b", Action::Update, Reason::Changed, vec![both("a"), both("b.0.c"), both("d.*")]),
        step("aws_vpc.c", Action::Delete, Reason::NotDeclared, vec![both("a")]),
    ];
    let old = Planned::object([("a".to_owned(), before.clone())]);
    steps.extend(replace("aws_vpc.d", Reason::Replaced, true, old, vec![change("a", Planned::NULL, after.clone())]));
    let mut plan = plan("base", steps);
    plan.drift.push(Drift { address: address("aws_vpc.b"), changes: vec![both("a"), both("b.c"), both("b.1")], gone: false });
    plan.drift.push(Drift { address: address("aws_iam_role.x"), changes: vec![both("assume_role_policy")], gone: false });
    plan.outputs.push(output("clear", before.clone(), after.clone()));
    plan.outputs.push(OutputChange { sensitive: true, ..output("hidden", Planned::text(CANARY), Planned::list([Planned::text(CANARY)])) });
    plan
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn nothing_sensitive_is_ever_shown(before in value(), after in value(), width in 0_usize..200) {
        let plan = shows(&before, &after);
        let text = unpainted(&plan_text(std::slice::from_ref(&plan), &Sources::default(), width));
        prop_assert!(!text.contains("c4n4ry"), "{}", text);
        prop_assert!(!text.chars().any(|letter| letter.is_control() && letter != '\n'), "{:?}", text);
        let (schema, sources, variables) = (schema(), Sources::default(), BTreeMap::from([("v".to_owned(), after)]));
        let json = plan_json(&[PlanDocument { plan: &plan, state: None, schema: &schema, variables: &variables, sources: &sources }]);
        prop_assert!(!json.to_string().contains("c4n4ry"), "{:#}", json);
    }

    #[test]
    fn the_same_value_is_no_difference(value in value()) {
        let plan = plan("base", vec![step("aws_vpc.b", Action::Update, Reason::Changed, vec![change("a", value.clone(), value)])]);
        plan_text(&[plan], &Sources::default(), 100);
    }
}
