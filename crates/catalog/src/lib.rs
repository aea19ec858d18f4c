//! lowtide-catalog
