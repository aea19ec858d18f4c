//! Steps as the user counts them: a replacement is one entry, not two.

use lowtide_plan::{Action, Plan, Step};

/// What happens to one resource.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The step; of a replacement the one that creates.
    pub step: &'a Step,
    /// Of a replacement the step that deletes.
    pub old: Option<&'a Step>,
}

/// What happens, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// It is made.
    Create,
    /// It is changed in place.
    Update,
    /// It is replaced; whether the new one comes first.
    Replace {
        /// Whether the new one comes before the old one goes.
        create_first: bool,
    },
    /// It is destroyed.
    Delete,
    /// It is read.
    Read,
    /// It is taken on.
    Adopt,
    /// It is no longer remembered.
    Forget,
}

impl Entry<'_> {
    /// Returns what happens.
    pub fn sort(&self) -> Sort {
        match (self.step.action, self.old) {
            (_, Some(_)) => Sort::Replace { create_first: self.step.create_first },
            (Action::Create, None) => Sort::Create,
            (Action::Update, None) => Sort::Update,
            (Action::Delete, None) => Sort::Delete,
            (Action::Read, None) => Sort::Read,
            (Action::Adopt, None) => Sort::Adopt,
            (Action::Forget, None) => Sort::Forget,
        }
    }
}

/// Returns the entries of a plan in the order of their first steps.
pub fn entries(plan: &Plan) -> Vec<Entry<'_>> {
    let partner = |step: &Step| step.pair.and_then(|pair| plan.steps.get(pair));
    let mut all = Vec::new();
    for step in &plan.steps {
        match (step.action, partner(step)) {
            (Action::Create, Some(old)) if old.id < step.id => {}
            (Action::Delete, Some(new)) if new.id < step.id => {}
            (Action::Create, Some(old)) => all.push(Entry { step, old: Some(old) }),
            (Action::Delete, Some(new)) => all.push(Entry { step: new, old: Some(step) }),
            (Action::Create | Action::Delete | Action::Update | Action::Read | Action::Adopt | Action::Forget, _) => {
                all.push(Entry { step, old: None });
            }
        }
    }
    all
}
