//! Starting an update, an adoption or a delete: what there is, and what is to change of it.

use lowtide_diagnostic::Diagnostic;
use lowtide_model::{Description, Observation, Planned, PlannedObject};
use lowtide_plan::{Action, Change, Compare, Request, Sight, Step, foreseen, without_ignored};
use lowtide_state::Attempt;
use tokio::time::Instant;

use crate::{
    again_in,
    wish::{self, Owner},
    work::{self, Alteration, Deletion, Watch},
};

use super::{
    Going,
    start::{Open, missing},
};

impl Going<'_> {
    pub(super) fn start_update(&mut self, step: &Step, began: Instant) -> Result<(), Diagnostic> {
        let (now, uid) = self.what_there_is(step)?;
        let (description, wish, known) = self.wish(step, Some(&now))?;
        let changes = self.changes(step, description, &wish, &now)?;
        let stack = self.job.plan.stack.to_string();
        let owner = Owner { lineage: &self.job.plan.lineage, uid: &uid, stack: &stack, address: &step.address };
        let to = wish::to_update(description, &known, &now, &changes, &owner);
        let desk = self.desk(step, began)?;
        let op = uuid::Uuid::new_v4().to_string();
        let doubt = desk.doubt.clone();
        self.open.insert(step.id, Open { began, wish, protection: self.protection(step), uid: uid.clone(), doubt, earlier: None });
        // What is as it should be may turn out otherwise when it is read again, and then is asked to change all the same.
        let intent = self.intent(step, Attempt::Update, &op);
        // What moves by itself need not stay until the update is seen.
        let mut settled = known;
        self.governors.moving(description.kind, &step.place, &now).take_out(&mut settled);
        let alteration = Alteration { now, wish: settled, to, changes, uid };
        match step.action {
            Action::Adopt => self.begin(step.id, intent, work::adopt(desk, alteration)),
            _ => self.begin(step.id, intent, work::update(desk, alteration)),
        }
        Ok(())
    }

    /// Returns what differs now that everything is known. A replacement that was not planned stops the step.
    fn changes(
        &self,
        step: &Step,
        description: &'static Description,
        wish: &PlannedObject,
        now: &Observation,
    ) -> Result<Vec<Change>, Diagnostic> {
        let Some(record) = self.state.current(&step.address) else { return Ok(step.changes.clone()) };
        let declaration = self.job.world.configuration.declaration(&step.address.declared);
        let ignored = declaration.map(|declaration| self.job.world.provider(declaration).ignored.clone()).unwrap_or_default();
        let compare = Compare { description, wish, record, seen: now, digester: &*self.job.digester, ignored: &ignored };
        let mut changes = compare.changes();
        if let Some(declaration) = declaration {
            changes = without_ignored(description, &self.governors.ignoring(declaration, &record.place, now), now, changes);
        }
        if let Some(forcing) = changes.iter().find(|change| change.replaces) {
            let detail = format!(
                "`{}` of `{}` now takes a replacement, which the plan did not show. Nothing was done to it.",
                forcing.path, step.address
            );
            return Err(Diagnostic::error("Not as planned", detail).hint("plan again, and apply that plan"));
        }
        let named = |change: &&Change| !changes.iter().any(|now| now.path == change.path) && change.path.attribute() == Some("tags");
        let ownership: Vec<_> = step.changes.iter().filter(named).cloned().collect();
        changes.extend(ownership);
        Ok(changes)
    }

    pub(super) fn start_delete(&mut self, step: &Step, began: Instant) -> Result<(), Diagnostic> {
        let (last, uid) = self.what_there_is(step)?;
        let key = (step.address.clone(), step.generation);
        let mut how = last.inputs.clone();
        if let (Some(description), Some(record)) = (self.description(step), self.state.records.get(&key)) {
            // Destroy-time options: the spec's where it still declares the resource, else the record's.
            for row in description.inputs.iter().filter(|row| row.option) {
                let option = step.wish.get(row.name).and_then(Planned::known).or_else(|| record.inputs.get(row.name).cloned());
                option.into_iter().for_each(|value| how.set(row.name, value));
            }
        }
        self.may_be_left_open(step)?;
        let desk = self.desk(step, began)?;
        self.open.insert(step.id, Open { doubt: desk.doubt.clone(), ..Open::bare(began, uid) });
        let intent = self.intent(step, Attempt::Delete, &uuid::Uuid::new_v4().to_string());
        let record = self.state.records.get(&key).filter(|record| !record.lingering.is_empty());
        let watch = record.map(|record| Watch {
            lingers: self.job.settings.lingers(record),
            // What was deleted before and is there again is told by who asked for it.
            was_there: !record.is_watched() && self.was_there(step).is_some(),
            record: record.clone(),
            digester: self.job.digester.clone(),
        });
        self.begin(step.id, intent, work::delete(desk, Deletion { last, how, watch }));
        Ok(())
    }

    /// Where nobody waits, what is deleted is watched by the next run. Its name must then be nobody else's meanwhile.
    ///
    /// # Errors
    /// When another is to have its name, and a request that makes it anew may still arrive.
    fn may_be_left_open(&self, step: &Step) -> Result<(), Diagnostic> {
        let settings = &self.job.settings;
        let record = self.state.records.get(&(step.address.clone(), step.generation));
        let lingers = record.map(|record| settings.lingers(record)).filter(|left| !settings.waits && !left.is_zero());
        let (Some(record), Some(left), Some(description)) = (record, lingers, self.description(step)) else { return Ok(()) };
        let takes = |other: &&Step| {
            let named = foreseen(description, &other.wish, &other.place);
            other.action == Action::Create && other.address.kind() == step.address.kind() && named.is_none_or(|id| id == record.id)
        };
        let Some(other) = self.job.plan.steps.iter().find(takes) else { return Ok(()) };
        let detail = format!(
            "`{}` is to be destroyed and its name given to `{}`, while a request whose reply was lost may still make it anew. Nothing was done to it.",
            step.address, other.address
        );
        Err(Diagnostic::error("Operation in doubt", detail).hint(again_in(left)))
    }

    /// Returns what the plan saw of a step's resource, wherever its record was then: it may have moved to this address since.
    fn was_there(&self, step: &Step) -> Option<Observation> {
        let moved = self.job.plan.moves.iter().filter(|moved| moved.to == step.address).map(|moved| &moved.from);
        let mut sights = moved.chain([&step.address]).filter_map(|from| self.job.sights.get(&(from.clone(), step.generation)));
        sights.find_map(|sight| match sight {
            Sight::Here(seen) if Some(&seen.id) == step.physical_id.as_ref() => Some((**seen).clone()),
            Sight::Here(_) | Sight::Gone | Sight::Unseen(_) => None,
        })
    }

    fn what_there_is(&self, step: &Step) -> Result<(Observation, String), Diagnostic> {
        let record = self.state.records.get(&(step.address.clone(), step.generation));
        if let Some(record) = record {
            return Ok((self.was_there(step).unwrap_or_else(|| record.last_observation()), record.uid.clone()));
        }
        let found = self.job.answers.found.iter().find_map(|(request, sight)| match (request, sight) {
            (Request::Find { kind, place, .. }, Sight::Here(seen))
                if kind == step.address.kind() && *place == step.place && Some(&seen.id) == step.physical_id.as_ref() =>
            {
                Some((**seen).clone())
            }
            _ => None,
        });
        let found = found.ok_or_else(|| missing(step))?;
        let uid = found.inputs.get("tags").and_then(|tags| tags.as_members()?.get(lowtide_resource::TAG_ID)?.as_str().map(str::to_owned));
        let uid = uid.unwrap_or_else(|| uuid::Uuid::new_v4().to_string());
        Ok((found, uid))
    }
}
