//! `[provider.aws]`, or `[[provider.aws]]` with aliases.

use std::sync::Arc;

use lowtide_diagnostic::{Diagnostic, Diagnostics, Place};

use super::{Fields, fields::plain_text};
use crate::{
    expression::Reference,
    written::{Form, Written},
};

/// Where and how AWS is spoken to.
#[derive(Clone, Debug, PartialEq)]
pub struct Provider {
    /// Its name, for `provider = "aws.ALIAS"`; none for the one that is used by default.
    pub alias: Option<Arc<str>>,
    /// Where it stands.
    pub place: Place,
    /// The region; the environment's when none is given.
    pub region: Option<Written>,
    /// Tags for everything that can carry some: `default_tags = { tags = { … } }`.
    pub default_tags: Option<Written>,
    /// Tags that belong to others.
    pub ignore_tags: IgnoreTags,
    /// The only accounts it may be used with.
    pub allowed_account_ids: Option<Written>,
    /// Accounts it must not be used with.
    pub forbidden_account_ids: Option<Written>,
}

/// Tags that are neither compared nor removed.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct IgnoreTags {
    /// By name.
    pub keys: Option<Written>,
    /// By how the name starts.
    pub key_prefixes: Option<Written>,
}

/// What Terraform's provider takes and a spec does not, since credentials come from the environment.
const FROM_ENVIRONMENT: [&str; 8] =
    ["access_key", "secret_key", "token", "profile", "assume_role", "shared_credentials_files", "shared_config_files", "endpoints"];

impl Provider {
    pub(crate) fn read(written: Written, found: &mut Diagnostics) -> Option<Self> {
        let mut fields = Fields::of("provider `aws`", written, found)?;
        let place = fields.place();
        let alias = fields.text("alias", found).map(|(alias, _)| alias);
        let region = fields.value("region");
        let default_tags = fields.value("default_tags").and_then(|written| {
            let mut inner = Fields::of("default_tags of provider `aws`", written, found)?;
            let tags = inner.value("tags");
            if tags.is_none() {
                inner.missing("tags", "{ … }", found);
            }
            inner.finish(found);
            tags
        });
        let ignore_tags = fields.value("ignore_tags").and_then(|written| {
            let mut inner = Fields::of("ignore_tags of provider `aws`", written, found)?;
            let read = IgnoreTags { keys: inner.value("keys"), key_prefixes: inner.value("key_prefixes") };
            inner.finish(found);
            Some(read)
        });
        let allowed_account_ids = fields.value("allowed_account_ids");
        let forbidden_account_ids = fields.value("forbidden_account_ids");
        fields.refuse(&FROM_ENVIRONMENT, found);
        fields.finish(found);
        Some(Self {
            alias,
            place,
            region,
            default_tags,
            ignore_tags: ignore_tags.unwrap_or_default(),
            allowed_account_ids,
            forbidden_account_ids,
        })
    }

    /// Returns every value in it.
    pub fn values(&self) -> impl Iterator<Item = &Written> {
        let tags = [&self.default_tags, &self.ignore_tags.keys, &self.ignore_tags.key_prefixes];
        let all = [&self.region, &self.allowed_account_ids, &self.forbidden_account_ids].into_iter().chain(tags);
        all.filter_map(Option::as_ref)
    }

    /// Returns every reference in it.
    pub fn references(&self) -> Vec<Reference> {
        self.values().flat_map(Written::references).collect()
    }
}

impl Fields {
    fn refuse(&mut self, names: &[&'static str], found: &mut Diagnostics) {
        for name in names {
            let Some(entry) = self.take(name) else { continue };
            let detail = format!("`{name}` can't be set in a spec: which credentials are used is decided where Lowtide runs.");
            let wrong = Diagnostic::error("Not set in a spec", detail).at(entry.place);
            found.push(wrong.hint("set AWS_PROFILE or the other standard AWS variables; a role is assumed by a profile with role_arn"));
        }
    }
}

/// Reads `provider = "aws.east"`.
pub(crate) fn read_reference(written: &Written, found: &mut Diagnostics) -> Option<(Option<Arc<str>>, Place)> {
    let (text, place) = plain_text("`provider`", written, found)?;
    match text.split_once('.') {
        None if &*text == "aws" => Some((None, place)),
        Some(("aws", alias)) if !alias.is_empty() => Some((Some(alias.into()), place)),
        None | Some(_) => {
            let wrong = Diagnostic::error("Invalid reference", format!("`{text}` is no provider.")).at(place);
            found.push(wrong.hint("it should look like \"aws.east\", after the alias of a [[provider.aws]]"));
            None
        }
    }
}

/// Reads `[provider]`: one table or several for `aws`.
pub(crate) fn read_all(written: Written, found: &mut Diagnostics) -> Vec<Provider> {
    let Some(mut fields) = Fields::of("table `provider`", written, found) else { return Vec::new() };
    let aws = fields.value("aws");
    fields.finish(found);
    let Some(aws) = aws else { return Vec::new() };
    let Written { place, form } = aws;
    let all = match form {
        Form::Array(all) => all,
        form @ (Form::Text(_) | Form::Bool(_) | Form::Number(_) | Form::Table(_) | Form::Unreadable) => vec![Written { place, form }],
    };
    all.into_iter().filter_map(|one| Provider::read(one, found)).collect()
}
