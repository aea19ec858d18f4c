//! lowtide-diagnostic
