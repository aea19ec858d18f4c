//! lowtide-service-elbv2
