//! lowtide-plan
