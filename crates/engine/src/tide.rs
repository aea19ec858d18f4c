//! Stacks that come and go by a schedule: what should be now, holds, and one tick.

use lowtide_diagnostic::{Diagnostic, Diagnostics};
use lowtide_model::{Address, Value};
use lowtide_plan::Options;
use lowtide_spec::Configuration;
use lowtide_tide::{Desired, Hold, Notes, Phase, Schedule, TideStatus, Timestamp, desired, moment};

use crate::{Aim, Engine, Loaded, StackPlan, Trouble, looking::targets, recall};

/// The name of the note in which people hold a stack.
const HOLD: &str = "tide";
/// The name of the note in which the tide says how far it came.
const COURSE: &str = "course";
/// The tag by which something in a required stack keeps a stack up.
const KEEP_UNTIL: &str = "lowtide:keep-until";

/// What one tick comes to for one stack.
pub enum Tick {
    /// It is as it should be.
    Nothing(Desired),
    /// It should go, but something that it stands on is tagged to keep it.
    Kept {
        /// What is tagged.
        by: Address,
        /// Until when.
        until: Timestamp,
    },
    /// This is to be done.
    Turns(Desired, Vec<StackPlan>),
}

/// Returns the schedule of a stack, if it has one.
///
/// # Errors
/// Says what is wrong with it.
pub fn schedule(configuration: &Configuration) -> Result<Option<Schedule>, Diagnostic> {
    let Some(written) = &configuration.stack.schedule else { return Ok(None) };
    let read = Schedule::new(&written.timezone, &written.up, &written.down);
    read.map(Some).map_err(|why| {
        let why = why.to_string();
        let sentence = why.chars().next().map(|first| first.to_uppercase().to_string() + &why[first.len_utf8()..]).unwrap_or_default();
        Diagnostic::error("Invalid schedule", format!("{sentence}."))
            .at(written.place.clone())
            .hint("write for example \"0 8 * * MON-FRI\", or cron(0 8 ? * MON-FRI *) as AWS has it")
            .hint("a time zone is named as in \"Europe/Berlin\" or \"UTC\"")
    })
}

impl Engine {
    /// Returns how a stack's tide stands; nothing where it has no schedule.
    ///
    /// # Errors
    /// When its state or its notes can't be read.
    pub async fn tide(&self, loaded: &Loaded, now: Timestamp) -> Result<Option<TideStatus>, Trouble> {
        let Some(schedule) = schedule(&loaded.configuration)? else { return Ok(None) };
        let notes = self.notes(loaded).await?;
        let state = self.ledger.read(&loaded.key).await?.map(|read| read.state);
        let watched = state.as_ref().map_or(0, |state| state.watched().count());
        let resources = state.as_ref().map_or(0, |state| state.records.len() - watched);
        let open = watched + state.map_or(0, |state| state.pending.len());
        Ok(Some(TideStatus { stack: loaded.key.stack.clone(), schedule, notes, resources, open, now }))
    }

    /// Holds a stack as it is until then, against its schedule. Returns nothing where it has none.
    ///
    /// # Errors
    /// When its state can't be read, or the note can't be written.
    pub async fn hold(&self, loaded: &Loaded, until: Timestamp, now: Timestamp) -> Result<Option<Hold>, Trouble> {
        let Some(status) = self.tide(loaded, now).await? else { return Ok(None) };
        let hold = Hold { phase: status.actual(), until };
        self.held(loaded, Some(hold)).await?;
        Ok(Some(hold))
    }

    /// Ends a hold. Returns whether there was one.
    ///
    /// # Errors
    /// When the note can't be read or written.
    pub async fn release(&self, loaded: &Loaded) -> Result<bool, Trouble> {
        let held = self.notes(loaded).await?.hold.is_some();
        if held {
            self.held(loaded, None).await?;
        }
        Ok(held)
    }

    /// Returns what is to be done so that a stack is as it should be now; nothing where it has no schedule. What an earlier run
    /// left in doubt is found out about, and that a turn begins is written down; nothing else is written.
    ///
    /// A stack that should be up and was brought up whole is left to people until it goes. One whose turn does not come to
    /// [`Engine::reached`] is neither, so that the next tick takes it up again, whichever way it then goes.
    ///
    /// # Errors
    /// When it can't be planned, or it can't be told whether something keeps it.
    pub async fn tick(&self, loaded: &Loaded, now: Timestamp) -> Result<Option<Tick>, Trouble> {
        let Some(mut status) = self.tide(loaded, now).await? else { return Ok(None) };
        let should = desired(now, &status.schedule, status.notes.hold.as_ref());
        let aim = if should.phase == Phase::Up { Aim::Apply } else { Aim::Certainty };
        // What a killed run had made counts among what there is.
        if !self.recover(std::slice::from_ref(&loaded.key), aim).await?.is_empty() {
            let Some(again) = self.tide(loaded, now).await? else { return Ok(None) };
            status = again;
        }
        let is_so = match should.phase {
            Phase::Up => status.resources > 0 && status.notes.reached == Some(Phase::Up),
            Phase::Down => status.resources == 0 && status.open == 0,
        };
        if is_so {
            return Ok(Some(Tick::Nothing(should)));
        }
        if should.phase == Phase::Down
            && let Some((by, until)) = self.kept(loaded, &status.schedule, now).await?
        {
            return Ok(Some(Tick::Kept { by, until }));
        }
        let (one, options) = (std::slice::from_ref(loaded), Options::default());
        let plans = match should.phase {
            Phase::Up => self.plan_what_is_certain(one, &options).await?,
            Phase::Down => self.plan_destroy(one, &options, false).await?,
        };
        // To look and to plan takes its time; what people said meanwhile counts.
        if desired(now, &status.schedule, self.notes(loaded).await?.hold.as_ref()).phase != should.phase {
            return Box::pin(self.tick(loaded, now)).await;
        }
        if plans.iter().any(|one| !one.plan.is_empty()) {
            self.came(loaded, None).await?;
        }
        Ok(Some(Tick::Turns(should, plans)))
    }

    /// Writes down that a stack came through whole.
    ///
    /// # Errors
    /// When the note can't be written.
    pub async fn reached(&self, loaded: &Loaded, phase: Phase) -> Result<(), Trouble> {
        self.came(loaded, Some(phase)).await
    }

    /// Writes down how far the tide came: nowhere, as long as a turn is under way.
    async fn came(&self, loaded: &Loaded, reached: Option<Phase>) -> Result<(), Trouble> {
        let notes = self.notes(loaded).await?;
        if notes.reached == reached {
            return Ok(());
        }
        let text = Notes { reached, ..notes }.written_course();
        Ok(self.ledger.set_note(&loaded.key, COURSE, Some(&text)).await?)
    }

    /// Writes down how long people hold a stack.
    async fn held(&self, loaded: &Loaded, hold: Option<Hold>) -> Result<(), Trouble> {
        let text = Notes { hold, reached: None }.written_hold();
        Ok(self.ledger.set_note(&loaded.key, HOLD, text.as_deref()).await?)
    }

    async fn notes(&self, loaded: &Loaded) -> Result<Notes, Trouble> {
        let (hold, course) = (self.ledger.note(&loaded.key, HOLD).await?, self.ledger.note(&loaded.key, COURSE).await?);
        Notes::read(hold.as_deref(), course.as_deref()).map_err(|why| {
            Diagnostic::error("Unreadable notes", format!("Of stack `{}`, {why}.", loaded.key.stack))
                .hint(format!("they lie beside {}", self.ledger.location(&loaded.key)))
                .into()
        })
    }

    /// Looks in the stacks that this one requires for what is tagged to keep it; the tags that count are those in AWS now.
    async fn kept(&self, loaded: &Loaded, schedule: &Schedule, now: Timestamp) -> Result<Option<(Address, Timestamp)>, Trouble> {
        let (mut latest, mut wrong) = (None::<(Address, Timestamp)>, Diagnostics::default());
        for (name, _) in &loaded.configuration.stack.requires {
            let Some(read) = self.ledger.read(&self.key(name)).await? else { continue };
            let mut state = recall::shaped(read.state, &self.schema);
            state.records.retain(|(address, _), _| self.schema.kind(address.kind()).is_some_and(|kind| kind.tagged()));
            self.reach(state.records.values().map(|record| &record.place)).await?;
            for ((address, _), sight) in self.observer().look(targets(&state)).await {
                let seen = match sight {
                    Ok(Some(seen)) => seen,
                    Ok(None) => continue,
                    Err(fault) => {
                        let detail = format!(
                            "`{address}` of `{name}` can't be seen, so it can't be told whether it is tagged {KEEP_UNTIL}. {fault}."
                        );
                        wrong.push(Diagnostic::error("Not readable", detail));
                        continue;
                    }
                };
                let tag = seen.inputs.get("tags").and_then(Value::as_members).and_then(|tags| tags.get(KEEP_UNTIL));
                let Some(text) = tag.and_then(Value::as_str) else { continue };
                match moment(text, now, schedule) {
                    Some(until) if until > now && latest.as_ref().is_none_or(|(_, known)| until > *known) => {
                        latest = Some((address, until))
                    }
                    Some(_) => {}
                    None => {
                        let detail = format!("`{address}` of `{name}` is tagged {KEEP_UNTIL} = `{text}`, which is no time.");
                        wrong.push(Diagnostic::error("Invalid tag", detail).hint("write a time such as 2026-11-27T22:00:00Z"));
                    }
                }
            }
        }
        if wrong.has_errors() { Err(wrong.into()) } else { Ok(latest) }
    }
}
