use lowtide_model::Object;
use lowtide_resource::Currency;

use super::{object, role, start, there};

#[tokio::test]
async fn a_policy_of_a_role_lives() -> anyhow::Result<()> {
    let bench = start().await?;
    role(&bench, "app").await?;
    let policies = bench.driver("aws_iam_role_policy");
    let made = policies
        .create(&object(
            r#"{"name": "logs", "role": "app", "policy": {"Version": "2012-10-17", "Statement": [
                {"Effect": "Allow", "Action": ["logs:PutLogEvents"], "Resource": "arn:aws:logs:*:*:log-group:/app/ä b+c:*"}]}}"#,
        ))
        .await?;
    assert_eq!(made.id, "app:logs");
    let changed = policies
        .update(
            &made,
            &object(r#"{"policy": {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "logs:*", "Resource": "*"}]}}"#),
        )
        .await?;
    assert_eq!(policies.read("app:logs", &Object::default(), Currency::Indexed).await?, Some(changed.clone()));
    assert_eq!(there(&bench, "aws_iam_role_policy", &["app:other", "app:logs", "none:logs"]).await, [false, true, false]);

    let prefixed = policies
        .create(&object(
            r#"{"name_prefix": "x-", "role": "app", "policy": {"Version": "2012-10-17", "Statement": [
                {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}}"#,
        ))
        .await?;
    policies.delete(&prefixed).await?;
    policies.delete(&changed).await?;
    bench.finish();
    Ok(())
}
