//! Addresses that change places, or move in a row: each thing keeps its record.

use crate::bench::{Bench, failures, run};

fn named(names: &str) -> String {
    format!(
        "[locals]\nnames = [{names}]\n[resource.pretend_role.it]\ncount = '${{length(local.names)}}'\nname = '${{local.names[count.index]}}'\n"
    )
}

#[test]
fn what_changes_places_is_neither_lost_nor_made_again() {
    for (before, after) in [
        ("'a', 'b'", "'b', 'a'"),
        ("'a', 'b', 'c'", "'b', 'c', 'a'"),
        ("'a', 'b', 'c'", "'c', 'a', 'b'"),
        ("'a', 'b', 'c'", "'x', 'a', 'b', 'c'"),
        ("'a', 'b', 'c'", "'b', 'c'"),
    ] {
        run(async {
            let bench = Bench::new();
            assert_eq!(failures(&bench.apply(&named(before)).await), None, "{before}");
            assert_eq!(failures(&bench.apply(&named(after)).await), None, "{before} to {after}");
            if let Err(why) = bench.settled(&named(after)).await {
                panic!("{before} to {after}: {why}");
            }
            assert_eq!(failures(&bench.destroy(&named(after)).await), None, "{before} to {after}");
            bench.nothing_is_left().await.unwrap_or_else(|why| panic!("{before} to {after}: {why}"));
        });
    }
}
