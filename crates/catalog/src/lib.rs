//! Every kind and data source of this binary.
//!
//! One cargo feature is one service; all are on by default, and a binary for fewer services builds fewer SDKs. To add a
//! service: write its crate, name it in this crate's `Cargo.toml` (an optional dependency and a feature of the same name,
//! in `default`), and add its line to [`all`]. `tests` walks what is here: each kind needs a case in `tests/conformance`.

use lowtide_resource::Catalog;
#[cfg(feature = "sts")]
pub use lowtide_service_sts::identity;

/// Returns every kind and data source.
pub fn all() -> Catalog {
    let catalog = Catalog::default();
    #[cfg(feature = "acm")]
    let catalog = lowtide_service_acm::register(catalog);
    #[cfg(feature = "autoscaling")]
    let catalog = lowtide_service_autoscaling::register(catalog);
    #[cfg(feature = "budgets")]
    let catalog = lowtide_service_budgets::register(catalog);
    #[cfg(feature = "builtin")]
    let catalog = lowtide_service_builtin::register(catalog);
    #[cfg(feature = "cloudwatch")]
    let catalog = lowtide_service_cloudwatch::register(catalog);
    #[cfg(feature = "dynamodb")]
    let catalog = lowtide_service_dynamodb::register(catalog);
    #[cfg(feature = "ec2")]
    let catalog = lowtide_service_ec2::register(catalog);
    #[cfg(feature = "ecr")]
    let catalog = lowtide_service_ecr::register(catalog);
    #[cfg(feature = "ecs")]
    let catalog = lowtide_service_ecs::register(catalog);
    #[cfg(feature = "elbv2")]
    let catalog = lowtide_service_elbv2::register(catalog);
    #[cfg(feature = "events")]
    let catalog = lowtide_service_events::register(catalog);
    #[cfg(feature = "iam")]
    let catalog = lowtide_service_iam::register(catalog);
    #[cfg(feature = "lambda")]
    let catalog = lowtide_service_lambda::register(catalog);
    #[cfg(feature = "logs")]
    let catalog = lowtide_service_logs::register(catalog);
    #[cfg(feature = "rds")]
    let catalog = lowtide_service_rds::register(catalog);
    #[cfg(feature = "route53")]
    let catalog = lowtide_service_route53::register(catalog);
    #[cfg(feature = "s3")]
    let catalog = lowtide_service_s3::register(catalog);
    #[cfg(feature = "scheduler")]
    let catalog = lowtide_service_scheduler::register(catalog);
    #[cfg(feature = "sns")]
    let catalog = lowtide_service_sns::register(catalog);
    #[cfg(feature = "ssm")]
    let catalog = lowtide_service_ssm::register(catalog);
    #[cfg(feature = "sts")]
    let catalog = lowtide_service_sts::register(catalog);
    catalog
}

/// Returns what reads the tags of many things at once, in the account and region of this configuration.
#[cfg(feature = "tagging")]
pub fn tagger(config: &aws_types::SdkConfig) -> std::sync::Arc<dyn lowtide_resource::Tagger> {
    lowtide_service_tagging::connect(config)
}

#[cfg(test)]
mod tests {
    use lowtide_model::{Attribute, Description, Shape};

    use super::*;

    #[test]
    fn every_attribute_is_documented_in_sentences() {
        let sentence = |doc: &str| doc.ends_with('.') || doc.ends_with('…');
        let mut wrong = Vec::new();
        for description in all().descriptions() {
            let rows = description.inputs.iter().chain(description.outputs);
            wrong.extend((!sentence(description.doc)).then(|| description.kind.to_owned()));
            wrong.extend(
                rows.flat_map(with_members).filter(|row| !sentence(row.doc)).map(|row| format!("{}: {}", description.kind, row.name)),
            );
        }
        assert_eq!(wrong, Vec::<String>::new());
    }

    /// Returns an attribute and what stands in the block it is.
    fn with_members(row: &'static Attribute) -> Vec<&'static Attribute> {
        let members = row.shape.block().unwrap_or_default();
        std::iter::once(row).chain(members.iter().flat_map(with_members)).collect()
    }

    #[test]
    fn kinds_that_are_referred_to_have_what_is_referred_to() {
        let catalog = all();
        let rows = catalog.descriptions().flat_map(|description| description.inputs).flat_map(with_members);
        for (kind, attribute) in rows.filter_map(|row| row.refers?.split_once('.')) {
            // A kind that is not written yet may be referred to.
            let there = catalog.kind(kind).is_none_or(|kind| kind.description().attribute(attribute).is_some());
            assert!(there, "{kind} has no `{attribute}`");
        }
    }

    #[test]
    fn managed_kinds_have_an_id_and_open_tags() {
        for kind in all().kinds() {
            let description = kind.description();
            assert!(description.output("id").is_some() || description.input("id").is_some(), "{}: no `id`", description.kind);
            if let Some(tags) = description.input("tags") {
                assert!(tags.open && matches!(tags.shape, Shape::Map(_)), "{}: `tags` must be an open map", description.kind);
            }
        }
    }

    #[test]
    fn facts_name_attributes_that_are_there() {
        for description in all().descriptions() {
            for output in description.outputs {
                for name in output.renewed_by {
                    assert!(description.input(name).is_some(), "{}.{}: renewed by {name}", description.kind, output.name);
                }
                for name in output.predict.map(placeholders).unwrap_or_default() {
                    let known = ["partition", "account", "region", "dns_suffix"].contains(&name) || description.input(name).is_some();
                    assert!(known, "{}.{}: predicted by {name}", description.kind, output.name);
                }
            }
            assert_left_out_is_left_out(description);
        }
    }

    fn assert_left_out_is_left_out(description: &Description) {
        for (name, reason) in description.left_out {
            assert!(description.attribute(name).is_none(), "{}: `{name}` is there and left out", description.kind);
            assert!(!reason.is_empty(), "{}: `{name}` is left out without a reason", description.kind);
        }
    }

    /// Returns the names in braces.
    fn placeholders(template: &'static str) -> Vec<&'static str> {
        template.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
    }
}
