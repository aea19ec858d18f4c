//! Budgets.

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Value, json};

use super::{Memory, json_tags, mend};
use crate::proxy::{error_reply::error_reply, exchange::Exchange};

/// moto keeps a budget as it was made: it can't be updated, has no subscribers and no tags. What AWS Budgets does stands in its
/// API Reference, UpdateBudget, DescribeSubscribersForNotification and TagResource. The budget itself stays in moto, so that
/// what is left behind is seen; its content is kept here.
pub(super) async fn answer(exchange: &Exchange<'_>, memory: &Memory) -> anyhow::Result<Response<Bytes>> {
    if let Some(reply) = json_tags::answer(exchange, memory) {
        return Ok(reply);
    }
    let body = exchange.json();
    let account = body["AccountId"].as_str().unwrap_or_default().to_owned();
    let named = |value: &Value| value["BudgetName"].as_str().map(str::to_owned);
    let name = named(&body).or_else(|| named(&body["Budget"])).or_else(|| named(&body["NewBudget"])).unwrap_or_default();
    let key = (account.clone(), name.clone());
    let operation = exchange.call.operation.as_str();
    if operation == "CreateBudget" {
        let reply = exchange.pass_on().await?;
        if reply.status().is_success() {
            let shown = exchange.ask_json("DescribeBudget", &json!({"AccountId": account, "BudgetName": name})).await?;
            memory.budgets.put(
                key,
                json!({"budget": shown["Budget"], "notices": body["NotificationsWithSubscribers"].as_array().cloned().unwrap_or_default()}),
            );
            json_tags::remember(memory, &format!("arn:aws:budgets::{account}:budget/{name}"), body.get("ResourceTags"));
        }
        return Ok(reply);
    }
    let Some(mut kept) = memory.budgets.get(&key) else {
        return Ok(error_reply(exchange.call, StatusCode::BAD_REQUEST, "NotFoundException", &format!("Unable to find budget: {name}")));
    };
    let notices = kept["notices"].as_array().cloned().unwrap_or_default();
    let of = |notice: &Value| same(&notice["Notification"], &body["Notification"]);
    let done = match operation {
        "DeleteBudget" => {
            memory.budgets.take(&key);
            memory.tags.take(&format!("arn:aws:budgets::{account}:budget/{name}"));
            return exchange.pass_on().await;
        }
        "DescribeBudget" => json!({"Budget": kept["budget"]}),
        "DescribeNotificationsForBudget" => {
            let shown: Vec<_> = notices.iter().map(|notice| notice["Notification"].clone()).collect();
            json!({"Notifications": shown})
        }
        "DescribeSubscribersForNotification" => {
            json!({"Subscribers": notices.iter().find(|notice| of(notice)).map(|notice| notice["Subscribers"].clone())})
        }
        "CreateNotification" => {
            let made = json!({"Notification": body["Notification"], "Subscribers": body["Subscribers"]});
            kept["notices"] = notices.into_iter().chain([made]).collect();
            memory.budgets.put(key, kept);
            json!({})
        }
        "DeleteNotification" => {
            kept["notices"] = notices.into_iter().filter(|notice| !of(notice)).collect();
            memory.budgets.put(key, kept);
            json!({})
        }
        "UpdateBudget" => {
            // What is not given keeps its value, but for filters, which are given as a whole.
            kept["budget"].as_object_mut().map(|budget| budget.remove("CostFilters"));
            for (name, value) in body["NewBudget"].as_object().into_iter().flatten().filter(|(_, value)| !value.is_null()) {
                kept["budget"][name] = value.clone();
            }
            memory.budgets.put(key, kept);
            json!({})
        }
        _ => return exchange.pass_on().await,
    };
    Ok(mend::json_reply(&done))
}

/// A notice is told by its four facts.
fn same(one: &Value, other: &Value) -> bool {
    let number = |value: &Value| value["Threshold"].as_f64();
    let words = ["ComparisonOperator", "ThresholdType", "NotificationType"];
    number(one) == number(other) && words.iter().all(|word| one[*word] == other[*word])
}
