//! Several things go wrong one after the other, in one run and the next: peace then brings everything about, with no
//! duplicate and no orphan.
//!
//! `LOWTIDE_SEQUENCES` says how many sequences, 10,000 in the profile `thorough`, `LOWTIDE_SEED` which is the first. What fails is made as small as it can be and
//! still fail, and printed with its seed.

use std::time::{Duration, Instant};

use lowtide_testkit::{
    dice::Dice,
    pretend::{Blow, LATE, Trouble, Verb, What},
};

use crate::{
    bench::{Bench, failures, run},
    spread::{spread, thorough},
};

/// A sequence: what is declared, what is done with it, and what goes wrong.
#[derive(Clone, Debug)]
struct Sequence {
    parts: Vec<Part>,
    turns: Vec<Turn>,
}

/// A part of the spec; each can be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// A net by token, and parts of it that only a tag can find.
    Net,
    /// One whose name is its key, its parts, put and keyed without tags, and one that is put and then changed.
    Role,
    /// One that is replaced with each setting, the new one first.
    Task,
    /// Secrets, blocks, what it holds on to.
    Base,
    /// What moves with each setting: renamed, replaced, new and gone.
    Moving,
}

/// One run.
#[derive(Clone, Debug)]
struct Turn {
    destroys: bool,
    setting: u8,
    troubles: Vec<Trouble>,
    blow: Option<(usize, Blow)>,
    /// Whether what may still arrive is waited for.
    waits: bool,
    /// How many seconds pass before it.
    after: u64,
    /// Whether it is on another machine than the one before.
    elsewhere: bool,
}

impl Sequence {
    fn of(seed: u64) -> Self {
        let mut dice = Dice(seed);
        let mut parts = vec![Part::Net, Part::Role, Part::Task, Part::Base, Part::Moving];
        parts.retain(|_| dice.below(2) == 0);
        if parts.is_empty() {
            parts.push(dice.of(&[Part::Net, Part::Role]));
        }
        let turns = (0..=dice.below(4)).map(|_| Turn::of(&mut dice)).collect();
        Self { parts, turns }
    }

    fn spec(&self, setting: u8) -> String {
        self.parts.iter().map(|part| part.text(setting)).collect()
    }

    /// Returns sequences that are one step smaller.
    fn smaller(&self) -> Vec<Self> {
        let mut all = Vec::new();
        for at in 0..self.turns.len() {
            let mut less = self.clone();
            less.turns.remove(at);
            all.push(less);
        }
        if self.parts.len() > 1 {
            for at in 0..self.parts.len() {
                let mut less = self.clone();
                less.parts.remove(at);
                all.push(less);
            }
        }
        for (at, turn) in self.turns.iter().enumerate() {
            for trouble in 0..turn.troubles.len() {
                let mut less = self.clone();
                less.turns[at].troubles.remove(trouble);
                all.push(less);
            }
            if !turn.waits {
                let mut less = self.clone();
                less.turns[at].waits = true;
                all.push(less);
            }
            if turn.elsewhere {
                let mut less = self.clone();
                less.turns[at].elsewhere = false;
                all.push(less);
            }
            if turn.after > 0 {
                let mut less = self.clone();
                less.turns[at].after = 0;
                all.push(less);
            }
            if turn.blow.is_some() {
                let mut less = self.clone();
                less.turns[at].blow = None;
                all.push(less);
            }
        }
        all
    }
}

impl Turn {
    fn of(dice: &mut Dice) -> Self {
        let troubles = (0..dice.below(3)).map(|_| trouble(dice)).collect();
        let blow = (dice.below(4) > 0).then(|| (1 + dice.below(60), dice.of(&[Blow::Death, Blow::Death, Blow::Loss])));
        let setting = if dice.below(2) == 0 { 1 } else { 2 };
        let after = dice.of(&[0, 0, 60, 240, 600]);
        let (destroys, waits, elsewhere) = (dice.below(4) == 0, dice.below(3) > 0, dice.below(3) == 0);
        Self { destroys, setting, troubles, blow, waits, after, elsewhere }
    }
}

fn trouble(dice: &mut Dice) -> Trouble {
    let kind = dice.of(&["net", "host", "role", "grant", "alarm", "gate", "task", "base"]);
    let verb = dice.of(&[Verb::Create, Verb::Create, Verb::Read, Verb::Find, Verb::Update, Verb::Delete]);
    let what = match verb {
        Verb::Create => dice.of(&[What::Refused, What::LostBefore, What::LostAfter, What::Throttled, What::Late]),
        Verb::Read | Verb::Find => dice.of(&[What::Refused, What::LostBefore, What::Denied]),
        Verb::Update if dice.below(3) == 0 => What::Late,
        Verb::Update | Verb::Delete => dice.of(&What::ALL),
    };
    Trouble { kind: format!("pretend_{kind}"), verb, nth: 1 + dice.below(4), what }
}

impl Part {
    fn text(self, setting: u8) -> String {
        match self {
            Self::Net => format!(
                "[resource.pretend_net.net]\ncidr = '10.0.0.0/16'\nsize = {setting}\nlabel = 'l{setting}'\n\
                 [resource.pretend_host.host]\ncount = 2\nnet = '${{pretend_net.net.id}}'\nlabel = '{setting}'\n"
            ),
            Self::Role => format!(
                "[resource.pretend_role.role]\nname = 'r'\nnote = '{setting}'\n\
                 [resource.pretend_grant.grant]\nrole = '${{pretend_role.role.id}}'\nname = 'g'\ndocument = {{ Statement = [{{ Action = 'a:{setting}' }}] }}\n\
                 [resource.pretend_gate.gate]\nrole = '${{pretend_role.role.id}}'\nname = 'k'\nnote = '{setting}'\n\
                 [resource.pretend_alarm.alarm]\nname = 'a'\nnote = '{setting}'\n"
            ),
            Self::Task => format!("[resource.pretend_task.task]\nfamily = 'f'\ncontainers = [{{ name = 'c', image = 'i{setting}' }}]\n"),
            Self::Base => format!("[resource.pretend_base.base]\npassword = 'p{setting}'\nstorage = {{ size = {setting} }}\n"),
            Self::Moving => format!(
                "[resource.pretend_net.moves]\ncidr = '10.{setting}.0.0/16'\n\
                 [resource.pretend_host.moves]\nnet = '${{pretend_net.moves.id}}'\n\
                 [resource.pretend_role.renamed]\nname = 'r{setting}'\n\
                 [resource.pretend_gate.moves]\nrole = '${{pretend_role.renamed.id}}'\nname = 'k'\n\
                 [resource.pretend_base.gone_{setting}]\n"
            ),
        }
    }
}

/// How a sequence went.
#[derive(Clone, Copy, Debug, Default)]
struct Went {
    wrong: usize,
    deaths: usize,
    appends: usize,
}

/// Goes through one sequence.
async fn go(sequence: &Sequence) -> Result<Went, String> {
    let mut bench = Bench::new();
    let mut went = Went::default();
    for turn in &sequence.turns {
        turn.troubles.iter().cloned().for_each(|trouble| bench.pretend.make_trouble(trouble));
        if let Some((nth, blow)) = turn.blow {
            bench.pretend.fate().strike_at(nth, blow);
        }
        tokio::time::sleep(Duration::from_secs(turn.after)).await;
        if turn.elsewhere {
            bench.ledger.go_elsewhere();
        }
        bench.engine.settings.waits = turn.waits;
        let spec = sequence.spec(turn.setting);
        let began = tokio::time::Instant::now();
        let ended = if turn.destroys { bench.mortal(bench.destroy(&spec)).await } else { bench.mortal(bench.apply(&spec)).await };
        // What was just made and is not to be seen yet is looked at for a while all the same.
        let waited = began.elapsed() >= bench.engine.settings.settle_window;
        if !turn.waits && turn.troubles.is_empty() && turn.blow.is_none() && waited {
            return Err(format!("it waited for {:?}", began.elapsed()));
        }
        went.wrong += usize::from(ended.as_ref().is_none_or(|ended| failures(ended).is_some()));
        went.deaths += usize::from(ended.is_none());
        bench.pretend.fate().spare();
    }
    bench.pretend.calm();
    bench.engine.settings.waits = true;
    let last = sequence.spec(2);
    failures(&bench.apply(&last).await).map_or(Ok(()), |why| Err(format!("apply in peace: {why}")))?;
    if let Err(why) = bench.settled(&last).await {
        // What was asked for twice and then changed may be set back by the first request; that is over when the window is.
        let late = |turn: &Turn| turn.troubles.iter().any(|trouble| trouble.what == What::Late);
        if !sequence.turns.iter().any(late) {
            return Err(why);
        }
        tokio::time::sleep(2 * LATE).await;
        failures(&bench.apply(&last).await).map_or(Ok(()), |why| Err(format!("apply when all has arrived: {why}")))?;
        bench.settled(&last).await?;
    }
    failures(&bench.destroy(&last).await).map_or(Ok(()), |why| Err(format!("destroy: {why}")))?;
    // What was on its way all that time arrives.
    tokio::time::sleep(2 * LATE).await;
    bench.nothing_is_left().await?;
    Ok(Went { appends: bench.ledger.appends(), ..went })
}

/// Returns the smallest that still fails, and why it does.
fn shrunk(mut sequence: Sequence, mut why: String) -> (Sequence, String) {
    while let Some((less, still)) = sequence.smaller().into_iter().find_map(|less| run(go(&less)).err().map(|still| (less, still))) {
        (sequence, why) = (less, still);
    }
    (sequence, why)
}

fn number(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn random_sequences_of_troubles_and_crashes_are_survived() {
    let (count, first) = (number("LOWTIDE_SEQUENCES", if thorough() { 10_000 } else { 200 }), number("LOWTIDE_SEED", 1));
    let began = Instant::now();
    let all = spread(count, |nth| {
        let seed = (first + nth - 1) as u64;
        run(go(&Sequence::of(seed))).map_err(|why| (seed, why))
    });
    let wrong: Vec<_> = all.iter().filter_map(|one| one.as_ref().err()).collect();
    let went = all.iter().flatten().fold(Went::default(), |sum, one| Went {
        wrong: sum.wrong + one.wrong,
        deaths: sum.deaths + one.deaths,
        appends: sum.appends + one.appends,
    });
    println!(
        "{count} sequences from seed {first}: {} runs went wrong on the way, {} of them were killed, {} ledger writes, {} sequences not survived, {:?}",
        went.wrong,
        went.deaths,
        went.appends,
        wrong.len(),
        began.elapsed()
    );
    if let Some((seed, why)) = wrong.first() {
        let (sequence, still) = shrunk(Sequence::of(*seed), why.clone());
        panic!("LOWTIDE_SEED={seed} LOWTIDE_SEQUENCES=1: {why}\nmade small, {still}:\n{sequence:#?}");
    }
}
