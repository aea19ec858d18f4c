//! What a run asks of AWS says which run it was, and so does the history of the state that it wrote.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use crate::shared::Shared;

const SPEC: &str = "[stack]\nlifecycle = \"ephemeral\"\n\n[resource.aws_ssm_parameter.greeting]\nname = \"/greeting\"\ntype = \"String\"\nvalue = \"moin\"\n";

/// Runs the program, and returns which runs its requests say they are of.
fn asked_by(shared: &Shared, arguments: &[&str]) -> BTreeSet<String> {
    shared.world.proxy().clear();
    shared.stdout(arguments);
    let calls = shared.world.proxy().calls();
    let services: BTreeSet<_> = calls.iter().map(|call| &*call.service).collect();
    assert!(services.is_superset(&["dynamodb", "s3", "ssm", "sts"].into()), "{services:?}");
    let run = |agent: &str| {
        let ours = agent.strip_prefix(concat!("lowtide/", env!("CARGO_PKG_VERSION"), " run/"))?;
        let (run, sdk) = ours.split_once(' ')?;
        (run.len() == 32 && sdk.starts_with("aws-sdk-rust/")).then(|| run.to_owned())
    };
    calls
        .iter()
        .map(|call| run(&call.agent).unwrap_or_else(|| panic!("{}:{} came from {}", call.service, call.operation, call.agent)))
        .collect()
}

#[test]
fn requests_and_history_name_the_same_run() {
    let shared = Shared::new(true);
    shared.project.write("main.toml", SPEC);
    shared.run(&["init"]);
    let done = |doing| asked_by(&shared, &[doing, "--yes"]);
    let (first, second) = (done("apply"), done("destroy"));
    assert_eq!((first.len(), second.len()), (1, 1), "one run has one id");
    assert!(first.is_disjoint(&second), "another run has another");
    let history: Json = serde_json::from_str(&shared.stdout(&["state", "history", "--json"])).expect("JSON");
    let told = |doing: &str| -> BTreeSet<String> {
        let snapshots = history["snapshots"].as_array().into_iter().flatten();
        snapshots.filter(|one| one["command"] == doing).map(|one| one["run"].as_str().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!((told("apply"), told("destroy")), (first, second));
    shared.finish();
}
