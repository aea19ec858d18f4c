//! What the pretend kinds are asked, and what goes wrong with it.

use std::time::Duration;

use lowtide_model::{Create, Description, Object, Observation, Place};
use lowtide_resource::{Ask, Changed, Currency, Doing, Fault, Going, Kind, Made, Operation, Patience, Round, Session, Sights, TAG_ID};

use super::{
    Pretend,
    asked::Asking,
    trouble::{Verb, What},
    world::World,
};

/// How a kind takes its time.
#[derive(Clone, Copy, Debug)]
pub struct Behaviour {
    /// How many reads it is only accepted.
    pub accepted: u32,
    /// How many reads it is then only usable.
    pub usable: u32,
    /// How often `delete` says that it is going.
    pub going: u32,
    /// Inputs that the creating request does not carry.
    pub late: &'static [&'static str],
}

impl Behaviour {
    /// At once.
    pub const QUICK: Self = Self { accepted: 0, usable: 0, going: 0, late: &[] };
}

/// How long a late request is on its way. Signatures of AWS are good for five minutes ("Signature Version 4 request", AWS
/// General Reference), so nothing can be later than that.
pub const LATE: Duration = Duration::from_secs(200);

/// The port of the egress that a new base has by itself.
pub const OPEN: i64 = 0;

/// A pretend kind.
pub struct PretendKind {
    pub pretend: Pretend,
    pub description: &'static Description,
    pub behaviour: Behaviour,
}

impl Kind for PretendKind {
    fn description(&self) -> &'static Description {
        self.description
    }

    fn batch(&self) -> usize {
        5
    }

    fn patience(&self) -> Patience {
        Patience { create: 1, update: 1, delete: 1, in_use: 0 }
    }

    fn identity(&self, place: &Place, wish: &Object) -> Option<String> {
        self.description.identity?(wish, place)
    }

    fn import(&self, _place: &Place, id: &str) -> Result<String, String> {
        Ok(id.to_owned())
    }

    fn create<'a>(&'a self, session: &'a Session, wish: &'a Object, op: &'a Operation) -> Doing<'a, Made> {
        Box::pin(async move {
            if self.description.create == Create::NoCall {
                return Made::id(Some(op.id.as_str()), "an id");
            }
            self.asking(session, Verb::Create, "")
                .through(|| {
                    let mut world = self.pretend.world();
                    let what = self.called(&mut world, Verb::Create, "");
                    if what == Some(What::Late) {
                        self.make_late(&session.place, wish, op);
                    }
                    self.before(what)?;
                    let id = self.make(&mut world, &session.place, wish, op)?;
                    self.after(what)?;
                    Made::id(Some(id), "an id")
                })
                .await
        })
    }

    fn read<'a>(&'a self, session: &'a Session, _round: &'a Round, these: &'a [Ask], _currency: Currency) -> Doing<'a, Sights> {
        Box::pin(async move {
            if self.description.create == Create::NoCall {
                return Ok(these.iter().map(|ask| (ask.id.clone(), Ok(Some(self.echo(ask))))).collect());
            }
            let ids = these.iter().map(|ask| ask.id.as_str()).collect::<Vec<_>>().join(" ");
            self.asking(session, Verb::Read, &ids)
                .through(|| {
                    let mut world = self.pretend.world();
                    let what = self.called(&mut world, Verb::Read, &ids);
                    if let (Some(What::Gone), Some(first)) = (what, these.first()) {
                        world.things.retain(|_, thing| thing.kind != self.description.kind || thing.id != first.id);
                    }
                    if let Some(fault) = what.and_then(What::fault) {
                        return Err(fault);
                    }
                    let sight = |ask: &Ask| {
                        let thing = world.thing(self.description.kind, &ask.id)?;
                        let phase = thing.look();
                        Some(Observation { phase, ..self.observed(thing) })
                    };
                    Ok(these.iter().map(sight).zip(these).map(|(sight, ask)| (ask.id.clone(), Ok(sight))).collect())
                })
                .await
        })
    }

    fn update<'a>(&'a self, session: &'a Session, now: &'a Observation, to: &'a Object, changed: &'a Changed) -> Doing<'a, Option<String>> {
        Box::pin(async move {
            if self.description.create == Create::NoCall {
                return Ok(None);
            }
            self.asking(session, Verb::Update, &now.id)
                .through(|| {
                    let mut world = self.pretend.world();
                    let what = self.called(&mut world, Verb::Update, &now.id);
                    self.gone_before(&mut world, what, &now.id);
                    if what == Some(What::Late) {
                        self.alter_late(&session.place, now, to, changed);
                    }
                    self.before(what)?;
                    self.alter(&mut world, now, to, changed)?;
                    self.after(what)?;
                    Ok(None)
                })
                .await
        })
    }

    fn delete<'a>(&'a self, session: &'a Session, last: &'a Observation, _how: &'a Object) -> Doing<'a, Going> {
        Box::pin(async move {
            if self.description.create == Create::NoCall {
                return Ok(Going::Gone);
            }
            self.asking(session, Verb::Delete, &last.id)
                .through(|| {
                    let mut world = self.pretend.world();
                    let what = self.called(&mut world, Verb::Delete, &last.id);
                    self.gone_before(&mut world, what, &last.id);
                    self.before(what)?;
                    let going = self.unmake(&mut world, &last.id)?;
                    self.after(what)?;
                    Ok(going)
                })
                .await
        })
    }

    fn find<'a>(&'a self, session: &'a Session, op: &'a Operation, _wish: &'a Object) -> Doing<'a, Vec<String>> {
        Box::pin(async move {
            self.asking(session, Verb::Find, "")
                .through(|| {
                    let mut world = self.pretend.world();
                    if let Some(fault) = self.called(&mut world, Verb::Find, "").and_then(What::fault) {
                        return Err(fault);
                    }
                    let ours =
                        world.things.values().filter(|thing| thing.kind == self.description.kind && thing.tag(TAG_ID) == Some(&op.id));
                    Ok(ours.map(|thing| thing.id.clone()).collect())
                })
                .await
        })
    }
}

impl PretendKind {
    fn asking<'a>(&'a self, session: &'a Session, verb: Verb, id: &'a str) -> Asking<'a> {
        Asking { pretend: &self.pretend, of: self.description, session, verb, id }
    }

    fn called(&self, world: &mut World, verb: Verb, id: &str) -> Option<What> {
        world.called(self.description.kind, verb, id)
    }

    fn before(&self, what: Option<What>) -> Result<(), Fault> {
        match what.filter(|what| *what != What::LostAfter).and_then(What::fault) {
            Some(fault) => Err(fault),
            None => Ok(()),
        }
    }

    fn after(&self, what: Option<What>) -> Result<(), Fault> {
        match what.filter(|what| *what == What::LostAfter).and_then(What::fault) {
            Some(fault) => Err(fault),
            None => Ok(()),
        }
    }

    fn gone_before(&self, world: &mut World, what: Option<What>, id: &str) {
        if what == Some(What::Gone) {
            world.things.retain(|_, thing| thing.kind != self.description.kind || thing.id != id);
        }
    }

    /// The request is on its way for a while, whoever sent it, and is taken for what it is when it arrives.
    fn make_late(&self, place: &Place, wish: &Object, op: &Operation) {
        let kind = Self { pretend: self.pretend.clone(), description: self.description, behaviour: self.behaviour };
        let (place, wish, op) = (place.clone(), wish.clone(), op.clone());
        tokio::spawn(async move {
            tokio::time::sleep(LATE).await;
            // Nobody hears how it went.
            drop(kind.make(&mut kind.pretend.world(), &place, &wish, &op));
        });
    }

    /// The same of a change. One that is put carries all, and does not ask whether there is anything.
    fn alter_late(&self, place: &Place, now: &Observation, to: &Object, changed: &Changed) {
        let behaviour = Behaviour { late: &[], ..self.behaviour };
        let kind = Self { pretend: self.pretend.clone(), description: self.description, behaviour };
        let (place, now, to, changed) = (place.clone(), now.clone(), to.clone(), Changed(changed.0.clone()));
        tokio::spawn(async move {
            tokio::time::sleep(LATE).await;
            let mut world = kind.pretend.world();
            match kind.description.create {
                Create::Put => drop(kind.make(&mut world, &place, &to, &Operation { id: String::new() })),
                _ => drop(kind.alter(&mut world, &now, &to, &changed)),
            }
        });
    }
}
