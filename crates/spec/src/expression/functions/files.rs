//! Functions that read files of the project.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use lowtide_model::{Content, Planned};

use super::{Arguments, Body, Complaint, Function, Outcome, Wanted, parameter, row};
use crate::{
    expression::{
        Files,
        limits::{STEPS_PER_FILE, TEXT_LIMIT, steps_to_read},
    },
    written::SOURCE_LIMIT,
};

const PATH: super::Parameter = parameter("path", Wanted::Text);

pub(super) const TABLE: &[Function] = &[
    row("file", &[PATH], Wanted::Text, "Returns the text of a file beneath the project's folder.", Body::File(file)),
    row("fileexists", &[PATH], Wanted::Bool, "Tells whether there is a file beneath the project's folder.", Body::File(exists)),
    row("filebase64", &[PATH], Wanted::Text, "Returns the bytes of a file in base64.", Body::File(base64)),
    row(
        "templatefile",
        &[PATH, parameter("variables", Wanted::Map)],
        Wanted::Text,
        "Returns the text of a template file with the given variables filled in.",
        Body::TemplateFile,
    ),
];

fn file(files: &dyn Files, given: &Arguments<'_>) -> Outcome {
    let bytes = read(files, given, SOURCE_LIMIT)?;
    let text = String::from_utf8(bytes);
    text.map(Planned::text).map_err(|_| Complaint::about(0, "the file is not UTF-8 text. filebase64 reads any file"))
}

fn exists(files: &dyn Files, given: &Arguments<'_>) -> Outcome {
    given.spend(STEPS_PER_FILE)?;
    let exists = files.exists(given.text(0)?).map_err(|why| Complaint::about(0, words(why)))?;
    Ok(Content::Bool(exists).into())
}

fn base64(files: &dyn Files, given: &Arguments<'_>) -> Outcome {
    let bytes = read(files, given, SOURCE_LIMIT)?;
    if bytes.len() > TEXT_LIMIT / 4 * 3 {
        return Err(Complaint::about(0, "the file is too large to be held in a string"));
    }
    Ok(Planned::text(STANDARD.encode(bytes)))
}

/// Reads the file that the first argument names, if it is no larger.
pub(super) fn read(files: &dyn Files, given: &Arguments<'_>, limit: usize) -> Result<Vec<u8>, Complaint> {
    let content = files.read_up_to(given.text(0)?, limit).map_err(|why| {
        // That it was looked for counts too; what is wrong is the file.
        let _ = given.spend(steps_to_read(0));
        Complaint::about(0, words(why))
    })?;
    given.spend(steps_to_read(content.len()))?;
    Ok(content)
}

/// Returns a sentence as part of another one.
fn words(sentence: String) -> String {
    sentence.trim_end_matches('.').to_owned()
}
