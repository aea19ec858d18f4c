//! Cron expressions on a wall clock: five fields as in crontab, or `cron(…)` with six as AWS has it.

mod read;

use std::collections::BTreeSet;

use jiff::civil::{Date, DateTime};
pub use read::NoCron;

/// How many years are searched for the next time where no year is named; 29 February comes within eight.
const YEARS: i16 = 9;

/// A cron expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cron {
    minutes: BTreeSet<i16>,
    hours: BTreeSet<i16>,
    months: BTreeSet<i16>,
    days: Days,
    weekdays: Weekdays,
    /// Whether a day need only be one of the days or one of the weekdays, as in crontab where both are named.
    either: bool,
    years: Option<BTreeSet<i16>>,
}

/// Days of a month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Days {
    days: BTreeSet<i16>,
    /// `L`
    last: bool,
    /// `LW`
    last_working: bool,
    /// `15W`: the working day nearest to it, in the same month.
    nearest: BTreeSet<i16>,
}

/// Days of a week; Sunday is 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Weekdays {
    days: BTreeSet<i16>,
    /// `FRIL`: the last one of a month.
    last: BTreeSet<i16>,
    /// `FRI#2`: the n-th one of a month.
    nth: BTreeSet<(i16, i16)>,
}

impl Cron {
    /// Returns the first time after this one.
    pub fn after(&self, moment: DateTime) -> Option<DateTime> {
        let end = self.last_year(moment.year());
        let mut date = moment.date();
        while date.year() <= end {
            if self.on(date)
                && let Some(found) = self.times(date).find(|time| *time > moment)
            {
                return Some(found);
            }
            date = date.tomorrow().ok()?;
        }
        None
    }

    /// Returns the last time that is not after this one.
    pub fn until(&self, moment: DateTime) -> Option<DateTime> {
        let first = self.years.as_ref().and_then(|years| years.first().copied()).unwrap_or(moment.year() - YEARS);
        let mut date = moment.date();
        while date.year() >= first {
            if self.on(date)
                && let Some(found) = self.times(date).rev().find(|time| *time <= moment)
            {
                return Some(found);
            }
            date = date.yesterday().ok()?;
        }
        None
    }

    /// Returns whether there is any such time.
    pub(crate) fn ever(&self) -> bool {
        let year = self.years.as_ref().and_then(|years| years.first().copied()).unwrap_or(2000);
        self.after(Date::constant(year - 1, 12, 31).at(23, 59, 0, 0)).is_some()
    }

    fn last_year(&self, from: i16) -> i16 {
        self.years.as_ref().and_then(|years| years.last().copied()).unwrap_or(from + YEARS)
    }

    fn times(&self, date: Date) -> impl DoubleEndedIterator<Item = DateTime> {
        let small = |number: i16| i8::try_from(number).expect("hours and minutes are below 60");
        self.hours.iter().flat_map(move |hour| self.minutes.iter().map(move |minute| date.at(small(*hour), small(*minute), 0, 0)))
    }

    fn on(&self, date: Date) -> bool {
        if !self.months.contains(&date.month().into()) || self.years.as_ref().is_some_and(|years| !years.contains(&date.year())) {
            return false;
        }
        let (day, weekday) = (self.days.have(date), self.weekdays.have(date));
        if self.either { day || weekday } else { day && weekday }
    }
}

impl Days {
    fn have(&self, date: Date) -> bool {
        let (day, length) = (i16::from(date.day()), i16::from(date.days_in_month()));
        let moved = || self.nearest.iter().filter(|wanted| **wanted <= length).any(|wanted| nearest_working(date, *wanted) == day);
        self.days.contains(&day)
            || (self.last && day == length)
            || (self.last_working && day == nearest_before(date, length))
            || (!self.nearest.is_empty() && moved())
    }
}

impl Weekdays {
    fn have(&self, date: Date) -> bool {
        let (weekday, day) = (weekday(date), i16::from(date.day()));
        self.days.contains(&weekday)
            || (self.last.contains(&weekday) && day + 7 > i16::from(date.days_in_month()))
            || self.nth.contains(&(weekday, (day - 1) / 7 + 1))
    }
}

fn weekday(date: Date) -> i16 {
    date.weekday().to_sunday_zero_offset().into()
}

/// Returns the weekday of another day of the same month.
fn weekday_of(date: Date, day: i16) -> i16 {
    (weekday(date) + day - i16::from(date.day())).rem_euclid(7)
}

fn nearest_working(date: Date, day: i16) -> i16 {
    let length = i16::from(date.days_in_month());
    match weekday_of(date, day) {
        6 if day == 1 => 3,
        6 => day - 1,
        0 if day == length => day - 2,
        0 => day + 1,
        _ => day,
    }
}

fn nearest_before(date: Date, day: i16) -> i16 {
    match weekday_of(date, day) {
        6 => day - 1,
        0 => day - 2,
        _ => day,
    }
}
