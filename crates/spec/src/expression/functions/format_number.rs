//! Exact decimal numbers in the notations of `format`, without going through floats.

use lowtide_model::Number;

/// Returns a number with as many digits after the point as asked, halves going to the even digit.
pub(super) fn decimal(number: Number, precision: usize) -> String {
    let written = number.to_string();
    let (sign, digits) = written.strip_prefix('-').map_or(("", written.as_str()), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let kept = fraction.get(..precision.min(fraction.len())).unwrap_or_default();
    let cut = fraction.get(precision.min(fraction.len())..).unwrap_or_default();
    let mut all = format!("{whole}{kept}");
    if rounds_up(&all, cut) {
        all = plus_one(&all);
    }
    all.push_str(&"0".repeat(precision.saturating_sub(kept.len())));
    let point = all.len() - precision;
    let (whole, fraction) = all.split_at(point);
    let sign = if all.bytes().all(|digit| digit == b'0') { "" } else { sign };
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

/// Returns a number as one digit, a fraction and a power of ten: `1.500000e+03`.
pub(super) fn scientific(number: Number, precision: usize) -> String {
    let written = number.to_string();
    let (sign, digits) = written.strip_prefix('-').map_or(("", written.as_str()), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = format!("{whole}{fraction}");
    let leading = all.len() - all.trim_start_matches('0').len();
    let significant = all.trim_start_matches('0');
    if significant.is_empty() {
        return format!("{}e+00", decimal(Number::ZERO, precision));
    }
    let mut exponent = whole.len() as i64 - 1 - leading as i64;
    let kept = significant.get(..(precision + 1).min(significant.len())).unwrap_or_default();
    let cut = significant.get((precision + 1).min(significant.len())..).unwrap_or_default();
    let mut mantissa = kept.to_owned();
    if rounds_up(&mantissa, cut) {
        mantissa = plus_one(&mantissa);
        if mantissa.len() > kept.len() {
            mantissa.pop();
            exponent += 1;
        }
    }
    mantissa.push_str(&"0".repeat((precision + 1).saturating_sub(mantissa.len())));
    let (first, rest) = mantissa.split_at(1);
    let point = if rest.is_empty() { "" } else { "." };
    format!("{sign}{first}{point}{rest}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
}

/// Returns a number as short as it is exact: plain, or with a power of ten when it is very large or very small.
pub(super) fn shortest(number: Number) -> String {
    let plain = number.to_string();
    let digits = plain.trim_start_matches('-');
    let whole = digits.split('.').next().unwrap_or_default();
    let small = digits.starts_with("0.0000");
    if whole.len() <= 21 && !small {
        return plain;
    }
    let significant = digits.replace('.', "");
    let significant = significant.trim_matches('0').len();
    scientific(number, significant.saturating_sub(1))
}

/// Returns whether digits that are cut off round those that are kept up.
fn rounds_up(kept: &str, cut: &str) -> bool {
    let odd = kept.bytes().last().is_some_and(|digit| (digit - b'0') % 2 == 1);
    match cut.bytes().next() {
        Some(b'6'..=b'9') => true,
        Some(b'5') => odd || cut.bytes().skip(1).any(|digit| digit != b'0'),
        Some(_) | None => false,
    }
}

fn plus_one(digits: &str) -> String {
    let nines = digits.len() - digits.trim_end_matches('9').len();
    let (start, _) = digits.split_at(digits.len() - nines);
    let mut raised = start.to_owned();
    match raised.pop().and_then(|last| last.to_digit(10)).and_then(|digit| char::from_digit(digit + 1, 10)) {
        Some(digit) => raised.push(digit),
        None => raised.push('1'),
    }
    raised.push_str(&"0".repeat(nines));
    raised
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        text.parse().expect("a number")
    }

    #[test]
    fn numbers_are_written_to_a_precision() {
        for (text, precision, wanted) in [
            ("1.5", 6, "1.500000"),
            ("2.5", 0, "2"),
            ("3.5", 0, "4"),
            ("9.99", 1, "10.0"),
            ("-0.04", 1, "0.0"),
            ("-1.25", 1, "-1.2"),
            ("0.125", 2, "0.12"),
            ("0.126", 2, "0.13"),
            ("12", 2, "12.00"),
        ] {
            assert_eq!(decimal(number(text), precision), wanted, "{text}");
        }
        for (text, precision, wanted) in
            [("1500", 2, "1.50e+03"), ("0.00012", 1, "1.2e-04"), ("9.99", 1, "1.0e+01"), ("0", 1, "0.0e+00"), ("-12", 0, "-1e+01")]
        {
            assert_eq!(scientific(number(text), precision), wanted, "{text}");
        }
        for (text, wanted) in [("1.5", "1.5"), ("1e22", "1e+22"), ("0.00001", "1e-05"), ("-100", "-100"), ("123e20", "1.23e+22")] {
            assert_eq!(shortest(number(text)), wanted, "{text}");
        }
    }
}
