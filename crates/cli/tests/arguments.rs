use snapbox::{assert_data_eq, str};

use crate::project::{CHAIN, Project};

#[test]
fn help_says_what_there_is() {
    let project = Project::empty();
    assert_data_eq!(
        project.run(&["--help"]),
        str![[r#"
exit 0
--- stdout
A declarative reconciler for AWS: write what should be, look at the plan, apply it

Usage: lowtide [OPTIONS] <COMMAND>

Commands:
  init         Begin a project: its file, two stacks that can be planned as they are, and an
               environment
  validate     Check the specs without asking AWS
  plan         Show what must be done so that AWS is as the specs say
  apply        Make AWS as the specs say
  destroy      Destroy what the stacks have made
  up           Bring ephemeral stacks up: apply those that come and go
  down         Take ephemeral stacks down: destroy what they have made
  tide         Stacks that come and go by their schedules
  drift        Show what somebody else changed since the last run: changed, missing, or set outside
               the spec
  output       Show what stacks have published
  show         Show what is remembered of stacks, or a plan that was kept
  state        Look at what is remembered of a stack, or change it; AWS is never touched
  import       Take on a thing that exists in AWS as the resource that is declared at an address
  recover      Find out what became of operations that an earlier run left in doubt
  unlock       Take a stack from a run that holds it, without waiting for its lease to run out
  graph        Draw what needs what
  explain      Explain a kind of resource, or one of its attributes
  completions  Print what makes a shell complete our arguments
  help         Print this message or the help of the given subcommand(s)

Options:
  -h, --help     Print help
  -V, --version  Print version

Global options:
  -C, --chdir <DIR>              Work in this folder instead of the current one
      --no-color                 Print without colours
  -v, --verbose                  Say on stderr which calls go out to AWS
      --allow-endpoint-override  Let AWS_ENDPOINT_URL name a host that is not this machine.
                                 Credentials then come from the environment alone

Exit codes: 0 done, or no changes; 1 error; 2 changes are there (plan --detailed-exitcode, drift); 3
interrupted, and safe; 4 the state is in use by someone else
--- stderr

"#]]
    );
    assert_data_eq!(
        project.run(&["plan", "--help"]),
        str![[r#"
exit 0
--- stdout
Show what must be done so that AWS is as the specs say.

Several stacks are planned in the order in which they require each other; what one does not know yet
of another's outputs is shown as known after apply. Nothing is written but the file of --out.

Usage: lowtide plan [OPTIONS] [STACK]...

Arguments:
  [STACK]...
          The stacks to plan; all when none is named

Options:
  -e, --env <NAME>
          The environment, one that lowtide.toml lists; `default` when none is named

      --var <NAME=VALUE>
          Give a variable a value; the strongest of all ways. May be repeated

      --var-file <FILE>
          Take values of variables from a TOML file; the later file counts. May be repeated

      --target <ADDRESS>
          Only this resource and what it needs. May be repeated

      --exclude <ADDRESS>
          Not this resource, nor what needs it. May be repeated

      --replace <ADDRESS>
          Replace this resource, whatever the plan says of it. May be repeated

      --parallelism <N>
          How many resources are worked on at once
          
          [default: 16]

      --destroy
          Plan to destroy the stacks

      --allow-persistent
          Plan to destroy persistent stacks as well

      --json
          Print the plan as JSON, in the shape of `terraform show -json PLANFILE`

      --out <FILE>
          Keep the plan in a file, for `lowtide apply FILE`. It holds no secrets

      --detailed-exitcode
          Exit with 2 when there are changes, with 0 when there are none

  -h, --help
          Print help (see a summary with '-h')

Global options:
  -C, --chdir <DIR>
          Work in this folder instead of the current one

      --no-color
          Print without colours

  -v, --verbose
          Say on stderr which calls go out to AWS

      --allow-endpoint-override
          Let AWS_ENDPOINT_URL name a host that is not this machine. Credentials then come from the
          environment alone
--- stderr

"#]]
    );
    assert_data_eq!(
        project.run(&["apply", "-h"]),
        str![[r#"
exit 0
--- stdout
Make AWS as the specs say

Usage: lowtide apply [OPTIONS] [STACK|PLANFILE]...

Arguments:
  [STACK|PLANFILE]...  The stacks to apply, all when none is named; or a file that `lowtide plan
                       --out` wrote

Options:
  -e, --env <NAME>         The environment, one that lowtide.toml lists; `default` when none is
                           named
      --var <NAME=VALUE>   Give a variable a value; the strongest of all ways. May be repeated
      --var-file <FILE>    Take values of variables from a TOML file; the later file counts. May be
                           repeated
      --target <ADDRESS>   Only this resource and what it needs. May be repeated
      --exclude <ADDRESS>  Not this resource, nor what needs it. May be repeated
      --replace <ADDRESS>  Replace this resource, whatever the plan says of it. May be repeated
      --parallelism <N>    How many resources are worked on at once [default: 16]
  -y, --yes                Don't ask; go ahead
      --json               Print what happens as lines of JSON on stdout
      --no-wait            Don't wait for requests whose reply was lost and which may still arrive,
                           which takes up to five minutes
  -h, --help               Print help (see more with '--help')

Global options:
  -C, --chdir <DIR>              Work in this folder instead of the current one
      --no-color                 Print without colours
  -v, --verbose                  Say on stderr which calls go out to AWS
      --allow-endpoint-override  Let AWS_ENDPOINT_URL name a host that is not this machine.
                                 Credentials then come from the environment alone
--- stderr

"#]]
    );
    assert_data_eq!(
        project.run(&["state", "mv", "-h"]),
        str![[r#"
exit 0
--- stdout
Give a resource another address, after it was renamed in the spec

Usage: lowtide state mv [OPTIONS] [STACK] <FROM> <TO>

Arguments:
  <NAME> <NAME>...  The stack, which may be left out where the project has one, the address now, and
                    the new one

Options:
  -e, --env <NAME>  The environment, one that lowtide.toml lists; `default` when none is named
  -h, --help        Print help

Global options:
  -C, --chdir <DIR>              Work in this folder instead of the current one
      --no-color                 Print without colours
  -v, --verbose                  Say on stderr which calls go out to AWS
      --allow-endpoint-override  Let AWS_ENDPOINT_URL name a host that is not this machine.
                                 Credentials then come from the environment alone
--- stderr

"#]]
    );
}

#[test]
fn a_wrong_argument_is_an_error_and_no_change() {
    let project = Project::empty();
    assert_data_eq!(
        project.run(&["paln"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: unrecognized subcommand 'paln'

  tip: a similar subcommand exists: 'plan'

Usage: lowtide [OPTIONS] <COMMAND>

For more information, try '--help'.

"#]]
    );
    assert_data_eq!(
        project.run(&["plan", "--parallelism", "0"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: invalid value '0' for '--parallelism <N>': 0 is not in 1..=256

For more information, try '--help'.

"#]]
    );
}

#[test]
fn outside_a_project_the_way_in_is_told() {
    let project = Project::empty();
    assert_data_eq!(
        project.run(&["plan"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: No project here
  There is no lowtide.toml in [FOLDER], nor in a folder above it.
  hint: go to the project's folder, or name it with -C
  hint: to begin a new project: lowtide init

1 error.

"#]]
    );
    assert_data_eq!(
        project.run(&["-C", "nowhere", "plan"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: No such folder
  `nowhere`, given as -C, can't be entered: entity not found.

1 error.

"#]]
    );
}

#[test]
fn a_project_is_found_from_a_folder_inside() {
    let project = Project::of(CHAIN);
    project.write("deep/down/values.toml", "greeting = \"moin\"\n");
    let text = project.stdout(&["-C", "deep/down", "plan", "--var-file", "values.toml", "--target", "terraform_data.first"]);
    assert!(text.contains("input: \"moin\""), "{text}");
}

#[test]
fn shells_complete_our_arguments() {
    let project = Project::empty();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(project.stdout(&["completions", shell]).contains("detailed-exitcode"), "{shell}");
    }
}

#[test]
fn colour_is_added_only_where_it_is_wanted() {
    let project = Project::of(CHAIN);
    let forced = project.run_with(&["plan"], &[("CLICOLOR_FORCE", "1")]);
    assert!(forced.contains("\u{1b}["), "{forced}");
    for (arguments, environment) in [(&["plan"][..], &[("NO_COLOR", "1")][..]), (&["plan", "--no-color"], &[("CLICOLOR_FORCE", "1")])] {
        assert!(!project.run_with(arguments, environment).contains('\u{1b}'), "{arguments:?}");
    }
}
