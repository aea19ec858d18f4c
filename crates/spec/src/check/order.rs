//! Which stack comes before which.

use std::{collections::BTreeMap, sync::Arc};

use lowtide_diagnostic::{Diagnostic, Diagnostics};

use crate::configuration::Configuration;

/// Returns the names of the stacks, each after those that it requires; names that are no stack are left to [`super::across`].
///
/// # Errors
/// When stacks require each other in a circle, shown with its places.
pub fn stack_order(stacks: &BTreeMap<Arc<str>, Configuration>) -> Result<Vec<Arc<str>>, Diagnostics> {
    let mut walk = Walk { stacks, done: Vec::new(), trail: Vec::new(), found: Diagnostics::default() };
    stacks.keys().for_each(|name| walk.visit(name));
    let Walk { done, found, .. } = walk;
    found.or(done).map(|(done, _)| done)
}

struct Walk<'a> {
    stacks: &'a BTreeMap<Arc<str>, Configuration>,
    done: Vec<Arc<str>>,
    trail: Vec<Arc<str>>,
    found: Diagnostics,
}

impl Walk<'_> {
    fn visit(&mut self, name: &Arc<str>) {
        let Some(stack) = self.stacks.get(name).filter(|_| !self.done.contains(name)) else { return };
        if let Some(start) = self.trail.iter().position(|other| other == name) {
            // That a stack requires itself is said where the stack is read.
            if self.trail.len() > start + 1 {
                let wrong = self.circle(start);
                self.found.push(wrong);
            }
            return;
        }
        self.trail.push(Arc::clone(name));
        stack.stack.requires.iter().for_each(|(required, _)| self.visit(required));
        self.trail.pop();
        self.done.push(Arc::clone(name));
    }

    fn circle(&self, start: usize) -> Diagnostic {
        let names = &self.trail[start..];
        let path: Vec<_> = names.iter().chain(names.first()).map(|name| format!("`{name}`")).collect();
        let detail = format!("The stacks require each other in a circle: {}. None of them could be applied first.", path.join(" → "));
        let mut places = names.iter().zip(names.iter().cycle().skip(1)).filter_map(|(from, to)| {
            let requires = &self.stacks.get(from)?.stack.requires;
            requires.iter().find(|(name, _)| name == to).map(|(_, place)| (place.clone(), format!("`{from}` requires `{to}`")))
        });
        let mut wrong = Diagnostic::error("Stacks in a circle", detail).at(places.next().map(|(place, _)| place));
        for (place, words) in places {
            wrong = wrong.with(place, words);
        }
        wrong.hint("remove one of them from `requires`, and pass what it gave as a variable")
    }
}
