//! Specs that grow beyond all bounds are refused with a place; large ones are not.

use lowtide_diagnostic::Diagnostics;
use lowtide_model::{Content, Declared, Planned};
use lowtide_spec::{Configuration, Table, VariableInput, evaluate_body, expression::Scope, fill_in_hashes, resolve_variables};

use crate::{
    bodies::{read, values},
    kinds::schema,
};

/// Evaluates locals in order, as planning does, until one is refused.
fn locals(configuration: &Configuration, names: impl IntoIterator<Item = String>) -> Diagnostics {
    let mut scope = values();
    // The rest of the budget is as good a test as all of it, and sooner done.
    scope.budget().weigh(9_500_000, &configuration.locals["a0"].value.place).expect("it is there");
    for name in names {
        let local = &configuration.locals[&*name];
        match local.value.evaluate(&scope) {
            Ok(value) => scope.set_local(name.as_str().into(), value),
            Err(wrong) => return wrong,
        }
    }
    Diagnostics::default()
}

/// A spec in which each of some locals is made of the one before.
fn chain(count: usize, first: &str, next: &str) -> Diagnostics {
    let mut text = format!("[locals]\na0 = {first}\n");
    for number in 1..=count {
        text += &format!("a{number} = {}\n", next.replace('@', &format!("local.a{}", number - 1)));
    }
    locals(&read(&text), (0..=count).map(|number| format!("a{number}")))
}

#[track_caller]
fn refused(found: &Diagnostics, summaries: &[&str]) {
    let first = found.iter().next().expect("it is refused");
    assert!(summaries.contains(&&*first.summary) && first.place.is_some(), "{first:?}");
}

#[test]
fn locals_that_double_are_refused() {
    let deep = "[['${@}', '${@}'], '${@}']";
    for next in ["['${@}', '${@}']", "{ a = '${@}', b = '${@}' }", "'${[@, @]}'", "[[{ a = '${@}' }], '${concat(@, @)}']", deep] {
        refused(&chain(35, "['x']", next), &["Stack too large", "Expression too costly"]);
        assert!(chain(5, "['x']", next).is_empty(), "{next}");
    }
}

#[test]
fn locals_that_deepen_are_refused() {
    let wrapped = |open: &str, close: &str, times: usize| format!("{}'${{@}}'{}", open.repeat(times), close.repeat(times));
    refused(&chain(400, "'x'", &wrapped("[", "]", 60)), &["Value nested too deeply"]);
    refused(&chain(400, "'x'", &wrapped("{ a = ", "}", 60)), &["Value nested too deeply"]);
    refused(&chain(400, "'x'", &format!("'${{{}@{}}}'", "[".repeat(50), "]".repeat(50))), &["Value nested too deeply"]);
    assert!(chain(1, "'x'", &wrapped("[", "]", 60)).is_empty());
    assert!(chain(9, "'x'", &wrapped("[", "]", 10)).is_empty());
}

/// Evaluates a declaration's body as often as it has instances, until it is refused.
/// A part of the budget is gone before.
fn instances(body: &str, count: usize, gone: u64) -> Diagnostics {
    let configuration = read(&format!("[resource.aws_security_group.it]\n{body}\n"));
    let declared = Declared::resource("aws_security_group", "it");
    let (schema, declaration) = (schema(), &configuration.resources[&declared]);
    let description = schema.of(&declared).expect("a kind");
    let mut scope = values();
    scope.budget().weigh(gone, &declaration.place).expect("it is there");
    scope.set_local("wide".into(), Planned::list((0..1000).map(|at| Planned::text(at.to_string()))));
    let evaluate = |_| {
        let instance = scope.instance(None, None);
        let mut wish = evaluate_body(&declaration.body, description, &instance)?;
        fill_in_hashes(&mut wish, &declaration.body, description, &instance)
    };
    (0..count).map(evaluate).find_map(Result::err).unwrap_or_default()
}

#[test]
fn many_large_instances_are_refused_and_as_many_small_ones_are_not() {
    let large = "ingress = '${[for i in local.wide : { from_port = 1, to_port = tonumber(i), protocol = \"tcp\" }]}'";
    refused(&instances(large, 100_000, 9_000_000), &["Stack too large"]);
    refused(
        &instances(&format!("tags = {{ a = '${{join(\"\", local.wide)}}{}' }}", "x".repeat(100_000)), 100_000, 9_000_000),
        &["Stack too large"],
    );
    let small = "name = 'it'\nvpc_id = 'vpc-1'\ntags = { Name = 'it-${local.wide[7]}', Team = 'core' }\n\
                 ingress = [{ from_port = 1, to_port = 2, protocol = 'tcp', cidr_blocks = ['10.0.0.0/8'] }]";
    // A hundred thousand take no more than is there, or a tenth of them no more than a tenth of it.
    assert!(instances(small, 10_000, 9_000_000).is_empty());
}

#[test]
fn a_type_with_many_members_does_not_multiply_a_value() {
    let members: Vec<_> = (0..1000).map(|at| format!("m{at} = optional(string)")).collect();
    let configuration = read(&format!("[variable.v]\ntype = 'list(object({{ {} }}))'\n", members.join(", ")));
    let resolved = |count: usize| {
        let mut found = Diagnostics::default();
        let table = Table::read(&format!("v = [{}]\n", "{},".repeat(count)), 0, &mut found).expect("TOML");
        let files = std::sync::Arc::new(lowtide_spec::NoFiles);
        resolve_variables(&configuration, &VariableInput::of_file(table), files)
    };
    refused(&resolved(100_000).expect_err("it is refused"), &["Value too large"]);
    let few = resolved(100).expect("few are taken");
    assert!(matches!(&few["v"].content, Content::List(all) if all.len() == 100));
}

#[test]
fn what_was_spent_counts_in_copies_and_not_after_them() {
    let mut scope = values();
    let place = lowtide_diagnostic::Place::new(0, 0..1);
    scope.budget().weigh(9_000_000, &place).expect("it is there");
    let copy = scope.clone();
    assert!(copy.budget().weigh(2_000_000, &place).is_err());
    assert!(scope.budget().weigh(900_000, &place).is_ok());
    scope.renew_budget();
    assert!(scope.budget().weigh(9_000_000, &place).is_ok());
}
