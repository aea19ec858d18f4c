//! lowtide-model
