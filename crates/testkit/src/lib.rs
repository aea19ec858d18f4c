//! lowtide-testkit
