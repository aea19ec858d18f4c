//! The way to AWS, handed in by who calls the engine.

use std::sync::Arc;

use futures::future::BoxFuture;
use lowtide_diagnostic::{Diagnostic, Diagnostics};
use lowtide_model::Place;
use lowtide_observe::Cloud;
use lowtide_resource::{Caller, Doing, Fault, Session, TransportMode};

use crate::{Engine, Trouble, guard};

/// The way to AWS.
pub trait Connect: Send + Sync {
    /// Returns the region that the environment names, if it names one.
    fn region(&self) -> Option<String>;

    /// Says whether AWS may be asked at all, before anything is: where requests would go, and with which credentials.
    fn check(&self) -> BoxFuture<'_, Result<(), Diagnostics>> {
        Box::pin(async { Ok(()) })
    }

    /// Asks AWS who the credentials are.
    fn identity<'a>(&'a self, region: &'a str) -> Doing<'a, Caller>;

    /// Returns the session of a place; the same each time. A place in an account is reached only after [`Connect::identity`].
    ///
    /// # Errors
    /// When nothing leads there: another account than the credentials are for, or nobody has asked yet who they are.
    fn session(&self, place: &Place) -> Result<Arc<Session>, Fault>;

    /// Says whether changes may go out from now on.
    fn set_mode(&self, mode: TransportMode);
}

impl Engine {
    /// Asks AWS who the credentials are, before something that is remembered is looked at without a plan. Asks nothing where
    /// the places are nowhere, as those of what lives in the state alone.
    ///
    /// # Errors
    /// When AWS can't be asked, or the credentials are for another account than the places.
    pub(crate) async fn reach<'a>(&self, places: impl IntoIterator<Item = &'a Place>) -> Result<(), Trouble> {
        let mut places = places.into_iter().filter(|place| !place.account.is_empty()).peekable();
        let Some(first) = places.peek() else { return Ok(()) };
        self.connect.check().await?;
        let who = self.connect.identity(&first.region).await.map_err(guard::no_identity)?;
        let Some(other) = places.find(|place| place.account != who.account) else { return Ok(()) };
        let detail =
            format!("There are resources in account {}, and the credentials in use are for account {}.", other.account, who.account);
        Err(Diagnostic::error("Wrong account", detail).hint("use credentials for the account where the resources are").into())
    }
}

/// The part of it that observing needs.
pub(crate) struct Sessions(pub Arc<dyn Connect>);

impl Cloud for Sessions {
    fn session(&self, place: &Place) -> Result<Arc<Session>, Fault> {
        self.0.session(place)
    }
}
