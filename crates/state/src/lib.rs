//! lowtide-state
