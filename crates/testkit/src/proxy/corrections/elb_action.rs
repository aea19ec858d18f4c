//! Actions and conditions of listeners and their rules.

use crate::proxy::xml::Element;

/// What a redirect keeps of the request unless told otherwise (Elastic Load Balancing API Reference,
/// RedirectActionConfig).
const REDIRECT_DEFAULTS: [(&str, &str); 5] =
    [("Protocol", "#{protocol}"), ("Port", "#{port}"), ("Host", "#{host}"), ("Path", "/#{path}"), ("Query", "#{query}")];

/// A forward to one target group shows it both ways, as `TargetGroupArn` and in `ForwardConfig`; a redirect shows its
/// defaults (Elastic Load Balancing API Reference, Action and RedirectActionConfig). moto shows what was sent.
pub(super) fn complete_action(action: &mut Element) {
    match action.text_at(&["Type"]) {
        "forward" => complete_forward(action),
        "redirect" => {
            let redirect = action.children.iter_mut().find(|child| child.name == "RedirectConfig");
            if let Some(redirect) = redirect {
                for (name, default) in REDIRECT_DEFAULTS {
                    if redirect.child(name).is_none() {
                        redirect.set(name, default);
                    }
                }
            }
        }
        _ => {}
    }
}

fn complete_forward(action: &mut Element) {
    let single = action.text_at(&["TargetGroupArn"]).to_owned();
    if action.child("ForwardConfig").is_none() && !single.is_empty() {
        let target = vec![Element::with_text("TargetGroupArn", &single), Element::with_text("Weight", "1")];
        let groups = Element::with_children("TargetGroups", vec![Element::with_children("member", target)]);
        let stickiness = vec![Element::with_text("Enabled", "false")];
        let stickiness = Element::with_children("TargetGroupStickinessConfig", stickiness);
        action.children.push(Element::with_children("ForwardConfig", vec![groups, stickiness]));
    }
    let groups: Vec<String> = action.members("TargetGroups").iter().map(|group| group.text_at(&["TargetGroupArn"]).to_owned()).collect();
    if let ([only], true) = (groups.as_slice(), single.is_empty()) {
        action.set("TargetGroupArn", only);
    }
}

/// A condition on path or host shows its values both ways (Elastic Load Balancing API Reference, RuleCondition).
pub(super) fn complete_condition(condition: &mut Element) {
    let config = match condition.text_at(&["Field"]) {
        "path-pattern" => "PathPatternConfig",
        "host-header" => "HostHeaderConfig",
        _ => return,
    };
    let inside = condition.child(config).and_then(|config| config.child("Values")).cloned();
    let outside = condition.child("Values").cloned();
    match (inside, outside) {
        (Some(values), None) => condition.children.push(values),
        (None, Some(values)) => condition.children.push(Element::with_children(config, vec![values])),
        (Some(_), Some(_)) | (None, None) => {}
    }
}
