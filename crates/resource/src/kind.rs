//! The trait that each kind's file implements.

use std::future::Future;

use lowtide_model::{Check, Create, Follows, Governs, Model, Object, Order, Phase, Place, Predict, Relation, Scope, Transition, Value};

use crate::{Context, Fault, Operation, Service};

/// A kind of AWS resource.
///
/// Faults pass through with `?`; the engine waits, retries, compares and saves. `wish` and `to` are complete: what the
/// user asked for, defaults filled in, and for `to` everything else as it was last seen.
pub trait Resource: Model + Send + Sync + 'static {
    /// What AWS decides and we only read: ids, ARNs, addresses.
    type Outputs: Model + Send + Sync;
    /// The service it belongs to.
    type Service: Service;
    /// Its name, as in the `hashicorp/aws` Terraform provider.
    const KIND: &'static str;
    /// How a repeated create is told apart.
    const CREATE: Create;
    /// How an import id looks, in words: `VPC_ID`, `ROLE_NAME:POLICY_NAME`. It equals the physical id unless [`Resource::import`] says otherwise.
    const IMPORT: &'static str;
    /// Where it lives.
    const SCOPE: Scope = Scope::Regional;
    /// Which comes first when it is replaced.
    const REPLACE: Order = Order::DestroyFirst;
    /// How many ids one `read` takes.
    const BATCH: usize = 100;
    /// How long the engine waits for it.
    const PATIENCE: Patience = Patience::DEFAULT;
    /// Whether dependants wait until it is stable, not just usable.
    const WAITS_UNTIL_STABLE: bool = false;
    /// How outputs are told before apply where a template on the field can't, or only in part.
    const PREDICT: Option<Predict> = None;
    /// Checks across attributes.
    const CHECKS: &'static [Check] = &[];
    /// Checks of what changes in place: what AWS never does to one that is there.
    const TRANSITIONS: &'static [Transition] = &[];
    /// Which attribute of another resource it moves.
    const GOVERNS: Option<Governs> = None;
    /// What it stands on though it names it nowhere: found among what is declared, made before it and removed after it.
    const FOLLOWS: &'static [Follows] = &[];
    /// Checks across declarations: what other resources of the spec must be for this one to be possible.
    const RELATIONS: &'static [Relation] = &[];
    /// Attributes of the Terraform provider that are left out, each with the reason.
    const LEFT_OUT: &'static [(&'static str, &'static str)] = &[];

    /// Returns the physical id where the wish alone tells it: for kinds created by [`Create::Key`], [`Create::Put`] or [`Create::NoCall`].
    fn identity(wish: &Self, place: &Place) -> Option<String> {
        let _ = (wish, place);
        None
    }

    /// Returns the attribute that names it, and the name that an operation makes up where the wish leaves it to us. It is filled in
    /// before anything is sent, so that [`Resource::identity`] tells where to look for what a lost request made.
    fn made_up(wish: &Self, op: &Operation) -> Option<(&'static str, String)> {
        let _ = (wish, op);
        None
    }

    /// Returns the physical id that an import id stands for.
    ///
    /// # Errors
    /// Returns what is wrong with it, in words.
    fn import(id: &str, place: &Place) -> Result<String, String> {
        let _ = place;
        Ok(id.to_owned())
    }

    /// Asks AWS to make it: exactly one mutating request. What that request can't carry, the engine sees as a difference and updates.
    fn create(cx: &Context<'_, Self::Service>, wish: &Self, op: &Operation) -> impl Future<Output = Result<Made, Fault>> + Send;

    /// Looks at up to [`Resource::BATCH`] of them. Answers for each id asked for; one that is not answered counts as unseen.
    fn read(cx: &Context<'_, Self::Service>, asked: &Asked<'_>) -> impl Future<Output = Result<Vec<(String, Seen<Self>)>, Fault>> + Send;

    /// Brings it from what it is to what it should be. Repeatable: may be called again after it half succeeded. Returns the new
    /// physical id if it moved.
    fn update(
        cx: &Context<'_, Self::Service>,
        now: &Observed<Self>,
        to: &Self,
        changed: &Changed,
    ) -> impl Future<Output = Result<Option<String>, Fault>> + Send;

    /// Asks AWS to remove it; called again until it says [`Going::Gone`] or [`Going::Left`]. `how` holds the destroy-time options.
    fn delete(cx: &Context<'_, Self::Service>, last: &Observed<Self>, how: &Self) -> impl Future<Output = Result<Going, Fault>> + Send;

    /// Returns the physical ids of what an operation created, told by its [`crate::TAG_ID`] tag, or by what was wished for. Secrets are
    /// not in the wish. The engine asks this where [`Resource::identity`] tells nothing.
    fn find(cx: &Context<'_, Self::Service>, op: &Operation, wish: &Object) -> impl Future<Output = Result<Vec<String>, Fault>> + Send {
        let _ = (cx, op, wish);
        async { Ok(Vec::new()) }
    }
}

/// What a create returned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// What calls need to name it.
    pub id: String,
    /// Outputs that only this reply holds: secrets shown once.
    pub once: Object,
}

impl Made {
    /// Returns an id, or the fault that AWS answered without one.
    ///
    /// # Errors
    /// When there is none.
    pub fn id(id: Option<impl Into<String>>, about: &str) -> Result<Self, Fault> {
        Ok(Self { id: id.map(Into::into).ok_or_else(|| Fault::silent(about))?, once: Object::default() })
    }
}

/// What to look at.
pub struct Asked<'a> {
    /// Which ones.
    pub these: &'a [Ask],
    /// How current the answer must be.
    pub currency: Currency,
}

/// How current an answer must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Currency {
    /// As an index has it that may lag behind: what takes the fewest calls.
    Indexed,
    /// After a write of our own. What an index says counts where it already shows what was written.
    Written,
    /// Current to the last write of anybody: no tagging API, no account dump.
    Exact,
}

/// One thing to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Its physical id.
    pub id: String,
    /// Its inputs as they were last seen or asked for; empty at import.
    pub last: Object,
    /// Its outputs as they were last seen, for what never changes and takes a call of its own; empty where they are not remembered.
    pub known: Object,
}

impl Ask {
    /// Asks about a thing whose outputs are not remembered.
    pub fn new(id: impl Into<String>, last: Object) -> Self {
        Self { id: id.into(), last, known: Object::default() }
    }
}

impl Asked<'_> {
    /// Nothing in particular, asked about exactly: for looking through things that nobody has named.
    pub const WHATEVER: Self = Asked { these: &[], currency: Currency::Exact };

    /// Returns whether the things themselves must be asked about, not an index of them.
    pub fn exact(&self) -> bool {
        self.currency != Currency::Indexed
    }

    /// Returns the physical ids, in order.
    pub fn ids(&self) -> Vec<String> {
        self.these.iter().map(|ask| ask.id.clone()).collect()
    }

    /// Returns an answer for each id: what `found` holds for it, and gone for the rest.
    pub fn answer<R: Resource>(&self, mut found: std::collections::BTreeMap<String, Observed<R>>) -> Vec<(String, Seen<R>)> {
        self.these.iter().map(|ask| (ask.id.clone(), found.remove(&ask.id).map_or(Seen::Gone, |it| Seen::Here(Box::new(it))))).collect()
    }
}

/// What was seen of one thing.
pub enum Seen<R: Resource> {
    /// It is there.
    Here(Box<Observed<R>>),
    /// AWS said, by its own error code or a complete listing, that there is none.
    Gone,
    /// AWS would not say.
    Unseen(Fault),
}

/// What AWS says of one thing.
pub struct Observed<R: Resource> {
    /// What calls need to name it.
    pub id: String,
    /// The inputs as they are now. Options keep what was asked for or their default.
    pub inputs: R,
    /// Inputs that AWS did not show this time.
    pub unseen: Vec<&'static str>,
    /// What AWS decided.
    pub outputs: R::Outputs,
    /// How far it is.
    pub phase: Phase,
    /// Inputs that AWS will apply later, with the values they will have. Never a secret.
    pub pending: Object,
    /// What else AWS said that the kind's checks across declarations ask for ([`Resource::RELATIONS`]). Never a secret.
    pub aside: Object,
}

impl<R: Resource> Observed<R> {
    /// Returns something stable of which everything was seen.
    pub fn stable(id: impl Into<String>, inputs: R, outputs: R::Outputs) -> Self {
        Self {
            id: id.into(),
            inputs,
            unseen: Vec::new(),
            outputs,
            phase: Phase::Stable,
            pending: Object::default(),
            aside: Object::default(),
        }
    }

    /// Says how far it is.
    #[must_use]
    pub fn in_phase(mut self, phase: Phase) -> Self {
        self.phase = phase;
        self
    }

    /// Adds what is no attribute, for checks across declarations.
    #[must_use]
    pub fn with_aside(mut self, name: &str, value: Value) -> Self {
        self.aside.set(name, value);
        self
    }

    /// Says which inputs AWS did not show.
    #[must_use]
    pub fn without(mut self, unseen: &[&'static str]) -> Self {
        self.unseen.extend(unseen);
        self
    }
}

/// Which inputs an update is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed(pub Vec<String>);

impl Changed {
    /// Returns whether this attribute changes.
    pub fn has(&self, attribute: &str) -> bool {
        self.0.iter().any(|name| name == attribute)
    }

    /// Returns whether any of these attributes changes.
    pub fn any(&self, attributes: &[&str]) -> bool {
        attributes.iter().any(|name| self.has(name))
    }
}

/// How far a delete is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Going {
    /// It is gone.
    Gone,
    /// AWS is at it; says what it is doing. `delete` is called again.
    Going(String),
    /// It stays, for a reason the user must know.
    Left(String),
}

/// How long the engine waits for a kind, in minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Until it is usable after its creation.
    pub create: u32,
    /// Until it is stable after an update.
    pub update: u32,
    /// Until it is gone.
    pub delete: u32,
    /// Until what held it lets it go, though nothing that is there uses it any more.
    pub in_use: u32,
}

impl Patience {
    /// Enough for what AWS does at once.
    pub const DEFAULT: Self = Self { create: 10, update: 10, delete: 20, in_use: 5 };
}
