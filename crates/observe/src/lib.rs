//! lowtide-observe
