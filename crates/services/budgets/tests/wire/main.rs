//! Every kind of this service led through its life against moto.

use lowtide_resource::Catalog;
use lowtide_testkit::bench::{Bench, object};

/// One simulator for one test.
async fn start() -> anyhow::Result<Bench> {
    Bench::start_in("us-east-1", lowtide_service_budgets::register(Catalog::default())).await
}

#[tokio::test]
async fn a_name_that_is_not_given_is_made_up() -> anyhow::Result<()> {
    let bench = start().await?;
    let budgets = bench.driver("aws_budgets_budget");
    let wish = r#"{"name_prefix": "web-", "budget_type": "COST", "time_unit": "MONTHLY", "limit_amount": "60", "limit_unit": "USD", "tags": {"Name": "web"}}"#;
    let made = budgets.create(&object(wish)).await?;
    budgets.delete(&made).await?;
    bench.finish();
    Ok(())
}
