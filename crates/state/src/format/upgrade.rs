//! Steps from older formats to today's. Each is a function over JSON, written once and never changed afterwards.

use serde_json::Value as Json;

use super::Unreadable;

/// The format this version writes, and the newest it reads.
pub const FORMAT: u32 = 6;

/// A step from one format to the next.
pub(crate) struct Step {
    /// The format it starts from; it leads to the one above.
    pub from: u32,
    /// Changes a document.
    pub document: Change,
    /// Changes an entry of a journal.
    pub entry: Change,
}

/// Changes JSON in place, or says why it can't.
pub(crate) type Change = fn(&mut Json) -> Result<(), String>;

/// All steps, oldest first. Format 1 is the first there ever was.
pub(crate) const STEPS: &[Step] = &[
    Step { from: 1, document: with_pending, entry: |_| Ok(()) },
    Step { from: 2, document: with_author, entry: |_| Ok(()) },
    // Format 4 knows which plan an author carries out, and until when a record may be made anew; none is as good as not knowing.
    Step { from: 3, document: |_| Ok(()), entry: |_| Ok(()) },
    Step { from: 4, document: with_lingering, entry: with_lingering_in_entry },
    // Format 6 knows the id of an author's run; none is as good as not knowing. What moved was forgotten and put before.
    Step { from: 5, document: |_| Ok(()), entry: |_| Ok(()) },
];

/// Format 2 knows what is about to be asked of AWS.
fn with_pending(json: &mut Json) -> Result<(), String> {
    json.as_object_mut().ok_or("it is no object")?.insert("pending".to_owned(), Json::Array(Vec::new()));
    Ok(())
}

/// Format 3 knows who wrote it.
fn with_author(json: &mut Json) -> Result<(), String> {
    json.as_object_mut().ok_or("it is no object")?.insert("author".to_owned(), Json::Null);
    Ok(())
}

/// Format 5 knows what a request asks for that may still arrive; before, it was taken for what the record says.
fn with_lingering(json: &mut Json) -> Result<(), String> {
    for record in json.get_mut("records").and_then(Json::as_array_mut).into_iter().flatten() {
        lingers(record)?;
    }
    for intent in json.get_mut("pending").and_then(Json::as_array_mut).into_iter().flatten() {
        with_lingering_in_entry(intent)?;
    }
    Ok(())
}

/// An intent may hold a record as well.
fn with_lingering_in_entry(json: &mut Json) -> Result<(), String> {
    json.get_mut("record").map_or(Ok(()), lingers)?;
    json.get_mut("intent").map_or(Ok(()), with_lingering_in_entry)
}

fn lingers(record: &mut Json) -> Result<(), String> {
    let Some(members) = record.as_object_mut() else { return Ok(()) };
    let Some(until) = members.remove("ambiguous_until") else { return Ok(()) };
    let uid = members.get("uid").cloned().ok_or("a record has no uid")?;
    let mut lingering = serde_json::Map::from_iter([("until".to_owned(), until), ("uid".to_owned(), uid)]);
    let asked = ["inputs", "digests"].into_iter().filter_map(|name| Some((name.to_owned(), members.get(name)?.clone())));
    lingering.extend(asked);
    members.insert("lingering".to_owned(), Json::Array(vec![Json::Object(lingering)]));
    Ok(())
}

/// Refuses formats that this version does not know.
pub(crate) fn known(found: u32) -> Result<u32, Unreadable> {
    match found {
        0 => Err(Unreadable::Header { why: "there is no format 0".to_owned() }),
        1..=FORMAT => Ok(found),
        _ => Err(Unreadable::Newer { found, known: FORMAT }),
    }
}

/// Brings JSON of an older format to the newest that the steps lead to.
pub(crate) fn upgrade(json: &mut Json, from: u32, steps: &[Step], change: fn(&Step) -> Change) -> Result<u32, Unreadable> {
    let mut format = from;
    while let Some(step) = steps.iter().find(|step| step.from == format) {
        change(step)(json).map_err(|why| Unreadable::Malformed { why: format!("it can't be brought to format {}: {why}", format + 1) })?;
        format += 1;
    }
    Ok(format)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const MADE_UP: &[Step] = &[
        Step { from: 1, document: |json| rename(json, "serial", "count"), entry: |_| Ok(()) },
        Step { from: 2, document: |json| rename(json, "count", "number"), entry: |json| rename(json, "entry", "what") },
    ];

    fn rename(json: &mut Json, old: &str, new: &str) -> Result<(), String> {
        let all = json.as_object_mut().ok_or("no object")?;
        let value = all.remove(old).ok_or_else(|| format!("`{old}` is missing"))?;
        all.insert(new.to_owned(), value);
        Ok(())
    }

    #[test]
    fn steps_follow_each_other_from_any_older_format() {
        for (from, mut json) in [(1, json!({"serial": 7})), (2, json!({"count": 7})), (3, json!({"number": 7}))] {
            assert_eq!(upgrade(&mut json, from, MADE_UP, |step| step.document), Ok(3));
            assert_eq!(json, json!({"number": 7}));
        }
        let mut entry = json!({"entry": "put"});
        assert_eq!(upgrade(&mut entry, 1, MADE_UP, |step| step.entry), Ok(3));
        assert_eq!(entry, json!({"what": "put"}));
    }

    #[test]
    fn a_step_that_fails_says_where_it_led() {
        let fault = upgrade(&mut json!({"number": 7}), 2, MADE_UP, |step| step.document).unwrap_err();
        assert_eq!(fault.to_string(), "it can't be brought to format 3: `count` is missing");
    }

    #[test]
    fn the_steps_lead_from_the_first_format_to_todays() {
        assert_eq!(upgrade(&mut json!({}), FORMAT, STEPS, |step| step.document), Ok(FORMAT));
        assert_eq!(STEPS.iter().map(|step| step.from).collect::<Vec<_>>(), (1..FORMAT).collect::<Vec<_>>());
    }

    #[test]
    fn a_newer_format_is_refused() {
        assert_eq!(known(FORMAT + 1), Err(Unreadable::Newer { found: FORMAT + 1, known: FORMAT }));
        assert!(known(0).is_err());
    }
}
