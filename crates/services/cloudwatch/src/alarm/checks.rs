//! What CloudWatch would refuse of an alarm, said while planning.

use lowtide_model::{Complaint, PlannedObject};

/// One metric, or queries.
pub fn what(wish: &PlannedObject) -> Vec<Complaint> {
    let has = |name: &str| wish.get(name).is_some();
    let mut all = Vec::new();
    if has("metric_query") {
        for name in ["metric_name", "namespace", "dimensions", "statistic", "extended_statistic", "period", "unit"] {
            if has(name) {
                let detail = format!("`{name}` is about one metric, but the value is computed from `metric_query`.");
                all.push(Complaint::about(name, detail).hint("move it into the query, or leave the queries out"));
            }
        }
        return all;
    }
    for name in ["metric_name", "namespace", "period"] {
        if !has(name) {
            let detail = format!(
                "An alarm looks at one metric (`metric_name`, `namespace`, `period`) or at queries (`metric_query`); `{name}` is missing."
            );
            all.push(Complaint::about(name, detail));
        }
    }
    match (has("statistic"), has("extended_statistic")) {
        (true, true) => {
            all.push(
                Complaint::about("extended_statistic", "`statistic` and `extended_statistic` exclude each other.").hint("keep one of them"),
            );
        }
        (false, false) => {
            all.push(Complaint::about("statistic", "How do the values of a period become one?").hint("write statistic = \"Average\", say"))
        }
        (true, false) | (false, true) => {}
    }
    all
}

/// A threshold, or a band.
pub fn bound(wish: &PlannedObject) -> Vec<Complaint> {
    let (fixed, band) = (wish.get("threshold").is_some(), wish.get("threshold_metric_id").is_some());
    let banded = wish.text("comparison_operator").is_some_and(|word| {
        ["LessThanLowerOrGreaterThanUpperThreshold", "LessThanLowerThreshold", "GreaterThanUpperThreshold"].contains(&word)
    });
    let mut all = Vec::new();
    if fixed == band {
        let detail = "An alarm has a `threshold`, or the id of a query that computes a band (`threshold_metric_id`): one of the two.";
        all.push(Complaint::about("threshold", detail));
    } else if wish.text("comparison_operator").is_some() && banded != band {
        let detail = "This comparison does not go with what the value is held against: those with `Lower` or `Upper` are for bands, the others for a threshold.";
        all.push(Complaint::about("comparison_operator", detail));
    }
    if let (Some(some), Some(of)) = (number(wish, "datapoints_to_alarm"), number(wish, "evaluation_periods"))
        && some > of
    {
        let detail = format!("Of {of} periods {some} can't be out of bounds.");
        all.push(Complaint::about("datapoints_to_alarm", detail).hint(format!("write {of} or less")));
    }
    all
}

/// Periods are short or whole minutes, and all of them together no longer than a day, or a week for hours.
pub fn period(wish: &PlannedObject) -> Vec<Complaint> {
    let Some(period) = number(wish, "period") else { return Vec::new() };
    if ![10, 20, 30].contains(&period) && (period < 60 || period % 60 != 0) {
        let detail = format!("A period has 10, 20 or 30 seconds, or whole minutes; {period} seconds are neither.");
        return vec![Complaint::about("period", detail).hint(format!("write {}", (period / 60 + 1) * 60))];
    }
    let most = if period >= 3600 { 604_800 } else { 86_400 };
    match number(wish, "evaluation_periods").filter(|count| count.saturating_mul(period) > most) {
        Some(count) => {
            let detail = format!("{count} periods of {period} seconds are longer than CloudWatch looks back ({most} seconds).");
            vec![Complaint::about("evaluation_periods", detail).hint(format!("write {} or less", most / period))]
        }
        None => Vec::new(),
    }
}

fn number(wish: &PlannedObject, name: &str) -> Option<i64> {
    wish.get(name).and_then(lowtide_model::Planned::as_i64)
}

#[cfg(test)]
mod tests {
    use lowtide_model::{Planned, Value};

    use super::*;

    fn wish(pairs: &[(&str, Value)]) -> PlannedObject {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), Planned::from(value.clone()))).collect()
    }

    #[test]
    fn what_does_not_go_together_is_told() {
        let whole = [
            ("metric_name", "CPUUtilization".into()),
            ("namespace", "AWS/ECS".into()),
            ("period", 300.into()),
            ("statistic", "Sum".into()),
        ];
        assert_eq!(what(&wish(&whole)), []);
        assert_eq!(what(&wish(&[("metric_query", 1.into()), ("period", 60.into())])).len(), 1);
        assert_eq!(bound(&wish(&[("threshold", 1.into()), ("comparison_operator", "LessThanLowerThreshold".into())])).len(), 1);
        assert_eq!(period(&wish(&[("period", 90.into())]))[0].hint.as_deref(), Some("write 120"));
        assert_eq!(period(&wish(&[("period", 300.into()), ("evaluation_periods", 300.into())])).len(), 1);
    }
}
