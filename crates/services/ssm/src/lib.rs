//! lowtide-service-ssm
