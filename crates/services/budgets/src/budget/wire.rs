//! Budgets as requests and answers have them.

use std::collections::BTreeMap;

use aws_sdk_budgets::{
    error::BuildError,
    primitives::{DateTime, DateTimeFormat},
    types::{Budget as Described, BudgetType, CostTypes as Costs, ResourceTag, Spend, TimePeriod, TimeUnit},
};
use lowtide_model::{Number, Object, Set};
use lowtide_resource::{Asked, Context, Fault, Observed, Seen, absent_is_none, prefix_of_name};

use super::{Budget, BudgetOutputs, CostFilter, CostTypes, notices};
use crate::Budgets;

pub fn invalid(error: BuildError) -> Fault {
    Fault::ours(&error.to_string())
}

/// Returns the name out of an id.
pub fn name(id: &str) -> &str {
    id.split_once(':').map_or(id, |(_, name)| name)
}

/// Returns tags for a request; `None` where there are none.
pub fn tags(tags: &Option<BTreeMap<String, String>>) -> Result<Option<Vec<ResourceTag>>, Fault> {
    let tag = |(key, value): (&String, &String)| ResourceTag::builder().key(key).value(value).build().map_err(invalid);
    let tags = tags.iter().flatten().map(tag).collect::<Result<Vec<_>, _>>()?;
    Ok((!tags.is_empty()).then_some(tags))
}

pub async fn create(cx: &Context<'_, Budgets>, name: &str, wish: &Budget) -> Result<(), Fault> {
    let notices = wish.notification.iter().flat_map(|all| all.iter()).map(notices::with_subscribers).collect::<Result<Vec<_>, _>>()?;
    cx.client
        .create_budget()
        .account_id(&cx.place.account)
        .budget(described(name, wish)?)
        .set_notifications_with_subscribers((!notices.is_empty()).then_some(notices))
        .set_resource_tags(tags(&wish.tags)?)
        .send()
        .await?;
    Ok(())
}

pub async fn update(cx: &Context<'_, Budgets>, name: &str, to: &Budget) -> Result<(), Fault> {
    cx.client.update_budget().account_id(&cx.place.account).new_budget(described(name, to)?).send().await?;
    Ok(())
}

#[expect(deprecated, reason = "filters and types as users of this kind know them; AWS goes on taking both")]
fn described(name: &str, wish: &Budget) -> Result<Described, Fault> {
    let spend = match (&wish.limit_amount, &wish.limit_unit) {
        (Some(amount), Some(unit)) => Some(Spend::builder().amount(amount).unit(unit).build().map_err(invalid)?),
        _ => None,
    };
    let filters = wish.cost_filter.as_ref().map(|all| all.iter().map(|one| (one.name.clone(), one.values.clone())).collect());
    let period = match (wish.time_period_start.as_deref(), wish.time_period_end.as_deref()) {
        (None, None) => None,
        (start, end) => Some(TimePeriod::builder().set_start(start.map(time).transpose()?).set_end(end.map(time).transpose()?).build()),
    };
    Described::builder()
        .budget_name(name)
        .budget_type(BudgetType::from(wish.budget_type.as_str()))
        .time_unit(TimeUnit::from(wish.time_unit.as_str()))
        .set_budget_limit(spend)
        .set_cost_filters(filters)
        .set_cost_types(wish.cost_types.as_ref().map(costs))
        .set_time_period(period)
        .build()
        .map_err(invalid)
}

fn costs(wish: &CostTypes) -> Costs {
    Costs::builder()
        .include_credit(wish.include_credit)
        .include_discount(wish.include_discount)
        .include_other_subscription(wish.include_other_subscription)
        .include_recurring(wish.include_recurring)
        .include_refund(wish.include_refund)
        .include_subscription(wish.include_subscription)
        .include_support(wish.include_support)
        .include_tax(wish.include_tax)
        .include_upfront(wish.include_upfront)
        .use_amortized(wish.use_amortized)
        .use_blended(wish.use_blended)
        .build()
}

/// Reads `2027-01-01_00:00`, which is in UTC.
fn time(text: &str) -> Result<DateTime, Fault> {
    let whole = format!("{}:00Z", text.replace('_', "T"));
    DateTime::from_str(&whole, DateTimeFormat::DateTime).map_err(|_| Fault::ours(&format!("`{text}` is no time like 2027-01-01_00:00")))
}

fn shown(time: &DateTime) -> Option<String> {
    let text = time.fmt(DateTimeFormat::DateTime).ok()?;
    Some(text.get(..16)?.replace('T', "_"))
}

pub async fn read(cx: &Context<'_, Budgets>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Budget>)>, Fault> {
    let mut found = BTreeMap::new();
    for ask in asked.these {
        let name = name(&ask.id);
        let answer = absent_is_none(cx.client.describe_budget().account_id(&cx.place.account).budget_name(name).send().await)?;
        let Some(budget) = answer.and_then(|answer| answer.budget) else { continue };
        let notification = notices::read(cx, name).await?;
        let arn = format!("arn:{}:budgets::{}:budget/{name}", cx.place.partition, cx.place.account);
        let listed = cx.client.list_tags_for_resource().resource_arn(&arn).send().await?.resource_tags.unwrap_or_default();
        let tags: BTreeMap<_, _> = listed.into_iter().map(|tag| (tag.key, tag.value)).collect();
        let mut inputs = attributes(budget, &ask.last);
        inputs.notification = (!notification.is_empty()).then_some(Set(notification));
        inputs.tags = (!tags.is_empty()).then_some(tags);
        let outputs = BudgetOutputs { arn: arn.into(), id: ask.id.clone(), account_id: cx.place.account.clone() };
        found.insert(ask.id.clone(), Observed::stable(&ask.id, inputs, outputs));
    }
    Ok(asked.answer(found))
}

#[expect(deprecated, reason = "filters and types as users of this kind know them; AWS goes on showing both")]
fn attributes(budget: Described, last: &Object) -> Budget {
    // The same number reads back as it was written.
    let amount = |seen: String| {
        let same = |written: &&str| written.parse::<Number>().ok() == seen.parse::<Number>().ok();
        last.text("limit_amount").filter(same).map_or(seen.clone(), str::to_owned)
    };
    let (limit_amount, limit_unit) = budget.budget_limit.map_or((None, None), |spend| (Some(amount(spend.amount)), Some(spend.unit)));
    let filters: Vec<_> = budget.cost_filters.unwrap_or_default().into_iter().map(|(name, values)| CostFilter { name, values }).collect();
    let (start, end) = budget.time_period.map_or((None, None), |period| (period.start, period.end));
    Budget {
        name_prefix: prefix_of_name(&budget.budget_name),
        name: Some(budget.budget_name),
        budget_type: budget.budget_type.as_str().to_owned(),
        time_unit: budget.time_unit.as_str().to_owned(),
        limit_amount,
        limit_unit,
        time_period_start: start.as_ref().and_then(shown),
        time_period_end: end.as_ref().and_then(shown),
        cost_filter: (!filters.is_empty()).then_some(Set(filters)),
        cost_types: budget.cost_types.map(|seen| CostTypes {
            include_credit: seen.include_credit.unwrap_or(true),
            include_discount: seen.include_discount.unwrap_or(true),
            include_other_subscription: seen.include_other_subscription.unwrap_or(true),
            include_recurring: seen.include_recurring.unwrap_or(true),
            include_refund: seen.include_refund.unwrap_or(true),
            include_subscription: seen.include_subscription.unwrap_or(true),
            include_support: seen.include_support.unwrap_or(true),
            include_tax: seen.include_tax.unwrap_or(true),
            include_upfront: seen.include_upfront.unwrap_or(true),
            use_amortized: seen.use_amortized.unwrap_or_default(),
            use_blended: seen.use_blended.unwrap_or_default(),
        }),
        notification: None,
        tags: None,
    }
}
