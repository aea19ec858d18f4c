//! lowtide-graph
