//! Schedules as EventBridge writes them: `rate(5 minutes)`, `cron(0 8 ? * MON-FRI *)`, and for the Scheduler `at(2027-01-01T08:00:00)`.
//!
//! Source: Amazon EventBridge User Guide, "Setting a schedule pattern for scheduled rules"; EventBridge Scheduler User Guide,
//! "Schedule types".

/// A field of a cron expression: its name, its least and greatest number, and the words it takes.
const FIELDS: [(&str, u32, u32, &[&str]); 6] = [
    ("minutes", 0, 59, &[]),
    ("hours", 0, 23, &[]),
    ("day of month", 1, 31, &[]),
    ("month", 1, 12, &["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]),
    ("day of week", 1, 7, &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]),
    ("year", 1970, 2199, &[]),
];

/// Says what is wrong with a schedule; nothing where all is well. `once` allows `at(…)`.
pub fn complaint(text: &str, once: bool) -> Option<String> {
    let inner = |name: &str| text.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')');
    if let Some(rate) = inner("rate") {
        return of_rate(rate);
    }
    if let Some(cron) = inner("cron") {
        return of_cron(cron);
    }
    if let Some(at) = inner("at").filter(|_| once) {
        let shape = at.bytes().map(|byte| if byte.is_ascii_digit() { b'0' } else { byte }).collect::<Vec<_>>();
        return (shape != b"0000-00-00T00:00:00").then(|| format!("`at({at})` is no point in time: write at(2027-01-01T08:00:00)."));
    }
    let forms = if once { "rate(…), cron(…) or at(…)" } else { "rate(…) or cron(…)" };
    Some(format!("`{text}` is no schedule: it is {forms}."))
}

fn of_rate(rate: &str) -> Option<String> {
    let (number, unit) = rate.split_once(' ').unwrap_or((rate, ""));
    let wanted = match number.parse::<u32>() {
        Ok(1) => ["minute", "hour", "day"],
        Ok(many) if many > 0 => ["minutes", "hours", "days"],
        Ok(_) | Err(_) => return Some(format!("`rate({rate})` has no number greater than zero before its unit: write rate(5 minutes).")),
    };
    (!wanted.contains(&unit))
        .then(|| format!("`rate({rate})` has no unit that goes with its number: `{}`, `{}` or `{}`.", wanted[0], wanted[1], wanted[2]))
}

fn of_cron(cron: &str) -> Option<String> {
    let fields: Vec<_> = cron.split(' ').filter(|field| !field.is_empty()).collect();
    if fields.len() != FIELDS.len() {
        let detail = "minutes, hours, day of month, month, day of week and year";
        return Some(format!("`cron({cron})` has {} fields, and six are wanted: {detail}.", fields.len()));
    }
    let wrong = fields.iter().zip(FIELDS).enumerate().find_map(|(at, (field, of))| {
        let fits = field.split(',').all(|part| item(part, of, at));
        (!fits).then(|| format!("`{field}` is no {} in `cron({cron})`.", of.0))
    });
    let asks = [fields[2], fields[4]].iter().filter(|field| **field == "?").count();
    wrong.or_else(|| (asks != 1).then(|| format!("In `cron({cron})` one of day of month and day of week must be `?`, and only one.")))
}

/// A number or word, a range, a step, or what only days have.
fn item(part: &str, of: (&str, u32, u32, &[&str]), at: usize) -> bool {
    let (_, least, most, words) = of;
    let number = |text: &str| {
        let word = words.iter().position(|word| word.eq_ignore_ascii_case(text)).and_then(|at| u32::try_from(at).ok()).map(|at| at + least);
        word.or_else(|| text.parse().ok()).filter(|number| (least..=most).contains(number))
    };
    let span = |text: &str| {
        text == "*" || text.split_once('-').map_or(number(text).is_some(), |(a, b)| number(a).is_some() && number(b).is_some())
    };
    match at {
        2 if ["?", "L", "LW"].contains(&part) => true,
        2 if part.strip_suffix('W').is_some_and(|day| number(day).is_some()) => true,
        4 if part == "?" || part == "L" || part.strip_suffix('L').is_some_and(|day| number(day).is_some()) => true,
        4 if part
            .split_once('#')
            .is_some_and(|(day, week)| number(day).is_some() && week.parse::<u32>().is_ok_and(|week| (1..=5).contains(&week))) =>
        {
            true
        }
        _ => part.split_once('/').map_or(span(part), |(from, step)| span(from) && step.parse::<u32>().is_ok_and(|step| step > 0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_aws_takes_is_taken() {
        for text in [
            "rate(1 hour)",
            "rate(5 minutes)",
            "cron(0 8 ? * MON-FRI *)",
            "cron(0/15 8-18 1,15W JAN-mar ? 2027/2)",
            "cron(0 0 L * ? *)",
            "cron(0 0 ? * 6#3 *)",
        ] {
            assert_eq!(complaint(text, false), None, "{text}");
        }
        assert_eq!(complaint("at(2027-01-01T08:00:00)", true), None);
    }

    #[test]
    fn what_aws_refuses_is_told() {
        for text in [
            "rate(1 hours)",
            "rate(0 minutes)",
            "rate(5)",
            "cron(0 8 * * MON-FRI *)",
            "cron(0 8 ? * MON-FRI)",
            "cron(60 8 ? * * *)",
            "cron(0 8 ? * FUN *)",
            "0 8 * * *",
            "at(2027-01-01T08:00:00)",
        ] {
            assert!(complaint(text, false).is_some(), "{text}");
        }
        assert!(complaint("at(tomorrow)", true).is_some());
    }
}
