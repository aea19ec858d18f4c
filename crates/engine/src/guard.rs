//! What is checked before anything is read or changed: the right account, the right region, and stacks that must stay.

use std::{collections::BTreeMap, sync::Arc};

use lowtide_diagnostic::{Diagnostic, Diagnostics};
use lowtide_model::{Description, Place, Scope};
use lowtide_plan::Providers;
use lowtide_resource::{Class, Fault};
use lowtide_spec::{Configuration, Life, Schema};
use lowtide_state::State;

use crate::{Engine, Loaded, Trouble};

/// The service of kinds that ask nothing of AWS.
const BUILT_IN: &str = "builtin";

/// Returns whether a stack has anything to do with AWS.
pub fn asks_aws(configuration: &Configuration, state: &State, schema: &Schema) -> bool {
    let asks = |description: Option<&Description>| description.is_some_and(|description| description.service != BUILT_IN);
    configuration.declarations().any(|declaration| asks(schema.of(&declaration.declared)))
        || state.records.values().any(|record| asks(schema.kind(record.address.kind())))
}

/// Explains that AWS would not say who we are.
pub fn no_identity(fault: Fault) -> Trouble {
    let diagnostic = match fault.class {
        Class::Unauthenticated => {
            Diagnostic::error("No valid credentials", format!("AWS does not know the credentials in use, or there are none. {fault}."))
                .hint("log in (for example `aws sso login`), or set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
        }
        Class::Unreachable | Class::Ambiguous => Diagnostic::error("Endpoint unreachable", format!("AWS can't be reached. {fault}."))
            .hint("check the network, the region's name, and AWS_ENDPOINT_URL if it is set"),
        _ => Diagnostic::error("No identity", format!("AWS does not say who the credentials in use are. {fault}.")),
    };
    diagnostic.into()
}

/// Checks that this is an account that may be worked on, and the one and region where the stack's resources are.
///
/// # Errors
/// Says which account or region was expected, before anything is read.
pub fn accounts(
    engine: &Engine,
    loaded: &Loaded,
    providers: &Providers,
    places: &BTreeMap<Option<Arc<str>>, Place>,
    state: &State,
) -> Result<(), Diagnostics> {
    let mut found = Diagnostics::default();
    let allowed = &engine.project.allowed_account_ids;
    for (alias, place) in places {
        let account = &place.account;
        if !allowed.is_empty() && !allowed.iter().any(|one| **one == **account) {
            let detail = format!("The credentials in use are for account {account}, and lowtide.toml allows only {}.", allowed.join(", "));
            found.push(Diagnostic::error("Wrong account", detail).hint("use other credentials, or add the account to allowed_account_ids"));
        }
        let settings = &providers[alias];
        let refused = settings.forbidden_accounts.contains(account)
            || (!settings.allowed_accounts.is_empty() && !settings.allowed_accounts.contains(account));
        if refused {
            let at = loaded.configuration.providers.get(alias).map(|provider| provider.place.clone());
            let detail = format!("The credentials in use are for account {account}, which this provider does not allow.");
            found.push(Diagnostic::error("Wrong account", detail).at(at).hint("use other credentials"));
        }
    }
    found.extend(elsewhere(engine, providers, places, state));
    if found.has_errors() { Err(found.sorted()) } else { Ok(()) }
}

fn elsewhere(engine: &Engine, providers: &Providers, places: &BTreeMap<Option<Arc<str>>, Place>, state: &State) -> Option<Diagnostic> {
    let here = places.get(&None)?;
    let known: Vec<_> = state.records.values().filter(|record| !record.place.account.is_empty()).collect();
    if let Some(record) = known.iter().find(|record| record.place.account != here.account) {
        let detail = format!(
            "The stack's resources are in account {} (`{}`, for one), and the credentials in use are for account {}.",
            record.place.account, record.address, here.account
        );
        return Some(Diagnostic::error("Wrong account", detail).hint("use credentials for the account where the resources are"));
    }
    // A region from the environment alone may be a slip; one that the spec names is meant.
    let from_environment = providers.get(&None).is_none_or(|settings| settings.region.is_none());
    let regional = |kind: &str| engine.schema.kind(kind).is_some_and(|kind| kind.scope == Scope::Regional);
    let mut regions = known.iter().filter(|record| record.provider.is_none() && regional(record.address.kind())).peekable();
    let first = *regions.peek()?;
    let all_elsewhere = regions.all(|record| record.place.region != here.region);
    (from_environment && all_elsewhere).then(|| {
        let detail = format!(
            "The stack's resources are in {} (`{}`, for one), and the environment says {}.",
            first.place.region, first.address, here.region
        );
        Diagnostic::error("Wrong region", detail)
            .hint("set AWS_REGION to where the resources are, or name the region in [provider.aws] if the stack is to move")
    })
}

/// Checks that a stack may be destroyed.
///
/// # Errors
/// For a persistent stack, unless the user insists.
pub fn may_destroy(configuration: &Configuration, insists: bool) -> Result<(), Diagnostic> {
    if insists || configuration.stack.lifecycle == Life::Ephemeral {
        return Ok(());
    }
    let detail = format!("Stack `{}` is persistent: what it holds is meant to stay.", configuration.stack.name);
    Err(Diagnostic::error("Persistent stack", detail)
        .at(configuration.stack.place.clone())
        .hint("to destroy it all the same, add --allow-persistent")
        .hint("a stack that comes and goes says lifecycle = \"ephemeral\""))
}
