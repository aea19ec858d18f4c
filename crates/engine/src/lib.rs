//! lowtide-engine
