//! lowtide-spec
