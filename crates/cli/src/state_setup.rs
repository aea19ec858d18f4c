//! What state in S3 needs: made and verified by `lowtide init`.

use lowtide_diagnostic::Diagnostic;
use lowtide_engine::Connect;
use lowtide_ledger::setup::{Checked, Done, Needs, set_up as make};
use lowtide_spec::project::S3Backend;

use crate::{exit::Stopped, shell::Shell, workspace::Workspace};

/// Makes and verifies the bucket and the table, and says what was done about each thing.
///
/// # Errors
/// When AWS refuses something, or what is there can't be used.
pub async fn set_up(shell: &Shell, workspace: &Workspace<'_>, s3: &S3Backend) -> Result<(), Stopped> {
    let config = workspace.aws.for_state(&s3.region).await.map_err(|wrong| workspace.stopped(wrong))?;
    let who = workspace.aws.identity(&s3.region).await.map_err(|fault| {
        let detail = format!("AWS does not say who the credentials in use are. {fault}.");
        Diagnostic::error("No identity", detail).hint("log in (for example `aws sso login`), or set AWS_PROFILE")
    })?;
    let allowed = &workspace.engine.project.allowed_account_ids;
    if !allowed.is_empty() && !allowed.iter().any(|one| **one == *who.account) {
        let detail =
            format!("The credentials in use are for account {}, and lowtide.toml allows only {}.", who.account, allowed.join(", "));
        return Err(Diagnostic::error("Wrong account", detail).hint("use other credentials").into());
    }
    if let Some(owner) = s3.bucket_owner.as_deref().filter(|owner| *owner != who.account) {
        let detail =
            format!("`bucket_owner` says that the bucket is in account {owner}, and the credentials in use are for {}.", who.account);
        let wrong = Diagnostic::error("Wrong account", detail).at(s3.place.clone());
        return Err(workspace.stopped(wrong.hint("set it up with credentials of that account; plan and apply may be run with others")));
    }
    let needs = Needs {
        account: who.account,
        partition: who.partition,
        region: s3.region.to_string(),
        bucket: s3.bucket.to_string(),
        prefix: s3.prefix.as_deref().unwrap_or_default().to_owned(),
        table: s3.lock_table.as_deref().map(str::to_owned),
        kms_key_id: s3.kms_key_id.as_deref().map(str::to_owned),
    };
    let mut tell = |checked: Checked| shell.console.talk(&told(&checked));
    make(&config, &needs, &mut tell)
        .await
        .map_err(|fault| {
            let detail = format!("{}: {}.", capital(&fault.what), fault.why.trim_end_matches('.'));
            Diagnostic::error("State not set up", detail)
                .at(s3.place.clone())
                .hint("mend that, and run it again: what was done by then stays, and does no harm")
                .hint("what the credentials must be allowed to do stands in docs/policies/admin.json")
        })
        .map_err(|wrong| workspace.stopped(wrong))?;
    shell.console.talk("\nState can be kept there. To see what would be made: lowtide plan");
    Ok(())
}

fn told(checked: &Checked) -> String {
    match &checked.done {
        Done::Sound => format!("{}: as it should be", checked.what),
        Done::Set => format!("{}: done", checked.what),
        Done::Left(why) => format!("{}: left as it is: {why}", checked.what),
    }
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}", first.to_uppercase(), letters.as_str()))
}
