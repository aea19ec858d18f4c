//! What can be told of a target group before AWS is asked.

use lowtide_model::{Complaint, Planned, PlannedObject};

/// Lambda functions have no port, protocol or network; everything else needs them.
pub(super) fn needs(wish: &PlannedObject) -> Vec<Complaint> {
    let kind = match wish.get("target_type") {
        None => "instance",
        Some(kind) => match kind.as_str() {
            Some(kind) => kind,
            None => return Vec::new(),
        },
    };
    let all = ["port", "protocol", "vpc_id"].into_iter();
    if kind == "lambda" {
        let detail = |attribute| Complaint::about(attribute, format!("A target group of Lambda functions has no `{attribute}`."));
        return all.filter(|attribute| wish.get(attribute).is_some()).map(detail).collect();
    }
    let detail = |attribute| Complaint::about(attribute, format!("A target group of type `{kind}` needs `{attribute}`."));
    all.filter(|attribute| wish.get(attribute).is_none()).map(detail).collect()
}

pub(super) fn slow_start(wish: &PlannedObject) -> Vec<Complaint> {
    let seconds = wish.get("slow_start").and_then(Planned::as_i64);
    match seconds {
        Some(1..=29) => vec![Complaint::about("slow_start", "A slow start takes 30 to 900 seconds.").hint("use 0 for none")],
        _ => Vec::new(),
    }
}

pub(super) fn health(wish: &PlannedObject) -> Vec<Complaint> {
    let Some(check) = wish.get("health_check").and_then(Planned::as_members) else { return Vec::new() };
    let text = |name: &str| check.get(name).and_then(Planned::as_str);
    let int = |name: &str| check.get(name).and_then(Planned::as_i64);
    let mut all = Vec::new();
    if text("protocol") == Some("TCP") {
        let foreign = ["path", "matcher"].into_iter().filter(|name| check.get(*name).is_some_and(|value| !value.is_null()));
        all.extend(foreign.map(|name| Complaint::about("health_check", format!("A health check over TCP has no `{name}`."))));
        if matches!(wish.text("protocol"), Some("HTTP" | "HTTPS")) {
            all.push(Complaint::about("health_check", "Targets of an application load balancer are checked over HTTP or HTTPS."));
        }
    }
    if text("path").is_some_and(|path| !path.starts_with('/')) {
        all.push(Complaint::about("health_check", "The path of a health check starts with a slash."));
    }
    if int("timeout").is_some_and(|timeout| timeout > int("interval").unwrap_or(30)) {
        all.push(Complaint::about("health_check", "The `timeout` of a health check is not longer than its `interval`."));
    }
    all
}

#[cfg(test)]
mod tests {
    use lowtide_model::Value;

    use super::*;

    fn wish(json: &[(&str, Planned)]) -> PlannedObject {
        json.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
    }

    #[test]
    fn what_aws_refuses_is_said_while_planning() {
        assert_eq!(needs(&wish(&[("target_type", Planned::text("lambda"))])), []);
        assert_eq!(needs(&wish(&[])).len(), 3);
        assert_eq!(slow_start(&wish(&[("slow_start", Value::from(10).into())])).len(), 1);
        let check = |name: &str, value: Planned| wish(&[("health_check", Planned::object([(name.to_owned(), value)]))]);
        assert_eq!(health(&check("path", Planned::text("health"))).len(), 1);
        assert_eq!(health(&check("timeout", Value::from(60).into())).len(), 1);
        assert_eq!(health(&check("path", Planned::text("/health"))), []);
    }
}
