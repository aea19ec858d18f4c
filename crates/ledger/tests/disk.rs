//! What the local ledger makes of damaged files and of a disk that fails.
