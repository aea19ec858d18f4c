//! Deep and long input: refused or read, quickly, on a small stack.

use std::time::{Duration, Instant};

use lowtide_diagnostic::Place;

use super::{World, evaluate_in, shown};
use crate::expression::Template;

fn nested(open: &str, inner: &str, close: &str, times: usize) -> String {
    format!("${{{}{inner}{}}}", open.repeat(times), close.repeat(times))
}

#[test]
fn nesting_up_to_the_limit_is_evaluated() {
    for (open, inner, close) in [
        ("(", "1", ")"),
        ("[", "1", "]"),
        ("{a=", "1", "}"),
        ("[for x in [1] : ", "x", "]"),
        ("-", "1", ""),
        ("\"${", "1", "}\""),
        ("max(", "1", ")"),
    ] {
        let text = nested(open, inner, close, 30);
        let result = evaluate_in(&World::usual(), &text);
        assert!(result.is_ok(), "{text}: {:?}", result.map(|value| shown(&value)));
    }
}

#[test]
fn nesting_beyond_the_limit_is_refused() {
    for (open, inner, close) in [
        ("(", "1", ")"),
        ("[", "1", "]"),
        ("{a=", "1", "}"),
        ("-", "1", ""),
        ("\"${", "1", "}\""),
        ("max(", "1", ")"),
        ("true?", "1", ":0"),
    ] {
        let text = nested(open, inner, close, 3000);
        let before = Instant::now();
        assert!(evaluate_in(&World::usual(), &text).is_err(), "{open}");
        assert!(before.elapsed() < Duration::from_secs(20), "{open} takes {:?}", before.elapsed());
    }
}

#[test]
fn long_chains_are_read_or_refused() {
    for (link, times) in [("+1", 90), ("+1", 100_000), ("[0]", 5_000), (".a", 20_000), ("[*]", 5_000)] {
        let text = format!("${{1{}}}", link.repeat(times));
        let _ = evaluate_in(&World::usual(), &text);
    }
}

#[test]
fn long_text_is_read() {
    let long = "some text with a $ and a % in it\n".repeat(10_000);
    assert_eq!(evaluate_in(&World::usual(), &long).map(|value| value.as_str() == Some(&long)), Ok(true));
    let with_part = format!("{long}${{var.count}}");
    assert!(evaluate_in(&World::usual(), &with_part).is_ok());
    let too_long = format!("{}${{var.count}}", "a".repeat(1 << 20));
    assert!(Template::parse(&too_long, &Place::new(0, 0..too_long.len()), true).is_err());
}
