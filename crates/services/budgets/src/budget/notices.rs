//! Who is told of a budget: a notice is its four facts, and is made and removed as a whole.

use aws_sdk_budgets::types::{
    ComparisonOperator, Notification as Notice, NotificationType, NotificationWithSubscribers, Subscriber, SubscriptionType, ThresholdType,
};
use lowtide_model::Set;
use lowtide_resource::{Context, Fault, Observed, from_float, to_float};

use super::{Budget, Notification, wire::invalid};
use crate::Budgets;

/// Returns a notice with those who get it.
pub fn with_subscribers(wish: &Notification) -> Result<NotificationWithSubscribers, Fault> {
    NotificationWithSubscribers::builder().notification(notice(wish)?).set_subscribers(Some(subscribers(wish)?)).build().map_err(invalid)
}

fn notice(wish: &Notification) -> Result<Notice, Fault> {
    Notice::builder()
        .comparison_operator(ComparisonOperator::from(wish.comparison_operator.as_str()))
        .threshold(to_float(wish.threshold)?)
        .threshold_type(ThresholdType::from(wish.threshold_type.as_str()))
        .notification_type(NotificationType::from(wish.notification_type.as_str()))
        .build()
        .map_err(invalid)
}

fn subscribers(wish: &Notification) -> Result<Vec<Subscriber>, Fault> {
    let all = [(SubscriptionType::Email, &wish.subscriber_email_addresses), (SubscriptionType::Sns, &wish.subscriber_sns_topic_arns)];
    let one = |(kind, list): (SubscriptionType, &Option<Set<String>>)| {
        let list = list.iter().flat_map(|all| all.iter());
        list.map(|address| Subscriber::builder().subscription_type(kind.clone()).address(address).build().map_err(invalid))
            .collect::<Vec<_>>()
    };
    all.into_iter().flat_map(one).collect()
}

/// Makes what is new and removes what is gone. One that goes to others now is removed and made anew.
pub async fn update(cx: &Context<'_, Budgets>, name: &str, now: &Observed<Budget>, to: &Budget) -> Result<(), Fault> {
    let listed = |budget: &Budget| budget.notification.as_ref().map(|all| all.0.clone()).unwrap_or_default();
    let (old, new) = (listed(&now.inputs), listed(to));
    for gone in old.iter().filter(|one| !new.contains(one)) {
        cx.client.delete_notification().account_id(&cx.place.account).budget_name(name).notification(notice(gone)?).send().await?;
    }
    for made in new.iter().filter(|one| !old.contains(one)) {
        let request = cx.client.create_notification().account_id(&cx.place.account).budget_name(name).notification(notice(made)?);
        request.set_subscribers(Some(subscribers(made)?)).send().await?;
    }
    Ok(())
}

/// Returns the notices of a budget; those who get each are told by a call of its own.
pub async fn read(cx: &Context<'_, Budgets>, name: &str) -> Result<Vec<Notification>, Fault> {
    let request = cx.client.describe_notifications_for_budget().account_id(&cx.place.account).budget_name(name);
    let listed = request.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await?;
    let mut all = Vec::new();
    for one in listed {
        let mut notification = Notification {
            comparison_operator: one.comparison_operator.as_str().to_owned(),
            threshold: from_float(one.threshold).unwrap_or_default(),
            threshold_type: one.threshold_type.as_ref().map_or("PERCENTAGE", |kind| kind.as_str()).to_owned(),
            notification_type: one.notification_type.as_str().to_owned(),
            subscriber_email_addresses: None,
            subscriber_sns_topic_arns: None,
        };
        let request = cx.client.describe_subscribers_for_notification().account_id(&cx.place.account).budget_name(name);
        let request = request.notification(notice(&notification)?).into_paginator().items().send();
        let told = request.collect::<Result<Vec<_>, _>>().await?;
        let of = |kind: SubscriptionType| {
            let some: Vec<_> = told.iter().filter(|one| one.subscription_type == kind).map(|one| one.address.clone()).collect();
            (!some.is_empty()).then_some(Set(some))
        };
        notification.subscriber_email_addresses = of(SubscriptionType::Email);
        notification.subscriber_sns_topic_arns = of(SubscriptionType::Sns);
        all.push(notification);
    }
    Ok(all)
}
