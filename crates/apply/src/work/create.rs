//! Creating: one request, recognisable if its reply is lost, its id durable before anything else.

use std::time::Duration;

use lowtide_model::{Create, Object, Observation, Value};
use lowtide_plan::Event;
use lowtide_resource::{Ask, Class, Fault, Operation, TAG_ID};
use tokio::time::Instant;

use crate::wish::over;

use super::{Desk, Early, Ended, Noted, Trouble, patience::Patience, settle::Goal};

/// The longest pause between looks for something that may still appear. What does so mostly does at once, and each look is a call of its own.
const LONGEST_LOOK_AWAY: Duration = Duration::from_secs(60);

/// What a create needs.
pub struct Creation {
    /// The whole wish, ownership tags included.
    pub wish: Object,
    /// The operation; its id is in the tags.
    pub op: Operation,
    /// Whether nobody has looked yet if there is one already, which creating it would overwrite, or which nothing would later tell
    /// from ours. Its intent is written when there is none.
    pub look_first: bool,
    /// Earlier operations for it that may still arrive.
    pub lingering: Vec<String>,
}

/// Makes one and waits until it is what was asked for.
pub async fn create(desk: Desk, creation: Creation) -> Ended {
    match make(&desk, creation).await {
        Ok(ended) => ended,
        Err(early) => early.into(),
    }
}

async fn make(desk: &Desk, mut creation: Creation) -> Result<Ended, Early> {
    let mut patience = desk.patience(desk.kind.patience().create);
    if creation.look_first {
        let there = "its name, which was not known before this apply, is taken".to_owned();
        match ours(desk, &creation).await? {
            Found::Nothing => desk.note(Noted::Making, &creation.op.id).await?,
            Found::Ours(_) | Found::Earlier(..) | Found::Others => return Err(Trouble::Foreign(there).into()),
        }
    }
    let id = request(desk, &mut creation, &mut patience).await?;
    desk.note(Noted::Made(id.clone()), &creation.op.id).await?;
    let seen = desk.settle(&id, &creation.wish, patience).await?;
    let whole = over(desk.kind.description(), &creation.wish, &seen);
    let goal = Goal { wish: creation.wish, whole, cleared: Vec::new() };
    if !goal.unlike(desk, &seen).is_empty() {
        desk.note(Noted::Changing, &creation.op.id).await?;
    }
    let seen = desk.complete(seen, &goal, patience).await?;
    Ok(Ended::Here { uid: creation.op.id, seen: Box::new(seen) })
}

/// Sends the creating request until it is known to have made exactly one. What is waited for until that is known says nothing of how long
/// the thing takes.
async fn request(desk: &Desk, creation: &mut Creation, patience: &mut Patience) -> Result<String, Early> {
    let class = desk.kind.description().create;
    let mut lost = 0;
    loop {
        // A token or a put may be sent again as it is; the others must be looked for first.
        let repeatable = matches!(class, Create::Token { .. } | Create::Put);
        let (wish, op) = (creation.wish.clone(), creation.op.clone());
        let sent = desk.persist(repeatable, patience.lasts, || desk.kind.create(&desk.session, &wish, &op)).await;
        let fault = match sent {
            Ok(made) => return Ok(made.id),
            Err(Early::Trouble(Trouble::Fault(fault))) => fault,
            Err(other) => return Err(other),
        };
        let began = Instant::now();
        let made = match fault.class {
            Class::AlreadyExists => Some(taken(desk, creation, &fault).await?),
            Class::Ambiguous if lost < 3 && desk.reserve().take() => {
                lost += 1;
                desk.listener.hear(&Event::Retrying { step: desk.step.id, fault: fault.to_string(), attempt: lost + 1 });
                look_for_it(desk, creation, class, lost).await?
            }
            _ => return Err(fault.into()),
        };
        patience.excuse(began.elapsed());
        if let Some(id) = made {
            return Ok(id);
        }
    }
}

/// The reply was lost: looks whether it happened. `None` says that it did not, and it may be sent again.
async fn look_for_it(desk: &Desk, creation: &mut Creation, class: Create, attempt: u32) -> Result<Option<String>, Early> {
    desk.pause(attempt).await?;
    if let Found::Ours(id) = ours(desk, creation).await? {
        return Ok(Some(id));
    }
    if matches!(class, Create::TagOnly | Create::Preimage) {
        // Only a tag can find it, and it may appear late: wait, look again, and never send the same operation twice.
        if !desk.settings.waits {
            return Err(Trouble::InDoubt.into());
        }
        desk.waiting("the reply was lost; waiting whether it appears");
        let (began, window) = (Instant::now(), desk.settings.settle_window);
        let mut pause = desk.settings.pause_before(attempt + 3);
        while began.elapsed() < window {
            desk.pause_for(pause.min(window.saturating_sub(began.elapsed()))).await?;
            if let Found::Ours(id) = ours(desk, creation).await? {
                return Ok(Some(id));
            }
            pause = (pause * 2).min(LONGEST_LOOK_AWAY);
        }
        creation.renew();
        desk.note(Noted::Making, &creation.op.id).await?;
    }
    Ok(None)
}

/// There is one already: ours, if an earlier request of this operation did happen after all. While that is in doubt and nothing
/// is to be seen, it may be ours and not everywhere yet.
async fn taken(desk: &Desk, creation: &mut Creation, fault: &Fault) -> Result<String, Early> {
    let began = Instant::now();
    let mut attempt = 0;
    loop {
        match ours(desk, creation).await? {
            Found::Ours(id) => return Ok(id),
            Found::Earlier(id, uid) => {
                creation.become_operation(uid);
                return Ok(id);
            }
            Found::Nothing if desk.is_in_doubt() && !desk.settings.waits => return Err(Trouble::InDoubt.into()),
            Found::Nothing if desk.is_in_doubt() && began.elapsed() < desk.settings.not_yet => {}
            Found::Nothing | Found::Others => return Err(Trouble::Foreign(format!("AWS says: {fault}")).into()),
        }
        desk.waiting("there is one already; waiting whether it is ours");
        desk.pause(attempt).await?;
        attempt += 1;
    }
}

/// What is to be seen of what an operation makes.
enum Found {
    /// What it made.
    Ours(String),
    /// What an earlier operation of ours made, whose request was late.
    Earlier(String, String),
    /// Another thing of that name.
    Others,
    Nothing,
}

/// Looks for what this operation made: by its tag, or by its name where the tag there is ours. What has a name and no tags was not
/// there when it was planned, so it is ours if a request of ours may have made it.
async fn ours(desk: &Desk, creation: &Creation) -> Result<Found, Early> {
    let description = desk.kind.description();
    if let Some(id) = desk.kind.identity(&desk.session.place, &creation.wish) {
        let ask = Ask::new(id, creation.wish.clone());
        let seen = desk.observer.watch(&desk.kind, &desk.step.place, ask).await?;
        let tagged_so = |seen: &Observation| uid_of(&seen.inputs) == Some(&creation.op.id);
        let is_ours = |seen: &Observation| if description.tagged() { tagged_so(seen) } else { desk.is_in_doubt() };
        let earlier = |seen: &Observation| creation.lingering.iter().find(|uid| uid_of(&seen.inputs) == Some(uid)).cloned();
        return Ok(match seen {
            Some(seen) if is_ours(&seen) => Found::Ours(seen.id),
            Some(seen) if earlier(&seen).is_some() => Found::Earlier(seen.id.clone(), earlier(&seen).unwrap_or_default()),
            Some(_) => Found::Others,
            None => Found::Nothing,
        });
    }
    let found = desk.persist(true, desk.settings.not_yet, || desk.kind.find(&desk.session, &creation.op, &creation.wish)).await?;
    match found.as_slice() {
        [] => Ok(Found::Nothing),
        [id] => Ok(Found::Ours(id.clone())),
        several => Err(Fault::ours(&format!("one operation made several: {}", several.join(", "))).into()),
    }
}

pub(super) fn uid_of(inputs: &Object) -> Option<&str> {
    inputs.get("tags").and_then(Value::as_members)?.get(TAG_ID)?.as_str()
}

impl Creation {
    /// Becomes another operation, so that what the first one may still do is told apart.
    fn renew(&mut self) {
        self.become_operation(uuid::Uuid::new_v4().to_string());
    }

    fn become_operation(&mut self, id: String) {
        self.op = Operation { id };
        if let Some(Value::Map(tags)) = self.wish.0.get_mut("tags") {
            tags.insert(TAG_ID.to_owned(), self.op.id.as_str().into());
        }
    }
}
