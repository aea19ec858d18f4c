//! `aws_cloudwatch_dashboard`: metrics on one page.
//!
//! `PutDashboard` creates and overwrites alike. The name is the key and the physical id.

use lowtide_model::{Arn, Create, Json, Model, Place, Value};
use lowtide_resource::{Ask, Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Resource, Seen, described};

use crate::CloudWatch;

/// Metrics on one page. Dashboards are seen in every region of the account.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Dashboard {
    /// The name: letters, digits, `-` and `_`.
    #[attr(identity, range = 1..=255, replaces)]
    pub dashboard_name: String,
    /// What is on it, as CloudWatch has it: `widgets`, each with its place, size and properties.
    pub dashboard_body: Json,
}

/// What AWS decides about a dashboard.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct DashboardOutputs {
    /// The dashboard's ARN.
    #[attr(predict = "arn:{partition}:cloudwatch::{account}:dashboard/{dashboard_name}")]
    pub dashboard_arn: Arn,
    /// The dashboard's name.
    #[attr(predict = "{dashboard_name}")]
    pub id: String,
}

impl Resource for Dashboard {
    type Outputs = DashboardOutputs;
    type Service = CloudWatch;
    const KIND: &'static str = "aws_cloudwatch_dashboard";
    const CREATE: Create = Create::Put;
    const IMPORT: &'static str = "DASHBOARD_NAME";

    fn identity(wish: &Self, _place: &Place) -> Option<String> {
        Some(wish.dashboard_name.clone())
    }

    async fn create(cx: &Context<'_, CloudWatch>, wish: &Self, _op: &Operation) -> Result<Made, Fault> {
        put(cx, wish).await?;
        Made::id(Some(&wish.dashboard_name), "the name of the dashboard")
    }

    async fn read(cx: &Context<'_, CloudWatch>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        // CloudWatch shows what is on one dashboard to a call.
        let one = |ask: Ask| async move {
            let found = cx.client.get_dashboard().dashboard_name(&ask.id).send().await;
            described(found, "what is on the dashboard", |found| {
                let body = found.dashboard_body?;
                Some((Json::parse(&body).unwrap_or(Json(Value::String(body))), found.dashboard_arn.unwrap_or_default()))
            })
        };
        Ok(asked.each(one).await.seen(|ask, (dashboard_body, arn)| {
            let outputs = DashboardOutputs { dashboard_arn: arn.into(), id: ask.id.clone() };
            Ok(Observed::stable(&ask.id, Self { dashboard_name: ask.id.clone(), dashboard_body }, outputs))
        }))
    }

    async fn update(cx: &Context<'_, CloudWatch>, _now: &Observed<Self>, to: &Self, _changed: &Changed) -> Result<Option<String>, Fault> {
        put(cx, to).await?;
        Ok(None)
    }

    async fn delete(cx: &Context<'_, CloudWatch>, last: &Observed<Self>, _how: &Self) -> Result<Going, Fault> {
        cx.client.delete_dashboards().dashboard_names(&last.id).send().await?;
        Ok(Going::Gone)
    }
}

/// What CloudWatch does not understand of a dashboard it takes all the same, and says so in messages, which are faults to us.
async fn put(cx: &Context<'_, CloudWatch>, wish: &Dashboard) -> Result<(), Fault> {
    let answer = cx.client.put_dashboard().dashboard_name(&wish.dashboard_name).dashboard_body(wish.dashboard_body.text()).send().await?;
    let words: Vec<_> = answer.dashboard_validation_messages().iter().filter_map(|one| one.message.clone()).collect();
    if words.is_empty() { Ok(()) } else { Err(Fault::ours(&words.join(" "))) }
}
