//! A resource that is made anew: why, and in which order.

use lowtide_diagnostic::Diagnostic;
use lowtide_model::{Observation, Phase, Planned, Type};
use lowtide_spec::Written;
use lowtide_state::Record;

use crate::{Action, Change, Reason, advance::Walk, after::as_seen, draft::Draft, identity, resource::Instance};

impl Walk<'_> {
    /// Returns why what is there can't become what is asked for, if it can't.
    pub fn replacing(&self, instance: &Instance<'_>, seen: &Observation, changes: &[Change]) -> Option<Reason> {
        if let Phase::Failed { replace: true, why } = &seen.phase {
            return Some(Reason::Broken(why.clone()));
        }
        if self.input.options.replace.contains(&instance.address) {
            return Some(Reason::ReplaceRequested);
        }
        if let Some(parent) = self.renewed_parent(instance) {
            return Some(Reason::ParentReplaced(parent));
        }
        let triggers = self.triggers(instance);
        if !triggers.is_empty() {
            return Some(Reason::Triggered(triggers));
        }
        let forced: Vec<_> = changes.iter().filter(|change| change.replaces).collect();
        if forced.is_empty() {
            return None;
        }
        let certain = forced.iter().any(|change| change.after.is_wholly_known());
        Some(if certain { Reason::Replaced } else { Reason::PerhapsReplaced })
    }

    /// Plans that a new one takes the place of what is there.
    pub fn replace(
        &mut self,
        instance: Instance<'_>,
        record: &Record,
        seen: &Observation,
        changes: Vec<Change>,
        reason: Reason,
    ) -> Planned {
        if self.protected(&instance) {
            let detail = format!("`{}` would be destroyed and made anew, and its lifecycle says `prevent_destroy`.", instance.address);
            let wrong = Diagnostic::error("Protected resource", detail).at(instance.declaration.place.clone());
            self.found.push(wrong.hint("take back the change that forces this, or prevent_destroy"));
        }
        let create_first = self.create_first(&instance);
        let clash = identity::clash(&instance, record).map(Box::new);
        let hidden = instance.hidden(Some(record));
        let before = as_seen(hidden, seen);
        let after = self.wished(&instance, None, &changes);
        self.renewed.insert(instance.address.clone());
        let create = Draft {
            generation: self.next_generation(&record.address).max(record.generation + 1),
            changes,
            before: before.clone(),
            after: after.clone(),
            replaces: true,
            create_first,
            clash,
            ..self.draft(instance, Action::Create, reason.clone())
        };
        self.drafts.push(Draft {
            generation: record.generation,
            physical_id: Some(record.id.clone()),
            action: Action::Delete,
            changes: Vec::new(),
            before,
            after: Planned::NULL,
            place: record.place.clone(),
            provider: record.provider.clone(),
            depends_on: record.dependencies.iter().cloned().collect(),
            takes: None,
            clash: None,
            ..create.clone()
        });
        self.drafts.push(create);
        after
    }

    /// Returns whether its record says otherwise of its end than its declaration does, as far as that is known.
    pub fn protected_otherwise(&self, instance: &Instance<'_>, record: &Record) -> bool {
        let lifecycle = &instance.declaration.lifecycle;
        let differs = |written: &Option<Written>, remembered: bool| {
            let known = |written: &Written| written.evaluate_as(&Type::Bool, self.world.scope()).is_ok_and(|value| value.is_wholly_known());
            written.as_ref().is_none_or(known) && flag(written.as_ref(), self.world.scope()) != remembered
        };
        differs(&lifecycle.prevent_destroy, record.protection.prevent_destroy)
            || differs(&lifecycle.create_before_destroy, record.protection.create_before_destroy)
    }

    fn protected(&self, instance: &Instance<'_>) -> bool {
        let scope = self.world.scope().instance(instance.key.0.as_ref(), instance.key.1.as_ref());
        prevented(instance.declaration.lifecycle.prevent_destroy.as_ref(), &scope)
    }

    fn create_first(&self, instance: &Instance<'_>) -> bool {
        match &instance.declaration.lifecycle.create_before_destroy {
            None => instance.description.replace == lowtide_model::Order::CreateFirst,
            written => flag(written.as_ref(), self.world.scope()),
        }
    }
}

/// Returns whether an optional truth value is set to true.
pub fn flag(written: Option<&Written>, scope: &dyn lowtide_spec::expression::Scope) -> bool {
    written.and_then(|written| written.evaluate_as(&Type::Bool, scope).ok()).and_then(|value| value.as_bool()).unwrap_or(false)
}

/// Returns whether `prevent_destroy` holds; what can't be told protects.
pub fn prevented(written: Option<&Written>, scope: &dyn lowtide_spec::expression::Scope) -> bool {
    written.is_some_and(|written| written.evaluate_as(&Type::Bool, scope).ok().and_then(|value| value.as_bool()) != Some(false))
}
