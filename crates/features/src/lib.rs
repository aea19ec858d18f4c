//! One set of features of every shared dependency; see `.config/hakari.toml`. There is no code here.
