//! lowtide-tests
