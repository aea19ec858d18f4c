//! `aws_lambda_permission`: who may call a function.
//!
//! A statement of the function's policy. Its id is the key; the physical id is function and statement with a slash between.
//! The policy of a function is read once a round.

use std::sync::Arc;

use aws_sdk_lambda::types::FunctionUrlAuthType;
use lowtide_model::{Check, Complaint, Create, Json, Model, Place, PlannedObject, Value};
use lowtide_resource::{Ask, Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Resource, Seen, described, prefix_of_name};

use crate::Lambda;

/// That somebody may call a function: a service, or another account.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Permission {
    /// The name or the ARN of the function.
    #[attr(identity, parent, refers = "aws_lambda_function.function_name", replaces)]
    pub function_name: String,
    /// The id of the statement. Lowtide chooses one when it is not given.
    #[attr(computed, identity, range = 1..=100, replaces)]
    pub statement_id: Option<String>,
    /// What the id starts with when Lowtide chooses it.
    #[attr(computed, range = 1..=74, replaces)]
    pub statement_id_prefix: Option<String>,
    /// What may be done: `lambda:InvokeFunction`.
    #[attr(replaces)]
    pub action: String,
    /// Who: a service such as `events.amazonaws.com`, an account, an ARN, or `*`.
    #[attr(replaces)]
    pub principal: String,
    /// Only in the organisation of this id.
    #[attr(replaces)]
    pub principal_org_id: Option<String>,
    /// Only on behalf of this account.
    #[attr(replaces)]
    pub source_account: Option<String>,
    /// Only on behalf of this ARN.
    #[attr(replaces)]
    pub source_arn: Option<String>,
    /// The version or alias that may be called.
    #[attr(identity, range = 1..=128, replaces)]
    pub qualifier: Option<String>,
    /// Only with this token, for Alexa.
    #[attr(range = 1..=256, replaces)]
    pub event_source_token: Option<String>,
    /// Only by URLs of this sort: `AWS_IAM` or `NONE`.
    #[attr(one_of = ["AWS_IAM", "NONE"], replaces)]
    pub function_url_auth_type: Option<String>,
}

/// What follows from a permission.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct PermissionOutputs {
    /// The id of the statement.
    #[attr(predict = "{statement_id}")]
    pub id: String,
}

impl Resource for Permission {
    type Outputs = PermissionOutputs;
    type Service = Lambda;
    const KIND: &'static str = "aws_lambda_permission";
    const CREATE: Create = Create::Key;
    const IMPORT: &'static str = "FUNCTION_NAME/STATEMENT_ID or FUNCTION_NAME:QUALIFIER/STATEMENT_ID";
    const CHECKS: &'static [Check] = &[names];

    fn identity(wish: &Self, _place: &Place) -> Option<String> {
        Some(id(&wish.function_name, wish.qualifier.as_deref(), wish.statement_id.as_ref()?))
    }

    fn made_up(wish: &Self, op: &Operation) -> Option<(&'static str, String)> {
        wish.statement_id.is_none().then(|| ("statement_id", op.name(None, wish.statement_id_prefix.as_deref())))
    }

    async fn create(cx: &Context<'_, Lambda>, wish: &Self, op: &Operation) -> Result<Made, Fault> {
        let statement = op.name(wish.statement_id.as_deref(), wish.statement_id_prefix.as_deref());
        cx.client
            .add_permission()
            .function_name(&wish.function_name)
            .statement_id(&statement)
            .action(&wish.action)
            .principal(&wish.principal)
            .set_principal_org_id(wish.principal_org_id.clone())
            .set_source_account(wish.source_account.clone())
            .set_source_arn(wish.source_arn.clone())
            .set_qualifier(wish.qualifier.clone())
            .set_event_source_token(wish.event_source_token.clone())
            .set_function_url_auth_type(wish.function_url_auth_type.as_deref().map(FunctionUrlAuthType::from))
            .send()
            .await?;
        Made::id(Some(id(&wish.function_name, wish.qualifier.as_deref(), &statement)), "an id")
    }

    async fn read(cx: &Context<'_, Lambda>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        let one = |ask: Ask| async move {
            let (function, qualifier, statement) = parts(&ask.id);
            let policy = policy(cx, function, qualifier).await?;
            let said = policy.iter().find(|one| member(one, &["Sid"]).and_then(Value::as_str) == Some(statement));
            Ok(said.map(|statement| observed(&ask.id, statement)))
        };
        Ok(asked.each(one).await.seen(|_, seen| Ok(seen)))
    }

    async fn update(_cx: &Context<'_, Lambda>, _now: &Observed<Self>, _to: &Self, _changed: &Changed) -> Result<Option<String>, Fault> {
        Ok(None)
    }

    async fn delete(cx: &Context<'_, Lambda>, last: &Observed<Self>, _how: &Self) -> Result<Going, Fault> {
        let (function, qualifier, statement) = parts(&last.id);
        let request = cx.client.remove_permission().function_name(function).statement_id(statement);
        request.set_qualifier(qualifier.map(str::to_owned)).send().await?;
        Ok(Going::Gone)
    }
}

fn id(function: &str, qualifier: Option<&str>, statement: &str) -> String {
    let qualifier = qualifier.map(|qualifier| format!(":{qualifier}")).unwrap_or_default();
    format!("{function}{qualifier}/{statement}")
}

/// Returns function, qualifier and statement. A function given as an ARN has colons of its own: six of them.
fn parts(id: &str) -> (&str, Option<&str>, &str) {
    let (function, statement) = id.rsplit_once('/').unwrap_or((id, ""));
    let own = if function.starts_with("arn:") { 6 } else { 0 };
    match function.match_indices(':').nth(own) {
        Some((at, _)) => (&function[..at], Some(&function[at + 1..]), statement),
        None => (function, None, statement),
    }
}

/// Returns the statements of a function's policy; none where there is no policy, or no function.
async fn policy(cx: &Context<'_, Lambda>, function: &str, qualifier: Option<&str>) -> Result<Arc<Vec<Value>>, Fault> {
    let ask = || async {
        let request = cx.client.get_policy().function_name(function).set_qualifier(qualifier.map(str::to_owned));
        let about = "a policy of the function that can be read";
        let policy = described(request.send().await, about, |found| Json::parse(found.policy.as_deref()?))?;
        let statements = policy.as_ref().and_then(|policy| member(&policy.0, &["Statement"])?.elements());
        Ok(statements.into_iter().flatten().cloned().collect())
    };
    cx.round.once(format!("lambda:GetPolicy {function}:{}", qualifier.unwrap_or_default()), ask).await
}

fn member<'a>(value: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, name| value.as_members()?.get(*name))
}

fn observed(id: &str, statement: &Value) -> Observed<Permission> {
    let (function, qualifier, name) = parts(id);
    let text = |path: &[&str]| member(statement, path).and_then(Value::as_str).map(str::to_owned);
    // Conditions are told by their keys, whatever the operator and the case of the key.
    let condition = |key: &str| {
        let operators = member(statement, &["Condition"])?.as_members()?;
        let pairs = operators.values().filter_map(Value::as_members).flatten();
        pairs.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).and_then(|(_, value)| value.as_str()).map(str::to_owned)
    };
    let whole = text(&["Principal"]).or_else(|| text(&["Principal", "Service"])).or_else(|| text(&["Principal", "AWS"]));
    // An account is shown as its root.
    let account = whole.as_deref().and_then(|arn| arn.strip_suffix(":root")?.rsplit(':').next().map(str::to_owned));
    let inputs = Permission {
        function_name: function.to_owned(),
        statement_id: Some(name.to_owned()),
        statement_id_prefix: prefix_of_name(name),
        action: text(&["Action"]).unwrap_or_default(),
        principal: account.or(whole).unwrap_or_default(),
        principal_org_id: condition("aws:PrincipalOrgID"),
        source_account: condition("AWS:SourceAccount"),
        source_arn: condition("AWS:SourceArn"),
        qualifier: qualifier.map(str::to_owned),
        event_source_token: condition("lambda:EventSourceToken"),
        function_url_auth_type: condition("lambda:FunctionUrlAuthType"),
    };
    Observed::stable(id, inputs, PermissionOutputs { id: name.to_owned() })
}

fn names(wish: &PlannedObject) -> Vec<Complaint> {
    if wish.get("statement_id").is_some() && wish.get("statement_id_prefix").is_some() {
        let detail = "`statement_id` and `statement_id_prefix` exclude each other.";
        return vec![Complaint::about("statement_id_prefix", detail).hint("keep one of them")];
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_names_and_arns_come_apart() {
        assert_eq!(parts("it:live/events"), ("it", Some("live"), "events"));
        assert_eq!(parts("it/events"), ("it", None, "events"));
        let arn = "arn:aws:lambda:eu-west-1:123456789012:function:it";
        assert_eq!(parts(&format!("{arn}/events")), (arn, None, "events"));
        assert_eq!(parts(&format!("{arn}:live/events")), (arn, Some("live"), "events"));
    }

    #[test]
    fn a_statement_is_read_as_it_was_asked_for() {
        let json = r#"{"Sid": "a", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "lambda:InvokeFunction", "Condition": {"ArnLike": {"AWS:SourceArn": "arn:x"}}}"#;
        let seen = observed("it/a", &Json::parse(json).expect("JSON").0).inputs;
        assert_eq!((seen.principal.as_str(), seen.source_arn.as_deref()), ("123456789012", Some("arn:x")));
    }
}
