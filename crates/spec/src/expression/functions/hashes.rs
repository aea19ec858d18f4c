//! Functions that hash text and files.

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use lowtide_model::Planned;
use md5::Md5;
use sha2::{Digest, Sha256, Sha512};

use super::{Body, Function, Wanted, files::read, parameter, row};

/// How many bytes a file may have of which only the hash is wanted: more than any that is sent.
const HASHED_LIMIT: usize = 64 << 20;

const TEXT: super::Parameter = parameter("string", Wanted::Text);
const PATH: super::Parameter = parameter("path", Wanted::Text);

macro_rules! of_text {
    ($name:literal, $digest:ty, $write:expr, $doc:literal) => {
        row($name, &[TEXT], Wanted::Text, $doc, Body::Known(|given| Ok(Planned::text($write(&<$digest>::digest(given.text(0)?))))))
    };
}

macro_rules! of_file {
    ($name:literal, $digest:ty, $write:expr, $doc:literal) => {
        row(
            $name,
            &[PATH],
            Wanted::Text,
            $doc,
            Body::File(|files, given| Ok(Planned::text($write(&<$digest>::digest(read(files, given, HASHED_LIMIT)?))))),
        )
    };
}

pub(super) const TABLE: &[Function] = &[
    of_text!("md5", Md5, hex, "Returns the MD5 hash of a text, in hexadecimal."),
    of_text!("sha256", Sha256, hex, "Returns the SHA-256 hash of a text, in hexadecimal."),
    of_text!("sha512", Sha512, hex, "Returns the SHA-512 hash of a text, in hexadecimal."),
    of_text!("base64sha256", Sha256, base64, "Returns the SHA-256 hash of a text, in base64."),
    of_text!("base64sha512", Sha512, base64, "Returns the SHA-512 hash of a text, in base64."),
    of_file!("filemd5", Md5, hex, "Returns the MD5 hash of a file, in hexadecimal."),
    of_file!("filesha256", Sha256, hex, "Returns the SHA-256 hash of a file, in hexadecimal."),
    of_file!("filesha512", Sha512, hex, "Returns the SHA-512 hash of a file, in hexadecimal."),
    of_file!("filebase64sha256", Sha256, base64, "Returns the SHA-256 hash of a file, in base64."),
    of_file!("filebase64sha512", Sha512, base64, "Returns the SHA-512 hash of a file, in base64."),
];

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String does not fail.
        write!(text, "{byte:02x}").unwrap_or_default();
        text
    })
}

fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}
