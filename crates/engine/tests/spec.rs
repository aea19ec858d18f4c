//! Random specs and edits of them.

use proptest::{prelude::*, sample::Index, strategy::ValueTree, test_runner::TestRunner};

const KINDS: [&str; 7] = ["pretend_net", "pretend_host", "pretend_role", "pretend_grant", "pretend_task", "pretend_base", "pretend_note"];

/// One resource of a spec.
#[derive(Clone, Debug)]
pub struct One {
    kind: usize,
    refers: Vec<Index>,
    waits: Vec<Index>,
    name: u8,
    setting: u8,
    extra: bool,
    count: Option<u8>,
}

/// Resources in order: each refers only to some before it.
pub type Spec = Vec<One>;

fn one() -> impl Strategy<Value = One> {
    let indexes = |most| prop::collection::vec(any::<Index>(), 0..most);
    (0usize..7, indexes(4), indexes(2), 0u8..3, 0u8..3, any::<bool>(), prop::option::weighted(0.2, 1u8..4))
        .prop_map(|(kind, refers, waits, name, setting, extra, count)| One { kind, refers, waits, name, setting, extra, count })
}

/// Gives random specs and edits, the same each time.
pub struct Source(TestRunner);

impl Source {
    pub fn new() -> Self {
        Self(TestRunner::deterministic())
    }

    pub fn spec(&mut self, sizes: std::ops::Range<usize>) -> Spec {
        self.draw(&prop::collection::vec(one(), sizes))
    }

    /// Changes settings, names, references, counts, whole resources, and how many there are.
    pub fn edit(&mut self, spec: &Spec) -> Spec {
        let mut all = spec.clone();
        for (index, sort, other) in self.draw(&prop::collection::vec((any::<Index>(), 0u8..6, one()), 1..6)) {
            let at = index.index(all.len());
            match sort {
                0 => all[at].setting = other.setting,
                1 => all[at].refers = other.refers,
                2 => all[at].name = other.name,
                3 => all[at].count = other.count,
                4 => all[at].extra = other.extra,
                _ => all[at] = other,
            }
        }
        let shorter = self.draw(&prop::option::weighted(0.3, any::<Index>()));
        let less = shorter.map_or(0, |index| index.index(all.len() / 2 + 1));
        all.truncate(all.len() - less);
        all
    }

    pub fn number(&mut self, below: usize) -> usize {
        self.draw(&any::<Index>()).index(below)
    }

    fn draw<S: Strategy>(&mut self, strategy: &S) -> S::Value {
        strategy.new_tree(&mut self.0).expect("a value").current()
    }
}

/// Whether a new one comes before the old one goes; the same for every edit, so that what holds it can rely on it.
fn comes_first(at: usize, kind: usize) -> bool {
    kind == 4 || (at.is_multiple_of(3) && matches!(kind, 0 | 1 | 5))
}

/// Writes a spec as text.
pub fn text(all: &Spec) -> String {
    let mut text = String::from("[data.pretend_zones.all]\n");
    for (at, one) in all.iter().enumerate() {
        let before = &all[..at];
        let name = |to: usize| format!("{}.r{to}", KINDS[before[to].kind]);
        let id = |to: usize| format!("${{{}{}.id}}", name(to), if before[to].count.is_some() { "[0]" } else { "" });
        let targets: Vec<usize> =
            one.refers.iter().filter(|_| at > 0).map(|index| index.index(before.len())).filter(|to| before[*to].kind != 6).collect();
        let (holds, uses): (Vec<_>, Vec<_>) = targets.iter().partition(|to| comes_first(**to, before[**to].kind));
        let list = |all: &[&usize]| all.iter().map(|to| format!("'{}'", id(**to))).collect::<Vec<_>>().join(", ");
        let of_kind = |kind: usize| targets.iter().copied().chain(0..at).find(|to| before[*to].kind == kind);
        let kind = match one.kind {
            1 if of_kind(0).is_none() => 0,
            3 if of_kind(2).is_none() => 2,
            kind => kind,
        };
        // A resource whose kind had to change would mislead those after it.
        if kind != one.kind {
            let mut all = all.clone();
            all[at].kind = kind;
            return self::text(&all);
        }
        text += &format!("[resource.{}.r{at}]\n", KINDS[kind]);
        if let Some(count) = one.count {
            text += &format!("count = {count}\n");
        }
        let waits: Vec<_> = one.waits.iter().filter(|_| at > 0).map(|index| format!("'{}'", name(index.index(before.len())))).collect();
        if !waits.is_empty() {
            text += &format!("depends_on = [{}]\n", waits.join(", "));
        }
        let several = if one.count.is_some() { "-${count.index}" } else { "" };
        let (setting, extra) = (one.setting, one.extra);
        let extras = |lines: &str| if extra { lines.to_owned() } else { String::new() };
        text += &match kind {
            0 => format!(
                "cidr = '10.{}.0.0/16'\nsize = {setting}\ntags = {{ Name = 'n{setting}' }}\n{}",
                one.name,
                extras("label = 'x'\nzone = '${data.pretend_zones.all.names[0]}'\n")
            ),
            1 => format!("net = '{}'\nlabel = 'l{setting}'\n", id(of_kind(0).expect("a net"))),
            2 => format!(
                "name = 'n{}-{at}{several}'\nnote = '{setting}'\n{}",
                one.name,
                extras("policy = { Statement = { Action = 'a:B' } }\n")
            ),
            3 => format!(
                "role = '{}'\nname = 'g{}-{at}{several}'\ndocument = {{ Statement = [{{ Action = 'a:{setting}' }}] }}\n",
                id(of_kind(2).expect("a role")),
                one.name
            ),
            4 => format!("family = 'f{}'\ncontainers = [{{ name = 'c', image = 'i{setting}' }}]\n", one.name),
            5 => format!(
                "password = 'p{}'\nstorage = {{ size = {setting}{} }}\nkeep_days = {}\n{}",
                one.name,
                extras(", throughput = 3"),
                setting + 1,
                extras("force = true\ntoken = 't'\nsettings = { a = [1] }\negress = [{ port = 443, from = ['10.0.0.0/8'] }]\n")
            ),
            _ => format!("text = 't{setting}'\ntriggers = [{}]\n", list(&targets.iter().collect::<Vec<_>>())),
        };
        if matches!(kind, 0 | 1 | 2 | 4 | 5) {
            text += &format!("uses = [{}]\nholds = [{}]\n", list(&uses), list(&holds));
        }
        if comes_first(at, kind) && kind != 4 {
            text += &format!("[resource.{}.r{at}.lifecycle]\ncreate_before_destroy = true\n", KINDS[kind]);
        }
        if matches!(kind, 0 | 2 | 6) {
            let attribute = ["version", "", "unique", "", "", "", "echo"][kind];
            text += &format!(
                "[output.r{at}]\nvalue = '${{{}.r{at}{}.{attribute}}}'\n",
                KINDS[kind],
                if one.count.is_some() { "[0]" } else { "" }
            );
        }
    }
    text
}
