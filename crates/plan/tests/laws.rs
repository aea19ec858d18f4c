//! What holds for every spec and every edit of it.

use std::collections::BTreeMap;

use lowtide_plan::{Action, Answers, Plan, Progress, Sight};
use proptest::{prelude::*, sample::Index};

use crate::case::Case;

/// One resource of a generated spec: its kind by number, what it refers to, and its settings.
#[derive(Clone, Debug)]
struct One {
    kind: u8,
    refers: Vec<Index>,
    waits: Vec<Index>,
    name: u8,
    setting: u8,
    first: bool,
    count: Option<u8>,
}

fn one() -> impl Strategy<Value = One> {
    let refers = prop::collection::vec(any::<Index>(), 0..3);
    let waits = prop::collection::vec(any::<Index>(), 0..2);
    (0u8..6, refers, waits, 0u8..40, 0u8..3, prop::bool::weighted(0.15), prop::option::weighted(0.2, 1u8..3))
        .prop_map(|(kind, refers, waits, name, setting, first, count)| One { kind, refers, waits, name, setting, first, count })
}

fn specs() -> impl Strategy<Value = Vec<One>> {
    prop::collection::vec(one(), 3..16)
}

/// Writes a spec in which each refers only to some before it. Names are unique: `same` of another edit keeps them.
fn spec(all: &[One]) -> String {
    let mut text = String::new();
    for (at, one) in all.iter().enumerate() {
        let kind = ["toy_net", "toy_host", "toy_role", "toy_grant", "toy_task", "toy_base"][usize::from(one.kind)];
        let head = format!("resource.{kind}.r{at}");
        let before = &all[..at];
        let id = |index: &Index| {
            let to = index.index(before.len());
            let kind = ["toy_net", "toy_host", "toy_role", "toy_grant", "toy_task", "toy_base"][usize::from(before[to].kind)];
            (format!("{kind}.r{to}"), if before[to].count.is_some() { "[0]" } else { "" })
        };
        let ids: Vec<_> = one
            .refers
            .iter()
            .filter(|_| at > 0)
            .map(|index| {
                let (name, key) = id(index);
                format!("${{{name}{key}.id}}")
            })
            .collect();
        let first = ids.first().cloned().unwrap_or_else(|| "elsewhere".to_owned());
        let several = if one.count.is_some() { "-${count.index}" } else { "" };
        text += &format!("[{head}]\n");
        if let Some(count) = one.count {
            text += &format!("count = {count}\n");
        }
        if at > 0 && !one.waits.is_empty() {
            let waits: Vec<_> = one.waits.iter().map(|index| format!("'{}'", id(index).0)).collect();
            text += &format!("depends_on = [{}]\n", waits.join(", "));
        }
        let setting = one.setting;
        text += &match one.kind {
            0 => format!("cidr = '10.{setting}.0.0/16'\nsize = {}\ntags = {{ Ids = '{}' }}\n", one.name, ids.join(" ")),
            1 => format!("net = '{first}'\nlabel = 'l{setting}'\n"),
            2 => format!("name = 'n{}-{at}{several}'\nnote = '{setting}'\n", one.name % 3),
            3 => format!("role = '{first}'\nname = 'g{at}{several}'\ndocument = {{ Statement = [{{ Action = 'a:{setting}' }}] }}\n"),
            4 => format!("family = 'f{setting}'\ncontainers = [{{ name = 'c', image = '{first}' }}]\n"),
            _ => format!("names = ['s{setting}', '{}']\n", ids.join("', '")),
        };
        if one.first && one.kind != 2 && one.kind != 3 {
            text += &format!("[{head}.lifecycle]\ncreate_before_destroy = true\n");
        }
    }
    text
}

/// Changes some of a spec: settings, references, or whether something is there at all.
fn edited(all: &[One], edits: &[(Index, u8, One)]) -> Vec<One> {
    let mut all = all.to_vec();
    for (index, sort, other) in edits {
        let at = index.index(all.len());
        match sort {
            0 => all[at].setting = other.setting,
            1 => all[at].refers.clone_from(&other.refers),
            2 => all[at].name = other.name,
            3 => all[at].count = other.count,
            4 => all[at].waits.clone_from(&other.waits),
            _ => all[at] = other.clone(),
        }
    }
    all
}

fn edits() -> impl Strategy<Value = Vec<(Index, u8, One)>> {
    prop::collection::vec((any::<Index>(), 0u8..6, one()), 0..6)
}

fn shorter(all: &[One], by: &Index) -> Vec<One> {
    all[..all.len() - by.index(all.len() / 2 + 1)].to_vec()
}

/// Checks the order of a plan against what is remembered and what the plan itself says.
fn check_order(case: &Case, plan: &Plan) {
    let mut at = BTreeMap::new();
    for step in &plan.steps {
        assert!(step.needs.iter().all(|needed| *needed < step.id), "step {} comes before what it needs", step.id);
        at.insert((step.address.clone(), step.generation), step);
    }
    let gone = |key: &(lowtide_model::Address, u32)| at.get(key).filter(|step| step.action == Action::Delete);
    for (key, record) in &case.state.records {
        let Some(mine) = gone(key) else { continue };
        for needed in &record.dependencies {
            let others = case.state.records.keys().filter(|other| other.0 == *needed);
            for other in others.filter_map(gone) {
                assert!(mine.id < other.id, "{} goes before {}, which stands on it", needed, key.0);
                assert!(reaches(plan, other.id, mine.id), "{} does not wait for {}", needed, key.0);
            }
        }
    }
    for step in plan.steps.iter().filter(|step| step.action != Action::Delete) {
        for needed in plan.dependencies.get(&step.address).into_iter().flatten() {
            let makes = plan.steps.iter().filter(|other| other.address == *needed && other.action != Action::Delete);
            makes.for_each(|other| assert!(reaches(plan, step.id, other.id), "{} does not wait for {needed}", step.address));
        }
        if let Some(pair) = step.pair {
            let (before, after) = if step.create_first { (step.id, pair) } else { (pair, step.id) };
            assert!(reaches(plan, after, before), "{} and its predecessor have no order", step.address);
        }
    }
}

fn reaches(plan: &Plan, from: usize, to: usize) -> bool {
    let (mut open, mut seen) = (vec![from], vec![false; plan.steps.len()]);
    while let Some(one) = open.pop() {
        if one == to {
            return true;
        }
        if !std::mem::replace(&mut seen[one], true) {
            open.extend(plan.steps[one].needs.iter().copied());
        }
    }
    false
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_as_declared_needs_nothing(all in specs()) {
        let plan = Case::applied(&spec(&all)).plan().expect("a plan");
        prop_assert!(plan.is_empty(), "{}", crate::shown::shown(&plan));
    }

    #[test]
    fn a_new_stack_is_made_in_order(all in specs()) {
        let mut case = Case::new(&spec(&all));
        let plan = case.plan().expect("a plan");
        check_order(&case, &plan);
        prop_assert!(plan.steps.iter().all(|step| step.action == Action::Create));
    }

    #[test]
    fn a_destroy_takes_everything_in_order(all in specs()) {
        let mut case = Case::applied(&spec(&all)).destroyed();
        let plan = case.plan().expect("a plan");
        check_order(&case, &plan);
        prop_assert_eq!(plan.steps.len(), case.state.records.len());
    }

    #[test]
    fn an_edit_is_planned_in_order_and_the_same_each_time(all in specs(), edits in edits(), by in any::<Index>(), gone in prop::option::weighted(0.3, any::<Index>())) {
        let mut case = Case::applied(&spec(&all));
        if let Some(gone) = gone && !case.sights.is_empty() {
            let key = case.sights.keys().nth(gone.index(case.sights.len())).cloned().expect("one");
            case.sights.insert(key, Sight::Gone);
        }
        let mut case = case.then(&spec(&shorter(&edited(&all, &edits), &by)));
        match case.plan() {
            Ok(plan) => {
                check_order(&case, &plan);
                let again = case.plan().expect("a plan");
                prop_assert_eq!(plan, again);
            }
            // Names that are still taken, and circles that only create_before_destroy could break, are told.
            Err(wrong) => prop_assert!(wrong.iter().all(|one| ["Name still taken", "No possible order"].contains(&one.summary.as_str())), "{}", wrong),
        }
    }

    #[test]
    fn with_all_answers_nothing_is_asked_again(all in specs()) {
        let case = Case::new(&spec(&all));
        let (places, providers) = (case.places(), case.providers());
        let mut answers = Answers::default();
        for round in 0..50 {
            match case.advance(&answers, &places, &providers).expect("no mistakes") {
                Progress::Done(_) => return Ok(()),
                Progress::Needs(requests) => {
                    prop_assert!(round < 40);
                    for request in requests {
                        prop_assert!(!answers.found.contains_key(&request) && !answers.looked.contains_key(&request));
                        case.answer(&mut answers, request);
                    }
                }
            }
        }
        prop_assert!(false, "planning does not end");
    }

    #[test]
    fn what_is_not_selected_is_not_touched(all in specs(), edits in edits(), index in any::<Index>()) {
        let case = Case::applied(&spec(&all)).then(&spec(&edited(&all, &edits)));
        let declared: Vec<_> = case.configuration.resources.keys().cloned().collect();
        let excluded = &declared[index.index(declared.len())];
        let mut case = case.excluding(&[&excluded.to_string()]);
        if let Ok(plan) = case.plan() {
            prop_assert!(plan.steps.iter().all(|step| step.address.declared != *excluded));
        }
    }
}
