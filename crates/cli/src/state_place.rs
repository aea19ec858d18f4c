//! Where state is kept: the ledger that `[state]` of `lowtide.toml` names.

use std::{path::Path, sync::Arc, time::Duration};

use lowtide_diagnostic::Diagnostic;
use lowtide_engine::Trouble;
use lowtide_ledger::{
    Archive, Aside, Bucket, DataKey, Keys, KmsKeys, LocalLedger, PassphraseKeys, RemoteLedger, S3DynamoDb, S3Only, SealFault, SealedStore,
    Store, Table, TakenIn, Timing, Waiting, Wrapping,
};
use lowtide_report::count;
use lowtide_spec::{
    Project,
    project::{Backend, Encryption, S3Backend},
};
use lowtide_state::{Ledger, LedgerFault, Loaded, StackKey};
use zeroize::Zeroizing;

use crate::{connect::AwsConnect, environment::STATE_PASSPHRASE, shell::Shell, went_back};

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

/// What is read where state is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// What is encrypted.
    Encrypted,
    /// That, and what stands in clear, on the way to being encrypted.
    ClearToo,
    /// Both, and what is written is in clear: on the way back from being encrypted.
    ToClear,
}

impl StatePlace {
    /// Returns the place that a project names. Nothing is read or sent.
    pub fn of(shell: &Shell, root: &Path, project: &Project, connect: &Arc<AwsConnect>, reading: Reading) -> Self {
        match &project.state {
            Backend::Local { path } => {
                let mut ledger = LocalLedger::new(root.join(path)).in_run(&*shell.run);
                if let Some(user) = shell.environment.user() {
                    ledger = ledger.known_as(user);
                }
                // A folder has no key of KMS.
                if project.encryption != Encryption::None {
                    ledger = ledger.sealed_with(passphrase(shell));
                }
                Self::Local(Arc::new(match reading {
                    Reading::Encrypted => ledger,
                    Reading::ClearToo => ledger.letting_clear(),
                    Reading::ToClear => ledger.leaving(),
                }))
            }
            Backend::S3(s3) => Self::Shared(Arc::new(shared(shell, s3, project.encryption, connect.clone(), reading))),
        }
    }

    /// Encrypts what stands in clear of a stack.
    ///
    /// # Errors
    /// When it is in use, or can't be read or written.
    pub async fn encrypt(&self, key: &StackKey) -> Result<Loaded, LedgerFault> {
        match self {
            Self::Local(ledger) => ledger.seal(key).await,
            Self::Shared(ledger) => ledger.seal(key).await,
        }
    }

    /// Puts in clear what is encrypted of a stack; for a place that is read on the way back to clear.
    ///
    /// # Errors
    /// When it is in use, or can't be read or written.
    pub async fn decrypt(&self, key: &StackKey) -> Result<Loaded, LedgerFault> {
        match self {
            Self::Local(ledger) => ledger.unseal(key).await,
            Self::Shared(ledger) => ledger.unseal(key).await,
        }
    }

    /// Returns the ledger.
    pub fn ledger(&self) -> Arc<dyn Ledger> {
        match self {
            Self::Local(ledger) => ledger.clone(),
            Self::Shared(ledger) => ledger.clone(),
        }
    }

    /// Returns the ledger as one whose states can go elsewhere.
    pub fn archive(&self) -> &dyn Archive {
        match self {
            Self::Local(ledger) => &**ledger,
            Self::Shared(ledger) => &**ledger,
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

/// Returns what state was perhaps encrypted with where it is no longer to be: a passphrase, if there is one, else the key that S3
/// encrypts with.
pub fn former_encryption(shell: &Shell, project: &Project) -> Option<Encryption> {
    let has_passphrase = shell.environment.get(STATE_PASSPHRASE).is_some_and(|passphrase| !passphrase.is_empty());
    match &project.state {
        _ if has_passphrase => Some(Encryption::Passphrase),
        Backend::S3(s3) if s3.kms_key_id.is_some() => Some(Encryption::Kms),
        Backend::S3(_) | Backend::Local { .. } => None,
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

fn shared(shell: &Shell, s3: &S3Backend, encryption: Encryption, connect: Arc<AwsConnect>, reading: Reading) -> RemoteLedger {
    let place = format!("s3://{}", s3.bucket);
    let place = s3.prefix.as_ref().map_or_else(|| place.clone(), |prefix| format!("{place}/{}", prefix.trim_matches('/')));
    let (named, backend, passphrase) = (place.clone(), s3.clone(), passphrase(shell));
    let open = move || {
        let (connect, named, s3, passphrase) = (connect.clone(), named.clone(), backend.clone(), passphrase.clone());
        Box::pin(async move {
            let config = connect.for_state(&s3.region).await;
            let config = config.map_err(|wrong| LedgerFault::Unusable { place: named, doing: "reached", why: first_words(&wrong) })?;
            let bucket = Bucket::new(&config, &s3.bucket, s3.prefix.as_deref().unwrap_or_default(), s3.kms_key_id.as_deref())
                .owned_by(s3.bucket_owner.as_deref());
            let store = match &s3.lock_table {
                Some(table) => Arc::new(S3DynamoDb::new(bucket, Table::new(&config, table))) as Arc<dyn Store>,
                None => Arc::new(S3Only::new(bucket)),
            };
            let keys = match (encryption, &s3.kms_key_id) {
                (Encryption::None, _) | (Encryption::Kms, None) => return Ok(store),
                (Encryption::Kms, Some(key)) => {
                    Arc::new(KmsKeys::new(&config, &**key).in_account(s3.bucket_owner.as_deref())) as Arc<dyn Keys>
                }
                (Encryption::Passphrase, _) => passphrase,
            };
            let sealed = SealedStore::over(store, keys);
            Ok(Arc::new(match reading {
                Reading::Encrypted => sealed,
                Reading::ClearToo => sealed.letting_clear(),
                Reading::ToClear => sealed.leaving(),
            }) as Arc<dyn Store>)
        }) as std::pin::Pin<Box<dyn Future<Output = _> + Send>>
    };
    let console = shell.console;
    let ledger = RemoteLedger::new(place, Box::new(open)).in_run(&*shell.run).telling(move |waiting| console.talk(&told(waiting)));
    let ledger = ledger.timed(s3.lease.map_or_else(Timing::default, Timing::of));
    let ledger = match went_back::last_seen(shell) {
        Some(last_seen) => ledger.remembering(last_seen),
        None => ledger,
    };
    let ledger = match set_aside(shell) {
        Some(aside) => ledger.setting_aside(aside),
        None => ledger,
    };
    match shell.environment.user() {
        Some(user) => ledger.known_as(user),
        None => ledger,
    }
}

/// Returns where this machine keeps what can't be written down; none where there is no place for it.
fn set_aside(shell: &Shell) -> Option<Arc<Aside>> {
    let (folder, console) = (shell.environment.cache()?.join("lowtide").join("aside"), shell.console);
    Some(Aside::new(folder, move |TakenIn { place, operations }| {
        console.talk(&format!("Took in how {} went that an earlier run could not write to {place}.", count(*operations, "operation")));
    }))
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

/// Returns the keys of the passphrase in the environment. That there is none is said when one is needed.
fn passphrase(shell: &Shell) -> Arc<dyn Keys> {
    match shell.environment.get(STATE_PASSPHRASE).filter(|passphrase| !passphrase.is_empty()) {
        Some(passphrase) => Arc::new(PassphraseKeys::new(passphrase)),
        None => Arc::new(NoPassphrase),
    }
}

/// State is encrypted with a passphrase, and there is none.
struct NoPassphrase;

fn no_passphrase() -> SealFault {
    SealFault::Unavailable(format!("it is encrypted with a passphrase, and {STATE_PASSPHRASE} holds none"))
}

impl Keys for NoPassphrase {
    fn sort(&self) -> &'static str {
        "passphrase"
    }

    fn make<'a>(&'a self, _stack: &'a str) -> Wrapping<'a, DataKey> {
        Box::pin(async { Err(no_passphrase()) })
    }

    fn unwrap<'a>(&'a self, _stack: &'a str, _wrapped: &'a [u8]) -> Wrapping<'a, Zeroizing<[u8; 32]>> {
        Box::pin(async { Err(no_passphrase()) })
    }
}
