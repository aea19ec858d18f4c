//! Requests that meet a fault that passes are made again, for as long as the fault's sort allows, and while AWS is out of order, as long as
//! there are retries for its service.

use std::{
    future::Future,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use lowtide_plan::Event;
use lowtide_resource::{Class, Fault, Reserve};
use tokio::time::Instant;

use super::{Desk, Early, patience::Patience};

impl Desk {
    /// Makes a request, and makes it again while its fault passes. `repeatable` says that it may be repeated even when
    /// nobody knows whether it happened.
    ///
    /// # Errors
    /// Returns the fault that does not pass, or that told to stop.
    pub async fn persist<T, F>(&self, repeatable: bool, patience: Duration, request: impl Fn() -> F + Send) -> Result<T, Early>
    where
        F: Future<Output = Result<T, Fault>> + Send,
    {
        let (mut first, mut attempt) = (None, 0);
        loop {
            let fault = match request().await {
                Ok(answer) => {
                    self.reserve().earn();
                    return Ok(answer);
                }
                Err(fault) => fault,
            };
            // Not since it was asked: it may have stood in line for a while.
            let since = first.get_or_insert_with(Instant::now);
            if fault.class == Class::Ambiguous {
                self.doubt.store(true, Ordering::Relaxed);
            }
            let window = match fault.class {
                Class::NotYet => self.settings.not_yet,
                Class::InUse => self.patience(self.kind.patience().in_use).lasts,
                Class::Busy | Class::Throttled => patience,
                Class::Unreachable => Duration::from_secs(20),
                Class::Ambiguous if repeatable => Duration::from_secs(60),
                Class::Ambiguous
                | Class::NotFound
                | Class::AlreadyExists
                | Class::Denied
                | Class::Unauthenticated
                | Class::Invalid
                | Class::Limit
                | Class::Other => return Err(fault.into()),
            };
            if since.elapsed() >= window || (fault.class.is_outage() && !self.reserve().take()) {
                return Err(fault.into());
            }
            attempt += 1;
            self.listener.hear(&Event::Retrying { step: self.step.id, fault: fault.to_string(), attempt: attempt + 1 });
            self.pause(attempt).await?;
        }
    }

    /// Returns the retries that this step's service may still be asked for while it is out of order.
    pub fn reserve(&self) -> Arc<Reserve> {
        self.session.reserve(self.kind.description().service)
    }

    /// Whether a request of this step was sent of which nobody knows whether it happened.
    pub fn is_in_doubt(&self) -> bool {
        self.doubt.load(Ordering::Relaxed)
    }

    /// Returns how long this step's kind is waited for, from when the step began.
    pub fn patience(&self, minutes: u32) -> Patience {
        Patience::since(self.began, self.patience.unwrap_or(Duration::from_secs(u64::from(minutes) * 60)))
    }
}
