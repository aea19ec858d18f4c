//! lowtide-resource
