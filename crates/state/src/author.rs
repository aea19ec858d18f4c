//! Who wrote a state.

use serde::{Deserialize, Serialize};

/// The run that wrote a state: kept with it, for its history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// Who ran it, in words: `ana on build-7`.
    pub who: String,
    /// The command: `apply`.
    pub doing: String,
    /// When the run began, by its own clock: `2026-02-03T04:05:06Z`.
    pub since: String,
    /// The keyed fingerprint of the plan that it carries out, which a plan file names as well; none where it carries out none, and before
    /// format 4.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// The run's id, which all that it asked of AWS names as well: 32 hexadecimal digits; none where nobody gave it one, and before format 6.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
}
