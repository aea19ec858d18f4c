//! Reading cron expressions. The fields of AWS are those of
//! <https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based>: minutes, hours, day of month, month,
//! day of week (1 is Sunday), year, and a `?` in one of the day fields.

use std::{collections::BTreeSet, str::FromStr};

use super::{Cron, Days, Weekdays};

const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// Why a text is no cron expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoCron {
    /// It has another number of fields.
    #[error("it has {found} fields, and {wanted} are wanted")]
    Fields {
        /// How many there are.
        found: usize,
        /// How many there should be.
        wanted: usize,
    },
    /// A field can't be read.
    #[error("`{text}` is no {field}: {why}")]
    Field {
        /// Which field, in words.
        field: &'static str,
        /// What stands there.
        text: String,
        /// What is wrong with it.
        why: String,
    },
    /// AWS wants exactly one `?`.
    #[error("AWS wants `?` in exactly one of day of month and day of week")]
    QuestionMark,
}

/// A field that holds numbers or names.
#[derive(Clone, Copy)]
struct Field {
    name: &'static str,
    names: &'static [&'static str],
    /// The number of the first name.
    first_name: i16,
    low: i16,
    high: i16,
}

const MINUTE: Field = Field { name: "minute", names: &[], first_name: 0, low: 0, high: 59 };
const HOUR: Field = Field { name: "hour", names: &[], first_name: 0, low: 0, high: 23 };
const DAY: Field = Field { name: "day of month", names: &[], first_name: 0, low: 1, high: 31 };
const MONTH: Field = Field { name: "month", names: &MONTHS, first_name: 1, low: 1, high: 12 };
const WEEKDAY: Field = Field { name: "day of week", names: &WEEKDAYS, first_name: 0, low: 0, high: 7 };
const AWS_WEEKDAY: Field = Field { name: "day of week", names: &WEEKDAYS, first_name: 1, low: 1, high: 7 };
const YEAR: Field = Field { name: "year", names: &[], first_name: 0, low: 1970, high: 2199 };

impl FromStr for Cron {
    type Err = NoCron;

    fn from_str(text: &str) -> Result<Self, NoCron> {
        match text.trim().strip_prefix("cron(").and_then(|rest| rest.strip_suffix(')')) {
            Some(inside) => aws(inside),
            None => crontab(text),
        }
    }
}

fn crontab(text: &str) -> Result<Cron, NoCron> {
    let [minute, hour, day, month, weekday] = split(text)?;
    let on = WEEKDAY.values(weekday)?.into_iter().map(|day| day % 7).collect();
    Ok(Cron {
        minutes: MINUTE.values(minute)?,
        hours: HOUR.values(hour)?,
        months: MONTH.values(month)?,
        days: Days { days: DAY.values(day)?, ..Days::default() },
        weekdays: Weekdays { days: on, ..Weekdays::default() },
        either: !day.starts_with('*') && !weekday.starts_with('*'),
        years: None,
    })
}

fn aws(text: &str) -> Result<Cron, NoCron> {
    let [minute, hour, day, month, weekday, year] = split(text)?;
    if (day == "?") == (weekday == "?") {
        return Err(NoCron::QuestionMark);
    }
    Ok(Cron {
        minutes: MINUTE.values(minute)?,
        hours: HOUR.values(hour)?,
        months: MONTH.values(month)?,
        days: days(if day == "?" { "*" } else { day })?,
        weekdays: weekdays(if weekday == "?" { "*" } else { weekday })?,
        either: false,
        years: if year == "*" { None } else { Some(YEAR.values(year)?) },
    })
}

fn split<const N: usize>(text: &str) -> Result<[&str; N], NoCron> {
    let fields: Vec<_> = text.split_whitespace().collect();
    fields.try_into().map_err(|fields: Vec<_>| NoCron::Fields { found: fields.len(), wanted: N })
}

fn days(text: &str) -> Result<Days, NoCron> {
    let mut read = Days::default();
    for part in text.split(',') {
        match part.strip_suffix('W') {
            Some("L") => read.last_working = true,
            Some(day) => drop(read.nearest.insert(DAY.value(part, day)?)),
            None if part == "L" => read.last = true,
            None => read.days.extend(DAY.part(part)?),
        }
    }
    Ok(read)
}

fn weekdays(text: &str) -> Result<Weekdays, NoCron> {
    let mut read = Weekdays::default();
    for part in text.split(',') {
        if let Some((day, nth)) = part.split_once('#') {
            let nth = nth.parse().ok().filter(|nth| (1..=5).contains(nth));
            let nth = nth.ok_or_else(|| AWS_WEEKDAY.wrong(part, "a month has five weeks at most"))?;
            read.nth.insert((AWS_WEEKDAY.value(part, day)? - 1, nth));
        } else if part == "L" {
            read.days.insert(6);
        } else if let Some(day) = part.strip_suffix('L') {
            read.last.insert(AWS_WEEKDAY.value(part, day)? - 1);
        } else {
            read.days.extend(AWS_WEEKDAY.part(part)?.into_iter().map(|day| day - 1));
        }
    }
    Ok(read)
}

impl Field {
    fn values(self, text: &str) -> Result<BTreeSet<i16>, NoCron> {
        let mut all = BTreeSet::new();
        for part in text.split(',') {
            all.extend(self.part(part)?);
        }
        Ok(all)
    }

    /// Reads `*`, `1`, `1-5`, each perhaps with `/2`.
    fn part(self, text: &str) -> Result<Vec<i16>, NoCron> {
        let (range, step) = text.split_once('/').map_or((text, None), |(range, step)| (range, Some(step)));
        let stepped = step.is_some();
        let step = match step.map(str::parse::<usize>) {
            None => 1,
            Some(Ok(step)) if step > 0 => step,
            Some(_) => return Err(self.wrong(text, "behind `/` stands how many to go on by")),
        };
        let (from, to) = match (range, range.split_once('-')) {
            ("*", _) => (self.low, self.high),
            (_, Some((from, to))) => (self.value(text, from)?, self.value(text, to)?),
            // `0/5` begins there and goes on to the end.
            (one, None) => (self.value(text, one)?, if stepped { self.high } else { self.value(text, one)? }),
        };
        if from > to {
            return Err(self.wrong(text, "it runs backwards"));
        }
        Ok((from..=to).step_by(step).collect())
    }

    fn value(self, whole: &str, text: &str) -> Result<i16, NoCron> {
        if let Some(at) = self.names.iter().position(|name| name.eq_ignore_ascii_case(text)) {
            return Ok(self.first_name + i16::try_from(at).expect("there are few names"));
        }
        let digits = !text.is_empty() && text.bytes().all(|letter| letter.is_ascii_digit());
        let number = text.parse().ok().filter(|number| digits && (self.low..=self.high).contains(number));
        number.ok_or_else(|| self.wrong(whole, &format!("it goes from {} to {}", self.low, self.high)))
    }

    fn wrong(self, text: &str, why: &str) -> NoCron {
        NoCron::Field { field: self.name, text: text.to_owned(), why: why.to_owned() }
    }
}
