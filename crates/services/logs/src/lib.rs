//! lowtide-service-logs
