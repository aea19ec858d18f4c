//! What takes a new one because something else changes: what it is a part of, and what it names in `replace_triggered_by`.

use lowtide_model::{Address, Declared};
use lowtide_spec::expression::{Reference, Root};

use crate::{Action, Reason, advance::Walk, draft::Draft, identity::attribute, resource::Instance};

impl Walk<'_> {
    /// Returns the resource that this one is a part of, if that one gets a new physical thing.
    pub fn renewed_parent(&self, instance: &Instance<'_>) -> Option<Address> {
        let parents = instance.description.inputs.iter().filter(|row| row.parent);
        let references = parents.filter_map(|row| Some((row.name, instance.declaration.body.get(row.name)?)));
        references
            .flat_map(|(name, written)| written.references().into_iter().map(move |reference| (name, reference)))
            .find_map(|(name, reference)| self.renewed_behind(instance, name, &reference))
    }

    fn renewed_behind(&self, instance: &Instance<'_>, name: &str, reference: &Reference) -> Option<Address> {
        let Root::Declared(declared) = &reference.root else { return None };
        if let Some(key) = &reference.key {
            let address = declared.instance(Some(key.clone()));
            return self.renewed.contains(&address).then_some(address);
        }
        let meant = |address: &&Address| address.key.is_none() || self.gives(address, instance, name, reference);
        let like = declared.instance(instance.address.key.clone());
        if self.renewed.contains(&like) && meant(&&like) {
            return Some(like);
        }
        self.renewed_of(declared).find(meant).cloned()
    }

    /// Returns whether the value of an attribute may come from this one of several instances.
    fn gives(&self, address: &Address, instance: &Instance<'_>, name: &str, reference: &Reference) -> bool {
        let wish = instance.wish.get(name);
        let whole = self.world.instance(&address.declared, address.key.as_ref());
        let given = reference.attribute.as_ref().and_then(|name| attribute(whole?, name));
        match (wish, given) {
            (Some(wish), Some(given)) => wish.is_unknown() && given.is_unknown() || wish.content == given.content,
            (_, None) | (None, _) => true,
        }
    }

    fn renewed_of<'s>(&'s self, declared: &'s Declared) -> impl Iterator<Item = &'s Address> {
        self.renewed.range(declared.instance(None)..).take_while(move |address| address.declared == *declared)
    }

    /// Returns what is named in `replace_triggered_by` and changes. What is only new triggers nothing.
    pub fn triggers(&self, instance: &Instance<'_>) -> Vec<Address> {
        let named = &instance.declaration.lifecycle.replace_triggered_by;
        let changed = named.iter().flat_map(|reference| self.drafts.iter().filter(move |draft| triggers(draft, reference)));
        let mut all: Vec<_> = changed.map(|draft| draft.address.clone()).collect();
        all.sort();
        all.dedup();
        all
    }
}

fn triggers(draft: &Draft, reference: &Reference) -> bool {
    let Root::Declared(declared) = &reference.root else { return false };
    let meant = draft.address.declared == *declared && (reference.key.is_none() || reference.key == draft.address.key);
    let changes = match draft.action {
        Action::Update => true,
        Action::Create => draft.reason != Reason::New,
        Action::Delete | Action::Read | Action::Adopt | Action::Forget => false,
    };
    let differs = |name: &str| attribute(&draft.before, name) != attribute(&draft.after, name);
    meant && changes && reference.attribute.as_ref().is_none_or(|name| differs(name))
}
