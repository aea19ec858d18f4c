use super::{object, start};

#[tokio::test]
async fn a_seventh_version_takes_the_place_of_the_oldest() -> anyhow::Result<()> {
    let bench = start().await?;
    let policies = bench.driver("aws_iam_policy");
    let document = |at: usize| {
        format!(
            r#""policy": {{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b{at}/*"}}]}}"#
        )
    };
    let mut seen = policies.create(&object(&format!(r#"{{"name_prefix": "web-", {}}}"#, document(0)))).await?;
    for at in 1..8 {
        seen = policies.update(&seen, &object(&format!("{{{}}}", document(at)))).await?;
    }
    policies.delete(&seen).await?;
    bench.finish();
    Ok(())
}
