//! A state as JSON that leaves Lowtide and comes back: the content of its snapshot, with the checksum as one more member, so that
//! any JSON tool reads it and no change to it goes unseen.

use serde_json::{Value as Json, json};

use super::{Snapshot, Unreadable, canonical, read_snapshot};

const CHECKSUM: &str = "sha256";

/// Returns a snapshot as JSON with its checksum, in canonical form, and a newline.
///
/// # Errors
/// When it can't be read.
pub fn export_snapshot(text: &[u8]) -> Result<String, Unreadable> {
    let hash = read_snapshot(text)?.hash;
    let body = text.iter().position(|byte| *byte == b'\n').map_or(text, |end| &text[end + 1..]);
    let mut json: Json = serde_json::from_slice(body).map_err(malformed)?;
    json[CHECKSUM] = json!(hash);
    Ok(canonical::canonical(&json) + "\n")
}

/// Reads what [`export_snapshot`] wrote, however it is laid out by now; or a snapshot as it is kept.
///
/// # Errors
/// When its content is not what was written, when it is none, or when a newer version wrote it.
pub fn import_snapshot(bytes: &[u8]) -> Result<Snapshot, Unreadable> {
    if bytes.is_empty() || bytes.starts_with(b"lowtide-state ") {
        return read_snapshot(bytes);
    }
    let foreign = |why: &str| Unreadable::Malformed { why: why.to_owned() };
    let mut json: Json = serde_json::from_slice(bytes).map_err(malformed)?;
    let members = json.as_object_mut().ok_or_else(|| foreign("it is no state: it is JSON, but no object"))?;
    let Some(Json::String(hash)) = members.remove(CHECKSUM) else {
        return Err(foreign("it has no `sha256`, which every state that `lowtide state pull` prints has"));
    };
    let format = members.get("format").and_then(Json::as_u64).ok_or_else(|| foreign("it has no `format`"))?;
    let body = canonical::canonical(&json);
    // The one reader of states does the rest: which formats are known, and whether the checksum holds.
    read_snapshot(format!("lowtide-state {format} {hash} {}\n{body}", body.len()).as_bytes())
}

fn malformed(error: serde_json::Error) -> Unreadable {
    Unreadable::Malformed { why: error.to_string() }
}
