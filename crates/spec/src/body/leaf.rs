//! Single values: converted to the type of their shape, and checked to be what the shape promises.

use ipnet::IpNet;
use lowtide_diagnostic::Place;
use lowtide_model::{Content, Planned, Shape};

use super::{Evaluation, converted::sort};

impl Evaluation<'_> {
    /// Returns a known value as a scalar shape takes it.
    pub(super) fn scalar(&mut self, shape: &Shape, content: Content, place: &Place) -> Option<Planned> {
        let found = sort(&content);
        let shown = self.shown(&content);
        let Ok(value) = shape.written().convert(content.into()) else {
            let found = if shown.is_empty() { found.to_owned() } else { format!("{found}, {shown}") };
            self.unfit(shape, &found, place);
            return None;
        };
        let complaint = match (shape, &value.content) {
            (Shape::Int, Content::Number(number)) if number.as_i64().is_none() => Some(("Wrong type", "a whole number".to_owned(), None)),
            (Shape::Cidr, Content::String(text)) => {
                no_block(text).map(|hint| ("Invalid CIDR block", "a block of addresses, such as 10.0.0.0/16".to_owned(), hint))
            }
            (Shape::Arn, Content::String(text)) if !is_arn(text) => {
                let hint = "an ARN has six parts: arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE";
                Some(("Invalid ARN", "an Amazon Resource Name".to_owned(), Some(hint.to_owned())))
            }
            _ => None,
        };
        let Some((summary, wanted, hint)) = complaint else { return Some(value) };
        let shown = if shown.is_empty() { "this is none".to_owned() } else { format!("{shown} is none") };
        let detail = format!("`{}` must be {wanted}; {shown}.", self.trail);
        match hint {
            Some(hint) => self.wrong_with_hint(summary, detail, place, hint),
            None => self.wrong(summary, detail, place),
        }
        None
    }

    /// Returns a short value as messages may show it: nothing of what is sensitive.
    pub(super) fn shown(&self, content: &Content) -> String {
        let text = match content {
            _ if self.hidden => String::new(),
            Content::Bool(value) => value.to_string(),
            Content::Number(value) => value.to_string(),
            Content::String(text) => format!("{text:?}"),
            Content::Null | Content::Unknown(_) | Content::List(_) | Content::Set(_) | Content::Map(_) | Content::Object(_) => {
                String::new()
            }
        };
        if text.chars().count() > 60 { String::new() } else { text }
    }
}

/// Returns why a text is no block of addresses, as a hint; `None` when it is one.
fn no_block(text: &str) -> Option<Option<String>> {
    if text.parse::<IpNet>().is_ok() {
        return None;
    }
    let (address, prefix) = text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
    let Ok(address) = address.parse::<std::net::IpAddr>() else { return Some(None) };
    let most = if address.is_ipv4() { 32 } else { 128 };
    Some(Some(match prefix {
        None => format!("did you mean {address}/{most}, the block of this one address?"),
        Some(_) => format!("the length behind the slash goes from 0 to {most}"),
    }))
}

fn is_arn(text: &str) -> bool {
    let parts: Vec<_> = text.splitn(6, ':').collect();
    matches!(parts[..], ["arn", partition, service, _, _, resource] if !partition.is_empty() && !service.is_empty() && !resource.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_of_addresses_have_an_address_and_a_length() {
        for text in ["10.0.0.0/16", "10.0.0.7/24", "2001:db8::/32", "0.0.0.0/0"] {
            assert_eq!(no_block(text), None, "{text}");
        }
        assert_eq!(no_block("10.0.0.1"), Some(Some("did you mean 10.0.0.1/32, the block of this one address?".to_owned())));
        assert_eq!(no_block("10.0.0.0/40"), Some(Some("the length behind the slash goes from 0 to 32".to_owned())));
        assert_eq!(no_block("10.0.0/16"), Some(None));
    }

    #[test]
    fn names_of_resources_have_six_parts() {
        assert!(is_arn("arn:aws:s3:::bucket"));
        assert!(is_arn("arn:aws:elasticloadbalancing:us-west-2:123456789012:loadbalancer/app/a:b"));
        assert!(!is_arn("arn:aws:s3"));
        assert!(!is_arn("bucket"));
    }
}
