//! A state that leaves as JSON comes back as it was, or not at all.

use lowtide_state::format::{FORMAT, Unreadable, export_snapshot, import_snapshot, read_snapshot};
use serde_json::Value as Json;

use crate::samples::{kept, snapshot};

#[test]
fn what_is_exported_comes_back_however_it_is_laid_out() {
    for format in 1..=FORMAT {
        let text = std::fs::read(kept(&format!("{format}/state"))).unwrap();
        let read = read_snapshot(&text).unwrap();
        let exported = export_snapshot(&text).unwrap();
        let json: Json = serde_json::from_str(&exported).unwrap();
        assert_eq!((&json["sha256"], &json["serial"]), (&Json::from(read.hash.as_str()), &Json::from(7)));
        assert_eq!(import_snapshot(exported.as_bytes()).as_ref(), Ok(&read));
        let pretty = serde_json::to_string_pretty(&json).unwrap();
        assert_eq!(import_snapshot(pretty.as_bytes()).as_ref(), Ok(&read));
        assert_eq!(import_snapshot(&text), Ok(read), "a snapshot from where it is kept does as well");
    }
}

#[test]
fn what_was_changed_on_the_way_is_refused() {
    let exported = export_snapshot(snapshot().0.as_bytes()).unwrap();
    for (from, to) in [("vpc-0a1b", "vpc-0a1c"), ("\"serial\":7", "\"serial\":8"), ("\"kept\"", "\"lost\"")] {
        let changed = exported.replace(from, to);
        assert_ne!(changed, exported);
        assert_eq!(import_snapshot(changed.as_bytes()), Err(Unreadable::Altered), "{from}");
    }
    for length in 0..exported.len() - 1 {
        assert!(import_snapshot(&exported.as_bytes()[..length]).is_err(), "cut after {length}");
    }
    let newer = exported.replace(&format!("\"format\":{FORMAT}"), "\"format\":99");
    assert_eq!(import_snapshot(newer.as_bytes()), Err(Unreadable::Newer { found: 99, known: FORMAT }));
    for (text, why) in [
        ("[]", "it is no state: it is JSON, but no object"),
        ("{\"serial\":1}", "it has no `sha256`, which every state that `lowtide state pull` prints has"),
        ("{\"sha256\":\"00\"}", "it has no `format`"),
    ] {
        assert_eq!(import_snapshot(text.as_bytes()).unwrap_err().to_string(), why);
    }
}
