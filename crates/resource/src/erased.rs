//! A kind with its types rubbed out: what the engine holds.

use std::{future::Future, marker::PhantomData, pin::Pin};

use lowtide_model::{Description, Model, Object, Observation, Place, Source};

use crate::{Ask, Asked, Changed, Currency, Fault, Going, Made, Observed, Operation, Patience, Resource, Round, Seen, Service, Session};

/// A call under way.
pub type Doing<'a, T> = Pin<Box<dyn Future<Output = Result<T, Fault>> + Send + 'a>>;

/// What was seen of each of the things asked for, by physical id; `None` is gone.
pub type Sights = Vec<(String, Result<Option<Observation>, Fault>)>;

/// A kind of AWS resource, driven with objects. See [`Resource`] for what each part means.
pub trait Kind: Send + Sync {
    /// What it is, as plain data.
    fn description(&self) -> &'static Description;
    /// How many ids one `read` takes.
    fn batch(&self) -> usize;
    /// How long to wait for it.
    fn patience(&self) -> Patience;
    /// The physical id, where the wish alone tells it.
    fn identity(&self, place: &Place, wish: &Object) -> Option<String>;
    /// Fills in the name that an operation makes up, where the wish leaves it to us.
    fn name(&self, wish: &mut Object, op: &Operation) {
        let _ = (wish, op);
    }
    /// The physical id that an import id stands for.
    ///
    /// # Errors
    /// Returns what is wrong with it, in words.
    fn import(&self, place: &Place, id: &str) -> Result<String, String>;
    /// Asks AWS to make one.
    fn create<'a>(&'a self, session: &'a Session, wish: &'a Object, op: &'a Operation) -> Doing<'a, Made>;
    /// Looks at up to [`Kind::batch`] of them.
    fn read<'a>(&'a self, session: &'a Session, round: &'a Round, these: &'a [Ask], currency: Currency) -> Doing<'a, Sights>;
    /// Brings one from what it is to what it should be.
    fn update<'a>(&'a self, session: &'a Session, now: &'a Observation, to: &'a Object, changed: &'a Changed) -> Doing<'a, Option<String>>;
    /// Asks AWS to remove one.
    fn delete<'a>(&'a self, session: &'a Session, last: &'a Observation, how: &'a Object) -> Doing<'a, Going>;
    /// Finds what an operation created.
    fn find<'a>(&'a self, session: &'a Session, op: &'a Operation, wish: &'a Object) -> Doing<'a, Vec<String>>;
}

/// The erased form of a [`Resource`].
pub struct Of<R>(PhantomData<fn() -> R>);

impl<R: Resource> Of<R> {
    /// The one value of this type.
    pub const KIND: Self = Self(PhantomData);

    const DESCRIPTION: &'static Description = &Description {
        kind: R::KIND,
        doc: R::DOC,
        service: R::Service::NAME,
        source: Source::Managed,
        inputs: R::ATTRIBUTES,
        outputs: <R::Outputs as Model>::ATTRIBUTES,
        create: R::CREATE,
        scope: R::SCOPE,
        replace: R::REPLACE,
        waits_until_stable: R::WAITS_UNTIL_STABLE,
        import: R::IMPORT,
        identity: Some(identity::<R>),
        compute: None,
        predict: R::PREDICT,
        checks: R::CHECKS,
        transitions: R::TRANSITIONS,
        governs: R::GOVERNS,
        follows: R::FOLLOWS,
        relations: R::RELATIONS,
        left_out: R::LEFT_OUT,
    };
}

impl<R: Resource> Kind for Of<R> {
    fn description(&self) -> &'static Description {
        Self::DESCRIPTION
    }

    fn batch(&self) -> usize {
        R::BATCH
    }

    fn patience(&self) -> Patience {
        R::PATIENCE
    }

    fn identity(&self, place: &Place, wish: &Object) -> Option<String> {
        identity::<R>(wish, place)
    }

    fn name(&self, wish: &mut Object, op: &Operation) {
        if let Some((attribute, name)) = R::from_object(wish).ok().and_then(|wish| R::made_up(&wish, op)) {
            wish.set(attribute, name.into());
        }
    }

    fn import(&self, place: &Place, id: &str) -> Result<String, String> {
        R::import(id, place)
    }

    fn create<'a>(&'a self, session: &'a Session, wish: &'a Object, op: &'a Operation) -> Doing<'a, Made> {
        Box::pin(async move { R::create(&session.to_write(&Round::default()), &R::from_object(wish)?, op).await })
    }

    fn read<'a>(&'a self, session: &'a Session, round: &'a Round, these: &'a [Ask], currency: Currency) -> Doing<'a, Sights> {
        Box::pin(async move {
            let seen = R::read(&session.to_read(round), &Asked { these, currency }).await?;
            Ok(seen.into_iter().map(|(id, seen)| (id, sight(seen))).collect())
        })
    }

    fn update<'a>(&'a self, session: &'a Session, now: &'a Observation, to: &'a Object, changed: &'a Changed) -> Doing<'a, Option<String>> {
        Box::pin(async move { R::update(&session.to_write(&Round::default()), &observed(now)?, &R::from_object(to)?, changed).await })
    }

    fn delete<'a>(&'a self, session: &'a Session, last: &'a Observation, how: &'a Object) -> Doing<'a, Going> {
        Box::pin(async move { R::delete(&session.to_write(&Round::default()), &observed(last)?, &R::from_object(how)?).await })
    }

    fn find<'a>(&'a self, session: &'a Session, op: &'a Operation, wish: &'a Object) -> Doing<'a, Vec<String>> {
        Box::pin(async move { R::find(&session.to_read(&Round::default()), op, wish).await })
    }
}

fn identity<R: Resource>(wish: &Object, place: &Place) -> Option<String> {
    R::identity(&R::from_object(wish).ok()?, place)
}

fn sight<R: Resource>(seen: Seen<R>) -> Result<Option<Observation>, Fault> {
    match seen {
        Seen::Here(it) => Ok(Some(Observation {
            id: it.id,
            inputs: it.inputs.into_object(),
            unseen: it.unseen.into_iter().map(str::to_owned).collect(),
            outputs: it.outputs.into_object(),
            phase: it.phase,
            pending: it.pending,
            aside: it.aside,
        })),
        Seen::Gone => Ok(None),
        Seen::Unseen(fault) => Err(fault),
    }
}

fn observed<R: Resource>(now: &Observation) -> Result<Observed<R>, Fault> {
    Ok(Observed {
        id: now.id.clone(),
        inputs: R::from_object(&now.inputs)?,
        unseen: R::ATTRIBUTES.iter().map(|row| row.name).filter(|name| now.unseen.iter().any(|unseen| unseen == name)).collect(),
        outputs: R::Outputs::from_object(&now.outputs)?,
        phase: now.phase.clone(),
        pending: now.pending.clone(),
        aside: now.aside.clone(),
    })
}
