//! lowtide-report
