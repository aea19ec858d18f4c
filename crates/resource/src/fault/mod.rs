//! What AWS answered badly, classed once.
//!
//! Classes come from the rows in `table`; not-found in particular is told by error code, never by HTTP status. To teach
//! a new code, add a row there with its source.

mod sdk;
mod table;

use std::fmt;

use lowtide_model::Unfit;

/// What sort of fault it is, and so what the engine does about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// There is no such thing.
    NotFound,
    /// There is one already.
    AlreadyExists,
    /// Something else still uses it.
    InUse,
    /// Something it needs is there but not everywhere yet; it helps to wait.
    NotYet,
    /// It is changing; it helps to wait.
    Busy,
    /// Too many calls; it helps to wait.
    Throttled,
    /// The credentials may not do this.
    Denied,
    /// The credentials are missing, expired or unknown to AWS.
    Unauthenticated,
    /// AWS does not accept the request as it is.
    Invalid,
    /// A quota is used up.
    Limit,
    /// The request never left: nothing happened.
    Unreachable,
    /// Whether it happened can't be told: the reply was lost or can't be read, or AWS failed inside.
    Ambiguous,
    /// Any other answer of AWS.
    Other,
}

impl Class {
    /// Returns whether sending the same request again is safe and may help, whatever it was.
    pub fn passes(self) -> bool {
        match self {
            Self::NotYet | Self::Busy | Self::Throttled | Self::Unreachable => true,
            Self::NotFound
            | Self::AlreadyExists
            | Self::InUse
            | Self::Denied
            | Self::Unauthenticated
            | Self::Invalid
            | Self::Limit
            | Self::Ambiguous
            | Self::Other => false,
        }
    }

    /// Returns whether AWS, or the way there, is out of order.
    pub fn is_outage(self) -> bool {
        matches!(self, Self::Unreachable | Self::Ambiguous)
    }
}

/// What AWS answered badly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What sort it is.
    pub class: Class,
    /// The service asked, as its SDK crate has it: `ec2`.
    pub service: String,
    /// The operation asked for: `CreateVpc`.
    pub operation: String,
    /// AWS's own code.
    pub code: Option<String>,
    /// What AWS said.
    pub message: String,
    /// AWS's id of the request, for its support.
    pub request_id: Option<String>,
}

impl Fault {
    /// Returns a fault of an answer that lacks what it must hold. What was asked for may have happened all the same.
    pub fn silent(about: &str) -> Self {
        Self::bare(Class::Ambiguous, format!("AWS answered without {about}"))
    }

    /// Returns a fault that we found ourselves, before or after asking.
    pub fn ours(message: &str) -> Self {
        Self::bare(Class::Invalid, message.to_owned())
    }

    /// Returns that there is no such thing, where AWS says so by an empty listing.
    pub fn not_found(what: &str) -> Self {
        Self::bare(Class::NotFound, format!("AWS knows of no {what}"))
    }

    /// Returns the fault of one entry of a batch whose answer says that others may have gone well.
    pub fn of_entry(service: &str, operation: &str, code: Option<&str>, message: Option<&str>) -> Self {
        let message = message.unwrap_or("AWS gave no reason");
        // The batch itself was answered with 200: an entry without a code tells nothing by its status.
        let class = table::class(service, operation, code, message, 200);
        let (service, operation, code) = (service.to_owned(), operation.to_owned(), code.map(str::to_owned));
        Self { class, service, operation, code, message: message.to_owned(), request_id: None }
    }

    /// Returns a fault of this class and these words, without a call.
    pub fn bare(class: Class, message: String) -> Self {
        Self { class, service: String::new(), operation: String::new(), code: None, message, request_id: None }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.operation.is_empty() {
            write!(out, "{}:{}: ", self.service, self.operation)?;
        }
        if let Some(code) = &self.code {
            write!(out, "{code}: ")?;
        }
        out.write_str(&self.message)?;
        if let Some(id) = &self.request_id {
            write!(out, " (request {id})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Fault {}

impl From<Unfit> for Fault {
    fn from(unfit: Unfit) -> Self {
        Self::ours(&unfit.to_string())
    }
}

/// Returns whether an answer with this error code says that there were too many calls.
pub(crate) fn throttles(code: Option<&str>, status: u16) -> bool {
    table::class("", "", code, "", status) == Class::Throttled
}

/// Returns `None` for what AWS says does not exist.
///
/// # Errors
/// Returns every other fault.
pub fn absent_is_none<T>(result: Result<T, impl Into<Fault>>) -> Result<Option<T>, Fault> {
    match result.map_err(Into::into) {
        Ok(value) => Ok(Some(value)),
        Err(fault) if fault.class == Class::NotFound => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// Returns what an answer says of a thing, and `None` for what AWS says does not exist. An answer that does not say it is neither.
///
/// # Errors
/// Returns every other fault, and that `about` is missing.
pub fn described<T, U>(result: Result<T, impl Into<Fault>>, about: &str, say: impl FnOnce(T) -> Option<U>) -> Result<Option<U>, Fault> {
    absent_is_none(result)?.map(|answer| say(answer).ok_or_else(|| Fault::silent(about))).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_said_is_not_gone() {
        let say =
            |answer: Result<Option<u8>, Class>| described(answer.map_err(|class| Fault::bare(class, String::new())), "a number", |it| it);
        assert_eq!(say(Ok(Some(1))), Ok(Some(1)));
        assert_eq!(say(Err(Class::NotFound)), Ok(None));
        assert_eq!(say(Ok(None)), Err(Fault::silent("a number")));
        assert_eq!(say(Err(Class::Denied)).map_err(|fault| fault.class), Err(Class::Denied));
    }
}
