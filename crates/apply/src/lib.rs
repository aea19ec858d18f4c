//! lowtide-apply
