//! In which order the stacks of a tick are seen to, and what stands in their way.

use std::collections::BTreeMap;

use lowtide_tide::{Member, Order, Phase, Waits};
use proptest::prelude::*;

fn member(stack: &str, requires: &[&str], should: Phase, stands: bool) -> Member {
    Member { stack: stack.to_owned(), requires: requires.iter().map(|name| (*name).to_owned()).collect(), should, stands }
}

/// `base`, `mid` upon it, and `app` upon that, each with what it should be and whether it stands.
fn chain(base: (Phase, bool), mid: (Phase, bool), app: (Phase, bool)) -> Order {
    Order::of(vec![
        member("app", &["mid"], app.0, app.1),
        member("base", &[], base.0, base.1),
        member("mid", &["base", "elsewhere"], mid.0, mid.1),
    ])
}

fn told(order: Order) -> Vec<String> {
    order
        .map(|(member, waits)| match waits {
            Some(Waits::Needed(by)) => format!("{} is needed by {by}", member.stack),
            Some(Waits::Lacking(what)) => format!("{} lacks {what}", member.stack),
            None => format!("{} {}", member.stack, member.should.word()),
        })
        .collect()
}

#[test]
fn what_requires_another_comes_after_it_and_goes_before_it() {
    let (up, down) = ((Phase::Up, false), (Phase::Down, true));
    assert_eq!(told(chain(up, up, up)), ["base up", "mid up", "app up"]);
    assert_eq!(told(chain(down, down, down)), ["app down", "mid down", "base down"]);
    assert_eq!(told(chain(up, up, down)), ["app down", "base up", "mid up"]);
}

#[test]
fn what_stands_keeps_what_it_requires_up() {
    let (up, down) = ((Phase::Up, true), (Phase::Down, true));
    assert_eq!(told(chain(down, down, up)), ["mid is needed by app", "base is needed by mid", "app up"]);
}

#[test]
fn nothing_is_brought_up_on_what_goes() {
    let (up, goes, gone) = ((Phase::Up, false), (Phase::Down, true), (Phase::Down, false));
    assert_eq!(told(chain(goes, up, up)), ["base down", "mid lacks base", "app lacks mid"]);
    assert_eq!(told(chain(gone, up, up)), ["base down", "mid lacks base", "app lacks mid"]);
}

#[test]
fn what_is_kept_up_on_the_way_keeps_what_it_requires() {
    let down = (Phase::Down, true);
    let mut order = chain(down, down, down);
    let (app, _) = order.next().expect("app");
    order.stays_up(&app);
    assert_eq!(told(order), ["mid is needed by app", "base is needed by mid"]);
}

/// Up to six stacks, each requiring some of those before it, in any order.
fn stacks() -> impl Strategy<Value = Vec<Member>> {
    let one = (any::<u8>(), any::<bool>(), any::<bool>());
    prop::collection::vec(one, 1..=6)
        .prop_map(|all| {
            let stack = |(n, (mask, up, stands)): (usize, (u8, bool, bool))| Member {
                stack: n.to_string(),
                requires: (0..n).filter(|m| mask >> m & 1 == 1).map(|m| m.to_string()).collect(),
                should: if up { Phase::Up } else { Phase::Down },
                stands,
            };
            all.into_iter().enumerate().map(stack).collect()
        })
        .prop_shuffle()
}

proptest! {
    /// Where no stack stands on one that does not, none ever does, whatever is done; and the next tick has nothing to add.
    #[test]
    fn nothing_ever_stands_on_nothing(all in stacks()) {
        let whole = |standing: &BTreeMap<String, bool>| {
            all.iter().all(|one| !standing[&one.stack] || one.requires.iter().all(|name| standing[name]))
        };
        let mut standing: BTreeMap<_, _> = all.iter().map(|one| (one.stack.clone(), one.stands)).collect();
        prop_assume!(whole(&standing));
        let tick = |standing: &mut BTreeMap<String, bool>| {
            let members = all.iter().map(|one| Member { stands: standing[&one.stack], ..one.clone() }).collect();
            let mut seen = 0;
            for (member, waits) in Order::of(members) {
                seen += 1;
                if waits.is_none() {
                    standing.insert(member.stack, member.should == Phase::Up);
                }
                prop_assert!(whole(standing));
            }
            prop_assert_eq!(seen, all.len());
            Ok(())
        };
        tick(&mut standing)?;
        let after = standing.clone();
        tick(&mut standing)?;
        prop_assert_eq!(after, standing);
    }
}
