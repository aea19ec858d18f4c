//! One intended change, as a kind sees it: what makes a repeated request recognisable.

/// The tag that says which stack owns a thing: the lineage of its state.
pub const TAG_STACK: &str = "lowtide:stack";
/// The tag that says which record owns a thing: the operation that created it.
pub const TAG_ID: &str = "lowtide:id";
/// The tag that tells people where a thing is declared; never read back.
pub const TAG_ADDRESS: &str = "lowtide:address";
/// All ownership tags; the engine adds them to `tags` at create and hides them from everything users see.
pub const OWNER_TAGS: [&str; 3] = [TAG_STACK, TAG_ID, TAG_ADDRESS];

/// One intended change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Its id, a UUID; the value of [`TAG_ID`] on what it creates.
    pub id: String,
}

impl Operation {
    /// Returns the client token: the id itself, a UUID in its usual form of 36 characters.
    pub fn token(&self) -> &str {
        &self.id
    }

    /// Returns the token without hyphens, for services that take at most 32 word characters.
    pub fn short_token(&self) -> String {
        self.id.replace('-', "")
    }
}
