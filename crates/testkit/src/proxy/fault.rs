//! Faults on demand: which call, and what goes wrong with it.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::Request;
use tokio::sync::Notify;

use super::call::Call;

/// Which calls a fault strikes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// Signing name of the service; `None`: every service.
    pub service: Option<String>,
    /// Operation; `None`: every operation.
    pub operation: Option<String>,
    /// Only calls that may change something.
    pub mutating_only: bool,
    /// Only calls that hold this text, in their path or body.
    pub about: Option<String>,
    /// Which of the matching calls, from 1, counted since the fault was injected; `None`: every one.
    pub nth: Option<usize>,
}

impl Match {
    /// Every call of a service.
    #[must_use]
    pub fn service(service: &str) -> Self {
        Self { service: Some(service.to_owned()), operation: None, mutating_only: false, about: None, nth: None }
    }

    /// Every call of one operation.
    #[must_use]
    pub fn operation(service: &str, operation: &str) -> Self {
        Self { operation: Some(operation.to_owned()), ..Self::service(service) }
    }

    /// Every call, of whatever service.
    #[must_use]
    pub fn any() -> Self {
        Self { service: None, operation: None, mutating_only: false, about: None, nth: None }
    }

    /// The same, but only for calls that may change something.
    #[must_use]
    pub fn mutating(self) -> Self {
        Self { mutating_only: true, ..self }
    }

    /// The same, but only for calls that hold this text, in their path or body.
    #[must_use]
    pub fn about(self, text: &str) -> Self {
        Self { about: Some(text.to_owned()), ..self }
    }

    /// The same, but only for the n-th of them, from 1.
    #[must_use]
    pub fn nth(self, nth: usize) -> Self {
        Self { nth: Some(nth), ..self }
    }

    fn covers(&self, call: &Call, request: &Request<Bytes>) -> bool {
        let holds =
            |text: &String| request.uri().path().contains(text.as_str()) || String::from_utf8_lossy(request.body()).contains(text.as_str());
        self.service.as_ref().is_none_or(|service| *service == call.service)
            && self.operation.as_ref().is_none_or(|operation| *operation == call.operation)
            && (call.mutating || !self.mutating_only)
            && self.about.as_ref().is_none_or(holds)
    }
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The connection ends before AWS has seen the request.
    DropBeforeSend,
    /// AWS does what was asked, and the connection ends before a word of the answer.
    DropAfterEffect,
    /// AWS does what was asked, unless it refuses, and another text comes back as if it were the answer: a page of something on the way, say.
    GarbleAnswer,
    /// The request waits this long before AWS sees it.
    Delay(Duration),
    /// AWS never sees the request, and the caller waits for an answer that does not come: time to kill it. [`super::Proxy::hung`] says
    /// when.
    HangBeforeSend,
    /// AWS does what was asked, and the caller waits for an answer that does not come.
    HangAfterEffect,
    /// AWS refuses because it is asked too often, in the words of the service's protocol.
    Throttle,
    /// AWS refuses what comes in faster than this. It keeps a bucket of tokens ("Request throttling for the Amazon EC2 API", EC2 Developer
    /// Guide); here it is full when the fault is injected.
    ThrottleAbove {
        /// How many calls come through a second.
        each_second: u32,
        /// How many come through at once after a quiet time.
        burst: u32,
    },
    /// AWS refuses, or falls over, with this error and without doing anything.
    Error {
        /// HTTP status.
        status: u16,
        /// Error code: `UnauthorizedOperation`, `InternalError`.
        code: String,
        /// What it says to a human.
        message: String,
    },
}

/// Something that will go wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// With which calls.
    pub on: Match,
    /// What happens to them.
    pub what: What,
}

/// The faults that lie in wait.
#[derive(Default)]
pub(super) struct Faults {
    armed: Mutex<Vec<Armed>>,
    hung: Notify,
}

struct Armed {
    fault: Fault,
    matched: usize,
    bucket: Option<Bucket>,
}

/// How much still comes through.
struct Bucket {
    tokens: f64,
    filled: Instant,
}

impl Bucket {
    /// Returns whether one more comes through.
    fn take(&mut self, each_second: u32, burst: u32) -> bool {
        let filled = self.tokens + f64::from(each_second) * self.filled.elapsed().as_secs_f64();
        (self.tokens, self.filled) = (filled.min(f64::from(burst)), Instant::now());
        let comes = self.tokens >= 1.0;
        self.tokens -= f64::from(u8::from(comes));
        comes
    }
}

impl Faults {
    pub(super) fn inject(&self, fault: Fault) {
        let bucket = match fault.what {
            What::ThrottleAbove { burst, .. } => Some(Bucket { tokens: f64::from(burst), filled: Instant::now() }),
            _ => None,
        };
        self.lock().push(Armed { fault, matched: 0, bucket });
    }

    pub(super) fn clear(&self) {
        self.lock().clear();
    }

    /// What goes wrong with this call: the first fault that strikes; all that match have counted it.
    pub(super) fn strike(&self, call: &Call, request: &Request<Bytes>) -> Option<What> {
        let mut struck = None;
        for armed in self.lock().iter_mut().filter(|armed| armed.fault.on.covers(call, request)) {
            armed.matched += 1;
            if armed.fault.on.nth.is_none_or(|nth| nth == armed.matched) {
                if let (What::ThrottleAbove { each_second, burst }, Some(bucket)) = (&armed.fault.what, &mut armed.bucket)
                    && bucket.take(*each_second, *burst)
                {
                    continue;
                }
                struck.get_or_insert_with(|| armed.fault.what.clone());
            }
        }
        struck
    }

    /// Lets a caller wait for ever, and says so.
    pub(super) async fn hang(&self) {
        self.hung.notify_one();
        std::future::pending().await
    }

    /// Waits until a caller hangs.
    pub(super) async fn hung(&self) {
        self.hung.notified().await;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Armed>> {
        self.armed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
