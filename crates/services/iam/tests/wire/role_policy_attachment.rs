use lowtide_model::Object;
use lowtide_resource::Currency;

use super::{object, role, start, there};

#[tokio::test]
async fn an_attachment_lives() -> anyhow::Result<()> {
    let bench = start().await?;
    role(&bench, "app").await?;
    let attachments = bench.driver("aws_iam_role_policy_attachment");
    let arn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    let wish = format!(r#"{{"role": "app", "policy_arn": "{arn}"}}"#);
    let made = attachments.create(&object(&wish)).await?;
    assert_eq!(made.id, format!("app/{arn}"));
    assert_eq!(attachments.create(&object(&wish)).await?.id, made.id);
    assert_eq!(attachments.read(&made.id, &Object::default(), Currency::Indexed).await?, Some(made.clone()));
    let ids = [format!("app/{arn}x"), made.id.clone(), format!("none/{arn}")];
    let ids: Vec<_> = ids.iter().map(String::as_str).collect();
    assert_eq!(there(&bench, "aws_iam_role_policy_attachment", &ids).await, [false, true, false]);
    attachments.delete(&made).await?;
    bench.finish();
    Ok(())
}
