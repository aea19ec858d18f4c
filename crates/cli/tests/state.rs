use snapbox::{assert_data_eq, str};

use crate::project::{CHAIN, Project};

#[test]
fn what_is_remembered_can_be_listed_shown_moved_and_forgotten() {
    let project = Project::of(CHAIN);
    assert_data_eq!(
        project.run(&["state", "list"]),
        str![[r#"
exit 0
--- stdout
--- stderr
main has not been applied in environment default.

"#]]
    );
    project.stdout(&["apply", "--yes"]);
    assert_data_eq!(
        project.run(&["state", "list", "main"]),
        str![[r#"
exit 0
--- stdout
terraform_data.first
terraform_data.second
--- stderr

"#]]
    );
    assert_data_eq!(
        project.run(&["state", "show", "terraform_data.second"]),
        str![[r#"
exit 0
--- stdout
terraform_data.second
  [[ID]] · needs terraform_data.first
  input: (sensitive value)
  decided by AWS:
    id: "[ID]"
--- stderr

"#]]
    );
    assert_data_eq!(
        project.run(&["state", "show", "terraform_data.secnd", "nonsense"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: Invalid address
  `nonsense` is no address of a resource.
  hint: an address looks like aws_vpc.main, aws_subnet.public["a"] or aws_eip.nat[0]
  hint: a shell wants quotes around brackets and quotes: 'aws_subnet.public["a"]'

1 error.

"#]]
    );
    assert_data_eq!(
        project.run(&["state", "show", "terraform_data.secnd"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: Not in state
  The state of `main` holds no `terraform_data.secnd`.
  hint: did you mean `terraform_data.second`?

1 error.

"#]]
    );
    assert_data_eq!(
        project.run(&["state", "mv", "terraform_data.first", "terraform_data.second"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: Address taken
  The state of `main` already holds `terraform_data.second`.
  hint: move that one first, or take it out: lowtide state rm main 'terraform_data.second'

1 error.

"#]]
    );
    assert_data_eq!(
        project.run(&["state", "mv", "main", "terraform_data.first", "terraform_data.zeroth"]),
        str![[r#"
exit 0
--- stdout
--- stderr
terraform_data.first is now terraform_data.zeroth in the state of main.

"#]]
    );
    assert_data_eq!(
        project.run(&["state", "rm", "terraform_data.zeroth", "terraform_data.third"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: Not in state
  The state of `main` holds no `terraform_data.third`.
  hint: did you mean `terraform_data.zeroth`?

1 error.

"#]]
    );
    assert_data_eq!(
        project.run(&["state", "rm", "terraform_data.zeroth"]),
        str![[r#"
exit 0
--- stdout
--- stderr
terraform_data.zeroth [[ID]] is forgotten; it stays as it is.

"#]]
    );
    assert_data_eq!(
        project.run(&["state", "list"]),
        str![[r#"
exit 0
--- stdout
terraform_data.second
--- stderr

"#]]
    );
}

#[test]
fn with_several_stacks_one_is_named() {
    assert_data_eq!(
        Project::of_two().run(&["state", "list"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: No stack named
  The project has 2 stacks, and this command works on one.
  hint: name one of: ground, top

1 error.

"#]]
    );
}

#[test]
fn a_whole_state_is_shown() {
    let project = Project::of(CHAIN);
    assert_data_eq!(
        project.run(&["show"]),
        str![[r#"
exit 0
--- stdout
--- stderr
main has not been applied in environment default.

"#]]
    );
    project.stdout(&["apply", "--yes"]);
    assert_data_eq!(
        project.run(&["show"]),
        str![[r#"
exit 0
--- stdout
main  demo, environment default: 2 resources, serial 1

terraform_data.first
  [[ID]]
  input: "hello"
  decided by AWS:
    id:     "[ID]"
    output: "hello"

terraform_data.second
  [[ID]] · needs terraform_data.first
  input: (sensitive value)
  decided by AWS:
    id: "[ID]"

Outputs:
  greeting: "hello"
  id:       "[ID]"
  names:    ["a", "b"]
  password: (sensitive value)
--- stderr

"#]]
    );
    assert_data_eq!(
        project.run(&["show", "--json"]),
        str![[r#"
exit 0
--- stdout
{"format_version":"1.0","lowtide_version":"0.1.0","values":{"outputs":{"greeting":{"sensitive":false,"type":"string","value":"hello"},"id":{"sensitive":false,"type":"string","value":"[ID]"},"names":{"sensitive":false,"type":["list","string"],"value":["a","b"]},"password":{"sensitive":true,"type":"string","value":null}},"root_module":{"resources":[{"address":"terraform_data.first","mode":"managed","name":"first","provider_name":"terraform.io/builtin/terraform","schema_version":0,"sensitive_values":{},"type":"terraform_data","values":{"id":"[ID]","input":"hello","output":"hello","triggers_replace":null}},{"address":"terraform_data.second","depends_on":["terraform_data.first"],"mode":"managed","name":"second","provider_name":"terraform.io/builtin/terraform","schema_version":0,"sensitive_values":{"input":true},"type":"terraform_data","values":{"id":"[ID]","input":null,"output":null,"triggers_replace":null}}]}}}
--- stderr

"#]]
    );
    assert_data_eq!(
        project.run(&["show", "mian"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: Unknown stack
  The project has no stack `mian`.
  hint: did you mean `main`?

1 error.

"#]]
    );
}

#[test]
fn state_in_clear_is_encrypted_and_back_again() {
    let project = Project::of(CHAIN);
    project.stdout(&["apply", "--yes"]);
    project.write(
        "lowtide.toml",
        "[project]\nname = \"demo\"\n\n[state]\nencryption = \"passphrase\"\n\n[stacks.main]\nspec = \"main.toml\"\n",
    );
    let with = [("LOWTIDE_STATE_PASSPHRASE", "open sesame")];
    let told = project.run_with(&["state", "list"], &with);
    assert!(told.starts_with("exit 1") && told.contains("run: lowtide state encrypt"), "{told}");
    assert_eq!(project.run_with(&["state", "encrypt"], &with), "exit 0\n--- stdout\n--- stderr\nmain: encrypted, as serial 2\n");
    assert!(project.read("state/demo/default/main/state").starts_with("lowtide-sealed 1 passphrase "));
    assert!(project.run_with(&["plan"], &with).contains("No changes."));
    let told = project.run(&["plan"]);
    assert!(told.starts_with("exit 1") && told.contains("LOWTIDE_STATE_PASSPHRASE holds none"), "{told}");
    let told = project.run_with(&["state", "decrypt"], &with);
    assert!(told.starts_with("exit 1") && told.contains("error: State is to be encrypted"), "{told}");
    project.write("lowtide.toml", "[project]\nname = \"demo\"\n\n[stacks.main]\nspec = \"main.toml\"\n");
    let told = project.run(&["plan"]);
    assert!(told.starts_with("exit 1") && told.contains("state decrypt"), "{told}");
    assert!(project.run(&["state", "decrypt"]).contains("error: No key"));
    assert_eq!(project.run_with(&["state", "decrypt"], &with), "exit 0\n--- stdout\n--- stderr\nmain: in clear, as serial 3\n");
    assert!(project.read("state/demo/default/main/state").starts_with("lowtide-state "));
    assert!(project.run(&["plan"]).contains("No changes."));
    let told = project.run_with(&["state", "history", "--verify"], &with);
    assert!(told.contains("4 snapshots verified, back to serial 0"), "{told}");
}

#[test]
fn an_encrypted_state_moves_to_another_folder() {
    let project = Project::of(CHAIN);
    let file = |state: &str| format!("[project]\nname = \"demo\"\n\n[state]\n{state}\n\n[stacks.main]\nspec = \"main.toml\"\n");
    project.write("lowtide.toml", &file("encryption = \"passphrase\""));
    project.write("former/lowtide.toml", &project.read("lowtide.toml"));
    let with = [("LOWTIDE_STATE_PASSPHRASE", "open sesame")];
    assert!(project.run_with(&["apply", "--yes"], &with).starts_with("exit 0"));
    let before = project.run_with(&["show", "--json"], &with);
    project.write("lowtide.toml", &file("path = \"elsewhere\"\nencryption = \"passphrase\""));
    let told = project.run(&["init", "--migrate-state", "--from", "former"]);
    assert!(told.starts_with("exit 1") && told.contains("LOWTIDE_STATE_PASSPHRASE holds none"), "{told}");
    let told = project.run_with(&["init", "--migrate-state", "--from", "former"], &with);
    assert!(told.starts_with("exit 0") && told.contains("demo/default/main: moved"), "{told}");
    assert!(project.read("elsewhere/demo/default/main/state").starts_with("lowtide-sealed 1 passphrase "));
    assert_eq!(project.run_with(&["show", "--json"], &with), before);
    assert!(project.run_with(&["plan"], &with).contains("No changes."), "digests still fit");
}

#[test]
fn a_state_is_not_migrated_to_where_it_is() {
    let project = Project::of(CHAIN);
    let file = |path: &str| format!("[project]\nname = \"demo\"\n\n[state]\npath = \"{path}\"\n\n[stacks.main]\nspec = \"main.toml\"\n");
    project.write("lowtide.toml", &file("kept"));
    assert!(project.run(&["apply", "--yes"]).starts_with("exit 0"));
    for same in ["kept", "./kept", "kept/../kept/"] {
        project.write("former/lowtide.toml", &file(same));
        let told = project.run(&["init", "--migrate-state", "--from", "former"]);
        assert!(told.starts_with("exit 1") && told.contains("error: Nothing to move"), "{same}: {told}");
    }
    assert!(project.run(&["plan"]).contains("No changes."));
}

/// Whoever can write where state is could have put a clear snapshot behind a gap; nothing binds it to what is encrypted.
#[test]
fn a_clear_snapshot_behind_a_gap_is_not_restored_where_state_is_encrypted() {
    let project = Project::of(CHAIN);
    let with = [("LOWTIDE_STATE_PASSPHRASE", "open sesame")];
    assert!(project.run(&["apply", "--yes"]).starts_with("exit 0"));
    let file = "[project]\nname = \"demo\"\n\n[state]\nencryption = \"passphrase\"\n\n[stacks.main]\nspec = \"main.toml\"\n";
    project.write("lowtide.toml", file);
    for serial in [2, 3, 4] {
        let told = project.run_with(&["state", "encrypt"], &with);
        assert!(told.contains(&format!("as serial {serial}")), "{told}");
    }
    let told = project.run_with(&["state", "restore", "main", "1", "--yes"], &with);
    assert!(told.starts_with("exit 0"), "what is bound comes back: {told}");
    let snapshots = project.path("state/demo/default/main/snapshots");
    let third = snapshots.read_dir().expect("a folder").map(|file| file.expect("a file").path());
    let third = third
        .into_iter()
        .find(|path| path.file_name().expect("a name").to_string_lossy().starts_with("00000000000000000003-"))
        .expect("serial 3 is kept");
    std::fs::remove_file(third).expect("removed");
    let told = project.run_with(&["state", "restore", "main", "1", "--yes"], &with);
    assert!(told.starts_with("exit 1") && told.contains("error: Not surely ours"), "{told}");
    let told = project.run_with(&["state", "restore", "main", "2", "--yes"], &with);
    assert!(told.starts_with("exit 0"), "one that is encrypted is ours: {told}");
}
