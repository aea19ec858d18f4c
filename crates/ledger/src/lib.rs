//! lowtide-ledger
