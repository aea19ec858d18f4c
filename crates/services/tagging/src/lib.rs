//! The Resource Groups Tagging API: reads the tags of many things in one call, whatever service they are of.
//!
//! It lags behind writes, so exact reads do without it. It answers for one region at a time, and for things of global
//! services in us-east-1 only. No kinds live here.

use std::{collections::BTreeMap, sync::Arc};

use aws_sdk_resourcegroupstagging::{Client, types::ResourceTagMapping};
use aws_types::SdkConfig;
use lowtide_resource::{Doing, Tagger};

/// Tags by key.
type Tags = BTreeMap<String, String>;

/// Reads tags through the tagging API.
pub struct ResourceTagging {
    client: Client,
}

/// Returns what reads tags in the account and region of this configuration.
pub fn connect(config: &SdkConfig) -> Arc<dyn Tagger> {
    Arc::new(ResourceTagging { client: Client::new(config) })
}

impl Tagger for ResourceTagging {
    fn tags<'a>(&'a self, arns: &'a [String]) -> Doing<'a, BTreeMap<String, Tags>> {
        Box::pin(async move {
            let mut all = BTreeMap::new();
            let mut open: Vec<&[String]> = arns.chunks(100).collect();
            while let Some(some) = open.pop() {
                let answer = self.client.get_resources().set_resource_arn_list(Some(some.to_vec())).send().await?;
                // A list of ARNs and a token for the next page exclude each other: what does not fit is asked for in halves.
                let cut = answer.pagination_token.is_some_and(|token| !token.is_empty());
                if cut && some.len() > 1 {
                    let (first, second) = some.split_at(some.len() / 2);
                    open.extend([first, second]);
                } else {
                    all.extend(answer.resource_tag_mapping_list.into_iter().flatten().filter_map(tags_by_arn));
                }
            }
            Ok(all)
        })
    }
}

fn tags_by_arn(mapping: ResourceTagMapping) -> Option<(String, Tags)> {
    let tags = mapping.tags.into_iter().flatten().map(|tag| (tag.key, tag.value)).collect();
    Some((mapping.resource_arn?, tags))
}
