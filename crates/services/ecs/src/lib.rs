//! lowtide-service-ecs
