//! Files that are sent to AWS: a spec names them, what is planned is the hash of their content.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use lowtide_diagnostic::Diagnostics;
use lowtide_model::{Complaint, Description, LocalFile, Planned, PlannedObject, Shape};
use sha2::{Digest, Sha256};

use super::complained;
use crate::{
    expression::{Files, Scope, steps_to_read},
    written::Table,
};

/// Fills in the hashes of the files that attributes name. These are no part of the spec: it can be checked before they are built, and
/// what they went into can be destroyed without them.
///
/// # Errors
/// Says which can't be read, or are not what is said of them, each with its place.
pub fn fill_in_hashes(object: &mut PlannedObject, body: &Table, description: &Description, scope: &dyn Scope) -> Result<(), Diagnostics> {
    let named = description.inputs.iter().filter_map(|row| Some((row.name, row.file?)));
    let mut wrong = Vec::new();
    for (name, file) in named {
        let mut read = 0;
        wrong.extend(content(name, file, scope.files(), object, &mut read));
        scope.budget().spend(steps_to_read(read), body.get(name).map_or(&body.place, |written| &written.place))?;
    }
    let told = wrong.into_iter().map(|(summary, complaint)| complained(summary, complaint, body, &body.place, &[&*object]));
    let found: Diagnostics = told.collect();
    if found.has_errors() { Err(found.sorted()) } else { Ok(()) }
}

/// Fills in the hash of one file; `read` is how many bytes that took.
fn content(
    name: &'static str,
    file: LocalFile,
    files: &dyn Files,
    object: &mut PlannedObject,
    read: &mut usize,
) -> Option<(&'static str, Complaint)> {
    let path = object.get(name)?.clone();
    let Some(known) = path.as_str() else {
        // Which file it is shows later, and so does its hash: it must not be taken for the one there is.
        if object.get(file.hash).is_none() {
            object.set(file.hash, Planned::unknown(Shape::String.ty()));
        }
        return None;
    };
    let hash = match files.read_up_to(known, file.limit) {
        Ok(content) => {
            *read = content.len();
            STANDARD.encode(Sha256::digest(content))
        }
        Err(why) => {
            let detail = format!("The file can't be sent: {}.", why.trim_end_matches('.'));
            return Some(("Unreadable file", Complaint::about(name, detail).hint("name a file beneath the project's folder")));
        }
    };
    match object.get(file.hash).and_then(Planned::as_str) {
        Some(said) if said != hash => {
            let detail = format!("`{}` is not the SHA-256 of `{known}` in Base64, which is `{hash}`.", file.hash);
            let hint = format!("leave it out: it follows from `{name}`");
            Some(("Wrong hash", Complaint::about(file.hash, detail).hint(hint)))
        }
        Some(_) => None,
        None if object.get(file.hash).is_some() => None,
        None => {
            object.set(file.hash, Planned::text(hash).marked(path.sensitive));
            None
        }
    }
}
