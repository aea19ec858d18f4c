//! What listeners and their rules do with a request.
//!
//! AWS shows a forward to one target group both as `target_group_arn` and as `forward`: both are read, so that either way of
//! asking for it is quiet. Only one of them is sent.

use std::collections::BTreeMap;

use aws_sdk_elasticloadbalancingv2::types::{
    Action as Wire, ActionTypeEnum, FixedResponseActionConfig, ForwardActionConfig, RedirectActionConfig, RedirectActionStatusCodeEnum,
    TargetGroupStickinessConfig, TargetGroupTuple,
};
use lowtide_model::{Arn, Complaint, Model, Planned, Set};
use lowtide_resource::Fault;

use crate::key_value::small;

/// One thing to do with a request.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Action {
    /// What to do: `forward`, `redirect` or `fixed-response`.
    #[attr(one_of = ["forward", "redirect", "fixed-response"])]
    pub r#type: String,
    /// The place among the actions, 1 to 50000; the order in which they stand when it is not given.
    #[attr(computed, range = 1..=50000)]
    pub order: Option<i64>,
    /// The one target group to forward to; short for a `forward` block with one group.
    #[attr(refers = "aws_lb_target_group.arn")]
    pub target_group_arn: Option<Arn>,
    /// The target groups to forward to, with weights.
    pub forward: Option<Forward>,
    /// Where to send the client instead.
    pub redirect: Option<Redirect>,
    /// The answer to give at once.
    pub fixed_response: Option<FixedResponse>,
}

/// The target groups to forward to.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Forward {
    /// The target groups, one to five.
    pub target_group: Set<ForwardTarget>,
    /// Whether the requests of one client keep going to one group.
    pub stickiness: Option<ForwardStickiness>,
}

/// One target group of several.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct ForwardTarget {
    /// The target group.
    #[attr(key, refers = "aws_lb_target_group.arn")]
    pub arn: Arn,
    /// Its share beside those of the others, 0 to 999.
    #[attr(default = 1, range = 0..=999)]
    pub weight: i64,
}

/// Whether the requests of one client keep going to one group.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct ForwardStickiness {
    /// For how many seconds, up to a week.
    #[attr(range = 1..=604800)]
    pub duration: Option<i64>,
    /// Whether they do.
    #[attr(default = false)]
    pub enabled: bool,
}

/// Where to send the client instead. `#{host}`, `#{path}`, `#{port}`, `#{protocol}` and `#{query}` stand for those of the request.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Redirect {
    /// The host.
    #[attr(default = "#{host}", range = 1..=128)]
    pub host: String,
    /// The path, from its slash on.
    #[attr(default = "/#{path}", range = 1..=128)]
    pub path: String,
    /// The port.
    #[attr(default = "#{port}")]
    pub port: String,
    /// `HTTP`, `HTTPS`, or that of the request.
    #[attr(default = "#{protocol}", one_of = ["#{protocol}", "HTTP", "HTTPS"])]
    pub protocol: String,
    /// The query, without its question mark.
    #[attr(default = "#{query}", range = 0..=128)]
    pub query: String,
    /// Whether it is for good (`HTTP_301`) or for now (`HTTP_302`).
    #[attr(one_of = ["HTTP_301", "HTTP_302"])]
    pub status_code: String,
}

/// The answer to give at once.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct FixedResponse {
    /// What the body is.
    #[attr(one_of = ["text/plain", "text/css", "text/html", "application/javascript", "application/json"])]
    pub content_type: String,
    /// The body, up to 1024 characters.
    #[attr(range = 0..=1024)]
    pub message_body: Option<String>,
    /// The HTTP status: a number of 200 to 599.
    #[attr(computed)]
    pub status_code: Option<String>,
}

/// Returns actions as requests hold them. `now` settles which of two ways to name target groups was changed.
pub fn request(to: &[Action], now: &[Action]) -> Result<Vec<Wire>, Fault> {
    let several = to.len() > 1;
    to.iter().enumerate().map(|(at, action)| one(action, now.get(at), several.then_some(at as i64 + 1))).collect()
}

fn one(to: &Action, now: Option<&Action>, place: Option<i64>) -> Result<Wire, Fault> {
    let order = small(to.order.or(place))?;
    let request = Wire::builder().r#type(ActionTypeEnum::from(to.r#type.as_str())).set_order(order);
    // What belongs to another type of action is only left over from before.
    let request = match to.r#type.as_str() {
        "forward" => match (&to.target_group_arn, &to.forward) {
            (Some(group), Some(forward)) if single(forward) != Some(group) && stale(forward, now) => request.target_group_arn(&**group),
            (_, Some(forward)) => request.forward_config(forward_request(forward)?),
            (Some(group), None) => request.target_group_arn(&**group),
            (None, None) => request,
        },
        "redirect" => request.set_redirect_config(to.redirect.as_ref().map(redirect_request)),
        _ => request.set_fixed_response_config(to.fixed_response.as_ref().map(fixed_request)),
    };
    Ok(request.build())
}

/// Returns the group, if it is only one.
fn single(forward: &Forward) -> Option<&Arn> {
    match forward.target_group.as_slice() {
        [only] => Some(&only.arn),
        _ => None,
    }
}

/// Returns whether these groups are what is there already, so that the other way to name them is the new wish.
fn stale(forward: &Forward, now: Option<&Action>) -> bool {
    let weights = |forward: &Forward| forward.target_group.iter().map(|one| (one.arn.clone(), one.weight)).collect::<BTreeMap<_, _>>();
    now.and_then(|now| now.forward.as_ref()).is_some_and(|now| weights(now) == weights(forward))
}

fn forward_request(to: &Forward) -> Result<ForwardActionConfig, Fault> {
    let group = |one: &ForwardTarget| {
        Ok::<_, Fault>(TargetGroupTuple::builder().target_group_arn(&*one.arn).set_weight(small(Some(one.weight))?).build())
    };
    let groups = to.target_group.iter().map(group).collect::<Result<_, _>>()?;
    let stickiness = |one: &ForwardStickiness| {
        let duration = small(one.duration)?;
        Ok::<_, Fault>(TargetGroupStickinessConfig::builder().enabled(one.enabled).set_duration_seconds(duration).build())
    };
    let stickiness = to.stickiness.as_ref().map(stickiness).transpose()?;
    Ok(ForwardActionConfig::builder().set_target_groups(Some(groups)).set_target_group_stickiness_config(stickiness).build())
}

fn redirect_request(to: &Redirect) -> RedirectActionConfig {
    RedirectActionConfig::builder()
        .host(&to.host)
        .path(&to.path)
        .port(&to.port)
        .protocol(&to.protocol)
        .query(&to.query)
        .status_code(RedirectActionStatusCodeEnum::from(to.status_code.as_str()))
        .build()
}

fn fixed_request(to: &FixedResponse) -> FixedResponseActionConfig {
    FixedResponseActionConfig::builder()
        .content_type(&to.content_type)
        .set_message_body(to.message_body.clone())
        .set_status_code(to.status_code.clone())
        .build()
}

/// Returns actions as attributes hold them, in their order.
pub fn read(said: Vec<Wire>) -> Vec<Action> {
    let mut all: Vec<_> = said.into_iter().map(seen).collect();
    all.sort_by_key(|action| action.order);
    all
}

fn seen(said: Wire) -> Action {
    let several = said.forward_config.map(forward_seen).filter(|forward| !forward.target_group.is_empty());
    let one = said.target_group_arn.map(Arn).or_else(|| several.as_ref().and_then(single).cloned());
    let alone = |arn: &Arn| Forward { target_group: Set(vec![ForwardTarget { arn: arn.clone(), weight: 1 }]), stickiness: None };
    Action {
        order: said.order.map(i64::from),
        forward: several.or_else(|| one.as_ref().map(alone)),
        target_group_arn: one,
        redirect: said.redirect_config.map(redirect_seen),
        fixed_response: said.fixed_response_config.map(|said| FixedResponse {
            content_type: said.content_type.unwrap_or_else(|| "text/plain".to_owned()),
            message_body: said.message_body.filter(|body| !body.is_empty()),
            status_code: said.status_code,
        }),
        r#type: said.r#type.map_or_else(String::new, |kind| kind.as_str().to_owned()),
    }
}

fn forward_seen(said: ForwardActionConfig) -> Forward {
    let group = |one: TargetGroupTuple| Some(ForwardTarget { arn: one.target_group_arn?.into(), weight: one.weight.map_or(1, i64::from) });
    let stickiness = |one: TargetGroupStickinessConfig| ForwardStickiness {
        duration: one.duration_seconds.map(i64::from),
        enabled: one.enabled.unwrap_or(false),
    };
    Forward {
        target_group: said.target_groups.unwrap_or_default().into_iter().filter_map(group).collect(),
        stickiness: said.target_group_stickiness_config.map(stickiness),
    }
}

fn redirect_seen(said: RedirectActionConfig) -> Redirect {
    let or = |text: Option<String>, default: &str| text.unwrap_or_else(|| default.to_owned());
    Redirect {
        host: or(said.host, "#{host}"),
        path: or(said.path, "/#{path}"),
        port: or(said.port, "#{port}"),
        protocol: or(said.protocol, "#{protocol}"),
        query: or(said.query, "#{query}"),
        status_code: said.status_code.map_or_else(|| "HTTP_302".to_owned(), |code| code.as_str().to_owned()),
    }
}

/// Checks that each action holds what its type needs, and nothing of another type.
pub fn check(attribute: &str, actions: Option<&Planned>) -> Vec<Complaint> {
    let actions = actions.and_then(Planned::as_elements).unwrap_or_default();
    actions.iter().filter_map(Planned::as_members).flat_map(|action| check_one(attribute, action)).collect()
}

fn check_one(attribute: &str, action: &BTreeMap<String, Planned>) -> Vec<Complaint> {
    let given = |name: &str| action.get(name).is_some_and(|value| !value.is_null());
    let Some(kind) = action.get("type").and_then(Planned::as_str) else { return Vec::new() };
    let own: &[&str] = match kind {
        "forward" => &["forward", "target_group_arn"],
        "redirect" => &["redirect"],
        "fixed-response" => &["fixed_response"],
        _ => return Vec::new(),
    };
    let mut all = Vec::new();
    if !own.iter().any(|name| given(name)) {
        let need = own.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ");
        all.push(Complaint::about(attribute, format!("An action of type `{kind}` needs {need}.")));
    }
    let foreign =
        ["forward", "target_group_arn", "redirect", "fixed_response"].into_iter().filter(|name| !own.contains(name) && given(name));
    all.extend(foreign.map(|name| Complaint::about(attribute, format!("An action of type `{kind}` has no `{name}`."))));
    if kind == "forward" && given("forward") && given("target_group_arn") {
        let detail = "`forward` and `target_group_arn` are two ways to say the same.";
        all.push(Complaint::about(attribute, detail).hint("keep one of them"));
    }
    all
}

#[cfg(test)]
mod tests {
    use lowtide_model::{Leaf, Shape, Value, equality};

    use super::*;

    const A: &str = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/a/73e2d6bc24d8a067";
    const B: &str = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/b/73e2d6bc24d8a068";

    fn to_group(arn: &str) -> Action {
        let nothing = Wire::builder().r#type(ActionTypeEnum::Forward).target_group_arn(arn).build();
        seen(nothing)
    }

    #[test]
    fn one_target_group_reads_the_same_both_ways() {
        let group = TargetGroupTuple::builder().target_group_arn(A).build();
        let config = ForwardActionConfig::builder().target_groups(group).build();
        let by_config = Wire::builder().r#type(ActionTypeEnum::Forward).forward_config(config).build();
        assert_eq!(seen(by_config), to_group(A));
        let shape: Shape = <Vec<Action> as Leaf>::SHAPE;
        let now = vec![to_group(A)].into_value();
        for wish in [
            serde_json::json!([{"type": "forward", "target_group_arn": A}]),
            serde_json::json!([{"type": "forward", "forward": {"target_group": [{"arn": A}]}}]),
        ] {
            let wish = Value::from_json(&wish).expect("JSON");
            assert_eq!(equality::satisfied(&shape, &wish.into(), &now), equality::Verdict::Same);
        }
    }

    #[test]
    fn the_way_that_changed_is_the_one_sent() {
        let now = to_group(A);
        let by_arn = Action { target_group_arn: Some(B.into()), ..now.clone() };
        let sent = request(&[by_arn], std::slice::from_ref(&now)).expect("small numbers");
        assert_eq!((sent[0].target_group_arn(), sent[0].forward_config()), (Some(B), None));
        let by_block = Action { forward: to_group(B).forward, ..now.clone() };
        let sent = request(&[by_block], &[now]).expect("small numbers");
        assert_eq!(sent[0].target_group_arn(), None);
        assert!(sent[0].forward_config().is_some());
    }

    #[test]
    fn what_is_left_over_from_another_type_is_not_sent() {
        let redirect = RedirectActionConfig::builder().status_code(RedirectActionStatusCodeEnum::Http301).build();
        let redirect = seen(Wire::builder().r#type(ActionTypeEnum::Redirect).redirect_config(redirect).build());
        let mixed = Action { target_group_arn: Some(A.into()), ..redirect };
        let sent = request(&[mixed], &[]).expect("small numbers");
        assert_eq!((sent[0].target_group_arn(), sent[0].redirect_config().is_some()), (None, true));
    }
}
