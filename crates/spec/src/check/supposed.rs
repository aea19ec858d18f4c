//! A scope of suppositions: everything is unknown, but has the type it will have.

use std::collections::{HashMap, HashSet};

use lowtide_model::{Content, Declared, Description, Member, Planned, Type};

use crate::{
    configuration::{Configuration, Declaration, Repeat},
    expression::{Budget, Files, Root, Scope},
    schema::Schema,
};

/// What expressions see while they are tried out.
pub(super) struct Supposed<'a> {
    configuration: &'a Configuration,
    files: &'a dyn Files,
    loose: HashSet<Declared>,
    /// By kind, whether it is data, and how it is repeated: the same for all declarations of that sort.
    kinds: HashMap<(&'a str, bool, Sort), Planned>,
    variables: HashMap<&'a str, Planned>,
    anything: Planned,
    text: Planned,
    index: Planned,
    budget: Budget,
    /// The declaration that is tried out, for `self`.
    pub(super) within: Option<&'a Declaration>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Sort {
    One,
    Counted,
    Named,
}

impl<'a> Supposed<'a> {
    pub(super) fn new(configuration: &'a Configuration, schema: &'a Schema, files: &'a dyn Files, loose: HashSet<Declared>) -> Self {
        let variables = configuration.variables.values().map(|one| (&*one.name, Planned::unknown(one.ty.clone()))).collect();
        let mut kinds = HashMap::new();
        for declaration in configuration.declarations() {
            let Some(description) = schema.of(&declaration.declared) else { continue };
            for sort in [Sort::of(declaration), Sort::One] {
                let key = (&*declaration.declared.kind, declaration.declared.data, sort);
                kinds.entry(key).or_insert_with(|| sort.supposed(description));
            }
        }
        let index = Planned::unknown(Type::Number);
        let (anything, text) = (Planned::unknown(Type::Any), Planned::unknown(Type::String));
        Self { configuration, files, loose, kinds, variables, anything, text, index, budget: Budget::default(), within: None }
    }

    fn declaration(&self, declaration: &'a Declaration, sort: Sort) -> &Planned {
        let key = (&*declaration.declared.kind, declaration.declared.data, sort);
        if self.loose.contains(&declaration.declared) { &self.anything } else { self.kinds.get(&key).unwrap_or(&self.anything) }
    }
}

impl Sort {
    fn of(declaration: &Declaration) -> Self {
        match declaration.repeat {
            Repeat::None => Self::One,
            Repeat::Count(_) => Self::Counted,
            Repeat::ForEach(_) => Self::Named,
        }
    }

    fn supposed(self, description: &Description) -> Planned {
        let rows = || description.inputs.iter().chain(description.outputs);
        let object = || Type::Object(rows().map(|row| (row.name.to_owned(), Member { ty: row.shape.ty(), optional: true })).collect());
        match self {
            Self::One => Content::Object(rows().map(|row| (row.name.to_owned(), Planned::unknown(row.shape.ty()))).collect()).into(),
            Self::Counted => Planned::unknown(Type::List(Box::new(object()))),
            Self::Named => Planned::unknown(Type::Map(Box::new(object()))),
        }
    }
}

impl Scope for Supposed<'_> {
    fn value(&self, root: &Root) -> Option<&Planned> {
        Some(match root {
            Root::Variable(name) => self.variables.get(&**name).unwrap_or(&self.anything),
            Root::Declared(declared) => match self.configuration.declaration(declared) {
                Some(declaration) => self.declaration(declaration, Sort::of(declaration)),
                None => &self.anything,
            },
            Root::Itself => self.within.map_or(&self.anything, |declaration| self.declaration(declaration, Sort::One)),
            Root::EachKey | Root::Run(_) | Root::PathRoot => &self.text,
            Root::CountIndex => &self.index,
            Root::Local(_) | Root::Stack(..) | Root::EachValue => &self.anything,
            Root::Bound(_) => return None,
        })
    }

    fn files(&self) -> &dyn Files {
        self.files
    }

    fn budget(&self) -> &Budget {
        &self.budget
    }
}
