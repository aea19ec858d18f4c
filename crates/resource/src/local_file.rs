//! Files of the project that a kind sends as they are.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use lowtide_model::LocalFile;
use sha2::{Digest, Sha256};

use crate::{Context, Fault, Service};

/// Reads a file beneath the project's folder that has at most so many bytes; says in words why not.
pub type ReadFile = Arc<dyn Fn(&str, usize) -> Result<Vec<u8>, String> + Send + Sync>;

impl<S: Service> Context<'_, S> {
    /// Returns the content of a file, if it is the one that was planned: `hash` is its SHA-256 in Base64.
    ///
    /// # Errors
    /// When it can't be read, or has other content by now.
    pub fn planned_file(&self, file: LocalFile, path: &str, hash: Option<&str>) -> Result<Vec<u8>, Fault> {
        let Some(read) = self.files else { return Err(Fault::ours("the files of the project are not at hand")) };
        let content = read(path, file.limit).map_err(|why| Fault::ours(&why))?;
        if hash != Some(STANDARD.encode(Sha256::digest(&content)).as_str()) {
            return Err(Fault::ours(&format!(
                "`{path}` changed after it was planned, so that it was not sent; plan again, and apply that plan"
            )));
        }
        Ok(content)
    }
}
