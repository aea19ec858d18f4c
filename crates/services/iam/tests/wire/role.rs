use lowtide_model::{Object, Value};
use lowtide_resource::{Ask, Changed, Currency, Operation, Round};
use lowtide_testkit::proxy::{Fault, Match, What};

use super::{TRUST, object, role, start, there};

#[tokio::test]
async fn a_role_lives() -> anyhow::Result<()> {
    let bench = start().await?;
    let roles = bench.driver("aws_iam_role");
    let boundary = "arn:aws:iam::123456789012:policy/boundary";
    let wish = format!(
        r#"{{"name": "app", "path": "/apps/", "assume_role_policy": {TRUST}, "description": "the app", "max_session_duration": 7200,
             "permissions_boundary": "{boundary}", "tags": {{"Name": "app"}}}}"#
    );
    let made = roles.create(&object(&wish)).await?;
    assert_eq!(made.outputs.text("arn"), Some("arn:aws:iam::123456789012:role/apps/app"));
    let changed = roles
        .update(
            &made,
            &object(
                r#"{"assume_role_policy": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "123456789012"},
                    "Action": "sts:AssumeRole"}]}, "description": "another", "max_session_duration": 3600, "tags": {"team": "a"}}"#,
            ),
        )
        .await?;

    let mut bare = changed.inputs.clone();
    bare.set("description", Value::Null);
    bare.set("permissions_boundary", Value::Null);
    let names = ["description", "permissions_boundary"].map(str::to_owned).to_vec();
    bench.catalog.kind("aws_iam_role").expect("a kind").update(&bench.session, &changed, &bare, &Changed(names)).await?;
    let seen = roles.read("app", &Object::default(), Currency::Exact).await?.expect("it is there");
    assert_eq!((seen.inputs.get("description"), seen.inputs.get("permissions_boundary")), (None, None));

    roles.delete(&seen).await?;
    bench.finish();
    Ok(())
}

#[tokio::test]
async fn bulk_and_exact_reads_of_roles_agree() -> anyhow::Result<()> {
    let bench = start().await?;
    let wish = format!(
        r#"{{"name_prefix": "app-", "assume_role_policy": {TRUST}, "description": "the app", "max_session_duration": 7200,
             "permissions_boundary": "arn:aws:iam::123456789012:policy/boundary", "tags": {{"Name": "app"}}}}"#
    );
    let made = bench.create("aws_iam_role", &wish).await?;
    let other = role(&bench, "other").await?;
    let roles = bench.driver("aws_iam_role");
    for one in [&made, &other] {
        let exact = roles.read(&one.id, &Object::default(), Currency::Exact).await?;
        let bulk = roles.read(&one.id, &Object::default(), Currency::Indexed).await?;
        assert_eq!(exact, bulk);
    }
    assert_eq!(made.inputs.text("name_prefix"), Some("app-"));
    assert_eq!(there(&bench, "aws_iam_role", &[&made.id, "missing", "other"]).await, [true, false, true]);
    let calls = bench.world.proxy().calls();
    assert_eq!(calls.iter().filter(|call| call.operation == "GetAccountAuthorizationDetails").count(), 3);
    bench.finish();
    Ok(())
}

#[tokio::test]
async fn a_made_up_name_is_found_by_its_operation() -> anyhow::Result<()> {
    let bench = start().await?;
    role(&bench, "other").await?;
    let kind = bench.catalog.kind("aws_iam_role").expect("a kind");
    let op = Operation { id: "0e2b7c1a-5d3f-4a6b-8c9d-0123456789ab".to_owned() };
    let wish =
        format!(r#"{{"assume_role_policy": {TRUST}, "path": "/", "max_session_duration": 3600, "tags": {{"lowtide:id": "{}"}}}}"#, op.id);
    let made = kind.create(&bench.session, &object(&wish), &op).await?;
    assert_eq!(kind.find(&bench.session, &op, &Default::default()).await?, [made.id]);
    bench.finish();
    Ok(())
}

#[tokio::test]
async fn a_role_with_policies_goes_when_it_may_be_stripped() -> anyhow::Result<()> {
    let bench = start().await?;
    let mut role = role(&bench, "app").await?;
    let policy = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}]}"#;
    bench.create("aws_iam_role_policy", &format!(r#"{{"name": "inline", "role": "app", "policy": {policy}}}"#)).await?;
    bench.create("aws_iam_role_policy_attachment", r#"{"role": "app", "policy_arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}"#).await?;
    let kind = bench.catalog.kind("aws_iam_role").expect("a kind");
    let refused = kind.delete(&bench.session, &role, &role.inputs).await.expect_err("it has a policy");
    assert_eq!(refused.class, lowtide_resource::Class::InUse);
    role.inputs.set("force_detach_policies", true.into());
    bench.driver("aws_iam_role").delete(&role).await?;
    let ask = Ask::new("app", Object::default());
    let seen = kind.read(&bench.session, &Round::default(), &[ask], Currency::Indexed).await?;
    assert!(matches!(seen.as_slice(), [(_, Ok(None))]));
    bench.finish();
    Ok(())
}

#[tokio::test]
async fn who_may_not_see_the_whole_account_reads_one_by_one() -> anyhow::Result<()> {
    let bench = start().await?;
    role(&bench, "app").await?;
    let policy = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}]}"#;
    bench.create("aws_iam_role_policy", &format!(r#"{{"name": "inline", "role": "app", "policy": {policy}}}"#)).await?;
    let refuse = |operation: &str| {
        let what = What::Error { status: 403, code: "AccessDenied".to_owned(), message: "not authorized".to_owned() };
        bench.world.proxy().inject(Fault { on: Match::operation("iam", operation), what });
    };
    refuse("GetAccountAuthorizationDetails");
    assert_eq!(there(&bench, "aws_iam_role", &["app", "missing"]).await, [true, false]);
    assert_eq!(there(&bench, "aws_iam_role_policy", &["app:inline", "app:missing"]).await, [true, false]);
    assert_eq!(there(&bench, "aws_iam_role_policy_attachment", &["app/arn:aws:iam::aws:policy/ReadOnlyAccess"]).await, [false]);

    refuse("GetRole");
    let kind = bench.catalog.kind("aws_iam_role").expect("a kind");
    let ask = Ask::new("app", Object::default());
    let seen = kind.read(&bench.session, &Round::default(), &[ask], Currency::Exact).await?;
    assert!(matches!(seen.as_slice(), [(_, Err(fault))] if fault.class == lowtide_resource::Class::Denied));
    bench.finish();
    Ok(())
}
