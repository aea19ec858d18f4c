//! Where state is kept: the ledger that `[state]` of `lowtide.toml` names.

use std::{path::Path, sync::Arc, time::Duration};

use lowtide_diagnostic::Diagnostic;
use lowtide_engine::Trouble;
use lowtide_ledger::{Bucket, LocalLedger, RemoteLedger, S3DynamoDb, S3Only, Store, Table, Timing, Waiting};
use lowtide_spec::project::{Backend, S3Backend};
use lowtide_state::{Ledger, LedgerFault};

use crate::{connect::AwsConnect, shell::Shell};

/// How long the end of a command waits until what it held is free for others.
const FREEING: Duration = Duration::from_secs(5);

/// Where state is kept.
#[derive(Clone)]
pub enum StatePlace {
    /// A folder of this machine.
    Local(Arc<LocalLedger>),
    /// A place that others use too.
    Shared(Arc<RemoteLedger>),
}

impl StatePlace {
    /// Returns the place that a project names. Nothing is read or sent.
    pub fn of(shell: &Shell, root: &Path, backend: &Backend, connect: &Arc<AwsConnect>) -> Self {
        match backend {
            Backend::Local { path } => {
                let ledger = LocalLedger::new(root.join(path));
                Self::Local(Arc::new(match shell.environment.user() {
                    Some(user) => ledger.known_as(user),
                    None => ledger,
                }))
            }
            Backend::S3(s3) => Self::Shared(Arc::new(shared(shell, s3, connect.clone()))),
        }
    }

    /// Returns the ledger.
    pub fn ledger(&self) -> Arc<dyn Ledger> {
        match self {
            Self::Local(ledger) => ledger.clone(),
            Self::Shared(ledger) => ledger.clone(),
        }
    }

    /// Adds to what stopped a command what else may be done about it here.
    pub fn advise(&self, trouble: Trouble) -> Trouble {
        match (self, trouble) {
            (Self::Shared(_), Trouble::Held(held)) => Trouble::Held(
                held.hint("a run that was killed is followed by itself, as soon as it has been silent for as long as its lease")
                    .hint("if you know that it is dead and can't wait: lowtide unlock STACK"),
            ),
            (_, trouble) => trouble,
        }
    }
}

/// Waits until the stacks that a command has let go are free, when it is dropped with the command.
pub struct Freeing(pub StatePlace);

impl Drop for Freeing {
    fn drop(&mut self) {
        let StatePlace::Shared(ledger) = &self.0 else { return };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        // Others would otherwise have to wait until our lease has run out.
        let free = tokio::time::timeout(FREEING, ledger.released());
        let _ = tokio::task::block_in_place(|| runtime.block_on(free));
    }
}

fn shared(shell: &Shell, s3: &S3Backend, connect: Arc<AwsConnect>) -> RemoteLedger {
    let place = format!("s3://{}", s3.bucket);
    let place = s3.prefix.as_ref().map_or_else(|| place.clone(), |prefix| format!("{place}/{}", prefix.trim_matches('/')));
    let (named, backend) = (place.clone(), s3.clone());
    let open = move || {
        let (connect, named, s3) = (connect.clone(), named.clone(), backend.clone());
        Box::pin(async move {
            let config = connect.for_state(&s3.region).await;
            let config = config.map_err(|wrong| LedgerFault::Unusable { place: named, doing: "reached", why: first_words(&wrong) })?;
            let bucket = Bucket::new(&config, &s3.bucket, s3.prefix.as_deref().unwrap_or_default(), s3.kms_key_id.as_deref());
            Ok(match &s3.lock_table {
                Some(table) => Arc::new(S3DynamoDb::new(bucket, Table::new(&config, table))) as Arc<dyn Store>,
                None => Arc::new(S3Only::new(bucket)),
            })
        }) as std::pin::Pin<Box<dyn Future<Output = _> + Send>>
    };
    let console = shell.console;
    let ledger = RemoteLedger::new(place, Box::new(open)).telling(move |waiting| console.talk(&told(waiting)));
    let ledger = ledger.timed(s3.lease.map_or_else(Timing::default, Timing::of));
    match shell.environment.user() {
        Some(user) => ledger.known_as(user),
        None => ledger,
    }
}

fn told(waiting: &Waiting) -> String {
    format!(
        "The state of {} is held by {}, of which nothing is heard. If that stays so for {} s, this run takes over.",
        waiting.stack,
        waiting.holder,
        waiting.silence.as_secs()
    )
}

/// Returns what is wrong in one line.
fn first_words(wrong: &lowtide_diagnostic::Diagnostics) -> String {
    let of = |one: &Diagnostic| one.detail.trim_end_matches('.').to_owned();
    wrong.iter().next().map(of).unwrap_or_default()
}
