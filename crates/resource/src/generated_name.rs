//! Names for things whose users leave the name to us, or give only its beginning.
//!
//! A name ends in 26 hexadecimal digits of its operation's id: the same for a repeated request, and as long as
//! Terraform's own endings, so that what Terraform named is recognised too.

use crate::Operation;

/// How many characters are appended.
const ENDING: usize = 26;

/// What such a name begins with when nothing is given.
const BEGINNING: &str = "lowtide-";

impl Operation {
    /// Returns the name that this operation gives: the wished one, or one that begins with `prefix`.
    pub fn name(&self, wished: Option<&str>, prefix: Option<&str>) -> String {
        wished.map_or_else(|| format!("{}{}", prefix.unwrap_or(BEGINNING), self.name_ending()), str::to_owned)
    }

    /// Returns what every generated name of this operation ends in.
    pub fn name_ending(&self) -> String {
        self.short_token().chars().take(ENDING).collect()
    }
}

/// Returns what a generated name begins with; `None` when the name does not look generated.
pub fn prefix_of_name(name: &str) -> Option<String> {
    let at = name.len().checked_sub(ENDING).filter(|at| name.is_char_boundary(*at))?;
    let (prefix, ending) = name.split_at(at);
    (!prefix.is_empty() && ending.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))).then(|| prefix.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generated_name_tells_its_beginning() {
        let op = Operation { id: "0e2b7c1a-5d3f-4a6b-8c9d-0123456789ab".to_owned() };
        let name = op.name(None, Some("web-"));
        assert_eq!(name, "web-0e2b7c1a5d3f4a6b8c9d012345");
        assert_eq!(prefix_of_name(&name).as_deref(), Some("web-"));
        assert_eq!(prefix_of_name("terraform-20250101120000000000000001").as_deref(), Some("terraform-"));
        assert_eq!(op.name(Some("web"), None), "web");
        assert_eq!(prefix_of_name("web"), None);
    }
}
