//! lowtide-service-builtin
