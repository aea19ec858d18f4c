//! moto and the proxy together: all a test of the wire needs.

mod leftovers;

use std::collections::BTreeSet;

pub use leftovers::Leftover;

use crate::proxy::{Proxy, Rules};
use crate::simulator::{Identity, Options, Simulator};

/// A test world with nothing in it but what every AWS account has.
pub struct World {
    proxy: Proxy,
    simulator: Simulator,
    region: String,
    fresh: BTreeSet<Identity>,
}

impl World {
    /// Starts moto and the proxy, and takes a picture of what exists before anything is made.
    ///
    /// # Errors
    ///
    /// As [`Simulator::start`] and [`Proxy::start`].
    pub async fn start() -> anyhow::Result<Self> {
        Self::start_with(Options::default(), Rules::default()).await
    }

    /// The same, with a say in how.
    ///
    /// # Errors
    ///
    /// As [`World::start`].
    pub async fn start_with(options: Options, rules: Rules) -> anyhow::Result<Self> {
        let region = options.region.clone();
        let simulator = Simulator::start(options).await?;
        let proxy = Proxy::start(&simulator.endpoint(), rules).await?;
        let mut world = Self { proxy, simulator, region, fresh: BTreeSet::new() };
        world.remember().await?;
        Ok(world)
    }

    /// Takes the picture anew: what exists now is no longer a leftover.
    ///
    /// # Errors
    ///
    /// When moto does not answer.
    pub async fn remember(&mut self) -> anyhow::Result<()> {
        self.fresh = self.simulator.inventory().await?.into_iter().map(|held| held.identity).collect();
        Ok(())
    }

    /// Empties the world: resources, calls, faults, and what corrections remember.
    ///
    /// # Errors
    ///
    /// When moto does not answer.
    pub async fn reset(&mut self) -> anyhow::Result<()> {
        self.simulator.reset().await?;
        self.proxy.clear();
        self.proxy.clear_faults();
        self.proxy.forget();
        self.simulator.warm_up(&self.region).await?;
        self.remember().await
    }

    /// Where clients are pointed: the proxy.
    #[must_use]
    pub fn endpoint(&self) -> String {
        self.proxy.endpoint()
    }

    /// The region of the world.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The proxy, to look at calls and to make faults.
    #[must_use]
    pub fn proxy(&self) -> &Proxy {
        &self.proxy
    }

    /// moto itself, for a second client that nobody watches.
    #[must_use]
    pub fn simulator(&self) -> &Simulator {
        &self.simulator
    }

    /// What a child process needs in its environment to live in this world.
    ///
    /// Give it an otherwise cleared environment, or take `AWS_PROFILE` and `AWS_SESSION_TOKEN` out: neither can be
    /// overruled by a value.
    #[must_use]
    pub fn environment(&self) -> Vec<(String, String)> {
        let endpoint = self.endpoint();
        let variables = [
            ("AWS_ENDPOINT_URL", endpoint.as_str()),
            ("AWS_ACCESS_KEY_ID", "testing"),
            ("AWS_SECRET_ACCESS_KEY", "testing"),
            ("AWS_REGION", &self.region),
            ("AWS_DEFAULT_REGION", &self.region),
            ("AWS_CONFIG_FILE", "/dev/null"),
            ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
        ];
        variables.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
    }

    /// What exists that was not there at the start, but for what AWS itself keeps for a while.
    ///
    /// # Errors
    ///
    /// When moto does not answer.
    pub async fn leftovers(&self) -> anyhow::Result<Vec<Leftover>> {
        let now = self.simulator.inventory().await?;
        Ok(leftovers::leftovers(now, &self.fresh))
    }
}
