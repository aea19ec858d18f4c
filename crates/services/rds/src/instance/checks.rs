//! What RDS would refuse of a database, said while planning.

use lowtide_model::{Complaint, Planned, PlannedObject};

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const DAY: i64 = 24 * 60;

/// A name or what it starts with, as RDS keeps it.
pub fn names(wish: &PlannedObject) -> Vec<Complaint> {
    let mut all = Vec::new();
    if wish.get("identifier").is_some() && wish.get("identifier_prefix").is_some() {
        all.push(
            Complaint::about("identifier_prefix", "`identifier` and `identifier_prefix` exclude each other.").hint("keep one of them"),
        );
    }
    for attribute in ["identifier", "identifier_prefix"] {
        let fits = |name: &str| {
            let whole = attribute == "identifier";
            name.starts_with(|letter: char| letter.is_ascii_lowercase())
                && name.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-')
                && !name.contains("--")
                && !(whole && name.ends_with('-'))
        };
        if let Some(name) = wish.text(attribute).filter(|name| !fits(name)) {
            let detail = format!(
                "`{name}` is no name of a database: lower-case letters, digits and single hyphens, with a letter first and no hyphen last."
            );
            all.push(Complaint::about(attribute, detail));
        }
    }
    all
}

/// Somebody makes the password, and only one.
pub fn password(wish: &PlannedObject) -> Vec<Complaint> {
    let managed = wish.get("manage_master_user_password").and_then(Planned::as_bool);
    match (wish.get("password").is_some(), managed) {
        (true, Some(true)) => {
            vec![Complaint::about("password", "RDS makes the password itself (`manage_master_user_password`).").hint("leave password out")]
        }
        (false, None | Some(false)) if wish.get("manage_master_user_password").is_none_or(|it| it.is_wholly_known()) => {
            let detail = "The first user has no password.";
            vec![
                Complaint::about("password", detail)
                    .hint("write manage_master_user_password = true, and RDS makes one and keeps it in Secrets Manager"),
            ]
        }
        _ => Vec::new(),
    }
}

/// Windows are half an hour at least, and do not overlap.
pub fn windows(wish: &PlannedObject) -> Vec<Complaint> {
    let mut all = Vec::new();
    let mut read = |attribute: &str, parse: fn(&str) -> Option<(i64, i64)>, form: &str| {
        let text = wish.text(attribute)?;
        match parse(text) {
            Some((_, length)) if length < 30 => {
                all.push(Complaint::about(attribute, format!("`{text}` is shorter than half an hour, which is what RDS needs at least.")));
                None
            }
            Some(window) => Some(window),
            None => {
                all.push(Complaint::about(attribute, format!("`{text}` is no window.")).hint(format!("write it like \"{form}\", in UTC")));
                None
            }
        }
    };
    let backup = read("backup_window", daily, "03:00-04:00");
    let maintenance = read("maintenance_window", weekly, "sun:04:30-sun:05:30");
    if let (Some((from, length)), Some((start, lasts))) = (backup, maintenance) {
        let overlaps = (0..7).any(|day| {
            let begins = day * DAY + from;
            [0, -7 * DAY, 7 * DAY].iter().any(|week| begins + week < start + lasts && start < begins + week + length)
        });
        if overlaps {
            let detail = "Backups and maintenance would come at the same time on that day, which RDS refuses.";
            all.push(Complaint::about("maintenance_window", detail).hint("move one of the two windows"));
        }
    }
    all
}

/// How it ends is said while it lives.
pub fn ending(wish: &PlannedObject) -> Vec<Complaint> {
    let skips = wish.get("skip_final_snapshot").map_or(Some(false), Planned::as_bool);
    if skips == Some(false) && wish.get("final_snapshot_identifier").is_none() {
        let detail = "When the database is destroyed a last snapshot is made, and that needs a name.";
        return vec![
            Complaint::about("final_snapshot_identifier", detail).hint("name it, or write skip_final_snapshot = true to lose the data"),
        ];
    }
    Vec::new()
}

/// It grows to more than it has.
pub fn storage(wish: &PlannedObject) -> Vec<Complaint> {
    let number = |name: &str| wish.get(name).and_then(Planned::as_i64);
    match (number("allocated_storage"), number("max_allocated_storage")) {
        (Some(has), Some(most)) if most != 0 && most <= has => {
            let detail = format!("It can't grow from {has} GiB to {most} GiB.");
            vec![Complaint::about("max_allocated_storage", detail).hint(format!("write more than {has}, or leave it out"))]
        }
        _ => Vec::new(),
    }
}

/// Returns from which minute of the day, and for how many minutes.
fn daily(text: &str) -> Option<(i64, i64)> {
    let (from, to) = text.split_once('-')?;
    let (from, to) = (minute(from)?, minute(to)?);
    Some((from, (to - from).rem_euclid(DAY)))
}

/// Returns from which minute of the week, and for how many minutes.
fn weekly(text: &str) -> Option<(i64, i64)> {
    let moment = |text: &str| {
        let (day, time) = text.split_once(':')?;
        let day = DAYS.iter().position(|name| name.eq_ignore_ascii_case(day))?;
        Some(i64::try_from(day).ok()? * DAY + minute(time)?)
    };
    let (from, to) = text.split_once('-')?;
    let (from, to) = (moment(from)?, moment(to)?);
    Some((from, (to - from).rem_euclid(7 * DAY)))
}

fn minute(text: &str) -> Option<i64> {
    let (hour, minute) = text.split_once(':').filter(|(hour, minute)| hour.len() == 2 && minute.len() == 2)?;
    let (hour, minute) = (hour.parse::<i64>().ok()?, minute.parse::<i64>().ok()?);
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use lowtide_model::Value;

    use super::*;

    fn wish(pairs: &[(&str, Value)]) -> PlannedObject {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), Planned::from(value.clone()))).collect()
    }

    #[test]
    fn windows_do_not_overlap() {
        let both = |backup: &str, maintenance: &str| {
            windows(&wish(&[("backup_window", backup.into()), ("maintenance_window", maintenance.into())])).len()
        };
        assert_eq!(both("03:00-04:00", "sun:04:30-sun:05:30"), 0);
        assert_eq!(both("03:00-05:00", "sun:04:30-sun:05:30"), 1);
        assert_eq!(both("23:30-00:30", "mon:00:00-mon:01:00"), 1);
        assert_eq!(both("03:00-03:10", "sunday"), 2);
    }

    #[test]
    fn a_database_has_a_password_and_an_end() {
        assert_eq!(password(&wish(&[("manage_master_user_password", true.into())])), []);
        assert_eq!((password(&wish(&[])).len(), ending(&wish(&[])).len()), (1, 1));
        assert_eq!(ending(&wish(&[("skip_final_snapshot", true.into())])), []);
    }
}
