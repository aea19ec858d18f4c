//! A scope made of maps: what is known at a point of a run, and what one instance adds to it.

use std::{collections::HashMap, fmt, sync::Arc};

use lowtide_model::{Declared, Key, Planned};

use crate::expression::{Budget, Files, Root, Scope};

/// Files that may be read from several threads.
pub type SharedFiles = Arc<dyn Files + Send + Sync>;

/// What expressions may refer to, apart from what belongs to one instance.
#[derive(Clone)]
pub struct Values {
    variables: HashMap<Arc<str>, Planned>,
    locals: HashMap<Arc<str>, Planned>,
    declared: HashMap<Declared, Planned>,
    stacks: HashMap<Arc<str>, HashMap<Arc<str>, Planned>>,
    run: HashMap<Arc<str>, Planned>,
    root: Planned,
    files: SharedFiles,
    budget: Budget,
}

impl Values {
    /// Returns an empty scope whose file functions read from `files`; `path.root` is `.`.
    pub fn new(files: SharedFiles) -> Self {
        Self {
            variables: HashMap::new(),
            locals: HashMap::new(),
            declared: HashMap::new(),
            stacks: HashMap::new(),
            run: HashMap::new(),
            root: Planned::text("."),
            files,
            budget: Budget::default(),
        }
    }

    /// Sets `var.NAME`.
    pub fn set_variable(&mut self, name: Arc<str>, value: Planned) {
        self.variables.insert(name, value);
    }

    /// Sets several `var.NAME`.
    pub fn set_variables(&mut self, all: impl IntoIterator<Item = (Arc<str>, Planned)>) {
        self.variables.extend(all);
    }

    /// Sets `local.NAME`.
    pub fn set_local(&mut self, name: Arc<str>, value: Planned) {
        self.locals.insert(name, value);
    }

    /// Sets `KIND.NAME` or `data.KIND.NAME`: an object, with `count` a list, with `for_each` a map of objects.
    pub fn set_declared(&mut self, declared: Declared, value: Planned) {
        self.declared.insert(declared, value);
    }

    /// Sets `stack.STACK.OUTPUT`.
    pub fn set_stack_output(&mut self, stack: Arc<str>, output: Arc<str>, value: Planned) {
        self.stacks.entry(stack).or_default().insert(output, value);
    }

    /// Sets `lowtide.project`, `lowtide.stack` or `lowtide.environment`.
    pub fn set_run(&mut self, name: &str, value: Planned) {
        self.run.insert(name.into(), value);
    }

    /// Sets `path.root`.
    pub fn set_root(&mut self, value: Planned) {
        self.root = value;
    }

    /// Begins with a whole budget again: what is applied is one step of a plan after the other, each of which was within it.
    pub fn renew_budget(&mut self) {
        self.budget = Budget::default();
    }

    /// Returns the value of a declaration, if it is set.
    pub fn declared(&self, declared: &Declared) -> Option<&Planned> {
        self.declared.get(declared)
    }

    /// Returns the value of a declaration to change it, if it is set.
    pub fn declared_mut(&mut self, declared: &Declared) -> Option<&mut Planned> {
        self.declared.get_mut(declared)
    }

    /// Returns the scope of one instance: `each` and `count.index` from its key.
    pub fn instance(&self, key: Option<&Key>, value: Option<&Planned>) -> Instance<'_> {
        let mut instance = Instance { around: self, each: None, count: None, itself: None };
        match key {
            Some(Key::Index(index)) => instance.count = Some(lowtide_model::Content::Number((*index as usize).into()).into()),
            Some(Key::Name(name)) => {
                instance.each = Some((Planned::text(&**name), value.cloned().unwrap_or_else(|| Planned::text(&**name))));
            }
            None => {}
        }
        instance
    }
}

impl Scope for Values {
    fn value(&self, root: &Root) -> Option<&Planned> {
        match root {
            Root::Variable(name) => self.variables.get(name),
            Root::Local(name) => self.locals.get(name),
            Root::Declared(declared) => self.declared.get(declared),
            Root::Stack(stack, output) => self.stacks.get(stack)?.get(output),
            Root::Run(name) => self.run.get(name),
            Root::PathRoot => Some(&self.root),
            Root::EachKey | Root::EachValue | Root::CountIndex | Root::Itself | Root::Bound(_) => None,
        }
    }

    fn files(&self) -> &dyn Files {
        &*self.files
    }

    fn budget(&self) -> &Budget {
        &self.budget
    }
}

impl fmt::Debug for Values {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Values").field("variables", &self.variables).field("locals", &self.locals).finish_non_exhaustive()
    }
}

/// The scope of one instance of a declaration.
#[derive(Clone, Debug)]
pub struct Instance<'a> {
    around: &'a Values,
    each: Option<(Planned, Planned)>,
    count: Option<Planned>,
    itself: Option<Planned>,
}

impl Instance<'_> {
    /// Sets `self`, for postconditions.
    #[must_use]
    pub fn with_self(mut self, value: Planned) -> Self {
        self.itself = Some(value);
        self
    }
}

impl Scope for Instance<'_> {
    fn value(&self, root: &Root) -> Option<&Planned> {
        match root {
            Root::EachKey => self.each.as_ref().map(|(key, _)| key),
            Root::EachValue => self.each.as_ref().map(|(_, value)| value),
            Root::CountIndex => self.count.as_ref(),
            Root::Itself => self.itself.as_ref(),
            Root::Variable(_) | Root::Local(_) | Root::Declared(_) | Root::Stack(..) | Root::Run(_) | Root::PathRoot | Root::Bound(_) => {
                self.around.value(root)
            }
        }
    }

    fn files(&self) -> &dyn Files {
        self.around.files()
    }

    fn budget(&self) -> &Budget {
        self.around.budget()
    }
}
