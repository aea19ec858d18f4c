//! `aws_ecr_repository_policy`: who may use a repository.
//!
//! A repository has one policy at most, so its name is the key. `SetRepositoryPolicy` creates and overwrites alike.

use futures::future::join_all;
use lowtide_model::{Check, Complaint, Create, Model, Place, Planned, PlannedObject, Policy, Value};
use lowtide_resource::{Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Resource, Seen, absent_is_none};

use crate::Ecr;

/// The policy of a repository: who, beside this account, may pull from it and push to it.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct RepositoryPolicy {
    /// Who may do what with the repository.
    pub policy: Policy,
    /// The repository's name.
    #[attr(identity, parent, refers = "aws_ecr_repository.name", replaces)]
    pub repository: String,
}

/// What AWS decides about the policy of a repository.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct RepositoryPolicyOutputs {
    /// The repository's name.
    #[attr(predict = "{repository}")]
    pub id: String,
    /// The account whose registry the repository is in.
    #[attr(predict = "{account}")]
    pub registry_id: String,
}

impl Resource for RepositoryPolicy {
    type Outputs = RepositoryPolicyOutputs;
    type Service = Ecr;
    const KIND: &'static str = "aws_ecr_repository_policy";
    const CREATE: Create = Create::Put;
    const IMPORT: &'static str = "REPOSITORY_NAME";
    const CHECKS: &'static [Check] = &[principals];

    fn identity(wish: &Self, _place: &Place) -> Option<String> {
        Some(wish.repository.clone())
    }

    async fn create(cx: &Context<'_, Ecr>, wish: &Self, _op: &Operation) -> Result<Made, Fault> {
        put(cx, &wish.repository, &wish.policy).await?;
        Made::id(Some(wish.repository.clone()), "an id")
    }

    async fn read(cx: &Context<'_, Ecr>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        let mut all = Vec::new();
        // A few at a time: AWS shows one policy to a call.
        for some in asked.these.chunks(8) {
            all.extend(join_all(some.iter().map(|ask| one(cx, &ask.id))).await);
        }
        Ok(all)
    }

    async fn update(cx: &Context<'_, Ecr>, now: &Observed<Self>, to: &Self, changed: &Changed) -> Result<Option<String>, Fault> {
        if changed.has("policy") {
            put(cx, &now.id, &to.policy).await?;
        }
        Ok(None)
    }

    async fn delete(cx: &Context<'_, Ecr>, last: &Observed<Self>, _how: &Self) -> Result<Going, Fault> {
        cx.client.delete_repository_policy().repository_name(&last.id).send().await?;
        Ok(Going::Gone)
    }
}

async fn put(cx: &Context<'_, Ecr>, repository: &str, policy: &Policy) -> Result<(), Fault> {
    cx.client.set_repository_policy().repository_name(repository).policy_text(policy.text()).send().await?;
    Ok(())
}

async fn one(cx: &Context<'_, Ecr>, repository: &str) -> (String, Seen<RepositoryPolicy>) {
    let found = absent_is_none(cx.client.get_repository_policy().repository_name(repository).send().await);
    let seen = match found {
        Err(fault) => Seen::Unseen(fault),
        Ok(None) => Seen::Gone,
        Ok(Some(found)) => {
            let text = found.policy_text.unwrap_or_default();
            let policy = Policy::parse(&text).unwrap_or(Policy(Value::String(text)));
            let inputs = RepositoryPolicy { policy, repository: repository.to_owned() };
            let outputs =
                RepositoryPolicyOutputs { id: repository.to_owned(), registry_id: found.registry_id.unwrap_or(cx.place.account.clone()) };
            Seen::Here(Box::new(Observed::stable(repository, inputs, outputs)))
        }
    };
    (repository.to_owned(), seen)
}

/// A policy that hangs on a thing says whom each statement is about.
fn principals(wish: &PlannedObject) -> Vec<Complaint> {
    let Some(policy) = wish.get("policy").and_then(Planned::known) else { return Vec::new() };
    let Some(statements) = policy.as_members().and_then(|members| members.get("Statement")) else { return Vec::new() };
    let statements = statements.elements().unwrap_or_else(|| vec![statements]);
    let nobody = |statement: &&Value| {
        statement.as_members().is_some_and(|members| !members.contains_key("Principal") && !members.contains_key("NotPrincipal"))
    };
    let detail = "A statement of a repository's policy needs a `Principal`: who may do this.";
    let hint = "what roles of this account may do stands in an aws_iam_role_policy";
    statements.into_iter().filter(|one| nobody(one)).map(|_| Complaint::about("policy", detail).hint(hint)).collect()
}
