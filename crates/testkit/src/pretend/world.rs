//! What there is in the pretend AWS, and what it refuses.

use std::collections::BTreeMap;

use lowtide_model::{Description, Object, Phase, Value};
use lowtide_resource::{Class, Fault};

use super::{
    kind::OPEN,
    trouble::{Call, Trouble, Verb, What},
};

/// One thing.
#[derive(Clone, Debug, PartialEq)]
pub struct Thing {
    /// Its kind.
    pub kind: &'static str,
    /// Its physical id.
    pub id: String,
    /// Its inputs as they are, tags and what is never shown included.
    pub inputs: Object,
    /// The token it was made with.
    pub token: String,
    /// How often it was changed in a way that renews outputs.
    pub version: i64,
    /// How many reads until it can be used, and then until it is stable.
    pub settling: (u32, u32),
    /// How often `delete` still says that it is going, once it was asked to.
    pub going: u32,
}

impl Thing {
    /// Returns one of its tags.
    pub fn tag(&self, key: &str) -> Option<&str> {
        self.inputs.get("tags")?.as_members()?.get(key)?.as_str()
    }

    /// Returns whether it lets everything out, as a new one does until it is told otherwise.
    pub fn is_open(&self) -> bool {
        let rules = self.inputs.get("egress").and_then(Value::elements).unwrap_or_default();
        rules.iter().any(|rule| rule.as_members().and_then(|rule| rule.get("port")) == Some(&OPEN.into()))
    }

    /// Returns how far it is; each look brings it further.
    pub fn look(&mut self) -> Phase {
        match &mut self.settling {
            (0, 0) => Phase::Stable,
            (0, rest) => {
                *rest -= 1;
                Phase::Usable("settling".to_owned())
            }
            (rest, _) => {
                *rest -= 1;
                Phase::Accepted("provisioning".to_owned())
            }
        }
    }
}

/// Everything there is.
#[derive(Default)]
pub struct World {
    /// By the order in which they were made.
    pub things: BTreeMap<u64, Thing>,
    /// What was asked.
    pub calls: Vec<Call>,
    /// What each token has made.
    pub tokens: BTreeMap<String, String>,
    /// Whether something went wrong.
    pub troubled: bool,
    troubles: Vec<Trouble>,
    /// How often each kind was asked for each thing.
    counts: BTreeMap<(&'static str, Verb), usize>,
    made: u64,
}

impl World {
    /// Adds a trouble that counts from now.
    pub fn trouble(&mut self, trouble: Trouble) {
        let so_far = self.counts.iter().find(|((kind, verb), _)| *kind == trouble.kind && *verb == trouble.verb);
        let so_far = so_far.map_or(0, |(_, count)| *count);
        self.troubles.push(Trouble { nth: so_far + trouble.nth, ..trouble });
    }

    /// Forgets calls and troubles.
    pub fn calm(&mut self) {
        self.calls.clear();
        self.counts.clear();
        self.troubles.clear();
        self.troubled = false;
    }

    /// Takes note of a call; returns what goes wrong with it.
    pub fn called(&mut self, kind: &'static str, verb: Verb, id: &str) -> Option<What> {
        self.calls.push(Call { kind, verb, id: id.to_owned() });
        let nth = self.counts.entry((kind, verb)).or_default();
        *nth += 1;
        let nth = *nth;
        let trouble = self.troubles.iter().find(|trouble| trouble.kind == kind && trouble.verb == verb && trouble.nth == nth)?;
        self.troubled = true;
        Some(trouble.what)
    }

    /// Returns the thing with this id.
    pub fn thing(&mut self, kind: &str, id: &str) -> Option<&mut Thing> {
        self.things.values_mut().find(|thing| thing.kind == kind && thing.id == id)
    }

    /// Adds a thing.
    pub fn add(&mut self, thing: Thing) {
        self.made += 1;
        self.things.insert(self.made, thing);
    }

    /// Returns a new physical id.
    pub fn new_id(&self, kind: &str) -> String {
        format!("{}-{}", kind.trim_start_matches("pretend_"), self.made + 1)
    }

    pub fn put(&mut self, kind: &'static str, id: &str, inputs: Object) {
        let id = id.to_owned();
        self.add(Thing { kind, id, inputs, token: String::new(), version: 1, settling: (0, 0), going: 0 });
    }

    pub fn change(&mut self, id: &str, attribute: &str, value: Value) -> bool {
        let thing = self.things.values_mut().find(|thing| thing.id == id);
        thing.map(|thing| thing.inputs.set(attribute, value)).is_some()
    }

    pub fn remove(&mut self, id: &str) -> bool {
        let before = self.things.len();
        self.things.retain(|_, thing| thing.id != id);
        self.things.len() < before
    }

    /// Checks that everything referred to is there.
    ///
    /// # Errors
    /// Says what is not.
    pub fn check_references(&self, description: &Description, inputs: &Object) -> Result<(), Fault> {
        for row in description.inputs {
            let Some(refers) = row.refers else { continue };
            let kind = refers.split_once('.').map_or(refers, |(kind, _)| kind);
            for id in ids(inputs.get(row.name)) {
                let there = self.things.values().any(|thing| thing.id == id && (kind == "any" || thing.kind == kind));
                if !there {
                    let words = format!("{} of {} names {id}, which is not there", row.name, description.kind);
                    return Err(Fault::bare(Class::Invalid, words));
                }
            }
        }
        Ok(())
    }

    /// Returns what keeps a thing from going, if anything does: its parts, and what holds it.
    pub fn user_of(&self, id: &str) -> Option<&Thing> {
        self.things.values().find(|thing| {
            thing.id != id && ["net", "role", "holds"].iter().any(|name| ids(thing.inputs.get(name)).iter().any(|used| used == id))
        })
    }
}

fn ids(value: Option<&Value>) -> Vec<String> {
    let Some(value) = value else { return Vec::new() };
    let all = value.elements().unwrap_or_else(|| vec![value]);
    all.into_iter().filter_map(Value::as_str).map(str::to_owned).collect()
}
