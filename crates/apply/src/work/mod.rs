//! What happens to one resource, from its first request until it can be used: a file an action.
//!
//! A worker owns its data and talks to the run through its [`Desk`]: what must be durable before it goes on, and what
//! listeners should hear. It never touches state.

mod adopt;
mod create;
mod delete;
mod patience;
mod retry;
mod settle;
mod update;

use std::{
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use lowtide_model::{Object, Observation};
use lowtide_observe::Observer;
use lowtide_plan::{Event, Listener, Step, StepId};
use lowtide_resource::{Fault, Kind, Session};
use tokio::{
    sync::{mpsc, oneshot, watch},
    time::Instant,
};

use crate::{Settings, Stop};

pub use adopt::adopt;
pub use create::{Creation, create};
pub use delete::{Deletion, Watch, delete};
pub use update::{Alteration, update};

/// What a worker has for its step.
pub struct Desk {
    /// The step.
    pub step: Step,
    /// Its kind.
    pub kind: Arc<dyn Kind>,
    /// Where its calls go.
    pub session: Arc<Session>,
    /// Reads what settles.
    pub observer: Observer,
    /// How to go about it.
    pub settings: Settings,
    /// Hears what happens.
    pub listener: Arc<dyn Listener>,
    /// Whether to stop.
    pub stop: watch::Receiver<Stop>,
    /// When the step began.
    pub began: Instant,
    /// Takes what must be durable.
    pub notes: mpsc::Sender<Note>,
    /// Whether a request of this step may have had an effect that nobody was told of.
    pub doubt: Arc<AtomicBool>,
    /// Patience from `timeouts`, where the spec sets it.
    pub patience: Option<Duration>,
}

/// Something that must be durable before its worker goes on.
pub struct Note {
    /// The step.
    pub step: StepId,
    /// What of it.
    pub what: Noted,
    /// The operation that creates or created it.
    pub uid: String,
    /// Answers when it is durable.
    pub written: oneshot::Sender<()>,
}

/// What must be durable of a step under way.
pub enum Noted {
    /// The creating request is about to be sent, in the place of one that is known to have made nothing.
    Making,
    /// The physical id that AWS gave.
    Made(String),
    /// What was just made is about to be changed, since its creating request did not carry all.
    Changing,
}

/// How a worker ended.
#[derive(Debug)]
pub enum Ended {
    /// It is there and as asked for.
    Here {
        /// The operation that created it.
        uid: String,
        /// What AWS says of it.
        seen: Box<Observation>,
    },
    /// It is gone.
    Gone,
    /// It is gone, may be made anew by a request that is on its way, and is not waited for.
    Watched,
    /// It stays, for this reason, and is not ours any more.
    Left(String),
    /// A data source was read.
    Found(Object),
    /// It went wrong.
    Failed(Trouble),
    /// It was told to stop; the next run goes on from there.
    Interrupted,
}

/// Why a worker failed.
#[derive(Clone, Debug, PartialEq)]
pub enum Trouble {
    /// AWS said so.
    Fault(Fault),
    /// It was waited for long enough.
    Impatient {
        /// What it was doing, in AWS's words.
        doing: String,
        /// For how many minutes it was waited.
        minutes: u64,
    },
    /// AWS says it is broken.
    Broken(String),
    /// It reads back other than it was set.
    Unlike(Vec<String>),
    /// There is one already, and it is not ours; how that is known.
    Foreign(String),
    /// There is one of its name, and nothing tells whether it is ours.
    Untellable,
    /// Nobody knows yet whether it happened, and nobody waits for that.
    InDoubt,
    /// What it did could not be written down.
    NotWritten,
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Why a part of the work ended early.
#[derive(Debug)]
pub enum Early {
    /// It failed.
    Trouble(Trouble),
    /// It was told to stop.
    Stopped,
}

impl From<Fault> for Early {
    fn from(fault: Fault) -> Self {
        Self::Trouble(Trouble::Fault(fault))
    }
}

impl From<Trouble> for Early {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

impl From<Early> for Ended {
    fn from(early: Early) -> Self {
        match early {
            Early::Trouble(trouble) => Self::Failed(trouble),
            Early::Stopped => Self::Interrupted,
        }
    }
}

impl Desk {
    /// Makes something durable before anything else is done.
    ///
    /// # Errors
    /// When it could not be written.
    async fn note(&self, what: Noted, uid: &str) -> Result<(), Early> {
        let (written, done) = oneshot::channel();
        let note = Note { step: self.step.id, what, uid: uid.to_owned(), written };
        let sent = self.notes.send(note).await;
        if sent.is_err() || done.await.is_err() {
            return Err(Trouble::NotWritten.into());
        }
        Ok(())
    }

    fn stopping(&self) -> bool {
        *self.stop.borrow() != Stop::No
    }

    /// Pauses before the next look or try, counted from zero; a stop ends the pause.
    ///
    /// # Errors
    /// When told to stop.
    async fn pause(&self, attempt: u32) -> Result<(), Early> {
        self.pause_for(self.settings.pause_before(attempt)).await
    }

    /// The same, for so long.
    async fn pause_for(&self, time: Duration) -> Result<(), Early> {
        let mut stop = self.stop.clone();
        tokio::select! {
            () = tokio::time::sleep(time) => {}
            Ok(_) = stop.wait_for(|stop| *stop != Stop::No) => return Err(Early::Stopped),
        }
        if self.stopping() { Err(Early::Stopped) } else { Ok(()) }
    }

    fn waiting(&self, reason: &str) {
        self.listener.hear(&Event::Waiting { step: self.step.id, reason: reason.to_owned(), elapsed: self.began.elapsed() });
    }
}
