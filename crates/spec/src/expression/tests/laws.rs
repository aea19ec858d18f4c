//! Laws: nothing panics, unknowns never contradict what is known later, sensitive marks are never lost.

use lowtide_diagnostic::Place;
use lowtide_model::{Content, Number, Planned, Type};
use proptest::prelude::*;

use super::{World, evaluate_in};
use crate::expression::Template;

/// Expressions over the variables a to e; the laws hold for each of them.
fn expression() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        prop::sample::select(vec!["var.a", "var.b", "var.c", "var.d", "var.e"]).prop_map(str::to_owned),
        prop::sample::select(vec!["1", "0", "\"a\"", "\"x1\"", "true", "false", "null", "[]", "{}", "[1, \"a\"]", "{k = 1}"])
            .prop_map(str::to_owned),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let one = prop::sample::select(vec![
            "!@",
            "-@",
            "(@)",
            "[@]",
            "{k = @}",
            "{(@) = 1}",
            "@.k",
            "@[0]",
            "@[*]",
            "@[\"k\"]",
            "\"p-${@}\"",
            "\"${@}-s\"",
            "length(@)",
            "upper(@)",
            "tostring(@)",
            "tolist(@)",
            "toset(@)",
            "tomap(@)",
            "keys(@)",
            "values(@)",
            "flatten(@)",
            "distinct(@)",
            "reverse(@)",
            "jsonencode(@)",
            "can(@)",
            "try(@, 1)",
            "one(@)",
            "alltrue(@)",
            "anytrue(@)",
            "sum(@)",
            "sort(@)",
            "compact(@)",
            "startswith(@, \"p\")",
            "[for x in @ : x]",
            "{for k, v in @ : k => v}",
            "{for x in @ : x => 1...}",
            "[for x in @ : x if x == 1]",
            "\"%{ for x in @ }${x},%{ endfor }\"",
            "format(\"q%s\", @)",
            "max(@...)",
            "merge(@...)",
            "lookup({k = 1}, @, 2)",
            "element([1, \"z\"], @)",
            "substr(\"hello\", 0, @)",
        ]);
        let two = prop::sample::select(vec![
            "@ + #",
            "@ - #",
            "@ * #",
            "@ / #",
            "@ == #",
            "@ != #",
            "@ < #",
            "@ && #",
            "@ || #",
            "@[#]",
            "[@, #]",
            "{a = @, k = #}",
            "\"${@}${#}\"",
            "coalesce(@, #)",
            "concat(@, #)",
            "merge(@, #)",
            "contains(@, #)",
            "try(@, #)",
            "join(@, #)",
            "zipmap(@, #)",
            "setunion(@, #)",
            "setsubtract(@, #)",
            "index(@, #)",
            "chunklist(@, #)",
            "coalescelist(@, #)",
            "[for x in @ : #]",
            "split(@, #)",
            "format(@, #)",
            "setintersection(@, #)",
            "lookup(@, \"k\", #)",
            "element(@, #)",
        ]);
        let three = prop::sample::select(vec![
            "@ ? # : ~",
            "slice(@, #, ~)",
            "replace(@, #, ~)",
            "\"%{ if @ }${#}%{ else }${~}%{ endif }\"",
            "lookup(@, #, ~)",
        ]);
        prop_oneof![
            (one, inner.clone()).prop_map(|(form, a)| form.replace('@', &format!("({a})"))),
            (two, inner.clone(), inner.clone()).prop_map(|(form, a, b)| fill(form, &[&a, &b])),
            (three, inner.clone(), inner.clone(), inner).prop_map(|(form, a, b, c)| fill(form, &[&a, &b, &c])),
        ]
    })
}

/// Puts expressions where `@`, `#` and `~` stand.
fn fill(form: &str, parts: &[&str]) -> String {
    let mut out = String::new();
    for letter in form.chars() {
        match ['@', '#', '~'].iter().position(|hole| *hole == letter).and_then(|at| parts.get(at)) {
            Some(part) => out.push_str(&format!("({part})")),
            None => out.push(letter),
        }
    }
    out
}

fn value() -> impl Strategy<Value = Planned> {
    let leaf = prop_oneof![
        Just(Planned::NULL),
        any::<bool>().prop_map(|value| Content::Bool(value).into()),
        (-2_i64..4).prop_map(|value| Content::Number(Number::from(value)).into()),
        prop::sample::select(vec!["", "a", "b", "1", "true", "p-x"]).prop_map(Planned::text),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Planned::list),
            prop::collection::vec(inner.clone(), 0..3).prop_map(Planned::set),
            prop::collection::btree_map(prop::sample::select(vec!["k".to_owned(), "a".to_owned()]), inner.clone(), 0..3)
                .prop_map(Planned::object),
            prop::collection::btree_map(prop::sample::select(vec!["k".to_owned(), "b".to_owned()]), inner, 0..3)
                .prop_map(|members| Content::Map(members).into()),
        ]
    })
}

/// Hides parts of a value, chosen by bits.
fn hidden(value: &Planned, bits: &mut u32) -> Planned {
    let now = *bits & 3;
    *bits = bits.rotate_right(2);
    if now == 0 {
        return match &value.content {
            Content::String(text) if *bits & 1 == 0 && !text.is_empty() => Planned::unknown_text(text.get(..1).unwrap_or_default()),
            Content::Null => Planned::unknown(Type::Any),
            _ if *bits & 4 == 0 => Planned::unknown(Type::Any),
            _ => Planned::unknown(value.ty()),
        };
    }
    rebuilt(value, |part| hidden(part, bits))
}

/// Marks parts of a value sensitive, chosen by bits.
fn marked(value: &Planned, bits: &mut u32) -> Planned {
    let now = *bits & 3;
    *bits = bits.rotate_right(2);
    rebuilt(value, |part| marked(part, bits)).marked(now == 0)
}

fn rebuilt(value: &Planned, mut change: impl FnMut(&Planned) -> Planned) -> Planned {
    let content = match &value.content {
        Content::List(all) => Content::List(all.iter().map(&mut change).collect()),
        Content::Set(all) => Planned::set(all.iter().map(&mut change).collect::<Vec<_>>()).content,
        Content::Map(all) => Content::Map(all.iter().map(|(name, part)| (name.clone(), change(part))).collect()),
        Content::Object(all) => Content::Object(all.iter().map(|(name, part)| (name.clone(), change(part))).collect()),
        other => other.clone(),
    };
    Planned { content, sensitive: value.sensitive }
}

/// Returns whether a value may become another when what is unknown in it is known.
fn may_become(planned: &Planned, known: &Planned) -> bool {
    let fits = |(a, b): (&Planned, &Planned)| may_become(a, b);
    match (&planned.content, &known.content) {
        (Content::Unknown(unknown), content) => match (&unknown.prefix, content) {
            (Some(prefix), Content::String(text)) => text.starts_with(prefix.as_str()),
            (Some(_), _) => false,
            (None, _) => unknown.ty.convert(known.clone()).is_ok(),
        },
        (Content::List(a), Content::List(b)) => a.len() == b.len() && a.iter().zip(b).all(fits),
        (Content::Set(a), Content::Set(b)) => {
            b.iter().all(|b| a.iter().any(|a| may_become(a, b))) && a.iter().all(|a| b.iter().any(|b| may_become(a, b)))
        }
        (Content::Map(a) | Content::Object(a), Content::Map(b) | Content::Object(b)) => {
            a.keys().eq(b.keys()) && a.values().zip(b.values()).all(fits)
        }
        (a, b) => a == b,
    }
}

/// Returns a value without marks.
fn bare(value: &Planned) -> Planned {
    let mut plain = rebuilt(value, bare);
    plain.sensitive = false;
    plain
}

fn world(values: &[Planned]) -> World {
    ["a", "b", "c", "d", "e"].iter().zip(values).fold(World::default(), |world, (name, value)| world.with(name, value.clone()))
}

fn values() -> impl Strategy<Value = Vec<Planned>> {
    prop::collection::vec(value(), 5)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,60}") {
        let _ = evaluate_in(&World::usual(), &text);
        let _ = Template::parse_expression(&text, &Place::new(0, 0..text.len()), true);
    }

    #[test]
    fn anything_like_an_expression_is_read_or_refused(parts in prop::collection::vec(prop::sample::select(vec![
        "${", "}", "%{", "if ", "else", "endif", "for ", "in ", "endfor", "~", "var.names", "x", "\"", "[", "]", "(", ")", "{", ":", "?", ",", ".", "*",
        "=>", "=", "==", "...", "+", "-", "!", "&&", "1", "0.5", "null", "é", "\n", "upper(", "try(", "\\", "<<EOT\n", "EOT", "#", "//", "/*", " ",
    ]), 0..30)) {
        let text = parts.concat();
        let _ = evaluate_in(&World::usual(), &text);
        let _ = evaluate_in(&World::usual(), &format!("${{{text}}}"));
    }

    #[test]
    fn what_is_unknown_never_contradicts_what_is_known_later(expression in expression(), values in values(), mut bits in any::<u32>()) {
        let text = format!("${{{expression}}}");
        let hidden: Vec<_> = values.iter().map(|value| hidden(value, &mut bits)).collect();
        if let (Ok(known), Ok(planned)) = (evaluate_in(&world(&values), &text), evaluate_in(&world(&hidden), &text)) {
            prop_assert!(may_become(&planned, &known), "{text}\nplanned {}\nknown   {}\nhidden {:?}", super::shown(&planned), super::shown(&known), hidden.iter().map(super::shown).collect::<Vec<_>>());
        }
    }

    #[test]
    fn marks_change_nothing_else(expression in expression(), values in values(), mut bits in any::<u32>()) {
        let text = format!("${{{expression}}}");
        let marked: Vec<_> = values.iter().map(|value| marked(value, &mut bits)).collect();
        let plain = evaluate_in(&world(&values), &text);
        let with_marks = evaluate_in(&world(&marked), &text);
        prop_assert_eq!(plain.is_ok(), with_marks.is_ok(), "{}", text);
        if let (Ok(plain), Ok(with_marks)) = (plain, with_marks) {
            // Sets gather equal elements whose marks differ at the level of the inputs, so only their bare values are compared.
            prop_assert_eq!(super::shown(&bare(&with_marks)), super::shown(&plain), "{}", text);
        }
    }

    #[test]
    fn what_depends_on_a_sensitive_value_is_sensitive(expression in expression(), values in values(), other in value()) {
        let text = format!("${{{expression}}}");
        let mut secret = values.clone();
        let mut changed = values;
        secret[0] = secret[0].clone().marked(true);
        changed[0] = other;
        if let (Ok(one), Ok(two)) = (evaluate_in(&world(&secret), &text), evaluate_in(&world(&changed), &text)) {
            prop_assert!(hides(&one, &two), "{text}\nsecret  {}\nchanged {}", super::shown(&one), super::shown(&two));
        }
    }
}

/// Returns whether two values differ only where the first is sensitive.
fn hides(secret: &Planned, other: &Planned) -> bool {
    let hidden = |(a, b): (&Planned, &Planned)| hides(a, b);
    secret.sensitive
        || match (&secret.content, &other.content) {
            (Content::List(a), Content::List(b)) => a.len() == b.len() && a.iter().zip(b).all(hidden),
            (Content::Map(a), Content::Map(b)) | (Content::Object(a), Content::Object(b)) => {
                a.keys().eq(b.keys()) && a.values().zip(b.values()).all(hidden)
            }
            (Content::Set(a), Content::Set(b)) => secret.holds_sensitive() || a == b,
            (a, b) => a == b,
        }
}

/// Few cases by default, as many as one likes by PROPTEST_CASES.
fn cases() -> u32 {
    ProptestConfig::default().cases
}
