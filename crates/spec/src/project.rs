//! `lowtide.toml`: what a project consists of.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc, time::Duration};

use lowtide_diagnostic::{Diagnostic, Diagnostics, Place};
use lowtide_model::plain;

use crate::{
    configuration::{Fields, did_you_mean},
    timeouts::duration,
    written::{Entry, Form, Table, Written},
};

/// The name of the file, at the project's root.
pub const PROJECT_FILE: &str = "lowtide.toml";
const SHORTEST_LEASE: Duration = Duration::from_secs(2);
const LONGEST_LEASE: Duration = Duration::from_secs(600);

/// A project: its stacks, its environments, and where its state is kept. Paths are as written, from the project's root.
#[derive(Clone, Debug, PartialEq)]
pub struct Project {
    /// Its name.
    pub name: Arc<str>,
    /// The only accounts it may be applied to; empty when any will do.
    pub allowed_account_ids: Vec<Arc<str>>,
    /// Where state is kept.
    pub state: Backend,
    /// The stacks by name.
    pub stacks: BTreeMap<Arc<str>, StackEntry>,
    /// What state is encrypted with.
    pub encryption: Encryption,
    /// The environments by name.
    pub environments: BTreeMap<Arc<str>, EnvironmentEntry>,
}

/// Where state is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Backend {
    /// In a folder.
    Local {
        /// Which.
        path: PathBuf,
    },
    /// In an S3 bucket, with a DynamoDB table for lease and journal, or without one.
    S3(S3Backend),
}

/// What Lowtide encrypts state with, before it is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encryption {
    /// Nothing.
    #[default]
    None,
    /// Data keys of the KMS key that the backend names.
    Kms,
    /// A passphrase from the environment.
    Passphrase,
}

/// The `s3` backend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct S3Backend {
    /// The bucket.
    pub bucket: Arc<str>,
    /// The table that holds lease and journal; without one they are in the bucket too.
    pub lock_table: Option<Arc<str>>,
    /// Where both are.
    pub region: Arc<str>,
    /// What keys start with.
    pub prefix: Option<Arc<str>>,
    /// The account that the bucket must be in.
    pub bucket_owner: Option<Arc<str>>,
    /// The KMS key that S3 encrypts with, and Lowtide before it.
    pub kms_key_id: Option<Arc<str>>,
    /// How long a run may be silent before others stop believing in it.
    pub lease: Option<Duration>,
    /// Where it is declared.
    pub place: Place,
}

/// A stack as `lowtide.toml` lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StackEntry {
    /// Its spec: a file or a folder.
    pub spec: PathBuf,
    /// Where the path stands.
    pub place: Place,
}

/// An environment as `lowtide.toml` lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvironmentEntry {
    /// The file with values of variables, and where its path stands.
    pub variables: Option<(PathBuf, Place)>,
    /// Where it is declared.
    pub place: Place,
}

impl Project {
    /// Reads the tables of `lowtide.toml`.
    ///
    /// # Errors
    /// Returns every mistake in it.
    pub fn read(table: Table) -> Result<Self, Diagnostics> {
        let mut found = Diagnostics::default();
        let mut top = Fields::of_table("project file", table);
        let (name, allowed_account_ids) = project(top.value("project"), top.place(), &mut found);
        let state = top.value("state").and_then(|written| backend(written, &mut found));
        let stacks = named("stacks", top.value("stacks"), &mut found, stack);
        let environments = named("environments", top.value("environments"), &mut found, environment);
        if stacks.is_empty() && !found.has_errors() {
            let wrong = Diagnostic::error("No stacks", "The project lists no stack, so there is nothing to plan.").at(top.place());
            found.push(wrong.hint("add [stacks.base] with spec = \"specs/base.toml\""));
        }
        top.finish(&mut found);
        let local = || (Backend::Local { path: PathBuf::from("state") }, Encryption::None);
        let (state, encryption) = state.unwrap_or_else(local);
        let read = Self { name, allowed_account_ids, state, stacks, encryption, environments };
        found.or(read).map(|(read, _)| read)
    }
}

fn project(written: Option<Written>, top: Place, found: &mut Diagnostics) -> (Arc<str>, Vec<Arc<str>>) {
    let Some(written) = written else {
        let wrong = Diagnostic::error("Missing table", "lowtide.toml needs a [project] table with the project's name.").at(top);
        found.push(wrong.hint("add [project] with name = \"…\""));
        return ("".into(), Vec::new());
    };
    let Some(mut fields) = Fields::of("table `project`", written, found) else { return ("".into(), Vec::new()) };
    let name = fields.required_text("name", "\"my-project\"", found);
    if let Some((name, place)) = &name
        && !plain(name)
    {
        let wrong = Diagnostic::error("Invalid name", format!("{name:?} can't name a project.")).at(place.clone());
        found.push(wrong.hint("a name starts with a letter or _ and goes on with letters, digits, _ and -"));
    }
    let accounts = fields.texts("allowed_account_ids", found).unwrap_or_default();
    let accounts = accounts.into_iter().map(|(text, place)| account(text, place, found)).collect();
    fields.finish(found);
    (name.map_or_else(|| "".into(), |(name, _)| name), accounts)
}

fn backend(written: Written, found: &mut Diagnostics) -> Option<(Backend, Encryption)> {
    let mut fields = Fields::of("table `state`", written, found)?;
    let place = fields.place();
    let kind = fields.text("backend", found);
    let backend = match kind.as_ref().map_or("local", |(kind, _)| kind) {
        "local" => {
            let path = fields.text("path", found).map_or_else(|| PathBuf::from("state"), |(path, _)| PathBuf::from(&*path));
            Some(Backend::Local { path })
        }
        "s3" => s3(&mut fields, place, found).map(Backend::S3),
        other => {
            let place = kind.as_ref().map(|(_, place)| place.clone());
            let wrong = Diagnostic::error("Unknown backend", format!("State can't be kept in `{other}`.")).at(place);
            found.push(did_you_mean(wrong, other, ["local", "s3"], || "write \"local\" or \"s3\"".to_owned()));
            return None;
        }
    };
    let encryption = backend.as_ref().map(|backend| encryption(&mut fields, backend, found)).unwrap_or_default();
    fields.finish(found);
    Some((backend?, encryption))
}

/// Reads what state is encrypted with: whoever names a key means it.
fn encryption(fields: &mut Fields, backend: &Backend, found: &mut Diagnostics) -> Encryption {
    let has_key = matches!(backend, Backend::S3(s3) if s3.kms_key_id.is_some());
    let Some((text, place)) = fields.text("encryption", found) else {
        return if has_key { Encryption::Kms } else { Encryption::None };
    };
    match &*text {
        "none" => Encryption::None,
        "passphrase" => Encryption::Passphrase,
        "kms" if has_key => Encryption::Kms,
        "kms" => {
            let detail = "`encryption = \"kms\"` needs the key that it encrypts with.";
            let wrong = Diagnostic::error("Missing key", detail).at(place);
            found.push(wrong.hint("name it: kms_key_id = \"arn:aws:kms:…\", in backend \"s3\"; or write \"passphrase\""));
            Encryption::None
        }
        other => {
            let wrong = Diagnostic::error("Unknown encryption", format!("State can't be encrypted with `{other}`.")).at(place);
            let known = ["kms", "none", "passphrase"];
            found.push(did_you_mean(wrong, other, known, || "write \"kms\", \"passphrase\" or \"none\"".to_owned()));
            Encryption::None
        }
    }
}

fn s3(fields: &mut Fields, place: Place, found: &mut Diagnostics) -> Option<S3Backend> {
    let bucket = fields.required_text("bucket", "\"…\"", found);
    let lock_table = fields.text("lock_table", found).map(|(text, _)| text);
    let region = fields.required_text("region", "\"us-west-2\"", found);
    let prefix = fields.text("prefix", found).map(|(text, _)| text);
    let bucket_owner = fields.text("bucket_owner", found).map(|(text, place)| account(text, place, found));
    let kms_key_id = fields.text("kms_key_id", found).map(|(text, _)| text);
    let lease = fields.text("lease", found).and_then(|(text, place)| lease(&text, place, found));
    let (bucket, at) = bucket?;
    if !is_bucket(&bucket) {
        let wrong = Diagnostic::error("Invalid value", format!("`{bucket}` can't be the name of an S3 bucket.")).at(at);
        found.push(
            wrong.hint("a bucket's name has 3 to 63 small letters, digits, dots and hyphens, and begins and ends with a letter or digit"),
        );
    }
    Some(S3Backend { bucket, lock_table, region: region?.0, prefix, bucket_owner, kms_key_id, lease, place })
}

/// Complains about what is no account.
fn account(text: Arc<str>, place: Place, found: &mut Diagnostics) -> Arc<str> {
    if text.len() != 12 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        let detail = format!("`{text}` is no AWS account: an account has twelve digits.");
        found.push(Diagnostic::error("Invalid value", detail).at(place));
    }
    text
}

/// Reads how long a lease lasts. Much less than a second's beat is lost in the answers of AWS; a very long one only makes others wait.
fn lease(text: &str, place: Place, found: &mut Diagnostics) -> Option<Duration> {
    let lease = duration(text).filter(|lease| (SHORTEST_LEASE..=LONGEST_LEASE).contains(lease));
    if lease.is_none() {
        let detail = "`lease` must say how long a run may be silent before others take over, from \"2s\" to \"10m\".";
        found.push(Diagnostic::error("Invalid duration", detail).at(place).hint("leave it out for \"30s\""));
    }
    lease
}

/// Amazon S3 User Guide, "General purpose bucket naming rules".
fn is_bucket(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = name.as_bytes();
    (3..=63).contains(&bytes.len())
        && bytes.iter().all(|byte| plain(*byte) || matches!(byte, b'.' | b'-'))
        && [bytes.first(), bytes.last()].into_iter().flatten().all(|byte| plain(*byte))
}

fn stack(name: &str, fields: &mut Fields, found: &mut Diagnostics) -> Option<StackEntry> {
    let (spec, place) = fields.required_text("spec", &format!("\"specs/{name}.toml\""), found)?;
    Some(StackEntry { spec: beneath(&spec, &place, found)?, place })
}

fn environment(_name: &str, fields: &mut Fields, found: &mut Diagnostics) -> Option<EnvironmentEntry> {
    let variables = fields.text("variables", found).and_then(|(path, place)| Some((beneath(&path, &place, found)?, place)));
    Some(EnvironmentEntry { variables, place: fields.place() })
}

/// Reads tables whose names the user chose.
fn named<T>(
    word: &'static str,
    written: Option<Written>,
    found: &mut Diagnostics,
    read: impl Fn(&str, &mut Fields, &mut Diagnostics) -> Option<T>,
) -> BTreeMap<Arc<str>, T> {
    let mut all = BTreeMap::new();
    let Some(written) = written else { return all };
    let Form::Table(table) = written.form else {
        let wrong = Diagnostic::error("Wrong type", format!("`{word}` must be a table, this is {}.", written.sort()));
        found.push(wrong.at(written.place).hint(format!("write [{word}.NAME] on a line of its own")));
        return all;
    };
    for Entry { name, place, value } in table.entries {
        if !plain(&name) {
            let wrong = Diagnostic::error("Invalid name", format!("{name:?} can't be a name in `{word}`.")).at(place);
            found.push(wrong.hint("a name starts with a letter or _ and goes on with letters, digits, _ and -"));
            continue;
        }
        let Some(mut fields) = Fields::of(format!("table `{word}.{name}`"), value, found) else { continue };
        let entry = read(&name, &mut fields, found);
        fields.finish(found);
        all.extend(entry.map(|entry| (name, entry)));
    }
    all
}

/// Returns a path that stays beneath the project's root.
fn beneath(path: &str, place: &Place, found: &mut Diagnostics) -> Option<PathBuf> {
    use std::path::Component;
    let inner = PathBuf::from(path);
    let downward = inner.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if path.is_empty() || !downward {
        let detail = format!("{path:?} leads out of the project's folder; what belongs to a project lies beneath it.");
        found.push(
            Diagnostic::error("Invalid path", detail).at(place.clone()).hint("give a path from the folder of lowtide.toml, without `..`"),
        );
        return None;
    }
    Some(inner)
}
