//! `aws_budgets_budget`: what may be spent or used, and who is told when it comes close.
//!
//! The name is the key within the account; the physical id is account and name with a colon between, which is Terraform's id
//! as well. `CreateBudget` carries notices and tags; afterwards each notice is made and removed by a call of its own. `wire`
//! turns attributes into requests and answers into attributes, `notices` changes who is told.

mod notices;
mod wire;

use std::collections::BTreeMap;

use lowtide_model::{Arn, Check, Complaint, Create, Model, Number, Place, PlannedObject, Scope, Set};
use lowtide_resource::{Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Resource, Seen, tag_change};

use crate::Budgets;

/// A budget: what may be spent or used in a month, a quarter or a year, and who is told.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Budget {
    /// The name, without `:` and `\\`. Lowtide chooses one when it is not given.
    #[attr(computed, identity, range = 1..=100, replaces)]
    pub name: Option<String>,
    /// What the name starts with when Lowtide chooses it.
    #[attr(computed, range = 1..=74, replaces)]
    pub name_prefix: Option<String>,
    /// What is counted: `COST`, `USAGE`, or how far reservations and savings plans are used.
    #[attr(one_of = ["COST", "USAGE", "RI_UTILIZATION", "RI_COVERAGE", "SAVINGS_PLANS_UTILIZATION", "SAVINGS_PLANS_COVERAGE"])]
    pub budget_type: String,
    /// For how long: `DAILY`, `MONTHLY`, `QUARTERLY` or `ANNUALLY`.
    #[attr(one_of = ["DAILY", "MONTHLY", "QUARTERLY", "ANNUALLY"])]
    pub time_unit: String,
    /// How much, as a number in text: `60` and `60.0` are the same.
    #[attr(computed)]
    pub limit_amount: Option<String>,
    /// Of what: `USD`, `GB`, `PERCENTAGE`…
    #[attr(computed)]
    pub limit_unit: Option<String>,
    /// From when on: `2027-01-01_00:00`.
    #[attr(computed)]
    pub time_period_start: Option<String>,
    /// Until when.
    #[attr(computed)]
    pub time_period_end: Option<String>,
    /// Only costs of these services, tags, accounts…
    pub cost_filter: Option<Set<CostFilter>>,
    /// Which costs count.
    #[attr(computed)]
    pub cost_types: Option<CostTypes>,
    /// Who is told when.
    pub notification: Option<Set<Notification>>,
    /// Tags by key.
    #[attr(open)]
    pub tags: Option<BTreeMap<String, String>>,
}

/// Only costs of these.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct CostFilter {
    /// By what: `Service`, `TagKeyValue`, `LinkedAccount`…
    #[attr(key)]
    pub name: String,
    /// Which ones.
    pub values: Vec<String>,
}

/// Which costs count.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct CostTypes {
    /// Credits.
    #[attr(default = true)]
    pub include_credit: bool,
    /// Discounts.
    #[attr(default = true)]
    pub include_discount: bool,
    /// Subscriptions that are not to AWS itself.
    #[attr(default = true)]
    pub include_other_subscription: bool,
    /// Recurring fees.
    #[attr(default = true)]
    pub include_recurring: bool,
    /// Refunds.
    #[attr(default = true)]
    pub include_refund: bool,
    /// Subscriptions.
    #[attr(default = true)]
    pub include_subscription: bool,
    /// Support.
    #[attr(default = true)]
    pub include_support: bool,
    /// Taxes.
    #[attr(default = true)]
    pub include_tax: bool,
    /// Fees paid at once.
    #[attr(default = true)]
    pub include_upfront: bool,
    /// Whether what is paid at once is spread over its time.
    #[attr(default = false)]
    pub use_amortized: bool,
    /// Whether rates are those of the whole organisation.
    #[attr(default = false)]
    pub use_blended: bool,
}

/// Who is told when.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Notification {
    /// How the amount is held against the threshold.
    #[attr(key, one_of = ["GREATER_THAN", "LESS_THAN", "EQUAL_TO"])]
    pub comparison_operator: String,
    /// The threshold.
    #[attr(key)]
    pub threshold: Number,
    /// What it is: `PERCENTAGE` of the budget, or an `ABSOLUTE_VALUE`.
    #[attr(key, one_of = ["PERCENTAGE", "ABSOLUTE_VALUE"])]
    pub threshold_type: String,
    /// Whether it is about what was spent (`ACTUAL`) or what will have been (`FORECASTED`).
    #[attr(key, one_of = ["ACTUAL", "FORECASTED"])]
    pub notification_type: String,
    /// Addresses that get e-mail, at most ten.
    pub subscriber_email_addresses: Option<Set<String>>,
    /// The ARN of a topic.
    #[attr(refers = "aws_sns_topic.arn")]
    pub subscriber_sns_topic_arns: Option<Set<String>>,
}

/// What AWS decides about a budget.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct BudgetOutputs {
    /// The budget's ARN.
    #[attr(predict = "arn:{partition}:budgets::{account}:budget/{name}")]
    pub arn: Arn,
    /// Account and name with a colon between.
    #[attr(predict = "{account}:{name}")]
    pub id: String,
    /// The account it is of.
    #[attr(predict = "{account}")]
    pub account_id: String,
}

impl Resource for Budget {
    type Outputs = BudgetOutputs;
    type Service = Budgets;
    const KIND: &'static str = "aws_budgets_budget";
    const CREATE: Create = Create::Key;
    const IMPORT: &'static str = "ACCOUNT_ID:BUDGET_NAME";
    const SCOPE: Scope = Scope::Global("us-east-1");
    const CHECKS: &'static [Check] = &[names, limit, notified];
    const LEFT_OUT: &'static [(&'static str, &'static str)] = &[
        ("auto_adjust_data", "a limit that AWS sets by itself is not one that is written down; not supported yet"),
        ("planned_limit", "a limit for each month is not supported yet"),
    ];

    fn identity(wish: &Self, place: &Place) -> Option<String> {
        Some(format!("{}:{}", place.account, wish.name.as_ref()?))
    }

    fn made_up(wish: &Self, op: &Operation) -> Option<(&'static str, String)> {
        wish.name.is_none().then(|| ("name", op.name(None, wish.name_prefix.as_deref())))
    }

    async fn create(cx: &Context<'_, Budgets>, wish: &Self, op: &Operation) -> Result<Made, Fault> {
        let name = op.name(wish.name.as_deref(), wish.name_prefix.as_deref());
        wire::create(cx, &name, wish).await?;
        Made::id(Some(format!("{}:{name}", cx.place.account)), "an id")
    }

    async fn read(cx: &Context<'_, Budgets>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        wire::read(cx, asked).await
    }

    async fn update(cx: &Context<'_, Budgets>, now: &Observed<Self>, to: &Self, changed: &Changed) -> Result<Option<String>, Fault> {
        let name = wire::name(&now.id);
        if changed.0.iter().any(|name| !["tags", "notification"].contains(&name.as_str())) {
            wire::update(cx, name, to).await?;
        }
        if changed.has("notification") {
            notices::update(cx, name, now, to).await?;
        }
        if changed.has("tags") {
            let change = tag_change(now.inputs.tags.as_ref(), to.tags.as_ref());
            if !change.unset.is_empty() {
                cx.client.untag_resource().resource_arn(&*now.outputs.arn).set_resource_tag_keys(Some(change.unset)).send().await?;
            }
            if let Some(set) = wire::tags(&Some(change.set))? {
                cx.client.tag_resource().resource_arn(&*now.outputs.arn).set_resource_tags(Some(set)).send().await?;
            }
        }
        Ok(None)
    }

    async fn delete(cx: &Context<'_, Budgets>, last: &Observed<Self>, _how: &Self) -> Result<Going, Fault> {
        cx.client.delete_budget().account_id(&cx.place.account).budget_name(wire::name(&last.id)).send().await?;
        Ok(Going::Gone)
    }
}

fn names(wish: &PlannedObject) -> Vec<Complaint> {
    let mut all = Vec::new();
    if wish.get("name").is_some() && wish.get("name_prefix").is_some() {
        all.push(Complaint::about("name_prefix", "`name` and `name_prefix` exclude each other.").hint("keep one of them"));
    }
    if wish.text("name").is_some_and(|name| name.contains([':', '\\'])) {
        all.push(Complaint::about("name", "The name of a budget has no colon and no backslash."));
    }
    all
}

fn limit(wish: &PlannedObject) -> Vec<Complaint> {
    let mut all = Vec::new();
    for name in ["limit_amount", "limit_unit"] {
        if wish.get(name).is_none() {
            all.push(
                Complaint::about(name, format!("How much may it be? `{name}` is missing."))
                    .hint("write limit_amount = 60 and limit_unit = \"USD\", say"),
            );
        }
    }
    if let Some(text) = wish.text("limit_amount").filter(|text| text.parse::<Number>().is_err()) {
        all.push(Complaint::about("limit_amount", format!("`{text}` is no number.")));
    }
    all
}

fn notified(wish: &PlannedObject) -> Vec<Complaint> {
    let notices =
        wish.get("notification").map(|all| all.as_elements().map_or_else(|| vec![all], |all| all.iter().collect())).unwrap_or_default();
    let nobody = |notice: &&lowtide_model::Planned| {
        let members = notice.as_members();
        let given = |name: &str| members.is_some_and(|members| members.get(name).is_some_and(|value| !value.is_null()));
        members.is_some() && !given("subscriber_email_addresses") && !given("subscriber_sns_topic_arns")
    };
    let detail = "A notice that nobody gets: it wants `subscriber_email_addresses` or `subscriber_sns_topic_arns`.";
    notices.into_iter().filter(nobody).map(|_| Complaint::about("notification", detail)).collect()
}
