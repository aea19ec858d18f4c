//! What RDS would refuse of a database, said while planning.

use std::cmp::Ordering;

use lowtide_model::{Complaint, Object, Planned, PlannedObject, Value, equality::compare_versions};

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

/// RDS takes no storage away.
///
/// Source: Amazon RDS User Guide, "Working with storage for Amazon RDS DB instances".
pub fn shrink(now: &Object, wish: &PlannedObject) -> Vec<Complaint> {
    let (has, wanted) = (now.get("allocated_storage").and_then(Value::as_i64), wish.get("allocated_storage").and_then(Planned::as_i64));
    let limit = wish.get("max_allocated_storage").and_then(Planned::as_i64).unwrap_or_default();
    match (has, wanted) {
        (Some(has), Some(wanted)) if wanted < has && has > limit => {
            let detail = format!("It has {has} GiB and can't shrink to {wanted} GiB: RDS never takes storage away.");
            let hint = format!("write {has}; for less, make a smaller database and move the data there");
            vec![Complaint::about("allocated_storage", detail).hint(hint)]
        }
        _ => Vec::new(),
    }
}

/// RDS goes to a newer version only, and to a newer major version only if that is allowed.
///
/// Source: Amazon RDS User Guide, "Upgrading a DB instance engine version"; API Reference, `ModifyDBInstance`,
/// `AllowMajorVersionUpgrade`.
pub fn version(now: &Object, wish: &PlannedObject) -> Vec<Complaint> {
    let (Some(has), Some(wanted)) = (now.text("engine_version"), wish.text("engine_version")) else { return Vec::new() };
    let upgrades = wish.get("auto_minor_version_upgrade").and_then(Planned::as_bool) != Some(false);
    let major = is_major(now.text("engine").unwrap_or_default(), has, wanted);
    match compare_versions(wanted, has) {
        Ordering::Less if major || !upgrades => {
            let detail = format!("It has version {has} and can't go back to {wanted}.");
            let hint = format!("write {has}; for an older one, make another database and move the data there");
            vec![Complaint::about("engine_version", detail).hint(hint)]
        }
        Ordering::Greater if major && !allows_major(wish) => {
            let detail =
                format!("From version {has} to {wanted} is a major upgrade, which RDS makes only if it is told that this is meant.");
            vec![
                Complaint::about("engine_version", detail)
                    .hint("write allow_major_version_upgrade = true, and look at the release notes before"),
            ]
        }
        Ordering::Less | Ordering::Equal | Ordering::Greater => Vec::new(),
    }
}

/// PostgreSQL's major versions are one number, those of other engines two.
fn is_major(engine: &str, one: &str, other: &str) -> bool {
    let numbers = if engine.starts_with("postgres") { 1 } else { 2 };
    one.split('.').zip(other.split('.')).take(numbers).any(|(one, other)| one != other)
}

fn allows_major(wish: &PlannedObject) -> bool {
    wish.get("allow_major_version_upgrade").is_some_and(|allows| allows.is_unknown() || allows.as_bool() == Some(true))
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

    #[test]
    fn storage_never_shrinks() {
        let to = |pairs: &[(&str, Value)]| shrink(&Object([("allocated_storage".to_owned(), 40.into())].into()), &wish(pairs)).len();
        assert_eq!((to(&[("allocated_storage", 20.into())]), to(&[("allocated_storage", 80.into())])), (1, 0));
        // What grew by itself does not count as shrinking, as long as it may grow.
        assert_eq!(to(&[("allocated_storage", 20.into()), ("max_allocated_storage", 100.into())]), 0);
        assert_eq!(to(&[("allocated_storage", 20.into()), ("max_allocated_storage", 30.into())]), 1);
    }

    #[test]
    fn versions_go_forward_and_major_ones_only_when_meant() {
        let said = |engine: &str, from: &str, to: &str, more: &[(&str, Value)]| {
            let now = [("engine".to_owned(), engine.into()), ("engine_version".to_owned(), from.into())];
            let mut all = vec![("engine_version", to.into())];
            all.extend_from_slice(more);
            version(&Object(now.into()), &wish(&all)).len()
        };
        assert_eq!((said("postgres", "15.7", "14", &[]), said("postgres", "15.7", "15", &[])), (1, 0));
        assert_eq!((said("postgres", "15.7", "15.9", &[]), said("postgres", "15.7", "16", &[])), (0, 1));
        assert_eq!(said("postgres", "15.7", "16", &[("allow_major_version_upgrade", true.into())]), 0);
        assert_eq!(
            (said("mysql", "8.0.39", "8.4", &[]), said("mysql", "8.0.39", "8.0.40", &[]), said("mysql", "8.0.39", "8", &[])),
            (1, 0, 0)
        );
        // A version that came in by itself is kept; where none does, there is no way back to the one before.
        assert_eq!(said("postgres", "15.7", "15.4", &[]), 0);
        assert_eq!(said("postgres", "15.7", "15.4", &[("auto_minor_version_upgrade", false.into())]), 1);
    }
}
