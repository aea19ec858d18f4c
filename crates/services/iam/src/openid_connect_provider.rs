//! `aws_iam_openid_connect_provider`: whose tokens may be traded for a role.
//!
//! The URL is the key; the physical id is the ARN, which follows from it.

use aws_sdk_iam::{Client, operation::get_open_id_connect_provider::GetOpenIdConnectProviderOutput};
use futures::future::join_all;
use lowtide_model::{Arn, Check, Complaint, Create, Model, Object, Place, PlannedObject, Scope, Set};
use lowtide_resource::{Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Resource, Seen, absent_is_none, tag_change};

use crate::{
    HOME, Iam,
    tags::{self, Tags},
};

/// Somebody whose tokens may be traded for a role, such as GitHub for its workflows.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct OpenIdConnectProvider {
    /// The issuer of the tokens: `https://token.actions.githubusercontent.com`.
    #[attr(identity, range = 1..=255, replaces)]
    pub url: String,
    /// For whom tokens must be made out: `sts.amazonaws.com`.
    pub client_id_list: Set<String>,
    /// SHA-1 fingerprints of certificates that the issuer may show; AWS finds one by itself, and for well-known issuers goes by its own list.
    #[attr(computed)]
    pub thumbprint_list: Option<Vec<String>>,
    /// Tags by key.
    #[attr(open)]
    pub tags: Tags,
}

/// What AWS decides about a provider.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct OpenIdConnectProviderOutputs {
    /// The provider's ARN.
    pub arn: Arn,
    /// The provider's ARN.
    pub id: String,
}

impl Resource for OpenIdConnectProvider {
    type Outputs = OpenIdConnectProviderOutputs;
    type Service = Iam;
    const KIND: &'static str = "aws_iam_openid_connect_provider";
    const CREATE: Create = Create::Key;
    const IMPORT: &'static str = "PROVIDER_ARN";
    const SCOPE: Scope = HOME;
    const CHECKS: &'static [Check] = &[url, thumbprints];

    fn identity(wish: &Self, place: &Place) -> Option<String> {
        Some(format!("arn:{}:iam::{}:oidc-provider/{}", place.partition, place.account, bare(&wish.url)))
    }

    async fn create(cx: &Context<'_, Iam>, wish: &Self, _op: &Operation) -> Result<Made, Fault> {
        let made = cx
            .client
            .create_open_id_connect_provider()
            .url(&wish.url)
            .set_client_id_list(Some(wish.client_id_list.0.clone()))
            .set_thumbprint_list(wish.thumbprint_list.clone())
            .set_tags(Some(tags::request(wish.tags.iter().flatten())?))
            .send()
            .await?;
        Made::id(made.open_id_connect_provider_arn, "the ARN of the provider")
    }

    async fn read(cx: &Context<'_, Iam>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        // IAM describes one to a call; an account has few.
        let one = |id: String, last: Object| async move {
            let found = absent_is_none(cx.client.get_open_id_connect_provider().open_id_connect_provider_arn(&id).send().await);
            let seen = found.map_or_else(Seen::Unseen, |found| found.map_or(Seen::Gone, |found| observed(&id, found, &last)));
            (id, seen)
        };
        Ok(join_all(asked.these.iter().map(|ask| one(ask.id.clone(), ask.last.clone()))).await)
    }

    async fn update(cx: &Context<'_, Iam>, now: &Observed<Self>, to: &Self, changed: &Changed) -> Result<Option<String>, Fault> {
        let client = &cx.client;
        if changed.has("client_id_list") {
            clients(client, now, to).await?;
        }
        if let (true, Some(prints)) = (changed.has("thumbprint_list"), &to.thumbprint_list) {
            let request = client.update_open_id_connect_provider_thumbprint().open_id_connect_provider_arn(&now.id);
            request.set_thumbprint_list(Some(prints.clone())).send().await?;
        }
        if changed.has("tags") {
            let change = tag_change(now.inputs.tags.as_ref(), to.tags.as_ref());
            if !change.unset.is_empty() {
                let request = client.untag_open_id_connect_provider().open_id_connect_provider_arn(&now.id);
                request.set_tag_keys(Some(change.unset)).send().await?;
            }
            if !change.set.is_empty() {
                let request = client.tag_open_id_connect_provider().open_id_connect_provider_arn(&now.id);
                request.set_tags(Some(tags::request(&change.set)?)).send().await?;
            }
        }
        Ok(None)
    }

    async fn delete(cx: &Context<'_, Iam>, last: &Observed<Self>, _how: &Self) -> Result<Going, Fault> {
        cx.client.delete_open_id_connect_provider().open_id_connect_provider_arn(&last.id).send().await?;
        Ok(Going::Gone)
    }
}

/// New clients come before old ones go, so that nobody is shut out in between.
async fn clients(client: &Client, now: &Observed<OpenIdConnectProvider>, to: &OpenIdConnectProvider) -> Result<(), Fault> {
    let (old, new) = (&now.inputs.client_id_list, &to.client_id_list);
    for id in new.iter().filter(|id| !old.contains(id)) {
        client.add_client_id_to_open_id_connect_provider().open_id_connect_provider_arn(&now.id).client_id(id).send().await?;
    }
    for id in old.iter().filter(|id| !new.contains(id)) {
        client.remove_client_id_from_open_id_connect_provider().open_id_connect_provider_arn(&now.id).client_id(id).send().await?;
    }
    Ok(())
}

/// Returns a URL without its scheme, as IAM keeps it.
fn bare(url: &str) -> &str {
    url.strip_prefix("https://").unwrap_or(url)
}

fn observed(arn: &str, found: GetOpenIdConnectProviderOutput, last: &Object) -> Seen<OpenIdConnectProvider> {
    let url = found.url.unwrap_or_default();
    let written = last.text("url").filter(|last| bare(last) == bare(&url));
    let inputs = OpenIdConnectProvider {
        url: written.map_or_else(|| format!("https://{}", bare(&url)), str::to_owned),
        client_id_list: Set(found.client_id_list.unwrap_or_default()),
        thumbprint_list: Some(found.thumbprint_list.unwrap_or_default()),
        tags: tags::read(found.tags),
    };
    let outputs = OpenIdConnectProviderOutputs { arn: arn.into(), id: arn.to_owned() };
    Seen::Here(Box::new(Observed::stable(arn, inputs, outputs)))
}

fn url(wish: &PlannedObject) -> Vec<Complaint> {
    let wrong = wish.text("url").filter(|url| !url.starts_with("https://") || url.contains(['?', '#']));
    let detail = "IAM takes an issuer by its `https://` address, without a query.";
    wrong
        .map(|url| Complaint::about("url", detail).hint(format!("write \"https://{}\"", url.trim_start_matches("http://"))))
        .into_iter()
        .collect()
}

fn thumbprints(wish: &PlannedObject) -> Vec<Complaint> {
    let prints = wish.get("thumbprint_list").and_then(|all| all.as_elements()).unwrap_or_default();
    let fits = |print: &str| print.len() == 40 && print.bytes().all(|byte| byte.is_ascii_hexdigit());
    let wrong = prints.iter().filter_map(|print| print.as_str()).filter(|print| !fits(print));
    wrong
        .map(|print| Complaint::about("thumbprint_list", format!("`{print}` is no SHA-1 fingerprint: it has 40 hexadecimal digits.")))
        .collect()
}
