//! Waiting until something can be used, and checking that it is what was asked for.

use lowtide_model::{Object, Observation, Phase, PlannedObject, Value};
use lowtide_plan::{Change, Compare};
use lowtide_resource::{Ask, Class};
use lowtide_state::{NoDigests, Record};

use super::{Desk, Early, Trouble, patience::Patience};

/// How often something is read again when it reads back other than it was set.
const READS: u32 = 5;

impl Desk {
    /// Looks at something until it can be used. Something just made that is not to be seen is not everywhere yet.
    ///
    /// # Errors
    /// When it is broken, takes too long, or told to stop.
    pub async fn settle(&self, id: &str, last: &Object, patience: Patience) -> Result<Observation, Early> {
        let stable = self.kind.description().waits_until_stable || waits_by_wish(last);
        let mut attempt = 0;
        loop {
            let ask = Ask::new(id, last.clone());
            let doing = match self.observer.read_back(&self.kind, &self.step.place, ask).await {
                Ok(Some(seen)) => match &seen.phase {
                    Phase::Stable => return Ok(seen),
                    Phase::Usable(_) if !stable => return Ok(seen),
                    Phase::Usable(doing) | Phase::Accepted(doing) => doing.clone(),
                    Phase::Failed { why, .. } => return Err(Trouble::Broken(why.clone()).into()),
                },
                Ok(None) if patience.spent() < self.settings.not_yet.min(patience.lasts) => "not to be seen yet".to_owned(),
                Ok(None) => return Err(lowtide_resource::Fault::not_found(id).into()),
                Err(fault) if fault.class.passes() || fault.class == Class::Ambiguous => fault.to_string(),
                Err(fault) => return Err(fault.into()),
            };
            patience.check(&doing)?;
            self.waiting(&doing);
            self.pause(attempt).await?;
            attempt += 1;
        }
    }

    /// Brings what was made or changed to what was asked for, where it still differs, and waits until it reads back so.
    ///
    /// # Errors
    /// When it never does.
    pub async fn complete(&self, mut seen: Observation, goal: &Goal, patience: Patience) -> Result<Observation, Early> {
        let mut told = None;
        for attempt in 0..READS {
            let rest = goal.unlike(self, &seen);
            if rest.is_empty() {
                return Ok(seen);
            }
            // Something that takes one change at a time is asked again as soon as one is seen to be done.
            if told.as_ref() == Some(&rest) {
                self.pause(attempt).await?;
            } else {
                self.send_update(&seen, &goal.whole, &rest, patience).await?;
                told = Some(rest);
            }
            seen = self.settle(&seen.id, &goal.whole, patience).await?;
        }
        let rest = goal.unlike(self, &seen);
        if rest.is_empty() { Ok(seen) } else { Err(Trouble::Unlike(names(&rest)).into()) }
    }
}

/// What something must read back as.
pub struct Goal {
    /// What is asked for.
    pub wish: Object,
    /// All inputs as they should be, for requests that take them all.
    pub whole: Object,
    /// Attributes that are taken away.
    pub cleared: Vec<String>,
}

impl Goal {
    /// Returns what still differs, by the rules of the plan's own comparison.
    pub(super) fn unlike(&self, desk: &Desk, seen: &Observation) -> Vec<Change> {
        let wish = PlannedObject::from(self.wish.clone());
        // What is taken away counts as asked for before, so that it differs until it is gone.
        let mut before = self.wish.clone();
        self.cleared
            .iter()
            .filter_map(|name| Some((name, seen.inputs.get(name)?)))
            .for_each(|(name, value)| before.set(name, value.clone()));
        let record = Record {
            address: desk.step.address.clone(),
            generation: 0,
            provider: None,
            place: desk.step.place.clone(),
            id: String::new(),
            uid: String::new(),
            inputs: before,
            digests: Default::default(),
            seen: Default::default(),
            dependencies: Vec::new(),
            status: Default::default(),
            protection: Default::default(),
            lingering: Vec::new(),
            unknown: Default::default(),
        };
        let ignored = Default::default();
        let description = desk.kind.description();
        Compare { description, wish: &wish, record: &record, seen, digester: &NoDigests, ignored: &ignored }.changes()
    }
}

/// Returns the attributes that changes are about.
pub fn names(changes: &[Change]) -> Vec<String> {
    let mut names: Vec<_> = changes.iter().filter_map(|change| change.path.attribute()).map(str::to_owned).collect();
    names.sort();
    names.dedup();
    names
}

/// Options such as `wait_for_steady_state` ask for more than usable.
fn waits_by_wish(wish: &Object) -> bool {
    wish.iter().any(|(name, value)| name.starts_with("wait_for_") && *value == Value::Bool(true))
}
