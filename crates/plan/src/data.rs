//! Data sources: answered while planning where their arguments are known, read while applying where not.

use lowtide_diagnostic::{Diagnostic, Diagnostics};
use lowtide_model::{Description, Object, Planned, PlannedObject, Source};
use lowtide_spec::{Declaration, complained, to_expression};

use crate::{Action, InstanceKey, Reason, Request, advance::Walk, difference::unknown, draft::Draft};

impl Walk<'_> {
    /// Plans one instance of a data source.
    pub fn data(&mut self, declaration: &Declaration, description: &Description, instance: &InstanceKey) {
        match self.look(declaration, description, instance) {
            Ok(value) => self.world.set_instance(&declaration.declared, instance.0.clone(), value),
            Err(wrong) => {
                let nothing_known = answer(description, &PlannedObject::default(), None);
                self.world.set_instance(&declaration.declared, instance.0.clone(), nothing_known);
                self.wrong(wrong);
            }
        }
    }

    fn look(&mut self, declaration: &Declaration, description: &Description, instance: &InstanceKey) -> Result<Planned, Diagnostics> {
        let query = self.world.wish(declaration, description, instance)?;
        let scope = self.world.scope().instance(instance.0.as_ref(), instance.1.as_ref());
        let place = self.world.place(declaration, description, &scope)?;
        let waits = declaration.depends_on.iter().any(|reference| self.changes_behind(reference));
        let (Some(known), false) = (query.known(), waits) else {
            self.read_later(declaration, description, instance, &query, place);
            return Ok(answer(description, &query, None));
        };
        let hidden = query.0.values().any(Planned::holds_sensitive);
        if description.source == Source::Pure {
            let found = compute(description, &known, declaration)?;
            return Ok(answer(description, &query, Some(&found)).marked(hidden));
        }
        let request = Request::Look { kind: description.kind.to_owned(), place, query: known };
        match self.input.answers.looked.get(&request) {
            Some(Ok(found)) => Ok(answer(description, &query, Some(found)).marked(hidden)),
            Some(Err(why)) => {
                let detail = format!("`{}` could not be read. {why}", declaration.declared);
                Err(Diagnostic::error("Data source not read", detail).at(declaration.place.clone()).into())
            }
            None => {
                if !self.input.options.destroy {
                    self.needs.insert(request);
                }
                Ok(answer(description, &query, None))
            }
        }
    }

    fn changes_behind(&self, reference: &lowtide_spec::expression::Reference) -> bool {
        let lowtide_spec::expression::Root::Declared(declared) = &reference.root else { return false };
        self.renewed.iter().chain(&self.updated).any(|address| address.declared == *declared)
    }

    fn read_later(
        &mut self,
        declaration: &Declaration,
        description: &Description,
        instance: &InstanceKey,
        query: &PlannedObject,
        place: lowtide_model::Place,
    ) {
        let address = declaration.declared.instance(instance.0.clone());
        if self.input.options.destroy || !self.selection.has(&address) {
            return;
        }
        if let Some(needed) = self.needs_unmade(&declaration.declared) {
            return self.blocked_by(address, &needed);
        }
        self.later.insert(address.clone());
        self.drafts.push(Draft {
            depends_on: self.dependencies(&declaration.declared),
            address,
            generation: 0,
            physical_id: None,
            action: Action::Read,
            reason: Reason::New,
            changes: Vec::new(),
            before: Planned::NULL,
            after: answer(description, query, None),
            wish: query.clone(),
            place,
            provider: None,
            replaces: false,
            create_first: false,
            may_stand_on: std::collections::BTreeSet::new(),
            takes: None,
            clash: None,
        });
    }
}

/// Returns what a pure data source follows to.
///
/// # Errors
/// Returns its complaints at the declaration's attributes.
pub fn compute(description: &Description, query: &Object, declaration: &Declaration) -> Result<Object, Diagnostics> {
    let Some(compute) = description.compute else { return Ok(Object::default()) };
    compute(query).map_err(|complaints| {
        complaints.into_iter().map(|one| complained("Invalid arguments", one, &declaration.body, &declaration.place, &[])).collect()
    })
}

/// Returns a data source as expressions see it; what is not found yet is unknown.
pub fn answer(description: &Description, query: &PlannedObject, found: Option<&Object>) -> Planned {
    let mut whole = query.clone();
    for row in description.outputs {
        let value = found.map_or_else(|| unknown(&row.shape), |found| found.get(row.name).cloned().unwrap_or_default().into());
        whole.set(row.name, value.marked(row.secret));
    }
    for row in description.inputs.iter().filter(|row| row.computed() && query.get(row.name).is_none()) {
        let value = found.map_or_else(|| unknown(&row.shape), |found| found.get(row.name).cloned().unwrap_or_default().into());
        whole.set(row.name, value);
    }
    to_expression(description, &whole)
}
