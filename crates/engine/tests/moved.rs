//! What gets another address takes along what an earlier run has open for it, and leaves behind what goes.

use lowtide_model::Address;
use lowtide_testkit::pretend::{Blow, LATE, Trouble, Verb, What};

use crate::{
    bench::{Bench, failures, run},
    stand_in::StandIn,
};

fn net(repeat: &str) -> String {
    format!("[resource.pretend_net.net]\n{repeat}cidr = '10.0.0.0/16'\n")
}

fn address(text: &str) -> Address {
    text.parse().expect("an address")
}

/// Has a run die that makes one of a kind, with its request on its way.
async fn dies_making_one(bench: &mut Bench, kind: &str, spec: &str) {
    bench.pretend.calm();
    bench.pretend.make_trouble(Trouble { kind: kind.to_owned(), verb: Verb::Create, nth: 1, what: What::Late });
    let (fate, spared) = (bench.pretend.fate().clone(), bench.engine.catalog.clone());
    let when_done = move |_, _: &_, _: Option<&_>| {
        fate.strike_at(2, Blow::Death);
        Ok(())
    };
    StandIn::before(bench, kind, Box::new(when_done));
    assert!(bench.mortal(bench.apply(spec)).await.is_none());
    bench.engine.catalog = spared;
    bench.pretend.fate().spare();
    bench.kill();
}

#[test]
fn what_is_on_its_way_to_an_address_arrives_at_the_next_one() {
    run(async {
        let mut bench = Bench::new();
        assert_eq!(failures(&bench.apply(&net("")).await), None);
        let id = bench.pretend.things()[0].id.clone();
        assert!(bench.pretend.remove(&id));
        dies_making_one(&mut bench, "pretend_net", &net("")).await;
        let (before, after) = ((address("pretend_net.net"), 0), (address("pretend_net.net[0]"), 0));
        let state = bench.state().await;
        assert!(state.records.contains_key(&before) && state.pending.contains_key(&before));
        let spec = net("count = 1\n");
        assert_eq!(failures(&bench.apply(&spec).await), None);
        tokio::time::sleep(2 * LATE).await;
        assert_eq!(bench.settled(&spec).await, Ok(()));
        assert_eq!(bench.state().await.records.keys().collect::<Vec<_>>(), [&after]);
    });
}

/// A replacement whose old half stayed: the new one gets the next address, the old one goes from where it is.
#[test]
fn what_was_replaced_and_stayed_goes_when_the_new_one_moves() {
    run(async {
        let bench = Bench::new();
        let task = |repeat: &str, image: u8| {
            format!("[resource.pretend_task.task]\n{repeat}family = 'f'\ncontainers = [{{ name = 'c', image = 'i{image}' }}]\n")
        };
        assert_eq!(failures(&bench.apply(&task("", 1)).await), None);
        bench.pretend.calm();
        bench.pretend.make_trouble(Trouble { kind: "pretend_task".to_owned(), verb: Verb::Delete, nth: 1, what: What::Denied });
        assert!(failures(&bench.apply(&task("", 2)).await).is_some());
        assert_eq!(bench.pretend.things().len(), 2);
        let spec = task("count = 1\n", 2);
        assert_eq!(failures(&bench.apply(&spec).await), None);
        assert_eq!(bench.pretend.things().len(), 1);
        assert_eq!(bench.settled(&spec).await, Ok(()));
    });
}

/// An address under which something may still appear is free for another only when it is known what became of that.
#[test]
fn what_moves_waits_until_its_next_address_is_out_of_doubt() {
    run(async {
        let mut bench = Bench::new();
        let role = |address: &str, name: &str| format!("[resource.pretend_role.{address}]\nname = '{name}'\n");
        let (first, both) = (role("first", "r"), role("first", "r") + &role("second", "s"));
        assert_eq!(failures(&bench.apply(&first).await), None);
        dies_making_one(&mut bench, "pretend_role", &both).await;
        // The first has the address of the second now, which is in doubt.
        let moved = role("second", "r") + "note = 'moved'\n";
        let why = failures(&bench.apply(&moved).await).expect("it is refused");
        assert!(why.contains("Operation in doubt"), "{why}");
        let open: Vec<_> = bench.state().await.pending.into_keys().collect();
        assert_eq!(open, [(address("pretend_role.second"), 0)]);
        tokio::time::sleep(2 * LATE).await;
        assert_eq!(failures(&bench.apply(&moved).await), None);
        assert_eq!(bench.settled(&moved).await, Ok(()));
    });
}

/// What stood on something knows it by its next address, so both go in their order when neither is declared any more.
#[test]
fn what_stands_on_what_moved_goes_first() {
    run(async {
        let bench = Bench::new();
        let host = |net: &str| format!("[resource.pretend_host.host]\nnet = '${{{net}.id}}'\n");
        assert_eq!(failures(&bench.apply(&(net("") + &host("pretend_net.net"))).await), None);
        assert_eq!(failures(&bench.apply(&(net("count = 1\n") + &host("pretend_net.net[0]"))).await), None);
        assert_eq!(bench.state().await.records[&(address("pretend_host.host"), 0)].dependencies, [address("pretend_net.net[0]")]);
        assert_eq!(failures(&bench.apply("[resource.pretend_role.role]\nname = 'r'\n").await), None);
        assert_eq!(bench.accounted().await, Ok(()));
    });
}

/// What an address had before and could not go yet keeps its record until it has; only then the address is another's.
#[test]
fn what_could_not_go_yet_is_not_forgotten_for_what_gets_its_address() {
    run(async {
        let bench = Bench::new();
        let role = |address: &str, name: &str| {
            format!(
                "[resource.pretend_role.{address}]\nname = '{name}'\n[resource.pretend_role.{address}.lifecycle]\ncreate_before_destroy = true\n"
            )
        };
        let stays =
            || bench.pretend.make_trouble(Trouble { kind: "pretend_role".to_owned(), verb: Verb::Delete, nth: 1, what: What::Denied });
        assert_eq!(failures(&bench.apply(&role("first", "a")).await), None);
        bench.pretend.calm();
        stays();
        assert!(failures(&bench.apply(&role("first", "b")).await).is_some());
        // The one of that address goes, its predecessor does not.
        bench.pretend.calm();
        assert!(bench.pretend.remove("b"));
        stays();
        assert!(failures(&bench.apply(&role("second", "c")).await).is_some());
        assert_eq!(
            bench.state().await.records.into_keys().collect::<Vec<_>>(),
            [(address("pretend_role.first"), 0), (address("pretend_role.second"), 0)]
        );
        // The second gets the address of the first, and nothing is in the way of what is to go.
        bench.pretend.calm();
        let moved = role("first", "c");
        let first = bench.apply(&moved).await;
        assert_eq!(bench.accounted().await, Ok(()), "{:?}", failures(&first));
        assert_eq!(failures(&bench.apply(&moved).await), None);
        assert_eq!(bench.settled(&moved).await, Ok(()));
        assert_eq!(bench.pretend.things().into_iter().map(|thing| thing.id).collect::<Vec<_>>(), ["c"]);
        assert_eq!(
            bench.state().await.records.into_keys().map(|(address, _)| address).collect::<Vec<_>>(),
            [address("pretend_role.first")]
        );
    });
}
