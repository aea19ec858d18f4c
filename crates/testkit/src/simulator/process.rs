//! Starts moto on a free port, waits until it answers, and ends it.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use anyhow::{Context, bail, ensure};
use bytes::Bytes;
use http::Request;
use tempfile::TempDir;

use super::virtual_environment::{self, Progress};
use crate::wire;

/// The program inside the virtual environment; see there for what it adds to `moto_server`.
const LAUNCHER: &str = include_str!("launcher.py");

/// What moto is told. Without the validation flags it accepts AMIs, instance types and keys that do not exist; without
/// the managed policies nothing can be attached; a certificate would wait a minute for its validation.
const ENVIRONMENT: [(&str, &str); 11] = [
    ("MOTO_IAM_LOAD_MANAGED_POLICIES", "true"),
    ("MOTO_ENABLE_AMI_VALIDATION", "true"),
    ("MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION", "true"),
    ("MOTO_ENABLE_KEYPAIR_VALIDATION", "true"),
    ("MOTO_ACM_VALIDATION_WAIT", "2"),
    ("AWS_ACCESS_KEY_ID", "testing"),
    ("AWS_SECRET_ACCESS_KEY", "testing"),
    ("AWS_DEFAULT_REGION", "us-west-2"),
    ("AWS_CONFIG_FILE", "/dev/null"),
    ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"),
    ("AWS_EC2_METADATA_DISABLED", "true"),
];

/// How to start moto.
#[derive(Clone)]
pub struct Options {
    /// Where the virtual environment is; `None`: `LOWTIDE_MOTO_VENV`, else `$HOME/.cache/lowtide/moto-<version>`.
    pub folder: Option<PathBuf>,
    /// Region whose EC2 backend is warmed up, since the first EC2 call costs seconds.
    pub region: String,
    /// Is told what is going on while moto is being installed.
    pub progress: Arc<Progress>,
}

impl Default for Options {
    fn default() -> Self {
        Self { folder: None, region: "us-west-2".to_owned(), progress: Arc::new(tell_on_stderr) }
    }
}

fn tell_on_stderr(line: &str) {
    // If stderr is closed there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// A running moto. Dropping it ends the process; so does the end of this program, however it comes.
pub struct Simulator {
    process: Child,
    authority: String,
    folder: TempDir,
}

impl Simulator {
    /// Installs moto if need be, starts it on a free loopback port and waits until it has answered an EC2 call.
    ///
    /// # Errors
    ///
    /// When it can't be installed or does not start; the message names the log file, which is then kept.
    pub async fn start(options: Options) -> anyhow::Result<Self> {
        let region = options.region.clone();
        let mut simulator = tokio::task::spawn_blocking(move || Self::spawn(&options)).await??;
        match simulator.warm_up(&region).await {
            Ok(()) => Ok(simulator),
            Err(error) => {
                simulator.folder.disable_cleanup(true);
                Err(error.context(simulator.where_the_log_is()))
            }
        }
    }

    fn spawn(options: &Options) -> anyhow::Result<Self> {
        let python = virtual_environment::python(options.folder.clone(), &*options.progress)?;
        let mut folder = tempfile::Builder::new().prefix("lowtide-moto-").tempdir()?;
        let launcher = folder.path().join("launcher.py");
        std::fs::write(&launcher, LAUNCHER)?;
        let mut process = Command::new(python)
            .arg(&launcher)
            .envs(ENVIRONMENT)
            .env_remove("AWS_PROFILE")
            .env_remove("AWS_ENDPOINT_URL")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(File::create(log_in(folder.path()))?)
            .spawn()?;
        let Some(port) = first_line(&mut process) else {
            let status = end(&mut process);
            folder.disable_cleanup(true);
            bail!("moto ended before it listened ({status}). Its log is {}", log_in(folder.path()).display());
        };
        Ok(Self { process, authority: format!("127.0.0.1:{port}"), folder })
    }

    pub(crate) async fn warm_up(&self, region: &str) -> anyhow::Result<()> {
        let fields = [("Action", "DescribeVpcs"), ("Version", "2016-11-15")];
        let answer = wire::query(&self.authority, "ec2", region, &fields).await?;
        ensure!(answer.status().is_success(), "moto answered {} to DescribeVpcs", answer.status());
        Ok(())
    }

    /// Forgets everything that was made, in all accounts and regions.
    ///
    /// # Errors
    ///
    /// When moto does not answer; the message names the log file.
    pub async fn reset(&self) -> anyhow::Result<()> {
        let request = Request::post("/moto-api/reset").body(Bytes::new())?;
        let answer = wire::send(&self.authority, request).await.with_context(|| self.where_the_log_is())?;
        ensure!(answer.status().is_success(), "moto answered {} to a reset. {}", answer.status(), self.where_the_log_is());
        Ok(())
    }

    /// `http://127.0.0.1:<port>`.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.authority)
    }

    /// `127.0.0.1:<port>`.
    #[must_use]
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// The file moto writes to: one line a request, and a traceback for every answer it failed at.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        log_in(self.folder.path())
    }

    /// The number of the moto process.
    #[must_use]
    pub fn process_id(&self) -> u32 {
        self.process.id()
    }

    pub(super) fn where_the_log_is(&self) -> String {
        format!("The log of moto is {}", self.log().display())
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        end(&mut self.process);
    }
}

fn log_in(folder: &Path) -> PathBuf {
    folder.join("moto.log")
}

/// The port, which the launcher writes as soon as it listens; `None` when it ended instead.
fn first_line(process: &mut Child) -> Option<u16> {
    let mut line = String::new();
    BufReader::new(process.stdout.as_mut()?).read_line(&mut line).ok()?;
    line.trim().parse().ok()
}

/// Ends the process and waits for it, so that nothing of it is left when this returns.
fn end(process: &mut Child) -> String {
    // Both fail only when it has already ended, which is what is wanted.
    let _ = process.kill();
    process.wait().map_or_else(|error| error.to_string(), |status| status.to_string())
}
