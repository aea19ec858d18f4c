//! Endpoints other than AWS's own, named by the environment or by a profile. Nothing here is reachable.

use snapbox::{assert_data_eq, str};

use crate::project::Project;

const VPC: &str = "[provider.aws]\nregion = \"us-west-2\"\n\n[resource.aws_vpc.main]\ncidr_block = \"10.0.0.0/16\"\n";
const KEYS: [(&str, &str); 2] = [("AWS_ACCESS_KEY_ID", "testing"), ("AWS_SECRET_ACCESS_KEY", "testing")];

#[test]
fn another_host_is_refused() {
    let project = Project::of(VPC);
    let environment = [&KEYS[..], &[("AWS_ENDPOINT_URL", "https://evil.example"), ("AWS_ENDPOINT_URL_IAM", "nonsense")]].concat();
    assert_data_eq!(
        project.run_with(&["plan"], &environment),
        str![[r#"
exit 1
--- stdout
--- stderr
error: Endpoint refused
  AWS_ENDPOINT_URL would send requests to evil.example, which is neither AWS nor this machine.
  Nothing was sent: a request there would be signed with your credentials.
  hint: to talk to AWS itself, take AWS_ENDPOINT_URL away
  hint: if that is what you want, add --allow-endpoint-override; credentials then come from the
        environment alone

error: Invalid endpoint
  AWS_ENDPOINT_URL_IAM does not hold the URL of an endpoint.
  hint: to talk to AWS itself, take AWS_ENDPOINT_URL_IAM away

2 errors.

"#]]
    );
    let environment = [&KEYS[..], &[("AWS_ENDPOINT_URL_EC2", "http://evil.example")]].concat();
    assert_data_eq!(
        project.run_with(&["plan", "--allow-endpoint-override"], &environment),
        str![[r#"
exit 1
--- stdout
--- stderr
error: Endpoint refused
  AWS_ENDPOINT_URL_EC2 leads to evil.example without encryption. Plain http goes to this machine
  only.
  hint: to talk to AWS itself, take AWS_ENDPOINT_URL_EC2 away

1 error.

"#]]
    );
}

#[test]
fn a_host_that_a_profile_names_is_refused() {
    let project = Project::of(VPC);
    project.write(
        "config",
        "[profile shop]\naws_access_key_id = real\naws_secret_access_key = real\nservices = other\n\n[services other]\nec2 =\n  endpoint_url = https://evil.example\n",
    );
    let config = project.path("config").display().to_string();
    let environment = [("AWS_CONFIG_FILE", config.as_str()), ("AWS_PROFILE", "shop")];
    assert_data_eq!(
        project.run_with(&["plan"], &environment),
        str![[r#"
exit 1
--- stdout
--- stderr
error: Endpoint refused
  `endpoint_url` for EC2 in the AWS profile `shop` would send requests to evil.example, which is
  neither AWS nor this machine. Nothing was sent: a request there would be signed with your
  credentials.
  hint: to talk to AWS itself, take `endpoint_url` for EC2 in the AWS profile `shop` away
  hint: if that is what you want, add --allow-endpoint-override; credentials then come from the
        environment alone

1 error.

"#]]
    );
    assert_data_eq!(
        project.run_with(&["plan", "--allow-endpoint-override"], &environment),
        str![[r#"
exit 1
--- stdout
--- stderr
error: No credentials for this endpoint
  `endpoint_url` for EC2 in the AWS profile `shop` names another endpoint. Only static credentials
  of the environment go there, never those of a profile, and there are none.
  hint: for a simulator any will do: AWS_ACCESS_KEY_ID=testing AWS_SECRET_ACCESS_KEY=testing
  hint: to talk to AWS itself, take `endpoint_url` for EC2 in the AWS profile `shop` away

1 error.

"#]]
    );
}

#[test]
fn this_machine_gets_no_credentials_of_a_profile() {
    let project = Project::of(VPC);
    project.write("config", "[default]\naws_access_key_id = real\naws_secret_access_key = real\n");
    let config = project.path("config").display().to_string();
    let environment = [("AWS_CONFIG_FILE", config.as_str()), ("AWS_ENDPOINT_URL", "http://localhost:1")];
    assert_data_eq!(
        project.run_with(&["plan"], &environment),
        str![[r#"
exit 1
--- stdout
--- stderr
error: No credentials for this endpoint
  AWS_ENDPOINT_URL names another endpoint. Only static credentials of the environment go there,
  never those of a profile, and there are none.
  hint: for a simulator any will do: AWS_ACCESS_KEY_ID=testing AWS_SECRET_ACCESS_KEY=testing
  hint: to talk to AWS itself, take AWS_ENDPOINT_URL away

1 error.

"#]]
    );
}

#[test]
fn what_asks_nothing_of_aws_needs_no_endpoint() {
    let project = Project::of("[resource.terraform_data.one]\ninput = \"x\"\n");
    let said = project.run_with(&["plan"], &[("AWS_ENDPOINT_URL", "https://evil.example")]);
    assert!(said.starts_with("exit 0\n"), "{said}");
}

#[test]
fn no_credentials_are_told() {
    assert_data_eq!(
        Project::of(VPC).run(&["plan"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: No valid credentials
  AWS does not know the credentials in use, or there are none. sts:GetCallerIdentity: no AWS
  credentials could be found or used (the credential provider was not enabled: no credentials
  found in chain).
  hint: log in (for example `aws sso login`), or set AWS_PROFILE or AWS_ACCESS_KEY_ID and
        AWS_SECRET_ACCESS_KEY

1 error.

"#]]
    );
}

#[test]
fn an_endpoint_that_does_not_answer_is_told() {
    let environment = [&KEYS[..], &[("AWS_ENDPOINT_URL", "http://127.0.0.1:1")]].concat();
    assert_data_eq!(
        Project::of(VPC).run_with(&["plan"], &environment),
        str![[r#"
exit 1
--- stdout
--- stderr
error: Endpoint unreachable
  AWS can't be reached. sts:GetCallerIdentity: the endpoint can't be reached (dispatch failure: io
  error: client error (Connect): tcp connect error: Connection refused (os error 111)).
  hint: check the network, the region's name, and AWS_ENDPOINT_URL if it is set

1 error.

"#]]
    );
}

#[test]
fn what_lives_in_the_state_alone_stays_wherever_aws_is() {
    let project = Project::of("[resource.terraform_data.one]\ninput = \"x\"\n");
    assert!(project.run_with(&["apply", "--yes"], &[("AWS_REGION", "us-west-2")]).starts_with("exit 0\n"));
    let said = project.run_with(&["plan", "--detailed-exitcode"], &[("AWS_REGION", "eu-west-1")]);
    assert!(said.starts_with("exit 0\n"), "{said}");
}
