//! lowtide-service-iam
