//! Who holds a stack, in words for those who have to wait.

use std::time::{SystemTime, UNIX_EPOCH};

use lowtide_state::Author;

/// Who we are to others.
#[derive(Clone, Debug, Default)]
pub(crate) struct Us {
    /// Our name, if we have one.
    pub name: Option<String>,
    /// The id of our run, which is kept with what we write.
    pub run: Option<String>,
}

impl Us {
    /// Says who we are and what we do.
    pub(crate) fn doing(&self, doing: &str) -> String {
        let process = std::process::id();
        let name = self.name.as_ref().map(|name| format!("{name}, ")).unwrap_or_default();
        format!("{name}process {process}{}, doing {doing} since {}", on_host(), now().replace('T', " ").replace('Z', " UTC"))
    }

    /// Returns us as the author of what we write.
    pub(crate) fn author(&self, doing: &str) -> Author {
        let who = format!("{}{}", self.name.as_deref().unwrap_or("somebody"), on_host());
        Author { who, doing: doing.to_owned(), since: now(), plan: None, run: self.run.clone() }
    }
}

fn on_host() -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    Some(host.trim()).filter(|name| !name.is_empty()).map(|name| format!(" on {name}")).unwrap_or_default()
}

fn now() -> String {
    utc(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |age| age.as_secs()))
}

/// Returns seconds since 1970 as a date and a time of day: `2026-02-03T04:05:06Z` (RFC 3339).
fn utc(seconds: u64) -> String {
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    // Howard Hinnant's `civil_from_days`: years begin in March, so that the leap day is the last.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", second / 3_600, second / 60 % 60, second % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        for (seconds, date) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_709_251_199, "2024-02-29T23:59:59Z"),
            (1_709_251_200, "2024-03-01T00:00:00Z"),
            (4_107_542_399, "2100-02-28T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(utc(seconds), date);
        }
    }
}
