//! Every environment variable that Lowtide reads.
//!
//! | variable | what it does |
//! |---|---|
//! | `LOWTIDE_VAR_<name>` | gives the variable `<name>` a value; weaker than files and `--var` |
//! | `LOWTIDE_STATE_PASSPHRASE` | encrypts state, where `[state]` says `encryption = "passphrase"` |
//! | `LOWTIDE_SETTLE_WINDOW` | how long what was asked for without an answer may still appear, `5m` if not said; shorter ones are for simulators |
//! | `LOWTIDE_LONGEST_PAUSE` | the longest pause between two looks at something that settles, `10s` if not said |
//! | `NO_COLOR`, `CLICOLOR`, `CLICOLOR_FORCE`, `TERM` | whether colours are printed (read by `anstream`) |
//! | `XDG_CACHE_HOME`, `HOME` | where this machine keeps what it saw last of shared states and what it could not write there (`$HOME/.cache/lowtide`) |
//! | `USER`, `LOGNAME` | who we are to others who wait for a state that we hold |
//! | `AWS_REGION`, `AWS_DEFAULT_REGION` | the region of stacks that name none |
//! | `AWS_PROFILE`, `AWS_CONFIG_FILE`, `AWS_SHARED_CREDENTIALS_FILE`, `AWS_ROLE_ARN`, … | credentials, as the AWS SDK reads them |
//! | `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN` | static credentials; the only ones that go to another endpoint |
//! | `AWS_ENDPOINT_URL`, `AWS_ENDPOINT_URL_<SERVICE>` | another endpoint: of this machine, or with `--allow-endpoint-override` |
//! | `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` | `true`: the variables above and those of profiles count for nothing |
//! | `HTTPS_PROXY`, `NO_PROXY`, … | the way out, unless another endpoint is named |

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use lowtide_apply::Settings;
use lowtide_diagnostic::{Diagnostic, Diagnostics};
use lowtide_spec::{Given, Origin, VariableInput, timeouts, variables::ENVIRONMENT_PREFIX};

/// The passphrase that state is encrypted with.
pub const STATE_PASSPHRASE: &str = "LOWTIDE_STATE_PASSPHRASE";
/// How long what was asked for without an answer may still appear.
const SETTLE_WINDOW: &str = "LOWTIDE_SETTLE_WINDOW";
/// The longest pause between two looks at something that settles.
const LONGEST_PAUSE: &str = "LOWTIDE_LONGEST_PAUSE";
/// The region of stacks that name none.
pub const AWS_REGION: &str = "AWS_REGION";
/// The same, by its older name.
pub const AWS_DEFAULT_REGION: &str = "AWS_DEFAULT_REGION";
/// Names static credentials.
pub const AWS_ACCESS_KEY_ID: &str = "AWS_ACCESS_KEY_ID";
/// Their secret part.
pub const AWS_SECRET_ACCESS_KEY: &str = "AWS_SECRET_ACCESS_KEY";
/// Their third part, where they are temporary.
pub const AWS_SESSION_TOKEN: &str = "AWS_SESSION_TOKEN";
/// Which profile of `~/.aws/config` counts.
pub const AWS_PROFILE: &str = "AWS_PROFILE";
/// Another endpoint for all services; with `_` and a service's name behind it, for that service.
pub const AWS_ENDPOINT_URL: &str = "AWS_ENDPOINT_URL";
/// Who we are.
const USER: [&str; 2] = ["USER", "LOGNAME"];

/// The environment as it was when we were started.
#[derive(Clone, Default)]
pub struct Environment {
    values: BTreeMap<String, String>,
    /// Names of variables whose values are no text.
    unreadable: Vec<String>,
}

impl Environment {
    /// Returns the environment of this process.
    pub fn of_process() -> Self {
        let mut environment = Self::default();
        for (name, value) in std::env::vars_os() {
            let Ok(name) = name.into_string() else { continue };
            match value.into_string() {
                Ok(value) => drop(environment.values.insert(name, value)),
                Err(_) => environment.unreadable.push(name),
            }
        }
        environment
    }

    /// Returns an environment of these variables alone.
    #[cfg(test)]
    pub fn of(values: &[(&str, &str)]) -> Self {
        let values = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self { values, unreadable: Vec::new() }
    }

    /// Returns the value of a variable; an empty one is none.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Returns the region that it names.
    pub fn region(&self) -> Option<&str> {
        self.get(AWS_REGION).or_else(|| self.get(AWS_DEFAULT_REGION))
    }

    /// Returns the folder for what may be forgotten; none where there is no home. A path that is not absolute counts for nothing (XDG
    /// Base Directory Specification).
    pub fn cache(&self) -> Option<PathBuf> {
        let folder = |name: &str| self.get(name).map(PathBuf::from).filter(|path| path.is_absolute());
        folder("XDG_CACHE_HOME").or_else(|| Some(folder("HOME").filter(|home| home.is_dir())?.join(".cache")))
    }

    /// Returns who we are.
    pub fn user(&self) -> Option<&str> {
        USER.iter().find_map(|name| self.get(name))
    }

    /// Returns how an apply goes about it.
    ///
    /// # Errors
    /// When a variable does not say how long something is.
    pub fn settings(&self) -> Result<Settings, Diagnostics> {
        let mut wrong = Diagnostics::default();
        let usual = Settings::default();
        let settings = Settings {
            settle_window: self.duration(SETTLE_WINDOW, usual.settle_window, &mut wrong),
            longest_pause: self.duration(LONGEST_PAUSE, usual.longest_pause, &mut wrong),
            ..usual
        };
        wrong.or(settings).map(|(settings, _)| settings)
    }

    fn duration(&self, name: &str, usual: Duration, wrong: &mut Diagnostics) -> Duration {
        let Some(text) = self.get(name) else { return usual };
        timeouts::duration(text).unwrap_or_else(|| {
            let detail = format!("The environment variable {name} does not say how long: `{text}`.");
            wrong.push(Diagnostic::error("Invalid duration", detail).hint("write for example 5m, 90s or 1h30m; or leave it out"));
            usual
        })
    }

    /// Returns the values of variables that it gives.
    ///
    /// # Errors
    /// When one of them is no text.
    pub fn variables(&self) -> Result<Vec<VariableInput>, Diagnostics> {
        let unreadable = self.unreadable.iter().filter(|name| name.starts_with(ENVIRONMENT_PREFIX));
        let wrong: Diagnostics = unreadable
            .map(|name| Diagnostic::error("Invalid value", format!("The environment variable {name} does not hold UTF-8 text.")))
            .collect();
        let given = self.values.iter().filter_map(|(name, value)| {
            let name = name.strip_prefix(ENVIRONMENT_PREFIX).filter(|name| !name.is_empty())?;
            Some(VariableInput { name: name.to_owned(), value: Given::Text(value.clone()), from: Origin::Environment })
        });
        wrong.or(given.collect()).map(|(given, _)| given)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_those_with_our_prefix() {
        let environment = Environment::of(&[("LOWTIDE_VAR_size", "3"), ("LOWTIDE_VAR_", "x"), ("SIZE", "4")]);
        let given = environment.variables().expect("all are text");
        assert_eq!(given, [VariableInput { name: "size".into(), value: Given::Text("3".into()), from: Origin::Environment }]);
    }

    #[test]
    fn what_does_not_say_how_long_is_refused_by_name() {
        let short = Environment::of(&[("LOWTIDE_SETTLE_WINDOW", "2s")]).settings().expect("a duration");
        assert_eq!((short.settle_window, short.longest_pause), (Duration::from_secs(2), Settings::default().longest_pause));
        let wrong = Environment::of(&[("LOWTIDE_SETTLE_WINDOW", "soon")]).settings().expect_err("no duration");
        assert!(wrong.to_string().contains("LOWTIDE_SETTLE_WINDOW") && wrong.to_string().contains("soon"), "{wrong}");
    }

    #[test]
    fn an_empty_region_is_none() {
        assert_eq!(Environment::of(&[(AWS_REGION, ""), (AWS_DEFAULT_REGION, "eu-west-1")]).region(), Some("eu-west-1"));
    }
}
