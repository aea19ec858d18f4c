//! What a hostile expression asks for ends in a diagnostic, soon; what an honest one asks for that looks alike is done.

use std::time::{Duration, Instant};

use lowtide_diagnostic::Place;
use lowtide_model::{Content, Member, Planned, Type};

use super::{World, evaluate_in};
use crate::expression::{Budget, Root, Template};

/// A world with much in it: lists, maps, texts and types, and a large file.
fn large() -> World {
    let number = |number: usize| Planned::from(Content::Number(number.into()));
    let list = |count: usize| Planned::list((0..count).map(number));
    let texts = Planned::list((0..100_000).map(|at| Planned::text(format!("text-{at}"))));
    let map = Content::Map((0..100_000).map(|at| (format!("key-{at}"), number(at))).collect());
    let ty = Type::Object((0..10_000).map(|at| (format!("key-{at}"), Member { ty: Type::String, optional: false })).collect());
    let mut world = World::usual()
        .with("big", list(300_000))
        .with("texts", texts)
        .with("set", Planned::set((0..100_000).map(number)))
        .with("map", map.into())
        .with("megabyte", Planned::text("a".repeat(1 << 20)))
        .with("word", Planned::text("a".repeat(1000)))
        .with("resources", Planned::list((0..50_000).map(|at| Planned::list((0..40).map(|_| number(at))))))
        .with("secret", list(300_000).marked(true))
        .with("odd", Planned::unknown(ty));
    world.files.insert("large".to_owned(), vec![b'a'; 1 << 20]);
    world.files.insert("small".to_owned(), vec![b'a'; 1000]);
    world
}

/// Goes through expressions in turn, each in a world as it was.
#[track_caller]
fn each(expressions: &[&str], check: impl Fn(&str, Result<Planned, lowtide_diagnostic::Diagnostic>)) {
    let mut world = large();
    for expression in expressions {
        world.budget = Budget::default();
        let before = Instant::now();
        check(expression, evaluate_in(&world, &format!("${{{expression}}}")));
        assert!(before.elapsed() < Duration::from_secs(20), "{expression} takes {:?}", before.elapsed());
    }
}

#[test]
fn what_costs_too_much_is_refused() {
    let many = |call: &str, argument: &str| format!("{call}({})", [argument; 12].join(", "));
    let built = [
        many("concat", "var.big"),
        many("coalesce", "var.big"),
        many("setunion", "var.set"),
        many("merge", "var.map"),
        format!("join(\",\", {})", ["var.texts"; 12].join(", ")),
        format!("flatten([{}])", ["var.big"; 12].join(", ")),
        format!("[{}]", ["var.big"; 12].join(", ")),
        format!("{{ {} }}", (0..12).map(|at| format!("k{at} = var.big")).collect::<Vec<_>>().join(", ")),
    ];
    each(&built.each_ref().map(String::as_str), refused);
    each(
        &[
            "setproduct([for i in range(300) : var.megabyte], range(300))",
            "transpose({ for i in range(10) : \"${i}${substr(var.megabyte, 0, 1000000)}\" => var.texts })",
            "[for i in range(1000) : [for j in range(1000) : [for k in range(1000) : i]]]",
            "[for i in var.big : contains(var.big, i)]",
            "[for i in var.big : index(var.big, i)]",
            "[for i in var.big : var.big == var.big]",
            "[for i in var.big : var.big != null]",
            "[for i in var.big : can(var.big)]",
            "[for i in var.big : try(var.map.kez-1, 1)]",
            "[for i in var.big : try(var.map[\"kez\"], 1)]",
            "[for i in var.big : element(var.big, var.unknown_number)]",
            "[for i in var.big : var.big[var.unknown_number]]",
            "[for i in var.big : length(var.megabyte)]",
            "[for i in var.big : length(var.set)]",
            "[for i in var.big : sha256(var.megabyte)]",
            "[for i in var.big : \"${var.megabyte}\"]",
            "[for i in var.big : { \"${var.megabyte}\" = i }]",
            "[for i in var.big : var.odd.key-1 == i ? var.odd : var.odd]",
            "[for i in var.big : var.odd[*]]",
            "[for i in var.big : [for x in var.set : x if false]]",
            "[for i in var.big : [for x in var.secret : x if false]]",
            "[for i in var.big : substr(var.megabyte, 0, 1)]",
            "[for i in var.big : length(file(\"large\"))]",
            "[for i in var.big : templatefile(\"small\", {})]",
            "[for i in var.big : fileexists(\"large\")]",
            "[for i in var.big : can(file(\"nowhere\"))]",
            "[for i in var.big : regexall(\"b\", var.word)]",
            "[for i in var.big : can(regex(\"[[:alpha:]]{500}b\", var.word))]",
            "regex(\"(a|b)*b(a|b){200}\", var.megabyte)",
            "[for i in range(20) : regex(\"(((((((((a*)))))))))\", var.megabyte)]",
            "replace(var.word, \"/(a*)/\", \"${join(\"\", [for i in range(1000) : join(\"\", [for j in range(100) : \"$0$0\"])])}\")",
            "replace(var.megabyte, \"/a/\", \"${join(\"\", [for i in range(1000) : \"$7$7\"])}\")",
            "format(join(\"\", [for i in range(1000) : join(\"\", [for i in range(100) : \"%[1].0s\"])]), var.megabyte)",
            "length([for i in var.resources : var.resources])",
            "jsonencode([for i in range(100) : var.megabyte])",
        ],
        refused,
    );
}

#[track_caller]
fn refused(expression: &str, result: Result<Planned, lowtide_diagnostic::Diagnostic>) {
    let wrong = result.map(|_| ()).expect_err(expression);
    let costly = ["Expression too costly", "Invalid function call", "Text too long"].contains(&&*wrong.summary);
    assert!(costly && !wrong.detail.contains("no regular"), "{expression}: {wrong:?}");
}

#[test]
fn what_costs_little_is_done_with_large_values_too() {
    each(
        &[
            "var.big",
            "concat(var.big, [1])",
            "length(var.resources)",
            "length(var.resources) + length(var.map) + length(keys(var.map))",
            "[for i in range(1000) : element(var.resources, i)]",
            "[for i in range(1000) : lookup(var.map, \"key-1\")]",
            "[for i in slice(var.texts, 0, 50000) : lookup(var.map, \"key-1\") + length(var.resources)]",
            "[for i in range(1000) : var.resources[i][0]]",
            "[for r in var.resources : r[0]]",
            "var.resources[*][0]",
            "contains(var.big, 299999)",
            "var.resources != null",
            "try(var.resources, [])[5]",
            "sha256(var.megabyte)",
            "setproduct(range(200), range(200))",
            "[for i in range(3) : filesha256(\"large\")]",
            "templatefile(\"small\", {})",
            "[for t in slice(var.texts, 0, 2000) : regex(\"^[a-z]+-[0-9]+$\", t)]",
            "[for t in slice(var.texts, 0, 500) : can(regex(\"^\\\\w+-\\\\d+$\", t))]",
            "regexall(\"aaaa\", substr(var.megabyte, 0, 100000))",
            "replace(var.word, \"/a(a)/\", \"$1-\")",
            "length(jsonencode(slice(var.big, 0, 100000))) > 0",
            "join(\",\", slice(var.texts, 0, 50000))",
            "var.odd.key-1",
        ],
        |expression, result| assert!(result.is_ok(), "{expression}: {:?}", result.err()),
    );
}

/// Evaluates locals in order, each of the one before, until one is refused; returns which and why.
fn chain(count: usize, first: Planned, next: impl Fn(usize) -> String) -> Option<(usize, String)> {
    let mut world = World::usual();
    world.values.insert(Root::Local("a0".into()), first);
    for number in 1..=count {
        match evaluate_in(&world, &next(number - 1)) {
            Ok(value) => drop(world.values.insert(Root::Local(format!("a{number}").into()), value)),
            Err(wrong) => return Some((number, wrong.summary)),
        }
    }
    None
}

#[test]
fn values_that_grow_from_local_to_local_are_refused() {
    let text = || Planned::text("x");
    for (form, first) in [
        ("${[local.@, local.@]}", text()),
        ("${{ a = local.@, b = local.@ }}", text()),
        ("${{ (\"a\") = local.@, b = local.@ }}", text()),
        ("${concat(local.@, local.@)}", Planned::list([text()])),
        ("${flatten([local.@, local.@])}", Planned::list([text()])),
        ("${[for x in local.@ : local.@]}", Planned::list([text(), text()])),
        ("${setproduct(local.@, local.@)}", Planned::list([text(), text()])),
        ("${local.@}${local.@}", text()),
        ("${var.unknown_bool ? { a = local.@, b = local.@ } : { a = local.@, b = local.@ }}", Planned::unknown(Type::String)),
        ("${var.unknown_bool ? { a = local.@, b = local.@ } : { a = local.@, b = local.@ }}", text()),
    ] {
        let refused = chain(35, first.clone(), |before| form.replace('@', &format!("a{before}")));
        assert!(refused.is_some(), "{form}");
        assert_eq!(chain(3, first, |before| form.replace('@', &format!("a{before}"))), None, "{form}");
    }
}

#[test]
fn values_that_deepen_from_local_to_local_are_refused() {
    let wrap = |open: &str, close: &str| {
        let (open, close) = (open.repeat(50), close.repeat(50));
        move |before: usize| format!("${{{open}local.a{before}{close}}}")
    };
    let deep = Some((3, "Value nested too deeply".to_owned()));
    assert_eq!(chain(400, Planned::NULL, wrap("[", "]")), deep);
    assert_eq!(chain(400, Planned::NULL, wrap("{a=", "}")), deep);
    assert_eq!(chain(2, Planned::NULL, wrap("[", "]")), None);
    let maybe = |before: usize| format!("${{var.unknown_bool ? [local.a{before}] : [local.a{before}]}}");
    let refused = chain(40_000, Planned::unknown(Type::String), maybe);
    assert_eq!(refused.map(|(_, why)| why), Some("Value nested too deeply".to_owned()));
    let encoded = "[".repeat(102) + &"]".repeat(102);
    assert!(evaluate_in(&World::usual(), &format!("${{jsondecode(\"{encoded}\")}}")).is_err());
}

#[test]
fn all_evaluations_together_are_bounded() {
    let world = World { budget: Budget::of(1000, 1_000_000), ..World::usual() };
    let evaluate = |start: usize| {
        let text = "${[for x in var.names : x]}";
        Template::parse(text, &Place::new(0, start..start + text.len()), true).expect("sound").evaluate(&world)
    };
    let mut all = (0..1000).map(evaluate).skip_while(Result::is_ok);
    let (first, later) = (all.next().expect("refused").expect_err("refused"), all.next().expect("refused").expect_err("refused"));
    assert_eq!(first.summary, "Stack too costly");
    assert_eq!(first, later, "it is said once");
    let world = World { budget: Budget::of(1_000_000, 1000), ..World::usual() };
    let mut all = (0..1000).map(|_| evaluate_in(&world, &"text".repeat(100))).skip_while(Result::is_ok);
    assert_eq!(all.next().expect("refused").expect_err("refused").summary, "Stack too large");
}
