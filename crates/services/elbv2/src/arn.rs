//! What ARNs of this service tell: names, suffixes, and what a thing is part of.

/// Returns the name in the ARN of a load balancer or target group.
pub fn name(arn: &str) -> Option<&str> {
    let mut parts = arn.rsplit(':').next()?.split('/');
    match parts.next()? {
        "loadbalancer" => parts.nth(1),
        "targetgroup" => parts.next(),
        _ => None,
    }
    .filter(|name| !name.is_empty())
}

/// Returns the physical id, a name, that an import id stands for: an ARN as in Terraform, or the name itself.
pub fn imported(id: &str, what: &str) -> Result<String, String> {
    if !id.starts_with("arn:") {
        return Ok(id.to_owned());
    }
    name(id).map(str::to_owned).ok_or_else(|| format!("{id} is not the ARN of a {what}"))
}

/// Returns the part of an ARN that names it to CloudWatch: `app/web/50dc6c495c0c9188`, `targetgroup/web/73e2d6bc24d8a067`.
pub fn suffix(arn: &str) -> String {
    let last = arn.rsplit(':').next().unwrap_or_default();
    last.strip_prefix("loadbalancer/").unwrap_or(last).to_owned()
}

/// Returns the ARN of the listener that a rule is part of.
pub fn listener_of_rule(rule: &str) -> Option<String> {
    let (listener, _) = rule.rsplit_once('/')?;
    listener.contains(":listener-rule/").then(|| listener.replacen(":listener-rule/", ":listener/", 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: &str = "arn:aws:elasticloadbalancing:eu-west-1:123456789012";

    #[test]
    fn an_arn_tells_names_and_parents() {
        let balancer = format!("{START}:loadbalancer/app/web/50dc6c495c0c9188");
        let group = format!("{START}:targetgroup/web/73e2d6bc24d8a067");
        assert_eq!((name(&balancer), suffix(&balancer).as_str()), (Some("web"), "app/web/50dc6c495c0c9188"));
        assert_eq!((name(&group), suffix(&group).as_str()), (Some("web"), "targetgroup/web/73e2d6bc24d8a067"));
        assert_eq!(imported(&balancer, "load balancer").as_deref(), Ok("web"));
        assert!(imported(START, "load balancer").is_err());
        let rule = format!("{START}:listener-rule/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee");
        let listener = format!("{START}:listener/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2");
        assert_eq!(listener_of_rule(&rule), Some(listener));
    }
}
