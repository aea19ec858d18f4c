//! lowtide-service-sts
