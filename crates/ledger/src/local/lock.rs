//! The lock of a stack: a file that is locked while a run may write, and says who does. It is never deleted, so that
//! everybody locks the same file, and the system frees it when its holder dies.

use std::{
    fs::{File, TryLockError},
    io::{ErrorKind, Read, Seek, SeekFrom, Write},
    os::unix::fs::MetadataExt,
    time::{SystemTime, UNIX_EPOCH},
};

use lowtide_state::{LedgerFault, StackKey};

use super::{
    folder::{Access, Folder, unusable},
    trust,
};

const NAME: &str = "lock";
/// Nothing we write about a holder is longer.
const LONGEST: u64 = 500;

/// The lock, held until dropped.
#[derive(Debug)]
pub(super) struct Lock(File);

impl Lock {
    /// Takes the lock, or says who has it.
    pub(super) fn take(folder: &Folder, key: &StackKey, who: Option<&str>, doing: &str) -> Result<Self, LedgerFault> {
        let path = folder.path(NAME);
        match folder.create(NAME) {
            Ok(_) => folder.sync()?,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(unusable(&path, "locked", error)),
        }
        let mut file = folder.open(NAME, Access::Replace)?.ok_or_else(|| unusable(&path, "locked", "it has vanished"))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(LedgerFault::Held { stack: key.to_string(), holder: holder(&mut file) }),
            Err(TryLockError::Error(error)) => return Err(unusable(&path, "locked", error)),
        }
        let mut lock = Self(file);
        lock.check(folder)?;
        lock.say(&about_us(who, doing)).map_err(|error| unusable(&path, "locked", error))?;
        Ok(lock)
    }

    /// Refuses to go on when the lock file, or the whole folder, was removed or replaced: others then lock another file.
    pub(super) fn check(&self, folder: &Folder) -> Result<(), LedgerFault> {
        let path = folder.path(NAME);
        let ours = self.0.metadata().map_err(|error| unusable(&path, "written", error))?;
        match trust::file(&path)? {
            Some(found) if (found.dev(), found.ino()) == (ours.dev(), ours.ino()) => Ok(()),
            Some(_) | None => Err(unusable(&path, "written", "the lock file was removed or replaced during the run")),
        }
    }

    fn say(&mut self, text: &str) -> std::io::Result<()> {
        self.0.set_len(0)?;
        self.0.seek(SeekFrom::Start(0))?;
        self.0.write_all(text.as_bytes())
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Only the message of a later refusal is at stake; closing the file is what frees the lock.
        let _ = self.0.set_len(0);
    }
}

fn holder(file: &mut File) -> String {
    let mut text = String::new();
    // Who it is only helps the reader: what can't be read is left out.
    let _ = file.take(LONGEST).read_to_string(&mut text);
    let shown: String = text.chars().filter(|letter| !letter.is_control()).collect();
    if shown.trim().is_empty() { "another process".to_owned() } else { shown.trim().to_owned() }
}

fn about_us(who: Option<&str>, doing: &str) -> String {
    let process = std::process::id();
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let host = Some(host.trim()).filter(|name| !name.is_empty()).map(|name| format!(" on {name}")).unwrap_or_default();
    let who = who.map(|who| format!("{who}, ")).unwrap_or_default();
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |age| age.as_secs());
    format!("{who}process {process}{host}, doing {doing} since {}", utc(since))
}

/// Returns seconds since 1970 as a date and a time of day.
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
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02} UTC", second / 3_600, second / 60 % 60, second % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        for (seconds, date) in [
            (0, "1970-01-01 00:00:00 UTC"),
            (951_782_400, "2000-02-29 00:00:00 UTC"),
            (1_709_251_199, "2024-02-29 23:59:59 UTC"),
            (1_709_251_200, "2024-03-01 00:00:00 UTC"),
            (4_107_542_399, "2100-02-28 23:59:59 UTC"),
            (4_107_542_400, "2100-03-01 00:00:00 UTC"),
        ] {
            assert_eq!(utc(seconds), date);
        }
    }
}
