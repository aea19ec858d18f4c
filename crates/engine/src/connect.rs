//! The way to AWS, handed in by who calls the engine.

use std::sync::Arc;

use futures::future::BoxFuture;
use lowtide_diagnostic::Diagnostics;
use lowtide_model::Place;
use lowtide_observe::Cloud;
use lowtide_resource::{Doing, Fault, Session, TransportMode};

/// Who the credentials are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The account's twelve digits.
    pub account: String,
    /// `aws`, `aws-cn`, `aws-us-gov`…
    pub partition: String,
}

/// The way to AWS.
pub trait Connect: Send + Sync {
    /// Returns the region that the environment names, if it names one.
    fn region(&self) -> Option<String>;

    /// Says whether AWS may be asked at all, before anything is: where requests would go, and with which credentials.
    fn check(&self) -> BoxFuture<'_, Result<(), Diagnostics>> {
        Box::pin(async { Ok(()) })
    }

    /// Asks AWS who the credentials are.
    fn identity<'a>(&'a self, region: &'a str) -> Doing<'a, Identity>;

    /// Returns the session of a place; the same each time.
    ///
    /// # Errors
    /// When nothing leads there.
    fn session(&self, place: &Place) -> Result<Arc<Session>, Fault>;

    /// Says whether changes may go out from now on.
    fn set_mode(&self, mode: TransportMode);
}

/// The part of it that observing needs.
pub(crate) struct Sessions(pub Arc<dyn Connect>);

impl Cloud for Sessions {
    fn session(&self, place: &Place) -> Result<Arc<Session>, Fault> {
        self.0.session(place)
    }
}
