//! lowtide-service-tagging
