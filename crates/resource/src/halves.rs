//! Asking for many at once where one that is gone spoils the answer.

use std::future::Future;

use crate::{Class, Fault};

/// Asks for these, in halves wherever AWS says that one does not exist, and returns what there is.
///
/// # Errors
/// Returns any other fault of a call.
pub async fn in_halves<T, F>(these: Vec<String>, ask: impl Fn(Vec<String>) -> F) -> Result<Vec<T>, Fault>
where
    F: Future<Output = Result<Vec<T>, Fault>>,
{
    let (mut open, mut all) = (vec![these], Vec::new());
    while let Some(mut these) = open.pop().filter(|these| !these.is_empty()) {
        match ask(these.clone()).await {
            Ok(found) => all.extend(found),
            Err(fault) if fault.class == Class::NotFound => {
                if these.len() > 1 {
                    let rest = these.split_off(these.len() / 2);
                    open.extend([these, rest]);
                }
            }
            Err(fault) => return Err(fault),
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_that_is_gone_does_not_hide_the_others() {
        let ask = |these: Vec<String>| async move {
            if these.iter().any(|one| one == "gone") { Err(Fault::not_found("such thing")) } else { Ok(these) }
        };
        let these = ["a", "gone", "b", "c", "gone"].map(str::to_owned).to_vec();
        let mut all = in_halves(these, ask).await.expect("the others are there");
        all.sort();
        assert_eq!(all, ["a", "b", "c"]);
    }
}
