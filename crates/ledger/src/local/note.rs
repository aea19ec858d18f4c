//! Notes beside the state: small files, each replaced as a whole.

use lowtide_state::LedgerFault;

use super::folder::{Folder, unusable};

/// How their files begin.
const NOTE: &str = "note.";

/// Reads a note.
pub(super) fn read(folder: &Folder, name: &str) -> Result<Option<String>, LedgerFault> {
    let file = file(folder, name)?;
    let Some((bytes, _)) = folder.read(&file)? else { return Ok(None) };
    let text = String::from_utf8(bytes);
    text.map(Some).map_err(|_| LedgerFault::Damaged { place: folder.path(&file).display().to_string(), why: "it is no text".to_owned() })
}

/// Puts a note in the place of the one before, or takes it away.
pub(super) fn write(folder: &Folder, name: &str, text: Option<&str>) -> Result<(), LedgerFault> {
    let file = file(folder, name)?;
    // Two may write at once: each has a file of its own until it is whole.
    let new = format!("{file}.{}", uuid::Uuid::new_v4());
    match text {
        Some(text) => {
            folder.write_new(&new, text.as_bytes())?;
            folder.rename(&new, &file).inspect_err(|_| folder.remove(&new))?;
        }
        None => folder.make_way(&file)?,
    }
    folder.sync()
}

/// Returns the names of all notes.
pub(super) fn names(folder: &Folder) -> Result<Vec<String>, LedgerFault> {
    let names = folder.names()?.into_iter().filter_map(|file| file.strip_prefix(NOTE).map(str::to_owned));
    Ok(names.filter(|name| is_name(name)).collect())
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|letter| letter.is_ascii_lowercase())
}

fn file(folder: &Folder, name: &str) -> Result<String, LedgerFault> {
    if is_name(name) {
        return Ok(format!("{NOTE}{name}"));
    }
    Err(unusable(folder.path("note"), "used", "a note's name is lower-case letters"))
}
