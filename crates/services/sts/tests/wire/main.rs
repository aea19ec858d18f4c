//! The data sources of this service asked for against moto.

use lowtide_model::Object;
use lowtide_resource::Catalog;
use lowtide_testkit::{World, drive};

#[tokio::test]
async fn the_caller_is_known() -> anyhow::Result<()> {
    let world = World::start().await?;
    let session = drive::session(&world.endpoint(), world.region(), |_| None);
    let catalog = lowtide_service_sts::register(Catalog::default());
    let source = catalog.source("aws_caller_identity").expect("a data source of this service");
    let found = source.look(&session, &Object::default()).await?;
    assert_eq!((found.text("account_id"), found.text("id")), (Some(drive::ACCOUNT), Some(drive::ACCOUNT)));
    let identity = lowtide_service_sts::identity(session.reading_config()).await?;
    assert_eq!((identity.account.as_str(), identity.partition.as_str()), (drive::ACCOUNT, "aws"));
    assert_eq!((found.text("arn"), found.text("user_id")), (Some(identity.arn.as_str()), Some(identity.user_id.as_str())));
    Ok(())
}
