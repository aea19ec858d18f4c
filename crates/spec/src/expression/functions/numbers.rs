//! Functions over numbers. All arithmetic is exact and checked.

use lowtide_model::{Content, Number, OutOfRange, Planned};

use super::{Arguments, Body, Complaint, Function, Outcome, Wanted, parameter, row, variadic};

const NUMBER: super::Parameter = parameter("number", Wanted::Number);

/// How many elements `range` may make, as in Terraform.
const RANGE_LIMIT: usize = 1024;
/// The highest power `pow` takes; beyond, a result is too large or next to nothing.
const POWER_LIMIT: u64 = 1000;

pub(super) const TABLE: &[Function] = &[
    row("abs", &[NUMBER], Wanted::Number, "Returns a number without its sign.", Body::Known(|given| whole(given, absolute))),
    row(
        "ceil",
        &[NUMBER],
        Wanted::Number,
        "Returns the smallest whole number that is not below a number.",
        Body::Known(|given| whole(given, Number::ceil)),
    ),
    row(
        "floor",
        &[NUMBER],
        Wanted::Number,
        "Returns the largest whole number that is not above a number.",
        Body::Known(|given| whole(given, Number::floor)),
    ),
    row("signum", &[NUMBER], Wanted::Number, "Returns -1, 0 or 1 by the sign of a number.", Body::Known(|given| whole(given, sign))),
    variadic(
        "max",
        &[],
        NUMBER,
        Wanted::Number,
        "Returns the greatest of its arguments.",
        Body::Known(|given| extreme(given, Iterator::max)),
    ),
    variadic("min", &[], NUMBER, Wanted::Number, "Returns the least of its arguments.", Body::Known(|given| extreme(given, Iterator::min))),
    row("sum", &[parameter("list", Wanted::Numbers)], Wanted::Number, "Returns the sum of a list of numbers.", Body::Known(sum)),
    row(
        "pow",
        &[parameter("base", Wanted::Number), parameter("exponent", Wanted::Number)],
        Wanted::Number,
        "Returns a number raised to a whole power.",
        Body::Known(power),
    ),
    row(
        "parseint",
        &[parameter("string", Wanted::Any), parameter("base", Wanted::Number)],
        Wanted::Number,
        "Reads a whole number written in a base between 2 and 62.",
        Body::Known(parse_integer),
    ),
    variadic(
        "range",
        &[],
        parameter("limits", Wanted::Number),
        Wanted::Numbers,
        "Returns numbers in order: range(limit), range(start, limit) or range(start, limit, step); the limit is not among them.",
        Body::Known(range),
    ),
];

fn whole(given: &Arguments<'_>, change: impl FnOnce(Number) -> Number) -> Outcome {
    Ok(Content::Number(change(given.number(0)?)).into())
}

fn absolute(number: Number) -> Number {
    if number < Number::ZERO { number.negate() } else { number }
}

fn sign(number: Number) -> Number {
    match number.cmp(&Number::ZERO) {
        std::cmp::Ordering::Less => Number::from(-1),
        std::cmp::Ordering::Equal => Number::ZERO,
        std::cmp::Ordering::Greater => Number::from(1),
    }
}

fn extreme(given: &Arguments<'_>, choose: impl FnOnce(std::vec::IntoIter<Number>) -> Option<Number>) -> Outcome {
    let numbers = (0..given.len()).map(|at| given.number(at)).collect::<Result<Vec<_>, _>>()?;
    let found = choose(numbers.into_iter()).ok_or(Complaint::new("at least one number is wanted"))?;
    Ok(Content::Number(found).into())
}

fn sum(given: &Arguments<'_>) -> Outcome {
    let numbers = given.numbers(0)?;
    let first = numbers.first().copied().ok_or(Complaint::about(0, "it is empty, and nothing has no sum"))?;
    let rest = numbers.get(1..).unwrap_or_default();
    let total = rest.iter().try_fold(first, |total, number| total.add(*number)).map_err(too_large)?;
    Ok(Content::Number(total).into())
}

fn power(given: &Arguments<'_>) -> Outcome {
    let (base, exponent) = (given.number(0)?, given.integer(1)?);
    let one = Number::from(1);
    let result = if absolute(base) == one {
        if exponent % 2 == 0 { one } else { base }
    } else if exponent.unsigned_abs() > POWER_LIMIT {
        return Err(Complaint::about(1, "powers above 1000 are not taken"));
    } else {
        (0..exponent.unsigned_abs()).try_fold(one, |power, _| power.multiply(base)).map_err(too_large)?
    };
    let result = if exponent < 0 {
        one.divide(result).map_err(|wrong| match wrong {
            OutOfRange::DividedByZero => Complaint::about(0, "zero has no negative powers"),
            OutOfRange::TooLarge => too_large(wrong),
        })?
    } else {
        result
    };
    Ok(Content::Number(result).into())
}

fn parse_integer(given: &Arguments<'_>) -> Outcome {
    let written = match &given.any(0)?.content {
        Content::String(text) => text.clone(),
        Content::Number(number) => number.to_string(),
        _ => return Err(Complaint::about(0, "a string is wanted")),
    };
    let base = given.integer(1)?;
    if !(2..=62).contains(&base) {
        return Err(Complaint::about(1, "a base between 2 and 62 is wanted"));
    }
    let wrong = || Complaint::about(0, format!("{written:?} is no whole number in base {base}"));
    let (negative, digits) = match written.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, written.strip_prefix('+').unwrap_or(&written)),
    };
    if digits.is_empty() {
        return Err(wrong());
    }
    let radix = Number::from(base);
    let mut total = Number::ZERO;
    for letter in digits.chars() {
        let digit = digit(letter, base).ok_or_else(wrong)?;
        total = total.multiply(radix).and_then(|total| total.add(Number::from(digit))).map_err(too_large)?;
    }
    Ok(Content::Number(if negative { total.negate() } else { total }).into())
}

/// Up to base 36 small and capital letters are the same; beyond, capital letters come after small ones.
fn digit(letter: char, base: i64) -> Option<i64> {
    let value = match letter {
        '0'..='9' => i64::from(u32::from(letter) - u32::from('0')),
        'a'..='z' => i64::from(u32::from(letter) - u32::from('a')) + 10,
        'A'..='Z' if base <= 36 => i64::from(u32::from(letter) - u32::from('A')) + 10,
        'A'..='Z' => i64::from(u32::from(letter) - u32::from('A')) + 36,
        _ => return None,
    };
    (value < base).then_some(value)
}

fn range(given: &Arguments<'_>) -> Outcome {
    let one = Number::from(1);
    let down = |start: Number, limit: Number| if limit < start { one.negate() } else { one };
    let (start, limit, step) = match given.len() {
        1 => (Number::ZERO, given.number(0)?, down(Number::ZERO, given.number(0)?)),
        2 => (given.number(0)?, given.number(1)?, down(given.number(0)?, given.number(1)?)),
        3 => (given.number(0)?, given.number(1)?, given.number(2)?),
        _ => return Err(Complaint::new("one, two or three numbers are wanted: a limit, a start and a limit, or both and a step")),
    };
    if step == Number::ZERO {
        return Err(Complaint::about(2, "a step of zero never arrives"));
    }
    if (step > Number::ZERO) != (limit > start) && limit != start {
        return Err(Complaint::about(2, "the step leads away from the limit"));
    }
    let mut numbers = Vec::new();
    let mut here = start;
    while if step > Number::ZERO { here < limit } else { here > limit } {
        if numbers.len() >= RANGE_LIMIT {
            return Err(Complaint::new("a range of more than 1024 numbers is not made"));
        }
        numbers.push(Planned::from(Content::Number(here)));
        here = here.add(step).map_err(too_large)?;
    }
    Ok(Planned::list(numbers))
}

fn too_large(_: OutOfRange) -> Complaint {
    Complaint::new("the result has more digits than Lowtide keeps exactly, which are 28")
}
